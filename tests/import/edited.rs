//! Charts that a hand has edited: each edit is taken over or told of.

use std::fs;

use tempfile::tempdir;

use super::{import, shown, vendor, write};

/// Imports the vendor-like chart after these edits: file, what stands there, what to write instead.
fn edited(name: &str, edits: &[(&str, &str, &str)]) {
    let folder = tempdir().expect("it is writable");
    let mut files = vendor();
    for (path, from, to) in edits {
        match files.iter_mut().find(|(other, _)| other == path) {
            Some((_, text)) => {
                assert!(text.contains(from), "{path} has no {from}");
                *text = text.replacen(from, to, 1);
            }
            None => files.push(((*path).to_owned(), (*to).to_owned())),
        }
    }
    files.retain(|(_, text)| text != "deleted");
    write(&files, &folder.path().join("chart"));
    let finished = import("chart", folder.path());
    insta::with_settings!({snapshot_path => "../snapshots/import", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, shown(&finished));
    });
    // Whatever was edited, the file is one that can be loaded; that `package` refuses it was told.
    fs::write(folder.path().join("out.yaml"), &finished.stdout).expect("it is writable");
    let again = import("out.yaml", folder.path());
    assert_ne!(again.code, Some(2), "{name}: {}", again.stderr);
    for told in again.stderr.lines().filter(|line| line.starts_with("warning: ")) {
        assert!(
            finished.stderr.contains(told) && told.contains("`package` refuses"),
            "{name}: {told}"
        );
    }
}

const FGC: &str = "templates/deployment-fgc.yaml";
const REDIS: &str = "templates/deployment-redis.yaml";

/// Deletes a file of the chart.
fn deleted(path: &'static str) -> (&'static str, String) {
    let text = vendor().into_iter().find(|(other, _)| other == path).expect("it is there").1;
    (path, text)
}

#[test]
fn deleted_files_mean_what_the_article_says() {
    let (pod, pod_text) = deleted(REDIS);
    let (service, service_text) = deleted("templates/service-redis.yml");
    edited("redis-deleted", &[(pod, &pod_text, "deleted"), (service, &service_text, "deleted")]);
    let (pvs, pvs_text) = deleted("templates/pvs.yaml");
    let (fgc, fgc_text) = deleted(FGC);
    edited(
        "others-deleted",
        &[(pod, &pod_text, "deleted"), (pvs, &pvs_text, "deleted"), (fgc, &fgc_text, "deleted")],
    );
}

#[test]
fn settings_of_the_pods_are_taken_over() {
    edited(
        "pods",
        &[
            (FGC, "replicas: 1", "replicas: 3\n  strategy: {type: Recreate}"),
            (
                FGC,
                "IfNotPresent",
                "Always\n          resources: {limits: {memory: 8Gi}}\n          env:\n            - {name: TZ, value: Europe/Berlin}\n            - {name: A, value: b}\n            - {name: B, value: \"{{ .Release.Name }}\"}\n          readinessProbe: {httpGet: {path: /, port: 80}}\n          securityContext: {runAsUser: yes}\n          stdin: true",
            ),
            (
                FGC,
                "      containers:",
                "      nodeSelector: {disk: ssd}\n      hostNetwork: true\n      imagePullSecrets: [{name: harbor}]\n      containers:",
            ),
            (
                FGC,
                "          volumeMounts:\n",
                "          volumeMounts:\n            - {name: fonts, mountPath: /usr/share/fonts/own}\n",
            ),
            (
                FGC,
                "      volumes:\n",
                "        - {name: side, image: busybox}\n      volumes:\n        - {name: fonts, configMap: {name: fonts}}\n",
            ),
            (
                FGC,
                "      labels:\n",
                "      annotations: {a: b}\n      labels:\n        team: shop\n",
            ),
            (
                REDIS,
                "redis:6.2.14",
                "harbor.example.com/hzg/redis:7.2\n          command: [redis-server, --requirepass, hunter2]\n          volumeMounts: [{name: data, mountPath: /data}]\n          env: [{name: X, value: y}]",
            ),
            (REDIS, "      app: {{ .Release.Name }}-redis-app", "      app: redis"),
            ("templates/deployment-influx.yaml", "influxdb:1.8.10", "influxdb"),
            ("templates/deployment-influx.yaml", "replicas: 1", "replicas: 2"),
        ],
    );
}

#[test]
fn services_and_volumes_are_taken_over() {
    edited(
        "services-and-volumes",
        &[
            ("templates/service-fgc.yml", "32666", "40000\n      appProtocol: http"),
            (
                "templates/service-fgc.yml",
                "type: NodePort",
                "type: LoadBalancer\n  externalTrafficPolicy: Local",
            ),
            (
                "templates/service-fgc.yml",
                "sessionAffinity: ClientIP",
                "sessionAffinity: None\n  externalIPs: [10.0.0.9]",
            ),
            (
                "templates/service-redis.yml",
                "targetPort: 6379",
                "targetPort: 6379\n      nodePort: 30379",
            ),
            ("templates/service-influx.yml", "-influx-service", "-logs"),
            ("templates/pvs.yaml", "{{ .Values.persistentVolume.nfs_log.server }}", "10.0.0.7"),
            ("templates/pvs.yaml", "{{ .Values.persistentVolume.nfs_log.path }}", "/exports/logs"),
            ("templates/pvs.yaml", "Retain", "Recycle"),
            ("templates/pvs.yaml", "ReadWriteMany", "ReadWriteOnce"),
            (
                "templates/pvs.yaml",
                "storage: {{ .Values.persistentVolume.storage }}",
                "storage: 2Ti",
            ),
            (
                "templates/pvs.yaml",
                "nfs:\n    path: {{ .Values.persistentVolume.nfs_bin.path }}\n    server: {{ .Values.persistentVolume.nfs_bin.server }}",
                "hostPath:\n    path: /data/bin",
            ),
        ],
    );
}

#[test]
fn conditions_other_files_and_other_objects_are_told() {
    edited(
        "other-files",
        &[
            (
                FGC,
                "          ports:",
                "          {{- if .Values.debug }}\n          tty: true\n          {{- end }}\n          {{- include \"more\" . | nindent 10 }}\n          ports:",
            ),
            (REDIS, "kind: Deployment", "kind: Deployment\n{{ if"),
            (
                "templates/ingress.yaml",
                "",
                "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n",
            ),
            ("templates/_helpers.tpl", "", "{{ define \"more\" }}{{ end }}"),
            ("templates/pvcs.yaml", "kind: Pers", "kind: [Pers"),
            ("values-prod.yaml", "", "image: {tag: '10.0.104.0'}\n"),
            ("charts/a/Chart.yaml", "", "name: a\nversion: 1.0.0\n"),
            ("Chart.yaml", "version: 10.0.0", "version: ten\ndependencies: []"),
            ("values.yaml", "tag: \"10.0.103.0\"", "tag: 10.0"),
            ("values.yaml", "server: 198.19.249.12\n  nfs_log", "server: ''\n  nfs_log"),
            ("values.yaml", "storage: \"100Gi\"", "storage: 2TB\n  debug: true"),
        ],
    );
}
