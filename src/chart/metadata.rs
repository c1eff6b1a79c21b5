//! What Chart.yaml says of the chart, and its text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::chart::name::ChartName;
use crate::chart::version::ChartVersion;
use crate::yaml::write::quoted;

/// Chart.yaml, but for the versions, which [`crate::chart::version::derive`] settles.
///
/// The default is the whole chart's; [`Metadata::from_node`] reads a partial Chart.yaml over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The chart's name. Default `forguncy-k8s-server`, the vendor's.
    pub name: ChartName,
    /// One sentence for `helm search`.
    pub description: String,
    /// The chart version that the user's Chart.yaml asks for; counts as `--version` without one.
    pub version: Option<String>,
    /// The appVersion that the user's Chart.yaml asks for; counts as `--app-version` without one.
    pub app_version: Option<String>,
    /// The Kubernetes versions that Helm installs on. Default `>=1.25.0-0`; the `-0` lets in
    /// versions such as `v1.33.4-gke.1`, which are pre-releases to SemVer.
    pub kube_version: String,
    /// The project's web page; empty for none.
    pub home: String,
    /// Address of a picture, or the picture as `data:`; empty for none.
    pub icon: String,
    /// Words to be found by.
    pub keywords: Vec<String>,
    /// Addresses of source code.
    pub sources: Vec<String>,
    /// Who looks after the chart.
    pub maintainers: Vec<Maintainer>,
    /// Whether the chart should no longer be used; Helm warns then. Default false.
    pub deprecated: bool,
    /// Free notes by key. Those of Artifact Hub are filled in unless they stand here.
    pub annotations: BTreeMap<String, String>,
}

/// Someone who looks after the chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maintainer {
    /// The name, or an account's.
    pub name: String,
    /// E-mail address; empty for none.
    pub email: String,
    /// Web address; empty for none.
    pub url: String,
}

impl Default for Metadata {
    fn default() -> Self {
        Self {
            name: ChartName::default(),
            description: "Forguncy Server (活字格) with load balancing: application, redis, \
                          influx and shared storage"
                .to_owned(),
            version: None,
            app_version: None,
            kube_version: ">=1.25.0-0".to_owned(),
            home: String::new(),
            icon: String::new(),
            keywords: ["forguncy", "huozige", "low-code"].map(str::to_owned).into(),
            sources: Vec::new(),
            maintainers: Vec::new(),
            deprecated: false,
            annotations: BTreeMap::new(),
        }
    }
}

impl Metadata {
    /// Chart.yaml's text, keys in a fixed order and every free string quoted, so that no version
    /// turns into a number. `images` are the container images as (name, reference).
    pub fn to_yaml(&self, version: &ChartVersion, images: &[(String, String)]) -> String {
        let mut yaml = String::from("apiVersion: v2\n");
        let mut line = |key: &str, value: &str| {
            if !value.is_empty() {
                yaml.push_str(&format!("{key}: {}\n", quoted(value)));
            }
        };
        line("name", self.name.as_str());
        line("description", &self.description);
        line("type", "application");
        line("version", &version.version.to_string());
        line("appVersion", &version.app_version);
        line("kubeVersion", &self.kube_version);
        line("home", &self.home);
        line("icon", &self.icon);
        write_list(&mut yaml, "keywords", &self.keywords);
        write_list(&mut yaml, "sources", &self.sources);
        write_maintainers(&mut yaml, &self.maintainers);
        if self.deprecated {
            yaml.push_str("deprecated: true\n");
        }
        let mut annotations = artifact_hub(&version.app_version, images);
        annotations.extend(self.annotations.clone());
        yaml.push_str("annotations:\n");
        for (key, value) in &annotations {
            yaml.push_str(&format!("  {}: {}\n", quoted(key), text(value, 4)));
        }
        yaml
    }
}

impl Metadata {
    /// The keys of Chart.yaml, but for name and versions, that say something else than what `package` writes by itself.
    pub fn own_keys(&self) -> Vec<&'static str> {
        let default = Self::default();
        let usual = artifact_hub(self.app_version.as_deref().unwrap_or_default(), &[]);
        let is_own = |(key, value): (&String, &String)| {
            usual.get(key) != Some(value) && key != "artifacthub.io/images"
        };
        [
            ("description", self.description != default.description),
            ("kubeVersion", self.kube_version != default.kube_version),
            ("home", self.home != default.home),
            ("icon", self.icon != default.icon),
            ("keywords", self.keywords != default.keywords),
            ("sources", self.sources != default.sources),
            ("maintainers", self.maintainers != default.maintainers),
            ("deprecated", self.deprecated != default.deprecated),
            ("annotations", self.annotations.iter().any(is_own)),
        ]
        .into_iter()
        .filter_map(|(key, is_own)| is_own.then_some(key))
        .collect()
    }
}

/// The annotations that Artifact Hub shows (artifacthub.io/docs/topics/annotations/helm); all are strings.
fn artifact_hub(app_version: &str, images: &[(String, String)]) -> BTreeMap<String, String> {
    let mut annotations = BTreeMap::new();
    let mut annotate = |key: &str, value: String| {
        annotations.insert(format!("artifacthub.io/{key}"), value);
    };
    annotate("category", "integration-delivery".to_owned());
    annotate(
        "changes",
        format!(
            "- kind: changed\n  description: {}\n",
            quoted(&format!("Forguncy Server {app_version}"))
        ),
    );
    if !images.is_empty() {
        let items = images.iter().fold(String::new(), |mut items, (name, reference)| {
            let _ = write!(items, "- name: {}\n  image: {}\n", quoted(name), quoted(reference));
            items
        });
        annotate("images", items);
    }
    annotate("license", "Apache-2.0".to_owned());
    annotations
}

