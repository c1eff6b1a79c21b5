//! Nothing is lost in silence: an edited chart runs as before on what its import gives, or the import tells of the edit.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value as Json;
use tempfile::tempdir;

use super::edits::Chart;
use super::{import, write};
use crate::harness::helm::Helm;
use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::{Object, from_helm, from_render};
use crate::harness::process::run;

const FGC: &str = "templates/deployment-fgc.yaml";
const REDIS: &str = "templates/deployment-redis.yaml";
const SERVICE: &str = "templates/service-fgc.yml";
const REDIS_SERVICE: &str = "templates/service-redis.yml";
const PVS: &str = "templates/pvs.yaml";
const PVCS: &str = "templates/pvcs.yaml";
const VALUES: &str = "values.yaml";

/// What runs, where it is reached, and where its files lie.
fn facts(objects: &[Object]) -> BTreeMap<String, String> {
    let text = |json: &Json, pointer: &str| {
        json.pointer(pointer).map_or(String::new(), |value| {
            value.as_str().map_or_else(|| value.to_string(), str::to_owned)
        })
    };
    let of =
        |kind: &str| objects.iter().filter(move |o| o.identity.kind == kind).collect::<Vec<_>>();
    let mut facts = BTreeMap::new();
    for Object { identity, json, .. } in of("Deployment") {
        let pod = "/spec/template/spec";
        let mut say =
            |what: &str, value: String| facts.insert(format!("{} {what}", identity.name), value);
        let image = text(json, &format!("{pod}/containers/0/image"));
        say("image", image.replace("docker.io/", "").replace("library/", ""));
        for what in ["imagePullPolicy", "ports/0/containerPort"] {
            say(what, text(json, &format!("{pod}/containers/0/{what}")));
        }
        let list = |pointer: &str| {
            json.pointer(pointer).and_then(Json::as_array).cloned().unwrap_or_default()
        };
        for mount in list(&format!("{pod}/containers/0/volumeMounts")) {
            let path = text(&mount, "/mountPath");
            if !path.starts_with("/opt/Forguncy") {
                continue;
            }
            let volumes = list(&format!("{pod}/volumes"));
            let volume = volumes.iter().find(|v| v["name"] == mount["name"]).expect("it is there");
            let claim = text(volume, "/persistentVolumeClaim/claimName");
            let claim = of("PersistentVolumeClaim").into_iter().find(|o| o.identity.name == claim);
            let bound = claim.and_then(|claim| {
                of("PersistentVolume").into_iter().find(|o| {
                    match text(&claim.json, "/spec/volumeName").as_str() {
                        "" => {
                            o.json.pointer("/spec/storageClassName")
                                == claim.json.pointer("/spec/storageClassName")
                        }
                        name => o.identity.name == name,
                    }
                })
            });
            let nfs = bound.map_or(&volume["nfs"], |bound| &bound.json["spec"]["nfs"]);
            if !nfs.is_null() {
                say(&path, format!("{}:{}", text(nfs, "/server"), text(nfs, "/path")));
            }
        }
    }
    for Object { identity, json, .. } in of("Service") {
        let is_ours = identity.name.ends_with("-forguncy-service");
        let mut say = |what: &str| {
            facts.insert(format!("{} {what}", identity.name), text(json, &format!("/spec/{what}")))
        };
        say("ports/0/port");
        if is_ours {
            say("ports/0/nodePort");
            say("type");
            say("sessionAffinity");
        }
    }
    facts
}

