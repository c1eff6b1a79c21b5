//! `hzgchart render`: manifests to stdout or to files.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::check::Checks;
use super::{gather, inputs, print};
use crate::chart::name::DEFAULT_NAME;
use crate::cli::{ManifestFormat, RenderArgs};
use crate::deployment::Purpose;
use crate::error::{Error, Problem};
use crate::manifest::{self, Manifest};
use crate::output;
use crate::suggest::nearest;
use crate::templates::{self, chart};
use crate::validate;

pub(super) fn run(
    args: &RenderArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    let checks = Checks::read(&args.checks, &args.values.files)?;
    let release = args.release.release();
    let mut problems = release.check();
    let loaded = gather(inputs::values(&args.values), &mut problems)?;
    let Some(loaded) = loaded.filter(|_| problems.is_empty()) else {
        return Err(Error::Invalid(problems));
    };

    let rendered = templates::render(&loaded.tree, &release)?;
    if !args.no_validate {
        let outcome =
            validate::release(loaded, &release, &rendered, checks.version, Purpose::Install);
        if !checks.pass(outcome, talk) {
            return Ok(1);
        }
    }
    let manifests = manifest::collect(&rendered)?;
    let manifests = select(manifests, &args.show_only)?;
    match &args.output_dir {
        None => print(out, &text(&manifests, args.format)?)?,
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
        }
    }
    Ok(0)
}

/// The manifests of the templates asked for; all when none is.
fn select(manifests: Vec<Manifest>, templates: &[String]) -> Result<Vec<Manifest>, Error> {
    if templates.is_empty() {
        return Ok(manifests);
    }
    let paths: Vec<&str> =
        chart().map(|(path, _)| path).filter(|path| holds_manifests(path)).collect();
    let problems: Vec<Problem> = templates
        .iter()
        .filter(|wanted| !manifests.iter().any(|manifest| manifest.template == **wanted))
        .map(|wanted| not_shown(wanted, &paths))
        .collect();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    Ok(manifests.into_iter().filter(|manifest| templates.contains(&manifest.template)).collect())
}

/// Why there is nothing to show of a template. `paths` has every one that may hold manifests, below `templates/`.
fn not_shown(wanted: &str, paths: &[&str]) -> Problem {
    // Helm's `--show-only` wants `templates/` and nothing before it, and so does this.
    if wanted.strip_prefix(FOLDER).is_some_and(|below| paths.contains(&below)) {
        return Problem::new(format!("`{wanted}` has no manifests for these values"))
            .help("leave it out, or set the values that switch it on");
    }
    if wanted.strip_prefix(FOLDER) == Some(NOTES) {
        return Problem::new(format!(
            "`{wanted}` holds no manifests, but what Helm prints after an install"
        ))
        .help("leave it out; `helm get notes RELEASE` shows it for a release");
    }
    let below = match wanted.rsplit_once(FOLDER) {
        Some((_, below)) => below,
        None => wanted.trim_start_matches("./"),
    };
    let named = |path: &&str| path.rsplit('/').next() == Some(below);
    let problem = Problem::new(format!("there is no template `{wanted}`"));
    let meant = paths.iter().copied().find(|path| *path == below);
    match meant
        .or_else(|| paths.iter().copied().find(named))
        .or_else(|| nearest(below, paths.iter().copied()))
    {
        Some(near) => problem.help(format!("did you mean `{FOLDER}{near}`?")),
        None => {
            let mut all = paths.to_vec();
            all.sort_unstable();
            let all = all.iter().map(|path| format!("`{FOLDER}{path}`"));
            problem.help(format!("the templates are {}", all.collect::<Vec<_>>().join(", ")))
        }
    }
}

/// What a template's path begins with.
const FOLDER: &str = "templates/";

/// The template of the notes.
const NOTES: &str = "NOTES.txt";

/// Whether a template may hold manifests: Helm renders none of the notes, nor of what other templates include.
fn holds_manifests(path: &str) -> bool {
    path != NOTES && !path.starts_with('_')
}

fn text(manifests: &[Manifest], format: ManifestFormat) -> Result<String, Error> {
    Ok(match format {
        ManifestFormat::Yaml => yaml(manifests),
        ManifestFormat::Json => {
            let items: Vec<Json> =
                manifests.iter().map(Manifest::object).collect::<Result<_, _>>()?;
            let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
            format!("{list:#}\n")
        }
    })
}

/// A stream of documents, as `helm template` prints it.
pub(super) fn yaml(manifests: &[Manifest]) -> String {
    let size = |manifest: &Manifest| manifest.template.len() + manifest.text.len() + 64;
    let mut text = String::with_capacity(manifests.iter().map(size).sum());
    for manifest in manifests {
        let Manifest { template, text: object, .. } = manifest;
        for part in ["---\n# Source: ", DEFAULT_NAME, "/", template, "\n", object, "\n"] {
            text.push_str(part);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{not_shown, select};

    #[test]
    fn tells_which_template_was_meant() {
        let paths = ["pvs.yaml", "pvcs.yaml", "hpa-fgc.yaml", "tests/test-connection.yaml"];
        let help = |wanted| not_shown(wanted, &paths).help.unwrap_or_default();
        for (wanted, meant) in [
            ("pvs.yaml", "pvs.yaml"),
            ("./pvs.yaml", "pvs.yaml"),
            ("forguncy-k8s-server/templates/pvs.yaml", "pvs.yaml"),
            ("test-connection.yaml", "tests/test-connection.yaml"),
            ("templates/test-connection.yaml", "tests/test-connection.yaml"),
            ("templates/pvc.yaml", "pvcs.yaml"),
            ("HPA-fgc.yml", "hpa-fgc.yaml"),
        ] {
            assert_eq!(help(wanted), format!("did you mean `templates/{meant}`?"), "{wanted}");
        }
        assert!(help("x").starts_with("the templates are `templates/hpa-fgc.yaml`, "));
        assert!(help("").starts_with("the templates are "));
    }

    #[test]
    fn tells_a_template_without_manifests_from_one_that_is_not_there() {
        let problem = not_shown("templates/hpa-fgc.yaml", &["hpa-fgc.yaml", "pvcs.yaml"]);
        assert_eq!(problem.message, "`templates/hpa-fgc.yaml` has no manifests for these values");
    }

    #[test]
    fn sends_nobody_to_a_template_that_never_has_manifests() {
        let show = |wanted: &str| select(Vec::new(), &[wanted.to_owned()]).unwrap_err().to_string();
        let notes = show("templates/NOTES.txt");
        assert!(notes.contains("holds no manifests, but what Helm prints"), "{notes}");
        assert!(show("templates/_image.tpl").starts_with("there is no template"));
        let all = show("x");
        assert!(all.contains("`templates/pvs.yaml`"), "{all}");
        assert!(!all.contains("NOTES.txt") && !all.contains(".tpl"), "{all}");
    }
}
