//! `hzgchart push` to a real registry, from which both Helms pull; and to servers that fail in every way.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use tempfile::{TempDir, tempdir};

use hzgchart::archive::{DEFAULT_MTIME, sha256_hex};

use crate::harness::helm::Helm;
use crate::harness::http::{Answer, Request, Server, status};
use crate::harness::hzgchart::hzgchart;
use crate::harness::process::{Finished, run};
use crate::harness::project;
use crate::harness::registry::{PASSWORD, Registry, USER, get};

/// So many times something is tried.
const TRIES: usize = 4;

/// A chart of ours, in a folder of its own.
fn chart(version: &str) -> (TempDir, PathBuf) {
    let folder = tempdir().expect("the temporary folder is writable");
    let args = ["package", "--set", "storage.server=10.0.0.5", "--version", version, "-d"];
    let printed = run(hzgchart().args(args).arg(folder.path())).success();
    let path = PathBuf::from(printed.lines().next().expect("it prints the path"));
    (folder, path)
}

fn push(chart: &Path, host: &str) -> Command {
    let mut command = hzgchart();
    command.arg("push").arg(chart).arg(format!("oci://{host}/charts")).arg("--plain-http");
    command
}

#[test]
fn both_helms_take_what_is_pushed() {
    let registry = Registry::open();
    for (version, tag) in [("10.0.3.0", "10.0.3"), ("10.0.103.2", "10.0.103_2")] {
        let (_folder, path) = chart(version);
        let finished = run(&mut push(&path, &registry.host()));
        let repository = "charts/forguncy-k8s-server";
        let manifest = get(&registry.host(), &format!("{repository}/manifests/{tag}"));
        let printed = format!(
            "Pushed: {}/{repository}:{tag}\nDigest: sha256:{}\n",
            registry.host(),
            sha256_hex(&manifest)
        );
        assert_eq!(finished.success(), printed);
        let address = format!("oci://{}/{repository}", registry.host());
        for major in Helm::BOTH {
            let home = tempdir().expect("the temporary folder is writable");
            let helm = |args: &[&str]| {
                let mut command = major.command();
                command.env("HELM_CACHE_HOME", home.path().join("cache")).current_dir(home.path());
                command.args(args).args(["--version", &tag.replace('_', "+"), "--plain-http"]);
                run(&mut command).success()
            };
            helm(&["pull", &address]);
            let name = path.file_name().expect("it has a name");
            let pulled = fs::read(home.path().join(name)).expect("it was pulled");
            assert_eq!(pulled, fs::read(&path).expect("it was packaged"), "{major:?}");
            let shown = helm(&["show", "chart", &address]);
            assert!(shown.contains("name: forguncy-k8s-server"), "{shown}");
            let rendered = helm(&["template", "shop", &address]);
            let here = run(major.command().args(["template", "shop"]).arg(&path)).success();
            assert_eq!(rendered, here, "{major:?}");
            // Helm 3 asks a cluster even for a dry run.
            if major == Helm::Four {
                let installed = helm(&["install", "shop", &address, "--dry-run=client"]);
                assert!(installed.contains("kind: Deployment"), "{installed}");
            }
        }
    }
}

