//! Evaluates the pods of every preset, and holds the tables of `docs/security.md` against what comes of it.

use std::collections::BTreeMap;

use super::{Level, breaches};
use crate::generated::assert_current;
use crate::load::{Layer, Loaded, load};
use crate::object::Object;
use crate::presets::PRESETS;
use crate::references::pods::Pods;
use crate::release::Release;
use crate::source::Sources;
use crate::templates::render_open;
use crate::values::storage::StorageType;

/// The pods of a release, in the order of the tables' columns: what each breaks, and nothing for one that is not there.
type Found = [Option<Vec<(Level, &'static str)>>; 4];

const NAMES: [&str; 4] = ["forguncy-pod", "redis-pod", "influx-pod", "forguncy-test"];
const BEGIN: &str = "<!-- tables -->\n";
const END: &str = "<!-- end of tables -->\n";

/// The values of some presets, and of what makes redis ask for a password: then its container does most.
fn values(presets: &[&str]) -> Loaded {
    let auth = "redis: {auth: {enabled: true, existingSecret: own}}";
    let mut layers: Vec<Layer> =
        presets.iter().map(|name| Layer::Preset((*name).to_owned())).collect();
    layers.push(Layer::File("auth.yaml".to_owned(), auth.into()));
    load(&layers, &mut |_| unreachable!("no layer names a file")).unwrap()
}

fn evaluate(loaded: &Loaded) -> Found {
    let release = Release { name: "hzg".into(), namespace: "default".into() };
    let (rendered, _) = render_open(&loaded.tree, &release);
    let mut found = BTreeMap::new();
    for file in rendered {
        let mut sources = Sources::default();
        let id = sources.add(file.path, file.text);
        for object in Object::read(id, &sources).unwrap() {
            if let Some(pods) = Pods::of(&object.node) {
                let broken = breaches(&pods).into_iter().map(|one| (one.level, one.control));
                found.insert(object.name().to_owned(), broken.collect());
            }
        }
    }
    NAMES.map(|name| found.remove(&format!("hzg-{name}")))
}

/// The level that pods keep, and by what they fall short of the next one.
fn cell(broken: &Option<Vec<(Level, &'static str)>>) -> String {
    let Some(broken) = broken else { return "–".to_owned() };
    let mut controls: Vec<&str> = Vec::new();
    for (_, control) in broken {
        if !controls.contains(control) {
            controls.push(control);
        }
    }
    match broken.first() {
        None => "restricted".to_owned(),
        Some((Level::Restricted, _)) => format!("baseline, without {}", controls.join(", ")),
        Some((Level::Baseline, _)) => format!("privileged: {}", controls.join(", ")),
    }
}

fn tables() -> String {
    let mut text =
        String::from("| values | Forguncy | redis | influx | test |\n|---|---|---|---|---|\n");
    let names = PRESETS.iter().map(|preset| (format!("`{}`", preset.name), vec![preset.name]));
    for (title, presets) in [("the defaults".to_owned(), vec![])].into_iter().chain(names) {
        let cells = evaluate(&values(&presets)).map(|broken| cell(&broken));
        text.push_str(&format!("| {title} | {} |\n", cells.join(" | ")));
    }
    text
}

#[test]
fn the_committed_tables_are_what_the_pods_keep() {
    let page = include_str!("../../docs/security.md");
    let (head, rest) = page.split_once(BEGIN).unwrap();
    let (_, tail) = rest.split_once(END).unwrap();
    assert_current("docs/security.md", page, &format!("{head}{BEGIN}{}{END}{tail}", tables()));
}

/// What the page says in words, for every preset and every two together.
#[test]
fn all_keep_baseline_and_the_stores_keep_restricted_except_on_a_nodes_disk() {
    let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
    for first in &names {
        for second in &names {
            let presets = if first == second { vec![*first] } else { vec![*first, *second] };
            let loaded = values(&presets);
            let [forguncy, redis, influx, test] = evaluate(&loaded);
            for broken in [&forguncy, &redis, &influx, &test].into_iter().flatten() {
                assert!(
                    broken.iter().all(|(level, _)| *level == Level::Restricted),
                    "{presets:?}: {broken:?}"
                );
            }
            assert_eq!(test.unwrap_or_default(), [], "{presets:?}");
            let values = &loaded.values;
            let disk = values.storage.kind == StorageType::HostPath;
            for (broken, volume) in
                [(redis, &values.redis.persistence), (influx, &values.influx.persistence)]
            {
                let on_disk = disk && volume.enabled && volume.storage_class_name.is_empty();
                let init = ["Running as Non-root", "Running as Non-root user"]
                    .map(|control| (Level::Restricted, control));
                let wanted = if on_disk { &init[..] } else { &[] };
                assert_eq!(broken.unwrap_or_default(), wanted, "{presets:?}");
            }
        }
    }
}
