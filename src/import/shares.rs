//! The five shares: what they have in common is written once.

use std::collections::BTreeMap;

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
    /// What the vendor's keys say of it, by the field that they are for, and where: templates may say something else.
    keys: BTreeMap<&'static str, (Node, String)>,
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
        let Some((root, directory)) = split(node) else { return false };
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

    /// Notes what a key of the vendor's says of a share.
    pub fn note(&mut self, share: &str, field: &'static str, node: &Node, from: &str) {
        if let Some(share) = self.share(share) {
            share.keys.insert(field, (node.clone(), from.to_owned()));
        }
    }

    /// What was noted, and where it was written.
    pub fn noted(&self, share: &str, field: &str) -> Option<(Node, String)> {
        let at = SHARES.iter().position(|other| *other == share)?;
        self.0[at].keys.get(field).cloned()
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

/// A path as a root and a directory below it.
pub fn split(path: &Node) -> Option<(&str, &str)> {
    let (root, directory) = path.as_str()?.trim_end_matches('/').rsplit_once('/')?;
    Some((if root.is_empty() { "/" } else { root }, directory))
}

fn common<'g>(key: &str, given: impl Iterator<Item = Option<&'g Given>>, draft: &mut Draft<'_>) {
    let given: Vec<_> = SHARES.into_iter().zip(given).collect();
    let count =
        |text: &str| given.iter().filter(|(_, g)| g.is_some_and(|g| g.text == text)).count();
    // Of as many the first: a later one must be more.
    let most = given.iter().filter_map(|(_, g)| *g).rev().max_by_key(|g| count(&g.text));
    let Some(most) = most else { return };
    let for_all = format!("storage.{key}");
    let said = draft.text(&for_all).map(str::to_owned);
    // A key for all shares is for those that say nothing themselves.
    let is_of_some = given.iter().any(|(_, given)| given.is_none());
    let said = said.filter(|said| {
        let counts = is_of_some || count(said) > 0;
        if !counts {
            let from = draft.from.get(&for_all).map_or("", String::as_str);
            let message = format!("not taken over from {from}, since each share says its own");
            let problem = Problem::new(message).path(for_all.as_str());
            draft.problems.push(problem.help("see whether theirs are right"));
        }
        counts
    });
    let is_said = said.is_some();
    let most = said.unwrap_or_else(|| {
        draft.set_text(&for_all, &most.text, &most.from);
        most.text.clone()
    });
    for (share, given) in given {
        let own = format!("storage.shares.{share}.{key}");
        match given {
            // What was written for the share alone lost against this.
            Some(given) if given.text == most => _ = draft.set_text(&own, "", &given.from),
            Some(given) => _ = draft.set_text(&own, &given.text, &given.from),
            None if is_said || draft.has(&own) => {}
            None => {
                let message =
                    format!("its {key} was not found, so it takes that of the other shares");
                let help = format!("look whether that is right, or write `{own}`");
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

    #[test]
    fn what_is_said_for_all_shares_is_for_those_that_say_nothing() {
        let schema = load();
        let mut draft = Draft::new(&schema);
        let mut shares = Shares::default();
        assert!(draft.set_text("storage.server", "10.0.0.5", "v:1, nfs.server"));
        let node = Node::from_json(&json!("10.0.0.6"));
        assert!(shares.server("logs", &node, "v", &draft));
        shares.finish(&mut draft);
        let expected = json!({"server": "10.0.0.5", "shares": {"logs": {"server": "10.0.0.6"}}});
        assert_eq!(draft.node().to_json()["storage"], expected);
        assert!(draft.problems.is_empty());
        for share in SHARES {
            assert!(shares.server(share, &node, "v", &draft));
        }
        shares.finish(&mut draft);
        assert_eq!(draft.node().to_json()["storage"], json!({"server": "10.0.0.6"}));
        assert!(draft.problems[0].message.contains("v:1, nfs.server"), "{}", draft.problems[0]);
    }
}
