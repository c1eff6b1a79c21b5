//! Autoscalers: what they scale, and whether anything else decides on its number of pods.

use std::collections::HashMap;

use super::index::{Index, Known};
use super::pods::group;
use super::{Report, called};
use crate::rules::{SCALE_TARGET_FIXED, SCALE_TARGET_MISSING, SCALE_TARGET_SHARED};

/// What an autoscaler scales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target<'a> {
    pub group: &'a str,
    pub kind: &'a str,
    pub name: &'a str,
}

/// What an object scales, if it is an autoscaler: Kubernetes' own, or KEDA's, which makes one.
pub(crate) fn target<'a>(
    scaler_group: &str,
    scaler_kind: &str,
    text: impl Fn(&[&str]) -> &'a str,
) -> Option<Target<'a>> {
    let read = |key| text(&["spec", "scaleTargetRef", key]);
    let (group, kind) = (group(read("apiVersion")), read("kind"));
    let (group, kind) = match (scaler_group, scaler_kind) {
        ("autoscaling", "HorizontalPodAutoscaler") => (group, kind),
        ("keda.sh", "ScaledObject") if kind.is_empty() => ("apps", "Deployment"),
        ("keda.sh", "ScaledObject") if read("apiVersion").is_empty() => ("apps", kind),
        ("keda.sh", "ScaledObject") => (group, kind),
        _ => return None,
    };
    Some(Target { group, kind, name: read("name") }).filter(|target| !target.name.is_empty())
}

pub(super) fn check(index: &Index<'_>, report: &mut Report<'_>) {
    let mut scaled: HashMap<(&str, Target<'_>), &Known<'_>> = HashMap::new();
    for known in &index.objects {
        let Some(target) = target(known.group, known.kind, |path| known.text(path)) else {
            continue;
        };
        let node = known.get(&["spec", "scaleTargetRef", "name"]);
        let Target { group, kind, name } = target;
        let field = "spec.scaleTargetRef";
        match index.find((group, kind, known.namespace, name)) {
            None => {
                let message =
                    format!("there is no {kind} `{name}` in namespace `{}`", known.namespace);
                let help = Some(index.meant(kind, known.namespace, name));
                report.add(&SCALE_TARGET_MISSING, known, field, node, message).problem.help = help;
            }
            Some(workload) if workload.get(&["spec", "replicas"]).is_some() => {
                let message = format!(
                    "{} says how many pods run, and every upgrade sets them back to that",
                    called(workload)
                );
                report.add(&SCALE_TARGET_FIXED, known, field, node, message).problem.help =
                    Some("leave `replicas` out there, or remove the autoscaler".to_owned());
            }
            Some(_) => {}
        }
        let first = *scaled.entry((known.namespace, target)).or_insert(known);
        if first.at != known.at {
            let message = format!("{} already scales {kind} `{name}`", called(first));
            report.add(&SCALE_TARGET_SHARED, known, field, node, message).problem.help =
                Some("keep one: two autoscalers stop each other".to_owned());
        }
    }
}
