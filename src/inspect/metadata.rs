//! Chart.yaml: what Helm needs to load it, and what `helm lint` says of it (`pkg/chart/v2/metadata.go`,
//! `lint/rules/chartfile.go`).

use crate::node::{Map, Node, Value};
use crate::rules::{CHART_DEPRECATED, CHART_LIBRARY, CHART_METADATA, CHART_METADATA_ODD};
use crate::suggest::nearest;

use super::annotations;
use super::chart_yaml::{Reader, field, scalar};
use super::contents::Chart;
use super::dependencies::{self, Dependency};
use super::report::{Place, Report, shown};
use super::verdict::{Answer, Verdict};
use super::yaml::{self, Kind};

/// What the rest of the inspection needs of Chart.yaml.
#[derive(Debug, Default)]
pub struct Metadata {
    /// The name, if it has one.
    pub name: Option<String>,
    /// The version as Helm reads it, if it has one.
    pub version: Option<String>,
    /// The charts that it says it needs.
    pub dependencies: Vec<Dependency>,
}

const TEXTS: [&str; 10] = [
    "name",
    "home",
    "version",
    "description",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "kubeVersion",
];
const KEYS: [&str; 17] = [
    "apiVersion",
    "name",
    "version",
    "kubeVersion",
    "description",
    "type",
    "keywords",
    "home",
    "sources",
    "dependencies",
    "maintainers",
    "icon",
    "appVersion",
    "deprecated",
    "annotations",
    "condition",
    "tags",
];

/// Checks a chart's Chart.yaml.
pub fn check(chart: &Chart<'_>, report: &mut Report) -> Metadata {
    let path = chart.path("Chart.yaml");
    let Some(bytes) = chart.get("Chart.yaml") else {
        if chart.whole {
            missing(chart, report);
        }
        return Metadata::default();
    };
    let kind = Kind {
        invalid: &CHART_METADATA,
        odd: &CHART_METADATA_ODD,
        refused: Verdict::REFUSED,
        later: Verdict::TAKEN,
    };
    let documents = yaml::read(&path, bytes, kind, report).documents;
    let mut reader = Reader::new(&path, report);
    for node in documents.iter().skip(1).filter(|node| node.origin.is_some()) {
        let what = "a second document, which Helm does not read";
        reader.odd(node, Verdict::TAKEN, what, "delete it");
    }
    match documents.first() {
        Some(Node { value: Value::Map(map), .. }) => reader.metadata(map),
        Some(node) if !matches!(node.value, Value::Null) => {
            let what = format!("expected a map, found {}", node.value.kind());
            reader.refuse(node, &what, "write `name:`, `version:` and `apiVersion: v2`");
            Metadata::default()
        }
        Some(_) => reader.metadata(&Map::new()),
        None => Metadata::default(),
    }
}

/// No Chart.yaml where Helm looks for it: perhaps there is one nearby.
fn missing(chart: &Chart<'_>, report: &mut Report) {
    let near = chart.files.keys().find(|path| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.eq_ignore_ascii_case("chart.yaml") || name.eq_ignore_ascii_case("chart.yml")
    });
    let help = match near {
        Some(near) if near.contains('/') && near.ends_with("/Chart.yaml") => format!(
            "there is `{near}`: pack the chart's folder itself, without `./` or a folder around it"
        ),
        Some(near) => format!("rename `{near}`: the name must be `Chart.yaml`"),
        None => "a chart is a folder with a Chart.yaml in it; pack that folder".to_owned(),
    };
    let what = "the chart has no Chart.yaml";
    let place = chart.place.trim_end_matches(['/', ':']);
    let place = if place.is_empty() { Place::Whole } else { Place::File(place) };
    report.fault(&CHART_METADATA, place, Verdict::REFUSED, what, help);
}

