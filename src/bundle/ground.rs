//! The scripts of a bundle for the file server and the nodes, when the volumes are on NFS.

use super::volumes::{Place, Volume};
use crate::error::Problem;
use crate::ground::nfs::{self, Export};
use crate::ground::shares::{self, Directory};
use crate::values::Values;

/// What is prepared under the volumes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The file servers, each with its directories.
    pub servers: Vec<(String, Vec<Directory>)>,
    /// What every node mounts, and where, when the pods go by a mount.
    pub mount: Option<(Export, String)>,
    /// Who may mount; everyone when there are none.
    pub clients: Vec<String>,
}

impl Ground {
    /// What the volumes of a release need. None if there is nothing to prepare that the values and `export` tell of.
    ///
    /// # Errors
    /// That `export` or `clients` are given and there is no NFS.
    pub fn of(
        values: &Values,
        volumes: &[Volume],
        export: Option<Export>,
        clients: &[String],
    ) -> Result<Option<Self>, Problem> {
        let is_nfs = volumes.iter().any(|volume| matches!(volume.place, Place::Nfs { .. }));
        if !is_nfs && export.is_none() && clients.is_empty() {
            return Ok(None);
        }
        let storage = &values.storage;
        let directories = shares::directories(values)?;
        let (directories, mount) = shares::mounted(directories, storage, export)?;
        let mut servers: Vec<(String, Vec<Directory>)> = Vec::new();
        for directory in directories {
            match servers.iter_mut().find(|(server, _)| *server == directory.server) {
                Some((_, directories)) => directories.push(directory),
                None => servers.push((directory.server.clone(), vec![directory])),
            }
        }
        let mount = mount.map(|export| (export, storage.root.clone()));
        Ok(Some(Self { servers, mount, clients: clients.to_vec() }))
    }

    /// The path in the bundle of each server's script: the servers in their order.
    pub(super) fn server_scripts(&self) -> impl Iterator<Item = (String, &str)> {
        let several = self.servers.len() > 1;
        self.servers.iter().enumerate().map(move |(index, (server, _))| {
            let number = if several { format!("-{}", index + 1) } else { String::new() };
            (format!("nfs/server{number}.sh"), server.as_str())
        })
    }

    /// All scripts, by path.
    pub(super) fn scripts(&self) -> Vec<(String, String)> {
        let servers = self
            .server_scripts()
            .zip(&self.servers)
            .map(|((path, server), (_, own))| (path, nfs::server(server, own, &self.clients)));
        let mount = self.mount.as_ref().map(|(export, root)| (export, root.as_str()));
        servers.chain([("nfs/worker.sh".to_owned(), nfs::worker(mount))]).collect()
    }
}
