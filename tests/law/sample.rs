//! A generated case before it becomes texts: settings that can be taken away, made simpler, or have
//! their hostile strings replaced.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::case::Case;
use crate::harness::yaml::{Style, Tree};

/// One key with its value.
#[derive(Clone, Debug)]
pub struct Setting {
    /// `["redis", "auth", "password"]`
    pub path: Vec<String>,
    /// What it is set to. With [`Style::Plain`] a string is the bare text of a scalar.
    pub value: Json,
    /// How strings are written where the setting stands in a file.
    pub style: Style,
    /// Where it is set.
    pub place: Place,
}

/// Where a setting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the values file that is packaged.
    Package,
    /// In the values file given at install.
    File,
    /// In a `--set` argument; scalars and lists of scalars only.
    Set,
    /// In a `--set-string` argument; strings only.
    SetString,
    /// In a `--set-json` argument.
    SetJson,
}

/// Settings and names.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The release's name.
    pub release: String,
    /// The release's namespace.
    pub namespace: String,
    /// What is set; a later setting wins over an earlier one at the same place.
    pub settings: Vec<Setting>,
    /// The hostile strings among the values.
    pub hostile: HashSet<String>,
}

impl Sample {
    /// The texts.
    pub fn case(&self) -> Case {
        Case {
            release: self.release.clone(),
            namespace: self.namespace.clone(),
            given: Vec::new(),
            values: self.file(Place::Package),
            overrides: self.file(Place::File),
            args: self.effective().filter_map(argument).flatten().collect(),
        }
    }

    /// The settings without the known limits of docs/design.md, "The law".
    ///
    /// Those are overrides that a later override replaces as a whole map or deletes: Helm joins a command's overrides before it lays
    /// them over the chart, and so forgets the earlier one, and hzgchart cannot know which of its layers will be the chart and which
    /// the overrides, and merges both. And overrides with U+0085, which Helm 3 alone lets pass.
    fn effective(&self) -> impl Iterator<Item = &Setting> {
        self.settings.iter().enumerate().filter_map(|(i, setting)| {
            let replaced = setting.place != Place::Package
                && self.settings[i + 1..].iter().any(|later| {
                    let related = later.path.starts_with(&setting.path)
                        || setting.path.starts_with(&later.path);
                    let is_map = |s: &Setting| s.value.is_object() || s.value.is_null();
                    later.place != Place::Package && related && (is_map(later) || is_map(setting))
                });
            let passes_helm_3 =
                setting.place != Place::Package && setting.value.to_string().contains('\u{85}');
            (!replaced && !passes_helm_3).then_some(setting)
        })
    }

    fn file(&self, place: Place) -> String {
        let mut tree = Tree::empty();
        for setting in self.effective().filter(|s| s.place == place) {
            tree.insert(&setting.path, setting.value.clone(), setting.style);
        }
        tree.to_yaml()
    }

    /// The sample without a key and all below it; `None` when it does not set it.
    pub fn without(&self, key: &[String]) -> Option<Self> {
        let mut less = self.clone();
        less.settings.retain(|setting| !setting.path.starts_with(key));
        (less.settings.len() < self.settings.len()).then_some(less)
    }

    /// The same sample with `x` in place of every hostile string: it must have the same shape.
    pub fn tamed(&self) -> Self {
        // Those that take effect, as what leaves one out may be the string.
        let settings = self.effective().cloned().collect();
        let mut tamed = Self { settings, ..self.clone() };
        for setting in &mut tamed.settings {
            // Bare, or behind `--set`, such a text need not be a string at all.
            let typed = setting.style == Style::Plain || setting.place == Place::Set;
            if !typed {
                tame(&mut setting.value, &self.hostile);
            }
        }
        tamed
    }
}

fn tame(value: &mut Json, hostile: &HashSet<String>) {
    match value {
        Json::String(s) if !s.is_empty() && hostile.contains(s) => *s = "x".to_owned(),
        Json::Array(items) => items.iter_mut().for_each(|item| tame(item, hostile)),
        Json::Object(map) => map.values_mut().for_each(|item| tame(item, hostile)),
        _ => {}
    }
}

/// A setting as arguments, when it is one.
fn argument(setting: &Setting) -> Option<[String; 2]> {
    let (flag, text) = match (setting.place, &setting.value) {
        (Place::Package | Place::File, _) => return None,
        (Place::Set, Json::Array(items)) => {
            let items: Vec<String> = items.iter().map(scalar).collect();
            ("--set", format!("{{{}}}", items.join(",")))
        }
        (Place::Set, value) => ("--set", scalar(value)),
        (Place::SetString, value) => ("--set-string", scalar(value)),
        (Place::SetJson, value) => ("--set-json", value.to_string()),
    };
    let path: Vec<String> = setting.path.iter().map(|key| escape(key, "\\,.=[]")).collect();
    Some([flag.to_owned(), format!("{}={text}", path.join("."))])
}

fn scalar(value: &Json) -> String {
    match value {
        Json::String(s) => escape(s, "\\,{}"),
        other => other.to_string(),
    }
}

fn escape(text: &str, special: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if special.contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
