//! `hzgchart render`: manifests to stdout or to files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::{inputs, print};
use crate::chart::name::DEFAULT_NAME;
use crate::cli::{ManifestFormat, RenderArgs};
use crate::error::{Error, Problem};
use crate::manifest::{self, Manifest};
use crate::output;
use crate::release::Release;
use crate::suggest::nearest;
use crate::templates::Manifests;

pub(super) fn run(
    args: &RenderArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<(), Error> {
    let release = Release { name: args.name.clone(), namespace: args.namespace.clone() };
    let mut problems = release.check();
    let loaded = match inputs::values(&args.values) {
        Ok(loaded) => Some(loaded),
        Err(Error::Invalid(found)) => {
            problems.extend(found);
            None
        }
        Err(other) => return Err(other),
    };
    let Some(loaded) = loaded.filter(|_| problems.is_empty()) else {
        return Err(Error::Invalid(problems));
    };

    let manifests = manifest::collect(&Manifests::load()?.render(&loaded.values, &release)?)?;
    let manifests = select(manifests, &args.show_only)?;
    match &args.output_dir {
        None => print(out, &text(&manifests, args.format)?),
        Some(folder) => {
            let mut files: BTreeMap<String, Vec<Manifest>> = BTreeMap::new();
            for manifest in manifests {
                files.entry(manifest.template.clone()).or_default().push(manifest);
            }
            let mut texts: Vec<(PathBuf, String)> = Vec::new();
            for (template, manifests) in files {
                let mut path = folder.join(DEFAULT_NAME).join(&template);
                if args.format == ManifestFormat::Json {
                    path.set_extension("json");
                }
                texts.push((path, text(&manifests, args.format)?));
            }
            let files: Vec<(&Path, &[u8])> =
                texts.iter().map(|(path, text)| (path.as_path(), text.as_bytes())).collect();
            output::write_files(&files)?;
            for (path, _) in &files {
                // Talk that cannot be heard is no reason to stop.
                let _ = writeln!(talk, "wrote {}", path.display());
            }
            Ok(())
        }
    }
}

/// The manifests of the templates asked for; all when none is.
fn select(manifests: Vec<Manifest>, templates: &[String]) -> Result<Vec<Manifest>, Error> {
    if templates.is_empty() {
        return Ok(manifests);
    }
    let problems: Vec<Problem> = templates
        .iter()
        .filter(|wanted| !manifests.iter().any(|manifest| manifest.template == **wanted))
        .map(|wanted| {
            let names = manifests.iter().map(|manifest| manifest.template.as_str());
            let problem =
                Problem::new(format!("`{wanted}` is no template with manifests for these values"));
            match nearest(wanted, names.clone()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => {
                    let mut names: Vec<&str> = names.collect();
                    names.sort_unstable();
                    names.dedup();
                    problem.help(format!("these have some: {}", names.join(", ")))
                }
            }
        })
        .collect();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    Ok(manifests.into_iter().filter(|manifest| templates.contains(&manifest.template)).collect())
}

fn text(manifests: &[Manifest], format: ManifestFormat) -> Result<String, Error> {
    Ok(match format {
        ManifestFormat::Yaml => {
            let mut text = String::new();
            for manifest in manifests {
                // Writing to a String cannot fail.
                let _ = writeln!(
                    text,
                    "---\n# Source: {DEFAULT_NAME}/{}\n{}",
                    manifest.template, manifest.text
                );
            }
            text
        }
        ManifestFormat::Json => {
            let items: Vec<Json> =
                manifests.iter().map(Manifest::object).collect::<Result<_, _>>()?;
            let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
            format!("{list:#}\n")
        }
    })
}
