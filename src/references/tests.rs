//! Each rule with an object that keeps it and one that breaks it.

use super::{External, Scope, check};
use crate::object::Object;
use crate::source::Sources;

/// What is found in manifests: id, object, field and message.
fn found(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let id = sources.add("<stdin>", text);
    let objects = Object::read(id, &sources).unwrap();
    let external = External::default();
    let scope = Scope { namespace: "default", external: &external };
    let findings = check(&objects, &sources, &scope);
    assert!(findings.iter().all(|finding| finding.problem.location.is_some()));
    let line = |finding: &crate::finding::Finding| {
        let object = finding.object.as_ref().unwrap();
        let (kind, name, field) = (&object.kind, &object.name, &finding.field);
        format!("{} {kind}/{name} {field}: {}", finding.rule.id, finding.problem.message)
    };
    findings.iter().map(line).collect()
}

/// The helps of what is found.
fn helps(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let id = sources.add("<stdin>", text);
    let objects = Object::read(id, &sources).unwrap();
    let scope = Scope { namespace: "default", external: &External::default() };
    let findings = check(&objects, &sources, &scope);
    findings.into_iter().map(|finding| finding.problem.help.unwrap_or_default()).collect()
}

/// A Deployment with one container; `more` goes into its pods' spec, `container` into the container.
fn web(more: &str, container: &str) -> String {
    format!(
        "---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web, tier: front}}}}
    spec:
{more}      containers:
      - name: main
        ports: [{{name: http, containerPort: 8080}}]
{container}"
    )
}

fn service(spec: &str) -> String {
    format!("---\napiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {spec}\n")
}

const NONE: [&str; 0] = [];

#[test]
fn a_healthy_stream_of_many_kinds_has_no_findings() {
    assert_eq!(found(include_str!("healthy.yaml")), NONE);
}

#[test]
fn two_objects_of_one_identity() {
    let object = |version: &str, more: &str| {
        format!("---\napiVersion: {version}\nkind: ConfigMap\nmetadata: {{name: a{more}}}\n")
    };
    assert_eq!(found(&[object("v1", ""), object("v1", ", namespace: other")].concat()), NONE);
    assert_eq!(found(&[object("v1", ""), object("example.com/v1", "")].concat()), NONE);
    assert_eq!(
        found(&[object("v1", ""), object("v1beta1", ", namespace: default")].concat()),
        ["HZG301 ConfigMap/a metadata.name: ConfigMap `a` stands here a second time"]
    );
    let role = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n";
    let other = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: x}\n";
    assert_eq!(found(&[role, other].concat()).len(), 1);
}

#[test]
fn workloads_that_select_each_others_pods() {
    let (first, second) = (web("", ""), web("", "").replace("name: web", "name: two"));
    assert_eq!(
        found(&[&first, &second[..]].concat()),
        [
            "HZG302 Deployment/two spec.selector: the selector `app=web` also selects the pods of Deployment `web`"
        ]
    );
    let elsewhere = second.replace("{name: two}", "{name: two, namespace: other}");
    assert_eq!(found(&[&first, &elsewhere[..]].concat()), NONE);
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: web}}\nspec: {containers: [{name: c}]}\n";
    assert_eq!(found(&[&first, pod].concat()).len(), 1);
    let job = pod.replace("v1\nkind: Pod", "batch/v1\nkind: Job");
    assert_eq!(found(&[&first, &job[..]].concat()), NONE);
}

#[test]
fn a_probe_at_a_named_port_that_is_not_there() {
    let probe =
        |port: &str| web("", &format!("        readinessProbe: {{httpGet: {{port: {port}}}}}\n"));
    for good in ["http", "8080", "9999", "\"8080\""] {
        assert_eq!(found(&probe(good)), NONE, "{good}");
    }
    assert_eq!(
        found(&probe("htpp")),
        [
            "HZG303 Deployment/web spec.template.spec.containers[0].readinessProbe.httpGet.port: the container has no port named `htpp`"
        ]
    );
    assert_eq!(helps(&probe("htpp")), ["did you mean `http`?"]);
}

