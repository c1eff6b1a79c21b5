//! The values file that an import writes, as `package` would take it.

use crate::deployment::Purpose;
use crate::error::{Error, Problem};
use crate::finding::{Finding, Severity};
use crate::kubernetes::Version;
use crate::load::{Layer, load};
use crate::release::Release;
use crate::templates::render_open;
use crate::validate;

/// Why `package` would refuse the file.
pub fn problems(text: &str) -> Vec<Problem> {
    let layer = Layer::File(String::new(), text.as_bytes().to_vec());
    // The file has no name yet, and who reads what was found has not seen it.
    let without_place = |problem| Problem { location: None, ..problem };
    let loaded = match load(&[layer], &mut |path| Ok(path.to_owned())) {
        Ok(loaded) => loaded,
        Err(Error::Invalid(found)) => return found.into_iter().map(without_place).collect(),
        Err(other) => return vec![Problem::new(other.to_string())],
    };
    let release = Release { name: "forguncy".to_owned(), namespace: "default".to_owned() };
    let (rendered, open) = render_open(&loaded.tree, &release);
    let version = Version::default();
    let found = validate::release(&loaded, &release, &rendered, version, Purpose::Package).findings;
    let is_open = |found: &Finding| open.iter().any(|open| open.path == found.problem.path);
    found
        .into_iter()
        .filter(|found| found.severity() == Severity::Error && !is_open(found))
        .map(refused)
        .collect()
}

/// An error of `package` in the words of an import.
fn refused(Finding { rule, problem, object, field, .. }: Finding) -> Problem {
    let path = match object {
        Some(object) if problem.path.is_empty() => format!("{object}, {field}"),
        _ => problem.path,
    };
    let message = format!("{}, which `package` refuses ({})", problem.message, rule.id);
    let help = problem.help.unwrap_or_else(|| format!("`hzgchart explain {}` tells more", rule.id));
    Problem::new(message).path(path).help(help)
}

#[cfg(test)]
mod tests {
    use super::problems;

    #[test]
    fn what_package_refuses_is_told_and_no_more() {
        assert_eq!(problems("storage: {server: 10.0.0.5}\n"), []);
        assert_eq!(problems("{}\n"), []);
        let found = problems("forguncy: {strategy: {type: Recreate}}\n");
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].path, "forguncy.strategy");
        assert!(found[0].message.ends_with("`package` refuses (HZG023)"), "{}", found[0]);
        let found = problems("forguncy: {containerPort: x}\n");
        assert!(found[0].path == "forguncy.containerPort" && found[0].location.is_none());
    }
}
