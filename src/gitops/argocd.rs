//! A fleet for Argo CD: ApplicationSets with a list of the entries, or an Application for each.
//!
//! The source has the older of two forms for charts in OCI registries: the registry's address without `oci://`, the chart, its
//! version, as in <https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-List/>. The newer one,
//! `oci://` with the chart's name and `path: .`, takes artifacts of [one layer](https://argo-cd.readthedocs.io/en/stable/user-guide/oci/)
//! only, but a signed chart has two.

use std::collections::{BTreeMap, HashMap};
use std::ptr;

use serde_json::{Value as Json, json};

use super::{File, Installation};
use crate::archive::sha256_hex;
use crate::error::Problem;
use crate::release::Release;

/// What all Applications have in common.
#[derive(Clone, Debug)]
pub struct Setting {
    /// What the ApplicationSets are named after.
    pub name: String,
    /// The namespace that Argo CD reads.
    pub namespace: String,
    /// The project of the Applications.
    pub project: String,
}

/// The most bytes of an ApplicationSet as JSON. `kubectl apply`, and Argo CD as well, put the object into an annotation of it,
/// and all annotations together may have [262144 bytes](https://github.com/kubernetes/apimachinery/blob/master/pkg/api/validation/objectmeta.go).
const MAX_SET: usize = 200_000;

/// The longest name of a cluster.
const MAX_CLUSTER: usize = 253;

/// What Argo CD calls the cluster that it runs on.
const OWN_CLUSTER: &str = "in-cluster";

