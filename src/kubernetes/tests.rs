//! The checker as a whole: a text in, findings out.

use super::{Version, check, is_cluster_scoped, is_foreign};
use crate::object::Object;
use crate::source::Sources;

/// The findings of a text, each as `id field: message; help`.
fn findings_in(version: &str, text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let id = sources.add("test.yaml", text);
    let version: Version = version.parse().unwrap();
    let objects = Object::read(id, &sources).unwrap();
    let found = objects.iter().flat_map(|object| check(object, version, &sources));
    found
        .map(|finding| {
            let help = finding.problem.help.map(|help| format!("; {help}")).unwrap_or_default();
            format!("{} {}: {}{help}", finding.rule.id, finding.field, finding.problem.message)
        })
        .collect()
}

fn findings(text: &str) -> Vec<String> {
    findings_in("1.37", text)
}

/// A Deployment with some lines in its pods' spec, and in its container.
fn deployment(pod: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a}}\nspec:\n  selector: {{matchLabels: {{app: a}}}}\n  template:\n    metadata: {{labels: {{app: a}}}}\n    spec:\n{}      containers:\n      - name: a\n        image: a:1\n{}",
        pod.lines().map(|line| format!("      {line}\n")).collect::<String>(),
        container.lines().map(|line| format!("        {line}\n")).collect::<String>(),
    )
}

#[test]
fn finds_nothing_wrong_with_a_good_object() {
    let text = deployment(
        "volumes: [{name: v, emptyDir: {}}]",
        "ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP}]\nresources: {limits: {cpu: 1, memory: 1Gi}}\nenv: [{name: A, value: null}]",
    );
    assert_eq!(findings(&text), [""; 0]);
}

#[test]
fn tells_which_field_was_meant_and_where_a_field_belongs() {
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, lables: {}}\nreplicas: 3\nspec:\n  containers: []\n  Replicas: 2\n  selector: {matchLabels: {app: a}}\n  template:\n    metadata: {labels: {app: a}}\n    spec:\n      replicas: 1\n      containers: [{name: a, image: a, nonsense: 1}]\n";
    assert_eq!(
        findings(text),
        [
            "HZG201 metadata.lables: there is no field `lables` here; did you mean `labels`?",
            "HZG201 replicas: there is no field `replicas` here; it belongs at `spec.replicas`",
            "HZG201 spec.containers: there is no field `containers` here; it belongs at `spec.template.spec.containers`",
            "HZG201 spec.Replicas: there is no field `Replicas` here; did you mean `replicas`?",
            "HZG201 spec.template.spec.replicas: there is no field `replicas` here; it belongs at `spec.replicas`",
            "HZG201 spec.template.spec.containers[0].nonsense: there is no field `nonsense` here",
        ]
    );
}

#[test]
fn tells_what_type_was_expected() {
    let text = deployment(
        "hostNetwork: \"true\"\nnodeSelector: [a]\ntolerations: {key: a}\nactiveDeadlineSeconds: \"5\"",
        "env: [{name: A, value: 8080}, null]\nargs: [true]\nlivenessProbe: 5\nresources: {limits: {cpu: null}}",
    );
    assert_eq!(
        findings(&text),
        [
            "HZG202 spec.template.spec.hostNetwork: `hostNetwork` is a string, expected `true` or `false`; write it without quotes",
            "HZG202 spec.template.spec.nodeSelector: `nodeSelector` is a list, expected a map, each value a string",
            "HZG202 spec.template.spec.tolerations: `tolerations` is a map, expected a list of Toleration; begin each item with `- `",
            "HZG202 spec.template.spec.activeDeadlineSeconds: `activeDeadlineSeconds` is a string, expected a whole number; write it without quotes",
            "HZG202 spec.template.spec.containers[0].env[0].value: `value` is an integer, expected a string; put it in quotes",
            "HZG202 spec.template.spec.containers[0].env[1]: item 1 of `env` is null, expected a map (EnvVar); give it a value, or leave it out",
            "HZG202 spec.template.spec.containers[0].args[0]: item 0 of `args` is a boolean, expected a string; put it in quotes",
            "HZG202 spec.template.spec.containers[0].livenessProbe: `livenessProbe` is an integer, expected a map (Probe)",
            "HZG202 spec.template.spec.containers[0].resources.limits.cpu: `cpu` is null, expected a quantity, like `500m` or `2Gi`; give it a value, or leave it out",
        ]
    );
}

#[test]
fn takes_null_for_left_out() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: null, creationTimestamp: null}\nspec:\n  type: null\n  ports: [{port: null, name: null}]\n";
    assert_eq!(
        findings(text),
        ["HZG203 spec.ports[0].port: `port` is missing; it is required: add a whole number"]
    );
}

