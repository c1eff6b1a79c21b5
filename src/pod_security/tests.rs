//! Each control, by what it forbids and what it allows.

use serde_json::{Value as Json, json};

use super::{Level, breaches, check, root};
use crate::node::Node;
use crate::object::Object;
use crate::references::pods::Pods;
use crate::source::Sources;

/// A Deployment whose pods keep `restricted`.
fn good() -> Json {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"template": {"metadata": {"annotations": {"a": "b"}}, "spec": {
            "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
            "initContainers": [container()],
            "containers": [container(), container()],
            "ephemeralContainers": [container()],
            "volumes": [{"name": "a", "emptyDir": {}}, {"name": "b", "secret": {"secretName": "b"}}],
        }}}
    })
}

fn container() -> Json {
    json!({
        "name": "c",
        "ports": [{"containerPort": 80, "hostPort": 0}],
        "livenessProbe": {"httpGet": {"port": 80, "host": ""}},
        "securityContext": {
            "allowPrivilegeEscalation": false,
            "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
        },
    })
}

fn found(object: &Json) -> Vec<(Level, &'static str, String)> {
    let node = Node::from_json(object);
    let breaches = breaches(&Pods::of(&node).unwrap());
    breaches.into_iter().map(|breach| (breach.level, breach.control, breach.field)).collect()
}

/// The pod with one thing changed, at a pointer below the pods' template.
fn with(pointer: &str, value: Json) -> Json {
    let mut object = good();
    let mut at = &mut object["spec"]["template"];
    for step in pointer.split('/') {
        at = match step.parse::<usize>() {
            Ok(index) => &mut at[index],
            Err(_) => &mut at[step],
        };
    }
    *at = value;
    object
}

fn breaks(level: Level, control: &str, pointer: &str, value: Json) {
    let found = found(&with(pointer, value.clone()));
    let is_said = found.iter().any(|(l, c, _)| *l == level && *c == control);
    assert!(is_said, "{control}: {pointer} {value} gives {found:?}");
    let others: Vec<_> = found.iter().filter(|(l, _, _)| *l < level).collect();
    assert!(others.is_empty(), "{pointer} {value} gives {others:?} too");
}

fn keeps(pointer: &str, value: Json) {
    assert_eq!(found(&with(pointer, value.clone())), [], "{pointer} {value}");
}

/// Where every kind of container stands.
const CONTAINERS: [&str; 4] = [
    "spec/containers/0",
    "spec/containers/1",
    "spec/initContainers/0",
    "spec/ephemeralContainers/0",
];

/// Where a security context stands: that of the pods, and that of each container.
fn contexts() -> Vec<String> {
    let all = CONTAINERS.map(|at| format!("{at}/securityContext"));
    all.into_iter().chain(["spec/securityContext".to_owned()]).collect()
}

use Level::{Baseline, Restricted};

#[test]
fn a_good_pod_breaks_nothing_and_an_empty_one_only_restricted() {
    assert_eq!(found(&good()), []);
    let mut empty = good();
    empty["spec"]["template"]["spec"] = json!({"containers": [{"name": "c"}]});
    let controls: Vec<_> =
        found(&empty).iter().map(|(level, control, _)| (*level, *control)).collect();
    let wanted = ["Privilege Escalation", "Running as Non-root", "Seccomp", "Capabilities"];
    assert_eq!(controls, wanted.map(|control| (Restricted, control)));
}

#[test]
fn names_the_field() {
    let object = with("spec/initContainers/0/securityContext/privileged", json!(true));
    let field = "spec.template.spec.initContainers[0].securityContext.privileged";
    assert_eq!(found(&object), [(Baseline, "Privileged Containers", field.to_owned())]);
}

#[test]
fn the_host_is_out_of_reach() {
    for field in ["hostNetwork", "hostPID", "hostIPC"] {
        breaks(Baseline, "Host Namespaces", &format!("spec/{field}"), json!(true));
        keeps(&format!("spec/{field}"), json!(false));
    }
    for context in contexts() {
        let field = format!("{context}/windowsOptions");
        breaks(Baseline, "HostProcess", &field, json!({"hostProcess": true}));
        keeps(&field, json!({"hostProcess": false}));
    }
    for container in CONTAINERS {
        let field = format!("{container}/securityContext/privileged");
        breaks(Baseline, "Privileged Containers", &field, json!(true));
        keeps(&field, json!(false));
        let field = format!("{container}/ports/0/hostPort");
        breaks(Baseline, "Host Ports", &field, json!(8080));
        keeps(&field, Json::Null);
    }
    breaks(
        Baseline,
        "HostPath Volumes",
        "spec/volumes/0",
        json!({"name": "a", "hostPath": {"path": "/"}}),
    );
}

