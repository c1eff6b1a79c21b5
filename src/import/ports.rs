//! The ports of Services and containers: this chart sends what comes to a Service to its container's port, by name.

use serde_json::Value as Json;

use crate::error::Problem;
use crate::node::Node;

use super::draft::Draft;
use super::template::Template;
use super::walk::plain;

/// Whose Service or container it is, and what it says.
type Of<T> = Vec<(&'static str, T)>;

/// The ports that were seen.
#[derive(Default)]
pub struct Ports {
    /// Where a Service sends to, and what is told if nothing listens there.
    targets: Of<(String, Problem)>,
    /// The number and the name of a container's port.
    containers: Of<(String, String)>,
}

impl Template<'_, '_> {
    /// Which of several ports is the vendor's: the one with the section's number, or else the first.
    pub fn main_port(&self, items: &[Node], field: &str) -> usize {
        items.iter().position(|item| self.is_usual_port(item, field)).unwrap_or(0)
    }

    /// Whether a port has the section's number.
    pub fn is_usual_port(&self, port: &Node, field: &str) -> bool {
        let pointer = format!("/{}/service/port", self.section);
        let usual = self.draft.defaults.pointer(&pointer);
        port.at(&[field]).map(Node::to_json).is_some_and(|number| Some(&number) == usual)
    }

    /// Notes where a Service sends to.
    pub fn service_port(&mut self, port: &Node) {
        let said = |key| port.at(&[key]).and_then(|node| plain(node).zip(Some(node.origin)));
        let Some((target, origin)) = said("targetPort").or_else(|| said("port")) else { return };
        let problem = Problem::new("not the port that the container says it listens on");
        let help = "this chart sends all to the container's port: see which of the two is right; Forguncy's is `forguncy.containerPort`";
        let problem = self.placed(origin, problem.path("spec.ports[].targetPort").help(help));
        self.seen.ports.targets.push((self.section, (target, problem)));
    }

    /// Notes where a container listens.
    pub fn container_port(&mut self, port: &Node) {
        let said = |key: &str| port.at(&[key]).and_then(plain).unwrap_or_default();
        self.seen.ports.containers.push((self.section, (said("containerPort"), said("name"))));
    }
}

impl Ports {
    /// Tells of Services that send to where no container is known to listen.
    pub fn finish(self, draft: &mut Draft<'_>) {
        for (section, (target, problem)) in self.targets {
            let known = self.containers.iter().find(|(of, _)| *of == section);
            let listens = match known {
                Some((_, (number, name))) => target == *number || target == *name,
                // A container need not say where it listens.
                None => {
                    let usual = draft.defaults.pointer(&format!("/{section}/service/port"));
                    usual.map(Json::to_string).as_ref() == Some(&target)
                }
            };
            if !listens {
                draft.problems.push(problem);
            }
        }
    }
}
