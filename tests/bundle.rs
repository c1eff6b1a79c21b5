//! `hzgchart bundle`: what is in the zip, that it is the same everywhere, that its guide can be followed to the letter, and that its
//! scripts do what the guide says. The programs that copy images are stand-ins; Helm, `sha256sum`, `tar` and the shells are real.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};
use tempfile::{TempDir, tempdir};
use zip::ZipArchive;

use hzgchart::archive::sha256_hex;

use crate::harness::helm::Helm;
use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::from_render;
use crate::harness::process::{Finished, command, run};
use crate::harness::python::Python;
use crate::harness::record::Record;
use crate::harness::{cluster, compositions, presets, project};

const REGISTRY: &str = "registry.intranet.net/hzg";

/// Arguments for one preset, with all that it leaves open.
fn closed(preset: &str) -> Vec<String> {
    let one = |arguments: &Vec<String>| {
        arguments.iter().filter(|argument| *argument == "--preset").count() == 1
            && arguments.contains(&preset.to_owned())
    };
    compositions().into_iter().find(one).expect("each preset is there alone")
}

/// Configurations whose guides differ in all that guides can differ in, with their names.
fn configurations() -> Vec<(&'static str, Vec<String>)> {
    let values = |text: &[&str]| text.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let digest = format!("redis.image.digest=sha256:{}", "0a".repeat(32));
    vec![
        (
            "work",
            values(&[
                "--preset=nfs",
                "--preset=production",
                "--preset=offline",
                "--name=shop",
                "-n=prod",
                "--set=storage.server=10.0.0.5",
                "--clients=10.0.0.0/24",
            ]),
        ),
        (
            "learning",
            values(&[
                "--preset=single-node",
                "--tool=skopeo",
                "--set=forguncy.image.repository=fgclb/fgc,influx.enabled=false",
            ]),
        ),
        (
            "cloud",
            values(&[
                "--preset=cloud",
                "--tool=nerdctl",
                "--name=shop",
                "-n=prod",
                "--platform=linux/arm64",
                "--platform=linux/amd64",
                "--set=storage.storageClassName=files,redis.persistence.storageClassName=disks,influx.persistence.storageClassName=disks",
                "--set=redis.auth.enabled=true,forguncy.service.type=ClusterIP,forguncy.service.externalTrafficPolicy=,forguncy.scaling.mode=auto,storage.keepOnUninstall=false",
                "--set=ingress.enabled=true,ingress.hosts={hzg.example.com,*.apps.example.com},ingress.tls[0].secretName=hzg-tls,ingress.tls[0].hosts={hzg.example.com}",
                "--set=forguncy.extraEnv[0].name=DB_PASSWORD,forguncy.extraEnv[0].value=hunter2,tests.enabled=false",
                "--set",
                &digest,
                "--set=forguncy.initContainers[0].name=i,forguncy.initContainers[0].image=quay.io/fonts/fonts:1.0",
            ]),
        ),
        (
            "mixed",
            values(&[
                "--preset=nfs",
                "--set=storage.server=10.0.0.5,storage.shares.logs.server=fd00::6,storage.shares.attach.existingClaim=mine",
                "--set=redis.enabled=false,forguncy.service.nodePort=0,forguncy.scaling.mode=fixed",
            ]),
        ),
        (
            "mounted",
            values(&[
                "--set=storage.type=hostPath,storage.sharedMount=true,forguncy.service.type=LoadBalancer",
                "--export=10.0.0.5:/x",
                "--set-literal=storage.root=/srv/it's `x` | ``` $(touch bad) 活",
            ]),
        ),
        ("forwarded", values(&["--set=storage.server=10.0.0.5,forguncy.service.type=ClusterIP"])),
    ]
}

/// A bundle, unpacked.
struct Unpacked {
    _place: TempDir,
    folder: PathBuf,
    files: BTreeMap<String, u32>,
}

