//! One slip of the fingers in a key, an enum's value or a preset's name, and the message names what was meant.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use hzgchart::error::Error;
use hzgchart::load::{Layer, load};
use hzgchart::presets::PRESETS;
use hzgchart::schema;
use hzgchart::values::Values;
use serde_json::{Map, Value as Json, json};

/// The share of slips that must be put right.
const ENOUGH: f64 = 0.95;
/// Slips of each class per name: a debug build takes some milliseconds for each.
const SAMPLE: usize = 2;

/// A change of one letter at a place; the letter is for those that need one.
type Edit = dyn Fn(&[char], usize, char) -> Vec<char>;

/// A name's slips by class: of one letter, and the ways in which other projects would write it.
fn slips(name: &str, seed: &mut u64) -> Vec<(&'static str, String)> {
    let letters: Vec<char> = name.chars().collect();
    let mut all = Vec::new();
    let mut sample = |class, count: usize, make: &Edit| {
        let mut places = BTreeSet::new();
        for _ in 0..4 * SAMPLE {
            if places.len() < SAMPLE && count > 0 {
                places.insert(next(seed) as usize % count);
            }
        }
        for place in places {
            let letter = char::from(b'a' + (next(seed) % 26) as u8);
            all.push((class, make(&letters, place, letter).into_iter().collect::<String>()));
        }
    };
    sample("delete", letters.len(), &|letters, place, _| {
        let mut letters = letters.to_vec();
        letters.remove(place);
        letters
    });
    sample("insert", letters.len() + 1, &|letters, place, letter| {
        let mut letters = letters.to_vec();
        letters.insert(place, letter);
        letters
    });
    sample("replace", letters.len(), &|letters, place, letter| {
        let mut letters = letters.to_vec();
        letters[place] = letter;
        letters
    });
    sample("swap", letters.len().saturating_sub(1), &|letters, place, _| {
        let mut letters = letters.to_vec();
        letters.swap(place, place + 1);
        letters
    });
    let separated = |separator: char| -> String {
        let breaks = |c: &char| c.is_uppercase() && !name.starts_with(*c);
        letters
            .iter()
            .flat_map(|c| breaks(c).then_some(separator).into_iter().chain(c.to_lowercase()))
            .collect()
    };
    let mut pascal = letters.clone();
    pascal[0] = pascal[0].to_ascii_uppercase();
    all.extend([
        ("snake_case", separated('_')),
        ("kebab-case", separated('-')),
        ("PascalCase", pascal.into_iter().collect()),
        ("lower case", name.to_lowercase()),
        ("UPPER CASE", name.to_uppercase()),
        ("plural", format!("{name}s")),
        ("singular", name.strip_suffix('s').unwrap_or(name).to_owned()),
    ]);
    all.retain(|(_, slip)| slip != name && !slip.is_empty());
    all
}

/// A number from a sequence that is the same in every run (an xorshift).
fn next(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

/// What the slips of one class came to.
#[derive(Default)]
struct Class {
    right: usize,
    all: usize,
    wrong: Vec<String>,
}

#[derive(Default)]
struct Tally {
    classes: BTreeMap<&'static str, Class>,
    /// Slips that made another name that there is.
    valid: usize,
}

impl Tally {
    fn count(&mut self, class: &'static str, slip: String, meant: &str, help: Option<String>) {
        let class = self.classes.entry(class).or_default();
        class.all += 1;
        let help = help.unwrap_or_default();
        if help.starts_with(&format!("did you mean `{meant}`?")) {
            class.right += 1;
        } else {
            class.wrong.push(format!("{slip} for {meant}: {help}"));
        }
    }

    fn check(&self, what: &str) {
        let (right, all) =
            self.classes.values().fold((0, 0), |(r, a), class| (r + class.right, a + class.all));
        let rate = right as f64 / all as f64;
        println!("{what}: {right} of {all} ({:.2}%), {} valid", 100.0 * rate, self.valid);
        for (name, class) in &self.classes {
            println!("  {name}: {} of {}", class.right, class.all);
            class.wrong.iter().for_each(|wrong| println!("    {wrong}"));
        }
        assert!(all > 0 && rate >= ENOUGH, "{what}: only {rate:.4} are put right");
    }
}

/// The help of the only problem of a values file; `None` when there is no problem.
fn help(values: &Json) -> Option<Option<String>> {
    let file = Layer::File("values.yaml".to_owned(), values.to_string().into_bytes());
    match load(&[file], &mut |_| unreachable!("no argument names a file")) {
        Ok(_) => None,
        Err(Error::Invalid(mut problems)) => {
            // In an item of a list, the key that was meant is missing as well.
            problems.retain(|problem| {
                problem.message.starts_with("unknown") || problem.message.starts_with("expected `")
            });
            assert_eq!(problems.len(), 1, "{values}: {problems:?}");
            Some(problems.remove(0).help)
        }
        Err(other) => panic!("{values}: {other}"),
    }
}

/// Every key: its path, its schema and its value in a file.
fn keys(schema: &Json, default: &Json, path: &[String], found: &mut Vec<(Vec<String>, Json)>) {
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let path = [path, slice::from_ref(key)].concat();
        found.push((path.clone(), default[key].clone()));
        keys(property, &default[key], &path, found);
        // Nobody can guess from a null, so the keys of a list's items must be known by their names alone.
        if property["items"]["additionalProperties"] == false {
            keys(&property["items"], &Json::Null, &[&path, &[ITEM.to_owned()][..]].concat(), found);
        }
    }
}

