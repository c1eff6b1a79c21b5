//! The READMEs and the pages on fleets, engines and moving tell the truth: their `console` blocks are run and what they show
//! is compared.
//!
//! All blocks of a file run in one temporary folder, top to bottom, by `sh`. A line `$ command` is run, the lines below it
//! are what it prints, stdout and stderr together; `...` alone stands for any lines and `[..]` for any text in a line. A
//! `yaml` block that begins with `# NAME.yaml` is that file. Other blocks (`sh`) need a cluster or Helm and are not run. The
//! `yaml` blocks of `docs/operations.md` are values files, and each must be valid beside a user's own.
//!
//! The command line itself reads every call of hzgchart on every page, also those that are not run.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use clap::error::ErrorKind;
use tempfile::tempdir;

use hzgchart::cli::Cli;

use crate::harness::process::{command, run};
use crate::harness::project;

#[test]
fn the_readme_shows_what_the_program_does() {
    check("README.md");
}

#[test]
fn the_chinese_readme_shows_what_the_program_does() {
    check("README.zh-CN.md");
}

#[test]
fn the_guide_to_fleets_shows_what_the_program_does() {
    check("docs/fleet.md");
}

#[test]
fn the_guide_to_moving_shows_what_the_program_does() {
    check("docs/migrate.md");
}

#[test]
fn the_page_on_engines_shows_what_the_program_does() {
    check("docs/gitops.md");
}

#[test]
fn the_recipes_for_operations_are_valid_values() {
    let text = fs::read_to_string(project().join("docs/operations.md")).expect("it is there");
    let folder = tempdir().expect("the temporary folder is writable");
    fs::write(folder.path().join("own.yaml"), "storage: {server: 10.0.0.5}\n")
        .expect("it is writable");
    let mut recipes = 0;
    for (language, body) in blocks(&text).filter(|(language, _)| *language == "yaml") {
        let file = body.strip_prefix("# ").and_then(|rest| rest.lines().next());
        let file = file.unwrap_or_else(|| panic!("a {language} block without a name:\n{body}"));
        fs::write(folder.path().join(file), body).expect("it is writable");
        let validate = format!("hzgchart validate --strict -f own.yaml -f {file}");
        let printed = shell(&validate, folder.path());
        // Notes are printed only when there is nothing else.
        let is_fine = printed.starts_with("note[") || printed.starts_with("no findings in");
        assert!(is_fine, "{file}: {printed}");
        recipes += 1;
    }
    assert!(recipes >= 10, "only {recipes} recipes were found");
}

