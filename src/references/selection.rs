//! Budgets and policies: whether there are pods that they are for.

use std::collections::HashMap;

use super::index::{Index, Known, identity};
use super::selector::Selector;
use super::{Report, called};
use crate::node::{Node, Value};
use crate::rules::{BUDGET_WITHOUT_PODS, BUDGETS_OVERLAP, POLICY_WITHOUT_PODS};

pub(super) fn check(index: &Index<'_>, report: &mut Report<'_>) {
    let mut budgets = HashMap::new();
    for known in &index.objects {
        match (known.group, known.kind) {
            ("policy", "PodDisruptionBudget") => {
                let Some(node) = known.get(&["spec", "selector"]).filter(given) else { continue };
                let selector = Selector::of(node);
                let mut pods = index.selected(known.namespace, &selector).peekable();
                if pods.peek().is_none() {
                    let message =
                        format!("the budget's selector `{}` selects no pods", selector.text());
                    report
                        .add(&BUDGET_WITHOUT_PODS, known, "spec.selector", Some(node), message)
                        .problem
                        .help = Some(compare(known.namespace));
                }
                overlaps(known, node, pods, &mut budgets, report);
            }
            ("networking.k8s.io", "NetworkPolicy") => {
                let Some(node) = known.get(&["spec", "podSelector"]).filter(given) else {
                    continue;
                };
                let selector = Selector::of(node);
                // An empty selector is for all pods, whoever brings them.
                if !selector.is_empty()
                    && index.selected(known.namespace, &selector).next().is_none()
                {
                    let message =
                        format!("the policy's selector `{}` selects no pods", selector.text());
                    report
                        .add(&POLICY_WITHOUT_PODS, known, "spec.podSelector", Some(node), message)
                        .problem
                        .help = Some(compare(known.namespace));
                }
            }
            _ => {}
        }
    }
}

/// What to do about a selector that selects nothing.
pub(super) fn compare(namespace: &str) -> String {
    format!("compare it with the labels of the pods in namespace `{namespace}`")
}

fn given(node: &&Node) -> bool {
    !matches!(node.value, Value::Null)
}

/// Whether a pod of a budget has one already. Looks no further than the first: as many budgets for as many pods would take
/// their product in time.
fn overlaps<'i, 'a>(
    known: &'i Known<'a>,
    node: &Node,
    pods: impl Iterator<Item = &'i Known<'a>>,
    budgets: &mut HashMap<usize, &'i Known<'a>>,
    report: &mut Report<'_>,
) {
    for pod in pods {
        let first = *budgets.entry(pod.at).or_insert(known);
        if identity(first) != identity(known) {
            let message = format!("{} already has {}", called(pod), called(first));
            report
                .add(&BUDGETS_OVERLAP, known, "spec.selector", Some(node), message)
                .problem
                .help =
                Some("keep one budget for each pod: with two, every eviction fails".to_owned());
            return;
        }
    }
}
