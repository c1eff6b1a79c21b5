//! The directories that a file server must hold for a configuration: the five shares, and what redis and InfluxDB keep on NFS.

use super::nfs::Export;
use crate::error::Problem;
use crate::suggest::nearest;
use crate::values::Values;
use crate::values::maps::YamlMap;
use crate::values::persistence::Persistence;
use crate::values::storage::{Share, Storage, StorageType};

/// A directory on a file server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// The server's name or address; empty when it is a mount on the nodes (`storage.type` hostPath).
    pub server: String,
    /// The export that it lies in, or the mount.
    pub root: String,
    /// Its path below that.
    pub name: String,
    /// User and group that its files belong to; none when everyone writes to it.
    pub owner: Option<(u64, u64)>,
}

impl Directory {
    /// The whole path.
    pub fn path(&self) -> String {
        format!("{}/{}", self.root.trim_end_matches('/'), self.name)
    }
}

/// The directories that the values want on a file server, in the order of the values.
///
/// # Errors
/// That there is no file server to prepare, or none named.
pub fn directories(values: &Values) -> Result<Vec<Directory>, Problem> {
    let storage = &values.storage;
    let why = match storage.kind {
        StorageType::Nfs => "",
        StorageType::HostPath if storage.shared_mount => "",
        StorageType::HostPath => {
            "is hostPath: each node's own disk, where the kubelet makes the directories"
        }
        StorageType::StorageClass => "is storageClass: the class makes the volumes",
        StorageType::ExistingClaims => "is existingClaims: the volumes are there",
    };
    if !why.is_empty() {
        return Err(Problem::new(why).path("storage.type").help(
            "there is nothing to prepare; `nfs` is for `storage.type` nfs, and for hostPath with `storage.sharedMount`",
        ));
    }
    let found = made(values);
    if found.is_empty() {
        return Err(Problem::new("all volumes are claims of yours")
            .path("storage")
            .help("there is nothing to prepare"));
    }
    if found.iter().any(|directory| directory.server.is_empty()) && storage.kind == StorageType::Nfs
    {
        return Err(Problem::new("is empty: the file server's name or address is needed")
            .path("storage.server")
            .help("add it to the values, or `--set storage.server=ADDRESS`"));
    }
    Ok(found)
}

/// The directories that volumes are made for, with `storage.type` nfs or hostPath.
pub fn made(values: &Values) -> Vec<Directory> {
    let storage = &values.storage;
    let shares = &storage.shares;
    let mut found = Vec::new();
    for share in [&shares.attach, &shares.logs, &shares.restore, &shares.sites, &shares.sites_bin] {
        let Share { directory, server, root, existing_claim, .. } = share;
        if existing_claim.is_empty() {
            found.push((server, root, directory, None));
        }
    }
    let stores = [
        (values.redis.enabled, &values.redis.persistence, &values.redis.pod.pod_security_context),
        (
            values.influx.enabled,
            &values.influx.persistence,
            &values.influx.pod.pod_security_context,
        ),
    ];
    for (enabled, persistence, context) in stores {
        let Persistence { directory, server, root, existing_claim, storage_class_name, .. } =
            persistence;
        if enabled
            && persistence.enabled
            && existing_claim.is_empty()
            && storage_class_name.is_empty()
        {
            found.push((server, root, directory, owner(context)));
        }
    }
    let or = |own: &String, all: &String| if own.is_empty() { all.clone() } else { own.clone() };
    let directory = |(server, root, name, owner): (&String, &String, &String, _)| Directory {
        server: match storage.kind {
            StorageType::Nfs => or(server, &storage.server),
            _ => String::new(),
        },
        root: or(root, &storage.root),
        name: name.clone(),
        owner,
    };
    found.into_iter().map(directory).collect()
}

/// The directories where the file server has them, and the export that is mounted on every node if the pods go by a mount.
///
/// # Errors
/// That the export is missing, or is one too many; that a directory lies elsewhere.
pub fn mounted(
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

/// The directories of one server: of the only one, or of the one that was asked for.
///
/// # Errors
/// That there are several, or none of that name.
pub fn of_server(
    directories: Vec<Directory>,
    wanted: Option<&str>,
) -> Result<Vec<Directory>, Problem> {
    let mut servers: Vec<String> =
        directories.iter().map(|directory| directory.server.clone()).collect();
    servers.sort();
    servers.dedup();
    let all = servers.iter().map(|server| format!("`{server}`")).collect::<Vec<_>>().join(", ");
    let server = match (wanted, servers.as_slice()) {
        (Some(wanted), servers) if servers.iter().any(|server| server == wanted) => {
            wanted.to_owned()
        }
        (Some(wanted), servers) => {
            let problem =
                Problem::new(format!("the values name no server `{}`", wanted.escape_debug()));
            return Err(match nearest(wanted, servers.iter().map(String::as_str)) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(format!("they name {all}")),
            });
        }
        (None, [server]) => server.clone(),
        (None, servers) => {
            let problem =
                Problem::new(format!("the directories are on {} servers: {all}", servers.len()));
            return Err(problem.help("choose one by `--server`; each needs a script of its own"));
        }
    };
    Ok(directories.into_iter().filter(|directory| directory.server == server).collect())
}

