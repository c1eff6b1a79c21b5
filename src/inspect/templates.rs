//! templates/ and crds/: what Helm parses, renders and lints there.

use crate::rules::{CRD_FILE, CRD_KIND, Rule, TEMPLATE_FILE, TEMPLATE_REMOVED, TEMPLATE_SYNTAX};
use crate::source::{Origin, SourceId, Sources};
use crate::suggest::nearest;

use super::actions::{Action, Token, actions};
use super::blocks;
use super::contents::Chart;
use super::functions;
use super::pipelines;
use super::report::{Place, Report};
use super::verdict::{Answer, Verdict};
use super::yaml::{self, Kind};

/// Checks the templates and the CRDs of a chart.
pub fn check(chart: &Chart<'_>, report: &mut Report) {
    // No finding needs the text of a template once it is put into words.
    let sources = std::mem::take(&mut report.sources);
    for (path, bytes) in chart.below("templates/") {
        template(&chart.path(path), path, bytes, report);
        report.sources = Sources::default();
    }
    report.sources = sources;
    let is_chart = chart.whole && chart.get("Chart.yaml").is_some();
    if is_chart && chart.below("templates/").next().is_none() {
        folder(chart, report);
    }
    for (path, bytes) in chart.below("crds/") {
        if [".yaml", ".yml", ".json"].iter().any(|ending| path.ends_with(ending)) {
            crd(&chart.path(path), bytes, report);
        }
    }
}

/// No templates: Helm renders nothing.
fn folder(chart: &Chart<'_>, report: &mut Report) {
    let path = chart.path("templates");
    if chart.get("templates").is_some() {
        let verdict = Verdict::of(Answer::TAKES, Answer::LINT);
        let what = "`templates` is a file, not a folder";
        let help = "put the templates into a folder of that name";
        report.fault(&TEMPLATE_FILE, Place::File(&path), verdict, what, help);
    } else if !report.dependency {
        let what = "the chart has no templates/, and installs nothing";
        let help = "add templates, or make it `type: library`";
        report.fault(&TEMPLATE_FILE, Place::File(&path), Verdict::TAKEN, what, help);
    }
}

fn template(shown: &str, path: &str, bytes: &[u8], report: &mut Report) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rfind('.').map_or("", |at| &name[at..]);
    let hidden = path.strip_prefix("templates/").is_some_and(|rest| rest.starts_with('.'));
    if hidden {
        let what = "a hidden file, which Helm renders like any template when it is packed";
        let help = "delete it from the archive: `helm package` leaves it out";
        report.fault(&TEMPLATE_FILE, Place::File(shown), Verdict::TAKEN, what, help);
    } else if ![".yaml", ".yml", ".tpl", ".txt"].contains(&ending) {
        let what = "a file that does not end in .yaml, .yml, .tpl or .txt, which Helm renders as a manifest all the same";
        let help = "move it out of templates/";
        report.fault(&TEMPLATE_FILE, Place::File(shown), Verdict::LINT, what, help);
    }
    let text = String::from_utf8_lossy(bytes);
    let mut faults = Faults { path: shown, text: &text, source: None, left: MAX_FAULTS, report };
    match actions(&text) {
        Err(unclosed) => {
            let what = format!("{} begins here and is not closed", unclosed.what);
            let help =
                "close it: `}}` for an action, `*/}}` for a comment, the same quote for a text";
            faults.add(&TEMPLATE_SYNTAX, unclosed.at, Verdict::REFUSED, &what, help);
        }
        Ok(actions) => {
            blocks::check(&actions, &mut faults);
            words(&actions, &mut faults);
            if faults.left == MAX_FAULTS {
                pipelines::check(&text, &actions, &mut faults);
            }
            let rendered = !name.starts_with('_') && name != "NOTES.txt";
            if actions.is_empty() && rendered {
                plain(shown, path, bytes, ending, report);
            }
        }
    }
}

/// So many faults of one template are told.
const MAX_FAULTS: usize = 10;

/// Reports faults of one template.
pub(super) struct Faults<'r> {
    path: &'r str,
    text: &'r str,
    /// The text among the sources, once a fault points into it.
    source: Option<SourceId>,
    left: usize,
    report: &'r mut Report,
}

impl Faults<'_> {
    /// Reports a fault at a byte.
    pub fn add(
        &mut self,
        rule: &'static Rule,
        byte: usize,
        verdict: Verdict,
        what: &str,
        help: &str,
    ) {
        let Some(left) = self.left.checked_sub(1) else { return };
        self.left = left;
        if self.report.is_full(rule) {
            return self.report.fault(rule, Place::Whole, verdict, what, help);
        }
        let before = &self.text[..byte];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let source = match self.source {
            Some(source) => source,
            None => self.report.add_source(self.path, self.text.to_owned()),
        };
        self.source = Some(source);
        let origin = Origin { source, line: number(line), column: number(column) };
        self.report.fault(rule, Place::At(origin), verdict, what, help);
    }
}

