//! What hzgchart makes of a case, asked as a library: a hundred times cheaper than as a program, so that every
//! key of a case can be taken away to see whether it counts.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hzgchart::error::{Error, Problem};
use hzgchart::load::{Layer, load};
use hzgchart::release::Release;
use hzgchart::set::Flag;
use hzgchart::templates;

use super::case::Case;

/// What comes of a case.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// The templates' texts, joined.
    Text(String),
    /// It is refused.
    Refusal,
    /// hzgchart panics. [`Case::check`] has the words for it.
    Panic,
}

/// What comes of a case.
pub fn effect(case: &Case) -> Effect {
    match catch_unwind(AssertUnwindSafe(|| rendered(case))) {
        Ok(Ok(text)) => Effect::Text(text),
        Ok(Err(_)) => Effect::Refusal,
        Err(_) => Effect::Panic,
    }
}

fn rendered(case: &Case) -> Result<String, Error> {
    let release = Release { name: case.release.clone(), namespace: case.namespace.clone() };
    let problems = release.check();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut no_file = |path: &str| Err(Problem::new(format!("no case reads `{path}`")));
    let loaded = load(&layers(case), &mut no_file)?;
    let rendered = templates::render(&loaded.tree, &release)?;
    Ok(rendered.iter().map(|template| &*template.text).collect())
}

/// The layers that the program makes of the case's arguments: `--set-json` below `--set` below `--set-string`.
fn layers(case: &Case) -> Vec<Layer> {
    let file = |name: &str, text: &str| Layer::File(name.to_owned(), text.as_bytes().to_vec());
    let presets = case.given.chunks(2).map(|given| match given {
        [flag, name] if flag == "--preset" => Layer::Preset(name.clone()),
        other => panic!("no case is given {other:?}"),
    });
    let mut layers: Vec<Layer> = presets.collect();
    layers.push(file("values.yaml", &case.values));
    if !case.overrides.is_empty() {
        layers.push(file("overrides.yaml", &case.overrides));
    }
    let flags = [Flag::Json, Flag::Set, Flag::String];
    let set: Vec<_> = flags
        .into_iter()
        .flat_map(|flag| {
            let named = case.args.chunks(2).filter(move |pair| pair[0] == flag.name());
            named.map(move |pair| (flag, pair[1].clone()))
        })
        .collect();
    if !set.is_empty() {
        layers.push(Layer::Set(set));
    }
    layers
}

#[test]
fn the_library_makes_of_a_case_what_the_program_makes() {
    let case = Case {
        given: vec!["--preset".to_owned(), "nfs".to_owned()],
        values: "forguncy: {service: {type: ClusterIP, nodePort: 0}}\n".to_owned(),
        overrides: "storage: {root: /a}\n".to_owned(),
        args: ["--set", "storage.root=/b", "--set-json", "storage.root=\"/c\""]
            .map(str::to_owned)
            .to_vec(),
        ..Case::default()
    };
    assert!(matches!(case.render(), Ok(Ok(_))));
    let Effect::Text(text) = effect(&case) else { panic!("it renders") };
    assert!(text.contains("path: \"/b/ForguncyLogs\"") && text.contains("type: ClusterIP"));
    assert_eq!(
        effect(&Case { args: vec![], ..case.clone() }),
        effect(&Case { args: vec![], ..case })
    );
    assert_eq!(effect(&Case::default()), Effect::Refusal);
}