/// The part of a path that stands for an item of a list.
const ITEM: &str = "[0]";

/// A file that gives one value.
fn file(path: &[String], value: Json) -> Json {
    path.iter().rev().fold(value, |inner, key| {
        if key == ITEM {
            return json!([inner]);
        }
        let mut map = Map::new();
        map.insert(key.clone(), inner);
        Json::Object(map)
    })
}

#[test]
fn a_misspelt_key_is_named() {
    let mut found = Vec::new();
    keys(&schema::load(), &Values::default().to_json(), &[], &mut found);
    assert!(found.len() > 200, "{} keys", found.len());
    let (mut tally, mut seed) = (Tally::default(), 0x9e37_79b9_7f4a_7c15);
    for (path, value) in &found {
        let name = &path[path.len() - 1];
        for (class, slip) in slips(name, &mut seed) {
            let mut misspelt = path.clone();
            misspelt[path.len() - 1].clone_from(&slip);
            match help(&file(&misspelt, value.clone())) {
                None => tally.valid += 1,
                Some(help) => tally.count(class, misspelt.join("."), name, help),
            }
        }
    }
    tally.check("keys");
}

#[test]
fn a_misspelt_choice_is_named() {
    fn choices(schema: &Json, path: &[String], found: &mut Vec<(Vec<String>, String)>) {
        let all = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str);
        // Nobody misspells nothing.
        for choice in all.filter(|choice| !choice.is_empty()) {
            found.push((path.to_vec(), choice.to_owned()));
        }
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            choices(property, &[path, slice::from_ref(key)].concat(), found);
        }
    }
    let mut found = Vec::new();
    choices(&schema::load(), &[], &mut found);
    assert!(found.len() > 20, "{} choices", found.len());
    let (mut tally, mut seed) = (Tally::default(), 0x2545_f491_4f6c_dd1d);
    // Nobody misspells the empty choice.
    for (path, choice) in found.into_iter().filter(|(_, choice)| !choice.is_empty()) {
        for (class, slip) in slips(&choice, &mut seed) {
            match help(&file(&path, json!(slip))) {
                None => tally.valid += 1,
                Some(help) => {
                    tally.count(class, format!("{}={slip}", path.join(".")), &choice, help)
                }
            }
        }
    }
    tally.check("choices");
}

#[test]
fn a_misspelt_preset_is_named() {
    let (mut tally, mut seed) = (Tally::default(), 0x1234_5678_9abc_def1);
    for preset in PRESETS {
        for (class, slip) in
            (0..10).flat_map(|_| slips(preset.name, &mut seed)).collect::<BTreeSet<_>>()
        {
            match load(&[Layer::Preset(slip.clone())], &mut |_| unreachable!("no file is named")) {
                Ok(_) => tally.valid += 1,
                Err(Error::Invalid(mut problems)) => {
                    tally.count(class, slip, preset.name, problems.remove(0).help);
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
    tally.check("presets");
}
