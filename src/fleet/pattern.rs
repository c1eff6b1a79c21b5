//! Names in braces, which stand for an entry's own.

use crate::node::{Entry as NodeEntry, Map, Node, Value};
use crate::suggest::nearest;

/// What an entry's names are.
#[derive(Clone, Copy, Debug)]
pub struct Names<'e> {
    /// The entry's own.
    pub name: &'e str,
    /// The tenant.
    pub tenant: &'e str,
    /// The environment; empty for none.
    pub environment: &'e str,
    /// The architecture; empty for none.
    pub architecture: &'e str,
}

/// The words that stand for names.
const WORDS: [&str; 4] = ["tenant", "environment", "architecture", "name"];

/// The words of [`WORDS`] that differ from tenant to tenant.
const OWN: [&str; 2] = ["{tenant}", "{name}"];

impl Names<'_> {
    fn get(&self, word: &str) -> Option<&str> {
        match word {
            "tenant" => Some(self.tenant),
            "environment" => Some(self.environment),
            "architecture" => Some(self.architecture),
            "name" => Some(self.name),
            _ => None,
        }
    }

    /// A text with names in the place of words.
    ///
    /// # Errors
    /// What is wrong with a word: that there is no such, or that the entry has no such name.
    pub fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len() + 16);
        let mut rest = text;
        while let Some((before, (word, after))) =
            rest.split_once('{').and_then(|(before, from)| Some((before, from.split_once('}')?)))
        {
            filled.push_str(before);
            match self.get(word) {
                Some("") => {
                    return Err(format!(
                        "`{{{word}}}` stands for nothing: the entry has no {word}"
                    ));
                }
                Some(name) => filled.push_str(name),
                None => {
                    let meant = nearest(word, WORDS.into_iter()).unwrap_or("tenant");
                    return Err(format!(
                        "`{{{word}}}` stands for no name, did you mean `{{{meant}}}`?"
                    ));
                }
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// Values with names in the place of words. What is in braces and is no such word stays: values may hold braces.
    ///
    /// # Errors
    /// What is wrong with a word that the entry has no name for, and the text that has it.
    pub fn fill_values<'n>(&self, node: &'n Node) -> Result<Node, (String, &'n Node)> {
        let value = match &node.value {
            Value::String(text) if holds_word(text) => {
                Value::String(self.fill_words(text).map_err(|message| (message, node))?.into())
            }
            Value::List(items) => Value::List(
                items.iter().map(|item| self.fill_values(item)).collect::<Result<_, _>>()?,
            ),
            Value::Map(map) => Value::Map(
                map.iter()
                    .map(|(key, entry)| {
                        let node = self.fill_values(&entry.node)?;
                        Ok((key.clone(), NodeEntry { key_origin: entry.key_origin, node }))
                    })
                    .collect::<Result<Map, _>>()?,
            ),
            other => other.clone(),
        };
        Ok(Node::new(value, node.origin))
    }

    fn fill_words(&self, text: &str) -> Result<String, String> {
        let mut filled = text.to_owned();
        for word in WORDS {
            let pattern = format!("{{{word}}}");
            if filled.contains(&pattern) {
                filled = filled.replace(&pattern, &self.fill(&pattern)?);
            }
        }
        Ok(filled)
    }
}

fn holds_word(text: &str) -> bool {
    text.contains('{') && WORDS.iter().any(|word| text.contains(&format!("{{{word}}}")))
}

/// Whether values hold a word that differs from tenant to tenant.
pub fn is_own(node: &Node) -> bool {
    any(node, &is_own_text)
}

/// Whether a text holds a word that differs from tenant to tenant.
pub fn is_own_text(text: &str) -> bool {
    OWN.iter().any(|word| text.contains(word))
}

fn any(node: &Node, test: &dyn Fn(&str) -> bool) -> bool {
    match &node.value {
        Value::String(text) => test(text),
        Value::List(items) => items.iter().any(|item| any(item, test)),
        Value::Map(map) => map.values().any(|entry| any(&entry.node, test)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Names, is_own};
    use crate::node::Node;

    const NAMES: Names<'_> =
        Names { name: "acme-prod", tenant: "acme", environment: "prod", architecture: "" };

    #[test]
    fn fills_texts() {
        assert_eq!(NAMES.fill("{tenant}/{environment}.yaml").unwrap(), "acme/prod.yaml");
        assert_eq!(NAMES.fill("plain } { open").unwrap(), "plain } { open");
        assert_eq!(NAMES.fill("{name}{name}").unwrap(), "acme-prodacme-prod");
    }

    #[test]
    fn says_which_word_is_wrong() {
        assert_eq!(
            NAMES.fill("{tenat}").unwrap_err(),
            "`{tenat}` stands for no name, did you mean `{tenant}`?"
        );
        assert_eq!(
            NAMES.fill("{architecture}").unwrap_err(),
            "`{architecture}` stands for nothing: the entry has no architecture"
        );
    }

    #[test]
    fn fills_values_and_leaves_other_braces() {
        let values =
            Node::from_json(&json!({"a": ["{tenant}.example.com", 1], "b": "{\"x\": {y}}"}));
        assert!(is_own(&values));
        assert_eq!(
            NAMES.fill_values(&values).unwrap().to_json(),
            json!({"a": ["acme.example.com", 1], "b": "{\"x\": {y}}"})
        );
        assert!(NAMES.fill_values(&Node::from_json(&json!("{architecture}"))).is_err());
    }

    #[test]
    fn what_only_names_the_environment_is_common() {
        let values = Node::from_json(&json!({"a": "{environment}"}));
        assert!(!is_own(&values));
    }
}
