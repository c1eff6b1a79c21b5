//! What a chart is called, and what it runs on: name, version, kubeVersion.

use crate::chart::file::check_constraint;
use crate::node::{Map, Value};
use crate::rules::{
    CHART_METADATA, CHART_NAME, CHART_VERSION, CHART_VERSION_LOOSE, KUBE_VERSION,
    KUBE_VERSION_PRERELEASE,
};

use super::chart_yaml::{Reader, field, scalar};
use super::report::shown;
use super::verdict::{Answer, Verdict};
use super::version::{self, Reading};

impl Reader<'_> {
    /// Checks the version, and gives it as Helm reads it.
    pub(super) fn version(&mut self, map: &Map) -> Option<String> {
        let entry = field(map, "version");
        let text = entry.and_then(|entry| scalar(&entry.node)).filter(|text| !text.is_empty());
        let (Some(entry), Some(text)) = (entry, text) else {
            if !entry.is_some_and(|e| matches!(e.node.value, Value::List(_) | Value::Map(_))) {
                self.absent("version", "write `version: 1.0.0`");
            }
            return None;
        };
        let node = &entry.node;
        let reading = version::read(&text);
        let shown = shown(&text);
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

    /// Checks the name.
    pub(super) fn name(&mut self, map: &Map) -> Option<String> {
        let entry = field(map, "name");
        let text = entry.and_then(|entry| scalar(&entry.node)).filter(|text| !text.is_empty());
        let (Some(entry), Some(name)) = (entry, text) else {
            if !entry.is_some_and(|e| matches!(e.node.value, Value::List(_) | Value::Map(_))) {
                self.absent("name", "write `name:` and the name of the chart's folder");
            }
            return None;
        };
        let shown = shown(&name);
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

    /// Checks the versions of Kubernetes that the chart wants.
    pub(super) fn kube_version(&mut self, map: &Map) {
        let Some(entry) = field(map, "kubeVersion") else { return };
        let Some(text) = scalar(&entry.node).filter(|text| !text.is_empty()) else { return };
        let shown = shown(&text);
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
}
