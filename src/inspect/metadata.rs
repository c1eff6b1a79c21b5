//! Chart.yaml: what Helm needs to load it, and what `helm lint` says of it.
//!
//! Helm decodes it as JSON: keys in any case, a scalar where a string is wanted, null for nothing
//! (`pkg/chart/v2/metadata.go`, `lint/rules/chartfile.go`).

use crate::chart::file::check_constraint;
use crate::node::{Entry, Map, Node, Value};
use crate::rules::{
    CHART_DEPRECATED, CHART_LIBRARY, CHART_METADATA, CHART_METADATA_ODD, CHART_NAME, CHART_VERSION,
    CHART_VERSION_LOOSE, KUBE_VERSION, KUBE_VERSION_PRERELEASE, Rule,
};
use crate::suggest::nearest;

use super::annotations;
use super::contents::Chart;
use super::dependencies::{self, Dependency};
use super::report::{Place, Report};
use super::verdict::{Answer, Verdict};
use super::version::{self, Reading};
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
    let documents = yaml::read(&path, bytes, kind, report);
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

/// Walks Chart.yaml and reports.
pub struct Reader<'r> {
    path: &'r str,
    report: &'r mut Report,
}

impl<'r> Reader<'r> {
    /// A reader of the file at a path.
    pub fn new(path: &'r str, report: &'r mut Report) -> Self {
        Self { path, report }
    }

    /// Reports a fault of a node.
    pub fn fault(
        &mut self,
        rule: &'static Rule,
        node: &Node,
        verdict: Verdict,
        what: &str,
        help: &str,
    ) {
        let place = node.origin.map_or(Place::File(self.path), Place::At);
        self.report.fault(rule, place, verdict, what, help);
    }

    fn refuse(&mut self, node: &Node, what: &str, help: &str) {
        self.fault(&CHART_METADATA, node, Verdict::REFUSED, what, help);
    }

    fn odd(&mut self, node: &Node, verdict: Verdict, what: &str, help: &str) {
        self.fault(&CHART_METADATA_ODD, node, verdict, what, help);
    }

    fn absent(&mut self, key: &str, help: &str) {
        let what = format!("Chart.yaml has no `{key}`");
        self.report.fault(&CHART_METADATA, Place::File(self.path), Verdict::REFUSED, what, help);
    }

