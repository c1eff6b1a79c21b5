//! Versions as Helm reads them: loosely (`NewVersion` of Masterminds/semver), where SemVer is strict.

use semver::Version;

use crate::chart::version::derive;

/// What a text is to Helm.
#[derive(Debug, PartialEq, Eq)]
pub enum Reading {
    /// SemVer 2.
    Strict,
    /// Helm completes it to this version.
    Loose(String),
    /// No version.
    Refused,
}

/// Reads a version as Helm does: up to three numbers, an optional `v`, leading zeros.
pub fn read(text: &str) -> Reading {
    if Version::parse(text).is_ok() {
        return Reading::Strict;
    }
    let rest = text.strip_prefix('v').unwrap_or(text);
    let (rest, build) = match rest.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (rest, None),
    };
    let (numbers, pre) = match rest.split_once('-') {
        Some((numbers, pre)) => (numbers, Some(pre)),
        None => (rest, None),
    };
    let number = |part: &str| match part.bytes().all(|b| b.is_ascii_digit()) {
        true => part.parse::<u64>().ok(),
        false => None,
    };
    let Some(mut parts) = numbers.split('.').map(number).collect::<Option<Vec<u64>>>() else {
        return Reading::Refused;
    };
    if parts.len() > 3 {
        return Reading::Refused;
    }
    parts.resize(3, 0);
    let mut version = parts.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
    for (sign, part) in [('-', pre), ('+', build)] {
        if let Some(part) = part {
            version.push(sign);
            version.push_str(part);
        }
    }
    if Version::parse(&version).is_ok() { Reading::Loose(version) } else { Reading::Refused }
}

/// A version as Helm reads it, to be compared; `None` when it is none.
pub fn parse(text: &str) -> Option<Version> {
    match read(text) {
        Reading::Strict => Version::parse(text).ok(),
        Reading::Loose(version) => Version::parse(&version).ok(),
        Reading::Refused => None,
    }
}

/// What to write instead of a text that is no version.
pub fn instead(text: &str) -> String {
    let help = match derive("", Some(text), None) {
        Ok((versions, _)) if versions.app_version == versions.version.to_string() => {
            return format!("write `version: {}`", versions.version);
        }
        Ok((versions, _)) => {
            return format!(
                "write `version: {}` and keep the product's own version in `appVersion: \"{}\"`",
                versions.version, versions.app_version
            );
        }
        Err(problem) => problem.help,
    };
    help.filter(|help| help.starts_with("did you mean"))
        .unwrap_or_else(|| "write three numbers, such as `version: 10.0.3`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Reading, instead, read};

    /// Each was tried with Helm 3.17.3 and 4.1.4.
    #[test]
    fn reads_versions_as_helm_does() {
        for strict in ["10.0.3", "10.0.3+0", "10.0.3-0", "0.0.0", "1.2.3-rc.1+b.2"] {
            assert_eq!(read(strict), Reading::Strict, "{strict}");
        }
        for (loose, version) in [
            ("10", "10.0.0"),
            ("v10.0.3", "10.0.3"),
            ("010.0.3", "10.0.3"),
            ("2024-01-01", "2024.0.0-01-01"),
        ] {
            assert_eq!(read(loose), Reading::Loose(version.to_owned()), "{loose}");
        }
        for bad in [
            "10.0.3.0",
            "1.0.0-01",
            " 1.2.3",
            "1.",
            "1.2.3+a_b",
            "1.2.3-",
            "true",
            "latest",
            "",
            "1.2.99999999999999999999",
            "V1.2.3",
            "1.2.3+",
            "-1",
        ] {
            assert_eq!(read(bad), Reading::Refused, "{bad}");
        }
    }

    #[test]
    fn says_what_to_write_for_four_parts() {
        assert_eq!(
            instead("10.0.3.0"),
            "write `version: 10.0.3` and keep the product's own version in `appVersion: \"10.0.3.0\"`"
        );
        assert_eq!(instead("latest"), "write three numbers, such as `version: 10.0.3`");
    }
}