/// The facts of an edited chart are those of what its import gives, which tells of nothing.
fn same(name: &str, chart: &Chart) -> String {
    let folder = tempdir().expect("it is writable");
    write(&chart.0, &folder.path().join("chart"));
    let imported = import("chart", folder.path());
    assert_eq!((imported.code, imported.stderr.as_str()), (Some(0), ""), "{name}");
    fs::write(folder.path().join("values.yaml"), &imported.stdout).expect("it is writable");
    let package = ["package", "-f", "values.yaml", "--version", "1.0.0"];
    run(hzgchart().current_dir(folder.path()).args(package)).success();
    let ours = run(hzgchart().current_dir(folder.path()).args([
        "render",
        "-f",
        "values.yaml",
        "--name",
        "shop",
    ]))
    .success();
    let theirs =
        run(Helm::Four.command().current_dir(folder.path()).args(["template", "shop", "chart"]))
            .success();
    // What is commented out is no object.
    let theirs: String = theirs
        .split_inclusive("---\n")
        .filter(|document| document.lines().any(|line| line.starts_with("kind:")))
        .collect();
    let (theirs, ours) = (from_helm(&theirs), from_render(&ours));
    let (theirs, ours) = (theirs.expect("it renders"), ours.expect("it renders"));
    assert_eq!(facts(&ours), facts(&theirs), "{name}:\n{}", imported.stdout);
    imported.stdout
}

/// The import of an edited chart tells exactly of what begins so.
fn told(name: &str, chart: &Chart, expected: &[&str]) -> String {
    let folder = tempdir().expect("it is writable");
    write(&chart.0, &folder.path().join("chart"));
    let imported = import("chart", folder.path());
    let told: Vec<&str> =
        imported.stderr.lines().filter_map(|line| line.strip_prefix("warning: chart/")).collect();
    assert_eq!(imported.code, Some(1), "{name}: nothing was told");
    assert_eq!(told.len(), expected.len(), "{name}:\n{}", imported.stderr);
    for (line, start) in told.iter().zip(expected) {
        assert!(line.contains(start), "{name}: {line}\nhas no: {start}");
    }
    imported.stdout
}

#[test]
fn stores_are_there_when_their_objects_are() {
    let chart =
        Chart::new().mv(REDIS, "templates/redis.yaml").mv(REDIS_SERVICE, "templates/redis.yaml");
    same("one file", &chart);
    let chart = Chart::new()
        .mv(REDIS, "templates/redis/pod.yaml")
        .mv(REDIS_SERVICE, "templates/redis/service.yml");
    same("a folder", &chart);
    let gone = same("commented out", &Chart::new().comment_out(REDIS).comment_out(REDIS_SERVICE));
    assert!(gone.contains("redis:\n") && gone.contains("enabled: false"), "{gone}");
    told("one of two", &Chart::new().comment_out(REDIS), &["the Deployment of redis is missing"]);
    let chart = Chart::new()
        .mv(REDIS, "templates/a.yaml")
        .mv(REDIS_SERVICE, "templates/a.yaml")
        .add("templates/a.yaml", "{{ if\n");
    let text = told(
        "unreadable",
        &chart,
        &["a template that cannot be read", "Service of redis are missing, or in"],
    );
    assert!(!text.contains("enabled: false"), "{text}");
}

#[test]
fn a_template_without_objects_is_missing() {
    told("service", &Chart::new().comment_out(SERVICE), &["the Service of forguncy is missing"]);
    let chart = Chart::new().comment_out(PVS);
    let chart =
        ["attach", "log", "restore", "site", "bin"].into_iter().fold(chart, |chart, share| {
            chart.edit(
                PVCS,
                &format!("storageClassName: {{{{ .Release.Name }}}}-{share}"),
                "storageClassName: nfs-client",
            )
        });
    told("volumes", &chart, &["the vendor's PersistentVolumes are missing"]);
    let chart = Chart::new().edit(PVS, "-restore-pv", "-other-pv").edit(
        PVS,
        "{{ .Values.persistentVolume.nfs_restore.path }}",
        "/a/b",
    );
    told(
        "one volume",
        &chart,
        &[
            "`PersistentVolume` that the vendor's chart does not have",
            "the PersistentVolume of restore is missing",
        ],
    );
}