#[test]
fn pushes_what_helm_pushes_to_the_byte() {
    let registry = Registry::open();
    let (folder, path) = chart("10.0.103.2");
    let odd = folder.path().join("odd");
    fs::create_dir(&odd).expect("it is writable");
    let text = "apiVersion: v2\nname: odd\nversion: 1.2.3\nappVersion: 10.0\ndescription: \"a <b> & c\\n\\td 活字格\"\n\
                kubeVersion: '>=1.25.0-0'\nhome: https://example.com/?a&b\nsources: [https://example.com/src]\n\
                maintainers: [{name: x, email: a@example.com}, {name: y}]\n\
                annotations: {org.opencontainers.image.title: other, org.opencontainers.image.url: own, z: \"1\\n2\"}\n";
    fs::write(odd.join("Chart.yaml"), text).expect("it is writable");
    run(Helm::Three.command().arg("package").arg(&odd).arg("-d").arg(folder.path())).success();
    let archive = fs::read(&path).expect("it was packaged");
    let mut provenance = path.clone().into_os_string();
    provenance.push(".prov");
    fs::write(&provenance, format!("files: sha256:{}\n", sha256_hex(&archive)))
        .expect("it is writable");
    for (path, reference) in [
        (path, "forguncy-k8s-server/manifests/10.0.103_2"),
        (folder.path().join("odd-1.2.3.tgz"), "odd/manifests/1.2.3"),
    ] {
        run(&mut push(&path, &registry.host())).success();
        let ours = get(&registry.host(), &format!("charts/{reference}"));
        let manifest: Json = serde_json::from_slice(&ours).expect("a manifest is JSON");
        // Helm takes the time of the file on the disk for that of the chart.
        let created = manifest["annotations"]["org.opencontainers.image.created"].as_str();
        let seconds = match created {
            Some("1980-02-01T00:00:00Z") => DEFAULT_MTIME,
            _ => hzgchart::inspect::archive(&path).expect("it can be read").time,
        };
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_modified(time))
            .expect("it is ours");
        for major in Helm::BOTH {
            let place = format!("oci://{}/{major:?}", registry.host()).to_lowercase();
            run(major
                .command()
                .env("TZ", "UTC")
                .arg("push")
                .arg(&path)
                .args([&place, "--plain-http"]))
            .success();
            let helms = get(&registry.host(), &format!("{major:?}/{reference}").to_lowercase());
            assert_eq!(
                String::from_utf8_lossy(&ours),
                String::from_utf8_lossy(&helms),
                "{major:?}"
            );
        }
    }
}

/// Configuration files of Docker and Helm, and a helper, in a folder.
struct Logins(TempDir);

impl Logins {
    fn new() -> Self {
        Self(tempdir().expect("the temporary folder is writable"))
    }

    fn write(self, file: &str, config: &Json) -> Self {
        let path = self.0.path().join(file);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it is writable");
        fs::write(path, config.to_string()).expect("it is writable");
        self
    }

    /// A helper that prints this and exits with a code.
    #[cfg(unix)]
    fn helper(self, printed: &str, code: u8) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let path = self.0.path().join("docker-credential-tests");
        let text = format!(
            "#!/bin/sh\ncat > \"$(dirname \"$0\")/asked\"\ncat <<'X'\n{printed}\nX\nexit {code}\n"
        );
        fs::write(&path, text).expect("it is writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
        self
    }

    fn push(&self, chart: &Path, host: &str) -> Finished {
        let folder = self.0.path();
        let path = std::env::var("PATH").expect("the tests' PATH is text");
        let finished = run(push(chart, host)
            .env("HOME", folder)
            .env("PATH", format!("{}:{path}", folder.display()))
            .env("DOCKER_CONFIG", folder.join("docker")));
        for text in [&finished.stdout, &finished.stderr] {
            assert!(!text.contains(PASSWORD) && !text.contains("hunter2"), "{text}");
            assert!(!text.contains(&STANDARD.encode(format!("{USER}:{PASSWORD}"))), "{text}");
        }
        finished
    }
}

fn login(host: &str, password: &str) -> Json {
    json!({ "auths": { host: { "auth": STANDARD.encode(format!("{USER}:{password}")) } } })
}

