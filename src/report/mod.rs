//! Reports: a verdict in the form that a person, a program or a CI service reads.

mod github;
mod json;
mod junit;
mod sarif;
mod text;

pub use json::schema;
pub(crate) use text::{BLUE, BOLD, GREEN, RED, YELLOW, count};
pub use text::{Style, finding as finding_text};

use std::path::PathBuf;
use std::str::FromStr;

use crate::error::Problem;
use crate::suggest::nearest;
use crate::verdict::Verdict;

/// A report's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: the findings with the lines they are about, and a summary.
    Text,
    /// For programs: `docs/report.schema.json` describes it.
    Json,
    /// [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), which GitHub and editors show.
    Sarif,
    /// JUnit's XML, which CI services show as tests: one for each rule.
    Junit,
    /// [GitHub's workflow commands](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands):
    /// annotations in a pull request.
    Github,
}

/// The formats and what `--format` calls them.
const FORMATS: [(&str, Format); 5] = [
    ("text", Format::Text),
    ("json", Format::Json),
    ("sarif", Format::Sarif),
    ("junit", Format::Junit),
    ("github", Format::Github),
];

/// One `--format`: a format, and the file to write it to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The format.
    pub format: Format,
    /// The file; none is stdout.
    pub file: Option<PathBuf>,
}

/// Reads `text` or `sarif=out.sarif`.
impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err(format!("`{text}` names no file behind the `=`")),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        match FORMATS.iter().find(|(known, _)| *known == name) {
            Some((_, format)) => Ok(Self { format: *format, file }),
            None => Err(match nearest(name, FORMATS.iter().map(|(known, _)| *known)) {
                Some(near) => format!("there is no format `{name}`, did you mean `{near}`?"),
                None => format!(
                    "there is no format `{name}`; the formats are text, json, sarif, junit and github"
                ),
            }),
        }
    }
}

/// What a report needs to know beside the verdict.
#[derive(Clone, Debug)]
pub struct Setting {
    /// How to draw text.
    pub style: Style,
    /// Whether warnings count as errors.
    pub strict: bool,
    /// The file that findings without a place belong to: services show nothing that is in no file.
    pub subject: Option<String>,
}

/// Writes a verdict in a format.
pub fn write(verdict: &Verdict, format: Format, setting: &Setting) -> String {
    match format {
        Format::Text => text::write(verdict, setting),
        Format::Json => json::write(verdict, setting),
        Format::Sarif => sarif::write(verdict, setting),
        Format::Junit => junit::write(verdict, setting),
        Format::Github => github::write(verdict, setting),
    }
}

/// Checks that no two reports go to one place.
///
/// # Errors
/// A problem that names the place.
pub fn check_targets(targets: &[Target]) -> Result<(), Problem> {
    for (i, target) in targets.iter().enumerate() {
        if targets[..i].iter().any(|earlier| earlier.file == target.file) {
            let place = match &target.file {
                Some(file) => format!("`{}`", file.display()),
                None => "standard output".to_owned(),
            };
            return Err(Problem::new(format!("two reports go to {place}"))
                .help("give one of them a file: `--format sarif=out.sarif`"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Format, Target, check_targets};

    #[test]
    fn reads_formats_with_and_without_a_file() {
        let target: Target = "sarif=a=b.sarif".parse().unwrap();
        assert_eq!((target.format, target.file), (Format::Sarif, Some("a=b.sarif".into())));
        assert_eq!("text".parse::<Target>().unwrap().file, None);
    }

    #[test]
    fn refuses_unknown_formats_and_empty_files() {
        let error = |text: &str| text.parse::<Target>().unwrap_err();
        assert_eq!(error("sarf"), "there is no format `sarf`, did you mean `sarif`?");
        assert!(error("xml").ends_with("text, json, sarif, junit and github"));
        assert_eq!(error("json="), "`json=` names no file behind the `=`");
    }

    #[test]
    fn refuses_two_reports_to_one_place() {
        let targets =
            |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<_>>();
        assert!(check_targets(&targets(&["text", "json=a", "sarif=b"])).is_ok());
        let problem = check_targets(&targets(&["text", "json"])).unwrap_err();
        assert_eq!(problem.message, "two reports go to standard output");
    }
}