#[test]
fn a_share_is_known_by_its_key_its_name_and_its_directory() {
    let path = "/logistics/siteA/ForguncyRestore";
    same("in the values", &Chart::new().edit(VALUES, "/fgc-k8s-lbroot/ForguncyRestore", path));
    same(
        "in the template",
        &Chart::new().edit(PVS, "{{ .Values.persistentVolume.nfs_restore.path }}", path),
    );
    same(
        "by its directory",
        &Chart::new().edit(PVS, "-restore-pv", "-pv3").edit(
            PVS,
            "{{ .Values.persistentVolume.nfs_restore.path }}",
            path,
        ),
    );
    let chart = Chart::new().edit(PVS, "nfs_restore.path", "nfs_log.path");
    told(
        "twice",
        &chart,
        &["a second PersistentVolume of logs", "the PersistentVolume of restore is missing"],
    );
}

#[test]
fn one_port_and_one_object_of_each_are_carried() {
    let main = "    - port: 80\n      targetPort: 80\n      nodePort: 32666\n";
    let more = "    - port: 22345\n      targetPort: 22345\n      nodePort: 31777\n";
    for (name, ports) in [("after", format!("{main}{more}")), ("before", format!("{more}{main}"))] {
        let text =
            told(name, &Chart::new().edit(SERVICE, main, &ports), &["spec.ports: a further port"]);
        assert!(text.contains("nodePort: 32666"), "{name}: {text}");
    }
    let chart = Chart::new().edit(
        FGC,
        "- containerPort: 80",
        "- containerPort: 80\n            - containerPort: 22345",
    );
    told("container", &chart, &["ports: a further port"]);
    let console = "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}-console\nspec:\n  type: NodePort\n  ports:\n    - port: 22345\n      nodePort: 31777\n";
    let text = told(
        "console",
        &Chart::new().add(SERVICE, console),
        &["`Service` that the vendor's chart does not have"],
    );
    assert!(text.contains("nodePort: 32666"), "{text}");
    let mut canary = Chart::new()
        .edit(FGC, "-forguncy-pod", "-canary-forguncy-pod")
        .edit(FGC, "replicas: 1", "replicas: 1\n  strategy: {type: Recreate}")
        .mv(FGC, "templates/canary.yaml")
        .0;
    let fgc = super::vendor().into_iter().find(|(path, _)| path == FGC).expect("it is there");
    canary.push(fgc);
    let text =
        told("canary", &Chart(canary), &["`Deployment` that the vendor's chart does not have"]);
    assert!(!text.contains("Recreate"), "{text}");
    let chart =
        Chart::new().edit(SERVICE, "{{ .Release.Name }}-forguncy-service", "shop-forguncy-service");
    told("literal name", &chart, &["metadata.name: another name than the vendor's"]);
    let second = Chart::new().edit(SERVICE, "32666", "31777").mv(SERVICE, "templates/z.yml").0;
    let second =
        second.into_iter().find(|(path, _)| path == "templates/z.yml").expect("it is there");
    let chart = Chart::new().add("templates/z.yml", &second.1);
    told("twice", &chart, &["metadata.name: a second Service of forguncy"]);
}

