//! Each rule with values that keep it and values that break it, and no false alarm on what is known to be good.

use super::{Purpose, check};
use crate::error::Problem;
use crate::finding::{Finding, Severity};
use crate::kubernetes::Version;
use crate::load::{Layer, Loaded, load};
use crate::presets::PRESETS;
use crate::release::Release;
use crate::templates::render;
use crate::validate;

fn release() -> Release {
    Release { name: "hzg".into(), namespace: "default".into() }
}

fn loaded(text: &str) -> Loaded {
    let layers = [Layer::File("v.yaml".into(), text.into())];
    load(&layers, &mut |_| unreachable!()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// What is found in values: id and key.
fn found(text: &str) -> Vec<String> {
    let findings = check(&loaded(text), &release(), Purpose::Install);
    findings.iter().map(|f| format!("{} {}", f.rule.id, f.problem.path)).collect()
}

/// The findings of one rule.
fn of(id: &str, text: &str) -> Vec<Problem> {
    let findings = check(&loaded(text), &release(), Purpose::Package);
    findings.into_iter().filter(|f| f.rule.id == id).map(|f| f.problem).collect()
}

/// Asserts that values break a rule by these keys, and that the finding points at a line where a key was given.
fn breaks(id: &str, keys: &[&str], text: &str) {
    let problems = of(id, text);
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, keys, "{id} in\n{text}");
    assert!(problems.iter().all(|problem| problem.help.is_some()));
}

fn keeps(id: &str, text: &str) {
    breaks(id, &[], text);
}

const NFS: &str = "storage: {server: 10.0.0.5}\n";

#[test]
fn the_defaults_have_no_findings() {
    assert_eq!(found(""), Vec::<String>::new());
    assert_eq!(found(NFS), Vec::<String>::new());
}

#[test]
fn a_finding_points_at_the_line_that_set_the_key() {
    let problem =
        of("HZG001", "forguncy:\n  scaling:\n    mode: fixed\n    replicas: 3\n").remove(0);
    let location = problem.location.unwrap();
    assert_eq!((location.line, location.column), (4, 15));
    assert_eq!(location.text.as_deref(), Some("    replicas: 3"));
    assert!(problem.message.starts_with("3 pods run, and load balancing"));
    // The mode is given, the request that it needs is missing.
    let text = "forguncy: {scaling: {mode: auto}, resources: {requests: {cpu: null}}}";
    let problem = of("HZG017", text).remove(0);
    assert_eq!(problem.path, "forguncy.resources.requests.cpu");
}

const THREE: &str = "forguncy:\n  scaling: {mode: fixed, replicas: 3}\n";

#[test]
fn several_pods_before_load_balancing() {
    breaks("HZG001", &["forguncy.scaling.replicas"], THREE);
    breaks("HZG001", &["forguncy.scaling.mode"], "forguncy: {scaling: {mode: auto}}");
    breaks("HZG001", &["extraObjects[0]"], &scaler("hzg-forguncy-pod"));
    keeps("HZG001", "forguncy: {scaling: {mode: fixed, replicas: 1}}");
    keeps("HZG001", &scaler("other"));
}

fn scaler(target: &str) -> String {
    format!(
        "extraObjects:\n- apiVersion: autoscaling/v2\n  kind: HorizontalPodAutoscaler\n  metadata: {{name: mine}}\n  spec: {{maxReplicas: 4, scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {target}}}}}\n"
    )
}

#[test]
fn several_pods_without_affinity() {
    let off = "  service: {sessionAffinity: {enabled: false}}\n";
    breaks("HZG002", &["forguncy.service.sessionAffinity.enabled"], &[THREE, off].concat());
    keeps("HZG002", THREE);
    breaks("HZG003", &["forguncy.service.sessionAffinity.enabled"], &["forguncy:\n", off].concat());
    keeps("HZG003", &["forguncy:\n  scaling: {mode: fixed}\n", off].concat());
    let inside = "  service: {type: ClusterIP, sessionAffinity: {enabled: false}}\ningress: {enabled: true}\n";
    keeps("HZG002", &[THREE, inside].concat());
    let ingress = "ingress: {enabled: true, sessionAffinity: {enabled: false}}\n";
    breaks("HZG002", &["ingress.sessionAffinity.enabled"], &[THREE, ingress].concat());
    keeps(
        "HZG002",
        &[
            THREE,
            &ingress.replace("enabled: true,", "enabled: true, annotations: {a/sticky: x},")[..],
        ]
        .concat(),
    );
}

#[test]
fn annotations_that_switch_the_affinity_off() {
    let nginx = |kind: &str| {
        format!(
            "{THREE}ingress: {{enabled: true, annotations: {{nginx.ingress.kubernetes.io/affinity: {kind}}}}}\n"
        )
    };
    let key = r"ingress.annotations.nginx\.ingress\.kubernetes\.io/affinity";
    breaks("HZG002", &[key], &nginx("none"));
    keeps("HZG002", &nginx("cookie"));
    keeps("HZG002", &nginx("none").replace("enabled: true", "enabled: true, controller: traefik"));
    let traefik = |on: bool| {
        format!(
            "{THREE}  service: {{annotations: {{traefik.ingress.kubernetes.io/service.sticky.cookie: \"{on}\"}}}}\ningress: {{enabled: true, controller: traefik}}\n"
        )
    };
    let key =
        r"forguncy.service.annotations.traefik\.ingress\.kubernetes\.io/service\.sticky\.cookie";
    breaks("HZG002", &[key], &traefik(false));
    keeps("HZG002", &traefik(true));
    keeps("HZG002", &traefik(false).replace("traefik}", "nginx}"));
}

#[test]
fn a_class_of_another_controller() {
    let text =
        |class: &str, more: &str| format!("ingress: {{enabled: true, className: {class}{more}}}");
    let key = &["ingress.className"][..];
    breaks("HZG047", key, &text("traefik", ""));
    breaks("HZG047", key, &text("haproxy-internal", ""));
    breaks("HZG047", key, &text("nginx", ", controller: traefik"));
    for (class, more) in [
        ("nginx", ""),
        ("public", ""),
        ("traefik", ", controller: traefik"),
        ("nginx-behind-haproxy", ""),
        ("traefik", ", controller: none"),
        ("traefik", ", annotations: {example.com/affinity: cookie}"),
    ] {
        keeps("HZG047", &text(class, more));
    }
    keeps("HZG047", "ingress: {className: traefik}");
}

#[test]
fn an_account_that_every_namespace_has() {
    breaks("HZG048", &["serviceAccount.name"], "serviceAccount: {name: default}");
    keeps("HZG048", "serviceAccount: {name: default, create: false}");
    keeps("HZG048", "serviceAccount: {name: default-2}");
}

#[test]
fn several_pods_behind_a_way_in_that_the_chart_does_not_know() {
    let none = "ingress: {enabled: true, controller: none}\n";
    breaks("HZG004", &["ingress.controller"], &[THREE, none].concat());
    keeps("HZG004", none);
    keeps("HZG004", &[THREE, "ingress: {enabled: true, controller: none, annotations: {example.com/affinity: cookie}}\n"].concat());
    let gateway = "gateway: {enabled: true, parentRefs: [{name: g}]}\n";
    breaks("HZG004", &["gateway.sessionPersistence.enabled"], &[THREE, gateway].concat());
    let policy = "extraObjects: [{apiVersion: gateway.envoyproxy.io/v1alpha1, kind: BackendTrafficPolicy, metadata: {name: p}}]\n";
    keeps("HZG004", &[THREE, gateway, policy].concat());
}

#[test]
fn several_pods_without_redis_or_shared_storage() {
    breaks("HZG005", &["redis.enabled"], &[THREE, "redis: {enabled: false}\n"].concat());
    keeps("HZG005", "redis: {enabled: false}\n");
    let local = ["storage: {type: hostPath}\n", &scaler("hzg-forguncy-pod")].concat();
    breaks("HZG006", &["storage.type"], &local);
    keeps("HZG006", "storage: {type: hostPath}\n");
    keeps("HZG006", &local.replace("hostPath}", "hostPath, sharedMount: true}"));
}

#[test]
fn a_storage_class_for_one_node() {
    let class = |name: &str| format!("storage: {{type: storageClass, storageClassName: {name}}}");
    breaks("HZG007", &["storage.storageClassName"], &class("local-path"));
    keeps("HZG007", &class("efs-sc"));
}

#[test]
fn a_store_that_is_scaled() {
    breaks("HZG008", &["extraObjects[0].spec.scaleTargetRef"], &scaler("hzg-influx-pod"));
    breaks("HZG009", &["extraObjects[0].spec.scaleTargetRef"], &scaler("hzg-redis-pod"));
    let second = "extraObjects: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {metadata: {labels: {app: hzg-influx-app}}}}}]";
    breaks("HZG008", &["extraObjects[0]"], second);
    keeps("HZG008", &scaler("hzg-forguncy-pod"));
    keeps("HZG009", second);
}

#[test]
fn tags_that_move() {
    let image = |image: &str| format!("redis: {{image: {{{image}}}}}");
    breaks("HZG010", &["redis.image.tag"], &image("tag: latest"));
    breaks("HZG010", &["redis.image.tag"], &image("tag: alpine-latest"));
    keeps("HZG010", &image(&format!("tag: latest, digest: \"sha256:{}\"", "a".repeat(64))));
    keeps("HZG010", "redis: {enabled: false, image: {tag: latest}}");
    for (image, wrong) in [
        ("busybox", 1),
        ("reg.io:5000/busybox", 1),
        ("busybox:latest", 1),
        ("redis:alpine", 1),
        ("busybox:1.37", 0),
        ("a@sha256:1", 0),
    ] {
        let text = format!("forguncy: {{initContainers: [{{name: i, image: \"{image}\"}}]}}");
        assert_eq!(of("HZG010", &text).len(), wrong, "{image}");
    }
    let pod = "extraObjects: [{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: x}]}}]";
    breaks("HZG010", &["extraObjects[0].spec.containers[0].image"], pod);
}

#[test]
fn an_image_that_the_private_registry_does_not_serve() {
    let text = |image: &str| {
        format!(
            "global: {{imageRegistry: harbor.local:5000}}\nforguncy: {{initContainers: [{{name: i, image: \"{image}\"}}]}}"
        )
    };
    breaks("HZG011", &["forguncy.initContainers[0].image"], &text("busybox:1.37"));
    keeps("HZG011", &text("harbor.local:5000/busybox:1.37"));
    keeps("HZG011", "forguncy: {initContainers: [{name: i, image: \"busybox:1.37\"}]}");
}

#[test]
fn nodes_that_cannot_run_the_image() {
    let node = |arch: &str| format!("forguncy: {{nodeSelector: {{kubernetes.io/arch: {arch}}}}}");
    breaks("HZG012", &[r"forguncy.nodeSelector.kubernetes\.io/arch"], &node("amd64"));
    keeps("HZG012", &node("arm64"));
    keeps(
        "HZG012",
        "forguncy: {image: {repository: fgclb/fgc_k8s}, nodeSelector: {kubernetes.io/arch: amd64}}",
    );
    let affinity = |terms: &str| {
        format!(
            "forguncy: {{affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{terms}]}}}}}}}}"
        )
    };
    let term = |values: &str| {
        format!(
            "{{matchExpressions: [{{key: kubernetes.io/arch, operator: In, values: [{values}]}}]}}"
        )
    };
    assert_eq!(of("HZG012", &affinity(&term("amd64"))).len(), 1);
    keeps("HZG012", &affinity(&term("amd64, arm64")));
    keeps("HZG012", &affinity(&[term("amd64"), term("arm64")].join(", ")));
}

#[test]
fn stores_that_are_open_to_the_outside() {
    breaks("HZG013", &["redis.service.type"], "redis: {service: {type: NodePort}}");
    breaks("HZG013", &["redis.service.type"], "redis: {service: {type: LoadBalancer}}");
    keeps("HZG013", "redis: {service: {type: NodePort}, auth: {enabled: true, existingSecret: s}}");
    keeps("HZG013", "redis: {enabled: false, service: {type: NodePort}}");
    breaks("HZG014", &["influx.service.type"], "influx: {service: {type: NodePort}}");
    keeps("HZG014", "influx: {enabled: false, service: {type: NodePort}}");
}

#[test]
fn secrets_in_a_package_and_none_of_them_shown() {
    let text = "redis: {auth: {enabled: true, password: hunter2}}
forguncy:
  extraEnv:
  - {name: DB_PASSWORD, value: hunter2}
  - {name: API_TOKEN, value: $(OTHER)}
  - {name: LEVEL, value: debug}
  - {name: DB_PASS, valueFrom: {secretKeyRef: {name: s, key: k}}}
  - {name: UserDb, value: 'Server=db;Uid=sa;Pwd=hunter2'}
  - {name: OtherDb, value: 'Server=db;Uid=sa;Pwd=$(DB_PASS)'}
extraObjects:
- {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {k: hunter2}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: b, url: 'redis://:hunter2@redis'}}
";
    let keys = [
        "redis.auth.password",
        "forguncy.extraEnv[0].value",
        "forguncy.extraEnv[4].value",
        "extraObjects[0].stringData",
        "extraObjects[1].data.url",
    ];
    breaks("HZG015", &keys, text);
    assert!(!format!("{:?}", of("HZG015", text)).contains("hunter2"));
    let installed = check(&loaded(text), &release(), Purpose::Install);
    assert!(installed.iter().all(|finding| finding.rule.id != "HZG015"));
}

