//! The templates: loaded into Tera for one stage, and rendered there.

mod check;
mod context;
mod embedded;

use serde_json::Value as Json;
use tera::{Context, Tera, Value};

use crate::error::{Error, Problem};
use crate::release::Release;
use crate::stage::{self, Concrete, Condition, Stage, Symbolic};
use crate::values::Values;
use embedded::{CHART_ONLY, COMPONENTS, File, OBJECTS, When};

/// A rendered template.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Its path below the chart's `templates/`.
    pub path: &'static str,
    /// The text. In the manifest stage it is YAML, maybe of several documents, maybe of none.
    pub text: String,
}

/// The templates of the objects that there are for some values, loaded for the manifest stage.
pub struct Manifests {
    tera: Tera,
    files: Vec<File>,
    values: Value,
}

impl Manifests {
    /// Loads the templates whose conditions the values meet.
    ///
    /// # Errors
    /// [`Error::Template`] if a template is at fault.
    pub fn load(values: &Values) -> Result<Self, Error> {
        let values = Value::try_from_serializable(values).map_err(template_error)?;
        let mut files = OBJECTS.to_vec();
        files.retain(|file| conditions(file, &values).iter().all(Concrete::holds));
        Ok(Self { tera: load::<Concrete>(&files)?, files, values })
    }

    /// Renders the templates with the values known.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every value that is required and empty; [`Error::Template`] if a template is at fault.
    pub fn render(&self, release: &Release) -> Result<Vec<Rendered>, Error> {
        let rendered = render(&self.tera, &self.files, &context::concrete(&self.values, release))?;
        let mut problems: Vec<Problem> = Vec::new();
        for (key, message) in rendered.iter().flat_map(|file| stage::take_missing(&file.text)) {
            let problem = Problem::new(message).path(key);
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        if problems.is_empty() { Ok(rendered) } else { Err(Error::Invalid(problems)) }
    }
}

/// Renders the chart stage: Helm templates, whose values are symbols of the schema's keys.
///
/// # Errors
/// [`Error::Template`] if a template is at fault.
pub fn render_chart(schema: &Json) -> Result<Vec<Rendered>, Error> {
    let files = [OBJECTS, CHART_ONLY].concat();
    let values = stage::symbols(schema).map_err(template_error)?;
    let mut rendered = render(&load::<Symbolic>(&files)?, &files, &context::symbolic(&values))?;
    for (Rendered { text, .. }, file) in rendered.iter_mut().zip(&files) {
        for condition in conditions(file, &values).iter().rev() {
            let body = format!("\n{}", text.trim_matches('\n'));
            *text = Symbolic::when(condition, &body).map_err(template_error)?;
        }
        *text = format!("{}\n", text.trim_matches('\n'));
    }
    Ok(rendered)
}

/// The conditions of a file, about the values of a stage.
fn conditions(file: &File, values: &Value) -> Vec<Condition> {
    let condition = |(key, is): &When| Condition {
        any: values.get_from_path(key).into_iter().cloned().collect(),
        is: is.map(|is| vec![Value::normal_string(is)]),
        negated: false,
    };
    file.when.iter().map(condition).collect()
}

/// The chart's templates, by path below `templates/` and text: what [`render_chart`] made when the program was tested.
pub fn chart() -> impl Iterator<Item = (&'static str, &'static str)> {
    OBJECTS.iter().chain(CHART_ONLY).map(|file| (file.path, file.chart))
}

fn load<S: Stage>(files: &[File]) -> Result<Tera, Error> {
    let mut tera = Tera::default();
    stage::register::<S>(&mut tera);
    let texts =
        || COMPONENTS.iter().copied().chain(files.iter().map(|file| (file.path, file.template)));
    // The templates are part of the program, so a program that was ever tested holds none that this refuses.
    if cfg!(debug_assertions) {
        for (path, text) in texts() {
            check::check(path, text).map_err(Error::Template)?;
        }
    }
    tera.add_raw_templates(texts()).map_err(template_error)?;
    Ok(tera)
}

fn render(tera: &Tera, files: &[File], context: &Context) -> Result<Vec<Rendered>, Error> {
    files
        .iter()
        .map(|file| {
            let text = tera.render(file.path, context).map_err(template_error)?;
            Ok(Rendered { path: file.path, text })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{generated, schema};

    #[test]
    fn the_committed_chart_is_what_the_templates_say() {
        let rendered = render_chart(&schema::load()).unwrap();
        for (file, (path, committed)) in rendered.iter().zip(chart()) {
            assert_eq!(file.path, path);
            generated::assert_current(&format!("chart/templates/{path}"), committed, &file.text);
        }
        assert_eq!(rendered.len(), chart().count());
    }

    #[test]
    fn every_condition_of_a_template_is_about_a_key_that_there_is() {
        let values = Value::from_serializable(&Values::default());
        for file in OBJECTS.iter().chain(CHART_ONLY) {
            for (key, _) in file.when {
                assert!(values.get_from_path(key).is_some(), "{}: {key}", file.path);
            }
        }
    }
}