/// The user that a pod's security context names, and its group.
fn owner(context: &YamlMap) -> Option<(u64, u64)> {
    let number = |key: &str| context.0.get(key).and_then(serde_json::Value::as_u64);
    let user = number("runAsUser")?;
    Some((user, number("runAsGroup").or_else(|| number("fsGroup")).unwrap_or(user)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{Directory, directories, of_server};
    use crate::error::Problem;
    use crate::node::Node;
    use crate::values::Values;

    fn of(change: impl Fn(&mut Json)) -> Result<Vec<Directory>, Problem> {
        let mut values = Values::default().to_json();
        values["storage"]["server"] = json!("10.0.0.5");
        change(&mut values);
        directories(&Values::from_node(&Node::from_json(&values)).expect("good values"))
    }

    #[test]
    fn the_five_shares_belong_to_everyone() {
        let found = of(|_| {}).expect("an NFS server");
        let paths: Vec<String> = found.iter().map(Directory::path).collect();
        assert_eq!(
            paths,
            [
                "/fgc-k8s-lbroot/ForguncyAttach",
                "/fgc-k8s-lbroot/ForguncyLogs",
                "/fgc-k8s-lbroot/ForguncyRestore",
                "/fgc-k8s-lbroot/ForguncySites",
                "/fgc-k8s-lbroot/ForguncySitesBin"
            ]
        );
        assert!(found.iter().all(|d| d.owner.is_none() && d.server == "10.0.0.5"));
    }

    #[test]
    fn the_stores_own_theirs_when_they_are_on_nfs() {
        let stores = |change: fn(&mut Json)| {
            let found = of(|v| {
                v["redis"]["persistence"]["enabled"] = json!(true);
                v["influx"]["persistence"]["enabled"] = json!(true);
                change(v);
            });
            let owners = found.expect("an NFS server").into_iter().skip(5);
            owners.map(|d| (d.name, d.owner)).collect::<Vec<_>>()
        };
        let redis = || ("ForguncyRedis".to_owned(), Some((999, 1000)));
        let influx = || ("ForguncyInflux".to_owned(), Some((1000, 1000)));
        assert_eq!(stores(|_| {}), [redis(), influx()]);
        assert_eq!(
            stores(|v| v["redis"]["persistence"]["storageClassName"] = json!("fast")),
            [influx()]
        );
        assert_eq!(
            stores(|v| v["influx"]["persistence"]["existingClaim"] = json!("mine")),
            [redis()]
        );
        assert_eq!(stores(|v| v["redis"]["enabled"] = json!(false)), [influx()]);
        let anyone = stores(|v| v["redis"]["podSecurityContext"] = json!({}));
        assert_eq!(anyone[0].1, None);
    }

    #[test]
    fn asks_which_of_several_servers() {
        let two =
            of(|v| v["storage"]["shares"]["logs"]["server"] = json!("10.0.0.6")).expect("NFS");
        let error = of_server(two.clone(), None).expect_err("two servers").message;
        assert_eq!(error, "the directories are on 2 servers: `10.0.0.5`, `10.0.0.6`");
        assert_eq!(of_server(two.clone(), Some("10.0.0.6")).expect("one").len(), 1);
        assert_eq!(of_server(two.clone(), Some("10.0.0.5")).expect("one").len(), 4);
        let help = of_server(two, Some("10.0.0.7")).expect_err("no such server").help;
        assert!(help.is_some_and(|help| help.starts_with("did you mean `10.0.0.")));
    }

    #[test]
    fn says_why_there_is_nothing_to_prepare() {
        let kind = |kind: &str| of(|v| v["storage"]["type"] = json!(kind)).expect_err(kind).message;
        assert!(kind("storageClass").contains("the class makes the volumes"));
        assert!(kind("existingClaims").contains("the volumes are there"));
        assert!(kind("hostPath").contains("each node's own disk"));
        let error = of(|v| v["storage"]["server"] = json!("")).expect_err("no server");
        assert_eq!(error.path, "storage.server");
        let all = of(|v| {
            for share in ["attach", "logs", "restore", "sites", "sitesBin"] {
                v["storage"]["shares"][share]["existingClaim"] = json!(share);
            }
        });
        assert_eq!(all.expect_err("nothing").message, "all volumes are claims of yours");
    }

    #[test]
    fn takes_a_shared_mount_without_a_server() {
        let found = of(|v| {
            v["storage"]["type"] = json!("hostPath");
            v["storage"]["sharedMount"] = json!(true);
            v["storage"]["root"] = json!("/");
        });
        let found = found.expect("a mount");
        assert_eq!(found[0].server, "");
        assert_eq!(found[0].path(), "/ForguncyAttach");
    }
}
