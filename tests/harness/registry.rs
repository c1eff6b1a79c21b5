//! A real OCI registry on loopback: Debian's docker-registry.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::{TempDir, tempdir};

use super::process::{command, run};
use super::project;

/// The user whom [`Registry::with_login`] lets in.
pub const USER: &str = "pusher";
/// Its password.
pub const PASSWORD: &str = "correct horse";
/// The password as bcrypt, at its lowest cost.
const HASH: &str = "$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";

/// What asks for a login.
const LOGIN: &str = "auth: {htpasswd: {realm: tests, path: HTPASSWD}}\n";

/// What makes it speak TLS.
fn tls() -> String {
    let folder = project().join("tests/fixtures/tls");
    let folder = folder.display();
    format!(", tls: {{certificate: {folder}/server.pem, key: {folder}/server.key}}")
}

/// A registry that runs as long as this value lives.
pub struct Registry {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Registry {
    /// One that lets everybody in.
    pub fn open() -> Self {
        Self::start("", "")
    }

    /// One that lets [`USER`] in.
    pub fn with_login() -> Self {
        Self::start("", LOGIN)
    }

    /// One that speaks TLS, with a certificate of `tests/fixtures/tls/ca.pem`.
    pub fn with_tls() -> Self {
        Self::start(&tls(), "")
    }

    /// One that speaks TLS and lets [`USER`] in.
    pub fn with_tls_and_login() -> Self {
        Self::start(&tls(), LOGIN)
    }

    fn start(http: &str, more: &str) -> Self {
        let folder = tempdir().expect("the temporary folder is writable");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a port is free").port();
        let (store, users) = (folder.path().join("store"), folder.path().join("htpasswd"));
        fs::write(&users, format!("{USER}:{HASH}\n")).expect("the folder is writable");
        let text = format!(
            "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\n\
             http: {{addr: '127.0.0.1:{port}'{http}}}\n{}",
            store.display(),
            more.replace("HTPASSWD", &users.display().to_string()),
        );
        let file = folder.path().join("config.yml");
        fs::write(&file, text).expect("the folder is writable");
        Self { child: serve(&file, port), port, folder }
    }

    /// Ends it at once, whatever it is doing.
    pub fn kill(&mut self) {
        // It may have ended on its own.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again at the same address, with what it has stored.
    pub fn restart(&mut self) {
        self.kill();
        self.child = serve(&self.folder.path().join("config.yml"), self.port);
    }

    /// Stops its work, or lets it go on: connections are still taken, by the system.
    pub fn freeze(&self, frozen: bool) {
        let signal = if frozen { "-STOP" } else { "-CONT" };
        run(command("kill").args([signal, &self.child.id().to_string()])).success();
    }

    /// The bytes that uploads to a repository have brought and that are no blobs yet; none when there is no upload.
    pub fn uploading(&self, repository: &str) -> Option<u64> {
        let repositories = self.folder.path().join("store/docker/registry/v2/repositories");
        let uploads = fs::read_dir(repositories.join(repository).join("_uploads")).ok()?;
        let sizes = uploads.filter_map(|entry| {
            let data = entry.ok()?.path().join("data");
            Some(fs::metadata(data).map_or(0, |found| found.len()))
        });
        sizes.reduce(|one, other| one + other)
    }

    /// `127.0.0.1:PORT`.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

/// The body of what a registry without a login answers.
pub fn get(host: &str, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(host).expect("the registry runs");
    let accept = "application/vnd.oci.image.manifest.v1+json";
    let request = format!("GET /v2/{path} HTTP/1.0\r\nHost: {host}\r\nAccept: {accept}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("the registry listens");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the registry answers");
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("it has a head");
    assert!(answer.starts_with(b"HTTP/1.0 200"), "{}", String::from_utf8_lossy(&answer));
    answer.split_off(head + 4)
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Starts the program, and waits until it listens.
fn serve(config: &Path, port: u16) -> Child {
    let mut child = command(program())
        .arg("serve")
        .arg(config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the registry starts");
    let deadline = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = child.try_wait().expect("a child can be waited for");
        assert!(ended.is_none() && Instant::now() < deadline, "the registry does not run");
        sleep(Duration::from_millis(20));
    }
    child
}

fn program() -> PathBuf {
    let program = project().join(".tools/registry/docker-registry");
    assert!(program.is_file(), "{} is missing: run scripts/fetch-tools.sh", program.display());
    program
}
