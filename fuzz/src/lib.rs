#![forbid(unsafe_code)]
//! What the fuzz targets share: a report of all that was found, in all its forms.

use hzgchart::report::{self, Format, Setting, Style};
use hzgchart::validate::Outcome;
use hzgchart::verdict::Verdict;

pub mod chart;

/// Words for findings are made of the input, too: writes all of them, in every format.
pub fn write_reports(outcome: Outcome) {
    let Outcome { findings, checked } = outcome;
    let verdict = Verdict::new(findings, checked, &[]);
    let style = Style { colour: true, width: 80 };
    let setting = Setting { style, strict: false, subject: None };
    for format in [Format::Text, Format::Json, Format::Sarif, Format::Junit, Format::Github] {
        std::hint::black_box(report::write(&verdict, format, &setting));
    }
}