#[test]
fn a_budget_that_blocks_every_drain() {
    let budget = |more: &str| format!("forguncy: {{podDisruptionBudget: {{enabled: true{more}}}}}");
    keeps("HZG016", &budget(""));
    keeps("HZG016", &budget(", maxUnavailable: 1%"));
    for none in ["0", "0%"] {
        let text = budget(&format!(", maxUnavailable: {none}"));
        breaks("HZG016", &["forguncy.podDisruptionBudget.maxUnavailable"], &text);
    }
    let both = budget(", maxUnavailable: 0, minAvailable: 0%");
    breaks("HZG034", &["forguncy.podDisruptionBudget.maxUnavailable"], &both);
    keeps("HZG016", &both);
    let text = |scaling: &str, kept: &str| {
        format!(
            "forguncy: {{scaling: {{{scaling}}}, podDisruptionBudget: {{enabled: true, minAvailable: {kept}}}}}"
        )
    };
    for (scaling, kept, blocks) in [
        ("mode: manual", "1", true),
        ("mode: manual", "50%", true),
        ("mode: manual", "0%", false),
        ("mode: fixed, replicas: 4", "4", true),
        ("mode: fixed, replicas: 4", "76%", true),
        ("mode: fixed, replicas: 4", "75%", false),
        ("mode: auto, minReplicas: 2", "50%", false),
        ("mode: auto, minReplicas: 1", "1", true),
        ("mode: fixed, replicas: 0", "1", false),
    ] {
        assert_eq!(
            of("HZG016", &text(scaling, kept)).len(),
            usize::from(blocks),
            "{scaling} {kept}"
        );
    }
}

