//! `--help` and `man`: what the program says of itself.

use clap::{Command, CommandFactory, Parser};

use hzgchart::cli::Cli;

use crate::docs::calls_in;
use crate::harness::hzgchart::hzgchart;
use crate::harness::process::run;

/// Longer lines are broken, by clap.
const WIDTH: usize = 98;

/// Every verb, and verb of a verb, with the words that call it.
fn verbs() -> Vec<(Vec<String>, Command)> {
    fn below(path: &[String], command: &Command, all: &mut Vec<(Vec<String>, Command)>) {
        for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
            let path = [path, &[verb.get_name().to_owned()]].concat();
            below(&path, verb, all);
            all.push((path, verb.clone()));
        }
    }
    let mut command = Cli::command();
    command.build();
    let mut all = Vec::new();
    below(&[], &command, &mut all);
    assert!(all.len() > 20, "only {} verbs", all.len());
    all
}

#[test]
fn a_verb_says_of_itself_what_the_list_of_verbs_says_of_it() {
    for (path, _) in verbs() {
        let (verb, above) = path.split_last().expect("it has a name");
        let list = run(hzgchart().args(above).arg("--help")).success();
        let own = run(hzgchart().args(&path).arg("--help")).success();
        let (own, _) = own.split_once("\n\nUsage:").expect("what it does comes first");
        // The list is broken into lines.
        let list = list.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(list.contains(&format!(" {verb} {own} ")), "{path:?}: {own}");
    }
}

#[test]
fn examples_stand_on_one_line_and_are_calls_that_the_program_takes() {
    let mut calls = 0;
    for (path, verb) in verbs() {
        let Some(help) = verb.get_after_help().map(ToString::to_string) else { continue };
        let examples = help.lines().filter(|line| line.starts_with("  "));
        let long: Vec<_> = examples.filter(|line| line.chars().count() > WIDTH).collect();
        assert!(long.is_empty(), "{path:?}: {long:#?}");
        for line in help.replace("\\\n", " ").lines().filter(|line| line.starts_with("  ")) {
            for words in calls_in(line) {
                if let Err(error) = Cli::try_parse_from(&words) {
                    panic!("{path:?}: `{line}`: {error}");
                }
                calls += 1;
            }
        }
    }
    assert!(calls > 40, "only {calls} examples");
}

#[test]
fn what_a_verb_prints_stands_under_no_heading_of_other_options() {
    let mut found = 0;
    for (path, verb) in verbs() {
        for argument in verb.get_arguments().filter(|argument| argument.get_id() == "output_json") {
            assert_eq!(argument.get_help_heading(), None, "{path:?}");
            found += 1;
        }
    }
    assert!(found >= 4, "only {found} verbs have `--output-json`");
}

#[test]
fn the_manual_has_a_page_for_every_verb() {
    let manual = run(hzgchart().arg("man")).success();
    for (path, verb) in verbs() {
        let page = format!("hzgchart-{}", path.join("-"));
        let about = verb.get_about().expect("it says what it does").to_string();
        let (_, own) =
            manual.split_once(&format!(".TH {page} 1 ")).unwrap_or_else(|| panic!("{page}"));
        let own = own.split(".TH ").next().unwrap_or_default();
        // Dashes and quotes are escaped in roff.
        let start = about.split(['`', '-', '\'']).next().unwrap_or_default();
        assert!(start.len() > 8 && own.contains(start), "{page}: {about}");
    }
}
