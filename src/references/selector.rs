//! Label selectors: which pods a Service, a workload, a budget or a policy is about.

use std::slice;

use crate::node::{Map, Node};
use crate::object::text;

/// A selector. It selects what meets all of its requirements.
#[derive(Debug, Default)]
pub struct Selector<'a> {
    /// Labels that must be there with this value.
    equal: Vec<(&'a str, &'a str)>,
    expressions: Vec<Expression<'a>>,
}

/// A requirement of `matchExpressions`.
#[derive(Debug)]
struct Expression<'a> {
    key: &'a str,
    operator: &'a str,
    values: Vec<&'a str>,
}

impl<'a> Selector<'a> {
    /// The selector of a Service or a ReplicationController: labels and their values.
    pub fn of_labels(labels: &'a Node) -> Self {
        let pairs = labels.as_map().into_iter().flatten();
        let equal = pairs.filter_map(|(key, entry)| Some((key.as_str(), entry.node.as_str()?)));
        Self { equal: equal.collect(), expressions: Vec::new() }
    }

    /// A selector with `matchLabels` and `matchExpressions`.
    pub fn of(selector: &'a Node) -> Self {
        let mut this = selector.at(&["matchLabels"]).map(Self::of_labels).unwrap_or_default();
        let expressions = selector.at(&["matchExpressions"]).map(Node::items).unwrap_or_default();
        this.expressions.extend(expressions.iter().map(|expression| {
            Expression {
                key: text(expression, &["key"]),
                operator: text(expression, &["operator"]),
                values: expression
                    .at(&["values"])
                    .map(Node::items)
                    .unwrap_or_default()
                    .iter()
                    .filter_map(Node::as_str)
                    .collect(),
            }
        }));
        this
    }

    /// Whether it requires nothing, and so selects everything.
    pub fn is_empty(&self) -> bool {
        self.equal.is_empty() && self.expressions.is_empty()
    }

    /// What pods must have to be selected, as far as it can be looked up: a key, and one of these values; any value when there
    /// are none.
    pub fn wanted(&self) -> impl Iterator<Item = (&'a str, &[&'a str])> {
        let equal = self.equal.iter().map(|(key, value)| (*key, slice::from_ref(value)));
        let listed = self.expressions.iter().filter_map(|expression| match expression.operator {
            "In" => Some((expression.key, expression.values.as_slice())),
            "Exists" => Some((expression.key, &[][..])),
            _ => None,
        });
        equal.chain(listed)
    }

    /// Whether labels meet it.
    pub fn matches(&self, labels: Option<&Map>) -> bool {
        let value = |key: &str| labels?.get(key)?.node.as_str();
        self.equal.iter().all(|(key, wanted)| value(key) == Some(wanted))
            && self.expressions.iter().all(|expression| {
                let found = value(expression.key);
                let listed = found.is_some_and(|found| expression.values.contains(&found));
                match expression.operator {
                    "In" => listed,
                    "NotIn" => !listed,
                    "Exists" => found.is_some(),
                    "DoesNotExist" => found.is_none(),
                    // No operator of Kubernetes; whoever checks types says so.
                    _ => true,
                }
            })
    }

    /// The selector in words: `app=web,tier`.
    pub fn text(&self) -> String {
        let equal = self.equal.iter().map(|(key, value)| format!("{key}={value}"));
        let expressions = self.expressions.iter().map(|e| match e.operator {
            "Exists" => e.key.to_owned(),
            "DoesNotExist" => format!("!{}", e.key),
            operator => format!("{} {} ({})", e.key, operator.to_lowercase(), e.values.join(",")),
        });
        equal.chain(expressions).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::Selector;
    use crate::node::Node;

    fn matches(selector: Json, labels: Json) -> bool {
        let (selector, labels) = (Node::from_json(&selector), Node::from_json(&labels));
        Selector::of(&selector).matches(labels.as_map())
    }

    #[test]
    fn selects_what_meets_every_requirement() {
        let selector = json!({
            "matchLabels": {"app": "web"},
            "matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["a", "b"]},
                {"key": "env", "operator": "NotIn", "values": ["test"]},
                {"key": "zone", "operator": "Exists"},
                {"key": "old", "operator": "DoesNotExist"},
            ],
        });
        let good = json!({"app": "web", "tier": "b", "zone": "", "more": "x"});
        assert!(matches(selector.clone(), good.clone()));
        for (key, value) in [("app", "x"), ("tier", "c"), ("env", "test"), ("old", "")] {
            let mut labels = good.clone();
            labels[key] = json!(value);
            assert!(!matches(selector.clone(), labels), "{key}");
        }
        assert!(!matches(selector, json!({"app": "web", "tier": "b"})));
    }

    #[test]
    fn an_empty_selector_selects_all() {
        let empty = Node::from_json(&json!({}));
        assert!(Selector::of(&empty).is_empty() && Selector::of(&empty).matches(None));
        assert!(!matches(json!({"matchLabels": {"a": "b"}}), json!([])));
    }

    #[test]
    fn is_shown_as_kubectl_writes_it() {
        let node = Node::from_json(&json!({"matchLabels": {"a": "b"}, "matchExpressions": [
            {"key": "c", "operator": "Exists"}, {"key": "d", "operator": "In", "values": ["e", "f"]},
        ]}));
        assert_eq!(Selector::of(&node).text(), "a=b,c,d in (e,f)");
    }
}
