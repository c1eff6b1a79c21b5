//! What an action says: the value of a key that is taken over by itself, or something that only Helm can evaluate.

use crate::schema::moved::{Now, row};

use super::blank::words;

/// The key of the vendor's values that a text is the value of, and nothing else: `{{ .Values.KEY }}`, quoted or not.
fn key(text: &str) -> Option<Vec<&str>> {
    let path = match words(text)?.as_slice() {
        [value] | [value, "quote"] | ["quote", value] => *value,
        _ => return None,
    };
    Some(path.strip_prefix(".Values.")?.split('.').collect())
}

/// Where the key is here that a text is the value of.
fn moved(text: &str) -> Option<(Now, &'static str)> {
    row(&key(text)?).map(|(moved, section)| (moved.now, section))
}

/// Whether a text is nothing but the value of what became this key.
pub fn is_value_of(text: &str, to: &str) -> bool {
    key(text).is_some_and(|path| path.join(".") == to)
        || matches!(moved(text), Some((Now::Key(now), section)) if now.replace('*', section) == to)
}

/// Whether a text is the vendor's name of an image: its repository and its tag.
pub fn is_image(text: &str) -> bool {
    text.split_once(':').is_some_and(|(repository, tag)| {
        key(repository).is_some_and(|path| path.len() == 2)
            && matches!(moved(repository), Some((Now::Image, _)))
            && is_value_of(tag, "forguncy.image.tag")
    })
}

/// Whether a text is the size that all shares have.
pub fn is_size(text: &str) -> bool {
    matches!(moved(text), Some((Now::Size, _)))
}

/// Whether a text is the server of this share.
pub fn is_server(text: &str, share: &str) -> bool {
    matches!(moved(text), Some((Now::Server(of), _)) if of == share)
}

/// Whether a text is the path of this share.
pub fn is_path(text: &str, share: &str) -> bool {
    path_of(text) == Some(share)
}

/// The share whose path a text begins with.
pub fn path_of(text: &str) -> Option<&'static str> {
    match moved(text) {
        Some((Now::Path(share), _)) => Some(share),
        _ => None,
    }
}

/// Whether a text is the release's `Name`, or its `Namespace`, and nothing else.
pub fn is_release(text: &str, what: &str) -> bool {
    words(text).is_some_and(
        |words| matches!(words[..], [word] if word.strip_prefix(".Release.") == Some(what)),
    )
}

/// Whether a text is the password that the vendor's guide puts into redis.
pub fn is_password(text: &str) -> bool {
    key(text).is_some_and(|path| path == ["redis", "redis_password"])
}

#[cfg(test)]
mod tests {
    use super::{is_image, is_password, is_path, is_release, is_server, is_size, is_value_of};
    use crate::import::blank::blank;

    fn blanked(text: &str) -> String {
        blank(&format!("a: {text}\n")).unwrap().text[3..].trim().to_owned()
    }

    #[test]
    fn the_vendors_own_expressions_are_known() {
        let image = "{{ .Values.image.repository }}:{{- .Values.image.tag -}}";
        assert!(is_image(&blanked(image)));
        assert!(is_size(&blanked("{{.Values.persistentVolume.storage | quote}}")));
        assert!(is_server(&blanked("{{ $.Values.persistentVolume.nfs_bin.server }}"), "sitesBin"));
        assert!(is_path(&blanked("{{ quote .Values.persistentVolume.nfs_log.path }}"), "logs"));
        assert!(is_password(&blanked("{{ .Values.redis.redis_password }}")));
        assert!(is_release(&blanked("{{- $.Release.Name }}"), "Name"));
        assert!(!is_release(&blanked("{{ .Release.Name | trunc 10 }}"), "Name"));
        let tag = "forguncy.image.tag";
        assert!(is_value_of(&blanked("{{ .Values.image.tag }}"), tag));
        assert!(is_value_of(&blanked("{{ .Values.forguncy.image.tag }}"), tag));
    }

    #[test]
    fn whatever_else_stands_with_them_makes_another_value() {
        for text in [
            "a/{{ .Values.image.repository }}:{{ .Values.image.tag }}",
            "{{ .Values.image.repository }}-x86:{{ .Values.image.tag }}",
            "{{ .Values.image.repository }}:{{ .Values.image.tag }}-patched",
            "{{ .Values.image.repository }}:10.0.3.0",
            "{{ .Values.image.repository }}",
            "{{ .Values.image.repository | default \"a\" }}:{{ .Values.image.tag }}",
        ] {
            assert!(!is_image(&blanked(text)), "{text}");
        }
        let path = "{{ .Values.persistentVolume.nfs_log.path }}";
        for more in ["/prod", "-", "-{{ \"\" }}", "{{ .Release.Name }}", "{{ \"a\" }}"] {
            assert!(!is_path(&blanked(&format!("{path}{more}")), "logs"), "{more}");
        }
        assert!(!is_path(&blanked(path), "restore"));
        assert!(!is_server(&blanked(path), "logs"));
        assert!(!is_size(&blanked("{{ .Values.persistentVolume.storage | default \"1Gi\" }}")));
    }
}
