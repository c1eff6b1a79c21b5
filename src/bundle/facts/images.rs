//! The images, as the guide speaks of them: where they come from and go to, and by which program.

use std::collections::BTreeSet;

use super::super::Bundle;
use super::super::template::{Facts, cell, span};
use crate::images::Image;
use crate::images::mirror::Tool;

pub(super) fn gather(facts: &mut Facts, bundle: &Bundle<'_>) {
    let registry = bundle.loaded.values.global.image_registry.as_str();
    facts.text("registry", registry);
    facts.text("registry_host", registry.split('/').next().unwrap_or(registry));
    facts.text("tool", bundle.tool.name());
    facts.switch("docker", bundle.tool == Tool::Docker);
    facts.switch("nerdctl", bundle.tool == Tool::Nerdctl);
    facts.switch("skopeo", bundle.tool == Tool::Skopeo);
    let sets: Vec<&str> = bundle.images.iter().map(|set| set.name).collect();
    facts.switch("several_sets", sets.len() > 1);
    let first = sets.first().copied().unwrap_or_default();
    facts.text("set", first);
    facts.text("image_tar", format!("images-{first}.tar"));
    let joined = |parts: Vec<String>| parts.join(", ");
    facts.made("sets", joined(sets.iter().map(|name| span(name)).collect()));
    facts.made("set_argument", if sets.len() > 1 { format!(" {first}") } else { String::new() });
    facts.made(
        "set_rows",
        sets.iter()
            .flat_map(|name| {
                ["images.txt", "images.json", "mirror.sh"]
                    .map(|file| format!("images/{name}/{file}"))
            })
            .map(|path| span(&path))
            .collect::<Vec<_>>()
            .join(", "),
    );

    let mut all: Vec<&Image> = bundle.images.iter().flat_map(|set| &set.images).collect();
    all.sort_by_key(|image| (image.original.to_string(), &image.pulled));
    all.dedup();
    let row = |image: &Image, target: &str| {
        format!("| {} | {} |\n", cell(&image.original.to_string()), cell(target))
    };
    let is_there = |image: &&&Image| {
        let name = image.original.to_string();
        name.strip_prefix(registry).is_some_and(|rest| rest.starts_with('/'))
    };
    let (there, moved): (Vec<&Image>, Vec<&Image>) = all.into_iter().partition(|i| is_there(&i));
    let outside: Vec<&&Image> = moved.iter().filter(|image| !image.follows_registry).collect();
    facts.switch("outside", !outside.is_empty());
    facts.switch("there", !there.is_empty());
    let rows = |images: &[&&Image]| -> String {
        images.iter().map(|image| row(image, &image.original.under(registry))).collect()
    };
    facts.made("outside_rows", rows(&outside));
    facts.made("there", joined(there.iter().map(|i| span(&i.original.to_string())).collect()));
    let targets = moved.iter().map(|image| match image.follows_registry {
        true => (image, image.pulled.clone()),
        false => (image, image.original.under(registry)),
    });
    facts.made(
        "image_rows",
        targets.clone().map(|(image, target)| row(image, &target)).collect::<String>(),
    );
    facts.switch("pinned", moved.iter().any(|image| !image.original.digest.is_empty()));
    let projects: BTreeSet<String> =
        targets.filter_map(|(_, target)| target.split('/').nth(1).map(span)).collect();
    facts.made("projects", joined(projects.into_iter().collect()));
}