#[test]
fn logs_in_with_what_helm_and_docker_have() {
    let registry = Registry::with_login();
    let host = registry.host();
    let (_folder, path) = chart("1.0.0");
    let secret = json!({ "ServerURL": host, "Username": USER, "Secret": PASSWORD }).to_string();
    let helper = json!({ "credHelpers": { &host: "tests" } });
    let wrong = login(&host, "hunter2");
    for (name, logins) in [
        ("docker", Logins::new().write("docker/config.json", &login(&host, PASSWORD))),
        ("helm", Logins::new().write(".config/helm/registry/config.json", &login(&host, PASSWORD))),
        (
            "helm first",
            Logins::new()
                .write(".config/helm/registry/config.json", &login(&host, PASSWORD))
                .write("docker/config.json", &wrong),
        ),
        ("helper", Logins::new().write("docker/config.json", &helper).helper(&secret, 0)),
        (
            "store",
            Logins::new()
                .write("docker/config.json", &json!({ "credsStore": "tests" }))
                .helper(&secret, 0),
        ),
    ] {
        let finished = logins.push(&path, &host);
        assert!(finished.ok(), "{name}: {finished:?}");
        if ["helper", "store"].contains(&name) {
            assert_eq!(fs::read_to_string(logins.0.path().join("asked")).ok(), Some(host.clone()));
        }
    }
    let not_found = "credentials not found in native keychain";
    for (name, logins, told) in [
        ("nothing", Logins::new(), "wants a login, and there are no credentials for it"),
        (
            "wrong",
            Logins::new().write("docker/config.json", &wrong),
            "refuses the user `pusher` or its password",
        ),
        (
            "elsewhere",
            Logins::new().write("docker/config.json", &login("example.com", PASSWORD)),
            "there are no credentials",
        ),
        (
            "not found",
            Logins::new().write("docker/config.json", &helper).helper(not_found, 1),
            "there are no credentials",
        ),
        (
            "broken",
            Logins::new().write("docker/config.json", &helper).helper("hunter2", 1),
            "gives no login",
        ),
        (
            "missing",
            Logins::new().write("docker/config.json", &helper),
            "`docker-credential-tests` cannot be run",
        ),
    ] {
        let finished = logins.push(&path, &host);
        assert_eq!(finished.code, Some(3), "{name}: {finished:?}");
        assert!(
            finished.stderr.contains(told) && finished.stderr.contains("help: "),
            "{name}: {finished:?}"
        );
    }
    let broken = Logins::new().write("docker/config.json", &json!({}));
    fs::write(broken.0.path().join("docker/config.json"), "{hunter2").expect("it is writable");
    assert_eq!(broken.push(&path, &host).code, Some(2));
}

#[test]
fn speaks_tls_unless_told_otherwise() {
    let registry = Registry::with_tls();
    let (_folder, path) = chart("1.0.0");
    let ca = project().join("tests/fixtures/tls/ca.pem");
    let push = |host: &str, args: &[&Path]| {
        let address = format!("oci://{host}/charts");
        run(hzgchart().arg("push").arg(&path).arg(address).args(args))
    };
    let finished = push(&registry.host(), &[Path::new("--ca-file"), &ca]);
    assert!(finished.ok(), "{finished:?}");
    let finished = push(&registry.host(), &[]);
    assert_eq!(finished.code, Some(3), "{finished:?}");
    assert!(
        finished.stderr.contains("no secure connection") && finished.stderr.contains("--ca-file"),
        "{finished:?}"
    );
    let finished = push(&registry.host(), &[Path::new("--ca-file"), &path]);
    assert_eq!(finished.code, Some(2), "{finished:?}");
    let plain = Registry::open();
    let finished = push(&plain.host(), &[]);
    assert_eq!(finished.code, Some(3), "{finished:?}");
    assert!(finished.stderr.contains("--plain-http"), "{finished:?}");
}

/// A registry that takes everything.
fn take(request: &Request) -> Answer {
    match request.method.as_str() {
        "HEAD" => status(404),
        "POST" => Answer::Status(202, vec![("Location", "/v2/upload?x=1".to_owned())], Vec::new()),
        _ => status(201),
    }
}

