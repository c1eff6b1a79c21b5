//! Scripts that prepare the file server and the workers, as the vendor's article does by hand.
//!
//! Their texts are `server.sh`, `worker.sh` and `mount.sh`; what the values say comes in as quoted words.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::fields::{of_exports, of_fstab};
use super::shares::Directory;
use crate::shell::quoted;

/// Where an export is: `198.19.249.12:/fgc-k8s-lbroot`, an IPv6 address in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Name or address of the server, without brackets.
    pub server: String,
    /// Absolute path on it.
    pub path: String,
}

impl Export {
    /// Reads `HOST:/PATH`.
    pub fn parse(text: &str) -> Option<Self> {
        let (server, path) = text.split_once(":/")?;
        let bare = server.strip_prefix('[').and_then(|server| server.strip_suffix(']'));
        let server = bare.unwrap_or(server);
        let is_host = match bare {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => server.parse::<Ipv4Addr>().is_ok() || is_name(server, "-_"),
        };
        let path = format!("/{}", path.trim_end_matches('/'));
        let is_path = !path.chars().any(char::is_control)
            && !path.split('/').any(|part| matches!(part, "." | ".."))
            && !path.contains("//");
        (is_host && is_path).then(|| Self { server: server.to_owned(), path })
    }
}

/// Whether a text names clients in `/etc/exports`: a host, an address, a network, `*` or a netgroup (exports(5)).
pub fn are_clients(text: &str) -> bool {
    if let Some(netgroup) = text.strip_prefix('@') {
        return is_name(netgroup, "-_");
    }
    if let Some((network, prefix)) = text.split_once('/') {
        let bits = prefix.parse().ok().filter(|_| prefix.bytes().all(|b| b.is_ascii_digit()));
        return match network.parse() {
            Ok(IpAddr::V4(_)) => {
                bits.is_some_and(|bits: u8| bits <= 32) || prefix.parse::<Ipv4Addr>().is_ok()
            }
            Ok(IpAddr::V6(_)) => bits.is_some_and(|bits| bits <= 128),
            Err(_) => false,
        };
    }
    text.parse::<IpAddr>().is_ok() || is_name(text, "-_*?")
}

/// Whether a text is a name, with these signs beside letters and digits. One of digits alone is an address that was mistyped.
fn is_name(text: &str, signs: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || signs.contains(c))
    };
    !text.starts_with('-')
        && text.split('.').all(is_label)
        && !text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// The script for a file server. `directories` are all on it; `clients` may mount, and everyone when there are none.
pub fn server(server: &str, directories: &[Directory], clients: &[String]) -> String {
    let everyone = ["*".to_owned()];
    let clients = if clients.is_empty() { &everyone } else { clients };
    let made: Vec<String> = directories
        .iter()
        .map(|directory| {
            let (owner, mode) = match directory.owner {
                Some((user, group)) => (format!("{user}:{group}"), "0770"),
                None => ("65534:65534".to_owned(), "0777"),
            };
            format!("directory {} {owner} {mode}", quoted(&directory.path()))
        })
        .collect();
    // Whoever may mount `/` has all of the server.
    let mut roots: Vec<String> = directories
        .iter()
        .map(|directory| match directory.root.as_str() {
            "/" => directory.path(),
            root => root.to_owned(),
        })
        .collect();
    roots.sort_unstable();
    roots.dedup();
    let exported: Vec<String> = roots
        .into_iter()
        .map(|root| {
            let field = of_exports(&root);
            let clients = clients.iter().map(|name| format!(" {name}(rw,sync,no_subtree_check)"));
            let line = format!("{field}{}", clients.collect::<String>());
            format!("export_once {} {}", quoted(&field), quoted(&line))
        })
        .collect();
    // Paths may hold any text, so they come last: none is taken for a placeholder.
    let (head, tail) = split(include_str!("server.sh"), "@DIRECTORIES@");
    let (between, tail) = split(tail, "@EXPORTS@");
    let head = head.replace("@SERVER@", server);
    format!("{head}{}{between}{}{tail}", made.join("\n"), exported.join("\n"))
}

/// The script for a worker: the client of NFS, and a mount when the pods go by one.
pub fn worker(mount: Option<(&Export, &str)>) -> String {
    let (head, _) = split(include_str!("worker.sh"), "@MOUNT@");
    let Some((export, mount_point)) = mount else {
        let head =
            head.replace("@WHAT@", "the client of NFS, by which the kubelet mounts the volumes");
        return format!("{}\n", head.trim_end());
    };
    let head = head.replace("@WHAT@", "the client of NFS, and the mount that all nodes share");
    let server = match export.server.contains(':') {
        true => format!("[{}]", export.server),
        false => export.server.clone(),
    };
    let field = of_fstab(mount_point);
    let line = format!("{server}:{} {field} nfs rw,hard,_netdev 0 0", of_fstab(&export.path));
    let words = [mount_point, &field, &line].map(quoted).join(" ");
    format!("{head}{}\nmount_once {words}\n", include_str!("mount.sh"))
}