impl Unpacked {
    fn of(args: &[String]) -> Self {
        let place = tempdir().expect("the temporary folder is writable");
        let finished = bundle(place.path(), args, &["--registry", REGISTRY]);
        let printed = finished.success();
        let path = printed.lines().next().expect("it prints the path");
        let mut zip = ZipArchive::new(File::open(path).expect("it is there")).expect("it is a zip");
        // A folder whose name needs quotes.
        let target = place.path().join("at the site's");
        let mut files = BTreeMap::new();
        let mut top = String::new();
        for at in 0..zip.len() {
            let entry = zip.by_index(at).expect("the zip is whole");
            let name = entry.name().expect("it is UTF-8").into_owned();
            let (folder, path) = name.split_once('/').expect("all is in one folder");
            top = folder.to_owned();
            files.insert(path.to_owned(), entry.unix_mode().expect("it has one") & 0o7777);
        }
        zip.extract(&target).expect("the temporary folder is writable");
        assert_eq!(Path::new(path).file_stem().and_then(|stem| stem.to_str()), Some(top.as_str()));
        Self { folder: target.join(top), _place: place, files }
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.folder.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// The blocks of a guide in a language, one after the other.
    fn blocks(&self, guide: &str) -> Vec<String> {
        let text = self.text(guide);
        let mut blocks = Vec::new();
        let mut open: Option<(usize, String)> = None;
        for line in text.lines() {
            let ticks = line.len() - line.trim_start_matches('`').len();
            open = match open {
                None if ticks >= 3 => Some((ticks, String::new())),
                None => None,
                Some((fence, block)) if ticks >= fence && line.len() == ticks => {
                    blocks.push(block);
                    None
                }
                Some((fence, block)) => Some((fence, format!("{block}{line}\n"))),
            };
        }
        assert!(open.is_none(), "a block of {guide} has no end");
        blocks
    }

    /// The lines of the guide that begin with some words.
    fn commands(&self, start: &str) -> Vec<String> {
        let blocks = self.blocks("INSTALL.md").concat();
        blocks.lines().filter(|line| line.starts_with(start)).map(str::to_owned).collect()
    }
}

fn bundle(folder: &Path, args: &[String], more: &[&str]) -> Finished {
    run(hzgchart().arg("bundle").args(more).args(args).arg("-d").arg(folder))
}

#[test]
fn a_bundle_holds_what_its_configuration_needs() {
    let mut listing = String::new();
    for preset in presets() {
        let unpacked = Unpacked::of(&closed(&preset));
        listing += &format!("{preset}\n");
        for (path, mode) in &unpacked.files {
            listing += &format!("  {mode:o} {path}\n");
        }
    }
    insta::assert_snapshot!("contents", listing);
}

#[test]
fn every_composition_of_presets_makes_one_and_its_checksums_hold() {
    for args in compositions() {
        let unpacked = Unpacked::of(&args);
        let checked =
            run(command("sha256sum").args(["-c", "SHA256SUMS"]).current_dir(&unpacked.folder));
        let summed = checked.success().lines().count();
        // All but the list itself.
        assert_eq!(summed + 1, unpacked.files.len(), "{args:?}");
        for (path, mode) in &unpacked.files {
            assert_eq!(*mode, if path.ends_with(".sh") { 0o755 } else { 0o644 }, "{path}");
        }
    }
}

#[test]
fn a_bundle_is_the_same_in_another_folder_umask_time_zone_and_language() {
    let made = |umask: &str, environment: &[(&str, &str)], folder: &str| {
        let place = tempdir().expect("the temporary folder is writable");
        let here = place.path().join(folder);
        fs::create_dir_all(&here).expect("it is writable");
        fs::write(here.join("mine.yaml"), "storage: {server: 10.0.0.5}\n").expect("it is writable");
        let script = format!("umask {umask}; exec \"$0\" \"$@\"");
        let mut command = command("sh");
        command.args(["-c", &script]).arg(env!("CARGO_BIN_EXE_hzgchart"));
        command.args(["bundle", "-f", "mine.yaml", "--registry", REGISTRY, "-d", "out"]);
        let printed = run(command.envs(environment.iter().copied()).current_dir(&here)).success();
        let path = here.join(printed.lines().next().expect("it prints the path"));
        let mode = fs::metadata(&path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode, if umask == "077" { 0o600 } else { 0o644 }, "it may hold passwords");
        (fs::read(path).expect("it is readable"), printed)
    };
    let one = made("022", &[("TZ", "UTC")], "a");
    let other = made("077", &[("TZ", "Asia/Shanghai"), ("LC_ALL", "zh_CN.UTF-8")], "b/c d");
    assert!(one == other, "{} {}", one.1, other.1);
    let dated = |zone| made("022", &[("SOURCE_DATE_EPOCH", "1700000000"), ("TZ", zone)], "a").0;
    assert!(dated("UTC") == dated("Asia/Shanghai") && dated("UTC") != one.0);
}

#[test]
fn the_guides_read_well() {
    for (name, args) in configurations() {
        let unpacked = Unpacked::of(&args);
        for guide in ["INSTALL.md", "INSTALL.zh-CN.md"] {
            let text = unpacked.text(guide);
            assert!(!text.contains("\n\n\n") && !text.contains("<!--"), "{name}: {text}");
            assert!(!text.contains("hunter2"), "{name}: {text}");
            insta::assert_snapshot!(format!("{name}-{guide}"), text);
        }
        assert_eq!(unpacked.blocks("INSTALL.md"), unpacked.blocks("INSTALL.zh-CN.md"));
    }
}

/// Words that are names of files, of a text.
fn named_files(text: &str) -> BTreeSet<String> {
    let endings =
        [".sh", ".txt", ".json", ".tgz", ".yaml", ".md", ".tar", "SHA256SUMS", "-password"];
    let is_end = |c: char| c.is_whitespace() || "`'\"()|,，、。：>=".contains(c);
    text.split(is_end)
        .filter(|word| endings.iter().any(|ending| word.ends_with(ending)))
        .map(|word| word.trim_start_matches("./").to_owned())
        .collect()
}

#[test]
fn the_guides_name_every_file_of_the_zip_and_no_other() {
    for (name, args) in configurations() {
        let unpacked = Unpacked::of(&args);
        let tars = ["arm64", "amd64", "all"].map(|set| format!("images-{set}.tar"));
        for guide in ["INSTALL.md", "INSTALL.zh-CN.md"] {
            let named = named_files(&unpacked.text(guide));
            for file in &named {
                // What the steps make, and what the machine has.
                let is_made = tars.contains(file)
                    || ["redis-password", "$HOME/.docker/config.json"].contains(&file.as_str());
                assert!(
                    unpacked.files.contains_key(file) || is_made,
                    "{name}: {guide} names {file}"
                );
            }
            for file in unpacked.files.keys().filter(|file| *file != guide) {
                assert!(named.contains(file), "{name}: {guide} does not name {file}");
            }
            assert_eq!(named.iter().filter(|file| tars.contains(file)).count(), 1, "{name}");
        }
    }
}

/// A folder with the one Helm, by the name that the guide calls it.
fn helm_folder(major: Helm) -> TempDir {
    let folder = tempdir().expect("the temporary folder is writable");
    let program = PathBuf::from(major.command().get_program());
    symlink(program, folder.path().join("helm")).expect("it is writable");
    folder
}

/// A command of the guide's, in the bundle's folder.
fn follow(unpacked: &Unpacked, helm: &TempDir, line: &str) -> Command {
    let path = std::env::var("PATH").expect("the tests' PATH is text");
    let mut command = command("sh");
    command.args(["-c", line]).current_dir(&unpacked.folder);
    command.env("PATH", format!("{}:{path}", helm.path().display()));
    command
}

#[test]
fn both_helms_follow_the_guide() {
    for (name, args) in configurations() {
        let unpacked = Unpacked::of(&args);
        fs::write(unpacked.folder.join("redis-password"), "correct horse").expect("it is ours");
        let chart = unpacked.files.keys().find(|path| path.ends_with(".tgz")).expect("a chart");
        let plain = |arg: &String| {
            !arg.starts_with("--tool")
                && !arg.starts_with("--cl")
                && !arg.starts_with("--platform")
                && !arg.starts_with("--export")
        };
        let mut render = hzgchart();
        render.arg("render").args(args.iter().filter(|arg| plain(arg)));
        render.arg("--set").arg(format!("global.imageRegistry={REGISTRY}"));
        render.arg("--set-file").arg(format!(
            "redis.auth.password={}",
            unpacked.folder.join("redis-password").display()
        ));
        let rendered = run(render.arg("--no-validate")).success();
        let objects = from_render(&rendered).expect("it is YAML");
        let names: BTreeSet<String> =
            objects.iter().map(|object| object.identity.name.clone()).collect();
        for major in Helm::BOTH {
            let helm = helm_folder(major);
            run(&mut follow(
                &unpacked,
                &helm,
                &format!(
                    "helm lint --strict ./{chart} --set-file redis.auth.password=redis-password"
                ),
            ))
            .success();
            let [template] = &unpacked.commands("helm template ")[..] else { panic!("{name}") };
            let printed = run(&mut follow(&unpacked, &helm, template)).success();
            let installed = from_render(&printed).expect("it is YAML");
            let installed: BTreeSet<String> =
                installed.iter().map(|object| object.identity.name.clone()).collect();
            assert_eq!(installed, names, "{name}");
            let cluster = cluster::empty();
            let [line] = &unpacked.commands("helm install ")[..] else { panic!("{name}") };
            let dry = format!("{line} --dry-run=client --disable-openapi-validation");
            let mut command = follow(&unpacked, &helm, &dry);
            command.env("HELM_KUBEAPISERVER", format!("http://{}", cluster.host()));
            let printed = run(&mut command).success();
            assert!(printed.contains("-forguncy-pod"), "{name}, {major:?}: {printed}");
            // A dry run of an upgrade wants a release; the words are the same.
            let one_pod = " --set forguncy.scaling.mode=manual";
            let upgrade = line.replace("helm install", "helm upgrade").replace(one_pod, "");
            let mut upgrades = vec![upgrade.clone()];
            if line.contains(one_pod) {
                // First to the number of pods that the values say.
                upgrades.push(upgrade);
                let starts_more = ["HorizontalPodAutoscaler", "\n  replicas: "];
                assert!(rendered.contains(starts_more[0]), "{name}");
                let workload =
                    printed.split("\n---\n").find(|part| part.contains("-forguncy-pod\n"));
                let workload = workload.expect("it is there");
                assert!(!starts_more.iter().any(|more| workload.contains(more)), "{workload}");
            }
            assert_eq!(unpacked.commands("helm upgrade "), upgrades, "{name}");
        }
        // What kubectl is to name is there by that name.
        let named = unpacked.commands("kubectl ");
        for line in &named {
            let words: Vec<&str> = line.split_whitespace().collect();
            for word in words.iter().filter(|w| {
                w.contains("-forguncy-") || w.contains(".forguncy-") || w.contains("-redis-data")
            }) {
                let object = word.rsplit('/').next().expect("there is one");
                assert!(names.contains(object), "{name}: {line}");
            }
        }
        assert!(named.len() >= 3, "{name}: {named:?}");
    }
}

#[test]
fn values_and_site_values_say_what_the_chart_has() {
    for (name, args) in configurations() {
        let unpacked = Unpacked::of(&args);
        let values = unpacked.text("values.yaml");
        assert!(!values.contains("hunter2"), "{values}");
        let chart = unpacked.files.keys().find(|path| path.ends_with(".tgz")).expect("a chart");
        let site = unpacked.text("site-values.yaml");
        let bare: Vec<&str> =
            site.lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
        fs::write(unpacked.folder.join("bare.yaml"), bare.join("\n")).expect("it is ours");
        for major in Helm::BOTH {
            let template = |values: &[&str]| {
                let mut helm = major.command();
                helm.args(["template", "shop", chart, "--set", "redis.auth.password=x"]);
                run(helm.args(values).current_dir(&unpacked.folder)).success()
            };
            let own = template(&[]);
            for file in ["values.yaml", "site-values.yaml", "bare.yaml"] {
                assert!(own == template(&["--values", file]), "{name}: {file} changes something");
            }
        }
    }
}

#[test]
fn shellcheck_has_nothing_to_say_of_the_scripts() {
    let shellcheck = project().join(".tools/shellcheck/shellcheck");
    assert!(
        shellcheck.is_file(),
        "{} is missing: run scripts/fetch-tools.sh",
        shellcheck.display()
    );
    for (name, args) in configurations() {
        let unpacked = Unpacked::of(&args);
        let scripts = unpacked.files.keys().filter(|path| path.ends_with(".sh"));
        let mut check = command(&shellcheck);
        // What looks as if it were to expand, and is not to, are the hostile paths.
        check
            .args(["--norc", "--shell=sh", "--exclude=SC2016"])
            .args(scripts)
            .current_dir(&unpacked.folder);
        let finished = run(&mut check);
        assert!(finished.ok(), "{name}: {}", finished.stdout);
        for block in unpacked.blocks("INSTALL.md") {
            run(command("sh").args(["-n", "-c", &block])).success();
        }
    }
}

/// What the stand-ins leave where images would be.
const SAVED: &str = "for word; do last=$word; done
case \" $* \" in
*' save '*-o*) while [ \"$1\" != -o ]; do shift; done; printf 'an image' >\"$2\" ;;
*' copy '*' dir:'*) case $last in dir:*) mkdir -p \"${last#dir:}\" ;; esac ;;
esac
";