#[test]
fn finds_what_an_api_server_checks_beyond_types() {
    let text = deployment(
        "restartPolicy: always\nterminationGracePeriodSeconds: 5000000000\nactiveDeadlineSeconds: 0",
        "imagePullPolicy: allways\nports: [{containerPort: 70000, name: HTTP}]\nresources: {limits: {memory: 2GiB, gpu: 1, cpu: -1, cpus: 1}}\nvolumeMounts: [{name: v, mountPath: data}]\nenv: [{name: A=B}]",
    );
    let found = findings(&text);
    assert_eq!(
        found,
        [
            "HZG204 spec.template.spec.restartPolicy: `restartPolicy` is `always`, expected `Always`, `Never` or `OnFailure`; did you mean `Always`?",
            "HZG205 spec.template.spec.activeDeadlineSeconds: `activeDeadlineSeconds` is 0, expected 1 to 2147483647",
            "HZG204 spec.template.spec.containers[0].imagePullPolicy: `imagePullPolicy` is `allways`, expected `Always`, `IfNotPresent` or `Never`; did you mean `Always`?",
            "HZG205 spec.template.spec.containers[0].ports[0].containerPort: `containerPort` is 70000, expected 1 to 65535",
            "HZG205 spec.template.spec.containers[0].ports[0].name: `name` is `HTTP`, expected a port name: up to 15 of `a-z`, `0-9` and single `-`, with a letter, and a letter or digit at both ends; write it in lower case",
            "HZG205 spec.template.spec.containers[0].resources.limits.memory: `memory` is `2GiB`, expected a quantity, like `500m` or `2Gi`; did you mean `2Gi`?",
            "HZG205 spec.template.spec.containers[0].resources.limits.gpu: `gpu` cannot be a container's resource, expected `cpu`, `memory`, `ephemeral-storage`, `hugepages-2Mi` and the like, or a name with a domain like `example.com/gpu`; did you mean `cpu`?",
            "HZG205 spec.template.spec.containers[0].resources.limits.cpu: `cpu` is -1, expected 0 or more",
            "HZG205 spec.template.spec.containers[0].resources.limits.cpus: `cpus` cannot be a container's resource, expected `cpu`, `memory`, `ephemeral-storage`, `hugepages-2Mi` and the like, or a name with a domain like `example.com/gpu`; did you mean `cpu`?",
            "HZG205 spec.template.spec.containers[0].volumeMounts[0].mountPath: `mountPath` is `data`, expected an absolute path, with `/` first and no `:`",
            "HZG205 spec.template.spec.containers[0].env[0].name: `name` is `A=B`, expected printable ASCII without `=`",
        ]
    );
}

#[test]
fn finds_keys_that_stand_twice_with_their_defaults() {
    let text = deployment(
        "volumes: [{name: v}, {name: v}]\nimagePullSecrets: [{name: a}, {name: b}]",
        "env: [{name: A}, {name: B}, {name: A}]\nports: [{containerPort: 80}, {containerPort: 80, protocol: TCP}]",
    );
    let found = findings(&text);
    let help = "leave one of them out: server-side apply, and so Helm 4, refuses both";
    assert_eq!(
        found,
        [
            format!(
                "HZG206 spec.template.spec.volumes[1].name: another item of `volumes` has `name: v` too; {help}"
            ),
            format!(
                "HZG206 spec.template.spec.containers[0].env[2].name: another item of `env` has `name: A` too; {help}"
            ),
            format!(
                "HZG206 spec.template.spec.containers[0].ports[1].containerPort: another item of `ports` has `containerPort: 80`, `protocol: TCP` too; {help}"
            ),
        ]
    );
}

#[test]
fn judges_names_by_kind_and_labels_everywhere() {
    let named = |api: &str, kind: &str, name: &str, rest: &str| {
        findings(&format!(
            "apiVersion: {api}\nkind: {kind}\nmetadata: {{name: \"{name}\"}}\n{rest}"
        ))
    };
    assert_eq!(named("v1", "ConfigMap", "a.b", ""), [""; 0]);
    assert_eq!(named("v1", "Namespace", "a.b", "").len(), 1);
    assert!(
        named("v1", "Service", "0a", "spec: {ports: [{port: 80}]}")[0]
            .contains("cannot be the name of a Service")
    );
    assert_eq!(named("rbac.authorization.k8s.io/v1", "Role", "system:a", ""), [""; 0]);
    assert_eq!(named("rbac.authorization.k8s.io/v1", "Role", "a/b", "").len(), 1);
    assert_eq!(
        named("v1", "ConfigMap", "", "")[0],
        "HZG203 metadata.name: `name` is missing; name the object"
    );
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {a b: c, d: e f}, annotations: {A.b/c: x y, '': z}}\n";
    let fields: Vec<String> =
        findings(text).iter().map(|f| f.split(": ").next().unwrap().to_owned()).collect();
    assert_eq!(
        fields,
        [
            "HZG205 metadata.labels[\"a b\"]",
            "HZG205 metadata.labels.d",
            "HZG205 metadata.annotations[\"\"]"
        ]
    );
}