fn write_list(yaml: &mut String, key: &str, items: &[String]) {
    if !items.is_empty() {
        yaml.push_str(&format!("{key}:\n"));
        items.iter().for_each(|item| yaml.push_str(&format!("  - {}\n", quoted(item))));
    }
}

fn write_maintainers(yaml: &mut String, maintainers: &[Maintainer]) {
    if !maintainers.is_empty() {
        yaml.push_str("maintainers:\n");
    }
    for Maintainer { name, email, url } in maintainers {
        yaml.push_str(&format!("  - name: {}\n", quoted(name)));
        for (key, value) in [("email", email), ("url", url)] {
            if !value.is_empty() {
                yaml.push_str(&format!("    {key}: {}\n", quoted(value)));
            }
        }
    }
}

/// A string as a YAML value below a key: a block where it reads well as one, else quoted.
fn text(value: &str, indent: usize) -> String {
    let body = value.strip_suffix('\n').unwrap_or_default();
    let readable = !body.is_empty()
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\n'])
        && body.chars().all(|c| c == '\n' || is_printable(c))
        // Blanks at a line's end are seen by nobody, and no signed text keeps them.
        && !body.lines().any(|line| line.ends_with([' ', '\t']));
    if !readable {
        return quoted(value);
    }
    let pad = " ".repeat(indent);
    body.lines().fold(String::from("|"), |block, line| {
        block + "\n" + if line.is_empty() { "" } else { &pad } + line
    })
}

/// Whether YAML lets the character stand in a line as it is (YAML 1.2, section 5.1).
fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::{Maintainer, Metadata, quoted, text};
    use crate::chart::version::{ChartVersion, derive};

    fn version() -> ChartVersion {
        derive("10.0.3.0", None, None).unwrap().0
    }

    #[test]
    fn writes_the_default_chart_in_a_fixed_order() {
        let images = [("forguncy".to_owned(), "example.com/fgc:10.0.3.0".to_owned())];
        assert_eq!(
            Metadata::default().to_yaml(&version(), &images),
            r#"apiVersion: v2
name: "forguncy-k8s-server"
description: "Forguncy Server (活字格) with load balancing: application, redis, influx and shared storage"
type: "application"
version: "10.0.3"
appVersion: "10.0.3.0"
kubeVersion: ">=1.25.0-0"
keywords:
  - "forguncy"
  - "huozige"
  - "low-code"
annotations:
  "artifacthub.io/category": "integration-delivery"
  "artifacthub.io/changes": |
    - kind: changed
      description: "Forguncy Server 10.0.3.0"
  "artifacthub.io/images": |
    - name: "forguncy"
      image: "example.com/fgc:10.0.3.0"
  "artifacthub.io/license": "Apache-2.0"
"#
        );
    }

    #[test]
    fn lets_given_annotations_win_and_writes_all_that_is_given() {
        let metadata = Metadata {
            home: "https://example.com".to_owned(),
            icon: "https://example.com/i.png".to_owned(),
            keywords: Vec::new(),
            sources: vec!["oci://example.com/x".to_owned()],
            maintainers: vec![Maintainer {
                name: "张三: \"#1\"".to_owned(),
                email: "z@example.com".to_owned(),
                url: String::new(),
            }],
            deprecated: true,
            annotations: [("artifacthub.io/license".to_owned(), "MIT".to_owned())].into(),
            ..Metadata::default()
        };
        let yaml = metadata.to_yaml(&version(), &[]);
        let tail = yaml.split_once("home:").unwrap().1;
        assert_eq!(
            tail,
            r##" "https://example.com"
icon: "https://example.com/i.png"
sources:
  - "oci://example.com/x"
maintainers:
  - name: "张三: \"#1\""
    email: "z@example.com"
deprecated: true
annotations:
  "artifacthub.io/category": "integration-delivery"
  "artifacthub.io/changes": |
    - kind: changed
      description: "Forguncy Server 10.0.3.0"
  "artifacthub.io/license": "MIT"
"##
        );
    }

    #[test]
    fn what_package_writes_by_itself_is_nobodys_own() {
        let app_version = Some("10.0.3.0".to_owned());
        let mut metadata = Metadata { app_version, ..Metadata::default() };
        metadata.annotations = super::artifact_hub("10.0.3.0", &[("a".to_owned(), "b".to_owned())]);
        assert_eq!(metadata.own_keys(), [""; 0]);
        metadata.annotations.insert("team".to_owned(), "shop".to_owned());
        metadata.icon = "https://example.com/i.png".to_owned();
        assert_eq!(metadata.own_keys(), ["icon", "annotations"]);
    }

    #[test]
    fn writes_a_block_only_where_it_keeps_the_text() {
        assert_eq!(text("a\n\n b\n", 2), "|\n  a\n\n   b");
        for hostile in ["a", "a\nb", " a\nb\n", "a\n\n", "\n", "", "a\r\n", "\ta\u{0}\n"] {
            assert_eq!(text(hostile, 2), quoted(hostile), "{hostile:?}");
        }
    }
}