#[test]
fn probes_and_hooks_ask_the_pod_alone() {
    for container in CONTAINERS {
        for handler in [
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "lifecycle/postStart",
            "lifecycle/preStop",
        ] {
            for action in ["httpGet", "tcpSocket"] {
                let field = format!("{container}/{handler}");
                let to = |host: &str| json!({action: {"port": 80, "host": host}});
                breaks(Baseline, "Host Probes / Lifecycle Hooks", &field, to("169.254.169.254"));
                keeps(&field, to(""));
            }
        }
    }
}

#[test]
fn capabilities_are_few() {
    for container in CONTAINERS {
        let field = format!("{container}/securityContext/capabilities");
        breaks(Baseline, "Capabilities", &field, json!({"drop": ["ALL"], "add": ["NET_RAW"]}));
        breaks(Baseline, "Capabilities", &field, json!({"drop": ["ALL"], "add": ["CHOWN", "ALL"]}));
        breaks(Restricted, "Capabilities", &field, json!({"drop": ["ALL"], "add": ["CHOWN"]}));
        breaks(Restricted, "Capabilities", &field, json!({"drop": ["NET_RAW"]}));
        breaks(Restricted, "Capabilities", &field, Json::Null);
        keeps(&field, json!({"drop": ["ALL"]}));
    }
}

#[test]
fn profiles_are_not_switched_off() {
    for context in contexts() {
        for (field, control) in [("appArmorProfile", "AppArmor"), ("seccompProfile", "Seccomp")] {
            let field = format!("{context}/{field}");
            breaks(Baseline, control, &field, json!({"type": "Unconfined"}));
            keeps(&field, json!({"type": "Localhost", "localhostProfile": "p.json"}));
            keeps(&field, json!({"type": "RuntimeDefault"}));
        }
        let field = format!("{context}/seLinuxOptions");
        for wrong in [json!({"type": "spc_t"}), json!({"user": "u"}), json!({"role": "r"})] {
            breaks(Baseline, "SELinux", &field, wrong);
        }
        keeps(
            &field,
            json!({"type": "container_engine_t", "level": "s0:c1", "user": "", "role": ""}),
        );
    }
    for (profile, good) in [("runtime/default", true), ("localhost/x", true), ("unconfined", false)]
    {
        let annotations = json!({"container.apparmor.security.beta.kubernetes.io/c": profile});
        match good {
            true => keeps("metadata/annotations", annotations),
            false => breaks(Baseline, "AppArmor", "metadata/annotations", annotations),
        }
    }
    breaks(Restricted, "Seccomp", "spec/securityContext/seccompProfile", Json::Null);
}

#[test]
fn the_kernel_is_left_alone() {
    for container in CONTAINERS {
        let field = format!("{container}/securityContext/procMount");
        breaks(Baseline, "/proc Mount Type", &field, json!("Unmasked"));
        keeps(&field, json!("Default"));
    }
    let field = "spec/securityContext/sysctls";
    breaks(Baseline, "Sysctls", field, json!([{"name": "kernel.msgmax", "value": "1"}]));
    keeps(field, json!([{"name": "net.ipv4.tcp_syncookies", "value": "1"}]));
}

#[test]
fn volumes_are_of_kinds_that_cannot_reach_around_the_cluster() {
    for source in ["nfs", "iscsi", "gitRepo", "flexVolume"] {
        breaks(Restricted, "Volume Types", "spec/volumes/0", json!({"name": "a", source: {}}));
    }
    for source in
        ["csi", "configMap", "projected", "ephemeral", "persistentVolumeClaim", "downwardAPI"]
    {
        keeps("spec/volumes/0", json!({"name": "a", source: {}}));
    }
}

#[test]
fn nobody_is_root_or_becomes_it() {
    for container in CONTAINERS {
        let field = |name: &str| format!("{container}/securityContext/{name}");
        for wrong in [json!(true), Json::Null] {
            breaks(Restricted, "Privilege Escalation", &field("allowPrivilegeEscalation"), wrong);
        }
        breaks(Restricted, "Running as Non-root", &field("runAsNonRoot"), json!(false));
        keeps(&field("runAsNonRoot"), json!(true));
    }
    for context in contexts() {
        let field = format!("{context}/runAsUser");
        breaks(Restricted, "Running as Non-root user", &field, json!(0));
        keeps(&field, json!(999));
    }
    for wrong in [json!(false), Json::Null] {
        breaks(Restricted, "Running as Non-root", "spec/securityContext/runAsNonRoot", wrong);
    }
    // Each container may say so itself.
    let mut object = with("spec/securityContext/runAsNonRoot", Json::Null);
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        let containers = &mut object["spec"]["template"]["spec"][list];
        for container in containers.as_array_mut().unwrap() {
            container["securityContext"]["runAsNonRoot"] = json!(true);
        }
    }
    assert_eq!(found(&object), []);
}

