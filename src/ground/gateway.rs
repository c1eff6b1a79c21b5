//! The configuration of nginx that the vendor's guide recommends before a cluster: one entrance for all nodes, and each client
//! kept at one of them.
//!
//! Its text is `gateway.conf` with `gateway-server.conf` in it twice, once for applications and once for the console.

use std::fmt;
use std::net::IpAddr;

use crate::error::Problem;
use crate::values::Values;
use crate::values::service::ServiceType;

/// The ports of the gateway, which are the guide's.
const APPLICATIONS: u16 = 80;
const CONSOLE: u16 = 22345;

/// A node of the cluster, as nginx writes it before a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// By address.
    Address(IpAddr),
    /// By name, which nginx looks up once, when it starts.
    Name(String),
}

impl Node {
    /// Reads an address, IPv6 with or without brackets, or a host name. Nothing that it takes has a meaning for nginx.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = bare.parse() {
            return Ok(Self::Address(address));
        }
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        // A name of digits alone is an address that was mistyped.
        let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '.');
        if text.len() <= 253 && !is_number && text.split('.').all(is_label) {
            return Ok(Self::Name(text.to_owned()));
        }
        let found = format!("expected a node's address or name, found `{}`", text.escape_debug());
        let problem = Problem::new(found).path("--node");
        Err(match text.rsplit_once(':') {
            Some((node, port)) if Self::parse(node).is_ok() && port.parse::<u16>().is_ok() => {
                problem
                    .help(format!("leave out `:{port}`: the port is `forguncy.service.nodePort`"))
            }
            _ => problem.help("write `10.0.0.1`, `fd00::1` or `node-1.example.com`"),
        })
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
            Self::Address(IpAddr::V4(address)) => write!(f, "{address}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// The configuration, for the nodes in this order. The largest body and the time to wait are those of the values' `ingress`.
///
/// # Errors
/// That the nodes have no port, or none that is known before the installation; that a node is given twice.
pub fn configuration(values: &Values, nodes: &[Node]) -> Result<String, Problem> {
    let service = &values.forguncy.service;
    let fixed =
        "choose one: `--set forguncy.service.type=NodePort,forguncy.service.nodePort=32666`";
    if service.kind == ServiceType::ClusterIP {
        return Err(Problem::new("is ClusterIP: the nodes have no port for the gateway")
            .path("forguncy.service.type")
            .help(fixed));
    }
    if service.node_port == 0 {
        return Err(Problem::new(
            "is 0: Kubernetes would choose the port, and the gateway must know it",
        )
        .path("forguncy.service.nodePort")
        .help(fixed));
    }
    if let Some((_, twice)) =
        nodes.iter().enumerate().find(|(at, node)| nodes[..*at].contains(node))
    {
        return Err(Problem::new(format!("`{twice}` is given twice"))
            .path("--node")
            .help("name each node once"));
    }
    let lines = nodes.iter().map(|node| format!("    server {node}:{};", service.node_port));
    let body = &values.ingress.max_body_size;
    if !is_counted(body) {
        return Err(Problem::new("is more than nginx can count")
            .path("ingress.maxBodySize")
            .help("write `0` for no limit"));
    }
    let limit = match body.is_empty() {
        true => String::new(),
        false => format!("    client_max_body_size {body};\n"),
    };
    // Where a node is reached by IPv6, clients may come by it. A machine without it could not open the port.
    let is_v6 = |node: &Node| matches!(node, Node::Address(IpAddr::V6(_)));
    let listen = match nodes.iter().any(is_v6) {
        true => "    listen [::]:@PORT@ default_server;\n",
        false => "",
    };
    let server = |port: u16| {
        include_str!("gateway-server.conf")
            .trim_end()
            .replace("@LISTEN6@\n", listen)
            .replace("@PORT@", &port.to_string())
            .replace("@LIMIT@\n", &format!("{limit}\n"))
            .replace("@TIMEOUT@", &values.ingress.timeout_seconds.to_string())
    };
    Ok(include_str!("gateway.conf")
        .replace("@NODES@", &lines.collect::<Vec<_>>().join("\n"))
        .replace("@APPLICATIONS@", &server(APPLICATIONS))
        .replace("@CONSOLE@", &server(CONSOLE)))
}

/// Whether nginx can hold a size, which it does as 64 bits with a sign (`ngx_parse_offset`).
fn is_counted(size: &str) -> bool {
    let digits = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match size.as_bytes().last() {
        Some(b'k' | b'K') => 1 << 10,
        Some(b'm' | b'M') => 1 << 20,
        Some(b'g' | b'G') => 1 << 30,
        _ => 1,
    };
    size.is_empty()
        || digits.parse::<i64>().ok().and_then(|number| number.checked_mul(unit)).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{Node, configuration};
    use crate::error::Problem;
    use crate::node::Node as Tree;
    use crate::values::Values;

    fn of(change: impl Fn(&mut Json), nodes: &[&str]) -> Result<String, Problem> {
        let mut values = Values::default().to_json();
        values["forguncy"]["service"]["type"] = json!("NodePort");
        values["forguncy"]["service"]["nodePort"] = json!(32666);
        change(&mut values);
        let nodes: Vec<Node> =
            nodes.iter().map(|node| Node::parse(node).expect("a node")).collect();
        configuration(&Values::from_node(&Tree::from_json(&values)).expect("good values"), &nodes)
    }

    #[test]
    fn names_the_nodes_with_their_port() {
        let text = of(|_| {}, &["10.0.0.2", "fd00::1", "[fd00::2]", "node-1.lan"]).expect("good");
        let lines: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("    server ")).collect();
        assert_eq!(
            lines,
            ["10.0.0.2:32666;", "[fd00::1]:32666;", "[fd00::2]:32666;", "node-1.lan:32666;"]
        );
        assert_eq!(
            text.matches("    listen [::]:80 default_server;\n    client_max_body_size 1g;\n\n")
                .count(),
            1
        );
        assert_eq!(text.matches("    listen 22345 default_server;\n").count(), 1);
        assert_eq!(text.matches("proxy_read_timeout 600s;").count(), 2);
        assert!(!text.contains('@'), "{text}");
    }

    #[test]
    fn takes_body_and_time_from_the_ingress() {
        let text = of(
            |v| {
                v["ingress"]["maxBodySize"] = json!("2048m");
                v["ingress"]["timeoutSeconds"] = json!(1800);
            },
            &["10.0.0.2"],
        );
        let text = text.expect("good");
        assert!(!text.contains("[::]"), "the gateway may have no IPv6: {text}");
        assert_eq!(text.matches("client_max_body_size 2048m;").count(), 2);
        assert_eq!(text.matches("proxy_read_timeout 1800s;").count(), 2);
        let text = of(|v| v["ingress"]["maxBodySize"] = json!(""), &["10.0.0.2"]).expect("good");
        assert!(!text.contains("client_max_body_size"), "{text}");
    }

    #[test]
    fn refuses_a_body_that_nginx_cannot_count() {
        let body = |body: &str| of(|v| v["ingress"]["maxBodySize"] = json!(body), &["a"]);
        for good in ["0", "9223372036854775807", "8589934591G", "1k"] {
            assert!(body(good).is_ok(), "refused {good}");
        }
        for bad in ["9223372036854775808", "8589934592g", "99999999999999999999"] {
            assert_eq!(body(bad).expect_err(bad).path, "ingress.maxBodySize");
        }
    }

    #[test]
    fn needs_a_port_that_is_known() {
        let zero =
            of(|v| v["forguncy"]["service"]["nodePort"] = json!(0), &["a"]).expect_err("no port");
        assert_eq!(zero.path, "forguncy.service.nodePort");
        let inside = |v: &mut Json| {
            v["forguncy"]["service"] = json!({"type": "ClusterIP", "port": 80, "nodePort": 0,
            "externalTrafficPolicy": "", "loadBalancerClass": "", "sessionAffinity": {"enabled": true, "timeoutSeconds": 1}})
        };
        assert_eq!(of(inside, &["a"]).expect_err("no port").path, "forguncy.service.type");
    }

    #[test]
    fn refuses_a_node_twice_however_it_is_written() {
        let error = of(|_| {}, &["fd00::1", "a", "[fd00:0::1]"]).expect_err("twice");
        assert_eq!(error.message, "`[fd00::1]` is given twice");
    }

    #[test]
    fn refuses_what_nginx_could_take_for_something_else() {
        for bad in [
            "",
            "a b",
            "a;",
            "a{",
            "$host",
            "a#",
            "'a'",
            "unix:/x",
            "a\n",
            "-a",
            "10.0.0.256",
            "1",
            "[a]",
            "a..b",
            "é",
            "a_b/",
            "*",
        ] {
            assert!(Node::parse(bad).is_err(), "took {bad:?}");
        }
        let help = Node::parse("10.0.0.1:32666").expect_err("a port").help;
        assert_eq!(
            help.as_deref(),
            Some("leave out `:32666`: the port is `forguncy.service.nodePort`")
        );
    }
}
