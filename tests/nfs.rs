//! The scripts of `hzgchart nfs` are run, twice, with stand-ins for all that would change the machine; `/etc` is a folder of the
//! test's, and the values' paths lie in it, too.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value as Json;

use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::rendered;
use crate::harness::process::{Finished, run};
use crate::harness::record::Record;

/// What the scripts may call that would change this machine.
const PROGRAMS: [&str; 8] =
    ["id", "chown", "systemctl", "exportfs", "mount", "mountpoint", "apt-get", "mount.nfs"];

fn script(args: &[&str]) -> String {
    run(hzgchart().arg("nfs").args(args)).success()
}

/// Stand-ins, a folder `etc`, and root for a user.
fn machine(programs: &[&str]) -> Record {
    let record = Record::of(programs);
    record.answer("id", "echo 0\n");
    record.answer("mountpoint", "exit 1\n");
    fs::create_dir(record.path().join("etc")).expect("the folder is writable");
    record
}

fn run_on(machine: &Record, shell: &str, script: &str) -> Finished {
    let etc = format!("{}/etc/", machine.path().display());
    let script = script.replace("/etc/exports", "ETC/exports").replace("/etc/fstab", "ETC/fstab");
    run(&mut machine.shell(shell, &script.replace("ETC/", &etc), &[]))
}

fn etc(machine: &Record, file: &str) -> String {
    fs::read_to_string(machine.path().join("etc").join(file)).unwrap_or_default()
}

/// Server and path of the volumes that a release would mount, as rendered.
#[test]
fn the_directories_are_those_that_the_volumes_mount() {
    let mut with_nfs = 0;
    for (input, objects) in rendered() {
        let volumes: Vec<&Json> = objects
            .iter()
            .filter(|object| object.identity.kind == "PersistentVolume")
            .map(|object| &object.json["spec"]["nfs"])
            .filter(|nfs| !nfs.is_null())
            .collect();
        let text = |json: &Json| json.as_str().expect("a text").to_owned();
        let servers: BTreeSet<String> = volumes.iter().map(|nfs| text(&nfs["server"])).collect();
        for server in servers {
            let wanted: BTreeSet<String> = volumes
                .iter()
                .filter(|nfs| nfs["server"] == server.as_str())
                .map(|nfs| format!("directory '{}' ", text(&nfs["path"])))
                .collect();
            let script =
                run(hzgchart().args(["nfs", "server", "--server", &server]).args(&input)).success();
            let made: BTreeSet<String> = script
                .lines()
                .filter(|line| line.starts_with("directory '"))
                .map(|line| line[..line.rfind("' ").expect("a quote") + 2].to_owned())
                .collect();
            assert_eq!(made, wanted, "{input:?}");
            with_nfs += 1;
        }
    }
    assert!(with_nfs > 10, "only {with_nfs} servers");
}

