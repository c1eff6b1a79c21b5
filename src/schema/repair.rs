//! Guesses the right form of a text that is nearly right: `100GB`, `https://a.example.com`, a path without its `/`.

use serde_json::Value as Json;

use crate::node::{Node, Value};
use crate::quantity;

use super::structure::at;
use super::walk::is_right;

/// Longer texts are no slip of the fingers.
const MAX_LENGTH: usize = 256;

/// The first nearby text that is right for a key.
pub(super) fn repair(path: &str, text: &str, schema: &Json) -> Option<String> {
    let property = at(path, schema).filter(|_| text.len() <= MAX_LENGTH)?;
    let right = |text: &str| {
        let node = Node::new(Value::String(text.into()), None);
        !text.is_empty() && is_right(&node, property, schema)
    };
    let text = text.trim();
    let lower = text.to_lowercase();
    let mut all = candidates(text);
    // Where a key takes several parts, one of them is something else.
    if !["a/b", "/a/b", "a.b/c"].into_iter().any(right) {
        all.push(text.replace(' ', "-"));
        all.extend(hosts(text));
        all.extend(hosts(&lower));
    }
    // Where capitals may stand, they mean something.
    let bare = without_scheme(&lower);
    let untagged = bare.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'));
    let names = [bare, untagged.map_or(bare, |(name, _)| name)].map(str::to_owned);
    let names = names.into_iter().chain([lower.replace(['_', ' '], "-")]);
    all.extend(names.filter(|text| !right(&text.to_uppercase())));
    all.into_iter().find(|text| right(text))
}

/// Texts that may have been meant, the likeliest first.
fn candidates(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    all.extend(quantity::meant(text));
    all.push(text.trim_end_matches('/').to_owned());
    // A path on Windows is none here.
    if !text.contains('\\') {
        all.push(format!("/{}", text.trim_matches('/')));
    }
    all.push(text.trim_matches('/').to_owned());
    all.push(without_scheme(text).to_owned());
    all
}

/// The host in an address, with its port and without.
fn hosts(text: &str) -> [String; 2] {
    let host = without_scheme(text).split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    [host.to_owned(), name.to_owned()]
}

fn without_scheme(text: &str) -> &str {
    text.split_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::repair;
    use crate::schema::load;

    #[test]
    fn guesses_what_was_meant() {
        for (path, text, meant) in [
            ("storage.shares.logs.size", "100GB", "100Gi"),
            ("storage.shares.logs.size", "100 gib", "100Gi"),
            ("forguncy.resources.limits.memory", "8gb", "8Gi"),
            ("storage.root", "fgc-k8s-lbroot", "/fgc-k8s-lbroot"),
            ("storage.root", "/data/", "/data"),
            ("storage.shares.attach.directory", "/ForguncyAttach", "ForguncyAttach"),
            ("storage.server", "nfs://10.0.0.5/export", "10.0.0.5"),
            ("ingress.hosts[0]", "https://Shop.example.com/", "shop.example.com"),
            ("ingress.hosts[0]", "shop.example.com:8080", "shop.example.com"),
            ("global.imageRegistry", "https://harbor.example.com:5000/", "harbor.example.com:5000"),
            ("storage.server", " 10.0.0.5 ", "10.0.0.5"),
            ("forguncy.image.repository", "fgclb/fgc:10.0.103.0", "fgclb/fgc"),
        ] {
            assert_eq!(repair(path, text, &load()).as_deref(), Some(meant), "{path}: {text}");
        }
    }

    #[test]
    fn is_silent_when_nothing_near_is_right() {
        for text in ["", "-", "x y", "Gi", "100XB", "../a"] {
            assert_eq!(repair("storage.shares.logs.size", text, &load()), None, "{text}");
        }
        for text in ["Asia Shanghai", "GMT+8:00", "UTC+08:00", "UTCx y"] {
            assert_eq!(repair("global.timezone", text, &load()), None, "{text}");
        }
        assert_eq!(repair("storage.shares.attach.directory", "a/../b", &load()), None);
        assert_eq!(repair("storage.root", r"\\srv\x", &load()), None);
        assert_eq!(repair("nowhere.at.all", "a", &load()), None);
        assert_eq!(repair("storage.root", &"x".repeat(1000), &load()), None);
    }
}
