//! What a part of an object is, as far as the types tell: so that lists are compared as an API server merges them.

use super::table::{Kind, Type};

/// The type of a part of an object; nothing is known of a custom resource's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    kind: &'static str,
    keys: Option<&'static str>,
}

impl Shape {
    /// The shape of a whole object.
    pub fn of(api_version: &str, kind: &str) -> Self {
        let kind = Kind::find(api_version, kind).map_or("", |kind| kind.of);
        Self { kind, keys: None }
    }

    /// The shape of a field, or of a map's entry.
    pub fn field(self, name: &str) -> Self {
        if let Some(kind) = self.kind.strip_prefix("{}") {
            return Self { kind, keys: None };
        }
        // Where versions differ in a field, the newest counts.
        let field = Type::find(self.kind).and_then(|of| of.field(name).last());
        field.map_or_else(Self::default, |field| Self { kind: field.kind, keys: field.keys })
    }

    /// The shape of a list's items.
    pub fn item(self) -> Self {
        Self { kind: self.kind.strip_prefix("[]").unwrap_or_default(), keys: None }
    }

    /// The keys that tell a list's items apart: `name`, or several with commas between; empty when the items themselves do. `None`
    /// for a list whose items have no keys, or of which nothing is known.
    pub fn keys(self) -> Option<&'static str> {
        self.keys
    }

    /// Whether anything is known of it.
    pub fn is_known(self) -> bool {
        !self.kind.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn follows_fields_items_and_maps_to_the_keys_of_lists() {
        let spec = Shape::of("apps/v1", "Deployment").field("spec").field("template").field("spec");
        assert_eq!(spec.field("volumes").keys(), Some("name"));
        let container = spec.field("containers").item();
        assert_eq!(container.field("volumeMounts").keys(), Some("mountPath"));
        assert_eq!(container.field("ports").keys(), Some("containerPort,protocol"));
        assert_eq!(container.field("args").keys(), None);
        assert!(Shape::of("v1", "ConfigMap").field("data").field("a").is_known());
    }

    #[test]
    fn knows_nothing_of_what_is_not_kubernetes_own() {
        for (api, kind) in [("example.com/v1", "Thing"), ("", ""), ("v1", "Nothing")] {
            assert!(!Shape::of(api, kind).field("spec").item().field("x").is_known());
        }
    }
}
