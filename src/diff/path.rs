//! The way to a field, with the items of keyed lists called by their keys.

use std::fmt;

use super::shown::cut;

/// A field's path: `spec.template.spec.containers[name=app].image`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into a map.
    Key(String),
    /// To the item of a list that has these keys with these values.
    Item(Vec<(&'static str, String)>),
    /// To the item at a place of a list.
    Index(usize),
}

impl Path {
    /// The path with one step more.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// The same for a map's key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.join(Step::Key(key.to_owned()))
    }

    /// The steps.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The names of the keys on the way, without the items of lists.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            _ => None,
        })
    }

    /// Whether this is the field, or lies below it. The field is written without the items of lists: `spec.ports.nodePort`.
    pub fn is_in(&self, field: &str) -> bool {
        let mut keys = self.keys();
        field.split('.').all(|part| keys.next() == Some(part))
    }

    /// Whether this is that very field, in whichever item.
    pub fn is(&self, field: &str) -> bool {
        self.is_in(field) && self.keys().count() == field.split('.').count()
    }

    /// The number of steps behind which the path is in this field's item; 0 when it leads to none.
    pub fn behind_item(&self, field: &str) -> usize {
        let mut parts = field.split('.');
        let mut next = parts.next();
        for (at, step) in self.0.iter().enumerate() {
            match (step, next) {
                (Step::Key(key), Some(part)) if key == part => next = parts.next(),
                (Step::Item(_) | Step::Index(_), None) => return at + 1,
                (Step::Item(_) | Step::Index(_), Some(_)) => {}
                _ => return 0,
            }
        }
        0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if is_plain(key) && at > 0 => write!(f, ".{key}")?,
                Step::Key(key) if is_plain(key) => write!(f, "{key}")?,
                Step::Key(key) => write!(f, "[{:?}]", cut(key))?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Item(keys) => {
                    for (i, (key, value)) in keys.iter().enumerate() {
                        let sign = if i == 0 { "[" } else { "," };
                        let equals = if key.is_empty() { "" } else { "=" };
                        write!(f, "{sign}{key}{equals}{}", cut(value).escape_debug())?;
                    }
                    write!(f, "]")?;
                }
            }
        }
        Ok(())
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::{Path, Step};

    fn image() -> Path {
        let containers = Path::default().key("spec").key("containers");
        containers.join(Step::Item(vec![("name", "app".to_owned())])).key("image")
    }

    #[test]
    fn writes_keys_items_and_what_is_no_plain_name() {
        assert_eq!(image().to_string(), "spec.containers[name=app].image");
        let port = vec![("containerPort", "80".to_owned()), ("protocol", "TCP".to_owned())];
        let path = Path::default().key("metadata").key("a.b/c").join(Step::Item(port));
        assert_eq!(path.to_string(), "metadata[\"a.b/c\"][containerPort=80,protocol=TCP]");
        let path = Path::default().key("a\nb").join(Step::Index(2));
        assert_eq!(path.to_string(), "[\"a\\nb\"][2]");
    }

    #[test]
    fn lies_in_the_fields_above_it_only() {
        let path = image();
        assert!(
            path.is_in("spec") && path.is_in("spec.containers") && path.is("spec.containers.image")
        );
        assert!(!path.is("spec.containers") && !path.is_in("spec.containers.image.tag"));
        assert!(!path.is_in("spec.container") && !path.is_in("metadata"));
    }

    #[test]
    fn finds_the_item_that_it_leads_into() {
        assert_eq!(image().behind_item("spec.containers"), 3);
        assert_eq!(image().behind_item("spec.volumes"), 0);
        assert_eq!(Path::default().key("spec").key("containers").behind_item("spec.containers"), 0);
    }
}