#[test]
fn the_server_is_the_same_after_the_second_run() {
    let machine = machine(&PROGRAMS);
    // A user's own line, without its end.
    fs::write(machine.path().join("etc/exports"), "/home *(ro)").expect("it is writable");
    // What is hostile to a shell, to exports(5), or to both.
    let root = format!("{}/it's a \"$(touch bad)\" #1 \\ 活字格", machine.path().display());
    let file = machine.path().join("values.yaml");
    let values = serde_json::json!({
        "storage": {"server": "10.0.0.5", "root": root, "shares": {"logs": {"directory": "Logs/-n *"}}},
        "redis": {"persistence": {"enabled": true}}
    });
    fs::write(&file, values.to_string()).expect("it is writable");
    let script =
        script(&["server", "--clients", "10.0.0.0/24", "-f", file.to_str().expect("UTF-8")]);

    let mut states = Vec::new();
    for shell in ["sh", "bash"] {
        run_on(&machine, shell, &format!("umask 077\n{script}")).success();
        let calls = machine.calls();
        assert_eq!(calls[0], "id <-u>");
        assert!(
            calls.contains(&format!("chown <--> <65534:65534> <{root}/ForguncyAttach>")),
            "{calls:#?}"
        );
        assert!(
            calls.contains(&format!("chown <--> <999:1000> <{root}/ForguncyRedis>")),
            "{calls:#?}"
        );
        assert_eq!(
            calls[calls.len() - 2..],
            ["systemctl <enable> <--now> <nfs-server>", "exportfs <-ra>"]
        );
        assert!(!calls.iter().any(|call| call.starts_with("apt-get")), "{calls:#?}");
        let mode = |name: &str| {
            let folder = fs::metadata(format!("{root}/{name}")).expect("it was made");
            folder.permissions().mode() & 0o7777
        };
        assert_eq!([mode("Logs/-n *"), mode("ForguncyRedis")], [0o777, 0o770]);
        assert_eq!([mode("Logs"), mode("")], [0o755; 2]);
        states.push((etc(&machine, "exports"), calls));
    }
    assert_eq!(states[0], states[1]);
    let exports = &states[0].0;
    assert_eq!(exports.lines().count(), 2, "{exports}");
    assert!(exports.starts_with("/home *(ro)\n/"), "{exports}");
    assert!(
        exports.ends_with(r"/it\047s\040a\040\042\044\050touch\040bad\051\042\040\0431\040\134\040活字格 10.0.0.0/24(rw,sync,no_subtree_check)
"),
        "{exports}"
    );
    assert!(!machine.path().join("bad").exists());
}

#[test]
fn another_line_for_the_same_export_is_left_to_the_administrator() {
    for (name, line) in [
        ("share", "ROOT 10.0.0.9(ro)\n"),
        ("share", "ROOT/ 10.0.0.9(ro)\n"),
        ("share", "\"ROOT\" 10.0.0.9(ro)\n"),
        ("share it", "\"ROOT\" 10.0.0.9(ro)\n"),
        ("share it", "\"ROOT/\" 10.0.0.9(ro)\n"),
    ] {
        let machine = machine(&PROGRAMS);
        let root = machine.path().join(name).display().to_string();
        let before = line.replace("ROOT", &root);
        fs::write(machine.path().join("etc/exports"), &before).expect("it is writable");
        let set = format!("storage.server=s,storage.root={root}");
        let finished = run_on(&machine, "sh", &script(&["server", "--set", &set]));
        assert_eq!(finished.code, Some(1), "{before}");
        let field = root.replace(' ', "\\040");
        let told = format!("has another line for {field}; change it to: {field} *(rw,sync,");
        assert!(finished.stderr.contains(&told), "{before} {}", finished.stderr);
        assert_eq!(etc(&machine, "exports"), before);
        assert!(!machine.calls().iter().any(|call| call.starts_with("exportfs")));
    }
}

#[test]
fn each_distribution_gets_its_own_packages() {
    for (program, server, worker) in [
        ("apt-get", "nfs-kernel-server", "nfs-common"),
        ("dnf", "nfs-utils", "nfs-utils"),
        ("yum", "nfs-utils", "nfs-utils"),
        ("zypper", "nfs-kernel-server", "nfs-client"),
    ] {
        for (role, package) in [("server", server), ("worker", worker)] {
            let machine = machine(&["id", "chown", "systemctl", "mount", program]);
            let root = machine.path().join("share").display().to_string();
            let set = format!("storage.server=s,storage.root={root}");
            // Of what this machine itself may have, nothing is found but the stand-in.
            let text = script(&[role, "--set", &set]);
            let text = ["exportfs", "mount.nfs", "apt-get", "dnf", "yum", "zypper"]
                .into_iter()
                .filter(|other| *other != program)
                .fold(text, |text, other| {
                    text.replace(&format!("command -v {other} "), "command -v absent ")
                });
            let finished = run_on(&machine, "sh", &text.replace("exportfs -ra", ":"));
            finished.success();
            let calls = machine.calls();
            let installed = calls.iter().find(|call| call.contains("<install>"));
            let installed = installed.unwrap_or_else(|| panic!("{calls:?}"));
            assert!(installed.starts_with(&format!("{program} ")), "{installed}");
            assert!(installed.ends_with(&format!(" <{package}>")), "{installed}");
        }
    }
}

#[test]
fn a_worker_mounts_once_and_only_for_a_shared_mount() {
    let plain = script(&["worker", "--set", "storage.server=10.0.0.5"]);
    let machine = machine(&PROGRAMS);
    run_on(&machine, "sh", &plain).success();
    assert_eq!(machine.calls(), ["id <-u>"]);
    assert_eq!(etc(&machine, "fstab"), "");

    let point = format!("{}/mnt/fgc k8s's $(id)", machine.path().display());
    let mount = script(&[
        "worker",
        "--set=storage.type=hostPath,storage.sharedMount=true",
        &format!("--set-literal=storage.root={point}"),
        "--export=198.19.249.12:/fgc-k8s-lbroot",
    ]);
    for shell in ["sh", "bash"] {
        run_on(&machine, shell, &mount).success();
        assert_eq!(machine.calls().last(), Some(&format!("mount <--> <{point}>")));
        let field = point.replace(' ', "\\040");
        let line = format!("198.19.249.12:/fgc-k8s-lbroot {field} nfs rw,hard,_netdev 0 0\n");
        assert_eq!(etc(&machine, "fstab"), line);
    }
    machine.answer("mountpoint", "exit 0\n");
    run_on(&machine, "sh", &mount).success();
    assert!(!machine.calls().iter().any(|call| call.starts_with("mount <")));
    let server = script(&[
        "server",
        "--preset=single-node",
        "--set=storage.sharedMount=true",
        "--export=h:/x",
    ]);
    assert!(server.contains("directory '/x/ForguncyAttach' 65534:65534 0777\n"), "{server}");
    assert!(server.contains("directory '/x/ForguncyRedis' 999:1000 0770\n"), "{server}");
}

#[test]
fn another_mount_is_left_to_the_administrator_but_a_comment_is_none() {
    for (before, is_told) in [
        ("10.0.0.9:/old POINT nfs rw 0 0\n", true),
        ("10.0.0.9:/old\tPOINT/ nfs rw 0 0\n", true),
        ("#10.0.0.9:/old POINT nfs rw 0 0\n", false),
        (" \t# /old POINT nfs\n", false),
    ] {
        let machine = machine(&PROGRAMS);
        let point = format!("{}/mnt", machine.path().display());
        let before = before.replace("POINT", &point);
        fs::write(machine.path().join("etc/fstab"), &before).expect("it is writable");
        let mount = script(&[
            "worker",
            &format!("--set=storage.type=hostPath,storage.sharedMount=true,storage.root={point}"),
            "--export=10.0.0.5:/a",
        ]);
        let finished = run_on(&machine, "sh", &mount);
        let line = format!("10.0.0.5:/a {point} nfs rw,hard,_netdev 0 0\n");
        if is_told {
            assert_eq!(finished.code, Some(1), "{before}");
            assert!(finished.stderr.contains("has another line for"), "{}", finished.stderr);
            assert_eq!(etc(&machine, "fstab"), before);
        } else {
            finished.success();
            assert_eq!(etc(&machine, "fstab"), format!("{before}{line}"));
        }
    }
}

#[test]
fn a_script_wants_root() {
    let machine = machine(&PROGRAMS);
    machine.answer("id", "echo 1000\n");
    for role in ["server", "worker"] {
        let finished = run_on(&machine, "sh", &script(&[role, "--set", "storage.server=s"]));
        assert_eq!((finished.code, machine.calls().len()), (Some(1), 1));
        assert_eq!(finished.stderr, format!("nfs {role}: run it as root\n"));
    }
}

#[test]
fn says_what_is_missing() {
    let shared = "--set=storage.type=hostPath,storage.sharedMount=true";
    for (args, message) in [
        (
            &["server"][..],
            "error: storage.server: is empty: the file server's name or address is needed\n",
        ),
        (
            &["worker", "--set=storage.type=storageClass,storage.storageClassName=x"],
            "error: storage.type: is storageClass: ",
        ),
        (
            &["worker", shared],
            "error: `storage.type` is hostPath: the values do not say what is mounted",
        ),
        (
            &["worker", shared, "--export=x"],
            "error: --export: expected a server and a path, found `x`",
        ),
        (
            &["worker", "--preset=nfs", "--export=h:/x"],
            "error: --export: the values name the file server themselves",
        ),
        (
            &["worker", "--preset=nfs", "--clients=*"],
            "error: `--server` and `--clients` are for the file server",
        ),
        (
            &["server", "--preset=nfs", "--clients=$(id)"],
            "error: --clients: expected a network, an address or a host, found `$(id)`",
        ),
        (
            &["server", "--preset=nfs", "--server=198.19.249.1"],
            "error: the values name no server `198.19.249.1`\n  help: did you mean `198.19.249.12`?",
        ),
        (
            &["server", "--preset=nfs", "--set=storage.shares.logs.server=a"],
            "error: the directories are on 2 servers: `198.19.249.12`, `a`\n  help: choose one by `--server`",
        ),
        (
            &["server", shared, "--export=h:/x", "--set=storage.shares.logs.root=/y"],
            "error: `/y/ForguncyLogs` is not below `storage.root`",
        ),
    ] {
        let finished = run(hzgchart().arg("nfs").args(args));
        assert_eq!((finished.code, finished.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(finished.stderr.starts_with(message), "{args:?}: {}", finished.stderr);
    }
}
