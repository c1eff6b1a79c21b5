//! The vendor's templates: which are there, and what it means when one is not.

use indexmap::IndexMap;

use crate::error::Problem;
use crate::node::{Node, Value};

use super::draft::Draft;
use super::shares::Shares;
use super::start_of;
use super::template::Template;

/// The vendor's templates without their endings, and whose they are.
const EXPECTED: [(&str, &str); 8] = [
    ("deployment-fgc", "forguncy"),
    ("deployment-redis", "redis"),
    ("deployment-influx", "influx"),
    ("service-fgc", "forguncy"),
    ("service-redis", "redis"),
    ("service-influx", "influx"),
    ("pvs", "forguncy"),
    ("pvcs", "forguncy"),
];

/// Reads the templates of a chart.
pub fn read(
    files: &IndexMap<String, Vec<u8>>,
    called: &dyn Fn(&str) -> String,
    draft: &mut Draft<'_>,
    shares: &mut Shares,
) {
    let mut there = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with("templates/")) {
        let file = path.trim_start_matches("templates/");
        let stem = file.strip_suffix(".yaml").or_else(|| file.strip_suffix(".yml"));
        let expected = EXPECTED.iter().find(|(name, _)| stem == Some(*name));
        if let Some((name, _)) = expected {
            there.push(*name);
        }
        if stem.is_none() {
            let problem = Problem::new("not one of the vendor's templates; it is not taken over");
            let help = "what it defines is used by other templates, or shown after the installation: see whether you need it";
            draft.problems.push(problem.at(start_of(called(path))).help(help));
            continue;
        }
        Template::read(
            path,
            bytes,
            &called(path),
            expected.map(|(_, section)| *section),
            draft,
            shares,
        );
    }
    missing(&there, called, draft);
}

/// Takes what was deleted for what it means.
fn missing(there: &[&str], called: &dyn Fn(&str) -> String, draft: &mut Draft<'_>) {
    let is = |name: &str| there.contains(&name);
    let off = || Node::new(Value::Bool(false), None);
    for section in ["redis", "influx"] {
        let (pod, service) = (format!("deployment-{section}"), format!("service-{section}"));
        match (is(&pod), is(&service)) {
            (true, true) => {}
            (false, false) => {
                let from = format!("templates, whose {pod}.yaml and {service}.yml were deleted");
                draft.set(&format!("{section}.enabled"), off(), &from);
            }
            (pod_is, _) => {
                let gone = if pod_is { &service } else { &pod };
                let message = format!("`{gone}` is missing, and its companion is there");
                let help = format!(
                    "delete both and write `{section}.enabled: false`, or let this chart make both"
                );
                draft
                    .problems
                    .push(Problem::new(message).at(start_of(called("templates"))).help(help));
            }
        }
    }
    for name in ["deployment-fgc", "service-fgc", "pvs", "pvcs"] {
        if !is(name) {
            let help = match name {
                "pvs" | "pvcs" => {
                    "if a StorageClass makes the volumes, write `storage.type: storageClass` and its name in `storage.storageClassName`; if you made the claims, `existingClaims` and their names"
                }
                _ => "this chart makes it all the same",
            };
            let problem = Problem::new(format!("the vendor's template `{name}` is missing"));
            draft.problems.push(problem.at(start_of(called("templates"))).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;
    use serde_json::{Value as Json, json};

    use super::read;
    use crate::import::draft::Draft;
    use crate::import::shares::Shares;
    use crate::schema::load;

    fn imported(files: &[(&str, &str)]) -> (Json, Vec<String>) {
        let files: IndexMap<String, Vec<u8>> = files
            .iter()
            .map(|(path, text)| (format!("templates/{path}"), text.as_bytes().to_vec()))
            .collect();
        let schema = load();
        let mut draft = Draft::new(&schema);
        read(&files, &|path| path.to_owned(), &mut draft, &mut Shares::default());
        let problems = draft.problems.iter().map(ToString::to_string);
        let problems = problems.filter(|p| !p.contains(" is missing")).collect();
        (draft.node().to_json(), problems)
    }

    const SERVICE: &str = "kind: Service\nmetadata:\n  name: \"{{ .Release.Name }}-forguncy-service\"\nspec:\n  ports:\n    - port: 80\n      nodePort: 32666\n";

    #[test]
    fn what_was_edited_goes_to_its_key_under_any_file_name() {
        for name in ["service-fgc.yml", "service-fgc.yaml", "renamed.yaml"] {
            let (tree, problems) = imported(&[(name, SERVICE)]);
            assert_eq!(tree["forguncy"]["service"], json!({"nodePort": 32666}), "{name}");
            assert_eq!(problems, Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn what_has_no_key_is_told_at_its_place_as_it_was_written() {
        let text =
            SERVICE.replace("      nodePort: 32666", "  healthCheckNodePort: {{ .Values.port }}");
        let (_, problems) = imported(&[("service-fgc.yml", &text)]);
        assert_eq!(problems.len(), 1, "{problems:#?}");
        let start = "templates/service-fgc.yml:7:3: spec.healthCheckNodePort: ";
        assert!(problems[0].starts_with(start), "{}", problems[0]);
        assert!(problems[0].contains("{{ .Values.port }}"), "{}", problems[0]);
    }

    #[test]
    fn both_files_of_redis_gone_switch_it_off_and_one_alone_is_told() {
        let pod = "kind: Deployment\nmetadata: {name: \"{{ .Release.Name }}-redis-pod\"}\n";
        assert_eq!(imported(&[]).0["redis"]["enabled"], false);
        assert!(imported(&[("deployment-redis.yaml", pod)]).0.get("redis").is_none());
    }

    #[test]
    fn a_secret_in_a_template_is_never_shown() {
        let text = "kind: Deployment\nmetadata: {name: \"{{ .Release.Name }}-redis-pod\"}\nspec:\n  template:\n    spec:\n      containers:\n        - args: [--requirepass, hunter2]\n          env:\n            - name: PASSWORD\n              value: hunter2\n";
        let (_, problems) = imported(&[("deployment-redis.yaml", text)]);
        assert_eq!(problems.len(), 2, "{problems:#?}");
        assert!(!problems.join("").contains("hunter2"), "{problems:#?}");
    }
}