#[test]
fn gets_a_token_where_the_registry_says() {
    let (_folder, path) = chart("1.0.0");
    for (login, asks) in [
        (json!({ "auth": STANDARD.encode(format!("{USER}:{PASSWORD}")) }), "GET"),
        (json!({ "identitytoken": "hunter2" }), "POST"),
    ] {
        let server = Server::start(|request| {
            let host = request.header("host").unwrap_or_default();
            if request.path.starts_with("/token") {
                return Answer::Status(200, Vec::new(), br#"{"token":"t0ken"}"#.to_vec());
            }
            if request.header("authorization") != Some("Bearer t0ken") {
                let challenge = format!(
                    "Bearer realm=\"http://{host}/token\",service=\"tests\",scope=\"repository:x:pull\""
                );
                return Answer::Status(401, vec![("WWW-Authenticate", challenge)], Vec::new());
            }
            take(request)
        });
        let logins = Logins::new()
            .write("docker/config.json", &json!({ "auths": { server.host(): login } }));
        let finished = logins.push(&path, &server.host());
        assert!(finished.ok(), "{finished:?}");
        let asked = server.asked();
        let tokens: Vec<&Request> = asked.iter().filter(|r| r.path.starts_with("/token")).collect();
        assert_eq!(tokens.len(), 1, "one token is enough");
        assert_eq!(tokens[0].method, asks);
        let scope = "scope=repository%3Acharts%2Fforguncy-k8s-server%3Apull%2Cpush&service=tests";
        if asks == "GET" {
            assert_eq!(tokens[0].path, format!("/token?{scope}"));
            let basic = format!("Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")));
            assert_eq!(tokens[0].header("authorization"), Some(basic.as_str()));
        } else {
            let body = String::from_utf8_lossy(&tokens[0].body).into_owned();
            assert!(body.starts_with(scope) && body.ends_with("&refresh_token=hunter2"), "{body}");
        }
        let archive = fs::read(&path).expect("it was packaged");
        let put =
            asked.iter().find(|r| r.method == "PUT" && r.body == archive).expect("it was sent");
        assert_eq!(put.path, format!("/v2/upload?x=1&digest=sha256%3A{}", sha256_hex(&archive)));
    }
}

/// Pushes to a server, with these arguments more, and tells how it ended.
fn push_to(server: &Server, args: &[&str]) -> Finished {
    let (_folder, path) = chart("1.0.0");
    let login = login(&server.host(), PASSWORD);
    let logins = Logins::new().write("docker/config.json", &login);
    let finished = run(push(&path, &server.host())
        .args(args)
        .env("DOCKER_CONFIG", logins.0.path().join("docker")));
    for text in [&finished.stdout, &finished.stderr] {
        assert!(!text.contains(PASSWORD), "{text}");
    }
    finished
}

#[test]
fn tries_again_what_may_pass() {
    for code in [500, 503, 429] {
        let count = AtomicUsize::new(0);
        let server = Server::start(move |request| {
            if request.method == "POST" && count.fetch_add(1, Ordering::SeqCst) < 2 {
                return Answer::Status(code, vec![("Retry-After", "0".to_owned())], Vec::new());
            }
            take(request)
        });
        let finished = push_to(&server, &[]);
        assert!(finished.ok(), "{finished:?}");
        let posts = server.asked().iter().filter(|request| request.method == "POST").count();
        assert_eq!(posts, 4, "two blobs, and two failures");
    }
}

/// What is asked, what comes of it, how often it is then asked, and what the user is told.
type Trouble = (&'static str, fn() -> Answer, usize, &'static str);