#[test]
fn a_service_whose_selector_selects_nothing() {
    let good = service("{selector: {app: web}, ports: [{port: 80, targetPort: http}]}");
    assert_eq!(found(&[web("", ""), good.clone()].concat()), NONE);
    assert_eq!(found(&service("{type: ExternalName, externalName: a.b, selector: {a: b}}")), NONE);
    assert_eq!(found(&service("{ports: [{port: 80}]}")), NONE);
    assert_eq!(
        found(&[web("", ""), good.replace("app: web", "app: wbe")].concat()),
        ["HZG304 Service/web spec.selector: the selector `app=wbe` selects no pods"]
    );
    assert_eq!(
        found(&[web("", ""), good.replace("{name: web}", "{name: web, namespace: b}")].concat())
            .len(),
        1
    );
}

#[test]
fn a_service_whose_target_port_is_not_there() {
    let service = |port: &str| {
        [web("", ""), service(&format!("{{selector: {{app: web}}, ports: [{port}]}}"))].concat()
    };
    for good in ["{port: 80, targetPort: http}", "{port: 80, targetPort: 8080}", "{port: 8080}"] {
        assert_eq!(found(&service(good)), NONE, "{good}");
    }
    assert_eq!(
        found(&service("{port: 80, targetPort: htp}")),
        [
            "HZG305 Service/web spec.ports[0].targetPort: Deployment `web` behind the Service has no TCP port named `htp`"
        ]
    );
    assert_eq!(
        found(&service("{port: 80, targetPort: http, protocol: UDP}")),
        [
            "HZG305 Service/web spec.ports[0].targetPort: Deployment `web` behind the Service has no UDP port named `http`"
        ]
    );
    assert_eq!(
        found(&service("{port: 80}")),
        [
            "HZG306 Service/web spec.ports[0].port: Deployment `web` behind the Service declares other ports than 80"
        ]
    );
    let undeclared =
        service("{port: 80}").replace("        ports: [{name: http, containerPort: 8080}]\n", "");
    assert_eq!(found(&undeclared), NONE);
}

#[test]
fn node_ports_that_clash_or_are_out_of_range() {
    let service = |name: &str, port: &str| {
        service(&format!("{{type: NodePort, ports: [{port}]}}"))
            .replace("name: web", &format!("name: {name}, namespace: {name}"))
    };
    let first = service("a", "{port: 80, nodePort: 30080}");
    let second = service("b", "{port: 80, nodePort: 30080}");
    assert_eq!(
        found(&[&first, &second[..]].concat()),
        ["HZG307 Service/b spec.ports[0].nodePort: the node port 30080 is taken by Service `a`"]
    );
    let udp = second.replace("30080}", "30080, protocol: UDP}");
    assert_eq!(found(&[&first, &udp[..]].concat()), NONE);
    assert_eq!(
        found(&service("a", "{port: 80, nodePort: 8080}")),
        ["HZG308 Service/a spec.ports[0].nodePort: the node port 8080 is outside 30000 to 32767"]
    );
    assert_eq!(found(&service("a", "{port: 80, nodePort: 0}, {port: 81, nodePort: 32767}")), NONE);
}

const BOUND: &str = "---
apiVersion: v1
kind: PersistentVolume
metadata: {name: v}
spec:
  capacity: {storage: 100Gi}
  accessModes: [ReadWriteMany]
  storageClassName: \"\"
  claimRef: {namespace: default, name: c}
  nfs: {server: s, path: /a}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: c}
spec:
  accessModes: [ReadWriteMany]
  storageClassName: \"\"
  volumeName: v
  resources: {requests: {storage: 100Gi}}
";

