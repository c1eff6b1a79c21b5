//! The JSON schema of the values: made from their types, checked against by us and by Helm.

mod around;
mod automaton;
mod bounds;
pub mod check;
mod compare;
mod elsewhere;
mod finding;
mod foreign;
pub mod generate;
mod help;
mod keywords;
mod meant;
mod message;
mod mistyped;
pub(crate) mod moved;
pub(crate) mod pattern;
mod repair;
mod rewrite;
mod rule;
mod shape;
mod speaker;
mod structure;
mod walk;

pub use around::around;
pub(crate) use finding::push_key;
pub(crate) use generate::{schema_of, schema_to_check};
pub use keywords::KEYWORDS;
pub(crate) use rewrite::image_parts;

use serde_json::Value as Json;

use crate::node::Node;

/// `values.schema.json` as it goes into every chart.
///
/// It is kept beside the source, since making it from the types takes longer than all the rest of a run. A test compares it
/// with what [`generate::generate`] makes.
pub const TEXT: &str = include_str!("../../chart/values.schema.json");

/// The schema of [`TEXT`].
pub fn load() -> Json {
    serde_json::from_str(TEXT).expect("a test compares the text with generated JSON")
}

/// The schema of a key, `forguncy.image.tag`, if there is that key.
pub(crate) fn of_key<'s>(path: &str, schema: &'s Json) -> Option<&'s Json> {
    structure::at(path, schema)
}

/// Whether a key takes a value.
pub(crate) fn takes(path: &str, node: &Node, schema: &Json) -> bool {
    of_key(path, schema).is_some_and(|property| walk::is_right(node, property, schema))
}

#[cfg(test)]
mod tests {
    use super::generate;
    use crate::generated;

    #[test]
    fn the_committed_schema_is_what_the_types_say() {
        generated::assert_current("chart/values.schema.json", super::TEXT, &generate::text());
    }
}
