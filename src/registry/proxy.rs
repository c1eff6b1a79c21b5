//! Which proxy leads to an address: by the rules of Go, and so of Helm
//! ([httpproxy](https://pkg.go.dev/golang.org/x/net/http/httpproxy)), which know no `ALL_PROXY`.

use std::fmt;
use std::net::IpAddr;

use ureq::{Proxy, ProxyProtocol};

use super::address::Origin;
use crate::error::Problem;

/// The proxies that are named by the environment. They have no `Debug`: an address may hold a password.
pub struct Proxies {
    http: Option<Named>,
    https: Option<Named>,
    exceptions: Vec<Exception>,
}

/// A variable's name and value.
type Named = (&'static str, String);

/// What `NO_PROXY` names.
enum Exception {
    All,
    /// So many first bits of an address.
    Network(IpAddr, u32),
    Address(IpAddr, Option<u16>),
    /// All that ends so, and the domain without its dot when `is_whole`.
    Domain {
        suffix: String,
        is_whole: bool,
        port: Option<u16>,
    },
}

/// A proxy, and the variable that names it.
pub(super) struct Via {
    pub(super) proxy: Proxy,
    variable: &'static str,
}

/// Without the user and the password.
impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = self.proxy.protocol().to_string().to_lowercase();
        let (host, port) = (self.proxy.host(), self.proxy.port());
        write!(f, "`{protocol}://{host}:{port}` of `{}`", self.variable)
    }
}

impl Proxies {
    /// Reads variables.
    pub fn new(variable: impl Fn(&str) -> Option<String>) -> Self {
        let first = |names: [&'static str; 2]| {
            let values = names.into_iter().filter_map(|name| Some((name, variable(name)?)));
            values.into_iter().find(|(_, value)| !value.is_empty())
        };
        let exceptions = first(["NO_PROXY", "no_proxy"]).map_or_else(Vec::new, |(_, list)| {
            list.split(',').filter_map(|entry| Exception::parse(entry.trim())).collect()
        });
        Self {
            http: first(["HTTP_PROXY", "http_proxy"]),
            https: first(["HTTPS_PROXY", "https_proxy"]),
            exceptions,
        }
    }

    /// The proxy for an address, if it is to be asked through one.
    pub(super) fn choose(&self, url: &str) -> Result<Option<Via>, Problem> {
        let Some(origin) = Origin::of(url) else { return Ok(None) };
        let named = match origin.scheme.as_str() {
            "https" => &self.https,
            _ => &self.http,
        };
        let Some((variable, value)) = named.as_ref().filter(|_| !self.is_direct(&origin)) else {
            return Ok(None);
        };
        let url = if value.contains("://") { value.clone() } else { format!("http://{value}") };
        let speaks_http =
            |proxy: &Proxy| matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https);
        match Proxy::new(&url).ok().filter(speaks_http) {
            Some(proxy) => Ok(Some(Via { proxy, variable })),
            None => Err(Problem::new(format!("`{variable}` holds no address of an HTTP proxy"))
                .help("write `http://HOST:PORT`; `NO_PROXY` names the hosts that need none")),
        }
    }

    fn is_direct(&self, origin: &Origin) -> bool {
        let host = origin.host.trim_matches(['[', ']']);
        let address = address(host);
        host == "localhost"
            || address.is_some_and(|address| address.is_loopback())
            || self.exceptions.iter().any(|exception| match exception {
                Exception::All => true,
                Exception::Network(network, bits) => {
                    address.is_some_and(|address| is_within(address, *network, *bits))
                }
                Exception::Address(known, port) => {
                    address == Some(*known) && (port.is_none() || *port == origin.port)
                }
                Exception::Domain { suffix, is_whole, port } => {
                    address.is_none()
                        && (host.ends_with(suffix) || *is_whole && host == &suffix[1..])
                        && (port.is_none() || *port == origin.port)
                }
            })
    }
}

impl Exception {
    /// Reads an entry; what is none counts for nothing, as in Go.
    fn parse(entry: &str) -> Option<Self> {
        if entry == "*" {
            return Some(Self::All);
        }
        if let Some((network, bits)) = entry.split_once('/')
            && let (Some(network), Ok(bits)) = (address(network), bits.parse())
        {
            return Some(Self::Network(network, bits));
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
                (host, Some(port).filter(|port| !port.is_empty()))
            }
            _ => (entry, None),
        };
        let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
        let port = port.map(str::parse).transpose().ok()?;
        if let Some(address) = address(&host) {
            return Some(Self::Address(address, port));
        }
        let host = host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(&host);
        let (suffix, is_whole) = match host.starts_with('.') {
            true => (host.to_owned(), false),
            false => (format!(".{host}"), true),
        };
        (!host.is_empty()).then_some(Self::Domain { suffix, is_whole, port })
    }
}

