//! One request to the registry, with what it takes to be let in; what goes wrong is put into words here.

use std::error::Error as _;
use std::io;

use serde_json::Value as Json;
use ureq::http::{self, HeaderMap, Request, Response};
use ureq::{AsSendBody, Body};

use crate::error::Problem;

use super::address::Origin;
use super::attempts::Failure;
use super::challenge::Challenge;
use super::credentials::Credentials;
use super::proxy::Via;
use super::reference::Reference;
use super::retry_after;
use super::token;
use super::transport::Transport;

/// So much of an answer is read, in bytes.
const MAX_ANSWER: u64 = 1 << 20;

/// So much of what a registry says is shown, in characters.
const MAX_SHOWN: usize = 300;

/// A registry, and what it is told of us.
pub struct Client {
    transport: Transport,
    reference: Reference,
    credentials: Option<Credentials>,
    /// The `Authorization` that was accepted last.
    authorization: Option<String>,
}

/// What a registry answers.
pub struct Reply {
    /// The status.
    pub status: u16,
    headers: HeaderMap,
    /// The body, or its beginning.
    pub body: Vec<u8>,
}

impl Reply {
    /// A header that is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Client {
    /// A client that has asked nothing yet.
    pub fn new(
        transport: Transport,
        reference: Reference,
        credentials: Option<Credentials>,
    ) -> Self {
        Self { transport, reference, credentials, authorization: None }
    }

    /// Where the chart goes.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The host, as messages call it.
    pub fn host(&self) -> String {
        format!("`{}`", self.reference.host)
    }

    /// `https://registry.example.com:5000`.
    pub fn origin(&self) -> String {
        let scheme = if self.transport.plain_http { "http" } else { "https" };
        format!("{scheme}://{}", self.reference.api_host())
    }

    /// The address of something in the repository.
    pub fn url(&self, path: &str) -> String {
        format!("{}/v2/{}/{path}", self.origin(), self.reference.repository)
    }

    /// Asks, and asks once more with credentials when the registry wants them. A body comes with its media type.
    ///
    /// # Errors
    /// When no answer comes, or the registry lets nobody in; every other answer is one.
    pub fn send(
        &mut self,
        method: &str,
        url: &str,
        body: Option<(&str, &[u8])>,
    ) -> Result<Reply, Failure> {
        // An upload may go on elsewhere, and nobody there needs to know who we are.
        let is_ours = self.is_ours(url);
        let authorization = self.authorization.clone().filter(|_| is_ours);
        let reply = self.ask(method, url, body, authorization.as_deref())?;
        if reply.status != 401 || !is_ours {
            return Ok(reply);
        }
        let headers = reply.headers.get_all("www-authenticate").iter();
        let mut challenges = headers.filter_map(|header| Challenge::parse(header.to_str().ok()?));
        let Some(challenge) = challenges.next() else {
            return Err(self.refused(&reply, "lets nobody in and does not say how to log in"));
        };
        let authorization = match challenge {
            Challenge::Basic => match &self.credentials {
                Some(credentials) => credentials.basic().ok_or_else(|| self.not_let_in())?,
                None => return Err(self.not_let_in()),
            },
            Challenge::Bearer { realm, service } => {
                format!("Bearer {}", token::fetch(self, &realm, service.as_deref())?)
            }
        };
        let reply = self.ask(method, url, body, Some(&authorization))?;
        if reply.status == 401 {
            return Err(self.not_let_in());
        }
        self.authorization = Some(authorization);
        Ok(reply)
    }

    /// What is known of the user.
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// Whether it is the registry itself that is asked at an address.
    pub fn is_ours(&self, url: &str) -> bool {
        Origin::of(url).is_some_and(|origin| Origin::of(&self.origin()) == Some(origin))
    }

    /// Whether something secret may be sent to an address.
    pub fn is_safe(&self, url: &str) -> bool {
        Origin::of(url).is_some_and(|origin| match origin.scheme.as_str() {
            "https" => true,
            "http" => self.transport.plain_http,
            _ => false,
        })
    }

