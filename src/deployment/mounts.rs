//! The user's volumes beside the chart's: names and places that are taken.

use super::report::Report;
use crate::object::text;
use crate::rules::{MOUNT_HIDES_SHARE, MOUNT_INSIDE_SHARE, VOLUME_NAME_TAKEN};

/// The volumes of the Forguncy pods and where they are mounted. A test compares them with the template.
const SHARES: [(&str, &str); 5] = [
    ("forguncy-attach", "/opt/ForguncyAttach"),
    ("forguncy-logs", "/opt/ForguncyLogs"),
    ("forguncy-restore", "/opt/ForguncyRestore"),
    ("forguncy-sites", "/opt/ForguncySites"),
    ("forguncy-sites-bin", "/opt/ForguncySitesBin"),
];
/// The program's own files, in the image.
const PROGRAM: &str = "/opt/ForguncyServer";
/// What the program makes anew in each pod, and the volume that it is in.
const CACHE: (&str, &str) = ("forguncy-cache", "/opt/ForguncyServerLBCache");

pub(super) fn check(report: &mut Report<'_>) {
    for (at, volume) in report.items("forguncy.extraVolumes").iter().enumerate() {
        let name = text(volume, &["name"]);
        if SHARES.iter().chain([&CACHE]).any(|(taken, _)| *taken == name) {
            report.add(
                &VOLUME_NAME_TAKEN,
                &format!("forguncy.extraVolumes[{at}].name"),
                format!(
                    "the volume name `{name}` is taken by the chart, and a cluster refuses two"
                ),
                "choose another name, in `forguncy.extraVolumeMounts` too",
            );
        }
    }
    for (at, mount) in report.items("forguncy.extraVolumeMounts").iter().enumerate() {
        let path = normal(text(mount, &["mountPath"]));
        let key = format!("forguncy.extraVolumeMounts[{at}].mountPath");
        let hidden = SHARES
            .iter()
            .map(|(_, share)| *share)
            .chain([PROGRAM, CACHE.1])
            .find(|share| is_within(share, &path));
        if let Some(hidden) = hidden.filter(|_| !path.is_empty()) {
            report.add(
                &MOUNT_HIDES_SHARE,
                &key,
                format!(
                    "a mount at `{path}` hides `{hidden}`, and Forguncy does not find its files"
                ),
                "mount it at a path of its own; below `/usr/share/fonts` for fonts",
            );
        } else if let Some((_, share)) = SHARES.iter().find(|(_, share)| is_within(&path, share)) {
            report.add(
                &MOUNT_INSIDE_SHARE,
                &key,
                format!("a mount inside the share `{share}` hides what lies there, and makes a folder or file in the share, for all pods"),
                "mount it at a path of its own; if it is meant to cover that one file, waive the rule",
            );
        }
    }
}

/// Whether a path is another or lies below it.
fn is_within(path: &str, other: &str) -> bool {
    other == "/"
        || path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A path without `.`, `..` and doubled or final slashes; empty for a relative one.
fn normal(path: &str) -> String {
    if !path.starts_with('/') {
        return String::new();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{CACHE, SHARES, is_within, normal};
    use crate::templates::chart;

    #[test]
    fn the_shares_are_those_of_the_chart() {
        let (_, template) = chart().find(|(path, _)| *path == "deployment-fgc.yaml").unwrap();
        let mounts = template.split("volumeMounts:").nth(1).unwrap();
        for (name, path) in SHARES.into_iter().chain([CACHE]) {
            let mount = format!("- name: {name}\n              mountPath: {path}\n");
            assert!(mounts.contains(&mount), "{mount}");
        }
        assert_eq!(template.matches("mountPath: /opt/").count(), SHARES.len() + 1);
    }

    #[test]
    fn compares_paths_by_their_parts() {
        assert_eq!(normal("//opt/./a/../ForguncySites/"), "/opt/ForguncySites");
        assert_eq!(
            (normal("/.."), normal("opt"), normal("")),
            ("/".into(), String::new(), String::new())
        );
        assert!(is_within("/a/b", "/a") && is_within("/a", "/a") && is_within("/a", "/"));
        assert!(!is_within("/ab", "/a") && !is_within("/a", "/a/b"));
    }
}