#[test]
fn windows_has_no_capabilities_and_profiles() {
    let mut object = with("spec/os", json!({"name": "windows"}));
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        let containers = &mut object["spec"]["template"]["spec"][list];
        for container in containers.as_array_mut().unwrap() {
            container["securityContext"] = json!({});
        }
    }
    object["spec"]["template"]["spec"]["securityContext"] = json!({"runAsNonRoot": true});
    assert_eq!(found(&object), []);
}

#[test]
fn odd_shapes_break_nothing_else() {
    for odd in [
        json!(null),
        json!([1]),
        json!("x"),
        json!({"containers": {"a": 1}}),
        json!({"containers": [1], "volumes": [[], "x"]}),
    ] {
        let mut object = good();
        object["spec"]["template"]["spec"] = odd;
        let _ = found(&object);
    }
}

#[test]
fn notes_each_object_once() {
    let mut sources = Sources::default();
    let text = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostPID: true, containers: [{name: c}, {name: d}]}}\n---\n\
                {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: [{name: c}]}}\n---\n{apiVersion: v1, kind: Service}\n";
    let id = sources.add("<stdin>", text);
    let objects = Object::read(id, &sources).unwrap();
    let notes: Vec<_> = check(&objects, &sources).map(|note| note.problem.message).collect();
    let controls = "Privilege Escalation, Running as Non-root, Seccomp, Capabilities";
    assert_eq!(
        notes,
        [
            format!(
                "the pods do not keep the Pod Security Standard `baseline`: Host Namespaces, {controls}"
            ),
            format!(
                "the pods keep the Pod Security Standard `baseline`, and not `restricted`: {controls}"
            ),
        ]
    );
}

/// The fields by which containers of a Pod with this spec are to run as root and must not, and what to do.
fn forbidden(spec: &str) -> Vec<(String, String)> {
    let mut sources = Sources::default();
    let text = format!("{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {spec}}}");
    let id = sources.add("<stdin>", text);
    let object = Object::read(id, &sources).unwrap().remove(0);
    let found = root::check(&object, &sources).into_iter();
    found.map(|finding| (finding.field, finding.problem.help.unwrap())).collect()
}

#[test]
fn a_container_is_not_to_run_as_root_and_forbidden_to() {
    let fields = |spec: &str| -> Vec<String> {
        forbidden(spec).into_iter().map(|(field, _)| field).collect()
    };
    const BAN: &str = "runAsNonRoot: true";
    let two = "containers: [{name: c}, {name: d}]";
    let of_pod = format!("{{securityContext: {{{BAN}, runAsUser: 0}}, {two}}}");
    assert_eq!(fields(&of_pod), ["spec.securityContext.runAsUser"]);
    let own = format!(
        "{{securityContext: {{{BAN}, runAsUser: 7}}, initContainers: [{{name: c, securityContext: {{runAsUser: 0}}}}]}}"
    );
    assert_eq!(fields(&own), ["spec.initContainers[0].securityContext.runAsUser"]);
    let by_container = format!(
        "{{securityContext: {{runAsUser: 0}}, containers: [{{name: c}}, {{name: d, securityContext: {{{BAN}}}}}]}}"
    );
    let found = forbidden(&by_container);
    assert_eq!(found[0].0, "spec.securityContext.runAsUser");
    assert!(found[0].1.contains("in the security context of the container"), "{found:?}");
    for good in [
        format!("{{securityContext: {{runAsUser: 0}}, {two}}}"),
        format!("{{securityContext: {{{BAN}, runAsUser: 7}}, {two}}}"),
        format!("{{securityContext: {{{BAN}}}, {two}}}"),
        format!("{{os: {{name: windows}}, securityContext: {{{BAN}, runAsUser: 0}}, {two}}}"),
        format!(
            "{{securityContext: {{{BAN}, runAsUser: 0}}, containers: [{{name: c, securityContext: {{runAsUser: 7}}}}]}}"
        ),
        format!(
            "{{securityContext: {{{BAN}, runAsUser: 0}}, containers: [{{name: c, securityContext: {{runAsNonRoot: false}}}}]}}"
        ),
        "[]".to_owned(),
        "{containers: [1, {securityContext: 1}], securityContext: []}".to_owned(),
    ] {
        assert_eq!(fields(&good), Vec::<String>::new(), "{good}");
    }
}

#[test]
fn nothing_is_noted_of_pods_that_never_start() {
    let mut sources = Sources::default();
    let text = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {securityContext: {runAsNonRoot: true, runAsUser: 0}, containers: [{name: c}]}}";
    let id = sources.add("<stdin>", text);
    let objects = Object::read(id, &sources).unwrap();
    assert_eq!(check(&objects, &sources).count(), 0);
}
