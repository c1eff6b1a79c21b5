//! Bad input of every sort ends with one clear message, the right exit code, and nothing half-done.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use tempfile::{TempDir, tempdir};

use crate::harness::hzgchart::hzgchart;
use crate::harness::process::{Finished, command, run, run_with_input};

/// The input is wrong.
const INPUT: i32 = 2;
/// The world is wrong.
const WORLD: i32 = 3;

/// Runs hzgchart on one values file, `values.yaml`.
fn refuses_file(name: &str, content: impl AsRef<[u8]>) -> String {
    refuses(name, INPUT, &[("values.yaml", content.as_ref())], &["render", "-f", "values.yaml"])
}

/// Runs hzgchart in a folder of these files, and checks everything that holds for every refusal.
fn refuses(name: &str, code: i32, files: &[(&str, &[u8])], args: &[&str]) -> String {
    let folder = folder_of(files);
    let finished = run(hzgchart().args(args).current_dir(folder.path()));
    let before: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    check_refusal(name, code, &finished, folder.path());
    assert_eq!(listing(folder.path()), before, "{name} leaves files behind");
    finished.stderr
}

fn check_refusal(name: &str, code: i32, finished: &Finished, folder: &Path) {
    assert_eq!(finished.code, Some(code), "{name}: {}", finished.stderr);
    assert_eq!(finished.stdout, "", "{name}");
    assert!(finished.stderr.starts_with("error: "), "{name}: {}", finished.stderr);
    assert!(!finished.stderr.contains("panicked"), "{name}: {}", finished.stderr);
    assert!(finished.stderr.len() < 4000, "{name}: a message of {} bytes", finished.stderr.len());
    assert!(!finished.stderr.contains(".hzgchart-"), "{name}: {}", finished.stderr);
    let folder = folder.display().to_string();
    assert!(!finished.stderr.contains(&folder), "{name}: {}", finished.stderr);
    insta::assert_snapshot!(name, finished.stderr);
}

fn folder_of(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempdir().expect("the temporary folder is writable");
    for (path, content) in files {
        fs::write(folder.path().join(path), content).expect("it is writable");
    }
    folder
}

/// Every file and folder below, sorted.
fn listing(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            found.push(path.strip_prefix(folder).unwrap_or(&path).display().to_string());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn refuses_texts_that_are_no_values_file() {
    refuses_file("empty_file", "");
    refuses_file("only_a_comment", "# nothing here\n");
    refuses_file("a_list", "- forguncy\n- redis\n");
    refuses_file("a_scalar", "forguncy\n");
    refuses_file("binary", [0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0xff, 0xfe, 0x80]);
    refuses_file("not_utf8", b"forguncy:\n  image:\n    tag: \"\xff\"\n");
    refuses_file("several_documents", "storage: {server: a}\n---\nstorage: {server: b}\n");
    refuses_file("gzip", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0]);
}

#[test]
fn refuses_broken_yaml() {
    refuses_file("tab", "forguncy:\n\tcontainerPort: 80\n");
    refuses_file("open_quote", "storage:\n  server: \"10.0.0.5\n  root: /a\n");
    refuses_file("open_bracket", "ingress:\n  hosts: [a.example.com\n  path: /\n");
    refuses_file("wrong_indent", "storage:\n  server: a\n root: /a\n");
    refuses_file("duplicate_key", "storage:\n  server: a\n  root: /a\n  server: b\n");
    refuses_file("duplicate_key_in_a_free_map", "forguncy:\n  affinity:\n    a: 1\n    \"a\": 2\n");
    refuses_file("key_that_is_no_string", "forguncy:\n  nodeSelector:\n    on: ssd\n");
    refuses_file("unknown_alias", "storage:\n  server: *nfs\n");
    refuses_file("unknown_tag", "storage:\n  server: !secret nfs\n");
}

