//! Which keys of the values the templates of a chart name. What none of them names has no effect.

use std::collections::BTreeSet;

use indexmap::IndexMap;

/// The paths that follow `.Values` in the templates; an empty one for all values.
pub struct Used(BTreeSet<String>);

impl Used {
    /// The keys that the templates of a chart name, in comments too.
    pub fn of(files: &IndexMap<String, Vec<u8>>) -> Self {
        let mut paths = BTreeSet::new();
        for (_, bytes) in files.iter().filter(|(path, _)| path.starts_with("templates/")) {
            let text = String::from_utf8_lossy(bytes);
            for rest in text.split(".Values").skip(1) {
                let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
                let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                paths.insert(rest[..end].trim_matches('.').to_owned());
            }
        }
        Self(paths)
    }

    /// Whether a template uses a key: it names it, what is below it, or a map that it is in.
    pub fn contains(&self, path: &str) -> bool {
        let below = format!("{path}.");
        self.0.contains("")
            || self.names(path)
            || self.0.range(below.clone()..).next().is_some_and(|name| name.starts_with(&below))
    }

    /// Whether a template names a key, or a map that it is in.
    pub fn names(&self, path: &str) -> bool {
        let ends = path.match_indices('.').map(|(end, _)| end).chain([path.len()]);
        ends.into_iter().any(|end| self.0.contains(&path[..end]))
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::Used;

    fn used(text: &str) -> Used {
        Used::of(&IndexMap::from([("templates/a.yaml".to_owned(), text.as_bytes().to_vec())]))
    }

    #[test]
    fn a_key_is_used_by_its_name_or_with_what_it_is_in() {
        let some = used("a: {{ $.Values.image.tag }}{{ with .Values.redis }}\n");
        for path in ["image.tag", "image", "redis", "redis.redis_password"] {
            assert!(some.contains(path), "{path}");
        }
        for path in ["image.repository", "redi", "image.tags", "x"] {
            assert!(!some.contains(path), "{path}");
        }
        assert!(some.names("redis.enabled") && !some.names("image"));
        let all = used("{{ toYaml .Values }}");
        assert!(all.contains("x.y") && !all.names("x.y"));
    }
}
