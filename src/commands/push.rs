//! `hzgchart push`: a packaged chart to an OCI registry.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{check, gather, inputs, print};
use crate::archive::sha256_hex;
use crate::cli::PushArgs;
use crate::error::{Error, Problem};
use crate::inspect;
use crate::product::{self, Pushed};
use crate::provenance;
use crate::registry::{
    Artifact, Configuration, Credentials, Lookup, Proxies, Reference, Setting, Transport, ask,
    digest, push,
};
use crate::validate::Outcome;

pub(super) fn run(args: &PushArgs, out: &mut dyn Write, talk: &mut dyn Write) -> Result<u8, Error> {
    let mut problems = Vec::new();
    let waivers = gather(check::allowed(&args.allow), &mut problems)?.unwrap_or_default();
    let archive = gather(inspect::archive(&args.chart), &mut problems)?;
    let (name, version) = archive.as_ref().map_or(("chart", "0.0.0"), |archive| {
        match (archive.text("name"), archive.text("version")) {
            // What is wrong with them is among the findings.
            ("", _) | (_, "") => ("chart", "0.0.0"),
            found => found,
        }
    });
    let reference = Reference::parse(&args.target, name, version).map_err(Error::from);
    let reference = gather(reference, &mut problems)?;
    let ca = match &args.ca_file {
        Some(path) => Some((inputs::name(path), inputs::read(path)?)),
        None => None,
    };
    let transport = gather(
        Transport::new(Setting {
            plain_http: args.plain_http,
            ca,
            proxies: Proxies::new(|name| env::var(name).ok()),
            timeout: Duration::from_secs(args.timeout),
        }),
        &mut problems,
    )?;
    let (Some(archive), Some(reference), Some(transport), true) =
        (archive, reference, transport, problems.is_empty())
    else {
        return Err(Error::Invalid(problems));
    };
    let mut outcome =
        Outcome { findings: archive.inspected.findings.clone(), ..Outcome::default() };
    outcome.checked.charts = 1;
    if !check::pass(outcome, &waivers, "the chart is not pushed", talk) {
        return Ok(1);
    }
    if archive.text("name").is_empty() || archive.text("version").is_empty() {
        let message = format!("`{}` has no name and version to push", args.chart.display());
        return Err(Problem::new(message)
            .help("`hzgchart validate` of it tells what is wrong")
            .into());
    }
    let provenance = read_provenance(&args.chart, &sha256_hex(&archive.bytes))?;
    let credentials = credentials(&reference)?;
    let artifact = Artifact::new(archive, provenance);
    push(&artifact, &reference, credentials, transport)?;
    let text = if args.output_json {
        product::line(&Pushed::new(&reference, &artifact))
    } else {
        format!("Pushed: {reference}\nDigest: {}\n", digest(&artifact.manifest))
    };
    print(out, &text)?;
    Ok(0)
}

/// The provenance file that lies beside the archive, if one does.
fn read_provenance(chart: &Path, sha256: &str) -> Result<Option<Vec<u8>>, Error> {
    let path = provenance::path_of(chart);
    let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
    let is_of_it = String::from_utf8_lossy(&bytes).contains(sha256);
    if bytes.len() > provenance::MAX_SIZE || !is_of_it {
        let problem =
            Problem::new(format!("`{}` does not sign the archive beside it", path.display()));
        return Err(problem.help("sign the archive as it is now, or delete the file").into());
    }
    Ok(Some(bytes))
}

/// The login at a registry: what Helm has of it, or else Docker.
fn credentials(reference: &Reference) -> Result<Option<Credentials>, Error> {
    for path in [helm_configuration(), docker_configuration()].into_iter().flatten() {
        let Some(bytes) = read_if_there(&path)? else { continue };
        let name = path.display().to_string();
        for lookup in Configuration::parse(&bytes, &name)?.find(&reference.host) {
            let found = match lookup {
                Lookup::Stored(credentials) => Some(credentials),
                Lookup::Helper(program, address) => ask(&program, &address)?,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
    }
    Ok(None)
}

/// Where `helm registry login` writes: <https://helm.sh/docs/helm/helm/>, `HELM_REGISTRY_CONFIG` and the default paths.
fn helm_configuration() -> Option<PathBuf> {
    if let Some(path) = variable("HELM_REGISTRY_CONFIG") {
        return Some(path);
    }
    let folder = variable("HELM_CONFIG_HOME").or_else(|| {
        let home = || env::home_dir().filter(|home| !home.as_os_str().is_empty());
        match env::consts::OS {
            "windows" => variable("APPDATA").map(|folder| folder.join("helm")),
            "macos" => home().map(|home| home.join("Library/Preferences/helm")),
            _ => variable("XDG_CONFIG_HOME")
                .or_else(|| home().map(|home| home.join(".config")))
                .map(|folder| folder.join("helm")),
        }
    });
    folder.map(|folder| folder.join("registry/config.json"))
}

/// Where `docker login` writes.
fn docker_configuration() -> Option<PathBuf> {
    let folder =
        variable("DOCKER_CONFIG").or_else(|| env::home_dir().map(|home| home.join(".docker")));
    folder.map(|folder| folder.join("config.json"))
}

fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| value != OsStr::new("")).map(PathBuf::from)
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(source) => Err(Error::Io { action: "read", path: path.to_owned(), source }),
    }
}