#[test]
fn refuses_alias_bombs_and_endless_nesting() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for i in 1..12 {
        let parts = vec![format!("*a{}", i - 1); 9].join(", ");
        bomb.push_str(&format!("a{i}: &a{i} [{parts}]\n"));
    }
    refuses_file("alias_bomb", bomb);
    refuses_file("alias_in_itself", "forguncy:\n  affinity: &a\n    self: *a\n");
    refuses_file("ten_megabytes_of_lists", "[".repeat(10 << 20));
    // Below the limit on a file's size, nesting itself must be refused.
    refuses_file("nested_lists", "[".repeat(1_000_000));
    refuses_file("nested_maps", "{\"a\":".repeat(200_000));
    refuses_file("nested_sequences", "- ".repeat(500_000));
    let blocks: String = (0..1400).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    refuses_file("nested_blocks", blocks);
    refuses(
        "nested_json",
        INPUT,
        &[],
        &["render", "--set-json", &format!("forguncy.affinity={}", "[".repeat(60_000))],
    );
}

#[test]
fn refuses_values_of_the_wrong_type() {
    refuses_file("string_for_integer", "forguncy:\n  containerPort: \"80\"\n");
    refuses_file("boolean_for_string", "storage:\n  server: yes\n");
    refuses_file("float_for_string", "forguncy:\n  image:\n    tag: 1e3\n");
    refuses_file("string_for_boolean", "redis:\n  enabled: \"true\"\n");
    refuses_file("fraction_for_integer", "forguncy:\n  containerPort: 80.5\n");
    refuses_file("scalar_for_map", "forguncy:\n  image: fgclb/fgc:10.0.3.0\n");
    refuses_file("map_for_list", "forguncy:\n  extraEnv:\n    A: b\n");
    refuses_file("null_for_a_whole_section", "storage: null\n");
    refuses_file("null_inside_a_free_map", "forguncy:\n  affinity:\n    podAffinity: ~\n");
}

#[test]
fn refuses_values_out_of_range() {
    refuses_file("port_above_65535", "forguncy:\n  containerPort: 70000\n");
    refuses_file("node_port_outside_its_range", "forguncy:\n  service:\n    nodePort: 80\n");
    refuses_file("node_port_without_its_type", "redis:\n  service:\n    nodePort: 30001\n");
    refuses_file("unknown_choice", "storage:\n  type: nsf\n");
    refuses_file("bad_quantity", "storage:\n  shares:\n    logs:\n      size: 100GB\n");
    refuses_file("relative_root", "storage:\n  root: fgc-k8s-lbroot\n");
    refuses_file("integer_beyond_64_bits", "forguncy:\n  containerPort: 99999999999999999999\n");
    refuses_file("not_a_number", "forguncy:\n  affinity:\n    weight: .nan\n");
}

#[test]
fn refuses_unknown_keys_and_names_the_close_one() {
    let message = refuses_file("unknown_key", "forguncy:\n  servcie:\n    type: NodePort\n");
    assert!(message.contains("values.yaml:2:3") && message.contains("`service`"), "{message}");
    refuses_file("unknown_section", "forgunci: {}\nstroage: {}\n");
}

#[test]
fn tells_where_a_key_of_the_wrong_level_belongs() {
    refuses_file("replicas_at_the_root", "replicas: 3\n");
    refuses_file("replicas_of_forguncy", "forguncy:\n  replicas: 3\n");
    refuses_file("replicas_of_influx", "influx:\n  replicas: 2\n");
    refuses_file("node_port_at_the_wrong_level", "forguncy:\n  node_port: 32666\n");
    refuses_file("server_below_nfs", "storage:\n  nfs:\n    server: 10.0.0.5\n    path: /data\n");
    refuses_file("image_at_the_root", "image:\n  digest: \"\"\n  imagePullPolicy: Always\n");
    refuses_file("service_at_the_root", "service:\n  type: NodePort\n  nodePort: 32666\n");
    refuses_file("service_known_by_its_content", "service:\n  sessionAffinity: {enabled: true}\n");
    refuses_file("resources_at_the_root", "resources:\n  requests: {cpu: 1}\n");
    refuses_file("type_known_by_its_value", "type: hostPath\n");
    refuses_file("password_at_the_wrong_level", "redis:\n  password: hunter2-hunter2\n");
    refuses_file(
        "section_under_another_name",
        "app:\n  containerPort: 80\n  scaling: {mode: auto}\n",
    );
    refuses_file(
        "everything_one_level_too_deep",
        "forguncy-k8s-server:\n  storage:\n    server: nfs\n",
    );
    refuses_file("misspelt_and_misplaced", "redis:\n  cookiename: x\nstorageClasName: fast\n");
}