/// A template without actions is its own output, so that its YAML can be read.
fn plain(shown: &str, path: &str, bytes: &[u8], ending: &str, report: &mut Report) {
    let lint = |is_linted: bool| Answer { lints: !is_linted, installs: false };
    let hidden = path.starts_with("templates/.");
    let (three, four) = (ending == ".yaml", matches!(ending, ".yaml" | ".yml"));
    let refused = Verdict::of(lint(three && !hidden), lint(four && !hidden));
    let kind = Kind { invalid: &TEMPLATE_SYNTAX, odd: &TEMPLATE_FILE, refused, later: refused };
    let read = yaml::read(shown, bytes, kind, report);
    for node in
        read.documents.iter().filter(|node| node.origin.is_some() && node.as_map().is_none())
    {
        let place = node.origin.map_or(Place::File(shown), Place::At);
        let what = format!("expected an object, found {}", node.value.kind());
        report.fault(&TEMPLATE_SYNTAX, place, refused, what, "move the file out of templates/");
    }
}

/// Looks for names that one of the Helms does not have, and for such as cannot be names.
fn words(actions: &[Action<'_>], faults: &mut Faults<'_>) {
    actions.iter().for_each(|action| words_of(action, faults));
}

fn words_of(action: &Action<'_>, faults: &mut Faults<'_>) {
    for Token { at, text, .. } in &action.tokens {
        if let Some((behind, sign)) = bad_character(&faults.text[*at..], text) {
            let what = format!("`{}` cannot stand in or right behind a name", sign.escape_debug());
            let help = "names have letters, digits and `_`: write `index .Values \"a-b\"` for another key, and blanks around signs";
            faults.add(&TEMPLATE_SYNTAX, at + behind, Verdict::REFUSED, &what, help);
            // What follows is no word of its own.
            return;
        }
        match *text {
            "mustToYaml" => {
                let what = "the function `mustToYaml`, which Helm 3 does not have";
                let verdict = Verdict::of(Answer::REFUSES, Answer::TAKES);
                faults.add(&TEMPLATE_SYNTAX, *at, verdict, what, "use `toYaml`");
            }
            "mustToToml" => {
                let what = "the function `mustToToml`, which Helm before 4.2 does not have";
                faults.add(&TEMPLATE_SYNTAX, *at, Verdict::REFUSED, what, "use `toToml`");
            }
            "env" | "expandenv" => {
                let what = format!("the function `{text}`, which Helm does not have");
                let help = "bring the value with `--set`";
                faults.add(&TEMPLATE_SYNTAX, *at, Verdict::REFUSED, &what, help);
            }
            ".Release.Time" => {
                let what = "`.Release.Time`, which is gone since Helm 3 and gives nothing";
                let verdict = Verdict::of(Answer::LINT, Answer::TAKES);
                faults.add(&TEMPLATE_REMOVED, *at, verdict, what, "use `now`");
            }
            word if word.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                let name = word.split('.').next().unwrap_or(word);
                if !functions::exists(name) && !functions::is_keyword(name) {
                    let what = format!("the function `{name}`, which Helm does not have");
                    let near = nearest(name, functions::FUNCTIONS.iter().copied());
                    let help = match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "a field begins with a dot, a text stands in quotes".to_owned(),
                    };
                    faults.add(&TEMPLATE_SYNTAX, *at, Verdict::REFUSED, &what, &help);
                }
            }
            _ => {}
        }
    }
}

/// The character that makes a name of a field, a variable or a function none, and where it stands: none that ends a name
/// (`atTerminator` in `text/template/parse`).
fn bad_character(text: &str, token: &str) -> Option<(usize, char)> {
    let mut chars = token.chars();
    let first = chars.next().filter(|c| c.is_alphabetic() || matches!(c, '_' | '.' | '$'))?;
    // A number may begin with a dot.
    if first == '.' && chars.next().is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    let dollar = token.char_indices().skip(1).find(|(_, c)| *c == '$');
    dollar.or_else(|| {
        let rest = &text[token.len()..];
        let next = rest.chars().next().filter(|_| !rest.starts_with("}}"))?;
        let ends = matches!(next, ' ' | '\t' | '\r' | '\n' | ',' | '|' | ':' | ')' | '(');
        (!ends).then_some((token.len(), next))
    })
}

fn crd(path: &str, bytes: &[u8], report: &mut Report) {
    let lint_four = Verdict::of(Answer::TAKES, Answer::LINT);
    let refused = lint_four.at_cluster();
    let kind = Kind { invalid: &CRD_FILE, odd: &CRD_KIND, refused, later: refused };
    for node in
        yaml::read(path, bytes, kind, report).documents.iter().filter(|node| node.origin.is_some())
    {
        let text = |key| node.at(&[key]).and_then(|node| node.as_str()).unwrap_or_default();
        if text("kind") != "CustomResourceDefinition"
            || !text("apiVersion").starts_with("apiextensions.k8s.io/")
        {
            let place = node.origin.map_or(Place::File(path), Place::At);
            let what =
                "no CustomResourceDefinition of `apiextensions.k8s.io`; crds/ is for nothing else";
            report.fault(&CRD_KIND, place, lint_four, what, "move it to templates/");
        }
    }
}
