//! `hzgchart nfs`: what the file server and the workers need before an installation.

use std::io::Write;

use super::{gather, inputs, print};
use crate::cli::{NfsArgs, NfsRole};
use crate::error::{Error, Problem};
use crate::ground::nfs::{self, Export};
use crate::ground::shares::{self, Directory};
use crate::values::storage::{Storage, StorageType};

pub(super) fn run(args: &NfsArgs, out: &mut dyn Write) -> Result<(), Error> {
    let mut problems = Vec::new();
    for clients in args.clients.iter().filter(|clients| !nfs::are_clients(clients)) {
        let message =
            format!("expected a network, an address or a host, found `{}`", clients.escape_debug());
        problems.push(
            Problem::new(message)
                .path("--clients")
                .help("write `10.0.0.0/24`, `*.example.com` or `*`"),
        );
    }
    let export = args.export.as_deref().and_then(Export::parse);
    if let (Some(text), None) = (&args.export, &export) {
        let message = format!("expected a server and a path, found `{}`", text.escape_debug());
        problems.push(
            Problem::new(message).path("--export").help("write `198.19.249.12:/fgc-k8s-lbroot`"),
        );
    }
    if args.role == NfsRole::Worker && !(args.server.is_none() && args.clients.is_empty()) {
        let problem = Problem::new(
            "`--server` and `--clients` are for the file server: all workers are alike",
        );
        problems.push(problem.help("leave them out"));
    }
    let loaded = gather(inputs::values(&args.values), &mut problems)?;
    let Some(loaded) = loaded.filter(|_| problems.is_empty()) else {
        return Err(Error::Invalid(problems));
    };

    let storage = &loaded.values.storage;
    let directories = shares::directories(&loaded.values)?;
    let (directories, mount) = mounted(directories, storage, export)?;
    let script = match args.role {
        NfsRole::Worker => {
            nfs::worker(mount.as_ref().map(|export| (export, storage.root.as_str())))
        }
        NfsRole::Server => {
            let directories = shares::of_server(directories, args.server.as_deref())?;
            let server = directories.first().map_or("", |directory| directory.server.as_str());
            match args.clients.as_slice() {
                [] => nfs::server(server, &directories, &["*".to_owned()]),
                clients => nfs::server(server, &directories, clients),
            }
        }
    };
    print(out, &script)
}

/// The directories where the file server has them, and the export that is mounted on every node if the pods go by a mount.
fn mounted(
    mut directories: Vec<Directory>,
    storage: &Storage,
    export: Option<Export>,
) -> Result<(Vec<Directory>, Option<Export>), Problem> {
    match (storage.kind, export) {
        (StorageType::HostPath, Some(export)) => {
            for directory in &mut directories {
                if directory.root != storage.root {
                    let message = format!(
                        "`{}` is not below `storage.root`",
                        directory.path().escape_debug()
                    );
                    return Err(Problem::new(message)
                        .help("one export is mounted at `storage.root`; mount others by hand"));
                }
                directory.server.clone_from(&export.server);
                directory.root.clone_from(&export.path);
            }
            Ok((directories, Some(export)))
        }
        (StorageType::HostPath, None) => Err(Problem::new(
            "`storage.type` is hostPath: the values do not say what is mounted at `storage.root`",
        )
        .help("name it: `--export 198.19.249.12:/fgc-k8s-lbroot`")),
        (_, Some(_)) => Err(Problem::new("the values name the file server themselves")
            .path("--export")
            .help("leave it out: it is for `storage.type` hostPath")),
        (_, None) => Ok((directories, None)),
    }
}
