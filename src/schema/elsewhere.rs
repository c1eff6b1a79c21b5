//! Finds where in a schema a key lives that stands in the wrong place.

use std::cmp::Reverse;

use serde_json::{Map, Value as Json};

/// The paths of the keys with this name elsewhere in a schema: those that share most with `here`,
/// the path of the map where it was looked for. None when they are too many to be of help.
pub fn elsewhere(key: &str, here: &str, schema: &Json) -> Vec<String> {
    let mut found = Vec::new();
    let root = schema.as_object();
    if let Some(root) = root {
        collect(key, root, root, &mut Vec::new(), &mut found);
    }
    let here: Vec<&str> = here.split('.').collect();
    let shared = |path: &Vec<&str>| path.iter().zip(&here).take_while(|(a, b)| a == b).count();
    found.sort_by_key(|path| (Reverse(shared(path)), path.len()));
    let most = found.first().map(shared);
    found.retain(|path| Some(shared(path)) == most);
    if found.len() > 3 {
        return Vec::new();
    }
    found.iter().map(|path| path.join(".")).collect()
}

/// Deep enough for every key of the values.
const MAX_DEPTH: usize = 8;

fn collect<'s>(
    key: &str,
    schema: &'s Map<String, Json>,
    root: &'s Map<String, Json>,
    path: &mut Vec<&'s str>,
    found: &mut Vec<Vec<&'s str>>,
) {
    if path.len() == MAX_DEPTH {
        return;
    }
    for (name, property) in resolved(schema, root)
        .and_then(|schema| schema.get("properties"))
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
    {
        path.push(name);
        if name == key {
            found.push(path.clone());
        }
        if let Some(property) = property.as_object() {
            collect(key, property, root, path, found);
        }
        path.pop();
    }
}

/// The schema that a reference stands for, or the schema itself.
pub fn resolved<'s>(
    schema: &'s Map<String, Json>,
    root: &'s Map<String, Json>,
) -> Option<&'s Map<String, Json>> {
    match schema.get("$ref").and_then(Json::as_str) {
        None => Some(schema),
        Some(reference) => {
            root.get("definitions")?.get(reference.strip_prefix("#/definitions/")?)?.as_object()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::elsewhere;

    #[test]
    fn tells_where_a_key_lives() {
        let leaf = json!({"type": "string"});
        let schema = json!({"properties": {
            "a": {"properties": {"x": {"$ref": "#/definitions/d"}, "y": leaf}},
            "b": {"properties": {"x": {"properties": {"size": leaf}}, "only": leaf}},
        }, "definitions": {"d": {"properties": {"size": leaf, "d": {"$ref": "#/definitions/d"}}}}});
        assert_eq!(elsewhere("only", "a", &schema), ["b.only"]);
        assert_eq!(elsewhere("size", "b", &schema), ["b.x.size"]);
        assert!(elsewhere("none", "", &schema).is_empty());
    }

    #[test]
    fn names_no_place_among_too_many() {
        let on = json!({"properties": {"on": {}}});
        let schema = json!({"properties": {"a": on, "b": on, "c": on, "d": on}});
        assert!(elsewhere("on", "", &schema).is_empty());
        assert_eq!(elsewhere("on", "a.x", &schema), ["a.on"]);
    }
}
