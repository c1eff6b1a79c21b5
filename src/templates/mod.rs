//! The templates: loaded into Tera for one stage, and rendered there.

mod check;
mod context;
mod embedded;

use serde_json::Value as Json;
use tera::{Context, Tera};

use crate::error::{Error, Problem};
use crate::release::Release;
use crate::stage::{self, Concrete, Stage, Symbolic};
use crate::values::Values;
use embedded::{CHART_ONLY, COMPONENTS, File, OBJECTS};

/// A rendered template.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Its path below the chart's `templates/`.
    pub path: &'static str,
    /// The text. In the manifest stage it is YAML, maybe of several documents, maybe of none.
    pub text: String,
}

/// Renders the manifest stage: the templates of objects, with the values known.
///
/// # Errors
/// [`Error::Invalid`] with every value that is required and empty; [`Error::Template`] if a template is at fault.
pub fn render_manifests(values: &Values, release: &Release) -> Result<Vec<Rendered>, Error> {
    let context = context::concrete(values, release)?;
    let rendered = render::<Concrete>(&[OBJECTS], &context)?;

    let mut problems: Vec<Problem> = Vec::new();
    for (key, message) in rendered.iter().flat_map(|file| stage::take_missing(&file.text)) {
        let problem = Problem::new(message).path(key);
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    if problems.is_empty() { Ok(rendered) } else { Err(Error::Invalid(problems)) }
}

/// Renders the chart stage: Helm templates, whose values are symbols of the schema's keys.
///
/// # Errors
/// [`Error::Template`] if a template is at fault.
pub fn render_chart(schema: &Json) -> Result<Vec<Rendered>, Error> {
    render::<Symbolic>(&[OBJECTS, CHART_ONLY], &context::symbolic(schema)?)
}

fn render<S: Stage>(files: &[&[File]], context: &Context) -> Result<Vec<Rendered>, Error> {
    let mut tera = Tera::default();
    stage::register::<S>(&mut tera);
    let files = || files.iter().copied().flatten().copied();
    // The templates are part of the program, so a program that was ever tested holds none that this refuses.
    if cfg!(debug_assertions) {
        for (path, text) in COMPONENTS.iter().copied().chain(files()) {
            check::check(path, text).map_err(Error::Template)?;
        }
    }
    tera.add_raw_templates(COMPONENTS.iter().copied().chain(files())).map_err(template_error)?;
    files()
        .map(|(path, _)| {
            let text = tera.render(path, context).map_err(template_error)?;
            Ok(Rendered { path, text })
        })
        .collect()
}

fn template_error(error: tera::Error) -> Error {
    use std::error::Error as _;
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!("\ncaused by: {cause}"));
        source = cause.source();
    }
    Error::Template(text)
}
