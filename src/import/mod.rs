//! Typed values out of the vendor's chart, and what is in it that has no key here.
//!
//! ```text
//! files ─┬─ values.yaml ─ vendor ──────────────────┐
//!        ├─ templates ── blank ── object ── walk ─┼─ draft ─ file ─ written
//!        └─ Chart.yaml ── metadata ───────────────┘
//! ```
//!
//! Values are read by the table of moved keys. The vendor's templates are not public, so they are read by their shape: what `{{ }}`
//! makes is blanked, and what is left is walked field by field. Every field is known to be ours as well, or goes to a key, or is told.

mod blank;
mod container;
mod draft;
mod excluded;
mod expression;
mod field;
mod file;
mod image;
mod joined;
mod metadata;
mod mount;
mod object;
mod pod;
mod ports;
mod release;
mod seen;
mod shares;
mod template;
mod templates;
mod used;
mod vendor;
mod volumes;
mod walk;
mod written;

use std::path::Path;

use indexmap::IndexMap;

use crate::error::{Error, Problem};
use crate::inspect::{self, shown};
use crate::node::{Map, Node, Value};
use crate::source::{Location, Sources};
use crate::yaml::{decode, read};

use self::draft::Draft;
use self::shares::Shares;
use self::used::Used;

/// What an import makes.
#[derive(Debug)]
pub struct Imported {
    /// The values file.
    pub text: String,
    /// What is good to know.
    pub notes: Vec<String>,
    /// What was not taken over, one by one.
    pub problems: Vec<Problem>,
}

/// More problems than this are counted, not told.
const MAX_PROBLEMS: usize = 200;

/// Imports a bare values file.
///
/// # Errors
/// [`Error::Invalid`] when it is no YAML that Helm would read.
pub fn values(name: &str, bytes: &[u8]) -> Result<Imported, Error> {
    let mut sources = Sources::default();
    let (text, is_partial) = release::without_header(decode(bytes, name)?);
    if release::is_null(&text) {
        return Err(release::nothing(name).at(start_of(name.to_owned())).into());
    }
    let tree = tree(name, text, &mut sources)?;
    if tree.as_map().is_some_and(Map::is_empty) {
        return Err(release::nothing(name).at(start_of(name.to_owned())).into());
    }
    let has = |key: &str| tree.as_map().is_some_and(|map| map.contains_key(key));
    if ["apiVersion", "name", "version"].into_iter().all(has) {
        let problem = Problem::new(format!("`{name}` is a Chart.yaml, which has no values"));
        let help = "give the chart's folder, or the values.yaml beside it";
        return Err(problem.at(start_of(name.to_owned())).help(help).into());
    }
    let schema = crate::schema::load();
    let mut draft = Draft::new(&schema);
    if is_partial {
        draft.problems.push(release::partial().at(start_of(name.to_owned())));
    }
    let mut shares = Shares::default();
    let file = Path::new(name).file_name().map_or_else(|| name.into(), |n| n.to_string_lossy());
    vendor::read(tree, &shown(&file), &sources, None, &mut draft, &mut shares);
    shares.finish(&mut draft);
    let header = "The templates were not looked at: what was edited there is not in this file.";
    Ok(finish(draft, name, &[header.to_owned()], Vec::new()))
}