#[test]
fn only_the_vendors_own_expressions_are_passed_over() {
    let image = "\"{{ .Values.image.repository }}:{{ .Values.image.tag }}\"";
    for other in [
        "\"harbor.local/{{ .Values.image.repository }}-x86:{{ .Values.image.tag }}-patched\"",
        "\"{{ .Values.image.repository }}\"",
        "\"{{ .Values.image.repository }}:{{ .Values.image.tag | default \"1\" }}\"",
    ] {
        told(
            other,
            &Chart::new().edit(FGC, image, other),
            &["image: this field is not taken over"],
        );
    }
    let log = |field: &str| format!("{{{{ .Values.persistentVolume.nfs_log.{field} }}}}");
    let cases = [
        (PVS, log("path"), format!("{}/prod", log("path")), "spec.nfs.path"),
        (PVS, log("server"), log("server").replace("log", "site"), "spec.nfs.server"),
        (
            PVS,
            "{{ .Values.persistentVolume.storage }}".to_owned(),
            "{{ .Values.size | default \"5Gi\" }}".to_owned(),
            "spec.capacity.storage",
        ),
        (
            SERVICE,
            "32666".to_owned(),
            "{{ .Values.nodePort | default 31888 }}".to_owned(),
            "spec.ports[].nodePort",
        ),
        (
            FGC,
            "replicas: 1".to_owned(),
            "replicas: {{ .Values.replicas | default 3 }}".to_owned(),
            "spec.replicas",
        ),
        (
            SERVICE,
            "sessionAffinity: ClientIP".to_owned(),
            "sessionAffinity: {{ .Values.affinity }}".to_owned(),
            "spec.sessionAffinity",
        ),
    ];
    for (path, from, to, field) in cases {
        told(
            &to,
            &Chart::new().edit(path, &from, &to),
            &[&format!("{field}: this field is not taken over")],
        );
    }
    let quoted = Chart::new()
        .edit(PVS, &log("path"), &log("path").replace(" }}", " | quote }}"))
        .edit(FGC, image, &image.replace("{{ ", "{{- "));
    same("spaced and quoted", &quoted);
    let chart = Chart::new()
        .edit(
            REDIS,
            "redis:6.2.14",
            "redis:6.2.14\n          command: [sh, -c, redis-server --requirepass hunter2]",
        )
        .add(VALUES, "redis:\n  redis_password: other\n");
    let unused = "redis.redis_password: not taken over, since no template";
    told("password", &chart, &[unused, "command: this field is not taken over"]);
    let chart = Chart::new().edit(
        FGC,
        "      volumes:\n",
        "      volumes: {{ toYaml .Values.volumes | nindent 8 }}\n      x:\n",
    );
    told(
        "volumes",
        &chart,
        &["x: this field is not taken over", "volumes: this field is not taken over"],
    );
}

#[test]
fn a_shares_volume_in_the_pod_is_looked_at() {
    let claim = |share: &str| {
        format!(
            "persistentVolumeClaim:\n            claimName: {{{{ .Release.Name }}}}-{share}-pvc"
        )
    };
    same(
        "without a claim",
        &Chart::new().edit(FGC, &claim("log"), "nfs: {server: 10.9.9.9, path: /other/logs}"),
    );
    let own = "nfs: {server: '{{ .Values.persistentVolume.nfs_log.server }}', path: '{{ .Values.persistentVolume.nfs_log.path }}'}";
    same("without a claim, by its keys", &Chart::new().edit(FGC, &claim("log"), own));
    let not_own = "not this share's own of the vendor's chart";
    let cases = [
        (FGC, claim("log"), "persistentVolumeClaim: {claimName: mine}".to_owned(), not_own),
        (FGC, claim("site"), claim("bin"), not_own),
        (
            FGC,
            claim("log"),
            format!("{}\n            readOnly: true", claim("log")),
            "persistentVolumeClaim.readOnly: this field",
        ),
        (FGC, claim("log"), "emptyDir: {}".to_owned(), "volumes[log].emptyDir: this field"),
        (
            FGC,
            claim("log"),
            "nfs: {server: a, path: '{{ .Values.x }}'}".to_owned(),
            "volumes[log].nfs.path: this field",
        ),
        (
            FGC,
            "mountPath: /opt/ForguncyLogs".to_owned(),
            "mountPath: /opt/ForguncyLogs\n              readOnly: true".to_owned(),
            "volumeMounts[].readOnly: this field",
        ),
        (
            FGC,
            "            - name: log\n              mountPath: /opt/ForguncyLogs\n".to_owned(),
            String::new(),
            "nothing is mounted at `/opt/ForguncyLogs`",
        ),
        (
            PVCS,
            "storageClassName: {{ .Release.Name }}-log".to_owned(),
            "storageClassName: nfs-client".to_owned(),
            "not the class of this share's volume",
        ),
        (
            PVCS,
            "  storageClassName: {{ .Release.Name }}-log\n".to_owned(),
            String::new(),
            "not the class of this share's volume",
        ),
        (
            PVCS,
            "storageClassName: {{ .Release.Name }}-log".to_owned(),
            "volumeName: mine\n  storageClassName: {{ .Release.Name }}-log".to_owned(),
            not_own,
        ),
    ];
    for (path, from, to, problem) in cases {
        // A volume that nothing mounts is one of the user's, whose claim the chart cannot make.
        let expected: &[&str] = if to.is_empty() && path == FGC {
            &[problem, "volumes[log]: this field"]
        } else {
            &[problem]
        };
        told(&to, &Chart::new().edit(path, &from, &to), expected);
    }
    same(
        "named volume",
        &Chart::new().edit(
            PVCS,
            "storageClassName: {{ .Release.Name }}-log",
            "volumeName: {{.Release.Name}}-log-pv\n  storageClassName: {{ .Release.Name }}-log",
        ),
    );
}

