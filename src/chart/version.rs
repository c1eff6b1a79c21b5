//! The chart's two versions: SemVer for Helm, and the product's own four parts for people.
//!
//! Helm refuses `10.0.3.0` as a chart version, so the product's version is mapped:
//!
//! | image tag or `--version` | chart version | appVersion |
//! |---|---|---|
//! | `10.0.3.0`, `v10.0.3.0` (tag only) | `10.0.3` | `10.0.3.0` |
//! | `10.0.3` | `10.0.3` | `10.0.3` |
//! | `10.0.103.2` | `10.0.103+2`, with a warning: SemVer does not order build metadata | `10.0.103.2` |
//! | `10.0.3.0-arm64`, `10.0.3.0-linux-amd64` | `10.0.3`: the platform is no version | `10.0.3.0` |
//! | `10.0.3.0-rc.1` | `10.0.3-rc.1`; for a tag with a warning: Helm hides pre-releases | `10.0.3.0-rc.1` |
//! | `10`, `10.0` | refused: a tag that moves | |
//! | `latest`, none, `010.0.3` | refused | |

use semver::{BuildMetadata, Prerelease, Version};

use crate::error::Problem;

/// What `version` and `appVersion` of the chart are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartVersion {
    /// The chart's version, by which Helm orders charts.
    pub version: Version,
    /// The product's version, exactly as the vendor writes it.
    pub app_version: String,
}

/// The longest tag an OCI registry takes, in characters; Helm pushes a chart under its version.
const MAX_LENGTH: usize = 128;

/// Derives both versions and what there is to warn about.
///
/// `tag` is the forguncy image's tag, `version` and `app_version` what the user asked for. The
/// appVersion is, in this order: the one asked for, the tag's, a four-part `version`, the tag as
/// it stands, the chart's version.
///
/// # Errors
/// When `version` or, without one, the tag is no version, or `app_version` no word.
pub fn derive(
    tag: &str,
    version: Option<&str>,
    app_version: Option<&str>,
) -> Result<(ChartVersion, Vec<String>), Problem> {
    let mut warnings = Vec::new();
    let tagged = Product::parse(tag.strip_prefix('v').unwrap_or(tag));
    let mut asked = None;
    let chart_version = match (version, &tagged) {
        (Some(text), _) => match parse(text)? {
            Parsed::SemVer(version) => version,
            Parsed::Product(product) => {
                asked = Some(product.text.clone());
                product.chart_version(&mut warnings)
            }
        },
        (None, Some(product)) => {
            let version = product.chart_version(&mut warnings);
            if !version.pre.is_empty() {
                warnings.push(format!(
                    "the image tag `{tag}` makes `{version}` a pre-release, which Helm skips without \
                     `--devel`; pass `--version` to choose another"
                ));
            }
            version
        }
        (None, None) => return Err(refuse_tag(tag)),
    };
    let app_version = match (app_version, tagged, asked) {
        (Some(text), _, _) => text.to_owned(),
        (None, Some(product), _) => product.text,
        (None, None, Some(text)) => text,
        (None, None, None) => {
            let text = if tag.is_empty() { chart_version.to_string() } else { tag.to_owned() };
            warnings.push(format!(
                "the image tag does not tell the product's version, so appVersion is `{text}`; \
                 pass `--app-version` to say it"
            ));
            text
        }
    };
    check_app_version(&app_version)?;
    Ok((ChartVersion { version: chart_version, app_version }, warnings))
}

/// Checks a chart version that the user wrote: SemVer, or the product's four parts.
///
/// # Errors
/// When it is neither; the help names the nearest version that is.
pub fn check(version: &str) -> Result<(), Problem> {
    parse(version).map(drop)
}

/// Checks an appVersion: any word that can be an image's tag, or more, but nothing that could not be shown in a line.
///
/// # Errors
/// When it is empty, holds blanks or control characters, or has more than 128 characters, as many as a tag.
pub fn check_app_version(text: &str) -> Result<(), Problem> {
    if (1..=MAX_LENGTH).contains(&text.chars().count())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
    {
        return Ok(());
    }
    Err(Problem::new(format!("`{}` is no appVersion", text.escape_debug())).help(
        "write the product's version in up to 128 characters without blanks, such as `10.0.3.0`",
    ))
}

/// A version that the user wrote.
enum Parsed {
    SemVer(Version),
    Product(Product),
}

