//! The redis of the chart is started as its pod would start it, with a real redis, and asked for its password.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use tempfile::{TempDir, tempdir};

use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::{Object, from_render};
use crate::harness::process::{command, run};
use crate::harness::project;

/// Passwords that a shell, YAML or the protocol could take for something else.
const PASSWORDS: [&str; 8] = [
    "plain",
    "-n",
    " with blanks ",
    "\"'`$(id)`$HOME\\n%s",
    "> off nopass #",
    "活字格 😀 é",
    "first\nsecond",
    "{{ .Values }}: &a *b\t|",
];

/// The container of redis in the objects of a release, in a folder in place of its file system.
struct Pod {
    container: Json,
    /// The password as the Secret of the chart has it; none when there is no such Secret.
    password: Option<Vec<u8>>,
    root: TempDir,
    port: u16,
}

/// A redis that runs; it ends with this.
struct Running(Child);

impl Pod {
    fn of(values: &Json) -> Self {
        let root = tempdir().expect("the temporary folder is writable");
        let file = root.path().join("values.yaml");
        fs::write(&file, values.to_string()).expect("the folder is writable");
        let text = run(hzgchart().args(["render", "--no-validate", "-f"]).arg(&file)).success();
        let objects = from_render(&text).unwrap_or_else(|e| panic!("{e}"));
        let find = |kind: &str, name: &str| {
            let is =
                |object: &&Object| object.identity.kind == kind && object.identity.name == name;
            objects.iter().find(is).map(|object| &object.json)
        };
        let deployment = find("Deployment", "forguncy-redis-pod").expect("redis is rendered");
        let secret = find("Secret", "forguncy-redis-auth");
        let password = secret.map(|secret| {
            let text = secret["data"]["redis-password"].as_str().expect("it holds the password");
            STANDARD.decode(text).expect("a Secret's data is base64")
        });
        for folder in ["data", "run/redis", "etc/redis/auth"] {
            fs::create_dir_all(root.path().join(folder)).expect("the folder is writable");
        }
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let container = deployment["spec"]["template"]["spec"]["containers"][0].clone();
        Self { container, password, root, port: free.expect("a port is free").port() }
    }

    fn password_file(&self) -> PathBuf {
        self.root.path().join("etc/redis/auth/password")
    }

    /// The words of a command, at home in the folder.
    fn words(&self, of: &Json) -> Vec<String> {
        let words = of.as_array().map(Vec::as_slice).unwrap_or_default();
        let root = self.root.path().display();
        let place = |word: &Json| {
            let word = word.as_str().expect("commands are strings");
            let word = word.replace("/etc/redis", &format!("{root}/etc/redis"));
            let word = word.replace("/run/redis", &format!("{root}/run/redis"));
            word.replace("redis-cli", &format!("redis-cli -p {}", self.port))
        };
        words.iter().map(place).collect()
    }

    fn command(&self, words: &[String]) -> std::process::Command {
        let path = format!("{}:/usr/bin:/bin", project().join(".tools/redis").display());
        let mut command = command("env");
        command.env_clear().env("PATH", path).args(words);
        command
    }

    /// Starts the container's command with its arguments.
    fn start(&self) -> Running {
        let mut words = self.words(&self.container["command"]);
        words.extend(self.words(&self.container["args"]));
        let more = ["--bind", "127.0.0.1", "--port", &self.port.to_string(), "--dir"];
        words.extend(more.map(str::to_owned));
        words.push(self.root.path().join("data").display().to_string());
        let child = self.command(&words).stdout(Stdio::null()).spawn().expect("redis starts");
        Running(child)
    }

    /// Whether a probe of the container succeeds.
    fn probe(&self, probe: &str) -> bool {
        let words = self.words(&self.container[probe]["exec"]["command"]);
        assert!(!words.is_empty(), "{probe} asks redis");
        run(&mut self.command(&words)).ok()
    }