#[test]
fn a_claim_and_a_volume_that_cannot_bind() {
    assert_eq!(found(BOUND), NONE);
    for (from, to, message) in [
        (
            "requests: {storage: 100Gi}",
            "requests: {storage: 0.2Ti}",
            "spec.resources.requests.storage: the claim asks for more than the `100Gi` of PersistentVolume `v`",
        ),
        (
            "[ReadWriteMany]\n  storageClassName: \"\"\n  volumeName",
            "[ReadWriteOnce]\n  storageClassName: \"\"\n  volumeName",
            "spec.accessModes: PersistentVolume `v` does not offer the access mode `ReadWriteOnce`",
        ),
        (
            "storageClassName: \"\"\n  volumeName",
            "storageClassName: fast\n  volumeName",
            "spec.storageClassName: the claim's class is `fast`, and that of PersistentVolume `v` ``",
        ),
        (
            "volumeName: v",
            "volumeName: v\n  volumeMode: Block",
            "spec.volumeMode: PersistentVolume `v` has the volume mode `Filesystem`",
        ),
    ] {
        let text = BOUND.replace(from, to);
        assert_ne!(text, BOUND, "{from}");
        assert_eq!(found(&text), [format!("HZG309 PersistentVolumeClaim/c {message}")]);
    }
    let other = BOUND.replace("namespace: default, name: c", "namespace: prod, name: c");
    assert_eq!(
        found(&other),
        [
            "HZG314 PersistentVolume/v spec.claimRef: there is no PersistentVolumeClaim `c` in namespace `prod`",
            "HZG309 PersistentVolumeClaim/c spec.volumeName: PersistentVolume `v` is reserved for the claim `c` in namespace `prod`, and this is `c` in `default`"
        ]
    );
    assert_eq!(found(&BOUND.replace("100Gi}}", "1024Mi}}")), NONE);
}

#[test]
fn a_claim_that_leaves_its_class_to_the_cluster() {
    assert_eq!(
        found(&BOUND.replace("  storageClassName: \"\"\n  volumeName: v\n", "")),
        [
            "HZG310 PersistentVolumeClaim/c spec.storageClassName: the claim names no class, so a default class of the cluster would stand in the way of PersistentVolume `v`"
        ]
    );
}

#[test]
fn two_volumes_on_one_directory() {
    let volume = |name: &str, source: &str| {
        format!(
            "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: {name}}}\nspec: {{{source}}}\n"
        )
    };
    let nfs = |name: &str, path: &str| volume(name, &format!("nfs: {{server: s, path: {path}}}"));
    let local = |name: &str, path: &str| volume(name, &format!("hostPath: {{path: {path}}}"));
    assert_eq!(found(&[nfs("a", "/x"), nfs("b", "/y"), local("c", "/x")].concat()), NONE);
    assert_eq!(
        found(&[nfs("a", "/x"), nfs("b", "/x/")].concat()),
        [
            "HZG311 PersistentVolume/b spec.nfs.path: PersistentVolume `a` has the same directory `/x`"
        ]
    );
    assert_eq!(found(&[local("a", "/x"), local("b", "/x")].concat()).len(), 1);
}

#[test]
fn mounts_without_volumes_and_volumes_without_mounts() {
    let mount = "        volumeMounts: [{name: data, mountPath: /data}]\n";
    let volume = "      volumes: [{name: data, emptyDir: {}}]\n";
    assert_eq!(found(&web(volume, mount)), NONE);
    assert_eq!(
        found(&web(&volume.replace("data", "date"), mount)),
        [
            "HZG312 Deployment/web spec.template.spec.containers[0].volumeMounts[0].name: the pod has no volume `data`",
            "HZG313 Deployment/web spec.template.spec.volumes[0]: no container mounts the volume `date`"
        ]
    );
    let set = web("", mount).replace("kind: Deployment", "kind: StatefulSet").replace(
        "spec:\n  selector",
        "spec:\n  volumeClaimTemplates: [{metadata: {name: data}}]\n  selector",
    );
    assert_eq!(found(&set), NONE);
}

