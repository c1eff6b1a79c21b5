//! One case of the law, as texts: what is packaged, what is overridden at install, and under which
//! names. This is what regression files hold.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

use crate::harness::helm::Helm;
use crate::harness::hzgchart::{hzgchart, package};
use crate::harness::manifests::{Object, compare, from_helm, from_render, read_yaml};
use crate::harness::process::{Finished, run};
use crate::harness::project;
use crate::harness::yaml::double_quoted;

/// A values file, overrides, and names.
#[derive(Clone, Debug)]
pub struct Case {
    /// The release's name.
    pub release: String,
    /// The release's namespace.
    pub namespace: String,
    /// Further arguments that belong to the values file, `--preset nfs`.
    pub given: Vec<String>,
    /// The values file given to `package`.
    pub values: String,
    /// The values file given to `helm template`; empty for none.
    pub overrides: String,
    /// The `--set` arguments given to `helm template`.
    pub args: Vec<String>,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            release: "forguncy".to_owned(),
            namespace: "default".to_owned(),
            given: Vec::new(),
            values: String::new(),
            overrides: String::new(),
            args: Vec::new(),
        }
    }
}

/// How a case keeps the law.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The values file cannot be packaged, and cannot be rendered either.
    NotPackaged,
    /// Nobody renders it.
    Refused,
    /// All render the same objects.
    Equal(Vec<Object>),
}

impl Case {
    /// Whether the case keeps the law; the error says how it is broken.
    pub fn check(&self) -> Result<Verdict, String> {
        let folder = self.folder();
        let folder = folder.path();
        let package = match package(folder, &self.packaged(folder)) {
            Ok(package) => package,
            Err(refusal) => {
                sane(&refusal)?;
                let render = self.render_packaged(folder)?;
                return match render {
                    Ok(_) => {
                        Err(format!("`render` accepts what `package` refuses:\n{}", refusal.stderr))
                    }
                    Err(_) => Ok(Verdict::NotPackaged),
                };
            }
        };
        let render = self.render_in(folder)?;
        for helm in Helm::BOTH {
            let template = self.template(helm, folder, &package.path);
            match (&render, template.ok()) {
                (Ok(objects), true) => {
                    compare(objects, &from_helm(&template.stdout)?).map_err(|e| {
                        format!("`render` (left) and Helm {helm:?} (right) differ:\n{e}")
                    })?
                }
                (Err(_), false) => {}
                (Ok(_), false) => {
                    return Err(format!("only Helm {helm:?} refuses:\n{}", template.stderr));
                }
                (Err(refusal), true) => {
                    return Err(format!(
                        "only `render` refuses, not Helm {helm:?}:\n{}",
                        refusal.stderr
                    ));
                }
            }
        }
        Ok(render.map_or(Verdict::Refused, Verdict::Equal))
    }

    /// What `hzgchart render` makes of it alone: its objects, or its refusal.
    pub fn render(&self) -> Result<Result<Vec<Object>, Finished>, String> {
        self.render_in(self.folder().path())
    }

    fn folder(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        fs::write(folder.path().join("values.yaml"), &self.values).expect("it is writable");
        fs::write(folder.path().join("overrides.yaml"), &self.overrides).expect("it is writable");
        folder
    }

    /// Unchecked: the law is about what templates make of values, and Helm knows no checks of objects.
    fn packaged(&self, folder: &Path) -> Vec<String> {
        let file = folder.join("values.yaml").display().to_string();
        [&self.given[..], &["--no-validate".to_owned(), "-f".to_owned(), file]].concat()
    }

    fn render_packaged(&self, folder: &Path) -> Result<Result<Vec<Object>, Finished>, String> {
        objects(run(self.named(hzgchart().arg("render")).args(self.packaged(folder))))
    }

    fn render_in(&self, folder: &Path) -> Result<Result<Vec<Object>, Finished>, String> {
        let mut command = hzgchart();
        self.named(command.arg("render")).args(self.packaged(folder));
        self.overridden(&mut command, folder);
        objects(run(&mut command))
    }

    fn template(&self, helm: Helm, folder: &Path, package: &Path) -> Finished {
        let mut command = helm.command();
        command.args(["template", &self.release]).arg(package).args(["-n", &self.namespace]);
        self.overridden(&mut command, folder);
        run(&mut command)
    }

