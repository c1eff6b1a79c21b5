//! `hzgchart nfs`: what the file server and the workers need before an installation.

use std::io::Write;

use super::{gather, inputs, print};
use crate::cli::{MountArgs, NfsArgs, NfsRole};
use crate::error::{Error, Problem};
use crate::ground::nfs::{self, Export};
use crate::ground::shares;

pub(super) fn run(args: &NfsArgs, out: &mut dyn Write) -> Result<(), Error> {
    let mut problems = Vec::new();
    let export = mount(&args.mount, &mut problems);
    if args.role == NfsRole::Worker && !(args.server.is_none() && args.mount.clients.is_empty()) {
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
    let (directories, mount) = shares::mounted(directories, storage, export)?;
    let script = match args.role {
        NfsRole::Worker => {
            nfs::worker(mount.as_ref().map(|export| (export, storage.root.as_str())))
        }
        NfsRole::Server => {
            let directories = shares::of_server(directories, args.server.as_deref())?;
            let server = directories.first().map_or("", |directory| directory.server.as_str());
            nfs::server(server, &directories, &args.mount.clients)
        }
    };
    print(out, &script)
}

/// What is mounted on every node, as far as the arguments say it; what is wrong with them joins the other problems.
pub(super) fn mount(args: &MountArgs, problems: &mut Vec<Problem>) -> Option<Export> {
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
    export
}