#[test]
fn what_pods_need_and_nothing_brings() {
    let pod = web(
        "      serviceAccountName: runner\n      imagePullSecrets: [{name: pull}]\n      volumes:
      - {name: a, persistentVolumeClaim: {claimName: claim}}
      - {name: b, secret: {secretName: keys}}
      - {name: c, projected: {sources: [{configMap: {name: conf}}]}}\n",
        "        volumeMounts: [{name: a, mountPath: /a}, {name: b, mountPath: /b}, {name: c, mountPath: /c}]
        envFrom: [{secretRef: {name: login}}, {configMapRef: {name: env, optional: true}}]\n",
    );
    let spec = "Deployment/web spec.template.spec";
    assert_eq!(
        found(&pod),
        [
            format!(
                "HZG314 {spec}.volumes[0].persistentVolumeClaim.claimName: there is no PersistentVolumeClaim `claim` in namespace `default`"
            ),
            format!(
                "HZG316 {spec}.volumes[1].secret.secretName: there is no Secret `keys` in namespace `default`"
            ),
            format!(
                "HZG317 {spec}.volumes[2].projected.sources[0].configMap.name: there is no ConfigMap `conf` in namespace `default`"
            ),
            format!(
                "HZG316 {spec}.containers[0].envFrom[0].secretRef.name: there is no Secret `login` in namespace `default`"
            ),
            format!(
                "HZG316 {spec}.imagePullSecrets[0].name: there is no Secret `pull` in namespace `default`"
            ),
            format!(
                "HZG319 {spec}.serviceAccountName: there is no ServiceAccount `runner` in namespace `default`"
            ),
        ]
    );
    let there = "
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: claim}}
- {apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: keys}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: conf}}
- {apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: x}, spec: {target: {name: login}}}
- {apiVersion: v1, kind: Secret, metadata: {name: pull}}
- {apiVersion: v1, kind: ServiceAccount, metadata: {name: runner}}
";
    assert_eq!(found(&[&pod, there].concat()), NONE);
    assert_eq!(
        helps(&[&pod, &there.replace("{name: pull}", "{name: pul}")[..]].concat()),
        ["did you mean `pul`?"]
    );
}

#[test]
fn what_is_said_to_be_in_the_cluster_is_taken_to_be_there() {
    let mut sources = Sources::default();
    let text = web("      imagePullSecrets: [{name: pull}]\n", "");
    let id = sources.add("<stdin>", text);
    let objects = Object::read(id, &sources).unwrap();
    let mut external = External::default();
    external.add("Secret", "pull");
    let scope = Scope { namespace: "default", external: &external };
    assert!(check(&objects, &sources, &scope).is_empty());
}

#[test]
fn a_key_that_a_secret_does_not_have() {
    let text = |key: &str| {
        let secret =
            "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {user: hunter2}\n";
        let env = format!(
            "        env: [{{name: A, valueFrom: {{secretKeyRef: {{name: s, key: {key}}}}}}}]\n"
        );
        [secret, &web("", &env)].concat()
    };
    assert_eq!(found(&text("user")), NONE);
    assert_eq!(
        found(&text("usr")),
        [
            "HZG318 Deployment/web spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.key: Secret `s` has no key `usr`"
        ]
    );
    assert_eq!(found(&text("usr, optional: true")), NONE);
}

#[test]
fn certificates_of_an_ingress() {
    let ingress = |more: &str| {
        format!(
            "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: i{more}}}\nspec: {{tls: [{{secretName: tls}}]}}\n"
        )
    };
    assert_eq!(
        found(&ingress("")),
        [
            "HZG316 Ingress/i spec.tls[0].secretName: there is no Secret `tls` in namespace `default`"
        ]
    );
    assert_eq!(found(&ingress(", annotations: {cert-manager.io/cluster-issuer: le}")), NONE);
}