    fn metadata(&mut self, map: &Map) -> Metadata {
        self.keys(map);
        for key in TEXTS {
            self.text(map, key);
        }
        for key in ["keywords", "sources"] {
            self.list(map, key, |reader, item| {
                if reader.scalar(item).is_none() && !matches!(item.value, Value::Null) {
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
            if KEYS.contains(&key.as_str()) || key == "engine" {
                continue;
            }
            let shown = key.escape_debug();
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

    /// A value that Go's decoder turns into a string.
    pub fn scalar(&self, node: &Node) -> Option<String> {
        match &node.value {
            Value::String(text) => Some(text.clone()),
            Value::Int(number) => Some(number.to_string()),
            Value::Float(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Reports a value of the wrong type, which Helm's decoder refuses.
    pub fn wrong(&mut self, node: &Node, wanted: &str) {
        let what = format!("expected {wanted}, found {}", node.value.kind());
        self.refuse(node, &what, &format!("write {wanted}"));
    }

    fn text(&mut self, map: &Map, key: &str) {
        if let Some(entry) = field(map, key)
            && matches!(entry.node.value, Value::List(_) | Value::Map(_))
        {
            self.wrong(&entry.node, "a string");
        }
    }

    /// Looks at each item of a list.
    pub fn list(&mut self, map: &Map, key: &str, mut each: impl FnMut(&mut Self, &Node)) {
        let Some(entry) = field(map, key) else { return };
        match &entry.node.value {
            Value::List(items) => items.iter().for_each(|item| each(self, item)),
            Value::Null => {}
            _ => self.wrong(&entry.node, "a list"),
        }
    }

    fn version(&mut self, map: &Map) -> Option<String> {
        let entry = field(map, "version");
        let text = entry.and_then(|entry| self.scalar(&entry.node)).filter(|text| !text.is_empty());
        let (Some(entry), Some(text)) = (entry, text) else {
            if !entry.is_some_and(|e| matches!(e.node.value, Value::List(_) | Value::Map(_))) {
                self.absent("version", "write `version: 1.0.0`");
            }
            return None;
        };
        let node = &entry.node;
        let reading = version::read(&text);
        let shown = text.escape_debug();
        if reading == Reading::Refused {
            let what =
                format!("`{shown}` is no version to Helm, which takes SemVer: three numbers");
            let help = version::instead(&text);
            self.fault(&CHART_VERSION, node, Verdict::REFUSED, &what, &help);
            return None;
        }
        let loose = |reader: &mut Self, verdict, what: &str, help: &str| {
            reader.fault(&CHART_VERSION_LOOSE, node, verdict, what, help);
        };
        if !matches!(node.value, Value::String(_)) {
            let what = format!("a number, which Helm reads as the version `{shown}`");
            loose(self, Verdict::LINT, &what, "write three numbers, `10.0.0`, which are a string");
        } else if let Reading::Loose(version) = &reading {
            let what = format!("`{shown}` is not SemVer; Helm reads `{version}`");
            loose(self, Verdict::TAKEN, &what, &format!("write `version: {version}`"));
        } else if text == "0.0.0-0" {
            let what = "`0.0.0-0` is no version to `helm lint`";
            loose(self, Verdict::LINT, what, "write a version above it");
        }
        Some(match reading {
            Reading::Loose(version) => version,
            _ => text,
        })
    }

    fn name(&mut self, map: &Map) -> Option<String> {
        let entry = field(map, "name");
        let text = entry.and_then(|entry| self.scalar(&entry.node)).filter(|text| !text.is_empty());
        let (Some(entry), Some(name)) = (entry, text) else {
            if !entry.is_some_and(|e| matches!(e.node.value, Value::List(_) | Value::Map(_))) {
                self.absent("name", "write `name:` and the name of the chart's folder");
            }
            return None;
        };
        let shown = name.escape_debug();
        let help = "use lower-case letters, digits and `-`";
        if name == "." || name == ".." {
            let verdict = Verdict::of(Answer::LINT, Answer::REFUSES);
            self.fault(
                &CHART_METADATA,
                &entry.node,
                verdict,
                &format!("the name `{shown}` is a folder's"),
                help,
            );
        } else if name.contains('/') {
            self.refuse(&entry.node, &format!("the name `{shown}` holds `/`"), help);
        } else if name.len() > 250 {
            // From 256 on no system has a folder of that name, and `helm lint` unpacks into one.
            let verdict = if name.len() > 255 { Verdict::LINT } else { Verdict::TAKEN };
            let what =
                format!("the name has {} bytes, and at most 250 make a file name", name.len());
            self.fault(&CHART_NAME, &entry.node, verdict, &what, "choose a shorter one");
        } else if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)) {
            let what = format!(
                "the name `{shown}` goes into file names, labels and addresses, which take letters, digits, `.`, `_` and `-`"
            );
            self.fault(&CHART_NAME, &entry.node, Verdict::TAKEN, &what, help);
        }
        Some(name)
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
        let version = self.scalar(&entry.node).unwrap_or_default();
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
                let what =
                    format!("`{}` is no apiVersion; there are `v1` and `v2`", other.escape_debug());
                let verdict = Verdict::of(Answer::LINT, Answer::REFUSES);
                self.fault(&CHART_METADATA, &entry.node, verdict, &what, "write `apiVersion: v2`");
            }
        }
    }

    fn kind(&mut self, map: &Map) {
        let Some(entry) = field(map, "type") else { return };
        let node = &entry.node;
        match self.scalar(node).as_deref() {
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
                let what = format!("`{}` is no type of a chart", other.escape_debug());
                self.refuse(node, &what, &help);
            }
        }
    }

    fn kube_version(&mut self, map: &Map) {
        let Some(entry) = field(map, "kubeVersion") else { return };
        let Some(text) = self.scalar(&entry.node).filter(|text| !text.is_empty()) else { return };
        let shown = text.escape_debug();
        if let Err(problem) = check_constraint(&text) {
            let help = problem.help.unwrap_or_default();
            let what =
                format!("`{shown}` is no version constraint, so that no cluster satisfies it");
            self.fault(&KUBE_VERSION, &entry.node, Verdict::INSTALL, &what, &help);
        } else if text.split("||").all(|range| !range.contains('-') || range.contains(" - ")) {
            let what = format!(
                "`{shown}` leaves out managed clusters, whose versions such as `v1.33.4-gke.1` are pre-releases to SemVer"
            );
            let help = "add `-0` to each version: `>=1.25.0-0`";
            self.fault(&KUBE_VERSION_PRERELEASE, &entry.node, Verdict::TAKEN, &what, help);
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

    /// `helm lint` looks at some addresses. Only what is plainly none is told.
    fn addresses(&mut self, map: &Map) {
        let lint = |reader: &mut Self, node: &Node, what: &str| {
            reader.odd(node, Verdict::LINT, what, "write an address such as `https://example.com`");
        };
        if let Some(entry) = field(map, "appVersion")
            && matches!(entry.node.value, Value::Int(_) | Value::Float(_) | Value::Bool(_))
        {
            let what = "`appVersion` is no string, and may lose digits: `1.10` becomes `1.1`";
            self.odd(&entry.node, Verdict::LINT, what, "put it in quotes");
        }
        if let Some(entry) = field(map, "icon")
            && entry.node.as_str().is_some_and(|icon| !icon.is_empty() && !icon.contains(':'))
        {
            lint(self, &entry.node, "`icon` is no address");
        }
        for source in field(map, "sources").map_or(&[][..], |entry| entry.node.items()) {
            if source.as_str().is_some_and(|source| !source.contains("://")) {
                lint(self, source, "a source is no address");
            }
        }
    }

    fn maintainers(&mut self, map: &Map) {
        self.list(map, "maintainers", |reader, item| match &item.value {
            Value::Null => {
                let what = "a maintainer that is null, at which `helm lint` of Helm 3 crashes";
                reader.refuse(item, what, "write `- name: …`");
            }
            Value::Map(maintainer) => reader.maintainer(item, maintainer),
            _ => reader.wrong(item, "a map with `name`"),
        });
    }

    fn maintainer(&mut self, item: &Node, maintainer: &Map) {
        for key in ["name", "email", "url"] {
            self.text(maintainer, key);
        }
        let text =
            |key| field(maintainer, key).and_then(|entry| entry.node.as_str()).unwrap_or_default();
        let (name, email, url) = (text("name"), text("email"), text("url"));
        if field(maintainer, "name")
            .is_none_or(|e| self.scalar(&e.node).unwrap_or_default().is_empty())
        {
            self.odd(item, Verdict::LINT, "a maintainer without a name", "write `- name: …`");
        } else if !name.is_empty() && !email.is_empty() && !email.contains('@') {
            let what = "the maintainer's `email` is no e-mail address";
            self.odd(item, Verdict::LINT, what, "write it as `name@example.com`");
        } else if !name.is_empty() && !url.is_empty() && !url.contains(['.', ':']) {
            let what = "the maintainer's `url` is no address";
            self.odd(item, Verdict::LINT, what, "write it as `https://example.com`");
        }
    }
}

/// A key's entry. Go's JSON decoder does not mind capitals.
pub fn field<'m>(map: &'m Map, key: &str) -> Option<&'m Entry> {
    map.get(key).or_else(|| {
        map.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, entry)| entry)
    })
}