    /// What redis says to a command.
    fn answer(&self, words: &[&[u8]]) -> String {
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut stream = loop {
            match TcpStream::connect(("127.0.0.1", self.port)) {
                Ok(stream) => break stream,
                Err(error) => assert!(Instant::now() < deadline, "redis does not answer: {error}"),
            }
            sleep(Duration::from_millis(20));
        };
        let mut request = format!("*{}\r\n", words.len()).into_bytes();
        for word in words {
            request.extend(format!("${}\r\n", word.len()).bytes());
            request.extend(*word);
            request.extend(b"\r\n");
        }
        stream.write_all(&request).expect("redis reads");
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).expect("redis answers");
        line.trim_end().to_owned()
    }
}

impl Running {
    /// What others on the machine may see of the process.
    fn seen(&self) -> Vec<u8> {
        let of = |file: &str| fs::read(format!("/proc/{}/{file}", self.0.id())).unwrap_or_default();
        [of("cmdline"), of("environ")].concat()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Asserts that redis takes this password and nothing else, and shows it to nobody.
fn takes_only(pod: &Pod, running: &Running, password: &[u8]) {
    let shown = String::from_utf8_lossy(password).into_owned();
    assert_eq!(pod.answer(&[b"AUTH", password]), "+OK", "{shown:?}");
    assert!(pod.answer(&[b"PING"]).starts_with("-NOAUTH"), "{shown:?}");
    assert!(pod.answer(&[b"AUTH", b"wrong"]).starts_with("-WRONGPASS"), "{shown:?}");
    assert!(pod.probe("readinessProbe") && pod.probe("livenessProbe"), "{shown:?}");
    assert!(!contains(&running.seen(), password), "{shown:?} can be seen");
    let acl = fs::read(pod.root.path().join("run/redis/users.acl")).expect("it is written");
    assert!(!contains(&acl, password), "{shown:?} is written down");
}

#[test]
fn redis_takes_any_password_of_the_values_and_shows_it_to_nobody() {
    for password in PASSWORDS {
        let pod = Pod::of(&json!({
            "storage": { "server": "10.0.0.5" },
            "redis": { "auth": { "enabled": true, "password": password }, "maxMemory": "64mb" },
        }));
        let secret = pod.password.as_deref().expect("the chart has a Secret");
        assert_eq!(secret, password.as_bytes());
        fs::write(pod.password_file(), secret).expect("the folder is writable");
        let running = pod.start();
        takes_only(&pod, &running, password.as_bytes());
    }
}

fn with_existing_secret() -> Pod {
    let pod = Pod::of(&json!({
        "storage": { "server": "10.0.0.5" },
        "redis": { "auth": { "enabled": true, "existingSecret": "own" } },
    }));
    assert_eq!(pod.password, None);
    pod
}

#[test]
fn a_line_break_at_the_end_of_an_existing_secret_does_not_count() {
    let pod = with_existing_secret();
    fs::write(pod.password_file(), "from a file\n").expect("the folder is writable");
    let running = pod.start();
    takes_only(&pod, &running, b"from a file");
}

#[test]
fn the_probes_tell_when_an_existing_secret_has_another_password() {
    let pod = with_existing_secret();
    fs::write(pod.password_file(), "old").expect("the folder is writable");
    let before = pod.start();
    takes_only(&pod, &before, b"old");
    fs::write(pod.password_file(), "new").expect("the folder is writable");
    assert!(!pod.probe("livenessProbe"));
    // Then the kubelet starts the container again.
    drop(before);
    let after = pod.start();
    takes_only(&pod, &after, b"new");
}

#[test]
fn redis_does_not_start_with_an_empty_password() {
    let pod = with_existing_secret();
    fs::write(pod.password_file(), "\n").expect("the folder is writable");
    let mut running = pod.start();
    assert_eq!(running.0.wait().expect("it can be waited for").code(), Some(1));
    assert!(!Path::new(&pod.root.path().join("run/redis/users.acl")).exists());
}

#[test]
fn redis_without_a_password_answers_all_and_its_probes() {
    let pod = Pod::of(&json!({ "storage": { "server": "10.0.0.5" } }));
    assert_eq!(pod.container["command"], Json::Null);
    let _running = pod.start();
    assert_eq!(pod.answer(&[b"PING"]), "+PONG");
    assert!(pod.probe("readinessProbe") && pod.probe("livenessProbe") && pod.probe("startupProbe"));
}
