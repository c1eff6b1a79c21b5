//! `hzgchart fleet diff`: what would change in every entry.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Value as Json, json};

use super::disk::Disk;
use super::end::entries;
use super::git::Revision;
use super::progress::Progress;
use super::{name, read};
use crate::cli::{DiffFormat, FleetDiffArgs};
use crate::commands::{check, print};
use crate::diff;
use crate::diff::side::Side;
use crate::error::Error;
use crate::fleet::{Entry, Files, Fleet, Loader, in_order, select, share};
use crate::product;
use crate::release::Release;
use crate::report::Style;
use crate::templates;

/// One state of a fleet.
struct State<'f> {
    fleet: &'f Fleet,
    loader: Loader<'f>,
}

/// An entry that is in one state or in both.
struct Pair<'f> {
    name: &'f str,
    old: Option<&'f Entry>,
    new: Option<&'f Entry>,
}

/// What became of an entry.
enum Change {
    Same,
    Changed(String),
    New(usize),
    Gone(Release),
    /// It is another release now, or on another cluster: whence and whither.
    Moved(Place, Place),
    /// One of its states cannot be made.
    Broken(Error),
}

/// Which release an entry is, and on which cluster: empty when the fleet names none.
#[derive(PartialEq, Eq)]
struct Place {
    name: String,
    namespace: String,
    cluster: String,
}

pub(super) fn run(args: &FleetDiffArgs, out: &mut dyn Write) -> Result<u8, Error> {
    let (fleet, disk) = read(&args.entries.file)?;
    match (&args.against, &args.entries.changed_since) {
        (Some(against), _) => {
            let (before, past) = read(against)?;
            compare(args, &before, &past, &fleet, &disk, out)
        }
        (None, revision) => {
            let revision = revision.as_deref().unwrap_or("HEAD");
            let past = Revision::open(&args.entries.file, revision)?;
            let before = Fleet::read(name(&args.entries.file)?, &past)?;
            compare(args, &before, &past, &fleet, &disk, out)
        }
    }
}

fn compare(
    args: &FleetDiffArgs,
    before: &Fleet,
    past: &dyn Files,
    fleet: &Fleet,
    disk: &Disk,
    out: &mut dyn Write,
) -> Result<u8, Error> {
    let pairs = share(pairs(args, before, fleet)?, args.entries.shard);
    let old = State { fleet: before, loader: Loader::new(before, past) };
    let new = State { fleet, loader: Loader::new(fleet, disk) };
    let style = check::style(&io::stdout());
    let progress = Progress::new(pairs.len());
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut stopped = None;
    let work = |index: usize| change(&pairs[index], &old, &new, args, style);
    in_order(pairs.len(), args.entries.threads(), work, |index, change| {
        let name = pairs[index].name;
        *counts.entry(change.word()).or_default() += 1;
        let text = match args.format {
            DiffFormat::Json => product::line(&change.json(name)),
            DiffFormat::Text | DiffFormat::Unified => change.text(name),
        };
        stopped = progress.aside(|| print(out, &text)).err();
        progress.step(name);
        stopped.is_none()
    });
    drop(progress);
    if let Some(error) = stopped {
        return Err(error);
    }
    let count = |word: &str| counts.get(word).copied().unwrap_or_default();
    let words = ["changed", "new", "moved", "gone", "broken", "same"];
    if args.format == DiffFormat::Text {
        let parts: Vec<String> = words
            .into_iter()
            .filter(|word| count(word) > 0)
            .map(|word| format!("{} {word}", count(word)))
            .collect();
        print(out, &format!("{}: {}\n", entries(pairs.len()), parts.join(", ")))?;
    }
    Ok(match (count("broken"), pairs.len() - count("same")) {
        (1.., _) => 2,
        (0, 1..) if args.exit_code => 1,
        _ => 0,
    })
}

/// The entries of both states that are chosen: those that are there now, then those that are gone.
fn pairs<'f>(
    args: &FleetDiffArgs,
    before: &'f Fleet,
    fleet: &'f Fleet,
) -> Result<Vec<Pair<'f>>, Error> {
    let by_name = |fleet: &'f Fleet| -> HashMap<&'f str, &'f Entry> {
        fleet.entries.iter().map(|entry| (&*entry.name, entry)).collect()
    };
    let (old, new) = (by_name(before), by_name(fleet));
    let gone = before.entries.iter().filter(|entry| !new.contains_key(&*entry.name));
    let all = fleet.entries.iter().chain(gone);
    let chosen = select(all, &args.entries.only).map_err(Error::Invalid)?;
    let pair = |entry: &'f Entry| {
        let name = &*entry.name;
        Pair { name, old: old.get(name).copied(), new: new.get(name).copied() }
    };
    Ok(chosen.into_iter().map(pair).collect())
}