fn scaler(name: &str, target: &str) -> String {
    format!(
        "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: {name}}}\nspec: {{scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {target}}}}}\n"
    )
}

#[test]
fn autoscalers_and_what_they_scale() {
    assert_eq!(found(&[web("", ""), scaler("a", "web")].concat()), NONE);
    assert_eq!(
        found(&[web("", ""), scaler("a", "wbe")].concat()),
        [
            "HZG320 HorizontalPodAutoscaler/a spec.scaleTargetRef: there is no Deployment `wbe` in namespace `default`"
        ]
    );
    assert_eq!(
        found(&[web("", ""), scaler("a", "web"), scaler("b", "web")].concat()),
        [
            "HZG321 HorizontalPodAutoscaler/b spec.scaleTargetRef: HorizontalPodAutoscaler `a` already scales Deployment `web`"
        ]
    );
    let keda = "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: k}\nspec: {scaleTargetRef: {name: web}}\n";
    assert_eq!(found(&[&web("", ""), &scaler("a", "web"), keda].concat()).len(), 1);
    let fixed = web("", "").replace("spec:\n  selector", "spec:\n  replicas: 2\n  selector");
    assert_eq!(
        found(&[fixed, scaler("a", "web")].concat()),
        [
            "HZG322 HorizontalPodAutoscaler/a spec.scaleTargetRef: Deployment `web` says how many pods run, and every upgrade sets them back to that"
        ]
    );
}

#[test]
fn budgets_and_policies_without_pods() {
    let object = |version: &str, kind: &str, spec: &str| {
        format!("---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {spec}\n")
    };
    let budget = |spec: &str| object("policy/v1", "PodDisruptionBudget", spec);
    let policy = |spec: &str| object("networking.k8s.io/v1", "NetworkPolicy", spec);
    let good = [
        budget("{selector: {matchLabels: {tier: front}}}"),
        policy("{podSelector: {}}"),
        web("", ""),
    ];
    assert_eq!(found(&good.concat()), NONE);
    assert_eq!(
        found(&budget("{selector: {matchLabels: {a: b}}}")),
        ["HZG323 PodDisruptionBudget/x spec.selector: the budget's selector `a=b` selects no pods"]
    );
    assert_eq!(
        found(&policy("{podSelector: {matchExpressions: [{key: a, operator: Exists}]}}")),
        ["HZG325 NetworkPolicy/x spec.podSelector: the policy's selector `a` selects no pods"]
    );
    let second = good[0].replace("name: x", "name: z");
    assert_eq!(
        found(&[good.concat(), second].concat()),
        [
            "HZG324 PodDisruptionBudget/z spec.selector: Deployment `web` already has PodDisruptionBudget `x`"
        ]
    );
}

#[test]
fn back_ends_of_routes() {
    let service = service("{ports: [{name: http, port: 80, targetPort: 8080}]}");
    let ingress = |backend: &str| {
        format!(
            "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: i}}\nspec: {{rules: [{{http: {{paths: [{{backend: {{service: {backend}}}}}]}}}}]}}\n"
        )
    };
    let route = |backend: &str| {
        format!(
            "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: r}}\nspec: {{rules: [{{backendRefs: [{backend}]}}]}}\n"
        )
    };
    for good in [
        ingress("{name: web, port: {name: http}}"),
        ingress("{name: web, port: {number: 80}}"),
        route("{name: web, port: 80}"),
        route("{group: example.com, kind: Bucket, name: x}"),
    ] {
        assert_eq!(found(&[&service, &good[..]].concat()), NONE);
    }
    let at = "HZG327 Ingress/i spec.rules[0].http.paths[0].backend.service";
    assert_eq!(
        found(&[&service, &ingress("{name: web, port: {number: 8080}}")[..]].concat()),
        [format!("{at}: Service `web` has no port 8080")]
    );
    assert_eq!(
        found(&[&service, &ingress("{name: web, port: {name: web}}")[..]].concat()),
        [format!("{at}: Service `web` has no port named `web`")]
    );
    assert_eq!(
        found(&[&service, &route("{name: wbe, port: 80}")[..]].concat()),
        [
            "HZG326 HTTPRoute/r spec.rules[0].backendRefs[0]: there is no Service `wbe` in namespace `default`"
        ]
    );
    assert_eq!(
        found(&[&service, &route("{name: web, port: 80, namespace: other}")[..]].concat()).len(),
        1
    );
}