#[test]
fn every_call_on_every_page_is_one_that_the_program_takes() {
    let pages = fs::read_dir(project().join("docs")).expect("it is there");
    let mut pages: Vec<PathBuf> =
        pages.map(|entry| entry.expect("it is readable").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    let top = ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md"];
    pages.extend(top.map(|name| project().join(name)));
    let mut calls = 0;
    for page in pages {
        let text = fs::read_to_string(&page).expect("it is readable").replace("\\\n", " ");
        let blocks: Vec<&str> = text.split("```").collect();
        for (at, part) in blocks.iter().enumerate() {
            let is_block = at % 2 == 1;
            let lines: Vec<&str> = match is_block {
                true => part.lines().skip(1).collect(),
                false => part.split('`').skip(1).step_by(2).collect(),
            };
            for (line, words) in
                lines.iter().flat_map(|line| calls_in(line).map(move |c| (line, c)))
            {
                let error = match Cli::try_parse_from(&words) {
                    Ok(_) => None,
                    // In a sentence a verb may stand for all its calls, and a choice for one.
                    Err(error) if !is_block => Some(error).filter(|error| {
                        matches!(
                            error.kind(),
                            ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand
                        )
                    }),
                    // What a variable holds is not known here.
                    Err(error) if error.kind() == ErrorKind::ValueValidation => {
                        Some(error).filter(|_| !words.iter().any(|word| word.contains('$')))
                    }
                    Err(error) => Some(error),
                };
                if let Some(error) = error {
                    panic!("{}: `{line}`: {error}", page.display());
                }
                calls += 1;
            }
        }
    }
    assert!(calls > 100, "only {calls} calls were found");
}

/// The calls of hzgchart in a line, as words.
pub fn calls_in(line: &str) -> impl Iterator<Item = Vec<String>> {
    let starts = line.match_indices("hzgchart ").map(|(at, _)| at);
    let is_command = |at: &usize| {
        let before = line[..*at].trim_end();
        let starters = ["", "$", "|", "&&", "||", ";", "$(", "<(", "run:", "-"];
        starters.iter().any(|starter| match *starter {
            "" => before.is_empty(),
            starter => before.ends_with(starter),
        }) || before.split_whitespace().next_back().is_some_and(|word| word.contains('='))
    };
    let starts: Vec<usize> = starts.filter(is_command).collect();
    starts.into_iter().map(move |at| words(&line[at..]))
}

/// The words of a shell's command, up to what ends it.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => words.last_mut().expect("there is one").push(c),
            (None, '\'' | '"') => quote = Some(c),
            (None, '$') if chars.peek() == Some(&'(') => {
                // What is put in there is one word, whatever it is.
                let mut depth = 0;
                for c in chars.by_ref() {
                    depth += i32::from(c == '(') - i32::from(c == ')');
                    if depth == 0 {
                        break;
                    }
                }
                words.last_mut().expect("there is one").push('x');
            }
            (None, '|' | '&' | ';' | '>' | '<' | ')') => break,
            (None, '#') if words.last().is_some_and(String::is_empty) => break,
            (None, c) if c.is_whitespace() => words.push(String::new()),
            (None, c) => words.last_mut().expect("there is one").push(c),
        }
    }
    // `…` stands for what a sentence does not name.
    words.retain(|word| !word.is_empty() && word != "…");
    words
}

fn check(name: &str) {
    let text = fs::read_to_string(project().join(name)).expect("the file is in the project");
    let folder = tempdir().expect("the temporary folder is writable");
    let mut commands = 0;
    for (language, body) in blocks(&text) {
        match language {
            "yaml" => {
                let file = body.strip_prefix("# ").and_then(|rest| rest.lines().next());
                if let Some(file) = file.filter(|file| file.ends_with(".yaml")) {
                    fs::write(folder.path().join(file), body).expect("it is writable");
                }
            }
            "console" => {
                for case in format!("\n{body}").split("\n$ ").skip(1) {
                    let (line, expected) = case.split_once('\n').unwrap_or((case, ""));
                    let printed = shell(line, folder.path());
                    assert!(
                        matches(&lines(expected), &lines(&printed)),
                        "{name}: `{line}` prints\n{printed}\nand not\n{expected}"
                    );
                    commands += 1;
                }
            }
            _ => {}
        }
    }
    assert!(commands >= 5, "{name}: only {commands} commands were found");
}

/// The language and the body of each fenced block.
fn blocks(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'))
}

fn shell(line: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_hzgchart")).parent().expect("it has a folder");
    let path = env::var("PATH").expect("the tests' PATH is text");
    let script = format!("exec 2>&1; {line}");
    run(command("sh")
        .args(["-c", &script])
        .env("PATH", format!("{}:{path}", program.display()))
        .current_dir(folder))
    .success()
}

/// Without blank lines, which Markdown needs around fences and a reader does not miss.
fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.trim().is_empty()).collect()
}

fn matches(expected: &[&str], printed: &[&str]) -> bool {
    match (expected.split_first(), printed.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((&"...", after)), _) => (0..=printed.len()).any(|n| matches(after, &printed[n..])),
        (Some(_), None) => false,
        (Some((line, after)), Some((first, rest))) => {
            line_matches(line, first) && matches(after, rest)
        }
    }
}

fn line_matches(expected: &str, printed: &str) -> bool {
    match expected.split_once("[..]") {
        None => expected == printed,
        Some((start, end)) => {
            printed.len() >= start.len() + end.len()
                && printed.starts_with(start)
                && printed.ends_with(end)
        }
    }
}