impl Reader<'_> {
    fn metadata(&mut self, map: &Map) -> Metadata {
        self.keys(map);
        for key in TEXTS {
            self.text(map, key);
        }
        for key in ["keywords", "sources"] {
            self.list(map, key, |reader, item| {
                if scalar(item).is_none() && !matches!(item.value, Value::Null) {
                    reader.wrong(item, "a string");
                }
            });
        }
        let version = self.version(map);
        let name = self.name(map);
        self.api_version(map);
        self.kind(map);
        self.kube_version(map);
        self.deprecated(map);
        self.addresses(map);
        self.maintainers(map);
        annotations::check(field(map, "annotations"), self);
        let dependencies = dependencies::declared(field(map, "dependencies"), self);
        Metadata { name, version, dependencies }
    }

    fn keys(&mut self, map: &Map) {
        for (key, entry) in map {
            let full = self.report.is_full(&CHART_METADATA_ODD);
            if full || KEYS.contains(&key.as_str()) || key == "engine" {
                continue;
            }
            let shown = shown(key);
            let node = Node::new(Value::Null, entry.key_origin);
            match KEYS.iter().find(|known| known.eq_ignore_ascii_case(key)) {
                Some(known) => {
                    let what =
                        format!("Helm reads the key `{shown}` as `{known}`, other programs do not");
                    self.odd(&node, Verdict::TAKEN, &what, &format!("write `{known}`"));
                }
                None => {
                    let what = format!("Helm does not know the key `{shown}`, and drops it");
                    let help = match nearest(key, KEYS.into_iter()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "what has no key of its own belongs below `annotations`".to_owned(),
                    };
                    self.odd(&node, Verdict::TAKEN, &what, &help);
                }
            }
        }
    }

    fn api_version(&mut self, map: &Map) {
        let entry = field(map, "apiVersion");
        let Some(entry) = entry else {
            let what = "Chart.yaml has no `apiVersion`; Helm takes it for `v1`";
            let place = Place::File(self.path);
            self.report.fault(
                &CHART_METADATA_ODD,
                place,
                Verdict::LINT,
                what,
                "write `apiVersion: v2`",
            );
            return;
        };
        let version = scalar(&entry.node).unwrap_or_default();
        match version.as_str() {
            "v2" => {}
            "v1" => {
                for key in ["type", "dependencies"] {
                    if let Some(entry) =
                        field(map, key).filter(|e| !matches!(e.node.value, Value::Null))
                    {
                        let what = format!("`{key}` is not valid with `apiVersion: v1`");
                        self.odd(&entry.node, Verdict::LINT, &what, "write `apiVersion: v2`");
                    }
                }
            }
            "" => self.odd(
                &entry.node,
                Verdict::LINT,
                "an empty `apiVersion`",
                "write `apiVersion: v2`",
            ),
            other => {
                let what = format!("`{}` is no apiVersion; there are `v1` and `v2`", shown(other));
                let verdict = Verdict::of(Answer::LINT, Answer::REFUSES);
                self.fault(&CHART_METADATA, &entry.node, verdict, &what, "write `apiVersion: v2`");
            }
        }
    }

    fn kind(&mut self, map: &Map) {
        let Some(entry) = field(map, "type") else { return };
        let node = &entry.node;
        match scalar(node).as_deref() {
            Some("application" | "") => {}
            None if matches!(node.value, Value::Null) => {}
            None => self.wrong(node, "a string"),
            Some("library") => {
                let what = "a library, which can only be a dependency of another chart";
                let help = "name it in the `dependencies` of a chart that uses it";
                self.fault(&CHART_LIBRARY, node, Verdict::INSTALL, what, help);
            }
            Some(other) => {
                let near = nearest(other, ["application", "library"].into_iter());
                let help = format!("write `type: {}`", near.unwrap_or("application"));
                let what = format!("`{}` is no type of a chart", shown(other));
                self.refuse(node, &what, &help);
            }
        }
    }

    fn deprecated(&mut self, map: &Map) {
        let Some(entry) = field(map, "deprecated") else { return };
        match entry.node.value {
            Value::Bool(true) => {
                let what = "the chart is deprecated: Helm warns at each install";
                let help = "use the chart that replaces it";
                self.fault(&CHART_DEPRECATED, &entry.node, Verdict::TAKEN, what, help);
            }
            Value::Bool(false) | Value::Null => {}
            _ => self.wrong(&entry.node, "`true` or `false`"),
        }
    }
}