fn parse(text: &str) -> Result<Parsed, Problem> {
    if text.len() <= MAX_LENGTH {
        if let Ok(version) = Version::parse(text) {
            return Ok(Parsed::SemVer(version));
        }
        if let Some(product) = Product::parse(text) {
            return Ok(Parsed::Product(product));
        }
    }
    let problem = Problem::new(format!("`{}` is no version", text.escape_debug()));
    Err(match nearest(text) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("use SemVer, `10.0.3`, or the product's four parts, `10.0.3.0`"),
    })
}

/// Completes what is nearly a version: `v10.0` to `10.0.0`, `010.0.3` to `10.0.3`.
fn nearest(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    let (numbers, rest) = text.split_at(text.find(['-', '+']).unwrap_or(text.len()));
    let mut parts: Vec<&str> = numbers
        .split('.')
        .map(|part| match part.trim_start_matches('0') {
            "" if !part.is_empty() => "0",
            trimmed => trimmed,
        })
        .collect();
    parts.resize(parts.len().max(3), "0");
    let near = parts.join(".") + rest;
    (near.len() <= MAX_LENGTH && (Version::parse(&near).is_ok() || Product::parse(&near).is_some()))
        .then_some(near)
}

fn refuse_tag(tag: &str) -> Problem {
    let message = if tag.is_empty() {
        "the forguncy image has no tag to take the chart's version from".to_owned()
    } else {
        format!("the image tag `{}` tells no version for the chart", tag.escape_debug())
    };
    Problem::new(message).help("pass `--version`, such as `--version 10.0.3.0`")
}

/// A version of the product: three or four numbers, and perhaps what follows a dash.
struct Product {
    /// As written, without the platform.
    text: String,
    numbers: [u64; 4],
    pre: Prerelease,
}

/// What image tags end in to name a platform, which is no part of a version.
const PLATFORMS: [&str; 7] = ["amd64", "arm64", "arm64v8", "aarch64", "x86_64", "x64", "arm"];

impl Product {
    fn parse(text: &str) -> Option<Self> {
        let text = without_platform(text);
        let (numbers, suffix) = match text.split_once('-') {
            Some((numbers, suffix)) => (numbers, Some(suffix)),
            None => (text, None),
        };
        let parts: Vec<u64> = numbers.split('.').map(number).collect::<Option<_>>()?;
        let numbers = match parts[..] {
            [a, b, c] => [a, b, c, 0],
            [a, b, c, d] => [a, b, c, d],
            _ => return None,
        };
        let pre = match suffix {
            Some("") => return None,
            Some(suffix) => Prerelease::new(suffix).ok()?,
            None => Prerelease::EMPTY,
        };
        (text.len() <= MAX_LENGTH).then(|| Self { text: text.to_owned(), numbers, pre })
    }

    fn chart_version(&self, warnings: &mut Vec<String>) -> Version {
        let [major, minor, patch, fourth] = self.numbers;
        let mut version = Version { pre: self.pre.clone(), ..Version::new(major, minor, patch) };
        if fourth != 0 {
            version.build =
                BuildMetadata::new(&fourth.to_string()).expect("a number is legal build metadata");
            warnings.push(format!(
                "the chart's version is `{version}`, but SemVer does not order what follows `+`: \
                 Helm cannot tell which build of {major}.{minor}.{patch} is newer"
            ));
        }
        version
    }
}

fn without_platform(text: &str) -> &str {
    let cut = |word: &str| text.strip_suffix(word).and_then(|rest| rest.strip_suffix('-'));
    let Some(rest) = PLATFORMS.iter().find_map(|platform| cut(platform)) else { return text };
    rest.strip_suffix("-linux").unwrap_or(rest)
}

