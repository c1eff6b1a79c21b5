//! Images: whether a tag means the same tomorrow, the registry serves it, and the nodes can run it.

use super::extra::Extra;
use super::report::Report;
use crate::node::Node;
use crate::object::text;
use crate::references::pods::Container;
use crate::rules::{ARCHITECTURE_MISMATCH, IMAGE_OUTSIDE_REGISTRY, IMAGE_TAG_MOVES, REDIS_TOO_OLD};
use crate::values::image::Image;
use crate::values::pod::{CONTAINER_LISTS, PodSettings};

pub(super) fn check(report: &mut Report<'_>, extra: &[Extra<'_>]) {
    let values = report.values();
    let sections: [(&str, bool, &Image, Option<&PodSettings>); 4] = [
        ("forguncy", true, &values.forguncy.image, Some(&values.forguncy.pod)),
        ("redis", values.redis.enabled, &values.redis.image, Some(&values.redis.pod)),
        ("influx", values.influx.enabled, &values.influx.image, Some(&values.influx.pod)),
        ("tests", values.tests.enabled, &values.tests.image, None),
    ];
    for (section, _, image, pod) in sections.into_iter().filter(|section| section.1) {
        if image.digest.is_empty() && moves(&image.tag) {
            tell_tag(report, &format!("{section}.image.tag"), &image.tag);
        }
        if let Some(pod) = pod {
            architecture(report, section, image, pod);
        }
    }
    let containers = CONTAINER_LISTS.into_iter().flat_map(|list| {
        report.items(list).iter().enumerate().map(move |(at, one)| (list, at, one))
    });
    for (list, at, container) in containers.collect::<Vec<_>>() {
        let image = text(container, &["image"]);
        let key = format!("{list}[{at}].image");
        reference(report, &key, image);
        let registry = values.global.image_registry.as_str();
        let inside = image.strip_prefix(registry).is_some_and(|rest| rest.starts_with('/'));
        if !registry.is_empty() && !image.is_empty() && !inside {
            report.add(
                &IMAGE_OUTSIDE_REGISTRY,
                &key,
                "`global.imageRegistry` does not reach this image, and a site that needs it cannot pull from elsewhere",
                format!("push the image to the registry, and begin its name with `{registry}/`"),
            );
        }
    }
    for object in extra {
        let Some(pods) = object.pods else { continue };
        let containers: Vec<Container<'_>> = pods.containers().collect();
        for container in containers {
            let field = pods.field(&format!("{}.image", container.path()));
            reference(report, &object.key(&field), text(container.node, &["image"]));
        }
    }
    redis(report);
}

/// Access control lists as the chart writes them came with redis 6.2.
fn redis(report: &mut Report<'_>) {
    let redis = &report.values().redis;
    let mut numbers = redis.image.tag.split(|c: char| !c.is_ascii_digit());
    let mut number = || numbers.next().and_then(|number| number.parse::<u32>().ok());
    let is_old = match (number(), number()) {
        (Some(major), Some(minor)) => (major, minor) < (6, 2),
        // `6` is the newest 6.
        (Some(major), None) => major < 6,
        (None, _) => false,
    };
    if redis.enabled && redis.auth.enabled && is_old {
        report.add(
            &REDIS_TOO_OLD,
            "redis.image.tag",
            "this redis is too old for the list that holds its password, and does not start",
            "take redis 6.2 or newer",
        );
    }
}

/// Looks at the tag of a whole reference: `registry/name:tag@digest`.
fn reference(report: &mut Report<'_>, key: &str, image: &str) {
    if image.is_empty() || image.contains('@') {
        return;
    }
    let name = image.rsplit('/').next().unwrap_or(image);
    let tag = name.split_once(':').map_or("", |(_, tag)| tag);
    if moves(tag) {
        tell_tag(report, key, tag);
    }
}

fn tell_tag(report: &mut Report<'_>, key: &str, tag: &str) {
    let message = match tag {
        "" => "the image has no tag, which means `latest`: it upgrades by surprise, and each node may run another version".to_owned(),
        tag => format!("the tag `{tag}` means another image tomorrow: it upgrades by surprise, and each node may run another version"),
    };
    report.add(
        &IMAGE_TAG_MOVES,
        key,
        message,
        "name an exact version, or pin the image by its digest",
    );
}

/// Tags that their publishers move from version to version.
fn moves(tag: &str) -> bool {
    // A version has a digit; `latest`, `stable` and `alpine` have none.
    !tag.contains(|c: char| c.is_ascii_digit())
        || tag.starts_with("latest-")
        || tag.ends_with("-latest")
}

/// Pods that are kept on nodes which cannot run their image fail with `exec format error`.
fn architecture(report: &mut Report<'_>, section: &str, image: &Image, pod: &PodSettings) {
    let Some(built) = built_for(&image.repository, &image.tag) else { return };
    let name = &image.repository;
    let tell = |report: &mut Report<'_>, key: &str, wanted: &str| {
        report.add(
            &ARCHITECTURE_MISMATCH,
            key,
            format!("the pods are kept on {wanted} nodes, and the image `{name}` is for {built}: `exec format error`"),
            format!("name an image for {wanted}, or select {built} nodes"),
        );
    };
    for label in ARCHITECTURE_LABELS {
        if let Some(wanted) = pod.node_selector.0.get(*label).filter(|wanted| *wanted != built) {
            tell(
                report,
                &format!("{section}.nodeSelector.{}", super::report::escaped(label)),
                wanted,
            );
        }
    }
    let key = format!(
        "{section}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms"
    );
    let terms = report.items(&key);
    // A node need fit one term only.
    if !terms.is_empty() && terms.iter().all(|term| excludes(term, built)) {
        let wanted = if built == "arm64" { "amd64" } else { "arm64" };
        tell(report, &key, wanted);
    }
}

/// The labels by which kubelets tell the processors of their nodes; the second is older.
pub const ARCHITECTURE_LABELS: &[&str] = &["kubernetes.io/arch", "beta.kubernetes.io/arch"];

/// Whether a term of an affinity keeps the pods off all nodes of an architecture.
fn excludes(term: &Node, architecture: &str) -> bool {
    let expressions = term.at(&["matchExpressions"]).map(Node::items).unwrap_or_default();
    expressions.iter().any(|expression| {
        let values = expression.at(&["values"]).map(Node::items).unwrap_or_default();
        let listed = values.iter().any(|value| value.as_str() == Some(architecture));
        ARCHITECTURE_LABELS.contains(&text(expression, &["key"]))
            && match text(expression, &["operator"]) {
                "In" => !values.is_empty() && !listed,
                "NotIn" => listed,
                "DoesNotExist" => true,
                _ => false,
            }
    })
}

/// The one architecture that an image's name says it is for, as the vendor's `fgc_k8s_arm` does.
pub fn built_for(repository: &str, tag: &str) -> Option<&'static str> {
    let words = |text: &'static [&'static str]| {
        let of = |name: &str| {
            name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| text.contains(&word))
        };
        of(repository) || of(tag)
    };
    match (words(&["arm", "arm64", "aarch64", "arm64v8"]), words(&["amd64", "x86", "x64"])) {
        (true, false) => Some("arm64"),
        (false, true) => Some("amd64"),
        _ => None,
    }
}
