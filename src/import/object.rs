//! An object of the vendor's templates: which it is, by its kind and its name.

use crate::error::Problem;
use crate::inspect::shown;
use crate::node::Node;
use crate::object::text;

use super::blank::is_made;
use super::field::object_help;
use super::template::Template;

impl Template<'_, '_> {
    /// Takes over what an object says. `expected` is whose it is, by the name of its template.
    pub fn object(&mut self, tree: &Node, expected: Option<&'static str>) {
        let (kind, name) = (text(tree, &["kind"]), text(tree, &["metadata", "name"]));
        let known = ["Deployment", "Service", "PersistentVolume", "PersistentVolumeClaim"];
        let section = match (expected, kind) {
            _ if !known.contains(&kind) => None,
            (Some(section), _) => Some(section),
            // A template of the vendor's that was renamed.
            (None, "Deployment" | "Service") => {
                ["forguncy", "redis", "influx"].into_iter().find(|s| {
                    name.ends_with(&format!("-{s}-pod")) || name.ends_with(&format!("-{s}-service"))
                })
            }
            (None, _) => share(tree).map(|_| "forguncy"),
        };
        let Some(section) = section else {
            let kind_shown = if kind.is_empty() || is_made(kind) {
                "something".to_owned()
            } else {
                format!("`{}`", shown(kind))
            };
            let problem = Problem::new(format!(
                "{kind_shown} that the vendor's chart does not have; it is not taken over"
            ));
            return self.tell(tree.origin, problem.help(object_help(kind)));
        };
        self.section = section;
        self.share = share(tree);
        let suffix = match kind {
            "Deployment" => Some(format!("-{section}-pod")),
            "Service" => Some(format!("-{section}-service")),
            _ => None,
        };
        if let Some(suffix) = suffix
            && !(name.ends_with(&suffix) && name.contains(".Release.Name"))
        {
            let problem = Problem::new("another name than the vendor's").path("metadata.name");
            let origin = tree.at(&["metadata", "name"]).and_then(|node| node.origin);
            let help = format!(
                "it is `RELEASE{suffix}` here: an upgrade makes that beside it and deletes this one, and what uses the name must be told"
            );
            self.tell(origin, problem.help(help));
        }
        self.fields(kind, tree, "");
    }
}

/// Which share a volume or a claim is, by its name or by the value that its path is made of.
fn share(tree: &Node) -> Option<&'static str> {
    let words = [text(tree, &["spec", "nfs", "path"]), text(tree, &["metadata", "name"])];
    words.into_iter().find_map(|word| {
        let word = word.to_ascii_lowercase();
        let has = |part: &str| word.contains(part);
        Some(match () {
            () if has("atach") || has("attach") => "attach",
            () if has("log") => "logs",
            () if has("restore") => "restore",
            () if has("bin") => "sitesBin",
            () if has("site") => "sites",
            () => return None,
        })
    })
}