#[test]
fn counts_the_bytes_of_annotations() {
    let text = |bytes: usize| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations:\n    a: {}\n",
            "x".repeat(bytes)
        )
    };
    assert_eq!(findings(&text(262_143)), [""; 0]);
    assert_eq!(findings(&text(262_144)).len(), 1);
}

#[test]
fn knows_which_version_serves_what() {
    let budget = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n";
    assert_eq!(
        findings_in("1.25", budget),
        [
            "HZG207 apiVersion: Kubernetes 1.25 does not serve `policy/v1beta1` PodDisruptionBudget: it was removed in 1.25; use `policy/v1`"
        ]
    );
    let autoscaler = "apiVersion: autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {maxReplicas: 1, scaleTargetRef: {kind: Deployment, name: a}}\n";
    assert_eq!(findings_in("1.25", autoscaler), [""; 0]);
    assert!(
        findings_in("1.26", autoscaler)[0]
            .ends_with("it was removed in 1.26; use `autoscaling/v1` or `autoscaling/v2`")
    );
    let policy = "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: a}\nspec: {}\n";
    assert!(findings_in("1.29", policy)[0].contains("it is new in 1.30"));
    assert_eq!(findings_in("1.30", policy), [""; 0]);
}

#[test]
fn knows_which_version_has_which_field() {
    let text = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {unhealthyPodEvictionPolicy: AlwaysAllow}\n";
    assert_eq!(findings_in("1.26", text), [""; 0]);
    assert!(findings_in("1.25", text)[0].starts_with(
        "HZG208 spec.unhealthyPodEvictionPolicy: Kubernetes 1.25 does not have the field"
    ));
    let cluster = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {accessModes: [ReadWriteOnce], resources: {claims: [], requests: {storage: 1Gi}}}\n";
    assert_eq!(findings_in("1.28", cluster), [""; 0]);
    assert!(findings_in("1.29", cluster)[0].starts_with("HZG201"));
}

#[test]
fn tells_a_misspelt_api_from_a_foreign_one() {
    let first = |api: &str, kind: &str| {
        findings(&format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a}}\n"))
            .into_iter()
            .next()
            .unwrap_or_default()
    };
    assert_eq!(
        first("apps/v1", "Deploymnt"),
        "HZG207 kind: there is no kind `Deploymnt` in `apps/v1`; did you mean `Deployment`?"
    );
    assert_eq!(
        first("app/v1", "Deployment"),
        "HZG207 apiVersion: there is no API `app/v1`; kind `Deployment` is in `apps/v1`"
    );
    assert_eq!(
        first("apps/v2", "Deployment"),
        "HZG207 apiVersion: kind `Deployment` is not in `apps/v2`; it is in `apps/v1`"
    );
    assert_eq!(
        first("v1", "Ingress"),
        "HZG207 apiVersion: kind `Ingress` is not in `v1`; it is in `networking.k8s.io/v1`"
    );
    assert_eq!(
        first("networking.k8.io/v1", "Ingress"),
        "HZG207 apiVersion: there is no API `networking.k8.io/v1`; kind `Ingress` is in `networking.k8s.io/v1`"
    );
    for (api, kind) in [
        ("gateway.networking.k8s.io/v1", "HTTPRoute"),
        ("config.openshift.io/v1", "Ingress"),
        ("cert-manager.io/v1", "Certificate"),
    ] {
        assert_eq!(first(api, kind), "", "{api} {kind}");
    }
    assert_eq!(
        findings("apiVersion: a.b/v1\nkind: C\nmetadata: {name: A, labels: {a: 1}}\nspec: 5\n")
            .len(),
        2
    );
}

#[test]
fn says_when_something_is_no_object() {
    assert_eq!(
        findings("just text\n"),
        [
            "HZG209 : a string stands where an object is expected; an object is a map with `apiVersion`, `kind` and `metadata`"
        ]
    );
    assert_eq!(
        findings("a: 1\n"),
        [
            "HZG209 : this is no Kubernetes object: it has neither `apiVersion` nor `kind`; an object is a map with `apiVersion`, `kind` and `metadata`; to check values: `hzgchart validate -f FILE`",
        ]
    );
    assert_eq!(
        findings("kind: Deployment\napiVersion: 1\nmetadata: {name: a}\n"),
        [
            "HZG209 apiVersion: `apiVersion` is an integer, expected a string; kind `Deployment` is in `apps/v1`"
        ]
    );
    assert_eq!(
        findings(
            "kind: Deployment\napiVersion: apps/v1\nmetadata: 5\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}\n"
        ),
        ["HZG202 metadata: `metadata` is an integer, expected a map (ObjectMeta)"]
    );
}