#[test]
fn gives_up_in_the_end_and_says_why() {
    let told =
        br#"{"errors":[{"code":"NAME_UNKNOWN","message":"no project\u001b[31m correct horse"}]}"#;
    let cases: [Trouble; 8] = [
        ("POST", || status(500), TRIES, "it answers 500 (tried 4 times)"),
        ("PUT", || Answer::Close, TRIES, "(tried 4 times)"),
        ("HEAD", || Answer::Silence, TRIES, "did not answer within 1 seconds (tried 4 times)"),
        (
            "POST",
            || Answer::Status(429, vec![("Retry-After", "3600".to_owned())], Vec::new()),
            1,
            "it asks to come back in 3600 seconds",
        ),
        (
            "POST",
            || {
                let date = |hour: u8| format!("Sun, 06 Nov 1994 {hour:02}:49:37 GMT");
                let headers = vec![("Date", date(8)), ("Retry-After", date(9))];
                Answer::Status(503, headers, Vec::new())
            },
            1,
            "it asks to come back in 3600 seconds",
        ),
        ("POST", || status(403), 1, "must be allowed to push to `charts/forguncy-k8s-server`"),
        (
            "POST",
            || Answer::Status(202, Vec::new(), Vec::new()),
            1,
            "does not say where an upload goes",
        ),
        (
            "HEAD",
            || Answer::Status(401, vec![("WWW-Authenticate", "Negotiate".to_owned())], Vec::new()),
            1,
            "does not say how to log in",
        ),
    ];
    for (method, answer, times, message) in cases {
        let server = Server::start(
            move |request| {
                if request.method == method { answer() } else { take(request) }
            },
        );
        let finished = push_to(&server, &["--timeout", "1"]);
        assert_eq!(finished.code, Some(3), "{message}: {finished:?}");
        assert!(
            finished.stderr.contains(message) && finished.stderr.contains("help: "),
            "{message}: {finished:?}"
        );
        let asked = server.asked().iter().filter(|request| request.method == method).count();
        assert_eq!(asked, times, "{message}");
    }
    let body = Arc::new(told.to_vec());
    let server = Server::start(move |request| match request.method.as_str() {
        "POST" => Answer::Status(404, Vec::new(), body.to_vec()),
        _ => take(request),
    });
    let finished = push_to(&server, &[]);
    assert_eq!(finished.code, Some(3), "{finished:?}");
    assert!(finished.stderr.contains("(NAME_UNKNOWN: no project[31m …)"), "{finished:?}");
    assert!(finished.stderr.contains("create the project"), "{finished:?}");
    // Nobody listens there any more.
    let gone = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port is free");
    let (_folder, path) = chart("1.0.0");
    let finished = run(&mut push(&path, &gone.to_string()));
    assert_eq!(finished.code, Some(3), "{finished:?}");
    assert!(finished.stderr.contains("cannot talk to the registry"), "{finished:?}");
}

#[test]
fn sends_no_login_to_where_an_upload_goes_on() {
    let other = Server::start(|_| status(201));
    let elsewhere = format!("http://{}/upload", other.host());
    let server = Server::start(move |request| {
        if request.header("authorization").is_none() {
            return Answer::Status(401, vec![("WWW-Authenticate", "Basic".to_owned())], Vec::new());
        }
        match request.method.as_str() {
            "POST" => Answer::Status(202, vec![("Location", elsewhere.clone())], Vec::new()),
            _ => take(request),
        }
    });
    let finished = push_to(&server, &[]);
    assert!(finished.ok(), "{finished:?}");
    assert_eq!(other.asked().len(), 2);
    assert!(other.asked().iter().all(|request| request.header("authorization").is_none()));
}

/// RFC 3986 lets an address be written in several ways, and RFC 9110 lets `Location` be a relative one.
#[test]
fn follows_an_upload_however_its_address_is_written() {
    for to in ["HTTP://LOCALHOST:@PORT@/v2/up?x=1", "//localhost:@PORT@/v2/up?x=1", "up?x=1"] {
        let server = Server::start(move |request| {
            let challenge = vec![("WWW-Authenticate", "Basic".to_owned())];
            match (request.header("authorization"), request.method.as_str()) {
                (None, _) => Answer::Status(401, challenge, Vec::new()),
                (Some(_), "POST") => {
                    let host = request.header("host").unwrap_or_default();
                    let port = host.rsplit(':').next().unwrap_or_default();
                    let to = to.replace("@PORT@", port);
                    Answer::Status(202, vec![("Location", to)], Vec::new())
                }
                _ => take(request),
            }
        });
        let host = server.host().replace("127.0.0.1", "localhost");
        let (_folder, path) = chart("1.0.0");
        let logins = Logins::new().write("docker/config.json", &login(&host, PASSWORD));
        let finished = logins.push(&path, &host);
        assert!(finished.ok(), "{to}: {finished:?}");
        let asked = server.asked();
        let put = asked.iter().find(|request| request.path.contains("?x=1&digest=sha256%3A"));
        let folder = if to == "up?x=1" { "charts/forguncy-k8s-server/blobs/uploads/" } else { "" };
        let path = put.expect("it was uploaded").path.split('?').next();
        assert_eq!(path, Some(format!("/v2/{folder}up").as_str()));
    }
}