#[test]
fn knows_keys_however_they_are_written() {
    let keys = "node_port: 1\n    NodePort: 1\n    node-port: 1\n    nodeport: 1\n    ports: 1\n    tpye: x\n";
    refuses_file("ways_to_write_a_key", format!("forguncy:\n  service:\n    {keys}"));
    refuses_file("host_for_hosts", "ingress:\n  host: a.example.com\n");
    refuses_file("choice_in_small_letters", "forguncy:\n  service:\n    type: nodeport\n");
    refuses_file("key_of_an_item", "global:\n  imagePullSecrets:\n  - nmae: regcred\n");
    refuses_file(
        "misspelt_key_of_an_object",
        "extraObjects:\n- apiversion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n",
    );
}

#[test]
fn tells_where_each_key_of_the_vendors_chart_is_now() {
    let share = |name: &str, folder: &str| {
        format!("  {name}:\n    path: /fgc-k8s-lbroot/{folder}\n    server: 198.19.249.12\n")
    };
    let file = [
        "image:\n  repository: armdocker.hzgcloud.com/fgclb/fgc_k8s_arm\n  tag: 10.0.103.0\n"
            .to_owned(),
        "persistentVolume:\n  storage: \"100Gi\"\n".to_owned(),
        share("nfs_atach", "ForguncyAttach"),
        share("nfs_log", "ForguncyLogs"),
        share("nfs_restore", "ForguncyRestore"),
        share("nfs_site", "ForguncySites"),
        share("nfs_bin", "ForguncySitesBin"),
        "redis:\n  redis_password: hunter2-hunter2\n".to_owned(),
    ];
    let message = refuses_file("the_vendors_values", file.concat());
    assert!(!message.contains("hunter2"), "{message}");
    assert_eq!(message.matches("error: ").count(), 14, "{message}");
    refuses_file(
        "the_vendors_keys_with_other_values",
        "image: {repository: fgc, pullSecrets: [x]}\npersistentVolume:\n  storage: 1Ti\n  reclaim: x\n  nfs_attach: {path: files}\n",
    );
    refuses_file("the_vendors_section_without_keys", "persistentVolume: {}\nimage: a.com/fgc:10\n");
}

#[test]
fn tells_where_the_common_keys_of_other_charts_are() {
    refuses_file(
        "keys_of_other_charts",
        "replicaCount: 2\nimagePullSecrets: [{name: regcred}]\nnameOverride: x\nfullnameOverride: \"\"\n\
         autoscaling:\n  enabled: true\n  maxReplicas: 10\nlivenessProbe: {}\nserviceAccountName: x\n\
         persistence:\n  storageClass: fast\n  size: 8Gi\nenv: {A: b}\nTZ: Asia/Tokyo\n",
    );
    refuses_file(
        "ingress_of_other_charts",
        "ingress:\n  ingressClassName: nginx\n  hosts:\n  - host: a.example.com\n    paths: []\n",
    );
    refuses_file("text_for_an_image", "forguncy:\n  image: a.example.com/fgclb/fgc:10.0.3.0\n");
    refuses_file("boolean_for_a_section", "redis: false\n");
    refuses_file("text_for_a_pull_secret", "global:\n  imagePullSecrets: [regcred]\n");
}