/// An ApplicationSet for each environment, each in a file; several for one that is too large.
///
/// Which of several an entry is in depends on its name alone, so that no other entry moves when one is added: one that moves
/// is deleted by one ApplicationSet, then made by the other. How many there are is a power of two, and doubles.
///
/// # Errors
/// Environments and clusters whose names cannot be used.
pub fn application_sets(
    installations: &[Installation],
    setting: &Setting,
) -> Result<Vec<File>, Vec<Problem>> {
    check_clusters(installations)?;
    let mut environments: BTreeMap<&str, Vec<&Installation>> = BTreeMap::new();
    for installation in installations {
        environments.entry(&installation.environment).or_default().push(installation);
    }
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for (environment, mut installations) in environments {
        if !environment.is_empty()
            && let Err(problem) = super::check_label("the environment", environment)
        {
            problems.push(problem);
            continue;
        }
        installations.sort_by(|a, b| a.entry.cmp(&b.entry));
        let name = set_name(setting, environment);
        let sets = split(&installations, |part| set(&name, part, setting).to_string().len());
        let is_one = sets.len() == 1;
        for (number, part) in sets {
            // No environment has a dot in its name.
            let name = if is_one { name.clone() } else { format!("{name}.{number}") };
            let objects = vec![set(&name, &part, setting)];
            files.push(File { path: format!("{name}.yaml"), objects, entries: part.len() });
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

/// What the ApplicationSet of an environment is called.
pub fn set_name(setting: &Setting, environment: &str) -> String {
    match environment {
        "" => setting.name.clone(),
        environment => format!("{}-{environment}", setting.name),
    }
}

/// An Application for each entry, each in a file.
///
/// # Errors
/// Clusters whose names cannot be used.
pub fn applications(
    installations: &[Installation],
    setting: &Setting,
) -> Result<Vec<File>, Vec<Problem>> {
    check_clusters(installations)?;
    let file = |installation: &Installation| {
        let fields = fields(installation);
        let mut application = json!({
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Application",
            "metadata": { "name": fields["name"], "namespace": setting.namespace },
        });
        application["spec"] = spec(&fields, installation, setting);
        let path = format!("{}.yaml", installation.entry);
        File { path, objects: vec![application], entries: 1 }
    };
    Ok(installations.iter().map(file).collect())
}

/// Checks that no two entries are one release: without a cluster an entry is on Argo CD's own, which has a name, too.
///
/// # Errors
/// A problem for each entry whose release another is.
pub fn check(installations: &[Installation]) -> Result<(), Vec<Problem>> {
    let mut releases = HashMap::new();
    let mut problems = Vec::new();
    for installation in installations {
        let Release { name, namespace } = &installation.release;
        let release = (cluster(installation), namespace.as_str(), name.as_str());
        let first = *releases.entry(release).or_insert(installation);
        if !ptr::eq(first, installation) {
            let problem = Problem::new(format!(
                "`{}` and `{}` both are the release `{name}` in the namespace `{namespace}` on `{}`",
                first.entry, installation.entry, release.0
            ));
            let help = "give each a namespace, such as `namespace: {name}`; without a `cluster` an entry is on `in-cluster`, Argo CD's own";
            problems.push(problem.help(help));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn cluster(installation: &Installation) -> &str {
    match installation.cluster.as_str() {
        "" => OWN_CLUSTER,
        cluster => cluster,
    }
}

/// What differs from entry to entry: the element of a list.
fn fields(installation: &Installation) -> Json {
    json!({
        "name": &*installation.entry,
        "chart": installation.chart,
        "version": installation.version,
        "release": installation.release.name,
        "namespace": installation.release.namespace,
        "cluster": cluster(installation),
    })
}

/// An Application's spec: <https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/>.
fn spec(fields: &Json, any: &Installation, setting: &Setting) -> Json {
    json!({
        "project": setting.project,
        "source": {
            "repoURL": repository(any),
            "chart": fields["chart"],
            "targetRevision": fields["version"],
            "helm": { "releaseName": fields["release"] },
        },
        "destination": { "name": fields["cluster"], "namespace": fields["namespace"] },
        "syncPolicy": {
            // A change in Git is rolled out. What is gone from the chart stays, and so does what a person changed.
            "automated": { "prune": false, "selfHeal": false },
            "syncOptions": ["CreateNamespace=true"],
        },
    })
}

/// The registry's address above the chart.
fn repository(installation: &Installation) -> String {
    let reference = &installation.reference;
    let path = reference.repository.strip_suffix(&installation.chart).unwrap_or_default();
    format!("{}/{path}", reference.host).trim_end_matches('/').to_owned()
}

/// An ApplicationSet: <https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/>.
fn set(name: &str, installations: &[&Installation], setting: &Setting) -> Json {
    let elements: Json = installations.iter().map(|installation| fields(installation)).collect();
    let keys = ["name", "chart", "version", "release", "namespace", "cluster"];
    let symbols: Json =
        keys.iter().map(|key| ((*key).to_owned(), Json::from(format!("{{{{.{key}}}}}")))).collect();
    let spec = installations.first().map(|any| spec(&symbols, any, setting));
    json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": { "name": name, "namespace": setting.namespace },
        "spec": {
            "goTemplate": true,
            "goTemplateOptions": ["missingkey=error"],
            "generators": [{ "list": { "elements": elements } }],
            // An entry that goes leaves what it has in its cluster.
            "syncPolicy": { "preserveResourcesOnDeletion": true },
            "template": { "metadata": { "name": symbols["name"] }, "spec": spec },
        },
    })
}

/// Shares installations out until none of the parts is too large: those with something in it, each with its number.
fn split<'i>(
    installations: &[&'i Installation],
    size: impl Fn(&[&'i Installation]) -> usize,
) -> Vec<(usize, Vec<&'i Installation>)> {
    let mut parts = 1;
    loop {
        let mut shares = vec![Vec::new(); parts];
        for installation in installations {
            let hash = sha256_hex(installation.entry.as_bytes());
            // Eight hexadecimal digits are a number.
            let hash = usize::from_str_radix(&hash[..8], 16).unwrap_or_default();
            shares[hash % parts].push(*installation);
        }
        // An element cannot be too large, for its texts are bounded.
        if shares.iter().all(|share| share.len() <= 1 || size(share) <= MAX_SET) {
            let numbered = shares.into_iter().enumerate().map(|(at, share)| (at + 1, share));
            return numbered.filter(|(_, share)| !share.is_empty()).collect();
        }
        parts *= 2;
    }
}

/// Any name will do for a cluster, but for its length, and for what no person can have meant.
fn check_clusters(installations: &[Installation]) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    for installation in installations {
        let cluster = &installation.cluster;
        if cluster.len() > MAX_CLUSTER || cluster.contains(char::is_control) {
            let message = format!(
                "the cluster of `{}` cannot be a cluster's name in Argo CD",
                installation.entry
            );
            problems.push(Problem::new(message).help(format!(
                "write the name that `argocd cluster list` shows, in up to {MAX_CLUSTER} bytes on one line"
            )));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{MAX_SET, Setting, application_sets, applications};
    use crate::gitops::Installation;
    use crate::gitops::tests::installation;

    fn setting() -> Setting {
        let [name, namespace, project] = ["forguncy", "argocd", "default"].map(str::to_owned);
        Setting { name, namespace, project }
    }

    /// Which set each entry is in.
    fn places(installations: &[Installation]) -> HashMap<String, String> {
        let mut places = HashMap::new();
        for file in application_sets(installations, &setting()).unwrap() {
            let set = &file.objects[0];
            assert!(set.to_string().len() <= MAX_SET);
            for element in set["spec"]["generators"][0]["list"]["elements"].as_array().unwrap() {
                let name = element["name"].as_str().unwrap().to_owned();
                let set = set["metadata"]["name"].as_str().unwrap().to_owned();
                assert_eq!(file.path, format!("{set}.yaml"));
                assert!(places.insert(name, set).is_none());
            }
        }
        places
    }

    #[test]
    fn the_address_is_that_of_the_registry_without_the_chart() {
        let mut here = installation("acme-prod", "prod", "");
        let spec = |here: &Installation| {
            let files = applications(std::slice::from_ref(here), &setting()).unwrap();
            files[0].objects[0]["spec"].clone()
        };
        assert_eq!(spec(&here)["source"]["repoURL"], "registry.example.com/charts");
        assert_eq!(spec(&here)["source"]["chart"], "acme-prod");
        assert_eq!(spec(&here)["source"]["targetRevision"], "10.0.103+2");
        assert_eq!(spec(&here)["destination"]["name"], "in-cluster");
        here.reference.repository = "acme-prod".to_owned();
        assert_eq!(spec(&here)["source"]["repoURL"], "registry.example.com");
        // A path that ends as the chart is called.
        here.reference.repository = "a/acme-prod/acme-prod".to_owned();
        assert_eq!(spec(&here)["source"]["repoURL"], "registry.example.com/a/acme-prod");
    }

    #[test]
    fn every_environment_has_a_set() {
        let fleet = ["a-prod", "a-test", "b"].map(|entry| {
            installation(entry, entry.split_once('-').map_or("", |(_, name)| name), "x")
        });
        let places = places(&fleet);
        assert_eq!(places["a-prod"], "forguncy-prod");
        assert_eq!(places["a-test"], "forguncy-test");
        assert_eq!(places["b"], "forguncy");
    }

    #[test]
    fn a_large_set_is_split_and_entries_stay_where_they_are() {
        let fleet = |count: usize| -> Vec<Installation> {
            (0..count).map(|n| installation(&format!("tenant-{n}"), "", "cluster")).collect()
        };
        let (before, after) = (places(&fleet(4000)), places(&fleet(4100)));
        assert!(before.values().any(|set| set == "forguncy.4"), "{:?}", before.values().max());
        assert_eq!(after.len(), 4100);
        assert!(before.iter().all(|(entry, set)| after[entry] == *set));
    }

    #[test]
    fn refuses_names_that_kubernetes_would() {
        assert!(application_sets(&[installation("a", "x y", "")], &setting()).is_err());
        assert!(application_sets(&[installation("a", "", &"x".repeat(300))], &setting()).is_err());
        assert!(applications(&[installation("a", "", "x\ny")], &setting()).is_err());
        let strange = installation("a", "", "arn:aws:eks:eu-1:1:cluster/{{.name}}\"'");
        let made = applications(std::slice::from_ref(&strange), &setting()).unwrap();
        assert_eq!(made[0].objects[0]["spec"]["destination"]["name"], strange.cluster);
    }
}