#[test]
fn never_shows_a_line_that_may_give_a_secret() {
    let text = web(
        "",
        "        env: [{name: PASSWORD, value: hunter2}, {name: A, valueFrom: {configMapKeyRef: {name: c, key: k}}}]\n",
    );
    let mut sources = Sources::default();
    let id = sources.add("<stdin>", text);
    let objects = Object::read(id, &sources).unwrap();
    let scope = Scope { namespace: "default", external: &External::default() };
    let findings = check(&objects, &sources, &scope);
    assert_eq!(findings.len(), 1);
    assert!(!format!("{findings:?}").contains("hunter2"));
}

#[test]
fn takes_any_tree_for_an_object() {
    for text in [
        "[]",
        "x",
        "kind: Deployment",
        "{kind: [], metadata: {name: 1}}",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: [1], template: {spec: {containers: {a: b}, volumes: [1, null, {name: []}]}}}}",
    ] {
        let _ = found_any(text);
    }
}

fn found_any(text: &str) -> usize {
    let mut sources = Sources::default();
    let id = sources.add("<stdin>", text);
    let objects = Object::read(id, &sources).unwrap();
    let scope = Scope { namespace: "default", external: &External::default() };
    check(&objects, &sources, &scope).len()
}

#[test]
fn ten_thousand_objects_that_select_each_other_take_no_quadratic_time() {
    let mut sources = Sources::default();
    let mut objects = Vec::new();
    for n in 0..2500 {
        let service = "{selector: {app: web}, ports: [{port: 80, targetPort: nope}]}";
        let budget = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {selector: {matchLabels: {app: web}}}\n";
        let text =
            [web("", ""), self::service(service), budget.to_owned(), scaler("web", "wbe")].concat();
        let id = sources.add("<stdin>", text.replace("name: web", &format!("name: web{n}")));
        objects.extend(Object::read(id, &sources).unwrap());
    }
    let scope = Scope { namespace: "default", external: &External::default() };
    // Comparing all with all took a minute.
    let found = check(&objects, &sources, &scope).len();
    assert_eq!((objects.len(), found), (10_000, 2500 + 2 * 2499 + 2500 + 2499));
}

#[test]
fn finds_pods_by_expressions_as_well() {
    let set = |name: &str, selector: &str, labels: &str| {
        format!(
            "---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchExpressions: [{selector}]}}\n  template: {{metadata: {{labels: {labels}}}, spec: {{containers: [{{name: a, image: b}}]}}}}\n"
        )
    };
    let overlaps = |second: &str| {
        let first = set("a", "{key: app, operator: In, values: [a]}", "{app: a, tier: x}");
        let found = found(&format!("{first}{second}"));
        found.iter().filter(|line| line.starts_with("HZG302")).count()
    };
    let listed = |values: &str| format!("{{key: app, operator: In, values: {values}}}");
    assert_eq!(overlaps(&set("b", &listed("[b, a]"), "{app: b}")), 1);
    assert_eq!(overlaps(&set("b", &listed("[b, c]"), "{app: b}")), 0);
    assert_eq!(overlaps(&set("b", "{key: tier, operator: Exists}", "{tier: z}")), 1);
    assert_eq!(overlaps(&set("b", "{key: app, operator: NotIn, values: [c]}", "{app: b}")), 1);
    assert_eq!(overlaps(&set("b", "{key: tier, operator: DoesNotExist}", "{app: b}")), 0);
}