#[test]
fn images_go_out_as_one_file_and_come_in_again() {
    for (tool, args) in
        [("docker", "--preset=nfs"), ("nerdctl", "--preset=nfs"), ("skopeo", "--preset=nfs")]
    {
        let unpacked = Unpacked::of(&[
            args.to_owned(),
            format!("--tool={tool}"),
            "--set=storage.server=h".to_owned(),
        ]);
        let record = Record::of(&[tool]);
        record.answer(tool, SAVED);
        let at = |script: &str, args: &[&str]| {
            let line = format!("sh {} \"$@\"", quoted(&unpacked.folder.join(script)));
            run(&mut record.shell("sh", &line, args))
        };
        let early = at("load-images.sh", &[]);
        assert_eq!(early.code, Some(1));
        assert_eq!(
            early.stderr,
            "load-images: images-arm64.tar is not here: run save-images.sh outside, and bring the whole folder in\n"
        );
        let wrong = at("save-images.sh", &["riscv64"]);
        assert_eq!(
            (wrong.code, wrong.stderr.as_str()),
            (Some(1), "save-images: expected arm64, and found \"riscv64\"\n")
        );
        assert_eq!(record.calls(), [""; 0]);

        let said = at("save-images.sh", &[]).success();
        assert!(said.contains("images-arm64.tar"), "{said}");
        let saved = record.calls();
        assert!(saved.iter().any(|call| call.contains("library/redis")), "{saved:?}");
        assert!(!saved.iter().any(|call| call.contains("<push>")), "{saved:?}");
        // Again, over what is there.
        at("save-images.sh", &["arm64"]).success();
        assert_eq!(record.calls(), saved);
        at("load-images.sh", &[]).success();
        let loaded = record.calls();
        let to = format!("{REGISTRY}/library/redis:7.4.2-alpine");
        assert!(loaded.iter().any(|call| call.contains(&to)), "{loaded:?}");
        assert!(!loaded.iter().any(|call| call.contains("<pull>")), "{loaded:?}");
        at("load-images.sh", &["arm64"]).success();
        assert_eq!(record.calls(), loaded);
        let left: Vec<String> = fs::read_dir(&unpacked.folder)
            .expect("it is there")
            .map(|entry| entry.expect("it is readable").file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with("images-"))
            .collect();
        assert_eq!(left.len(), 2, "{left:?}");

        let tar = unpacked.folder.join("images-arm64.tar");
        let mut bytes = Vec::new();
        File::open(&tar).and_then(|mut file| file.read_to_end(&mut bytes)).expect("it is there");
        bytes[0] ^= 1;
        fs::write(&tar, bytes).expect("it is ours");
        let damaged = at("load-images.sh", &[]);
        assert_eq!(damaged.code, Some(1), "{damaged:?}");
        assert!(damaged.stdout.contains("images-arm64.tar: FAILED"), "{damaged:?}");
        assert_eq!(record.calls(), [""; 0]);
    }
}