    /// Asks once.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn ask(
        &self,
        method: &str,
        url: &str,
        body: Option<(&str, &[u8])>,
        authorization: Option<&str>,
    ) -> Result<Reply, Failure> {
        let mut request = Request::builder().method(method).uri(url);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let via = self.transport.proxies.choose(url).map_err(Failure::Final)?;
        let answered = match body {
            Some((media, bytes)) => {
                self.run(request.header("content-type", media).body(bytes), via.as_ref())
            }
            None => self.run(request.body(()), via.as_ref()),
        };
        let answered = answered.and_then(|mut response| {
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let body = match method {
                "HEAD" => Vec::new(),
                _ => match response.body_mut().with_config().limit(MAX_ANSWER).read_to_vec() {
                    // An answer that is too long is no manifest's or token's, and its status is known.
                    Err(ureq::Error::BodyExceedsLimit(_)) => Vec::new(),
                    read => read?,
                },
            };
            Ok(Reply { status, headers, body })
        });
        answered.map_err(|error| self.unanswered(&error, via.as_ref()))
    }

    fn run(
        &self,
        request: Result<Request<impl AsSendBody>, http::Error>,
        via: Option<&Via>,
    ) -> Result<Response<Body>, ureq::Error> {
        let agent = &self.transport.agent;
        let proxy = via.map(|via| via.proxy.clone());
        agent.run(agent.configure_request(request?).proxy(proxy).build())
    }

    /// Why no answer came.
    fn unanswered(&self, error: &ureq::Error, via: Option<&Via>) -> Failure {
        let host = match via {
            Some(via) => format!("{} through the proxy {via}", self.host()),
            None => self.host(),
        };
        let seconds = self.transport.timeout.as_secs();
        let problem = match error {
            ureq::Error::Timeout(_) => Problem::new(format!(
                "the registry {host} did not answer within {seconds} seconds"
            ))
            .help("try again later, or wait longer with `--timeout SECONDS`"),
            error if via.is_some() && !is_tls(error) => {
                Problem::new(format!("cannot talk to the registry {host}: {}", reason(error)))
                    .help("check the proxy; `NO_PROXY` names the hosts that need none")
            }
            ureq::Error::HostNotFound => Problem::new(format!("there is no host {host} to be found"))
                .help("check the address, and the name server"),
            error if is_tls(error) => {
                return Failure::Final(
                    Problem::new(format!("no secure connection to {host}: {}", reason(error)))
                        .help("a certificate of your own needs `--ca-file FILE`; a registry without TLS needs `--plain-http`"),
                );
            }
            error => Problem::new(format!("cannot talk to the registry {host}: {}", reason(error)))
                .help("check the address and that the registry runs; one without TLS needs `--plain-http`"),
        };
        Failure::Passing(problem, None)
    }

    /// Nobody is let in with what is known.
    pub fn not_let_in(&self) -> Failure {
        let host = &self.reference.host;
        let (message, help) = match &self.credentials {
            None => (
                format!("the registry `{host}` wants a login, and there are no credentials for it"),
                format!("log in: `helm registry login {host}` or `docker login {host}`"),
            ),
            Some(credentials) => (
                format!("the registry `{host}` refuses {}", credentials.shown()),
                format!("log in anew: `helm registry login {host}` or `docker login {host}`"),
            ),
        };
        Failure::Final(Problem::new(message).help(help))
    }

    /// Why an answer is not the one that was hoped for.
    pub fn refused(&self, reply: &Reply, what: &str) -> Failure {
        let status = reply.status;
        let mut message = format!("the registry {} {what}: it answers {status}", self.host());
        let told = self.told(&reply.body);
        if !told.is_empty() {
            message.push_str(&format!(" ({told})"));
        }
        let problem = Problem::new(message);
        match status {
            408 | 429 | 500 | 502..=504 => {
                let asked = reply
                    .header("retry-after")
                    .and_then(|asked| retry_after::parse(asked, reply.header("date")));
                let problem = problem.help("the registry is busy or broken: try again later");
                Failure::Passing(problem, asked)
            }
            _ => {
                let repository = &self.reference.repository;
                Failure::Final(problem.help(match status {
                    300..=399 => "push to the address that it points to".to_owned(),
                    401 | 403 => format!("whoever is logged in must be allowed to push to `{repository}`"),
                    404 => format!("create the project or the repository `{repository}` first, or check the path"),
                    413 => "something before the registry limits the size of uploads".to_owned(),
                    405 => "the registry is read-only, or no registry".to_owned(),
                    _ => "the registry's own log tells more".to_owned(),
                }))
            }
        }
    }

    /// What a registry says of an error: its own words in one line, without what must not be shown.
    fn told(&self, body: &[u8]) -> String {
        let Ok(json) = serde_json::from_slice::<Json>(body) else { return String::new() };
        let errors = json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let text = |error: &Json, key: &str| error[key].as_str().unwrap_or_default().to_owned();
        let told: Vec<String> = errors
            .iter()
            .take(3)
            .map(|error| format!("{}: {}", text(error, "code"), text(error, "message")))
            .collect();
        let mut told: String =
            told.join("; ").chars().filter(|c| !c.is_control()).take(MAX_SHOWN).collect();
        let bearer = self.authorization.as_deref().and_then(|text| text.split(' ').nth(1));
        let secrets = self.credentials.iter().flat_map(Credentials::secrets);
        for secret in secrets.chain(bearer.map(str::to_owned)).filter(|secret| !secret.is_empty()) {
            told = told.replace(&secret, "…");
        }
        told
    }
}

/// Whether a connection failed since the other side could not be trusted or speaks no TLS.
fn is_tls(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => true,
        ureq::Error::Io(error) => {
            error.kind() == io::ErrorKind::InvalidData
                || error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>())
        }
        _ => false,
    }
}

/// The words of the innermost error.
fn reason(error: &ureq::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    text.chars().filter(|c| !c.is_control()).take(MAX_SHOWN).collect()
}