#[test]
fn names_the_layer_that_brought_the_value() {
    let refuses_both = |name, a: &str, b: &str, more: &[&str]| {
        let files: &[(&str, &[u8])] = &[("a.yaml", a.as_bytes()), ("b.yaml", b.as_bytes())];
        let args = [&["render", "-f", "a.yaml", "-f", "b.yaml"], more].concat();
        refuses(name, INPUT, files, &args)
    };
    let port = |port: &str| format!("forguncy:\n  containerPort: {port}\n");
    let message =
        refuses_both("the_file_that_won", &port("0"), &format!("\n{}", port("70000")), &[]);
    assert!(message.contains("b.yaml:3:18") && !message.contains("a.yaml"), "{message}");
    refuses_both(
        "a_rule_broken_by_two_files",
        "storage:\n  type: hostPath\n",
        "forguncy:\n  scaling:\n    mode: fixed\n    replicas: 3\n",
        &[],
    );
    refuses_both(
        "a_rule_broken_by_a_file_and_an_argument",
        "redis:\n  service:\n    nodePort: 30001\n",
        "redis:\n  service:\n    type: NodePort\n",
        &["--set", "redis.enabled=true,redis.service.type=ClusterIP"],
    );
    refuses_both(
        "a_null_in_a_lower_file",
        "redis:\n  service:\n    port: null\n",
        "redis:\n  enabled: true\n",
        &[],
    );
    refuses_both(
        "problems_beside_an_unreadable_file",
        "redis:\n  enabled: 1\nstroage: {}\n",
        "a: [\n",
        &["--preset", "nsf", "--set", "forguncy.imgae.tag=x,storage.server"],
    );
    refuses_both(
        "problems_of_arguments",
        "{}",
        "{}",
        &["--set", "forguncy.scaling.mode=atuo,forguncy.scalin.replicas=3,replicas=3"],
    );
    refuses_both(
        "keys_of_other_charts_in_arguments",
        "{}",
        "{}",
        &["--set", "persistentVolume.nfs_bin.path=/data/bin", "--set-string", "image.tag=10.0.3.0"],
    );
}

