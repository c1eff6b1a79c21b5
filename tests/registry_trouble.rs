//! A real registry that dies in the middle of a push, or that is too slow: what is told, how often it is tried, and that a later push
//! brings what is missing.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, Header};
use tempfile::{TempDir, tempdir};

use crate::harness::helm::Helm;
use crate::harness::hzgchart::hzgchart;
use crate::harness::process::run;
use crate::harness::registry::Registry;

const REPOSITORY: &str = "charts/large";

/// A chart of 16 MiB that no compressor makes smaller, in a folder of its own.
fn large() -> (TempDir, PathBuf) {
    let folder = tempdir().expect("the temporary folder is writable");
    let path = folder.path().join("large-1.0.0.tgz");
    let file = fs::File::create(&path).expect("it is writable");
    let mut tar = Builder::new(GzEncoder::new(file, Compression::none()));
    let mut add = |name: &str, bytes: &[u8]| {
        let mut header = Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("large/{name}"), bytes).expect("the disk has room");
    };
    add("Chart.yaml", b"apiVersion: v2\nname: large\nversion: 1.0.0\n");
    add("templates/map.yaml", b"kind: ConfigMap\napiVersion: v1\nmetadata: {name: large}\n");
    let mut state = 1_u64;
    for at in 0..8 {
        let mut noise = Vec::with_capacity(2 << 20);
        while noise.len() < 2 << 20 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            noise.extend((state >> 16).to_le_bytes());
        }
        add(&format!("files/noise-{at}"), &noise);
    }
    let gzip = tar.into_inner().expect("the disk has room");
    gzip.finish().and_then(|mut file| file.flush()).expect("the disk has room");
    (folder, path)
}

/// A push of it. Kubernetes would not store its release, which is not what is tested here.
fn push(chart: &PathBuf, registry: &Registry, timeout: &str) -> Command {
    let mut command = hzgchart();
    command.arg("push").arg(chart).arg(format!("oci://{}/charts", registry.host()));
    command.args(["--plain-http", "--allow", "HZG461", "--timeout", timeout]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts a push, and holds the registry as soon as the upload of the chart has begun.
fn held(chart: &PathBuf, registry: &Registry, timeout: &str) -> Child {
    let mut child = push(chart, registry, timeout).spawn().expect("it starts");
    let deadline = Instant::now() + Duration::from_secs(120);
    // The first blob is small; that of the chart stays an upload for a while.
    while registry.uploading(REPOSITORY).is_none_or(|bytes| bytes < 1 << 16) {
        let ended = child.try_wait().expect("a child can be waited for");
        assert!(ended.is_none() && Instant::now() < deadline, "there was no upload: {ended:?}");
        sleep(Duration::from_micros(200));
    }
    registry.freeze(true);
    child
}

/// The exit code, standard output and standard error.
fn ended(child: Child) -> (Option<i32>, String, String) {
    let output = child.wait_with_output().expect("a child can be waited for");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// That both Helms get the very archive.
fn is_whole(chart: &PathBuf, registry: &Registry) {
    let bytes = fs::read(chart).expect("it is there");
    for major in Helm::BOTH {
        let home = tempdir().expect("the temporary folder is writable");
        let address = format!("oci://{}/{REPOSITORY}", registry.host());
        let mut pull = major.command();
        pull.args(["pull", &address, "--version", "1.0.0", "--plain-http"]);
        run(pull.current_dir(home.path())).success();
        let pulled = fs::read(home.path().join("large-1.0.0.tgz")).expect("it was pulled");
        assert!(pulled == bytes, "{major:?}");
    }
}

#[test]
fn a_registry_that_dies_half_way_is_told_and_a_second_push_completes() {
    let (_folder, chart) = large();
    let mut registry = Registry::open();
    let child = held(&chart, &registry, "20");
    registry.kill();
    let (code, stdout, stderr) = ended(child);
    assert_eq!((code, stdout.as_str()), (Some(3), ""), "{stderr}");
    let host = registry.host();
    assert!(stderr.contains(&format!("cannot talk to the registry `{host}`")), "{stderr}");
    assert!(stderr.contains("(tried 4 times)") && stderr.contains("help: "), "{stderr}");

    registry.restart();
    let mut pull = Helm::Four.command();
    let address = format!("oci://{host}/{REPOSITORY}");
    let half = run(pull.args(["pull", &address, "--version", "1.0.0", "--plain-http"]));
    assert!(!half.ok(), "there is no chart before it is whole");
    let printed = run(&mut push(&chart, &registry, "60")).success();
    assert!(printed.contains(&format!("Pushed: {host}/{REPOSITORY}:1.0.0\n")), "{printed}");
    is_whole(&chart, &registry);
}

#[test]
fn a_registry_that_comes_back_in_time_gets_the_chart() {
    let (_folder, chart) = large();
    let mut registry = Registry::open();
    let child = held(&chart, &registry, "20");
    registry.restart();
    let (code, _, stderr) = ended(child);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    is_whole(&chart, &registry);
}

#[test]
fn a_slow_registry_is_waited_for_as_long_as_was_said() {
    let (_folder, chart) = large();
    let registry = Registry::open();
    let child = held(&chart, &registry, "60");
    sleep(Duration::from_secs(2));
    registry.freeze(false);
    let (code, _, stderr) = ended(child);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    is_whole(&chart, &registry);
}

#[test]
fn a_registry_that_does_nothing_is_given_up_after_four_tries() {
    let (_folder, chart) = large();
    let registry = Registry::open();
    let child = held(&chart, &registry, "1");
    let (code, stdout, stderr) = ended(child);
    assert_eq!((code, stdout.as_str()), (Some(3), ""), "{stderr}");
    assert!(stderr.contains("within 1 seconds (tried 4 times)"), "{stderr}");
    assert!(stderr.contains("--timeout"), "{stderr}");
    registry.freeze(false);
    run(&mut push(&chart, &registry, "60")).success();
    is_whole(&chart, &registry);
}