#[test]
fn a_redis_that_cannot_read_its_password() {
    let text = |tag: &str, auth: bool| {
        format!(
            "redis: {{image: {{tag: \"{tag}\"}}, auth: {{enabled: {auth}, existingSecret: s}}}}"
        )
    };
    for old in ["5", "5.0.14-alpine", "6.0", "6.1.240"] {
        breaks("HZG040", &["redis.image.tag"], &text(old, true));
        keeps("HZG040", &text(old, false));
    }
    for new in ["6", "6.2.14", "7.4.2-alpine", "8", "latest", "99999999999.0", "v5.0"] {
        keeps("HZG040", &text(new, true));
    }
}

#[test]
fn a_drain_that_takes_the_time_to_finish() {
    breaks("HZG038", &["forguncy.drainSeconds"], "forguncy: {drainSeconds: 60}");
    let grace = "forguncy: {terminationGracePeriodSeconds: 15}";
    breaks("HZG038", &["forguncy.terminationGracePeriodSeconds"], grace);
    keeps("HZG038", "forguncy: {drainSeconds: 59}");
    keeps("HZG038", "forguncy: {drainSeconds: 0, terminationGracePeriodSeconds: 1}");
    // No time at all is what HZG024 is about.
    keeps("HZG038", "forguncy: {terminationGracePeriodSeconds: 0}");
}

