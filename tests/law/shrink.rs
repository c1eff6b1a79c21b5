//! Makes a sample that breaks the law smaller, as long as it breaks it.

use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::sample::Sample;
use crate::harness::yaml::Style;

/// A developer waits this long for a smaller case.
const PATIENCE: Duration = Duration::from_secs(120);

/// The smallest sample found for which `breaks` still says how it breaks the law.
pub fn shrink(
    mut sample: Sample,
    mut what: String,
    breaks: impl Fn(&Sample) -> Option<String>,
) -> (Sample, String) {
    let start = Instant::now();
    let mut size = sample.settings.len().max(1);
    // Whole runs of settings first, then single ones; then what is inside them.
    while size > 0 {
        let mut from = 0;
        while from < sample.settings.len() && start.elapsed() < PATIENCE {
            let mut smaller = sample.clone();
            smaller.settings.drain(from..(from + size).min(sample.settings.len()));
            match breaks(&smaller) {
                Some(still) => (sample, what) = (smaller, still),
                None => from += size,
            }
        }
        size /= 2;
    }
    while let Some((simpler, still)) = candidates(&sample)
        .into_iter()
        .take_while(|_| start.elapsed() < PATIENCE)
        .find_map(|simpler| breaks(&simpler).map(|still| (simpler, still)))
    {
        (sample, what) = (simpler, still);
    }
    (sample, what)
}

/// Samples that are one step simpler.
fn candidates(sample: &Sample) -> Vec<Sample> {
    let mut found = Vec::new();
    for (field, simple) in [(0, "forguncy"), (1, "default")] {
        let mut simpler = sample.clone();
        let name = if field == 0 { &mut simpler.release } else { &mut simpler.namespace };
        if name != simple {
            *name = simple.to_owned();
            found.push(simpler);
        }
    }
    for (i, setting) in sample.settings.iter().enumerate() {
        if !matches!(setting.style, Style::Double | Style::Plain) {
            let mut simpler = sample.clone();
            simpler.settings[i].style = Style::Double;
            found.push(simpler);
        }
        if setting.style != Style::Plain {
            found.extend(simpler_values(&setting.value).into_iter().map(|value| {
                let mut simpler = sample.clone();
                simpler.settings[i].value = value;
                simpler
            }));
        }
    }
    found
}

/// Values that are one step simpler; each step makes the value's text shorter, so this ends.
fn simpler_values(value: &Json) -> Vec<Json> {
    match value {
        Json::String(s) => {
            let characters: Vec<char> = s.chars().collect();
            let middle = characters.len() / 2;
            let mut found = Vec::new();
            if middle > 0 {
                found.push(characters[..middle].iter().collect::<String>());
                found.push(characters[middle..].iter().collect());
                found.push(characters[1..].iter().collect());
                found.push(characters[..characters.len() - 1].iter().collect());
            }
            found.into_iter().map(Json::String).collect()
        }
        Json::Array(items) => {
            let without = (0..items.len()).map(|i| {
                let mut fewer = items.clone();
                fewer.remove(i);
                Json::Array(fewer)
            });
            let inside = (0..items.len()).flat_map(|i| {
                simpler_values(&items[i]).into_iter().map(move |simpler| {
                    let mut items = items.clone();
                    items[i] = simpler;
                    Json::Array(items)
                })
            });
            without.chain(inside).collect()
        }
        Json::Object(map) => {
            let without = map.keys().map(|key| {
                let mut fewer = map.clone();
                fewer.shift_remove(key);
                Json::Object(fewer)
            });
            let inside = map.iter().flat_map(|(key, inner)| {
                simpler_values(inner).into_iter().map(move |simpler| {
                    let mut map = map.clone();
                    map.insert(key.clone(), simpler);
                    Json::Object(map)
                })
            });
            without.chain(inside).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn a_sample_shrinks_to_what_breaks_it() {
    use super::sample::{Place, Setting};

    let setting = |key: &str, value: Json| Setting {
        path: vec![key.to_owned()],
        value,
        style: Style::Literal,
        place: Place::Package,
    };
    let sample = Sample {
        release: "y".to_owned(),
        namespace: "on".to_owned(),
        settings: vec![
            setting("a", Json::from(1)),
            setting("b", serde_json::json!({ "k": ["long text with ~ in it", 2] })),
            setting("c", Json::from(3)),
        ],
        hostile: Default::default(),
    };
    let breaks = |s: &Sample| s.case().values.contains('~').then(|| "holds a tilde".to_owned());
    let (smallest, _) = shrink(sample, String::new(), breaks);
    assert_eq!(smallest.case().values, "\"b\":\n  \"k\":\n    - \"~\"\n");
    assert_eq!((smallest.release.as_str(), smallest.namespace.as_str()), ("forguncy", "default"));
}