#[test]
fn a_literal_in_a_template_counts_where_it_is_the_default_too() {
    let chart = Chart::new().edit(VALUES, "10.0.103.0", "10.0.3.0").edit(
        FGC,
        "\"{{ .Values.image.repository }}:{{ .Values.image.tag }}\"",
        "armdocker.hzgcloud.com/fgclb/fgc_k8s_arm:10.0.103.0",
    );
    same("image", &chart);
    let chart = Chart::new().edit(VALUES, "/fgc-k8s-lbroot/ForguncyLogs", "/x/logs").edit(
        PVS,
        "{{ .Values.persistentVolume.nfs_log.path }}",
        "/fgc-k8s-lbroot/ForguncyLogs",
    );
    same("path", &chart);
}

#[test]
fn what_all_share_is_joined_or_told() {
    let policy = "          imagePullPolicy";
    let secrets =
        |name: &str| format!("      imagePullSecrets: [{{name: {name}}}]\n      containers:");
    let chart = Chart::new().edit(FGC, "      containers:", &secrets("a")).edit(
        REDIS,
        "      containers:",
        &secrets("b"),
    );
    let text = same("secrets", &chart);
    assert!(text.contains("- name: a\n    - name: b\n"), "{text}");
    let zone = |zone: &str| format!("          env: [{{name: TZ, value: {zone}}}]\n{policy}");
    let chart =
        Chart::new().edit(FGC, policy, &zone("Asia/Shanghai")).edit(REDIS, policy, &zone("UTC"));
    told("zone", &chart, &["env[].TZ: this field is not taken over"]);
    let options = |options: &str| format!("  mountOptions: [{options}]\n  nfs:");
    let chart = Chart::new().edit(PVS, "  nfs:", &options("hard"));
    told("options of one", &chart, &["no mount options here"; 4]);
    let all = Chart::new().edit_all(PVS, "  nfs:", &options("hard"));
    same("options of all", &all);
    told(
        "other options",
        &all.edit(PVS, "[hard]", "[soft]"),
        &["spec.mountOptions: this field"; 4],
    );
}