fn split<'a>(text: &'a str, placeholder: &str) -> (&'a str, &'a str) {
    text.split_once(placeholder).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::{Export, are_clients, server, worker};
    use crate::ground::shares::Directory;

    fn directory(root: &str, name: &str, owner: Option<(u64, u64)>) -> Directory {
        Directory { server: "10.0.0.5".into(), root: root.into(), name: name.into(), owner }
    }

    #[test]
    fn makes_each_directory_and_exports_each_root_once() {
        let directories = [
            directory("/b", "One", None),
            directory("/a", "Two", Some((999, 1000))),
            directory("/b", "Three/Four", None),
        ];
        let script = server("10.0.0.5", &directories, &["10.0.0.0/8".into(), "*.lan".into()]);
        let calls: Vec<&str> = script
            .lines()
            .filter(|line| line.starts_with("directory '") || line.starts_with("export_once '"))
            .collect();
        assert_eq!(
            calls,
            [
                "directory '/b/One' 65534:65534 0777",
                "directory '/a/Two' 999:1000 0770",
                "directory '/b/Three/Four' 65534:65534 0777",
                "export_once '/a' '/a 10.0.0.0/8(rw,sync,no_subtree_check) *.lan(rw,sync,no_subtree_check)'",
                "export_once '/b' '/b 10.0.0.0/8(rw,sync,no_subtree_check) *.lan(rw,sync,no_subtree_check)'",
            ]
        );
        assert!(script.contains("file server 10.0.0.5 for Forguncy"), "{script}");
    }

    #[test]
    fn exports_directories_below_the_servers_root_and_never_that() {
        let directories = [directory("/", "One", None), directory("/", "Two", None)];
        let script = server("s", &directories, &[]);
        let calls: Vec<&str> =
            script.lines().filter(|line| line.starts_with("export_once '")).collect();
        let calls = calls.join("\n");
        assert_eq!(
            calls,
            "export_once '/One' '/One *(rw,sync,no_subtree_check)'\n\
             export_once '/Two' '/Two *(rw,sync,no_subtree_check)'"
        );
    }

    #[test]
    fn quotes_paths_and_takes_none_for_a_placeholder() {
        let script =
            server("s", &[directory("/it's @EXPORTS@", "$(id) @SERVER@", None)], &["*".into()]);
        assert!(
            script.contains(r"directory '/it'\''s @EXPORTS@/$(id) @SERVER@' 65534:65534 0777"),
            "{script}"
        );
        assert!(
            script.contains(r"export_once '/it\047s\040@EXPORTS@' '/it\047s\040@EXPORTS@ *(rw,"),
            "{script}"
        );
    }

    #[test]
    fn mounts_only_where_the_pods_go_by_a_mount() {
        let plain = worker(None);
        assert!(!plain.contains("fstab") && !plain.contains('@'), "{plain}");
        let export = Export::parse("[fd00::5]:/fgc k8s").expect("an export");
        let script = worker(Some((&export, "/mnt/fgc k8s")));
        let line = r"mount_once '/mnt/fgc k8s' '/mnt/fgc\040k8s' '[fd00::5]:/fgc\040k8s /mnt/fgc\040k8s nfs rw,hard,_netdev 0 0'";
        assert!(script.ends_with(&format!("{line}\n")), "{script}");
    }

    #[test]
    fn reads_exports() {
        let read = |text: &str| Export::parse(text).map(|export| (export.server, export.path));
        let of = |server: &str, path: &str| Some((server.to_owned(), path.to_owned()));
        assert_eq!(read("10.0.0.5:/a/b/"), of("10.0.0.5", "/a/b"));
        assert_eq!(read("nas.lan:/"), of("nas.lan", "/"));
        assert_eq!(read("[fd00::5]:/a"), of("fd00::5", "/a"));
        for bad in [
            "",
            "a",
            "a:b",
            ":/a",
            "-o:/a",
            "a b:/c",
            "fd00::5:/a",
            "[x]:/a",
            "a:/../b",
            "a:/b\nc",
            "a://b",
            "10.0.0.555:/a",
            "nas..x:/a",
            "$(id):/a",
        ] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn reads_clients() {
        for good in [
            "*",
            "10.0.0.5",
            "10.0.0.0/24",
            "10.0.0.0/255.255.255.0",
            "fd00::5",
            "fd00::/8",
            "*.example.com",
            "node-?.lan",
            "@workers",
            "node-1",
        ] {
            assert!(are_clients(good), "{good}");
        }
        for bad in [
            "",
            "a b",
            "*(rw)",
            "-x",
            "a'b",
            "a\nb",
            "#",
            "a,b",
            "10.0.0.0/33",
            "10.0.0.0/+8",
            "fd00::/129",
            "300.1.1.1",
            "300.1.1.1/24",
            "10.0.0.0/",
            "/",
            ":",
            "@",
            "..",
            "a..b",
        ] {
            assert!(!are_clients(bad), "{bad:?}");
        }
    }
}
