//! Where a field that stands in the wrong place belongs, and how paths are written.

use crate::node::Map;
use crate::suggest::nearest;

use super::format::shown;
use super::table::Type;
use super::walk::{Step, Walk};

/// How many types deep a misplaced field is looked for: from a Deployment's `spec` to its pods' `spec`.
const DEPTH: usize = 2;

/// What to do about a field that a type does not have.
#[derive(Debug, Default)]
pub(super) struct Hint {
    pub help: Option<String>,
    /// The field of the type that it stands for, or that it belongs below.
    pub field: Option<&'static str>,
}

/// Fields that an older version of a type had, and what has become of them.
const MOVED: [(&str, &str, &str); 3] = [
    ("networking.v1.IngressBackend", "serviceName", "service.name"),
    ("networking.v1.IngressBackend", "servicePort", "service.port.number"),
    (
        "autoscaling.v2.HorizontalPodAutoscalerSpec",
        "targetCPUUtilizationPercentage",
        "metrics[].resource.target.averageUtilization",
    ),
];

/// Says where a field that a struct does not have belongs, or what was meant by it.
pub(super) fn hint(walk: &Walk<'_>, of: Type, map: &Map, key: &str) -> Hint {
    let names =
        || of.fields().filter(|field| field.versions.has(walk.version)).map(|field| field.name);
    let meant = |name: &'static str| Hint {
        help: Some(format!("did you mean `{name}`?")),
        field: Some(name),
    };
    let belongs = |place: &str| {
        let below = place.strip_prefix(&written(&walk.path)).unwrap_or_default();
        let first = below.trim_start_matches('.').split(['.', '[']).next().unwrap_or_default();
        Hint {
            help: Some(format!("it belongs at `{place}`")),
            field: names().find(|name| *name == first),
        }
    };
    if let Some(same) = names().find(|name| name.eq_ignore_ascii_case(key)) {
        return meant(same);
    }
    if let Some((.., place)) = MOVED.iter().find(|(moved, old, _)| (*moved, *old) == (of.name, key))
    {
        return belongs(&joined(&written(&walk.path), place));
    }
    if of.name == "meta.v1.LabelSelector" {
        return belongs(&below(&[&walk.path[..], &[Step::Key("matchLabels")]].concat(), key));
    }
    let mut places: Vec<String> = walk
        .around
        .iter()
        .rev()
        .skip(1)
        .filter(|around| has(around.of, key, walk))
        // A field that the way leads through is there already.
        .filter(|around| !matches!(walk.path.get(around.depth), Some(Step::Key(there)) if *there == key))
        .map(|around| below(&walk.path[..around.depth], key))
        .take(1)
        .collect();
    if places.is_empty() {
        collect(walk, of, key, &written(&walk.path), DEPTH, &mut places);
    }
    let near = nearest(key, names()).and_then(|near| names().find(|name| *name == near));
    match (places.as_slice(), near) {
        ([one], _) => return belongs(one),
        ([one, two], _) => {
            let help = Some(format!("it belongs at `{one}` or `{two}`"));
            return Hint { help, field: None };
        }
        (_, Some(near)) => return meant(near),
        ([], None) => {}
        _ => return Hint::default(),
    }
    let shortened = |name: &&'static str| !map.contains_key(name) && is_short(key, name);
    let required = of.required(walk.version).map(|field| field.name).filter(shortened);
    let alike = names().filter(|name| name.as_bytes().first() == key.as_bytes().first());
    let shortest = |name: &&str| name.len();
    if let Some(name) =
        required.min_by_key(shortest).or_else(|| alike.filter(shortened).min_by_key(shortest))
    {
        return meant(name);
    }
    let few: Vec<String> = names().take(9).map(|name| format!("`{name}`")).collect();
    let help = (1..9).contains(&few.len()).then(|| format!("the fields are {}", few.join(", ")));
    Hint { help, field: None }
}

/// Whether a key is a name with letters left out: `path` for `mountPath`, `img` for `image`.
fn is_short(key: &str, name: &str) -> bool {
    let mut letters = name.bytes();
    key.len() > 2 && key.bytes().all(|key| letters.any(|letter| letter.eq_ignore_ascii_case(&key)))
}

fn joined(path: &str, below: &str) -> String {
    if path.is_empty() { below.to_owned() } else { format!("{path}.{below}") }
}

fn has(of: Type, key: &str, walk: &Walk<'_>) -> bool {
    of.field(key).any(|field| field.versions.has(walk.version))
}

/// The places below a type that have the field.
fn collect(
    walk: &Walk<'_>,
    of: Type,
    key: &str,
    path: &str,
    depth: usize,
    places: &mut Vec<String>,
) {
    if depth == 0 {
        return;
    }
    // The API server fills the status in; nothing that someone writes belongs there.
    for field in
        of.fields().filter(|field| field.versions.has(walk.version) && field.name != "status")
    {
        let item = field.kind.trim_start_matches("[]");
        let Some(of) = Type::find(item) else { continue };
        let dot = if path.is_empty() { "" } else { "." };
        let list = if item.len() < field.kind.len() { "[]" } else { "" };
        let path = format!("{path}{dot}{}{list}", field.name);
        if has(of, key, walk) {
            places.push(format!("{path}.{key}"));
        } else {
            collect(walk, of, key, &path, depth - 1, places);
        }
    }
}

/// A path as messages write it: `spec.containers[0].image`, `metadata.labels["a.b/c"]`.
pub(super) fn written(path: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Index(index) => text.push_str(&format!("[{index}]")),
            Step::Key(key) => push(&mut text, key),
        }
    }
    text
}

/// The path of a field below a place.
pub(super) fn below(path: &[Step<'_>], field: &str) -> String {
    let mut text = written(path);
    push(&mut text, field);
    text
}

fn push(text: &mut String, key: &str) {
    if !key.is_empty()
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'$'))
    {
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(key);
    } else {
        text.push_str(&format!("[\"{}\"]", shown(key)));
    }
}