#[test]
fn names_every_problem_at_once_in_a_stable_order() {
    let text =
        "redis:\n  enabled: 1\nforguncy:\n  containerPort: 0\n  imgae: {}\nstorage:\n  root: x\n";
    let message = refuses_file("several_problems", text);
    assert_eq!(message.matches("values.yaml:").count(), 4, "{message}");
    for _ in 0..5 {
        assert_eq!(refuses_file("several_problems", text), message);
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_move_no_position() {
    let text = "# 说明\nforguncy:\n  servcie: {}\n";
    let plain = refuses_file("position_in_a_plain_file", text);
    assert!(plain.contains("values.yaml:3:3"), "{plain}");
    assert_eq!(refuses_file("position_in_a_plain_file", format!("\u{feff}{text}")), plain);
    assert_eq!(refuses_file("position_in_a_plain_file", text.replace('\n', "\r\n")), plain);
}

#[test]
fn a_byte_order_mark_windows_line_ends_and_aliases_are_fine() {
    let plain = "storage:\n  server: nfs\nredis:\n  podAnnotations: {a: \"b\"}\ninflux:\n  podAnnotations: {a: \"b\"}\n";
    let aliased = "storage:\n  server: nfs\nredis:\n  podAnnotations: &x {a: \"b\"}\ninflux:\n  podAnnotations: *x\n";
    let render = |text: &str| {
        let folder = folder_of(&[("values.yaml", text.as_bytes())]);
        run(hzgchart().args(["render", "-f", "values.yaml"]).current_dir(folder.path())).success()
    };
    let expected = render(plain);
    assert_eq!(render(aliased), expected);
    assert_eq!(render(&plain.replace('\n', "\r\n")), expected);
    assert_eq!(render(&format!("\u{feff}{plain}")), expected);
}

#[test]
fn refuses_files_that_cannot_be_read() {
    refuses("missing_file", WORLD, &[], &["render", "-f", "values.yaml"]);
    let folder = tempdir().expect("the temporary folder is writable");
    fs::create_dir(folder.path().join("values.yaml")).expect("it is writable");
    let finished = run(hzgchart().args(["render", "-f", "values.yaml"]).current_dir(folder.path()));
    check_refusal("a_folder_for_a_file", WORLD, &finished, folder.path());
    refuses(
        "missing_chart_file",
        WORLD,
        &[],
        &["package", "--version", "1.0.0", "--chart", "mine.yaml"],
    );
}

#[test]
fn refuses_a_file_for_one_value_that_cannot_be_read() {
    let args = ["render", "--set-file", "redis.auth.password=secret.txt"];
    refuses("missing_set_file", WORLD, &[], &args);
}

#[test]
fn refuses_standard_input_with_its_own_name() {
    let mut command = hzgchart();
    command.args(["render", "-f", "-"]);
    let finished = run_with_input(&mut command, b"storage:\n  servre: a\n");
    check_refusal("standard_input", INPUT, &finished, Path::new("no folder"));
}

#[test]
fn refuses_bad_arguments() {
    let refuses = |name, args: &[&str]| refuses(name, INPUT, &[], args);
    refuses("unknown_preset", &["render", "--preset", "nsf"]);
    refuses("unknown_command", &["rendre"]);
    refuses("unknown_option", &["render", "--nmae", "x"]);
    refuses("set_without_a_value", &["render", "--set", "storage.server"]);
    refuses("set_of_an_unknown_key", &["render", "--set", "storage.sever=a"]);
    refuses("set_of_a_wrong_type", &["render", "--set", "forguncy.containerPort=http"]);
    refuses("set_string_for_an_integer", &["render", "--set-string", "forguncy.containerPort=80"]);
    refuses("set_json_that_is_no_json", &["render", "--set-json", "forguncy.affinity={a"]);
    refuses("set_with_a_bad_index", &["render", "--set", "ingress.hosts[x]=a"]);
    refuses("release_that_starts_with_a_digit", &["render", "--preset", "nfs", "--name", "1a"]);
    refuses("release_with_a_dot", &["render", "--preset", "nfs", "--name", "a.b"]);
    refuses("release_in_capitals", &["render", "--preset", "nfs", "--name", "Shop"]);
    refuses("release_that_is_too_long", &["render", "--preset", "nfs", "--name", &"a".repeat(53)]);
    refuses("empty_release", &["render", "--preset", "nfs", "--name", ""]);
    refuses("bad_namespace", &["render", "--preset", "nfs", "-n", "My_NS"]);
    refuses("bad_chart_version", &["package", "--version", "latest"]);
    refuses("tag_that_is_no_version", &["package", "--set", "forguncy.image.tag=latest"]);
    refuses(
        "unknown_file_to_show",
        &["render", "--preset", "single-node", "--show-only", "templates/deployment.yaml"],
    );
    refuses(
        "files_to_show",
        &["render", "--preset", "single-node", "-s", "pvs.yaml", "-s", "templates/hpa-fgc.yaml"],
    );
}

#[test]
fn helps_about_a_verb_in_both_ways() {
    let help = run(hzgchart().args(["help", "render"])).success();
    assert!(
        help.contains("--show-only")
            && help == run(hzgchart().args(["render", "--help"])).success()
    );
}

#[test]
fn refuses_a_chart_file_that_is_wrong() {
    let file = b"name: forguncy\nversion: one\nmaintainer: me\n";
    refuses("chart_file", INPUT, &[("mine.yaml", file)], &["package", "--chart", "mine.yaml"]);
    let folder = folder_of(&[("mine.yaml", file)]);
    let args = ["package", "--chart", "mine.yaml", "--set", "storage.sever=a"];
    let finished =
        run(hzgchart().args(args).env("SOURCE_DATE_EPOCH", "yesterday").current_dir(folder.path()));
    check_refusal("chart_file_and_values_and_time", INPUT, &finished, folder.path());
}

#[test]
fn never_shows_a_secret() {
    let secret = "hunter2-hunter2";
    let file = |body: &str| format!("redis:\n  auth:\n    enabled: true\n    {body}\n");
    for (name, body) in [
        ("secret_in_a_list", format!("password: [{secret}]")),
        ("secret_in_a_map", format!("password: {{ value: {secret} }}")),
        ("secret_twice", format!("password: {secret}\n    password: {secret}")),
        ("secret_under_a_misspelt_key", format!("pasword: {secret}")),
        ("secret_with_an_open_quote", format!("password: \"{secret}")),
    ] {
        let message = refuses_file(name, file(&body));
        assert!(!message.contains("hunter2"), "{name}: {message}");
    }
    for (name, text) in [
        ("secret_under_an_unknown_key", format!("redis:\n  passwd: {secret}\n")),
        ("unknown_key_with_a_value", format!("redis:\n  pin: {secret}\n")),
        ("broken_line_below_auth", format!("redis:\n  auth:\n    enabled: \"{secret}\n")),
        ("secret_with_a_tab", format!("forguncy:\n  api_key: |\n    a\n\t{secret}\n")),
        ("secret_that_looks_like_a_tag", format!("redis:\n  passphrase: !{secret} x\n")),
        (
            "secret_in_an_environment",
            format!("forguncy:\n  extraEnv:\n  - name: DB_PASSWORD\n    value: [~, {secret}]\n"),
        ),
    ] {
        let message = refuses_file(name, text);
        assert!(!message.contains("hunter2"), "{name}: {message}");
    }
    let chart = format!("name: forguncy\npassword: {secret}\n");
    let args = ["package", "--chart", "mine.yaml"];
    let message =
        refuses("secret_in_a_chart_file", INPUT, &[("mine.yaml", chart.as_bytes())], &args);
    assert!(!message.contains("hunter2"), "{message}");
    for (name, argument) in [
        ("secret_argument_of_an_unknown_key", format!("redis.passwd={secret}")),
        ("secret_argument_with_a_comma", format!("redis.auth.password=a,{secret}=b")),
        ("secret_argument_of_the_wrong_shape", format!("redis.auth.password[0]={secret}")),
        ("secret_argument_that_is_a_number", "redis.auth.password=20202020".to_owned()),
    ] {
        let message = refuses(name, INPUT, &[], &["render", "--preset", "nfs", "--set", &argument]);
        assert!(!message.contains("hunter2") && !message.contains("20202020"), "{name}: {message}");
    }
}

#[test]
fn an_object_that_is_a_secret_is_never_shown() {
    let object =
        |body: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: db}}\n{body}");
    for (body, line) in [
        ("data:\n  connection: hunter2-in-plain!\n", 5),
        ("data: {connection: hunter2-in-plain!}\n", 4),
        ("stringData:\n  connection: 20202020\n", 5),
        ("stringData:\n  connection: hunter2\n  connection: hunter2\n", 6),
        ("stringData:\n  connection: a: hunter2\n", 5),
        ("stringData:\n  connection: [20202020, 99999999999999999999]\n", 5),
        ("stringData:\n  connection: !hunter2 a\n", 5),
    ] {
        let object = object(body);
        let item = object.trim_end().replace('\n', "\n    ");
        let values = format!("storage: {{server: a}}\nextraObjects:\n  - {item}\n");
        let folder = folder_of(&[("values.yaml", values.as_bytes())]);
        let check = |args: &[&str], input: &str, line: u32| {
            let mut command = hzgchart();
            command.args(args).current_dir(folder.path());
            let finished = run_with_input(&mut command, input.as_bytes());
            assert!(matches!(finished.code, Some(1 | 2)), "{args:?} {finished:?}");
            let told = finished.stdout + &finished.stderr;
            assert!(!told.contains("hunter2") && !told.contains("20202020"), "{args:?} {told}");
            let is_placed = args.contains(&"github") || told.contains(&line.to_string());
            assert!(is_placed, "{args:?} {body} {told}");
        };
        for format in ["text", "json", "sarif", "junit", "github"] {
            let file = ["validate", "-f", "values.yaml", "--preset", "nfs", "--format", format];
            check(&file, "", line + 2);
            check(&["validate", "-", "--format", format], &object, line);
        }
        check(&["render", "-f", "values.yaml", "--preset", "nfs"], "", line + 2);
    }
}