#[test]
fn what_is_missing_in_an_object_is_told() {
    told(
        "affinity",
        &Chart::new().edit(SERVICE, "  sessionAffinity: ClientIP\n", ""),
        &["spec.sessionAffinity: the vendor's chart says this"],
    );
    told(
        "selector",
        &Chart::new().edit(
            REDIS_SERVICE,
            "  selector:\n    app: {{ .Release.Name }}-redis-app\n",
            "",
        ),
        &["spec.selector: the vendor's chart says this"],
    );
    let options = "annotations: {volume.beta.kubernetes.io/mount-options: hard}";
    told(
        "annotation",
        &Chart::new().edit(PVS, "-log-pv\n", &format!("-log-pv\n  {options}\n")),
        &["metadata.annotations: this field is not taken over"],
    );
    told(
        "type",
        &Chart::new().edit(SERVICE, "  type: NodePort\n", ""),
        &["spec.type: the vendor's chart says this"],
    );
    told(
        "target",
        &Chart::new().edit(SERVICE, "targetPort: 80", "targetPort: 8080"),
        &["spec.ports[].targetPort: not the port that the container"],
    );
    let policy = "          imagePullPolicy: IfNotPresent\n";
    same(
        "policy and port",
        &Chart::new()
            .edit(FGC, "containerPort: 80", "containerPort: 8080")
            .edit(SERVICE, "targetPort: 80", "targetPort: 8080")
            .edit(FGC, policy, policy),
    );
    let latest = Chart::new().edit(FGC, policy, "").edit(VALUES, "10.0.103.0", "latest");
    let folder = tempdir().expect("it is writable");
    write(&latest.0, &folder.path().join("chart"));
    let text = import("chart", folder.path()).stdout;
    assert!(text.contains("pullPolicy: Always"), "{text}");
}

#[test]
fn pods_are_found_by_the_vendors_labels_or_that_is_told() {
    let label = "another label than the vendor's";
    let prod =
        |chart: Chart, path: &str| chart.edit_all(path, "}}-forguncy-app", "}}-prod-forguncy-app");
    told("everywhere", &prod(prod(Chart::new(), FGC), SERVICE), &[label; 3]);
    told("in the Service", &prod(Chart::new(), SERVICE), &[label]);
    let cut = "old-{{ .Release.Name | trunc 10 }}-redis-app";
    let chart = Chart::new().edit_all(REDIS, "{{ .Release.Name }}-redis-app", cut);
    told("cut", &chart, &[label; 2]);
    let chart = Chart::new().edit_all(FGC, "{{ .Release.Name }}", "{{ $.Release.Name }}");
    same("from the top", &chart.edit_all(SERVICE, ".Release.Name", "$.Release.Name"));
}

#[test]
fn helm_decides_which_files_make_objects() {
    let moved = |pod: &str, service: &str| {
        Chart::new()
            .mv(REDIS, &format!("templates/{pod}"))
            .mv(REDIS_SERVICE, &format!("templates/{service}"))
    };
    let text = same("other endings", &moved("deployment-redis.yaml.bak", "service-redis.YML"));
    assert!(!text.contains("enabled: false"), "{text}");
    let chart = moved("_deployment-redis.yaml", "_service-redis.yml");
    let text = told("no objects", &chart, &["not one of the vendor's templates"; 2]);
    assert!(text.contains("enabled: false"), "{text}");
}

#[test]
fn what_helm_runs_in_comments_and_joins_by_a_dash_is_told() {
    let chart = Chart::new()
        .edit(REDIS, "apiVersion", "#{{ if .Values.useRedis }}\napiVersion")
        .add(REDIS, "#{{ end }}\n");
    told("in a comment", &chart, &["deployment-redis.yaml:1:2: `{{ if }}` is not evaluated"]);
    let affinity = "  sessionAffinity: ClientIP";
    let joined = format!("  # sticky\n  {{{{- /* needed */ -}}}}\n{affinity}");
    let chart = Chart::new().edit(SERVICE, affinity, &joined);
    told("joined", &chart, &["service-fgc.yml:15:1: a `-` in `{{ }}` puts this line behind"]);
}

