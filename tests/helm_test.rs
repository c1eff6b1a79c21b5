//! What `helm test` runs really connects: its script against a real redis and a server of HTTP on loopback, also with passwords
//! that break careless scripts.
//!
//! The script is taken from the rendered pod; only the Services' names become addresses, and it tries twice, without a pause.
//! `tests/programs` holds the two programs of busybox that not every machine has.

use std::env;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value as Json;
use tempfile::{TempDir, tempdir};

use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::read_yaml;
use crate::harness::process::{Finished, command, run};
use crate::harness::project;

/// Passwords that end a quote, a line, an argument or a word of the wire protocol, or whose bytes are more than their characters.
const PASSWORDS: &[&str] = &[
    "simple",
    "p: {{ \"#'\\ 活字格",
    "two\nlines",
    "$HOME `id` $(id)",
    "%s%d\\n\\0",
    "--port 1",
    "-n",
    "*1\r\n+OK\r\n+PONG",
    "😀",
];

/// A redis that ends with the test.
struct Redis {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Redis {
    fn start(password: Option<&str>) -> Self {
        let server = project().join(".tools/redis/redis-server");
        assert!(server.is_file(), "{} is missing: run scripts/fetch-tools.sh", server.display());
        let folder = tempdir().expect("the temporary folder is writable");
        let port = free_port();
        let mut start = command(server);
        start.current_dir(folder.path()).args(["--bind", "127.0.0.1", "--save", "", "--port"]);
        let child = start.arg(port.to_string()).stdout(Stdio::null()).spawn().expect("redis runs");
        let redis = Self { child, port, _folder: folder };
        if let Some(password) = password {
            redis.set_password(password);
        } else {
            redis.connect();
        }
        redis
    }

    /// Waits until redis listens.
    fn connect(&self) -> TcpStream {
        for _ in 0..500 {
            match TcpStream::connect(("127.0.0.1", self.port)) {
                Ok(stream) => return stream,
                Err(_) => thread::sleep(Duration::from_millis(20)),
            }
        }
        panic!("redis does not listen")
    }

    /// Over the wire, since not every version takes every password as an argument.
    fn set_password(&self, password: &str) {
        let mut stream = self.connect();
        let words = ["CONFIG", "SET", "requirepass", password];
        let words = words.map(|word| format!("${}\r\n{word}\r\n", word.len()));
        write!(stream, "*4\r\n{}", words.concat()).expect("redis reads");
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).expect("redis answers");
        assert_eq!(&answer, b"+OK\r\n");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port of loopback that nobody listens at.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.local_addr().expect("it has an address").port()
}

/// Answers every request with this status until the tests end.
fn http(status: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it has an address").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("loopback works");
            let _ = stream.read(&mut [0; 1024]);
            let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        }
    });
    port
}

/// The pod that `helm test` starts.
fn pod(set: &[String]) -> Json {
    let mut render = hzgchart();
    render.args([
        "render",
        "--preset",
        "single-node",
        "-s",
        "templates/tests/test-connection.yaml",
    ]);
    set.iter().for_each(|set| _ = render.args(["--set", set]));
    read_yaml(&run(&mut render).success()).expect("it is YAML").remove(0)
}

/// Runs the pod's script with this in the Secret's file.
fn test(pod: &Json, secret: &[u8]) -> Finished {
    let folder = tempdir().expect("the temporary folder is writable");
    fs::write(folder.path().join("password"), secret).expect("it is writable");
    let container = &pod["spec"]["containers"][0];
    let words: Vec<&str> =
        container["command"].as_array().expect("a list").iter().filter_map(Json::as_str).collect();
    let [shell, options, script] = words[..] else { panic!("not a script: {words:?}") };
    let mut script = script.replace("sleep 3", "sleep 0").replace("1 2 3 4 5 6 7 8 9 10", "1 2");
    for service in ["forguncy", "redis", "influx"] {
        script = script.replace(&format!("forguncy-{service}-service"), "127.0.0.1");
    }
    let script = script.replace("/run/secrets/redis", &folder.path().display().to_string());
    let programs = project().join("tests/programs");
    let python = project().join(".tools/python/bin");
    let path = env::var("PATH").expect("the tests' PATH is text");
    let path = format!("{}:{}:{path}", programs.display(), python.display());
    run(command(shell).args([options, &script]).env("PATH", path))
}