/// Every way to write files, with the destination at the end.
const WRITERS: [&[&str]; 4] = [
    &["package", "--preset", "single-node", "--version", "1.0.0", "--format", "tgz", "-d"],
    &["package", "--preset", "single-node", "--version", "1.0.0", "--format", "zip", "-d"],
    &["package", "--preset", "single-node", "--version", "1.0.0", "--format", "dir", "-d"],
    &["render", "--preset", "single-node", "-o"],
];

#[test]
fn a_file_in_the_way_of_the_destination_is_left_alone() {
    for (i, writer) in WRITERS.iter().enumerate() {
        let args = [writer, &["taken/out"][..]].concat();
        refuses(&format!("file_in_the_way_{i}"), WORLD, &[("taken", b"mine")], &args);
    }
}

#[test]
fn a_read_only_destination_is_an_error() {
    for (i, writer) in WRITERS.iter().enumerate() {
        let folder = tempdir().expect("the temporary folder is writable");
        let destination = folder.path().join("out");
        fs::create_dir(&destination).expect("it is writable");
        let mut command = unprivileged(folder.path());
        for path in [&destination, folder.path()] {
            fs::set_permissions(path, Permissions::from_mode(0o555)).expect("the folder is ours");
        }
        let finished = run(command.args(*writer).arg("out").current_dir(folder.path()));
        check_refusal(&format!("read_only_destination_{i}"), WORLD, &finished, folder.path());
        assert_eq!(listing(&destination), Vec::<String>::new());
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755))
            .expect("the folder is ours");
    }
}

