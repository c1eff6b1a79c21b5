//! `hzgchart explain`: what a rule asks, and why.

use std::io::Write;

use super::print;
use crate::cli::ExplainArgs;
use crate::error::Error;
use crate::rules::{self, Rule};

pub(super) fn run(args: &ExplainArgs, out: &mut dyn Write) -> Result<(), Error> {
    match &args.rule {
        Some(rule) => print(out, Rule::find(rule)?.page),
        None => {
            let lines: String = rules::all()
                .map(|rule| format!("{} {:<7} {}\n", rule.id, rule.severity.name(), rule.summary()))
                .collect();
            print(out, &lines)
        }
    }
}