#[test]
fn finds_fields_that_exclude_or_need_each_other() {
    let ids = |text: &str| -> Vec<String> {
        findings(text).iter().map(|f| f.split(": ").next().unwrap().to_owned()).collect()
    };
    let of = "spec.template.spec";
    for (pod, container, expected) in [
        (
            "volumes: [{name: v, emptyDir: {}, hostPath: {path: /}}]",
            "",
            vec![format!("HZG210 {of}.volumes[0].hostPath")],
        ),
        (
            "",
            "env: [{name: A, value: x, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]",
            vec![format!("HZG210 {of}.containers[0].env[0].valueFrom")],
        ),
        (
            "",
            "livenessProbe: {exec: {command: [a]}, tcpSocket: {port: 80}}",
            vec![format!("HZG210 {of}.containers[0].livenessProbe.tcpSocket")],
        ),
        (
            "",
            "livenessProbe: {periodSeconds: 5}",
            vec![format!("HZG203 {of}.containers[0].livenessProbe")],
        ),
        ("restartPolicy: Never", "", vec![format!("HZG204 {of}.restartPolicy")]),
        (
            "initContainers: [{name: a, image: a}]",
            "",
            vec![format!("HZG206 {of}.containers[0].name")],
        ),
    ] {
        assert_eq!(ids(&deployment(pod, container)), expected, "{pod} {container}");
    }
    let unmatched = deployment("", "").replace("labels: {app: a}", "labels: {app: b}");
    assert_eq!(ids(&unmatched), ["HZG210 spec.selector"]);
    let service = |spec: &str| {
        ids(&format!("apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {spec}\n"))
    };
    assert_eq!(service("{}"), ["HZG203 spec.ports"]);
    assert_eq!(service("{clusterIP: None}"), [""; 0]);
    assert_eq!(
        service("{ports: [{port: 80}, {port: 81, name: b}]}"),
        ["HZG203 spec.ports[0].name"]
    );
    assert_eq!(
        service("{ports: [{port: 80, nodePort: 30000}]}"),
        ["HZG210 spec.ports[0].nodePort"]
    );
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: a, image: a}]}}}\n";
    assert_eq!(ids(job), ["HZG204 spec.template.spec.restartPolicy"]);
}

#[test]
fn judges_secrets_and_config_maps_as_a_whole() {
    let fields = |text: &str| -> Vec<String> {
        findings(text).iter().map(|f| f.split(": ").next().unwrap().to_owned()).collect()
    };
    let secret = |rest: &str| {
        fields(&format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{rest}"))
    };
    assert_eq!(
        secret("type: kubernetes.io/tls\nstringData: {tls.crt: a}\ndata: {tls.key: YQ==}\n"),
        [""; 0]
    );
    assert_eq!(secret("type: kubernetes.io/tls\n"), ["HZG203 data", "HZG203 data"]);
    assert_eq!(secret("data: {a b: YQ==}\n"), ["HZG205 data[\"a b\"]"]);
    let map = |rest: &str| {
        fields(&format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n{rest}"))
    };
    assert_eq!(map("data: {a: b}\nbinaryData: {a: YQ==}\n"), ["HZG210 binaryData"]);
    assert_eq!(map(&format!("data: {{a: {}}}\n", "x".repeat(1024 * 1024))), [""; 0]);
    assert_eq!(map(&format!("data: {{a: {}}}\n", "x".repeat(1024 * 1024 + 1))), ["HZG205 data"]);
}

#[test]
fn points_at_the_line_and_never_shows_a_secret() {
    let text = format!(
        "{}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata:\n  key: hunter 2\nstringData:\n  password: 31337\n",
        deployment(
            "",
            "env:\n- name: PLAIN\n  value: 4711\n- name: DB_PASSWORD\n  value: 31337\nargs: [1]"
        )
    );
    let mut sources = Sources::default();
    let id = sources.add("test.yaml", text);
    let objects = Object::read(id, &sources).unwrap();
    let found: Vec<String> = objects
        .iter()
        .flat_map(|o| check(o, Version::default(), &sources))
        .map(|f| f.problem.to_string())
        .collect();
    let all = found.join("\n");
    assert_eq!(found.len(), 5, "{all}");
    assert!(!all.contains("31337") && !all.contains("hunter"), "{all}");
    assert!(all.contains("test.yaml:14:18") && all.contains("args: [1]"), "{all}");
}

#[test]
fn ends_on_hostile_input() {
    let many: String = (0..5000).map(|i| format!("  spce{i}: 1\n")).collect();
    assert_eq!(
        findings(&format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n{many}")).len(),
        100
    );
    let twice: String = "  - {name: A}\n".repeat(5000);
    assert_eq!(findings(&deployment("", &format!("env:\n{twice}"))).len(), 100);
    let deep = "{properties: {a: ".repeat(40) + "{}" + &"}}".repeat(40);
    let text = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: a}}\nspec: {{group: a, names: {{kind: A, plural: a}}, scope: Namespaced, versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {deep}}}}}]}}\n"
    );
    assert_eq!(findings(&text), [""; 0]);
    for text in [
        "apiVersion: \"\u{e4}/\u{e4}\"\nkind: \"\u{e4}\"\n",
        "apiVersion: /\nkind: /\n",
        "apiVersion: v1\nkind: List\n",
        "apiVersion: v1/\nkind: Pod\nmetadata: []\n",
    ] {
        assert!(!findings(text).is_empty(), "{text}");
    }
}

