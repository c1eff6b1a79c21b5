//! What was pushed, as `hzgchart push --output-json` told: which digest each chart has.

use std::collections::HashMap;

use serde::Deserialize;

use super::Installation;
use crate::error::Problem;
use crate::source::Location;

/// What is at `HOST/REPOSITORY:TAG`.
#[derive(Debug, Default)]
pub struct Pushed(HashMap<String, Place>);

#[derive(Debug)]
struct Place {
    digest: String,
    /// The archive's; empty where the line does not tell.
    sha256: String,
    /// Whether something else was there before.
    is_replaced: bool,
}

/// A line of it; there is more in it.
#[derive(Deserialize)]
struct Line {
    reference: String,
    digest: String,
    #[serde(default)]
    sha256: String,
}

impl Pushed {
    /// Reads lines of JSON, of which a later one counts more. `name` is what messages call the file.
    ///
    /// # Errors
    /// The first line that is none of `push`.
    pub fn parse(text: &str, name: &str) -> Result<Self, Problem> {
        let mut places: HashMap<String, Place> = HashMap::new();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match serde_json::from_str::<Line>(line) {
                Ok(Line { reference, digest, sha256 }) if is_digest(&digest) => {
                    // The same archive with another signature is the same chart.
                    let is_other = |place: &Place| match sha256.is_empty() {
                        false if !place.sha256.is_empty() => place.sha256 != sha256,
                        _ => place.digest != digest,
                    };
                    let before = places.get(&reference);
                    let is_replaced =
                        before.is_some_and(|place| place.is_replaced || is_other(place));
                    places.insert(reference, Place { digest, sha256, is_replaced });
                }
                _ => {
                    let problem = Problem::new("this line does not tell what was pushed where")
                        .help("`hzgchart push --output-json` prints such lines");
                    let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
                    let source = name.to_owned();
                    return Err(problem.at(Location { source, line, column: 1, text: None }));
                }
            }
        }
        Ok(Self(places))
    }

    /// Gives each installation its digest. `by_version` says that the engine knows a chart by its version alone.
    ///
    /// # Errors
    /// For all whose chart was not pushed, or is another one under a version that was there before, which goes unnoticed then.
    pub fn pin(
        &self,
        installations: &mut [Installation],
        by_version: bool,
    ) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        for installation in installations {
            let Installation { entry, reference, version, .. } = &*installation;
            match self.0.get(&reference.to_string()) {
                None => problems.push(Problem::new(format!(
                    "the chart of `{entry}` was not pushed: there is no `{reference}`"
                ))),
                Some(place) if place.is_replaced && by_version => problems.push(
                    Problem::new(format!(
                        "`{reference}` was pushed twice, with different charts: who has the first would keep it"
                    ))
                    .help(format!("give `{entry}` another version than `{version}`, and push that")),
                ),
                Some(place) => installation.digest.clone_from(&place.digest),
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

fn is_digest(text: &str) -> bool {
    let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    text.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.chars().all(is_hex))
}

#[cfg(test)]
mod tests {
    use super::Pushed;
    use crate::gitops::tests::installation;

    fn line(reference: &str, digit: &str) -> String {
        let digest = digit.repeat(64);
        format!(
            "{{\"reference\": \"{reference}\", \"digest\": \"sha256:{digest}\", \"size\": 1}}\n"
        )
    }

    #[test]
    fn a_later_line_counts_more() {
        let place = "registry.example.com/charts/a:10.0.103_2";
        let text = line(place, "0") + "\n" + &line("other/a:1", "1") + &line(place, "a");
        let mut installations = [installation("a", "", "")];
        let pushed = Pushed::parse(&text, "pushed.json").unwrap();
        pushed.pin(&mut installations, false).unwrap();
        assert_eq!(installations[0].digest, format!("sha256:{}", "a".repeat(64)));
    }

    #[test]
    fn refuses_a_version_with_two_contents_where_only_versions_count() {
        let place = "registry.example.com/charts/a:10.0.103_2";
        for (second, is_refused) in [("a", true), ("0", false)] {
            let mut installations = [installation("a", "", "")];
            let text = line(place, "0") + &line(place, second) + &line(place, second);
            let pushed = Pushed::parse(&text, "pushed.json").unwrap();
            assert_eq!(pushed.pin(&mut installations, true).is_err(), is_refused);
            assert!(pushed.pin(&mut installations, false).is_ok());
        }
    }

    #[test]
    fn the_same_archive_with_another_signature_is_the_same_chart() {
        let place = "registry.example.com/charts/a:10.0.103_2";
        let told = |digit: &str, sha256: &str| {
            line(place, digit).replace("\"size\": 1", &format!("\"sha256\": \"{sha256}\""))
        };
        for (text, is_refused) in [
            (told("0", "x") + &told("a", "x"), false),
            (told("0", "x") + &told("a", "y"), true),
            (told("0", "x") + &line(place, "a"), true),
            (told("0", "x") + &told("a", "y") + &told("b", "y"), true),
        ] {
            let mut installations = [installation("a", "", "")];
            let pushed = Pushed::parse(&text, "pushed.json").unwrap();
            assert_eq!(pushed.pin(&mut installations, true).is_err(), is_refused, "{text}");
        }
    }

    #[test]
    fn refuses_what_was_not_pushed() {
        let mut installations = ["a", "b"].map(|entry| installation(entry, "", ""));
        let problems = Pushed::default().pin(&mut installations, false).unwrap_err();
        assert_eq!(problems.len(), 2);
    }

    #[test]
    fn refuses_lines_that_tell_nothing() {
        for wrong in ["x", "{}", "[]", "null", &line("a", "A"), &line("a", "aa"), &line("a", "")] {
            let error = Pushed::parse(&(line("a", "0") + wrong), "pushed.json").unwrap_err();
            assert!(error.location.is_some_and(|location| location.line == 2), "{wrong}");
        }
    }
}