#[test]
fn goes_through_the_proxies_that_helm_would_take_and_names_them() {
    let (_folder, path) = chart("1.0.0");
    let proxy = Server::start(|_| status(407));
    let address = format!("http://me:hunter2@{}", proxy.host());
    let push = |host: &str, variables: &[(&str, &str)]| {
        run(push(&path, host).envs(variables.iter().copied()).args(["--timeout", "5"]))
    };
    let finished = push("registry.example:5000", &[("http_proxy", &address)]);
    assert_eq!(finished.code, Some(3), "{finished:?}");
    let told = format!(
        "cannot talk to the registry `registry.example:5000` through the proxy `http://{}` of `http_proxy`: ",
        proxy.host()
    );
    assert!(finished.stderr.contains(&told) && finished.stderr.contains("407"), "{finished:?}");
    assert!(finished.stderr.contains("NO_PROXY"), "{finished:?}");
    assert!(!finished.stderr.contains("hunter2"), "{finished:?}");
    let asked = proxy.asked();
    assert_eq!(
        (asked[0].method.as_str(), asked[0].path.as_str()),
        ("CONNECT", "registry.example:5000")
    );
    let login = format!("Basic {}", STANDARD.encode("me:hunter2"));
    assert_eq!(asked[0].header("proxy-authorization"), Some(login.as_str()));

    let server = Server::start(take);
    let all =
        [("HTTP_PROXY", address.as_str()), ("HTTPS_PROXY", &address), ("ALL_PROXY", &address)];
    assert!(push(&server.host(), &all).ok(), "loopback addresses need no proxy");
    let direct = [("HTTP_PROXY", address.as_str()), ("NO_PROXY", "a, example:5000")];
    let finished = push("registry.example:5000", &direct);
    assert_eq!(finished.code, Some(3), "there is no such host: {finished:?}");
    assert!(!finished.stderr.contains("through the proxy"), "{finished:?}");
    let finished =
        push("registry.example:5000", &[("HTTP_PROXY", "socks5://me:hunter2@127.0.0.1")]);
    assert_eq!(finished.code, Some(3), "{finished:?}");
    assert!(
        finished.stderr.contains("`HTTP_PROXY` holds no address of an HTTP proxy"),
        "{finished:?}"
    );
    assert_eq!(proxy.asked().len(), asked.len());
}

#[test]
fn pushes_no_chart_that_is_none() {
    let server = Server::start(take);
    let (folder, path) = chart("1.0.0");
    let bad = folder.path().join("bad.tgz");
    fs::write(&bad, "no archive").expect("it is writable");
    let finished = run(&mut push(&bad, &server.host()));
    assert_eq!(finished.code, Some(1), "{finished:?}");
    assert!(finished.stderr.contains("the chart is not pushed"), "{finished:?}");
    assert_eq!(run(&mut push(&folder.path().join("missing.tgz"), &server.host())).code, Some(3));
    for target in ["https://example.com/a", "oci://example.com/A", "oci://me:hunter2@example.com/a"]
    {
        let finished = run(hzgchart().arg("push").arg(&path).arg(target));
        assert_eq!(finished.code, Some(2), "{finished:?}");
        assert!(!finished.stderr.contains("hunter2"), "{finished:?}");
    }
    fs::write(folder.path().join("forguncy-k8s-server-1.0.0.tgz.prov"), "sha256:0")
        .expect("it is writable");
    let finished = run(&mut push(&path, &server.host()));
    assert_eq!(finished.code, Some(2), "{finished:?}");
    assert!(finished.stderr.contains("does not sign the archive beside it"), "{finished:?}");
    assert!(server.asked().is_empty());
}