#[test]
fn knows_kinds_and_their_scope() {
    let foreign = |text: &str| {
        let mut sources = Sources::default();
        let id = sources.add("test.yaml", text);
        is_foreign(&Object::read(id, &sources).unwrap()[0])
    };
    assert!(
        !foreign("apiVersion: v1\nkind: Pod\n")
            && !foreign("apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\n")
    );
    assert!(foreign("apiVersion: a.b/v1\nkind: Pod\n"));
    assert!(!foreign("text\n") && !foreign("kind: Pod\n"), "what is no object is of no kind");
    assert!(
        is_cluster_scoped("v1", "Namespace")
            && is_cluster_scoped("rbac.authorization.k8s.io/v1", "ClusterRole")
    );
    assert!(!is_cluster_scoped("v1", "Pod") && !is_cluster_scoped("a.b/v1", "Namespace"));
}

/// The fields that are refused in a pod's spec and its container, with the rules.
fn refused(pod: &str, container: &str) -> Vec<String> {
    let found = findings(&deployment(pod, container)).into_iter();
    let field = |text: String| {
        text.split(": ").next().unwrap_or_default().replace("spec.template.spec.", "")
    };
    found.map(field).collect()
}

#[test]
fn finds_what_containers_and_pods_cannot_have() {
    let container = |text: &str| refused("", text);
    for (text, wanted) in [
        ("livenessProbe: {exec: {}}", "HZG203 containers[0].livenessProbe.exec.command"),
        (
            "lifecycle: {preStop: {exec: {command: []}}}",
            "HZG203 containers[0].lifecycle.preStop.exec.command",
        ),
        ("envFrom: [{}]", "HZG203 containers[0].envFrom[0]"),
        (
            "envFrom: [{configMapRef: {name: a_b}}]",
            "HZG205 containers[0].envFrom[0].configMapRef.name",
        ),
        (
            "env: [{name: A, valueFrom: {secretKeyRef: {name: A, key: b}}}]",
            "HZG205 containers[0].env[0].valueFrom.secretKeyRef.name",
        ),
        (
            "env: [{name: A, valueFrom: {secretKeyRef: {key: b}}}]",
            "HZG203 containers[0].env[0].valueFrom.secretKeyRef.name",
        ),
        (
            "env: [{name: A, valueFrom: {resourceFieldRef: {resource: limit.cpu}}}]",
            "HZG204 containers[0].env[0].valueFrom.resourceFieldRef.resource",
        ),
        (
            "securityContext: {seccompProfile: {type: Localhost}}",
            "HZG203 containers[0].securityContext.seccompProfile.localhostProfile",
        ),
        (
            "securityContext: {seccompProfile: {type: Unconfined, localhostProfile: a}}",
            "HZG210 containers[0].securityContext.seccompProfile.localhostProfile",
        ),
        (
            "resources: {requests: {example.com/gpu: 1}}",
            "HZG203 containers[0].resources.requests[\"example.com/gpu\"]",
        ),
        (
            "resources: {limits: {example.com/gpu: 500m}}",
            "HZG205 containers[0].resources.limits[\"example.com/gpu\"]",
        ),
        (
            "resources: {limits: {example.com/gpu: 2}, requests: {example.com/gpu: 1}}",
            "HZG210 containers[0].resources.requests[\"example.com/gpu\"]",
        ),
        (
            "resources: {limits: {memory: 1Gi, hugepages-2Mi: 4Mi}, requests: {hugepages-2Mi: 2Mi}}",
            "HZG210 containers[0].resources.requests.hugepages-2Mi",
        ),
        (
            "resources: {limits: {cpu: 1}, requests: {cpu: 2}}",
            "HZG210 containers[0].resources.requests.cpu",
        ),
    ] {
        assert_eq!(container(text), [wanted], "{text}");
    }
    for good in [
        "livenessProbe: {exec: {command: [a]}}",
        "envFrom: [{secretRef: {name: a.b}}]",
        "env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.hugepages-2Mi}}}]",
        "securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}",
        "securityContext: {seccompProfile: {type: Unconfined, localhostProfile: null}}",
        "resources: {limits: {example.com/gpu: 2000m}, requests: {example.com/gpu: \"2\"}}",
        "resources: {limits: {example.com/gpu: 1, cpu: 2}, requests: {cpu: 500m, memory: 1Gi}}",
    ] {
        assert_eq!(container(good), [""; 0], "{good}");
    }
    let pod = |text: &str| refused(text, "");
    for (text, wanted) in [
        (
            "initContainers: [{name: i, image: a, readinessProbe: {exec: {command: [a]}}}]",
            "HZG210 initContainers[0].readinessProbe",
        ),
        ("volumes: [{name: a, configMap: {}}]", "HZG203 volumes[0].configMap.name"),
        ("tolerations: [{key: a, value: \"b c\"}]", "HZG205 tolerations[0].value"),
        (
            "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}",
            "HZG203 affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms",
        ),
    ] {
        assert_eq!(pod(text), [wanted], "{text}");
    }
    for good in [
        "initContainers: [{name: i, image: a, restartPolicy: Always, readinessProbe: {exec: {command: [a]}}}]",
        "initContainers: [{name: i, image: a, readinessProbe: null}]",
        "tolerations: [{key: a, operator: Gt, value: \"5\"}]",
        "volumes: [{name: a, configMap: {name: a_b}}]",
    ] {
        assert_eq!(pod(good), [""; 0], "{good}");
    }
    let compared = deployment("tolerations: [{key: a, operator: Gt, value: \"5\"}]", "");
    assert_eq!(findings_in("1.34", &compared).len(), 1);
}