/// A command that permissions apply to: root may write everywhere, so it runs as nobody, from a
/// place that nobody can reach.
fn unprivileged(folder: &Path) -> Command {
    let is_root = fs::metadata(folder).expect("the folder is readable").uid() == 0;
    if !is_root {
        return hzgchart();
    }
    let program = folder.join("hzgchart");
    // By a process of its own: a child that another test starts meanwhile would inherit the open copy, and a program that
    // is open for writing cannot be run.
    let copied = run(command("cp").arg(env!("CARGO_BIN_EXE_hzgchart")).arg(&program));
    assert!(copied.ok(), "{copied:?}");
    let mut command = command(program);
    command.uid(65_534).gid(65_534);
    command
}

#[test]
fn a_full_destination_is_left_as_it_was() {
    for (i, writer) in WRITERS.iter().enumerate() {
        let folder = tempdir().expect("the temporary folder is writable");
        // No file may grow beyond 512 or 1,024 bytes; without the signal, the write itself fails.
        let finished = run(command("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""])
            .arg(env!("CARGO_BIN_EXE_hzgchart"))
            .args(*writer)
            .arg("out")
            .current_dir(folder.path()));
        check_refusal(&format!("full_destination_{i}"), WORLD, &finished, folder.path());
        assert_eq!(listing(folder.path()), Vec::<String>::new());
    }
}

#[test]
fn a_failed_package_leaves_the_older_one_as_it_was() {
    let folder = tempdir().expect("the temporary folder is writable");
    let mut package = hzgchart();
    let stdout = run(package.args(WRITERS[0]).arg(folder.path())).success();
    let path = Path::new(stdout.lines().next().unwrap_or_default()).to_owned();
    let before = fs::read(&path).expect("the package is there");
    let failed = run(command("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_hzgchart"))
        .args(WRITERS[0])
        .arg(folder.path())
        .args(["--set", "forguncy.containerPort=8080"]));
    assert_eq!(failed.code, Some(WORLD), "{}", failed.stderr);
    assert!(fs::read(&path).expect("the package is there") == before);
    assert_eq!(listing(folder.path()).len(), 1);
}

#[test]
fn a_full_standard_output_is_an_error() {
    let full = File::options().write(true).open("/dev/full").expect("Linux has it");
    let mut command = hzgchart();
    let child = command
        .args(["render", "--preset", "single-node"])
        .stdout(full)
        .stderr(std::process::Stdio::piped());
    let output = child.spawn().and_then(|child| child.wait_with_output()).expect("hzgchart runs");
    let finished = Finished {
        code: output.status.code(),
        stdout: String::new(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    check_refusal("full_standard_output", WORLD, &finished, Path::new("no folder"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    for args in [
        &["render", "--preset", "single-node"][..],
        &["schema"],
        &["presets", "nfs"],
        &["completions", "bash"],
        &["man"],
    ] {
        let (reader, writer) = std::io::pipe().expect("the system has pipes");
        drop(reader);
        let mut command = hzgchart();
        let child = command.args(args).stdout(writer).stderr(std::process::Stdio::piped()).spawn();
        let output = child.and_then(|child| child.wait_with_output()).expect("hzgchart runs");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}
