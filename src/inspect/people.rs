//! Addresses and maintainers in Chart.yaml, at which `helm lint` alone looks. Only what is plainly wrong is told.

use crate::node::{Map, Node, Value};

use super::chart_yaml::{Reader, field, scalar};
use super::verdict::Verdict;

impl Reader<'_> {
    /// `helm lint` looks at some addresses. Only what is plainly none is told.
    pub(super) fn addresses(&mut self, map: &Map) {
        let lint = |reader: &mut Self, node: &Node, what: &str| {
            reader.odd(node, Verdict::LINT, what, "write an address such as `https://example.com`");
        };
        if let Some(entry) = field(map, "appVersion")
            && matches!(entry.node.value, Value::Int(_) | Value::Float(_) | Value::Bool(_))
        {
            let what = "`appVersion` is no string, and may lose digits: `1.10` becomes `1.1`";
            self.odd(&entry.node, Verdict::LINT, what, "put it in quotes");
        }
        if let Some(entry) = field(map, "icon")
            && entry.node.as_str().is_some_and(|icon| !icon.is_empty() && !icon.contains(':'))
        {
            lint(self, &entry.node, "`icon` is no address");
        }
        for source in field(map, "sources").map_or(&[][..], |entry| entry.node.items()) {
            if source.as_str().is_some_and(|source| !source.contains("://")) {
                lint(self, source, "a source is no address");
            }
        }
    }

    /// Checks the maintainers.
    pub(super) fn maintainers(&mut self, map: &Map) {
        self.list(map, "maintainers", |reader, item| match &item.value {
            Value::Null => {
                let what = "a maintainer that is null, at which `helm lint` of Helm 3 crashes";
                reader.refuse(item, what, "write `- name: …`");
            }
            Value::Map(maintainer) => reader.maintainer(item, maintainer),
            _ => reader.wrong(item, "a map with `name`"),
        });
    }

    fn maintainer(&mut self, item: &Node, maintainer: &Map) {
        for key in ["name", "email", "url"] {
            self.text(maintainer, key);
        }
        let text =
            |key| field(maintainer, key).and_then(|entry| entry.node.as_str()).unwrap_or_default();
        let (name, email, url) = (text("name"), text("email"), text("url"));
        if field(maintainer, "name").is_none_or(|e| scalar(&e.node).unwrap_or_default().is_empty())
        {
            self.odd(item, Verdict::LINT, "a maintainer without a name", "write `- name: …`");
        } else if !name.is_empty() && !email.is_empty() && !email.contains('@') {
            let what = "the maintainer's `email` is no e-mail address";
            self.odd(item, Verdict::LINT, what, "write it as `name@example.com`");
        } else if !name.is_empty() && !url.is_empty() && !url.contains(['.', ':']) {
            let what = "the maintainer's `url` is no address";
            self.odd(item, Verdict::LINT, what, "write it as `https://example.com`");
        }
    }
}