#[test]
fn finds_what_others_cannot_have() {
    let of = |kind: &str, spec: &str| {
        let found = findings(&format!("{kind}\nmetadata: {{name: a}}\nspec: {spec}\n"));
        found
            .into_iter()
            .map(|text| text.split(": ").next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let policy = |spec: &str| {
        let spec = format!("{{podSelector: {{}}, ingress: [{{from: [{spec}]}}]}}");
        of("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy", &spec)
    };
    assert_eq!(policy("{}"), ["HZG203 spec.ingress[0].from[0]"]);
    let except = |cidr: &str, except: &str| {
        policy(&format!("{{ipBlock: {{cidr: \"{cidr}\", except: [\"{except}\"]}}}}"))
    };
    let wanted = ["HZG210 spec.ingress[0].from[0].ipBlock.except[0]"];
    for (cidr, part) in [
        ("10.0.0.0/8", "11.0.0.0/16"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10.0.0.0/8", "0.0.0.0/0"),
        ("10.0.0.0/8", "fd00::/64"),
        ("fd00::/8", "fe00::/16"),
    ] {
        assert_eq!(except(cidr, part), wanted, "{cidr} {part}");
    }
    for (cidr, part) in [
        ("10.0.0.0/8", "10.1.0.0/16"),
        ("0.0.0.0/0", "10.0.0.0/8"),
        ("::/0", "fd00::/8"),
        ("10.1.2.3/8", "10.0.0.1/32"),
    ] {
        assert_eq!(except(cidr, part), [""; 0], "{cidr} {part}");
    }
    assert_eq!(policy("{podSelector: {}}, {namespaceSelector: {}, podSelector: {}}"), [""; 0]);

    let ingress = |class: &str| {
        findings(&format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: a, annotations: {{kubernetes.io/ingress.class: nginx}}}}\nspec: {{{class}defaultBackend: {{service: {{name: a, port: {{number: 80}}}}}}}}\n"
        ))
    };
    let found = ingress("ingressClassName: traefik, ");
    assert!(
        found[0].starts_with("HZG210 metadata.annotations[\"kubernetes.io/ingress.class\"]: "),
        "{found:?}"
    );
    assert_eq!(ingress("ingressClassName: nginx, "), [""; 0]);
    assert_eq!(ingress(""), [""; 0]);

    let scaler = |policies: &str| {
        let spec = format!(
            "{{maxReplicas: 2, scaleTargetRef: {{kind: Deployment, name: a}}, behavior: {{scaleDown: {{selectPolicy: Disabled{policies}}}}}}}"
        );
        of("apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler", &spec)
    };
    assert_eq!(scaler(", policies: []"), ["HZG203 spec.behavior.scaleDown.policies"]);
    assert_eq!(scaler(""), [""; 0]);

    let service = |more: &str| {
        of(
            "apiVersion: v1\nkind: Service",
            &format!("{{ports: [{{port: 80}}], externalTrafficPolicy: Local{more}}}"),
        )
    };
    assert_eq!(service(""), ["HZG210 spec.externalTrafficPolicy"]);
    assert_eq!(service(", type: ClusterIP"), ["HZG210 spec.externalTrafficPolicy"]);
    assert_eq!(service(", type: NodePort"), [""; 0]);
    assert_eq!(service(", externalIPs: [192.0.2.1]"), [""; 0]);

    let budget = |share: &str| {
        of(
            "apiVersion: policy/v1\nkind: PodDisruptionBudget",
            &format!("{{minAvailable: {share}, selector: {{matchLabels: {{a: b}}}}}}"),
        )
    };
    assert_eq!(budget("101%"), ["HZG205 spec.minAvailable"]);
    assert_eq!(budget("100%"), [""; 0]);
    let rolling = |share: &str| {
        findings(&deployment("", "").replace(
            "spec:\n  selector",
            &format!("spec:\n  strategy: {{rollingUpdate: {share}}}\n  selector"),
        ))
    };
    assert_eq!(rolling("{maxUnavailable: 200%}").len(), 1);
    assert_eq!(rolling("{maxSurge: 200%}"), [""; 0]);
}