#[test]
fn what_package_would_refuse_is_not_written_or_told() {
    let policy = "imagePullPolicy: IfNotPresent";
    let with = |setting: &str| format!("{policy}\n          {setting}");
    let recreate = "replicas: 1\n  strategy: {type: Recreate}";
    let text = same("strategy", &Chart::new().edit(FGC, "replicas: 1", recreate));
    assert!(text.contains("rollingUpdate: null"), "{text}");
    for setting in [
        "readinessProbe: {httpGet: {path: /, port: 80}}",
        "resources: {limits: {memory: 1Gi, cpu: 250m}}",
    ] {
        same(setting, &Chart::new().edit(FGC, policy, &with(setting)));
    }
    let mount = "            - name: log\n";
    let influx = "templates/deployment-influx.yaml";
    for (path, from, to, told) in [
        (FGC, policy, with("securityContext: {privileged: true}"), "(HZG210)"),
        (REDIS, policy, with("securityContext: {runAsUser: 0}"), "(HZG046)"),
        (
            FGC,
            mount,
            format!("            - name: log\n              mountPath: /var/log/fgc\n{mount}"),
            "forguncy.extraVolumeMounts[0].name: ",
        ),
        (
            FGC,
            "      containers:",
            "      initContainers: [{name: a, image: a:1, volumeMounts: [{name: log, mountPath: /a}]}]\n      containers:".to_owned(),
            "(HZG312)",
        ),
        (
            influx,
            policy,
            with("env: [{name: INFLUXDB_HTTP_BIND_ADDRESS, value: ':8086'}]"),
            "(HZG206)",
        ),
    ] {
        let folder = tempdir().expect("it is writable");
        write(&Chart::new().edit(path, from, &to).0, &folder.path().join("chart"));
        let imported = import("chart", folder.path());
        let refused = imported.stderr.lines().any(|line| {
            line.contains(told) && line.contains("which `package` refuses")
        });
        assert!(imported.code == Some(1) && refused, "{to}: {}", imported.stderr);
    }
}

#[test]
fn a_key_that_no_template_uses_is_told_and_not_taken() {
    for more in [
        "redis:\n  redis_password: hunter2\n",
        "redis:\n  enabled: false\n",
        "ingress:\n  enabled: true\n",
        "nfsServer: 10.9.9.9\n",
    ] {
        let chart = Chart::new().add(VALUES, more);
        let text = told(more, &chart, &["not taken over, since no template of the chart uses it"]);
        for key in ["auth:", "ingress:", "enabled:", "10.9.9.9"] {
            assert!(!text.contains(key), "{more}: {text}");
        }
    }
    let args = "ports:\n            - containerPort: 6379\n          args: [--requirepass, '{{ .Values.redis.redis_password }}']";
    let chart = Chart::new().edit(REDIS, "ports:\n            - containerPort: 6379", args);
    let text = same("used", &chart.add(VALUES, "redis:\n  redis_password: hunter2\n"));
    assert!(text.contains("password: hunter2"), "{text}");
    let of = |reference: &str| {
        let args = format!(
            "args: [--requirepass, $(PASSWORD)]\n          env: [{{name: PASSWORD, {reference}}}]\n          ports:"
        );
        Chart::new().edit(REDIS, "ports:", &args)
    };
    let text = same("secret", &of("valueFrom: {secretKeyRef: {name: mine, key: pw}}"));
    let secret = ["enabled: true", "existingSecret: mine", "existingSecretKey: pw"];
    assert!(secret.iter().all(|line| text.contains(line)), "{text}");
    told("literal", &of("value: hunter2"), &["args: this field is not taken over"]);
    told(
        "made",
        &of("valueFrom: {secretKeyRef: {name: '{{ .Release.Name }}', key: pw}}"),
        &["args: this field is not taken over", "env[PASSWORD]: this field is not taken over"],
    );
}

#[test]
fn what_the_pod_mounts_counts_and_volume_and_claim_have_one_size() {
    let log = |field: &str| format!("{{{{ .Values.persistentVolume.nfs_log.{field} }}}}");
    let claim = "persistentVolumeClaim:\n            claimName: {{ .Release.Name }}-log-pvc";
    let direct = format!("nfs: {{server: '{}', path: '{}'}}", log("server"), log("path"));
    let chart = Chart::new().edit(FGC, claim, &direct).edit(PVS, &log("server"), "10.0.0.88");
    same("by its keys", &chart.edit(PVS, &log("path"), "/x/y"));
    let size = "{{ .Values.persistentVolume.storage }}";
    for path in [PVS, PVCS] {
        told(path, &Chart::new().edit(path, size, "50Gi"), &["storage: this field is not taken"]);
    }
    let text = same("both", &Chart::new().edit(PVS, size, "50Gi").edit(PVCS, size, "50Gi"));
    assert!(text.contains("size: 50Gi"), "{text}");
}