#[test]
fn an_autoscaler_without_requests() {
    let auto = |more: &str| format!("forguncy: {{scaling: {{mode: auto}}, resources: {more}}}");
    breaks("HZG017", &["forguncy.resources.requests.cpu"], &auto("{requests: {cpu: null}}"));
    keeps("HZG017", &auto("{requests: {cpu: null}, limits: {cpu: 2}}"));
    keeps("HZG017", &auto("{}"));
    keeps("HZG017", "forguncy: {resources: {requests: {cpu: null}}}");
    let auto = "forguncy:\n  scaling: {mode: auto}\n";
    let sidecar = "  extraContainers: [{name: a, image: \"a:1\", resources: {RESOURCES}}]\n";
    let with = |resources: &str| [auto, &sidecar.replace("RESOURCES", resources)].concat();
    breaks(
        "HZG017",
        &["forguncy.extraContainers[0].resources.requests.cpu"],
        &with("requests: {memory: 1Gi}"),
    );
    keeps("HZG017", &with("requests: {cpu: 10m}"));
    keeps("HZG017", &with("limits: {cpu: 10m}"));
    keeps("HZG017", &with("").replace("auto", "fixed"));
    let first = "  initContainers: [{name: a, image: \"a:1\", restartPolicy: Always}, {name: b, image: \"a:1\"}]\n";
    breaks(
        "HZG017",
        &["forguncy.initContainers[0].resources.requests.cpu"],
        &[auto, first].concat(),
    );
}

#[test]
fn requests_above_limits_and_amounts_nobody_means() {
    breaks(
        "HZG018",
        &["redis.resources.requests.memory"],
        "redis: {resources: {requests: {memory: 1Gi}, limits: {memory: 1000Mi}}, maxMemory: 1mb}",
    );
    keeps(
        "HZG018",
        "redis: {resources: {requests: {memory: 1Gi, cpu: 1}, limits: {memory: 1024Mi, cpu: 1000m}}, maxMemory: 1mb}",
    );
    breaks(
        "HZG018",
        &[r"forguncy.initContainers[0].resources.requests.example\.com/gpu"],
        "forguncy: {initContainers: [{name: i, image: \"i:1\", resources: {requests: {example.com/gpu: 2}, limits: {example.com/gpu: 1}}}]}",
    );
    breaks(
        "HZG019",
        &["forguncy.resources.limits.memory"],
        "forguncy: {resources: {limits: {memory: 4096m}}}",
    );
    breaks(
        "HZG019",
        &["forguncy.resources.requests.cpu"],
        "forguncy: {resources: {requests: {cpu: 500}}}",
    );
    breaks("HZG019", &["storage.shares.sites.size"], "storage: {shares: {sites: {size: \"100\"}}}");
    keeps(
        "HZG019",
        "forguncy: {resources: {requests: {cpu: 500m, memory: 0}, limits: {memory: 4Gi}}}",
    );
}

#[test]
fn redis_within_its_memory() {
    let text = |most: &str, limit: &str| {
        format!("redis: {{maxMemory: \"{most}\", resources: {{limits: {{memory: {limit}}}}}}}")
    };
    for (most, limit, wrong) in [
        ("256mb", "256Mi", true),
        ("1g", "1Gi", false),
        ("1gb", "1G", true),
        ("", "1Gi", true),
        ("0", "1Gi", true),
        ("99999999999999999999", "1Gi", true),
        ("100mb", "1Gi", false),
    ] {
        assert_eq!(of("HZG020", &text(most, limit)).len(), usize::from(wrong), "{most} {limit}");
    }
    keeps("HZG020", "redis: {maxMemory: 1gb}");
}

