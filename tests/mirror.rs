//! `hzgchart images` names what the pods of a configuration use, and its scripts call docker, nerdctl and skopeo as they should:
//! the programs are stand-ins that write down their arguments.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value as Json;

use crate::harness::compositions;
use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::{Object, from_render, rendered};
use crate::harness::process::run;
use crate::harness::record::Record;

const REGISTRY: &str = "harbor.example.com:5000/hzg";

fn images(args: &[&str]) -> String {
    run(hzgchart().arg("images").args(args)).success()
}

/// Every string at a key `image`, and every `image.reference`, of anything that is no ConfigMap or Secret.
fn named(objects: &[Object]) -> BTreeSet<String> {
    fn walk(json: &Json, found: &mut BTreeSet<String>) {
        match json {
            Json::Object(map) => {
                for (key, value) in map {
                    match value {
                        Json::String(image) if key == "image" => {
                            found.insert(image.clone());
                        }
                        Json::Object(volume) if key == "image" => {
                            found.extend(volume["reference"].as_str().map(str::to_owned));
                        }
                        _ => walk(value, found),
                    }
                }
            }
            Json::Array(items) => items.iter().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    objects.iter().for_each(|object| walk(&object.json, &mut found));
    found
}

#[test]
fn the_list_is_what_the_rendered_pods_name() {
    for (input, objects) in rendered() {
        let text = run(hzgchart().args(["images", "--format", "json"]).args(&input)).success();
        let list: Json = serde_json::from_str(&text).expect("it is JSON");
        let pulled: BTreeSet<String> = list["images"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|image| image["pulledAs"].as_str().expect("a name").to_owned())
            .collect();
        assert_eq!(pulled, named(&objects), "{input:?}");
    }
}

#[test]
fn the_script_serves_every_image_that_the_values_ask_the_registry_for() {
    let record = Record::of(&["docker"]);
    for given in compositions() {
        let script = run(hzgchart().args(["images", "--mirror", REGISTRY]).args(&given)).success();
        run(&mut record.shell("sh", &script, &[])).success();
        let calls = record.calls();
        let pushed: BTreeSet<String> = calls
            .iter()
            .filter_map(|call| call.strip_prefix("docker <push> <")?.strip_suffix('>'))
            .map(str::to_owned)
            .collect();
        let set = format!("global.imageRegistry={REGISTRY}");
        let text = run(hzgchart().arg("render").args(&given).args(["--set", &set])).success();
        let objects = from_render(&text).unwrap_or_else(|e| panic!("{given:?}: {e}"));
        assert_eq!(pushed, named(&objects), "{given:?}");
        assert!(
            calls.iter().any(|call| call.starts_with("docker <pull> <docker.io/")),
            "{calls:?}"
        );
    }
}

#[test]
fn the_names_are_the_publishers_whatever_the_registry_is() {
    let own = images(&[]);
    assert_eq!(own.lines().count(), 4, "{own}");
    assert_eq!(images(&["--preset", "offline"]), own);
    assert_eq!(images(&["--set", "global.imageRegistry=r.example.com"]), own);
}

#[test]
fn a_platform_leaves_out_what_cannot_run_on_it_and_says_so() {
    let finished = run(hzgchart().args(["images", "--platform", "linux/amd64"]));
    assert_eq!(
        finished.stderr,
        "left out `armdocker.hzgcloud.com/fgclb/fgc_k8s_arm:10.0.103.0`: it is for linux/arm64 alone\n"
    );
    assert_eq!(finished.success().lines().count(), 3);
    assert_eq!(images(&["--platform", "linux/arm64"]).lines().count(), 4);
    // The preset keeps all pods of the chart on arm64 nodes; the test pod may run anywhere.
    let left = images(&["--preset", "arm64", "--platform", "linux/amd64"]);
    assert_eq!(left, "docker.io/library/busybox:1.37.0\n");
}

#[test]
fn docker_pulls_tags_and_pushes() {
    let record = Record::of(&["docker"]);
    let script =
        images(&["--mirror", REGISTRY, "--set", "influx.enabled=false,tests.enabled=false"]);
    let expected = [
        "docker <pull> <--platform> <linux/arm64> <armdocker.hzgcloud.com/fgclb/fgc_k8s_arm:10.0.103.0>",
        "docker <tag> <armdocker.hzgcloud.com/fgclb/fgc_k8s_arm:10.0.103.0> <harbor.example.com:5000/hzg/fgclb/fgc_k8s_arm:10.0.103.0>",
        "docker <push> <harbor.example.com:5000/hzg/fgclb/fgc_k8s_arm:10.0.103.0>",
        "docker <pull> <docker.io/library/redis:7.4.2-alpine>",
        "docker <tag> <docker.io/library/redis:7.4.2-alpine> <harbor.example.com:5000/hzg/library/redis:7.4.2-alpine>",
        "docker <push> <harbor.example.com:5000/hzg/library/redis:7.4.2-alpine>",
    ];
    for shell in ["sh", "bash"] {
        run(&mut record.shell(shell, &script, &[])).success();
        assert_eq!(record.calls(), expected);
    }
    run(&mut record.shell("sh", &script, &["save", "a folder"])).success();
    let saved = record.calls();
    assert_eq!(
        saved[5],
        "docker <save> <-o> <a folder/2-library-redis.tar> <harbor.example.com:5000/hzg/library/redis:7.4.2-alpine>"
    );
    assert!(!saved.iter().any(|call| call.contains("<push>")), "{saved:?}");
    run(&mut record.shell("sh", &script, &["load", "a folder"])).success();
    let loaded = record.calls();
    assert_eq!(loaded[2], "docker <load> <-i> <a folder/2-library-redis.tar>");
    assert_eq!(loaded[3], expected[5]);
    assert!(!loaded.iter().any(|call| call.contains("<pull>")), "{loaded:?}");
}

#[test]
fn nerdctl_takes_all_platforms() {
    let record = Record::of(&["nerdctl"]);
    let only_redis = ["--set", "influx.enabled=false,tests.enabled=false"];
    let script = images(&[&["--mirror", REGISTRY, "--tool", "nerdctl"], &only_redis[..]].concat());
    run(&mut record.shell("sh", &script, &[])).success();
    assert_eq!(
        record.calls()[3..],
        [
            "nerdctl <pull> <--all-platforms> <docker.io/library/redis:7.4.2-alpine>",
            "nerdctl <tag> <docker.io/library/redis:7.4.2-alpine> <harbor.example.com:5000/hzg/library/redis:7.4.2-alpine>",
            "nerdctl <push> <--all-platforms> <harbor.example.com:5000/hzg/library/redis:7.4.2-alpine>",
        ]
    );
    run(&mut record.shell("sh", &script, &["load", "f"])).success();
    assert_eq!(
        record.calls()[0],
        "nerdctl <load> <--platform> <linux/arm64> <-i> <f/1-fgclb-fgc_k8s_arm.tar>"
    );
}

#[test]
fn skopeo_copies_all_platforms_and_keeps_digests() {
    let record = Record::of(&["skopeo"]);
    let digest = format!("sha256:{}", "0a".repeat(32));
    let set = format!(
        "influx.enabled=false,tests.enabled=false,redis.image.tag=,redis.image.digest={digest}"
    );
    let script = images(&["--mirror", REGISTRY, "--tool", "skopeo", "--set", &set]);
    run(&mut record.shell("sh", &script, &[])).success();
    assert_eq!(
        record.calls(),
        [
            "skopeo <--override-os> <linux> <--override-arch> <arm64> <copy> <--preserve-digests> \
             <docker://armdocker.hzgcloud.com/fgclb/fgc_k8s_arm:10.0.103.0> <docker://harbor.example.com:5000/hzg/fgclb/fgc_k8s_arm:10.0.103.0>"
                .to_owned(),
            format!(
                "skopeo <copy> <--all> <--preserve-digests> <docker://docker.io/library/redis@{digest}> \
                 <docker://harbor.example.com:5000/hzg/library/redis@{digest}>"
            ),
        ]
    );
    run(&mut record.shell("sh", &script, &["save", "f"])).success();
    assert!(record.calls()[1].ends_with(" <dir:f/2-library-redis>"));
    run(&mut record.shell("sh", &script, &["load", "f"])).success();
    assert!(
        record.calls()[1]
            .starts_with("skopeo <copy> <--all> <--preserve-digests> <dir:f/2-library-redis> ")
    );
}

#[test]
fn docker_stops_when_a_pinned_image_got_another_digest() {
    let record = Record::of(&["docker"]);
    let digest = format!("sha256:{}", "0a".repeat(32));
    let script = images(&["--mirror", REGISTRY, "--set", &format!("redis.image.digest={digest}")]);
    run(&mut record.shell("sh", &script, &[])).success();
    let looked = format!("docker <pull> <harbor.example.com:5000/hzg/library/redis@{digest}>");
    assert!(record.calls().contains(&looked));
    record.answer("docker", "case \"$*\" in 'pull harbor'*@*) exit 1 ;; esac\n");
    let finished = run(&mut record.shell("sh", &script, &[]));
    assert_eq!(finished.code, Some(1));
    assert_eq!(
        finished.stderr,
        format!(
            "mirror: docker gave the copy of docker.io/library/redis@{digest} another digest: copy it with skopeo\n"
        )
    );
}

#[test]
fn a_script_stops_at_the_first_failure_and_at_wrong_arguments() {
    let record = Record::of(&["docker"]);
    let script = images(&["--mirror", REGISTRY]);
    for (args, message) in [
        (&["save"][..], "mirror: save needs a folder: sh mirror.sh save FOLDER\n"),
        (&["--help"], "mirror: expected nothing, save FOLDER or load FOLDER, and found --help\n"),
    ] {
        let finished = run(&mut record.shell("sh", &script, args));
        assert_eq!((finished.code, finished.stderr.as_str()), (Some(1), message));
    }
    record.answer("docker", "exit 1\n");
    assert_eq!(run(&mut record.shell("sh", &script, &[])).code, Some(1));
    assert_eq!(record.calls().len(), 1);
}

#[test]
fn every_script_is_one_for_a_posix_shell() {
    let record = Record::of(&[]);
    for tool in ["docker", "nerdctl", "skopeo"] {
        for platform in ["linux/amd64", "linux/arm64"] {
            let script = images(&["--mirror", REGISTRY, "--tool", tool, "--platform", platform]);
            fs::write(record.path().join("mirror.sh"), script).expect("it is writable");
            for shell in ["sh", "bash"] {
                let check = format!("{shell} -n mirror.sh");
                run(&mut record.shell(shell, &check, &[])).success();
            }
        }
    }
}

#[test]
fn refuses_names_that_a_shell_could_take_for_something_else() {
    let file = tempfile::NamedTempFile::new().expect("the temporary folder is writable");
    for bad in ["$(touch x)", "';reboot;'", "a\nb", "--all", "a b", "`id`"] {
        let values =
            serde_json::json!({"forguncy": {"initContainers": [{"name": "i", "image": bad}]}});
        fs::write(&file, values.to_string()).expect("it is writable");
        let finished =
            run(hzgchart().args(["images", "--mirror", REGISTRY, "-f"]).arg(file.path()));
        assert_eq!((finished.code, finished.stdout.as_str()), (Some(2), ""), "{bad:?}");
        assert!(finished.stderr.contains("is no name of an image"), "{}", finished.stderr);
        let set = format!("redis.image.repository={bad}");
        for (registry, set) in [(bad, "redis.enabled=true"), (REGISTRY, &set)] {
            let mirror = format!("--mirror={registry}");
            let finished = run(hzgchart().args(["images", &mirror, "--set", set]));
            assert_eq!((finished.code, finished.stdout.as_str()), (Some(2), ""), "{bad:?}");
        }
    }
}
