//! The two scripts that move images: `save-images.sh` outside, `load-images.sh` at the site. Both call the mirror script of the nodes'
//! architecture, and have the same way to be told which.

use super::Bundle;

/// What saves the images where their registries are reached.
pub(super) fn save(bundle: &Bundle<'_>) -> String {
    filled(include_str!("save-images.sh"), bundle)
}

/// What brings them to the site's registry.
pub(super) fn load(bundle: &Bundle<'_>) -> String {
    filled(include_str!("load-images.sh"), bundle)
}

fn filled(text: &str, bundle: &Bundle<'_>) -> String {
    let names: Vec<&str> = bundle.images.iter().map(|set| set.name).collect();
    let default = if names.len() == 1 { names[0] } else { "" };
    let argument = if names.len() == 1 { String::new() } else { format!(" {}", names[0]) };
    text.replace("@REGISTRY@", &bundle.loaded.values.global.image_registry)
        .replace("@ARGUMENT@", &argument)
        .replace("@DEFAULT@", default)
        .replace("@PATTERN@", &names.join(" | "))
        .replace("@NAMES@", &names.join(" or "))
        .replace("@TOOL@", bundle.tool.name())
}