#[test]
fn probes_that_are_gone_or_contradict_themselves() {
    breaks("HZG021", &["influx.probes.readiness"], "influx: {probes: {readiness: null}}");
    breaks("HZG021", &["forguncy.probes.startup"], "forguncy: {probes: {startup: null}}");
    keeps("HZG021", "influx: {enabled: false, probes: {readiness: null}}");
    let problem = of("HZG021", "redis:\n  probes:\n    liveness: null\n").remove(0);
    assert_eq!(problem.location.unwrap().line, 3);
    let http = "forguncy: {probes: {readiness: {httpGet: {path: /, port: http}}}}";
    breaks("HZG022", &["forguncy.probes.readiness"], http);
    assert_eq!(
        of("HZG022", http)[0].help.as_deref(),
        Some("write `tcpSocket: null` beside `httpGet`: values are merged over the defaults")
    );
    keeps(
        "HZG022",
        "forguncy: {probes: {readiness: {tcpSocket: null, httpGet: {path: /, port: http}}}}",
    );
    breaks("HZG022", &["redis.probes.liveness"], "redis: {probes: {liveness: {exec: null}}}");
}

#[test]
fn strategies_that_contradict_themselves() {
    breaks("HZG023", &["forguncy.strategy"], "forguncy: {strategy: {type: Recreate}}");
    keeps("HZG023", "forguncy: {strategy: {type: Recreate, rollingUpdate: null}}");
    breaks(
        "HZG023",
        &["forguncy.strategy"],
        "forguncy: {strategy: {rollingUpdate: {maxSurge: 0}}}",
    );
    breaks(
        "HZG023",
        &["forguncy.strategy"],
        "forguncy: {strategy: {rollingUpdate: {maxSurge: 0%, maxUnavailable: 0%}}}",
    );
    keeps("HZG023", "forguncy: {strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}}");
}

#[test]
fn pods_that_are_killed_at_once() {
    breaks(
        "HZG024",
        &["redis.terminationGracePeriodSeconds"],
        "redis: {terminationGracePeriodSeconds: 0}",
    );
    keeps("HZG024", "redis: {terminationGracePeriodSeconds: 1}");
}

#[test]
fn mounts_and_volumes_that_meet_the_shares() {
    let mount = |path: &str| {
        format!(
            "forguncy: {{extraVolumeMounts: [{{name: x, mountPath: \"{path}\"}}], extraVolumes: [{{name: x, emptyDir: {{}}}}]}}"
        )
    };
    let key = "forguncy.extraVolumeMounts[0].mountPath";
    for path in ["/opt/ForguncySites", "/opt/ForguncySites/", "/opt", "/", "/opt//ForguncyServer"] {
        breaks("HZG025", &[key], &mount(path));
    }
    for path in ["/opt/Forguncy", "/usr/share/fonts/extra", "/opt/ForguncyServer/x", "relative"] {
        keeps("HZG025", &mount(path));
        keeps("HZG026", &mount(path));
    }
    breaks("HZG026", &[key], &mount("/opt/ForguncySites/SettingsFolder/ForguncyRouterConfig.json"));
    breaks(
        "HZG027",
        &["forguncy.extraVolumes[0].name"],
        "forguncy: {extraVolumes: [{name: forguncy-logs, emptyDir: {}}]}",
    );
    keeps("HZG027", &mount("/a"));
}

#[test]
fn shares_in_one_place() {
    let text = |shares: &str| {
        format!("{NFS}  shares: {{{shares}}}\n")
            .replace("5}\n", "5\n")
            .replace("storage: {server", "storage:\n  server")
    };
    breaks(
        "HZG028",
        &["storage.shares.logs.directory"],
        &text("logs: {directory: ForguncyAttach}"),
    );
    keeps("HZG028", &text("logs: {directory: ForguncyAttach, server: 10.0.0.6}"));
    breaks(
        "HZG028",
        &["storage.shares.sites.directory"],
        &text("logs: {root: /a, directory: b/c}, sites: {root: /a/b, directory: c}"),
    );
    let claims = "storage: {type: existingClaims, shares: {logs: {existingClaim: c}, sites: {existingClaim: c}}}";
    breaks("HZG028", &["storage.shares.sites.existingClaim"], claims);
    let redis = "redis: {persistence: {enabled: true, directory: ForguncyLogs}}\n";
    breaks("HZG028", &["redis.persistence.directory"], &[NFS, redis].concat());
    keeps(
        "HZG028",
        "storage: {type: storageClass, storageClassName: c, shares: {logs: {directory: ForguncyAttach}}}",
    );
}

#[test]
fn servers_that_nodes_do_not_find() {
    for server in
        ["localhost", "127.0.0.1", "::1", "nfs.storage.svc", "nfs.storage.svc.cluster.local"]
    {
        breaks("HZG029", &["storage.server"], &format!("storage: {{server: \"{server}\"}}"));
    }
    keeps("HZG029", "storage: {server: nfs.example.com}");
    keeps("HZG029", "storage: {type: hostPath, server: localhost}");
    breaks(
        "HZG029",
        &["storage.shares.logs.server"],
        "storage: {server: a, shares: {logs: {server: localhost}}}",
    );
}

