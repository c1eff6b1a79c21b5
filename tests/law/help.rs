//! What may give a key its effect, when its value alone changes nothing: the switches that it depends on, found by trial.

use serde_json::Value as Json;

use super::leaves::Leaf;
use super::sample::{Place, Setting};
use crate::harness::yaml::Style;

/// What else may be set with a key.
#[derive(Clone, Copy, Debug)]
pub enum Help {
    /// Nothing, or else that the booleans beside the key and beside the groups that it lies in are true: `enabled`.
    Little,
    /// That, or else so they are, and one key that has choices is one of them: `storage.type`.
    Much,
}

impl Help {
    /// The settings to try, one list after another.
    pub fn conditions(self, leaf: &Leaf, leaves: &[Leaf]) -> Vec<Vec<Setting>> {
        let others = || leaves.iter().filter(|other| other.path != leaf.path);
        let is_beside = |other: &&Leaf| {
            other.path.split_last().is_some_and(|(_, group)| leaf.path.starts_with(group))
        };
        let on = others().filter(|other| other.schema["type"] == "boolean").filter(is_beside);
        let on: Vec<Setting> = on.map(|other| set(other, Json::Bool(true))).collect();
        let mut conditions = vec![Vec::new(), on.clone()];
        if let Self::Much = self {
            conditions.extend(others().flat_map(|other| {
                let choices = other.schema["enum"].as_array().into_iter().flatten();
                choices.map(|choice| [&on[..], &[set(other, choice.clone())]].concat())
            }));
        }
        conditions
    }
}

fn set(leaf: &Leaf, value: Json) -> Setting {
    Setting { path: leaf.path.clone(), value, style: Style::Double, place: Place::Package }
}

#[test]
fn the_switches_of_a_key_are_those_on_its_way_and_those_with_choices() {
    let leaf = |path: &str, schema: Json| Leaf {
        path: path.split('.').map(str::to_owned).collect(),
        schema,
    };
    let leaves = [
        leaf("a.b.key", Json::Null),
        leaf("a.b.enabled", serde_json::json!({ "type": "boolean" })),
        leaf("a.on", serde_json::json!({ "type": "boolean" })),
        leaf("c.enabled", serde_json::json!({ "type": "boolean" })),
        leaf("d.mode", serde_json::json!({ "enum": ["x", "y"] })),
    ];
    let tried = |help: Help| -> Vec<String> {
        let conditions = help.conditions(&leaves[0], &leaves);
        let one = |set: &Setting| format!("{}={}", set.path.join("."), set.value);
        conditions.iter().map(|all| all.iter().map(one).collect::<Vec<_>>().join(" ")).collect()
    };
    let little = ["", "a.b.enabled=true a.on=true"];
    assert_eq!(tried(Help::Little), little);
    let much =
        ["a.b.enabled=true a.on=true d.mode=\"x\"", "a.b.enabled=true a.on=true d.mode=\"y\""];
    assert_eq!(tried(Help::Much), [little, much].concat());
}