#[test]
fn finds_what_an_api_server_refuses_of_pods_in_detail() {
    let fields = |pod: &str, container: &str| refused(pod, container);
    for (pod, container, wanted) in [
        (
            "",
            "readinessProbe: {exec: {command: [a]}, terminationGracePeriodSeconds: 5}",
            "HZG210 containers[0].readinessProbe.terminationGracePeriodSeconds",
        ),
        (
            "",
            "volumeMounts: [{name: v, mountPath: /x, mountPropagation: Bidirectional}]",
            "HZG210 containers[0].volumeMounts",
        ),
        (
            "",
            "env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: \"3\"}}}]",
            "HZG204 containers[0].env[0].valueFrom.resourceFieldRef.divisor",
        ),
        (
            "topologySpreadConstraints: [{maxSkew: 1, topologyKey: x, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [a]}]",
            "",
            "HZG210 topologySpreadConstraints[0].matchLabelKeys",
        ),
        (
            "topologySpreadConstraints: [{maxSkew: 1, topologyKey: x, whenUnsatisfiable: ScheduleAnyway, minDomains: 2}]",
            "",
            "HZG210 topologySpreadConstraints[0].minDomains",
        ),
        ("volumes: [{name: v, hostPath: {path: /a/../x}}]", "", "HZG205 volumes[0].hostPath.path"),
        (
            "volumes: [{name: v, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: status.podIP}}]}}]",
            "",
            "HZG204 volumes[0].downwardAPI.items[0].fieldRef",
        ),
        (
            "volumes: [{name: v, projected: {sources: [{configMap: {name: a}, secret: {name: a}}]}}]",
            "",
            "HZG210 volumes[0].projected.sources[0].secret",
        ),
        (
            "securityContext: {sysctls: [{name: \"A B\", value: \"1\"}]}",
            "",
            "HZG205 securityContext.sysctls[0].name",
        ),
        ("dnsPolicy: None", "", "HZG203 dnsPolicy"),
        (
            "dnsConfig: {nameservers: [10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4]}",
            "",
            "HZG205 dnsConfig",
        ),
        ("hostPID: true, shareProcessNamespace: true", "", "HZG210 shareProcessNamespace"),
        (
            "hostNetwork: true",
            "ports: [{containerPort: 80, hostPort: 81}]",
            "HZG210 containers[0].ports",
        ),
    ] {
        // Keys of the pod are written one to a line.
        let pod = pod.replace(", shareProcess", "\nshareProcess");
        assert_eq!(fields(&pod, container), [wanted], "{pod} {container}");
    }
    for (pod, container) in [
        ("", "livenessProbe: {exec: {command: [a]}, terminationGracePeriodSeconds: 5}"),
        (
            "",
            "volumeMounts: [{name: v, mountPath: /x, mountPropagation: Bidirectional}], securityContext: {privileged: true}",
        ),
        (
            "",
            "env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}]",
        ),
        ("volumes: [{name: v, hostPath: {path: /a/..b}}]", ""),
        (
            "volumes: [{name: v, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: \"metadata.labels['a']\"}}]}}]",
            "",
        ),
        ("securityContext: {sysctls: [{name: net.ipv4.conf.eth0/1.x_y, value: \"1\"}]}", ""),
        ("hostNetwork: true", "ports: [{containerPort: 80, hostPort: 80}]"),
    ] {
        let container = container.replace("], security", "]\nsecurity");
        assert_eq!(fields(pod, &container), [""; 0], "{pod} {container}");
    }
}