#[test]
fn mount_options_and_policies() {
    breaks(
        "HZG030",
        &["storage.mountOptions[1]"],
        "storage: {server: a, mountOptions: [hard, ro]}",
    );
    breaks("HZG030", &["storage.mountOptions[0]"], "storage: {server: a, mountOptions: [soft]}");
    keeps("HZG030", "storage: {server: a, mountOptions: [hard, nfsvers=4.1]}");
    breaks("HZG032", &["storage.reclaimPolicy"], "storage: {server: a, reclaimPolicy: Delete}");
    keeps("HZG032", "storage: {type: storageClass, storageClassName: c, reclaimPolicy: Delete}");
    breaks(
        "HZG033",
        &["storage.keepOnUninstall"],
        "storage: {type: storageClass, storageClassName: c, keepOnUninstall: false}",
    );
    keeps("HZG033", "storage: {server: a, keepOnUninstall: false}");
}

#[test]
fn values_that_have_no_effect() {
    breaks("HZG034", &["forguncy.scaling.replicas"], "forguncy: {scaling: {replicas: 3}}");
    keeps("HZG034", THREE);
    keeps("HZG034", "forguncy: {scaling: {mode: manual, replicas: 3}}");
    breaks("HZG034", &["redis.auth.password"], "redis: {auth: {password: hunter2}}");
    assert!(
        !format!("{:?}", of("HZG034", "redis: {auth: {password: hunter2}}")).contains("hunter2")
    );
    keeps("HZG034", "redis: {enabled: false, auth: {password: x}}");
    breaks(
        "HZG034",
        &["ingress.hosts", "ingress.tls"],
        "ingress: {hosts: [a.b], tls: [{secretName: s}]}",
    );
    breaks("HZG034", &["storage.storageClassName"], "storage: {storageClassName: efs}");
    let password = "redis: {auth: {enabled: true, existingSecret: s, password: hunter2}}";
    breaks("HZG034", &["redis.auth.password"], password);
    assert!(!format!("{:?}", of("HZG034", password)).contains("hunter2"));
    keeps("HZG034", "redis: {auth: {enabled: true, existingSecret: s, password: ''}}");
    keeps(
        "HZG034",
        "redis: {enabled: false, auth: {enabled: true, existingSecret: s, password: p}}",
    );
    // Every key that the table names is one that there is.
    for text in super::effect::keys() {
        assert!(super::report::follow(&loaded("").tree, text).0.is_some(), "{text}");
    }
}

#[test]
fn a_presets_example_that_was_not_replaced() {
    let of = |layers: &[Layer]| {
        let loaded = load(layers, &mut |_| unreachable!()).unwrap();
        let findings = check(&loaded, &release(), Purpose::Install);
        findings.iter().map(|f| format!("{} {}", f.rule.id, f.problem.path)).collect::<Vec<_>>()
    };
    let preset = Layer::Preset("nfs".into());
    assert_eq!(of(std::slice::from_ref(&preset)), ["HZG035 storage.server"]);
    assert_eq!(of(&[preset, Layer::File("v".into(), NFS.into())]), Vec::<String>::new());
    assert_eq!(found("storage: {server: 198.19.249.12}"), Vec::<String>::new());
}

#[test]
fn a_certificate_for_a_name_that_is_not_served() {
    let text = |host: &str| {
        format!(
            "ingress: {{enabled: true, hosts: [hzg.example.com, \"*.a.com\"], tls: [{{secretName: s, hosts: [\"{host}\"]}}]}}"
        )
    };
    breaks("HZG036", &["ingress.tls[0].hosts[0]"], &text("hgz.example.com"));
    for host in ["hzg.example.com", "*.example.com", "x.a.com", "*.a.com"] {
        keeps("HZG036", &text(host));
    }
    keeps("HZG036", "ingress: {enabled: true, tls: [{secretName: s, hosts: [a.b]}]}");
}

#[test]
fn a_route_that_no_gateway_takes_up() {
    breaks("HZG037", &["gateway.parentRefs"], "gateway: {enabled: true}");
    let text = |parents: &str| format!("gateway: {{enabled: true, parentRefs: [{parents}]}}");
    breaks("HZG037", &["gateway.parentRefs[1]"], &text("{name: a}, {namespace: b}"));
    keeps("HZG037", &text("{name: a}"));
    keeps("HZG037", "gateway: {enabled: false}");
}

/// All that is found in a release: its values, and its objects against each other.
fn everything(layers: &[Layer]) -> Vec<Finding> {
    let loaded = load(layers, &mut |_| unreachable!()).unwrap();
    let release = release();
    let rendered = render(&loaded.tree, &release).unwrap();
    let version = Version::default();
    let all = validate::release(&loaded, &release, &rendered, version, Purpose::Install).findings;
    // Notes tell of what is right; their tests are those of `pod_security`.
    all.into_iter().filter(|finding| finding.severity() != Severity::Note).collect()
}

