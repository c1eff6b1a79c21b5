//! `hzgchart render`: manifests to stdout or to files.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value as Json, json};

use super::{inputs, keep, print};
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

    let templates = keep(Manifests::load(&loaded.values)?);
    let manifests = manifest::collect(&templates.render(&release)?)?;
    let manifests = select(manifests, &args.show_only)?;
    match &args.output_dir {
        None => print(out, &text(&manifests, args.format)?),
        Some(folder) => {
            let mut files: BTreeMap<String, Vec<Manifest>> = BTreeMap::new();
            for manifest in manifests {
                files.entry(manifest.template.clone()).or_default().push(manifest);
            }
            for (template, manifests) in files {
                let mut path = folder.join(DEFAULT_NAME).join(&template);
                if args.format == ManifestFormat::Json {
                    path.set_extension("json");
                }
                output::write_file(&path, text(&manifests, args.format)?.as_bytes())?;
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
            let size = |manifest: &Manifest| manifest.template.len() + manifest.text.len() + 64;
            let mut text = String::with_capacity(manifests.iter().map(size).sum());
            for manifest in manifests {
                for part in [
                    "---\n# Source: ",
                    DEFAULT_NAME,
                    "/",
                    &manifest.template,
                    "\n",
                    &manifest.text,
                    "\n",
                ] {
                    text.push_str(part);
                }
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