#[test]
fn a_failed_copy_leaves_no_file_that_looks_whole() {
    let unpacked = Unpacked::of(&["--preset=nfs".to_owned(), "--set=storage.server=h".to_owned()]);
    let record = Record::of(&["docker"]);
    record.answer("docker", "case $1 in save) exit 1 ;; esac\n");
    let line = format!("sh {}", quoted(&unpacked.folder.join("save-images.sh")));
    assert_eq!(run(&mut record.shell("sh", &line, &[])).code, Some(1));
    assert!(!unpacked.folder.join("images-arm64.tar").exists());
    record.answer("docker", SAVED);
    run(&mut record.shell("bash", &line, &[])).success();
    assert!(unpacked.folder.join("images-arm64.tar").exists());
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

#[test]
fn the_nodes_decide_on_the_lists() {
    let sets = |args: &[&str]| {
        let args: Vec<String> =
            args.iter().chain(&["--set=storage.server=h"]).map(|word| (*word).to_owned()).collect();
        let files = Unpacked::of(&args).files;
        let sets: BTreeSet<String> = files
            .keys()
            .filter_map(|path| path.strip_prefix("images/")?.split('/').next().map(str::to_owned))
            .collect();
        sets.into_iter().collect::<Vec<_>>()
    };
    let any = "--set=forguncy.image.repository=fgclb/fgc";
    assert_eq!(sets(&[]), ["arm64"], "the vendor's image is for arm64 alone");
    assert_eq!(sets(&[any]), ["amd64", "arm64"]);
    assert_eq!(sets(&[any, "--tool=skopeo"]), ["all"]);
    assert_eq!(sets(&[any, "--tool=nerdctl", "--platform=linux/amd64"]), ["amd64"]);
    assert_eq!(sets(&["--platform=linux/amd64", "--platform=linux/arm64"]), ["amd64", "arm64"]);
}

#[test]
fn hostile_paths_stay_in_their_places() {
    let (_, args) =
        configurations().into_iter().find(|(name, _)| *name == "mounted").expect("it is there");
    let root = "/srv/it's `x` | ``` $(touch bad) 活";
    let unpacked = Unpacked::of(&args);
    let record = Record::of(&["findmnt"]);
    let [line] = &unpacked.commands("findmnt ")[..] else { panic!("one command") };
    run(&mut record.shell("sh", line, &[])).success();
    assert_eq!(record.calls(), [format!("findmnt <--target> <{root}>")]);
    assert!(!record.path().join("bad").exists());
    let text = unpacked.text("INSTALL.md");
    let row = text.lines().find(|line| line.starts_with("| `/opt/ForguncyAttach`")).expect("a row");
    assert!(
        row.ends_with(r" | ```` /srv/it's `x` \| ``` $(touch bad) 活/ForguncyAttach ```` |")
            || row.contains(r"\| ```"),
        "{row}"
    );
    assert_eq!(row.replace(r"\|", "").matches('|').count(), 4, "{row}");
}

#[test]
fn a_secret_in_the_chart_is_told_and_an_open_password_is_left_to_the_site() {
    let place = tempdir().expect("the temporary folder is writable");
    let plain =
        ["--set=storage.server=h,redis.auth.enabled=true,redis.auth.password=hunter2".to_owned()];
    let finished = bundle(place.path(), &plain, &["--registry", REGISTRY]);
    assert!(
        finished.stderr.contains("warning[HZG015]") && !finished.stderr.contains("hunter2"),
        "{finished:?}"
    );
    let unpacked = Unpacked::of(&plain);
    let guide = unpacked.text("INSTALL.md");
    assert!(
        guide.contains(
            "**This bundle holds secrets in plain text**, in the chart: `redis.auth.password`."
        ),
        "{guide}"
    );
    assert!(!guide.contains("redis-password`") && !guide.contains("--set-file"), "{guide}");
    for file in unpacked.files.keys().filter(|file| !file.ends_with(".tgz")) {
        assert!(!unpacked.text(file).contains("hunter2"), "{file}");
    }
    let open = Unpacked::of(&["--set=storage.server=h,redis.auth.enabled=true".to_owned()]);
    let guide = open.text("INSTALL.md");
    assert!(!guide.contains("secrets in plain text"), "{guide}");
    assert!(
        guide.contains("--values site-values.yaml --set-file redis.auth.password=redis-password\n"),
        "{guide}"
    );
}

#[test]
fn tells_programs_what_was_made() {
    let place = tempdir().expect("the temporary folder is writable");
    let args = [
        "--set=storage.server=h,redis.auth.enabled=true,redis.auth.password=hunter2",
        "--name=shop",
        "--output-json",
    ];
    let args = args.map(str::to_owned);
    let finished = bundle(place.path(), &args, &["--registry", REGISTRY]);
    let printed = finished.success();
    assert_eq!(printed.matches('\n').count(), 1, "{printed}");
    let schema = project().join("docs/bundle.schema.json").display().to_string();
    let answer = Python::start("reports.py").ask(&json!({"schema": schema, "json": printed}));
    assert_eq!(answer, json!({"problems": []}));
    let told: Json = serde_json::from_str(&printed).expect("it is JSON");
    let path = told["path"].as_str().expect("a path");
    let bytes = fs::read(path).expect("it is there");
    assert_eq!(told["sha256"], json!(sha256_hex(&bytes)));
    assert_eq!(told["size"], json!(bytes.len()));
    assert_eq!(told["secrets"], json!(["redis.auth.password"]));
    assert_eq!(told["images"].as_array().map(Vec::len), Some(4));
    assert_eq!([&told["release"], &told["registry"]], [&json!("shop"), &json!(REGISTRY)]);
    let mut zip = ZipArchive::new(File::open(path).expect("it is there")).expect("it is a zip");
    let within = format!("{}/{}", text(&told["folder"]), text(&told["chart"]["path"]));
    let mut chart = Vec::new();
    zip.by_name(&within).expect("it is there").read_to_end(&mut chart).expect("it is whole");
    assert_eq!(told["chart"]["sha256"], json!(sha256_hex(&chart)));
}

fn text(json: &Json) -> &str {
    json.as_str().expect("a text")
}

#[test]
fn says_what_is_wrong_and_writes_nothing() {
    let registry = format!("--registry={REGISTRY}");
    let server = "--set=storage.server=h";
    for (args, code, message) in [
        (
            &[server][..],
            2,
            "error: global.imageRegistry: is empty: the nodes of a site without internet pull from a registry there\n  help: name it: `--registry harbor.example.com/hzg`",
        ),
        (
            &["--registry=harbor", server],
            2,
            "error: --registry: expected a registry, found `harbor`",
        ),
        (
            &["--registry=$(id).com", server],
            2,
            "error: --registry: expected a registry, found `$(id).com`",
        ),
        (
            &[&registry, server, "--set=global.imageRegistry=other.example.com"],
            2,
            "error: global.imageRegistry: is `other.example.com` by an argument of the `--set` family, and `registry.intranet.net/hzg` by `--registry`",
        ),
        (&[&registry], 2, "error: storage.server: is empty"),
        (
            &[&registry, server, "--export=h:/x"],
            2,
            "error: --export: the values name the file server themselves",
        ),
        (
            &[&registry, server, "--clients=$(id)"],
            2,
            "error: --clients: expected a network, an address or a host, found `$(id)`",
        ),
        (
            &[&registry, "--preset=single-node", "--clients=*"],
            2,
            "error: storage.type: is hostPath: each node's own disk",
        ),
        (
            &[&registry, "--preset=single-node", "--set=storage.sharedMount=true", "--clients=*"],
            2,
            "error: `storage.type` is hostPath: the values do not say what is mounted",
        ),
        (
            &[&registry, server, "--platform=linux/amd64"],
            2,
            "error: --platform: `armdocker.hzgcloud.com/fgclb/fgc_k8s_arm:10.0.103.0` is for linux/arm64 alone\n  help: add `--platform linux/arm64`",
        ),
        (&[&registry, server, "--name=A.b"], 2, "error: release name `A.b`"),
        (&[&registry, server, "--set=forguncy.image.tag=latest"], 2, "error: "),
        (&[&registry, server, "--chart=missing.yaml"], 3, "error: cannot read `missing.yaml`"),
        (&[&registry, server, "--set=redis.service.type=NodePort"], 1, "error[HZG013]: "),
    ] {
        let place = tempdir().expect("the temporary folder is writable");
        let args: Vec<String> = args.iter().map(|word| (*word).to_owned()).collect();
        let finished = bundle(&place.path().join("out"), &args, &[]);
        assert_eq!(
            (finished.code, finished.stdout.as_str()),
            (Some(code), ""),
            "{args:?}: {finished:?}"
        );
        assert!(finished.stderr.contains(message), "{args:?}: {}", finished.stderr);
        assert!(!finished.stderr.contains("--set-literal"), "{args:?}: {}", finished.stderr);
        assert!(!place.path().join("out").exists(), "{args:?}");
        if code == 1 {
            assert!(finished.stderr.contains("nothing is written"), "{}", finished.stderr);
            bundle(&place.path().join("out"), &args, &["--no-validate"]).success();
        }
    }
}

#[test]
fn says_where_it_cannot_write() {
    let place = tempdir().expect("the temporary folder is writable");
    let file = place.path().join("file");
    fs::write(&file, "").expect("it is writable");
    let args = ["--set=storage.server=h".to_owned(), format!("--registry={REGISTRY}")];
    let finished = bundle(&file, &args, &[]);
    assert_eq!((finished.code, finished.stdout.as_str()), (Some(3), ""), "{finished:?}");
    assert!(finished.stderr.starts_with("error: cannot "), "{finished:?}");
    let out = place.path().join("out");
    fs::create_dir_all(out.join("forguncy-10.0.103-bundle.zip")).expect("it is writable");
    let finished = bundle(&out, &args, &[]);
    assert_eq!(finished.code, Some(3), "{finished:?}");
    assert!(
        finished.stderr.contains("forguncy-10.0.103-bundle.zip`: is a directory"),
        "{finished:?}"
    );
    assert_eq!(fs::read_dir(&out).expect("it is there").count(), 1);
}