fn lines(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|f| format!("{} {}", f.rule.id, f.problem.path)).collect()
}

#[test]
fn presets_have_the_findings_that_they_should_have() {
    for (preset, wanted) in [
        ("single-node", &[][..]),
        ("nfs", &["HZG035 storage.server"]),
        ("production", &[]),
        (
            "cloud",
            &[
                "HZG035 storage.storageClassName",
                "HZG035 redis.persistence.storageClassName",
                "HZG035 influx.persistence.storageClassName",
            ],
        ),
        ("offline", &["HZG035 global.imageRegistry"]),
        ("arm64", &[]),
    ] {
        // Some of them leave the storage open.
        let layers = [Layer::File("v".into(), NFS.into()), Layer::Preset(preset.into())];
        let findings = everything(&layers);
        assert_eq!(lines(&findings), wanted, "{preset}");
        assert!(findings.iter().all(|finding| finding.severity() == Severity::Warning));
    }
    assert_eq!(PRESETS.len(), 6, "a new preset has its findings listed here");
}

#[test]
fn settings_that_the_ingress_controller_does_not_take() {
    let text = |controller: &str, key: &str| {
        format!("ingress: {{enabled: true, controller: {controller}, {key}}}\n")
    };
    let (body, wait) = ("maxBodySize: 2g", "timeoutSeconds: 60");
    let age = "sessionAffinity: {maxAgeSeconds: 60}";
    for key in [body, wait, age] {
        keeps("HZG045", &text("nginx", key));
    }
    breaks("HZG045", &["ingress.maxBodySize"], &text("traefik", body));
    breaks("HZG045", &["ingress.timeoutSeconds"], &text("traefik", wait));
    keeps("HZG045", &text("traefik", age));
    breaks("HZG045", &["ingress.maxBodySize"], &text("haproxy", body));
    keeps("HZG045", &text("haproxy", wait));
    breaks("HZG045", &["ingress.sessionAffinity.maxAgeSeconds"], &text("haproxy", age));
    breaks(
        "HZG045",
        &["ingress.sessionAffinity.cookieName"],
        &text("none", "sessionAffinity: {cookieName: a}"),
    );
    keeps("HZG045", "ingress: {controller: traefik, timeoutSeconds: 60}");
}

#[test]
fn a_store_on_a_class_of_its_own_is_on_no_file_server() {
    let own = "redis: {persistence: {enabled: true, storageClassName: gp3, server: localhost, directory: ForguncyLogs}}\n";
    for id in ["HZG028", "HZG029"] {
        keeps(id, &[NFS, own].concat());
    }
    let shared = own.replace("storageClassName: gp3, ", "");
    breaks(
        "HZG028",
        &["redis.persistence.directory"],
        &[NFS, &shared.replace("server: localhost, ", "")].concat(),
    );
    breaks("HZG029", &["redis.persistence.server"], &[NFS, &shared].concat());
}

#[test]
fn valid_fixtures_have_the_findings_that_they_should_have() {
    let known = |name: &str| -> &[&str] {
        match name {
            "autoscaling.yaml" => &["HZG001 forguncy.scaling.mode"],
            "fixed-replicas.yaml" | "pod-disruption-budget.yaml" => {
                &["HZG001 forguncy.scaling.replicas"]
            }
            _ => &[],
        }
    };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/valid");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let layer = Layer::File(name.clone(), std::fs::read(&path).unwrap());
        assert_eq!(lines(&everything(&[layer])), known(&name), "{name}");
        count += 1;
    }
    assert!(count >= 13, "{count} fixtures");
}

#[test]
fn findings_about_objects_name_the_key_that_made_them() {
    let text = format!(
        "{NFS}forguncy:
  service: {{nodePort: 32666}}
  extraVolumeMounts:
  - {{name: fnots, mountPath: /usr/share/fonts/x}}
redis:
  auth: {{enabled: true, existingSecret: s}}
  service: {{type: NodePort, nodePort: 32666}}
extraObjects:
- {{apiVersion: v1, kind: Service, metadata: {{name: mine}}, spec: {{selector: {{app: hzg-forguncy-app}}, ports: [{{port: 80, targetPort: web}}]}}}}
"
    );
    let findings = everything(&[Layer::File("v.yaml".into(), text.into())]);
    let places: Vec<String> = findings
        .iter()
        .map(|f| {
            format!("{} {} {}", f.rule.id, f.problem.path, f.problem.location.as_ref().unwrap())
        })
        .collect();
    assert_eq!(
        places,
        [
            "HZG307 redis.service.nodePort v.yaml:8:39",
            "HZG305 extraObjects[0].spec.ports[0].targetPort v.yaml:10:132",
            "HZG312 forguncy.extraVolumeMounts[0].name v.yaml:5:12",
        ]
    );
}