    fn named<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.args(["--name", &self.release, "-n", &self.namespace])
    }

    fn overridden(&self, command: &mut Command, folder: &Path) {
        if !self.overrides.is_empty() {
            command.arg("-f").arg(folder.join("overrides.yaml"));
        }
        command.args(&self.args);
    }

    /// The case as a regression file.
    pub fn to_yaml(&self) -> String {
        let list = |items: &[String]| -> String {
            items.iter().map(|item| format!("\n  - {}", double_quoted(item))).collect()
        };
        let mut text = format!(
            "release: {}\nnamespace: {}\n",
            double_quoted(&self.release),
            double_quoted(&self.namespace)
        );
        for (key, items) in [("given", &self.given), ("args", &self.args)] {
            if !items.is_empty() {
                let _ = writeln!(text, "{key}:{}", list(items));
            }
        }
        for (key, file) in [("values", &self.values), ("overrides", &self.overrides)] {
            if !file.is_empty() {
                let _ = writeln!(text, "{key}: |");
                for line in file.lines() {
                    let _ = writeln!(text, "{}{line}", if line.is_empty() { "" } else { "  " });
                }
            }
        }
        text
    }

    /// Reads a regression file.
    pub fn from_yaml(text: &str) -> Result<Self, String> {
        let documents = read_yaml(text)?;
        let [Json::Object(map)] = &documents[..] else { return Err("not one map".to_owned()) };
        let mut case = Self::default();
        for (key, value) in map {
            let string =
                || value.as_str().map(str::to_owned).ok_or(format!("`{key}` is no string"));
            let list = || -> Result<Vec<String>, String> {
                let items = value.as_array().ok_or(format!("`{key}` is no list"))?;
                items
                    .iter()
                    .map(|i| {
                        i.as_str().map(str::to_owned).ok_or(format!("`{key}` holds no strings"))
                    })
                    .collect()
            };
            match key.as_str() {
                "release" => case.release = string()?,
                "namespace" => case.namespace = string()?,
                "given" => case.given = list()?,
                "values" => case.values = string()?,
                "overrides" => case.overrides = string()?,
                "args" => case.args = list()?,
                _ => return Err(format!("unknown key `{key}`")),
            }
        }
        Ok(case)
    }

    /// Writes the case among the regression cases, under a name made of what it holds.
    pub fn keep(&self) -> PathBuf {
        let text = self.to_yaml();
        // FNV-1a: names must not change when Rust's own hasher does.
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let path = regressions_folder().join(format!("{hash:016x}.yaml"));
        fs::write(&path, text).expect("the project's folder is writable");
        path
    }
}

/// Every regression case with its file's name, in alphabetical order.
pub fn regressions() -> Vec<(String, Case)> {
    let entries = fs::read_dir(regressions_folder()).expect("the folder is part of the project");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("folders of the project are readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.display().to_string();
            let text = fs::read_to_string(&path).expect("files of the project are readable");
            let case = Case::from_yaml(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            (name, case)
        })
        .collect()
}

fn regressions_folder() -> PathBuf {
    project().join("tests/law-regressions")
}

fn objects(finished: Finished) -> Result<Result<Vec<Object>, Finished>, String> {
    sane(&finished)?;
    if finished.ok() { from_render(&finished.stdout).map(Ok) } else { Ok(Err(finished)) }
}

/// A refusal blames the input, and says so in words.
fn sane(finished: &Finished) -> Result<(), String> {
    match finished.code {
        Some(0) => Ok(()),
        Some(2) if finished.stderr.starts_with("error: ") => Ok(()),
        code => Err(format!("hzgchart ended with {code:?}:\n{}", finished.stderr)),
    }
}

#[test]
fn a_regression_file_reads_back() {
    let case = Case {
        release: "y".to_owned(),
        namespace: "1e3".to_owned(),
        given: vec!["--preset".to_owned(), "nfs".to_owned()],
        values: "a:\n  b: \"\\u2028 {{ }}\"\n\n  c: |2-\n     x\n".to_owned(),
        overrides: "# 活字格\n".to_owned(),
        args: vec!["--set".to_owned(), "a.b=\n\"'".to_owned()],
    };
    let read = Case::from_yaml(&case.to_yaml()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(format!("{read:?}"), format!("{case:?}"));
}