/// Imports a chart: a zip, a folder or a packaged chart.
///
/// # Errors
/// [`Error::Io`] when it cannot be read; [`Error::Invalid`] when it is damaged, dangerous to unpack, too large, or no chart.
pub fn chart(path: &Path) -> Result<Imported, Error> {
    let found = inspect::files(path)?;
    let name = path.display().to_string();
    let separator = if path.is_dir() { "/" } else { ":" };
    let called = |file: &str| format!("{}{separator}{}", name.trim_end_matches('/'), shown(file));
    let Some(bytes) = found.files.get("values.yaml") else {
        let inner = found.files.keys().find_map(|path| path.strip_suffix("/Chart.yaml"));
        let problem = Problem::new(format!("`{name}` is no chart: it has no values.yaml"));
        return Err(problem
            .help(match inner {
                Some(inner) if path.is_dir() => {
                    format!("a chart lies in `{}`: give that", called(inner))
                }
                Some(inner) => {
                    format!("a chart lies in `{}`: unpack it, and give that folder", shown(inner))
                }
                None => "give the vendor's zip, its folder, a packaged chart, or its values.yaml"
                    .to_owned(),
            })
            .into());
    };
    let mut sources = Sources::default();
    let text = decode(bytes, &called("values.yaml"))?;
    let tree = tree(&called("values.yaml"), text, &mut sources)?;
    let schema = crate::schema::load();
    let mut draft = Draft::new(&schema);
    draft.problems = found.problems;
    let mut shares = Shares::default();
    let mut notes = Vec::new();
    let is_ours = is_typed(&found.files);
    let used = (!is_ours).then(|| Used::of(&found.files));
    vendor::read(tree, "values.yaml", &sources, used.as_ref(), &mut draft, &mut shares);
    let header = metadata::read(&found.files, &called, &mut draft);
    if is_ours {
        notes.push(format!(
            "`{name}` is a chart that hzgchart packaged: its values are taken as they are"
        ));
        if let Err(other) = found.ours {
            let message = format!("`{other}");
            let help = "another version of hzgchart packaged it, or a hand edited it: compare what both make, `helm template` and `hzgchart render`";
            draft.problems.push(Problem::new(message).at(start_of(called("templates"))).help(help));
        }
    } else {
        templates::read(&found.files, &called, &mut draft, &mut shares);
        others(&found.files, &called, &mut draft);
    }
    shares.finish(&mut draft);
    Ok(finish(draft, &name, &header, notes))
}

/// Whether a chart is one of hzgchart's, of whatever version: it brings the schema of the typed values.
fn is_typed(files: &IndexMap<String, Vec<u8>>) -> bool {
    let schema = files.get("values.schema.json").map(|bytes| String::from_utf8_lossy(bytes));
    schema.is_some_and(|text| text.contains("sitesBin") && text.contains("\"forguncy\""))
}

fn tree(name: &str, text: String, sources: &mut Sources) -> Result<Node, Error> {
    let id = sources.add(name, text);
    let tree = read::document(id, sources).map_err(Error::Invalid)?;
    match tree.value {
        Value::Map(_) => Ok(tree),
        value => {
            let problem = Problem::new(format!("expected a map of values, found {}", value.kind()));
            Err(problem.at(start_of(name.to_owned())).help("give the vendor's values.yaml").into())
        }
    }
}

/// Whether a file is what a desktop leaves in folders, and no file of anybody's.
fn is_litter(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    folder.split('/').any(|part| part == "__MACOSX")
        || name.starts_with("._")
        || [".DS_Store", "Thumbs.db", "desktop.ini"].contains(&name)
}

/// Tells of the files that are neither values nor templates.
fn others(
    files: &IndexMap<String, Vec<u8>>,
    called: &dyn Fn(&str) -> String,
    draft: &mut Draft<'_>,
) {
    let known = ["Chart.yaml", "values.yaml", ".helmignore"];
    for path in files
        .keys()
        .filter(|path| !path.starts_with("templates/") && !known.contains(&path.as_str()))
        .filter(|path| !is_litter(path))
    {
        let help = if path.starts_with("charts/") {
            "this chart has no dependencies: install it as a release of its own"
        } else if path.starts_with("crds/") {
            "apply it with kubectl: this chart installs no custom resources"
        } else if path.ends_with(".yaml") || path.ends_with(".yml") {
            "if it holds values, import it by itself, and pass both files to `package`, this one later"
        } else {
            "nothing here reads it: keep it elsewhere if you need it"
        };
        let problem =
            Problem::new("a file that the vendor's chart does not have; it is not taken over");
        draft.problems.push(problem.at(start_of(called(path))).help(help));
    }
}

/// Writes the values down, and checks them as a whole.
fn finish(mut draft: Draft<'_>, name: &str, header: &[String], notes: Vec<String>) -> Imported {
    let text = file::write(&draft, &shown(name), header);
    draft.problems.extend(written::problems(&text));
    let more = draft.problems.len().saturating_sub(MAX_PROBLEMS);
    if more > 0 {
        draft.problems.truncate(MAX_PROBLEMS);
        draft.problems.push(Problem::new(format!("and {more} more of `{}`", shown(name))));
    }
    Imported { text, notes, problems: draft.problems }
}

/// The first character of a file that is not shown.
fn start_of(source: String) -> Location {
    Location { source, line: 1, column: 1, text: None }
}