#[test]
fn root_where_the_defaults_forbid_it() {
    let found = |text: &str| {
        let text = [NFS, text].concat();
        lines(&everything(&[Layer::File("v.yaml".into(), text.into())]))
    };
    for key in ["redis.podSecurityContext", "influx.securityContext"] {
        let (section, context) = key.split_once('.').unwrap();
        let text = |more: &str| format!("{section}: {{{context}: {{runAsUser: 0{more}}}}}\n");
        assert_eq!(found(&text("")), [format!("HZG046 {key}.runAsUser")]);
        assert!(found(&text(", runAsNonRoot: false")).is_empty());
    }
    let init = "forguncy: {podSecurityContext: {runAsNonRoot: true, runAsUser: 1000}, initContainers: [{name: chown, image: \"busybox:1.36\", securityContext: {runAsUser: 0}}]}";
    assert_eq!(found(init), ["HZG046 forguncy.initContainers[0].securityContext.runAsUser"]);
    assert!(found("forguncy: {podSecurityContext: {runAsUser: 0}}").is_empty());
}

#[test]
fn what_one_key_does_to_several_objects_is_told_once() {
    let text = [NFS, "global: {imagePullSecrets: [{name: a}, {name: a}]}\n"].concat();
    let findings = everything(&[Layer::File("v.yaml".into(), text.into())]);
    assert_eq!(lines(&findings), ["HZG206 global.imagePullSecrets[1].name"]);
}

#[test]
fn what_a_rule_about_the_deployment_says_is_not_said_again() {
    let text = format!(
        "{}  shares: {{logs: {{directory: ForguncyAttach}}}}\n",
        NFS.replace("{server: 10.0.0.5}", "\n  server: 10.0.0.5")
    );
    let findings = everything(&[Layer::File("v.yaml".into(), text.into())]);
    assert_eq!(lines(&findings), ["HZG028 storage.shares.logs.directory"]);
}

#[test]
fn what_is_said_of_an_extra_object_does_not_hide_what_is_said_of_its_fields() {
    let second = "extraObjects: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {matchLabels: {app: hzg-influx-app}}, template: {metadata: {labels: {app: hzg-influx-app}}, spec: {containers: [{name: c, image: \"c:1\", volumeMounts: [{name: v}]}]}}}}]";
    let findings = everything(&[Layer::File("v.yaml".into(), [NFS, second].concat().into())]);
    assert_eq!(
        lines(&findings),
        [
            "HZG008 extraObjects[0]",
            "HZG302 extraObjects[0].spec.selector",
            "HZG312 extraObjects[0].spec.template.spec.containers[0].volumeMounts[0].name",
            "HZG203 extraObjects[0].spec.template.spec.containers[0].volumeMounts[0]",
        ]
    );
    let scaled = [NFS, &scaler("hzg-influx-pod")].concat();
    assert_eq!(
        lines(&everything(&[Layer::File("v.yaml".into(), scaled.into())])),
        ["HZG008 extraObjects[0].spec.scaleTargetRef"]
    );
}

#[test]
fn what_the_values_name_as_the_users_own_is_not_missed() {
    let text = format!(
        "{NFS}forguncy:\n  extraEnvFrom: [{{secretRef: {{name: s}}}}]\nextraObjects:\n- {{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{serviceAccountName: nobody, containers: [{{name: c, image: \"c:1\"}}]}}}}\n"
    );
    assert_eq!(
        lines(&everything(&[Layer::File("v.yaml".into(), text.into())])),
        ["HZG319 extraObjects[0].spec.serviceAccountName"]
    );
}

#[test]
fn presets_together_have_no_findings_of_their_own() {
    for first in PRESETS {
        for second in PRESETS {
            let layers = [first, second].map(|preset| Layer::Preset(preset.name.into()));
            let layers = [vec![Layer::File("v".into(), NFS.into())], layers.into()].concat();
            let mut found = lines(&everything(&layers));
            found.retain(|line| !line.starts_with("HZG035"));
            assert!(found.is_empty(), "{} {}: {found:?}", first.name, second.name);
        }
    }
}

#[test]
fn odd_shapes_of_what_is_passed_through_break_nothing() {
    let text = "
forguncy:
  strategy: {type: 3, rollingUpdate: [1]}
  probes: {readiness: {httpGet: 3, tcpSocket: [x]}, liveness: {exec: true}}
  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [1, {matchExpressions: {a: b}}, {matchExpressions: [{key: [1], values: x}]}]}}}
  extraEnv: [{name: [1]}, {value: {}}]
  extraEnvFrom: [{secretRef: x}]
  extraVolumes: [{name: {}}, {}]
  extraVolumeMounts: [{mountPath: 1}, {}]
  initContainers: [{image: {}, env: x, resources: {requests: [1], limits: {memory: {}}}}]
extraObjects:
- {apiVersion: v1, kind: Secret, metadata: {name: a}, data: [1]}
- {apiVersion: v1, kind: Pod, metadata: {name: b, labels: 1}, spec: {containers: {a: b}, volumes: x}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: c, namespace: [1]}, spec: [1]}
- {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: d}, spec: {scaleTargetRef: x}}
";
    let findings = everything(&[Layer::File("v.yaml".into(), [NFS, text].concat().into())]);
    assert!(lines(&findings).contains(&"HZG022 forguncy.probes.readiness".to_owned()));
    check(&loaded(text), &release(), Purpose::Package);
}