/// The settings that lead to these ports.
fn ports(forguncy: u16, redis: u16, influx: u16) -> Vec<String> {
    vec![
        format!("forguncy.service.port={forguncy}"),
        format!("redis.service.port={redis}"),
        format!("influx.service.port={influx}"),
    ]
}

#[test]
fn the_right_password_passes_and_a_wrong_one_fails_and_none_is_shown() {
    let (forguncy, influx) = (http("404 Not Found"), http("204 No Content"));
    for password in PASSWORDS {
        let redis = Redis::start(Some(password));
        let mut set = ports(forguncy, redis.port, influx);
        set.push("redis.auth.enabled=true,redis.auth.existingSecret=own".to_owned());
        let pod = pod(&set);
        let shown = pod.to_string();
        assert!(shown.contains("\"secretName\":\"own\""), "{shown}");
        let passed = test(&pod, password.as_bytes());
        assert!(passed.ok(), "{password:?}: {passed:?}");
        assert_eq!(passed.stdout.matches("ok: ").count(), 3, "{passed:?}");
        for wrong in [format!("{password}x"), String::new()] {
            let failed = test(&pod, wrong.as_bytes());
            assert_eq!(failed.code, Some(1), "{password:?} and {wrong:?}: {failed:?}");
            assert_eq!(failed.stdout.matches("ok: ").count(), 2, "{failed:?}");
            assert!(failed.stdout.contains("FAILED: redis takes its password"), "{failed:?}");
            assert!(wrong.is_empty() || !failed.stdout.contains(&wrong), "{failed:?}");
        }
    }
}

#[test]
fn each_server_that_does_not_answer_is_named() {
    let redis = Redis::start(None);
    let (forguncy, influx) = (http("302 Found"), http("204 No Content"));
    let passed = test(&pod(&ports(forguncy, redis.port, influx)), b"");
    assert!(passed.ok() && passed.stdout.matches("ok: ").count() == 3, "{passed:?}");
    let nobody = free_port();
    for (ports, what) in [
        (ports(nobody, redis.port, influx), "FAILED: forguncy answers at 127.0.0.1"),
        (ports(forguncy, nobody, influx), "FAILED: redis answers at 127.0.0.1"),
        (ports(forguncy, forguncy, influx), "FAILED: redis answers at 127.0.0.1"),
        (ports(forguncy, redis.port, nobody), "FAILED: influx answers at 127.0.0.1"),
        (ports(forguncy, redis.port, forguncy), "FAILED: influx answers at 127.0.0.1"),
    ] {
        let failed = test(&pod(&ports), b"");
        assert_eq!(failed.code, Some(1), "{what}: {failed:?}");
        assert!(failed.stdout.contains(what), "{what}: {failed:?}");
        assert_eq!(failed.stdout.matches("ok: ").count(), 2, "{failed:?}");
    }
}

#[test]
fn only_what_is_installed_is_asked() {
    let set = format!(
        "redis.enabled=false,influx.enabled=false,forguncy.service.port={}",
        http("500 Oops")
    );
    let passed = test(&pod(&[set]), b"");
    assert!(passed.ok() && passed.stdout.lines().count() == 1, "{passed:?}");
}

#[test]
fn the_pod_fits_the_restricted_standard() {
    let pod = pod(&[]);
    let (spec, container) = (&pod["spec"], &pod["spec"]["containers"][0]);
    assert_eq!(spec["securityContext"]["runAsNonRoot"], true);
    assert_eq!(spec["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
    assert_eq!(spec["automountServiceAccountToken"], false);
    assert_eq!(container["securityContext"]["allowPrivilegeEscalation"], false);
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
    assert_eq!(container["securityContext"]["capabilities"]["drop"][0], "ALL");
    assert!(spec["volumes"].is_null());
}