fn change(
    pair: &Pair<'_>,
    old: &State<'_>,
    new: &State<'_>,
    args: &FleetDiffArgs,
    style: Style,
) -> Change {
    let made = || -> Result<Change, Error> {
        let (Some(was), Some(is)) = (pair.old, pair.new) else {
            return Ok(match (pair.old, pair.new) {
                (Some(was), _) => {
                    Change::Gone(old.fleet.resolve(was).map_err(Error::Invalid)?.release)
                }
                (None, Some(is)) => Change::New(new.side(is)?.objects.len()),
                (None, None) => Change::Same,
            });
        };
        let places = (old.place(was)?, new.place(is)?);
        let (was, is) = (old.side(was)?, new.side(is)?);
        if places.0 != places.1 {
            return Ok(Change::Moved(places.0, places.1));
        }
        let diff = diff::compare(&was, &is);
        if diff.objects.is_empty() {
            return Ok(Change::Same);
        }
        Ok(Change::Changed(match args.format {
            DiffFormat::Text => diff::text(&diff, style),
            DiffFormat::Unified => diff::unified(&diff, style),
            DiffFormat::Json => diff::json(&diff, u8::from(args.exit_code)),
        }))
    };
    made().unwrap_or_else(Change::Broken)
}

impl State<'_> {
    fn place(&self, entry: &Entry) -> Result<Place, Error> {
        let resolved = self.fleet.resolve(entry).map_err(Error::Invalid)?;
        let Release { name, namespace } = resolved.release;
        Ok(Place { name, namespace, cluster: resolved.cluster })
    }

    fn side(&self, entry: &Entry) -> Result<Side, Error> {
        let resolved = self.fleet.resolve(entry).map_err(Error::Invalid)?;
        let loaded = self.loader.load(entry, &resolved)?;
        let rendered = templates::render(&loaded.tree, &resolved.release)?;
        Side::of_values(&entry.name, &resolved.release.namespace, loaded, rendered)
            .map_err(Error::Invalid)
    }
}

impl Place {
    fn text(&self) -> String {
        let release = format!("release `{}` in the namespace `{}`", self.name, self.namespace);
        match self.cluster.as_str() {
            "" => release,
            cluster => format!("{release} on `{cluster}`"),
        }
    }

    fn json(&self) -> Json {
        json!({"release": self.name, "namespace": self.namespace, "cluster": self.cluster})
    }
}

impl Change {
    fn word(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed(_) => "changed",
            Self::New(_) => "new",
            Self::Gone(_) => "gone",
            Self::Moved(..) => "moved",
            Self::Broken(_) => "broken",
        }
    }

    fn text(&self, name: &str) -> String {
        match self {
            Self::Same => String::new(),
            Self::Changed(diff) => format!("# {name}\n{diff}\n"),
            Self::New(objects) => format!("# {name}\nnew: {objects} objects\n\n"),
            Self::Gone(release) => format!(
                "# {name}\ngone: nothing uninstalls it; `helm uninstall {} -n {}` does\n\n",
                release.name, release.namespace
            ),
            Self::Moved(was, is) => format!(
                "# {name}\nmoved: a new {}; the {} stays, on the same data if that is in one place, until `helm uninstall {} -n {}`\n\n",
                is.text(),
                was.text(),
                was.name,
                was.namespace
            ),
            Self::Broken(error) => format!("# {name}\nerror: {error}\n\n"),
        }
    }

    fn json(&self, name: &str) -> Json {
        let mut entry = json!({"entry": name, "change": self.word()});
        match self {
            Self::Changed(diff) => entry["diff"] = serde_json::from_str(diff).unwrap_or_default(),
            Self::Broken(error) => entry["error"] = error.to_string().into(),
            Self::New(objects) => entry["objects"] = (*objects).into(),
            Self::Moved(was, is) => {
                entry["from"] = was.json();
                entry["to"] = is.json();
            }
            Self::Gone(release) => {
                entry["release"] = release.name.clone().into();
                entry["namespace"] = release.namespace.clone().into();
            }
            Self::Same => {}
        }
        entry
    }
}
