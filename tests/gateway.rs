//! A real nginx takes what `hzgchart gateway` prints, and does what it is for: it keeps a client at a node, passes on who asks and
//! websockets, refuses bodies that are too large, and goes to another node when one is gone.
//!
//! The nodes are addresses of loopback with a port of the range that Kubernetes has for them; the gateway's two ports are replaced by
//! free ones.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle, sleep};
use std::time::Duration;

use tempfile::{TempDir, tempdir};

use crate::harness::hzgchart::hzgchart;
use crate::harness::process::{command, run};
use crate::harness::{compositions, project};

const NODES: [&str; 2] = ["127.0.0.1", "127.0.0.2"];

fn nginx(folder: &Path, configuration: &str) -> Command {
    let program = project().join(".tools/nginx/nginx");
    assert!(program.is_file(), "{} is missing: run scripts/fetch-tools.sh", program.display());
    let main = "daemon off;\nmaster_process off;\npid nginx.pid;\nevents {}\nhttp {\naccess_log off;\ninclude gateway.conf;\n}\n";
    fs::write(folder.join("nginx.conf"), main).expect("the folder is writable");
    fs::write(folder.join("gateway.conf"), configuration).expect("the folder is writable");
    let mut nginx = command(program);
    nginx.arg("-p").arg(folder).args(["-e", "stderr", "-c", "nginx.conf"]);
    nginx
}

fn configuration(args: &[&str]) -> String {
    run(hzgchart().arg("gateway").args(args)).success()
}

/// The same for ports that are free here. `nginx -t` opens them, too.
fn on_ports(configuration: &str, ports: [u16; 2]) -> String {
    let listen = |port: u16| format!("listen 127.0.0.1:{port} ");
    let text = configuration
        .replace("listen 80 ", &listen(ports[0]))
        .replace("listen 22345 ", &listen(ports[1]));
    assert_eq!(text.matches("listen 127.0.0.1:").count(), 2, "{text}");
    let own = |port: u16| format!("listen [::1]:{port} ");
    text.replace("listen [::]:80 ", &own(ports[0])).replace("listen [::]:22345 ", &own(ports[1]))
}

fn free_ports() -> [u16; 2] {
    let listeners = [0, 0].map(|port| TcpListener::bind(("127.0.0.1", port)).expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("it is bound").port())
}

/// A node: it answers each request with its own address and the request's head.
struct Node {
    address: &'static str,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Node {
    fn start(address: &'static str, listener: TcpListener) -> Self {
        listener.set_nonblocking(true).expect("a socket can be asked without waiting");
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                match listener.accept() {
                    Ok((stream, _)) => answer(stream, address),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        sleep(Duration::from_millis(2))
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        });
        Self { address, stop, thread: Some(thread) }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // What it has to say it said already.
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: TcpStream, address: &str) {
    stream.set_nonblocking(false).expect("a socket can wait");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("not zero");
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        head.extend(byte);
    }
    let body = format!("{address}\n{}", String::from_utf8_lossy(&head));
    let length = body.len();
    // The gateway may have gone.
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
}

/// Two nodes on one port, and the gateway before them.
struct Site {
    nodes: Vec<Node>,
    ports: [u16; 2],
    nginx: Child,
    _folder: TempDir,
}

impl Site {
    fn start(set: &str) -> Self {
        Self::before(NODES, set)
    }