/// The fields that are refused in an object, with the rules.
fn refused_in(head: &str, rest: &str) -> Vec<String> {
    let found = findings(&format!("{head}\nmetadata: {{name: a}}\n{rest}\n")).into_iter();
    found.map(|text| text.split(": ").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn finds_what_an_api_server_refuses_of_addresses() {
    let ingress = |rule: &str| {
        let spec = format!("spec: {{rules: [{rule}]}}");
        refused_in("apiVersion: networking.k8s.io/v1\nkind: Ingress", &spec)
    };
    let path = |path: &str, kind: &str| {
        ingress(&format!(
            "{{http: {{paths: [{{path: \"{path}\", pathType: {kind}, backend: {{service: {{name: a, port: {{number: 80}}}}}}}}]}}}}"
        ))
    };
    for host in ["10.0.0.1", "\"::1\""] {
        assert!(
            ingress(&format!("{{host: {host}}}")).contains(&"HZG205 spec.rules[0].host".to_owned())
        );
    }
    assert_eq!(ingress("{host: 10.0.0.1.example.com}"), [""; 0]);
    for wrong in ["//a", "/a/./b", "/a/../b", "/a/..", "/a/.", "/a%2fb", "/a%2Fb"] {
        assert_eq!(path(wrong, "Prefix"), ["HZG205 spec.rules[0].http.paths[0].path"], "{wrong}");
        assert_eq!(path(wrong, "ImplementationSpecific"), [""; 0], "{wrong}");
    }
    for right in ["/", "/a/b/", "/a..b", "/.a", "/a%2e"] {
        assert_eq!(path(right, "Exact"), [""; 0], "{right}");
    }
    let service = |spec: &str| {
        let spec = format!("spec: {{ports: [{{port: 80}}], {spec}}}");
        refused_in("apiVersion: v1\nkind: Service", &spec)
    };
    for (spec, field) in [
        ("ipFamilies: [IPv4, IPv4]", "ipFamilies"),
        ("ipFamilies: [IPv4, IPv6], ipFamilyPolicy: SingleStack", "ipFamilies"),
        ("loadBalancerClass: a/b", "loadBalancerClass"),
        ("type: LoadBalancer, healthCheckNodePort: 30000", "healthCheckNodePort"),
    ] {
        assert_eq!(service(spec), [format!("HZG210 spec.{field}")], "{spec}");
    }
    for spec in [
        "ipFamilies: [IPv4, IPv6], ipFamilyPolicy: PreferDualStack",
        "type: LoadBalancer, loadBalancerClass: a/b, externalTrafficPolicy: Local, healthCheckNodePort: 30000",
    ] {
        assert_eq!(service(spec), [""; 0], "{spec}");
    }
    let policy = |port: &str| {
        let spec = format!("spec: {{podSelector: {{}}, ingress: [{{ports: [{{{port}}}]}}]}}");
        refused_in("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy", &spec)
    };
    for wrong in ["port: 80, endPort: 70", "port: http, endPort: 90", "endPort: 90"] {
        assert_eq!(policy(wrong), ["HZG210 spec.ingress[0].ports[0].endPort"], "{wrong}");
    }
    assert_eq!(policy("port: 80, endPort: 80"), [""; 0]);
}

#[test]
fn finds_what_an_api_server_refuses_of_volumes_roles_and_scaling() {
    let volume = "apiVersion: v1\nkind: PersistentVolume";
    let local = "capacity: {storage: 1Gi}, local: {path: /x}";
    for (head, spec, wanted) in [
        (volume, format!("spec: {{accessModes: [ReadWriteOnce], {local}}}"), "HZG203 spec.nodeAffinity"),
        (
            volume,
            "spec: {accessModes: [ReadWriteOncePod, ReadWriteOnce], capacity: {storage: 1Gi}, nfs: {server: a, path: /a}}".to_owned(),
            "HZG210 spec.accessModes",
        ),
        (
            "apiVersion: v1\nkind: PersistentVolumeClaim",
            "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: \"0\"}}}".to_owned(),
            "HZG205 spec.resources",
        ),
        (
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role",
            "rules: [{resources: [pods], verbs: [get]}]".to_owned(),
            "HZG203 rules[0].apiGroups",
        ),
        (
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role",
            "rules: [{nonResourceURLs: [/x], verbs: [get]}]".to_owned(),
            "HZG210 rules",
        ),
        (
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding",
            "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}".to_owned(),
            "HZG204 roleRef",
        ),
        (
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler",
            "spec: {minReplicas: 0, maxReplicas: 2, scaleTargetRef: {kind: Deployment, name: a}}".to_owned(),
            "HZG210 spec.minReplicas",
        ),
        (
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler",
            "spec: {maxReplicas: 2, scaleTargetRef: {kind: Deployment, name: a}, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 5, averageValue: 1}}}]}".to_owned(),
            "HZG210 spec.metrics[0].resource.target.averageValue",
        ),
    ] {
        assert_eq!(refused_in(head, &spec), [wanted], "{spec}");
    }
    let replaced = |kind: &str, strategy: &str| {
        let object = deployment("", "").replace("kind: Deployment", &format!("kind: {kind}"));
        findings(&object.replace(
            "spec:\n  selector",
            &format!("spec:\n  updateStrategy: {strategy}\n  selector"),
        ))
        .len()
    };
    assert_eq!(replaced("DaemonSet", "{rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}"), 1);
    assert_eq!(replaced("DaemonSet", "{rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}"), 0);
    assert_eq!(replaced("DaemonSet", "{type: OnDelete, rollingUpdate: {maxUnavailable: 1}}"), 1);
}