#[test]
fn small_fields_are_carried_or_told_and_nulls_are_nothing() {
    let policy = "imagePullPolicy: IfNotPresent";
    let name = "  name: {{ .Release.Name }}-log-pv\n";
    let reference = "  claimRef: {name: '{{ .Release.Name }}-log-pvc', namespace: ";
    for (path, from, to, field) in [
        (PVS, name, format!("{name}  labels: {{disk: ssd}}\n"), "metadata.labels: "),
        (
            FGC,
            policy,
            format!("{policy}\n          terminationMessagePolicy: FallbackToLogsOnError"),
            "terminationMessagePolicy: ",
        ),
        (
            PVS,
            "  nfs:\n",
            format!("{reference}prod}}\n  nfs:\n").replace("log", "attach"),
            "spec.claimRef.namespace: ",
        ),
    ] {
        told(&to, &Chart::new().edit(path, from, &to), &[field]);
    }
    let own =
        format!("{reference}'{{{{ .Release.Namespace }}}}'}}\n  nfs:\n").replace("log", "attach");
    same("own namespace", &Chart::new().edit(PVS, "  nfs:\n", &own));
    let nulls = "      nodeSelector:\n      tolerations:\n      containers:";
    let chart = Chart::new().edit(FGC, "      containers:", nulls);
    same(
        "nulls",
        &chart.edit(
            FGC,
            policy,
            &format!("{policy}\n          resources:\n          env:\n          command:"),
        ),
    );
    let aliases = "      hostAliases: [{ip: 10.0.0.1, hostnames: [db.local]}]\n      containers:";
    let chart = Chart::new().edit(FGC, "      containers:", aliases);
    let text = same(
        "aliases",
        &chart.edit(
            REDIS,
            policy,
            &format!("{policy}\n          envFrom: [{{secretRef: {{name: x}}}}]"),
        ),
    );
    assert!(text.contains("hostAliases:") && text.contains("extraEnvFrom:"), "{text}");
}

#[test]
fn the_vendors_container_is_known_by_its_name_or_its_port() {
    let containers = "      containers:\n";
    let side = "        - {name: exporter, image: 'oliver006/redis_exporter:v1.50', ports: [{containerPort: 9121}]}\n";
    let chart = Chart::new().edit(REDIS, containers, &format!("{containers}{side}"));
    let text = told("named", &chart, &["containers: a further container"]);
    assert!(text.contains("tag: \"6.2.14\"") && !text.contains("exporter"), "{text}");
    let chart = chart.edit(
        REDIS,
        "name: {{ .Release.Name }}-redis-app\n          image",
        "name: store\n          image",
    );
    let text = told("by its port", &chart, &["containers: a further container"]);
    assert!(!text.contains("exporter"), "{text}");
}

#[test]
fn a_secret_variable_is_not_shown_whichever_of_its_keys_comes_first() {
    let policy = "imagePullPolicy: IfNotPresent";
    let env = "env:\n            - value: \"hunter2{{ .Release.Name }}\"\n              name: DB_PASSWORD";
    let chart = Chart::new().edit(FGC, policy, &format!("{policy}\n          {env}"));
    let folder = tempdir().expect("it is writable");
    write(&chart.0, &folder.path().join("chart"));
    let imported = import("chart", folder.path());
    assert_eq!(imported.code, Some(1));
    assert!(imported.stderr.contains("env[DB_PASSWORD]: this field"), "{}", imported.stderr);
    assert!(!imported.stderr.contains("hunter2"), "{}", imported.stderr);
}