/// An IPv4 address is the same when it is written as an IPv6 one.
fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

fn is_within(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let differing = match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            (address.to_bits() ^ network.to_bits()).leading_zeros()
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            (address.to_bits() ^ network.to_bits()).leading_zeros()
        }
        _ => return false,
    };
    differing >= bits
}

#[cfg(test)]
mod tests {
    use super::Proxies;

    /// How an address is asked in an environment: directly, through a proxy, or what is wrong.
    fn way(variables: &[(&str, &str)], url: &str) -> String {
        let value = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        match Proxies::new(value).choose(url) {
            Ok(via) => via.map_or_else(|| "direct".to_owned(), |via| via.to_string()),
            Err(problem) => problem.to_string(),
        }
    }

    const REGISTRY: &str = "https://r.example.com/v2/";

    #[test]
    fn takes_the_variable_of_the_scheme() {
        for (variables, url, expected) in [
            (&[("HTTPS_PROXY", "http://p:3128")][..], REGISTRY, "`http://p:3128` of `HTTPS_PROXY`"),
            (&[("https_proxy", "p:3128")], REGISTRY, "`http://p:3128` of `https_proxy`"),
            (
                &[("HTTPS_PROXY", ""), ("https_proxy", "https://me:hunter2@p")],
                REGISTRY,
                "`https://p:443` of `https_proxy`",
            ),
            (&[("HTTPS_PROXY", "http://p")], "http://r.example.com/", "direct"),
            (&[("HTTP_PROXY", "http://p")], REGISTRY, "direct"),
            (&[("HTTP_PROXY", "p")], "http://r.example.com/", "`http://p:80` of `HTTP_PROXY`"),
            (&[("ALL_PROXY", "http://p")], REGISTRY, "direct"),
        ] {
            assert_eq!(way(variables, url), expected, "{variables:?} {url}");
        }
    }

    #[test]
    fn asks_directly_what_go_asks_directly() {
        let is_direct = |none: &str, url: &str| {
            let proxy = "http://p:3128";
            way(&[("HTTP_PROXY", proxy), ("HTTPS_PROXY", proxy), ("NO_PROXY", none)], url)
                == "direct"
        };
        for (none, url) in [
            ("", "http://localhost:5000/"),
            ("", "http://127.0.0.5/"),
            ("", "https://[::1]:5000/"),
            ("*", REGISTRY),
            ("a, * ,b", REGISTRY),
            ("other,  R.example.com", REGISTRY),
            ("example.com", REGISTRY),
            (".example.com", REGISTRY),
            ("*.example.com", REGISTRY),
            ("example.com:443", REGISTRY),
            ("example.com:", REGISTRY),
            ("10.0.0.5", "https://10.0.0.5/"),
            ("10.0.0.5:443", "https://10.0.0.5/"),
            ("10.0.0.0/8", "https://10.200.0.5:5000/"),
            ("0.0.0.0/0", "https://10.200.0.5/"),
            ("fd00::5", "https://[fd00::5]/"),
            ("[fd00::5]:443", "https://[fd00::5]/"),
            ("fd00::/16", "https://[fd00::5]/"),
        ] {
            assert!(is_direct(none, url), "{none} {url}");
        }
        for (none, url) in [
            ("", REGISTRY),
            ("xample.com", REGISTRY),
            ("a.r.example.com", REGISTRY),
            (".r.example.com", REGISTRY),
            ("example.com:444", REGISTRY),
            ("example.com:x", REGISTRY),
            ("10.0.0.5:80", "https://10.0.0.5/"),
            ("10.0.0.0/9", "https://10.200.0.5/"),
            ("0.0.0.5", "https://10.0.0.5/"),
            ("::/0", "https://10.0.0.5/"),
            (",:,[],/,*x", REGISTRY),
        ] {
            assert!(!is_direct(none, url), "{none} {url}");
        }
    }

    #[test]
    fn refuses_a_proxy_that_it_cannot_speak_to_and_shows_nothing_of_it() {
        for bad in
            ["socks5://me:hunter2@p:1080", "http://me:hunter2@", "hunter2 x", "ftp://hunter2"]
        {
            let told = way(&[("HTTPS_PROXY", bad)], REGISTRY);
            assert!(told.starts_with("`HTTPS_PROXY` holds no address of an HTTP proxy"), "{told}");
            assert!(!told.contains("hunter2"), "{told}");
            assert_eq!(way(&[("HTTPS_PROXY", bad), ("NO_PROXY", "*")], REGISTRY), "direct");
        }
    }
}
