//! An object of the vendor's templates: which it is, by its kind and its name.

use crate::error::Problem;
use crate::inspect::shown;
use crate::node::{Node, Value};
use crate::object::text;

use super::blank::{is_made, words};
use super::expression::{is_release, path_of};
use super::field::{expected, object_help};
use super::template::Template;

const KINDS: [&str; 4] = ["Deployment", "Service", "PersistentVolume", "PersistentVolumeClaim"];

impl Template<'_, '_> {
    /// Takes over what an object says.
    pub fn object(&mut self, tree: &Node) {
        if matches!(tree.value, Value::Null) {
            return;
        }
        let (written, name) = (text(tree, &["kind"]), text(tree, &["metadata", "name"]));
        let kind = KINDS.into_iter().find(|kind| *kind == written);
        let whose = match kind {
            Some("Deployment") => workload(name, "pod"),
            Some("Service") => workload(name, "service"),
            Some(_) => share(tree),
            None => None,
        };
        let Some((kind, whose)) = kind.zip(whose) else {
            let what = match written.is_empty() || is_made(written) {
                true => "something".to_owned(),
                false => format!("`{}`", shown(written)),
            };
            let problem = Problem::new(format!(
                "{what} that the vendor's chart does not have; it is not taken over"
            ));
            return self.tell(tree.origin, problem.help(object_help(written)));
        };
        if !self.seen.object(kind, whose) {
            let problem = Problem::new(format!("a second {kind} of {whose}; it is not taken over"));
            let help = "the vendor's chart has one, and the first was read: see which is right";
            return self.tell(tree.origin, problem.path("metadata.name").help(help));
        }
        let is_volume = kind.starts_with("PersistentVolume");
        (self.section, self.share) = match is_volume {
            true => ("forguncy", Some(whose)),
            false => (whose, None),
        };
        if !is_volume {
            self.name(kind, tree, name);
        }
        self.fields(kind, tree, "");
        if is_volume {
            self.volume(tree, whose);
        }
        for (path, help) in expected(kind, self.section) {
            let said = tree.at(&path.split('.').collect::<Vec<_>>());
            if said.is_none_or(|node| matches!(node.value, Value::Null)) {
                let problem = Problem::new("the vendor's chart says this, and here it is missing");
                self.tell(tree.origin, problem.path(*path).help(*help));
            }
        }
    }

    /// Tells of a name that does not begin with the release's.
    fn name(&mut self, kind: &str, tree: &Node, name: &str) {
        let suffix = if kind == "Service" { "service" } else { "pod" };
        let suffix = format!("-{}-{suffix}", self.section);
        if !name.strip_suffix(&suffix).is_some_and(|text| is_release(text, "Name")) {
            let problem = Problem::new("another name than the vendor's").path("metadata.name");
            let origin = tree.at(&["metadata", "name"]).and_then(|node| node.origin);
            let help = format!(
                "it is `RELEASE{suffix}` here: an upgrade makes that beside it and deletes this one, and what uses the name must be told"
            );
            self.tell(origin, problem.help(help));
        }
    }
}

/// Whose workload a name is of. Before `-redis-pod` there may be an action, or a release's name as it is.
fn workload(name: &str, suffix: &str) -> Option<&'static str> {
    ["forguncy", "redis", "influx"].into_iter().find(|section| {
        name.strip_suffix(&format!("-{section}-{suffix}"))
            .is_some_and(|release| !is_made(release) || words(release).is_some())
    })
}

/// Which share a volume or a claim is: by the key that its path comes from, by its name, by the directory that it is.
fn share(tree: &Node) -> Option<&'static str> {
    let path = text(tree, &["spec", "nfs", "path"]);
    let directory = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    path_of(path).or_else(|| named(text(tree, &["metadata", "name"]))).or_else(|| named(directory))
}

/// The share that a name tells of; its last words say what it is.
pub fn named(name: &str) -> Option<&'static str> {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.rev().find_map(|word| {
        let mut word = word.to_ascii_lowercase();
        for prefix in ["forguncy", "fgc", "nfs"] {
            word = word.strip_prefix(prefix).map_or(word.clone(), str::to_owned);
        }
        Some(match word.as_str() {
            "atach" | "attach" | "attachment" | "attachments" => "attach",
            "log" | "logs" => "logs",
            "restore" => "restore",
            "bin" | "sitebin" | "sitesbin" => "sitesBin",
            "site" | "sites" => "sites",
            _ => return None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{named, workload};
    use crate::import::blank::blank;

    #[test]
    fn a_share_is_known_by_whole_words() {
        for (name, share) in [
            ("shop-attach-pv", Some("attach")),
            ("site-shop-log-pvc", Some("logs")),
            ("ForguncySitesBin", Some("sitesBin")),
            ("r-sites-bin-pv", Some("sitesBin")),
            ("nfs_restore", Some("restore")),
            ("logistics", None),
            ("binary", None),
        ] {
            assert_eq!(named(name), share, "{name}");
        }
    }

    #[test]
    fn a_workload_is_known_by_its_whole_name() {
        for (name, section) in [
            ("{{ .Release.Name }}-redis-pod", Some("redis")),
            ("shop-forguncy-pod", Some("forguncy")),
            ("{{ .Release.Name }}-canary-forguncy-pod", None),
            ("{{ .Release.Name }}-console", None),
            ("forguncy-pod", None),
        ] {
            let blanked = blank(&format!("a: {name}\n")).unwrap().text;
            assert_eq!(workload(blanked[3..].trim(), "pod"), section, "{name}");
        }
    }
}
