//! The vendor's templates: which are there, and what it means when one is not.

use indexmap::IndexMap;

use crate::error::Problem;
use crate::node::{Node, Value};

use super::draft::Draft;
use super::seen::Seen;
use super::shares::{SHARES, Shares};
use super::template::Template;
use super::{is_litter, start_of};

/// Reads the templates of a chart.
pub fn read(
    files: &IndexMap<String, Vec<u8>>,
    called: &dyn Fn(&str) -> String,
    draft: &mut Draft<'_>,
    shares: &mut Shares,
) {
    let mut seen = Seen::default();
    let templates =
        files.iter().filter(|(path, _)| path.starts_with("templates/") && !is_litter(path));
    for (path, bytes) in templates {
        let file = path.trim_start_matches("templates/");
        let name = file.rsplit('/').next().unwrap_or(file);
        // What else lies there Helm renders, whatever its ending (`pkg/engine`, `render`; `pkg/action`, `renderResources`).
        let help = if name.starts_with('_') {
            "Helm makes no object of a file whose name begins with `_`; what it defines is used by other templates: see whether you need it"
        } else if name.ends_with("NOTES.txt") {
            "it is shown after the installation: see whether you need it"
        } else {
            ""
        };
        if !help.is_empty() {
            let problem = Problem::new("not one of the vendor's templates; it is not taken over");
            draft.problems.push(problem.at(start_of(called(path))).help(help));
            continue;
        }
        let stem = file.split('.').next().unwrap_or(file);
        if !Template::read(path, bytes, &called(path), draft, shares, &mut seen) {
            seen.unread(stem);
        }
    }
    let place = called("templates");
    stores(&seen, &place, draft);
    missing(&seen, &place, draft);
    seen.ports.finish(draft);
    seen.volumes.finish(draft, shares);
}

/// Takes a store without objects for one that was deleted.
fn stores(seen: &Seen, place: &str, draft: &mut Draft<'_>) {
    for section in ["redis", "influx"] {
        let off = format!("`{section}.enabled: false`");
        let (message, help) = match (seen.has("Deployment", section), seen.has("Service", section))
        {
            (true, true) => continue,
            (false, false) if !seen.is_partial => {
                let from =
                    format!("templates, which have no Deployment and no Service of {section}");
                let node = Node::new(Value::Bool(false), None);
                draft.set(&format!("{section}.enabled"), node, &from);
                continue;
            }
            (false, false) => (
                format!(
                    "the Deployment and the Service of {section} are missing, or in a template that cannot be read"
                ),
                format!("write {off} if it is not used"),
            ),
            (has_pod, _) => {
                let (there, gone) = match has_pod {
                    true => ("Deployment", "Service"),
                    false => ("Service", "Deployment"),
                };
                (
                    format!("the {gone} of {section} is missing, and its {there} is there"),
                    format!("delete both and write {off}, or let this chart make both"),
                )
            }
        };
        draft.problems.push(Problem::new(message).at(start_of(place.to_owned())).help(help));
    }
}

/// Tells of the vendor's other objects that are not there.
fn missing(seen: &Seen, place: &str, draft: &mut Draft<'_>) {
    let mut tell = |message: String, help: &str| {
        draft.problems.push(Problem::new(message).at(start_of(place.to_owned())).help(help));
    };
    for kind in ["Deployment", "Service"] {
        if !seen.has(kind, "forguncy") {
            let help = "this chart makes it all the same";
            tell(format!("the {kind} of forguncy is missing"), help);
        }
    }
    for kind in ["PersistentVolume", "PersistentVolumeClaim"] {
        let help = "if a StorageClass makes the volumes, write `storage.type: storageClass` and its name in `storage.storageClassName`; if you made the claims, `existingClaims` and their names";
        let gone: Vec<_> = SHARES.into_iter().filter(|share| !seen.has(kind, share)).collect();
        match gone.len() {
            0 => {}
            5 => tell(format!("the vendor's {kind}s are missing"), help),
            _ => tell(format!("the {kind} of {} is missing", gone.join(", ")), help),
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
        let missing = |p: &String| ["is missing", "are missing"].iter().any(|m| p.contains(m));
        let problems = problems.filter(|p| !missing(p)).collect();
        (draft.node().to_json(), problems)
    }

    const SERVICE: &str = "kind: Service\nmetadata:\n  name: \"{{ .Release.Name }}-forguncy-service\"\nspec:\n  ports:\n    - port: 80\n      nodePort: 32666\n";

    #[test]
    fn what_was_edited_goes_to_its_key_under_any_file_name() {
        for name in
            ["service-fgc.yml", "service-fgc.yaml", "renamed.yaml", "a.YML", "service-fgc.yml.bak"]
        {
            let (tree, problems) = imported(&[(name, SERVICE)]);
            assert_eq!(tree["forguncy"]["service"], json!({"nodePort": 32666}), "{name}");
            assert_eq!(problems, Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn what_helm_makes_no_object_of_is_told_and_not_read() {
        for name in ["_service-fgc.yml", "old/_helpers.tpl", "NOTES.txt"] {
            let (tree, problems) = imported(&[(name, SERVICE)]);
            assert!(tree.get("forguncy").is_none(), "{name}: {tree}");
            assert_eq!(problems.len(), 1, "{name}: {problems:#?}");
            assert!(problems[0].contains("not one of the vendor's templates"), "{problems:#?}");
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
        let (tree, problems) = imported(&[("deployment-redis.yaml", text)]);
        assert_eq!(tree["redis"]["extraEnv"][0]["name"], "PASSWORD");
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(!problems.join("").contains("hunter2"), "{problems:#?}");
    }
}