/// A number as SemVer writes it: no sign, no leading zero.
fn number(part: &str) -> Option<u64> {
    let plain = part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
    if plain { part.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{ChartVersion, check, check_app_version, derive};

    fn derived(tag: &str, version: Option<&str>) -> (String, String, usize) {
        let (ChartVersion { version, app_version }, warnings) = derive(tag, version, None).unwrap();
        (version.to_string(), app_version, warnings.len())
    }

    #[test]
    fn maps_image_tags_to_chart_versions() {
        let cases = [
            ("10.0.3.0", "10.0.3", "10.0.3.0", 0),
            ("10.0.103.0", "10.0.103", "10.0.103.0", 0),
            ("10.0.3", "10.0.3", "10.0.3", 0),
            ("v10.0.3.0", "10.0.3", "10.0.3.0", 0),
            ("v10.0.3", "10.0.3", "10.0.3", 0),
            ("10.0.103.2", "10.0.103+2", "10.0.103.2", 1),
            ("10.0.3.0-arm64", "10.0.3", "10.0.3.0", 0),
            ("10.0.3.0-linux-x86_64", "10.0.3", "10.0.3.0", 0),
            ("10.0.3.0-rc.1", "10.0.3-rc.1", "10.0.3.0-rc.1", 1),
            ("10.0.103.2-hf1-arm64", "10.0.103-hf1+2", "10.0.103.2-hf1", 2),
        ];
        for (tag, version, app_version, warnings) in cases {
            assert_eq!(
                derived(tag, None),
                (version.to_owned(), app_version.to_owned(), warnings),
                "{tag}"
            );
        }
    }

    #[test]
    fn refuses_tags_that_tell_no_version_and_names_the_flag() {
        let tags = [
            "latest",
            "stable",
            "",
            "10",
            "10.0",
            "010.0.3",
            "10.0.3.00",
            "10.0.3.0.1",
            "10..3",
            "-1.0.0",
            "10.0.3.",
            "10.0.3-",
            "10.0.3.0-a_b",
            "10.0.3.0-01",
            "+1.0.0",
            "1.0.18446744073709551616",
            "1.0.0.18446744073709551616",
            "10.0.3.0+1",
            "vv1.0.0",
            "1.0.x",
            "１.0.0",
            " 1.0.0",
            "arm64",
            "-arm64",
        ];
        for tag in tags {
            let problem = derive(tag, None, None).unwrap_err();
            assert!(problem.help.unwrap().contains("--version"), "{tag:?}");
        }
        let message = derive("latest", None, None).unwrap_err().message;
        assert_eq!(message, "the image tag `latest` tells no version for the chart");
    }

    #[test]
    fn takes_semver_or_four_parts_from_the_user() {
        assert_eq!(
            derived("latest", Some("10.0.103.2")),
            ("10.0.103+2".into(), "10.0.103.2".into(), 1)
        );
        assert_eq!(derived("latest", Some("10.0.3.0")), ("10.0.3".into(), "10.0.3.0".into(), 0));
        assert_eq!(
            derived("10.0.3.0", Some("1.2.3-rc.1+b")),
            ("1.2.3-rc.1+b".into(), "10.0.3.0".into(), 0)
        );
        assert_eq!(derived("latest", Some("1.2.3")), ("1.2.3".into(), "latest".into(), 1));
        assert_eq!(derived("", Some("1.2.3")), ("1.2.3".into(), "1.2.3".into(), 1));
        assert_eq!(derived("10.0.3.0", Some("10.0.103.0")).1, "10.0.3.0");
    }

    #[test]
    fn prefers_the_app_version_asked_for() {
        let (version, warnings) = derive("latest", Some("1.0.0"), Some("10.0.3.0")).unwrap();
        assert_eq!((version.app_version.as_str(), warnings.len()), ("10.0.3.0", 0));
        let long = "a".repeat(129);
        for text in ["", "1\n", "1 0", "1\0", long.as_str()] {
            assert!(derive("10.0.3.0", None, Some(text)).is_err(), "{text:?}");
            assert!(check_app_version(text).is_err());
        }
        assert!(check_app_version("1.0.0+b_c-d").is_ok());
    }

    #[test]
    fn suggests_the_version_that_was_meant() {
        let help = |text: &str| check(text).unwrap_err().help.unwrap();
        assert_eq!(help("v10.0.3"), "did you mean `10.0.3`?");
        assert_eq!(help("10.0"), "did you mean `10.0.0`?");
        assert_eq!(help("10"), "did you mean `10.0.0`?");
        assert_eq!(help("010.0.3.00"), "did you mean `10.0.3.0`?");
        for text in ["", "latest", "1.0.0.0.0", "1.0.0-01", "1.0.0+", "99999999999999999999.0.0"] {
            assert!(help(text).starts_with("use SemVer"), "{text:?}");
        }
        assert!(check(&format!("1.0.0-{}", "a".repeat(123))).is_err());
        assert!(check(&format!("1.0.0-{}", "a".repeat(122))).is_ok());
    }
}
