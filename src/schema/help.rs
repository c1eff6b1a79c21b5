//! What to do about a finding.

use crate::node::Value;
use crate::source::Location;
use crate::suggest::nearest;

use super::elsewhere::{Places, elsewhere, owners};
use super::finding::{Fault, Finding};
use super::meant::Sibling;
use super::message::listed;
use super::repair::repair;
use super::rewrite::rewrite;
use super::shape::other_structure;
use super::speaker::Speaker;

/// More places of one rule than this are not told.
const FEW: usize = 4;

/// Where all keys of the vendor's values stand beside ours.
const TABLE_OF_KEYS: &str = "the README of hzgchart lists all keys of the vendor's chart, under \"From the vendor's chart\"";

impl Speaker<'_> {
    /// The key that was meant, or where it belongs, or the keys there are.
    pub(super) fn where_it_belongs(
        &self,
        finding: &Finding<'_>,
        meant: Option<Sibling<'_>>,
    ) -> Option<String> {
        let Fault::Unknown { key, allowed, .. } = finding.fault else { return None };
        let here = finding.path.strip_suffix(key).unwrap_or(&finding.path).trim_end_matches('.');
        let sure = meant.as_ref().is_some_and(Sibling::is_sure);
        let places = match sure {
            true => Places::default(),
            false => elsewhere(key, finding.node, here, self.schema),
        };
        if let Some(meant) = meant.filter(|_| !places.certain) {
            return Some(self.did_you_mean(finding, &meant));
        }
        if !places.paths.is_empty() {
            return Some(format!("did you mean {}?", listed(&places.paths, "or")));
        }
        let owners = owners(finding.node, here, self.schema);
        if !owners.is_empty() {
            return Some(match owners.iter().any(|owner| owner == here) {
                true => format!("leave `{key}` out: its keys stand one level higher"),
                false => format!("its keys belong to {}", listed(&owners, "or")),
            });
        }
        let keys: Vec<_> = allowed?.keys().collect();
        match keys.len() {
            0 => Some("no key is allowed here".to_owned()),
            _ => Some(format!("the keys here are {}", listed(&keys, "and"))),
        }
    }

    fn did_you_mean(&self, finding: &Finding<'_>, meant: &Sibling<'_>) -> String {
        let root = self.schema.as_object();
        let other = root.and_then(|root| other_structure(finding.node, meant.schema, root));
        match other {
            Some(structure) => format!("did you mean `{}`? It takes {structure}", meant.name),
            None => format!("did you mean `{}`?", meant.name),
        }
    }

    /// How to put a value right; a value may be quoted only if it is `visible`.
    pub(super) fn help(
        &self,
        finding: &Finding<'_>,
        secret: bool,
        visible: bool,
    ) -> Option<String> {
        match &finding.fault {
            Fault::Moved { row, section, .. } => {
                let mut help = rewrite(row.now, section, finding.node, visible, self.schema);
                let source = finding.origin.map(|at| self.sources.get(at.source).name.as_ref());
                if source.is_some_and(|name| name.starts_with("--set")) {
                    help = as_arguments(&help);
                }
                let table = row.vendor && !self.named_the_table.replace(true);
                Some(if table { format!("{help}; {TABLE_OF_KEYS}") } else { help })
            }
            Fault::Rule { given, .. } => {
                let others = given.iter().filter(|(_, at)| Some(*at) != finding.origin).take(FEW);
                let places: Vec<_> = others
                    .map(|(path, at)| format!("`{path}` at {}", Location::of(*at, self.sources)))
                    .collect();
                (!places.is_empty()).then(|| format!("see also {}", places.join(" and ")))
            }
            Fault::Type(types) => self.help_with_type(finding, types, secret, visible),
            Fault::Choice(choices) => {
                let Value::String(found) = &finding.node.value else { return None };
                let names = choices.iter().filter_map(|choice| choice.as_str());
                let meant = nearest(found, names).filter(|_| choices.len() > 1 && !secret)?;
                Some(format!("did you mean `{meant}`?"))
            }
            Fault::Pattern(_) | Fault::Excluded | Fault::NoBranch(_) => {
                let text = finding.node.as_str().filter(|_| !secret)?;
                let meant = repair(&finding.path, text, self.schema)?;
                Some(format!("did you mean `{meant}`?"))
            }
            Fault::Missing { in_list: false } => {
                Some("leave the null out, or give a value".to_owned())
            }
            Fault::Missing { in_list: true } => {
                let key = finding.path.rsplit('.').next().unwrap_or_default();
                let given = finding.node.as_map().into_iter().flat_map(|map| map.keys());
                let near =
                    nearest(key, given.map(|key| key.as_str()).filter(|given| *given != key));
                Some(match near {
                    Some(near) => {
                        format!("did you mean `{key}` where you wrote `{}`?", near.escape_debug())
                    }
                    None => "give it a value".to_owned(),
                })
            }
            _ => None,
        }
    }
}

/// Advice about YAML as advice about arguments: `key: value` in backticks becomes `key=value`.
fn as_arguments(help: &str) -> String {
    let pieces = help.split('`').enumerate().map(|(at, piece)| match piece.split_once(": ") {
        Some((key, value)) if at % 2 == 1 => format!("{key}={}", value.trim_matches('"')),
        _ => piece.to_owned(),
    });
    pieces.collect::<Vec<_>>().join("`")
}
