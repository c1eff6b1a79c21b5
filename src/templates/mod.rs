//! The templates, as programs for the manifest stage and as text for charts.
//!
//! Both are made from `templates/` when hzgchart is tested, and committed: no value touches them. A run has no template
//! engine in it.

#[cfg(test)]
mod check;
mod embedded;
#[rustfmt::skip]
mod program;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::error::{Error, Problem};
use crate::node::Node;
use crate::release::Release;
use crate::stage::known::{self, Span};

/// A rendered template.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Its path below the chart's `templates/`.
    pub path: &'static str,
    /// The text: YAML, maybe of several documents, maybe of none.
    pub text: Arc<str>,
    /// The parts of the text that values printed, in their order.
    pub spans: Vec<Span>,
    /// The parts of the text that are there because of a value, each before those inside it.
    pub decisions: Vec<Span>,
}

/// Renders the objects' templates with the values known.
///
/// # Errors
/// [`Error::Invalid`] with every value that is required and empty.
pub fn render(values: &Node, release: &Release) -> Result<Vec<Rendered>, Error> {
    let (rendered, open) = render_open(values, release);
    if open.is_empty() { Ok(rendered) } else { Err(Error::Invalid(open)) }
}

/// The same for a package, to which an installation may bring the values that are required and still empty: they are printed
/// as empty, and named.
pub fn render_open(values: &Node, release: &Release) -> (Vec<Rendered>, Vec<Problem>) {
    let mut rendered = Vec::with_capacity(program::OBJECTS.len());
    let mut open = Vec::new();
    for program in program::OBJECTS {
        let printed = known::run(program.ops, values, release);
        for problem in printed.missing {
            if !open.contains(&problem) {
                open.push(problem);
            }
        }
        rendered.push(Rendered {
            path: program.path,
            text: printed.text.into(),
            spans: printed.spans,
            decisions: printed.decisions,
        });
    }
    (rendered, open)
}

/// The chart's templates, by path below `templates/` and text.
pub fn chart() -> impl Iterator<Item = (&'static str, &'static str)> {
    embedded::CHART.iter().copied()
}