    fn before(names: [&'static str; 2], set: &str) -> Self {
        let (node_port, listeners) = (30000..32768)
            .find_map(|port| {
                let bind = |address| TcpListener::bind((address, port)).ok();
                Some((port, [bind(names[0])?, bind(names[1])?]))
            })
            .expect("a free port");
        let nodes: Vec<Node> = names
            .into_iter()
            .zip(listeners)
            .map(|(address, listener)| Node::start(address, listener))
            .collect();
        let set = format!(
            "--set=forguncy.service.type=NodePort,forguncy.service.nodePort={node_port}{set}"
        );
        let text = configuration(&["--node", names[0], "--node", names[1], &set]);
        let folder = tempdir().expect("the temporary folder is writable");
        let ports = free_ports();
        let mut start = nginx(folder.path(), &on_ports(&text, ports));
        let nginx = start.stderr(Stdio::null()).spawn().expect("nginx runs");
        let site = Self { nodes, ports, nginx, _folder: folder };
        for _ in 0..500 {
            if TcpStream::connect(("127.0.0.1", site.ports[1])).is_ok() {
                return site;
            }
            sleep(Duration::from_millis(20));
        }
        panic!("nginx does not listen")
    }

    /// Asks one of the gateway's ports; the whole answer.
    fn ask(&self, port: u16, request: &str) -> String {
        Self::ask_at("127.0.0.1", port, request)
    }

    fn ask_at(address: &str, port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect((address, port)).expect("nginx listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("not zero");
        stream.write_all(request.as_bytes()).expect("nginx reads");
        let mut answer = Vec::new();
        // A server that refuses a body may close before it is all sent.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, port: u16) -> String {
        self.ask(port, "GET /app HTTP/1.1\r\nHost: hzg.example.com:8080\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.nginx.kill();
        let _ = self.nginx.wait();
    }
}

/// The node that answered.
fn node(answer: &str) -> &str {
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    body.lines().next().unwrap_or_default()
}

#[test]
fn nginx_takes_it_for_every_configuration() {
    let folder = tempdir().expect("the temporary folder is writable");
    let nodes = ["--node=10.0.0.1", "--node=fd00::1", "--node=[fd00::2]", "--node=localhost"];
    let node_port = "--set=forguncy.service.type=NodePort,forguncy.service.nodePort=31999";
    for given in compositions() {
        for more in [
            "",
            ",ingress.maxBodySize=",
            ",ingress.maxBodySize=8589934591g",
            ",ingress.maxBodySize=0k,ingress.timeoutSeconds=86400",
        ] {
            let set = format!("{node_port}{more}");
            let text = run(hzgchart().arg("gateway").args(nodes).args(&given).arg(set)).success();
            let finished = run(nginx(folder.path(), &on_ports(&text, free_ports())).arg("-t"));
            assert!(finished.ok(), "{given:?}{more}: {}\n{text}", finished.stderr);
            assert!(!finished.stderr.contains("[warn]"), "{}", finished.stderr);
        }
    }
}

#[test]
fn a_client_stays_at_a_node_until_that_is_gone() {
    let mut site = Site::start("");
    let first = node(&site.get(site.ports[0])).to_owned();
    for request in 0..20 {
        let answer = site.get(site.ports[request % 2]);
        assert_eq!(node(&answer), first, "{answer}");
    }
    site.nodes.retain(|node| node.address != first);
    let other = node(&site.get(site.ports[0])).to_owned();
    assert!(other != first && NODES.contains(&other.as_str()), "{other}");
}

#[test]
fn a_node_learns_who_asks_for_what() {
    let site = Site::start("");
    let answer = site.get(site.ports[0]);
    for line in [
        "GET /app HTTP/1.1",
        "Host: hzg.example.com:8080",
        "X-Real-IP: 127.0.0.1",
        "X-Forwarded-For: 203.0.113.9, 127.0.0.1",
        "Connection: close",
    ] {
        assert!(answer.lines().any(|found| found == line), "no `{line}`:\n{answer}");
    }
    let answer = site.ask(site.ports[0], "GET /app HTTP/1.0\r\n\r\n");
    let own = format!("Host: 127.0.0.1:{}", site.ports[0]);
    assert!(answer.lines().any(|found| found == own), "no `{own}`:\n{answer}");
    let upgrade =
        "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n";
    let answer = site.ask(site.ports[1], upgrade);
    for line in ["Upgrade: websocket", "Connection: upgrade"] {
        assert!(answer.lines().any(|found| found == line), "no `{line}`:\n{answer}");
    }
}

#[test]
fn clients_come_by_ipv6_where_a_node_is_reached_so() {
    let site = Site::before(["127.0.0.1", "::1"], "");
    for port in site.ports {
        let answer = Site::ask_at("::1", port, "GET /app HTTP/1.0\r\n\r\n");
        let own = format!("Host: [::1]:{port}");
        assert!(answer.lines().any(|found| found == own), "no `{own}`:\n{answer}");
    }
}

#[test]
fn a_body_may_be_as_large_as_the_values_say() {
    let site = Site::start(",ingress.maxBodySize=1k");
    let post = |size: usize| {
        let body = "x".repeat(size);
        site.ask(site.ports[0], &format!("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n{body}"))
    };
    assert!(post(1024).starts_with("HTTP/1.1 200 "));
    assert!(post(1025).starts_with("HTTP/1.1 413 "));
}

#[test]
fn says_what_is_missing() {
    for (args, message) in [
        (
            &["--node=a"][..],
            "error: forguncy.service.nodePort: is 0: Kubernetes would choose the port, and the gateway must know it\n",
        ),
        (
            &["--node=a", "--set=forguncy.service.type=ClusterIP"],
            "error: forguncy.service.type: is ClusterIP",
        ),
        (
            &["--node=a b;", "--node=$x", "--preset=nfs"],
            "error: --node: expected a node's address or name, found `a b;`\n",
        ),
        (
            &["--node=10.0.0.1:32666", "--preset=nfs"],
            "error: --node: expected a node's address or name, found `10.0.0.1:32666`\n  help: leave out `:32666`",
        ),
        (&["--node=a", "--node=a", "--preset=nfs"], "error: --node: `a` is given twice\n"),
        (
            &["--preset=nfs"],
            "error: the following required arguments were not provided:\n  --node <ADDRESS>\n",
        ),
    ] {
        let finished = run(hzgchart().arg("gateway").args(args));
        assert_eq!((finished.code, finished.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(finished.stderr.starts_with(message), "{args:?}: {}", finished.stderr);
    }
}
