//! The five shares: what they have in common is written once.

use crate::error::Problem;
use crate::node::{Node, Value};
use crate::schema::takes;

use super::draft::Draft;

/// The shares' keys, in the schema's order.
pub const SHARES: [&str; 5] = ["attach", "logs", "restore", "sites", "sitesBin"];

/// Where the shares lie, as far as it was told.
#[derive(Default)]
pub struct Shares([Share; 5]);

#[derive(Default)]
struct Share {
    server: Option<Given>,
    root: Option<Given>,
}

/// A text, and where it was written.
struct Given {
    text: String,
    from: String,
}

impl Shares {
    /// Takes a share's server; false if it cannot be one.
    pub fn server(&mut self, share: &str, node: &Node, from: &str, draft: &Draft<'_>) -> bool {
        let text = node.as_str().filter(|_| takes("storage.server", node, draft.schema));
        let Some((text, share)) = text.filter(|text| !text.is_empty()).zip(self.share(share))
        else {
            return false;
        };
        share.server = Some(Given { text: text.to_owned(), from: from.to_owned() });
        true
    }

    /// Takes a share's path on its server, which is a root and a directory here; false if it cannot be that.
    pub fn path(&mut self, share: &str, node: &Node, from: &str, draft: &mut Draft<'_>) -> bool {
        let split = node.as_str().and_then(|text| text.trim_end_matches('/').rsplit_once('/'));
        let Some((root, directory)) = split else { return false };
        let root = if root.is_empty() { "/" } else { root };
        let root_node = Node::new(Value::String(root.into()), None);
        let key = format!("storage.shares.{share}.directory");
        if !takes("storage.root", &root_node, draft.schema)
            || !draft.set_text(&key, directory, from)
        {
            return false;
        }
        let Some(share) = self.share(share) else { return false };
        share.root = Some(Given { text: root.to_owned(), from: from.to_owned() });
        true
    }

    fn share(&mut self, key: &str) -> Option<&mut Share> {
        let at = SHARES.iter().position(|share| *share == key)?;
        self.0.get_mut(at)
    }

    /// Writes down what most shares have in common, and what is another share by share.
    pub fn finish(&self, draft: &mut Draft<'_>) {
        common("server", self.0.iter().map(|share| share.server.as_ref()), draft);
        common("root", self.0.iter().map(|share| share.root.as_ref()), draft);
    }
}

fn common<'g>(key: &str, given: impl Iterator<Item = Option<&'g Given>>, draft: &mut Draft<'_>) {
    let given: Vec<_> = SHARES.into_iter().zip(given).collect();
    let count =
        |text: &str| given.iter().filter(|(_, g)| g.is_some_and(|g| g.text == text)).count();
    // Of as many the first: a later one must be more.
    let most = given.iter().filter_map(|(_, g)| *g).rev().max_by_key(|g| count(&g.text));
    let Some(most) = most else { return };
    draft.set_text(&format!("storage.{key}"), &most.text, &most.from);
    for (share, given) in given {
        match given {
            Some(given) if given.text == most.text => {}
            Some(given) => {
                draft.set_text(&format!("storage.shares.{share}.{key}"), &given.text, &given.from);
            }
            None => {
                let message =
                    format!("its {key} was not found, so it takes that of the other shares");
                let help =
                    format!("look whether that is right, or write `storage.shares.{share}.{key}`");
                let problem = Problem::new(message).path(format!("storage.shares.{share}"));
                draft.problems.push(problem.help(help));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{SHARES, Shares};
    use crate::import::draft::Draft;
    use crate::node::Node;
    use crate::schema::load;

    #[test]
    fn what_most_have_in_common_is_written_once() {
        let schema = load();
        let mut draft = Draft::new(&schema);
        let mut shares = Shares::default();
        let node = |text: &str| Node::from_json(&json!(text));
        for (i, share) in SHARES.into_iter().enumerate() {
            let server = if i == 0 { "10.0.0.6" } else { "10.0.0.5" };
            assert!(shares.server(share, &node(server), "v", &draft));
            let path = if i == 4 { "/other/bin/" } else { &format!("/data/{share}") };
            assert!(shares.path(share, &node(path), "v", &mut draft));
        }
        shares.finish(&mut draft);
        let tree = draft.node().to_json();
        assert_eq!(tree["storage"]["server"], "10.0.0.5");
        assert_eq!(tree["storage"]["root"], "/data");
        assert_eq!(
            tree["storage"]["shares"],
            json!({"attach": {"directory": "attach", "server": "10.0.0.6"},
                "logs": {"directory": "logs"}, "restore": {"directory": "restore"},
                "sites": {"directory": "sites"}, "sitesBin": {"directory": "bin", "root": "/other"}})
        );
        assert!(draft.problems.is_empty());
    }

    #[test]
    fn a_share_that_is_not_told_of_is_asked_for() {
        let schema = load();
        let mut draft = Draft::new(&schema);
        let mut shares = Shares::default();
        for odd in ["", "/", "files", "/a/../b", "\u{1b}/x"] {
            assert!(!shares.path("logs", &Node::from_json(&json!(odd)), "v", &mut draft), "{odd}");
        }
        assert!(shares.server("logs", &Node::from_json(&json!("10.0.0.5")), "v", &draft));
        shares.finish(&mut draft);
        assert_eq!(draft.problems.len(), 4);
    }
}
