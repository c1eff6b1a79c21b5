//! A fleet for Flux: for each entry an OCIRepository and the HelmRelease that installs from it, in a folder for each cluster.
//!
//! [`HelmRelease`](https://fluxcd.io/flux/components/helm/helmreleases/) `v2` came with Flux 2.3 and
//! [`OCIRepository`](https://fluxcd.io/flux/components/source/ocirepositories/) `v1` with Flux 2.6, whose documentation
//! recommends it over HelmRepositories of the type `oci`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::{File, Installation};
use crate::error::Problem;

/// What all entries have in common.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The namespace of the objects that Flux reads.
    pub namespace: String,
    /// The Secret in it that has the registry's login; empty for none.
    pub secret: String,
    /// The Secret in it that leads to a cluster, in which `{cluster}` stands for its name; empty when Flux runs on each.
    pub kubeconfig: String,
}

/// How often what is there is compared with what should be. A new version is seen at once, since its pin changes.
const INTERVAL: &str = "1h";
/// How long an installation may take: a node that has no image yet pulls gigabytes.
const TIMEOUT: &str = "15m";
/// How often an installation or upgrade that failed is tried again.
const RETRIES: u8 = 3;
/// The layer that has the chart; a signed one has its signature in another. Flux needs this for charts pushed by Helm 4.
const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/// What stands for a cluster's name in that of a Secret.
const CLUSTER: &str = "{cluster}";
/// What the list of a folder is called, without `.yaml`.
const LIST: &str = "kustomization";

/// Checks that names can be what they are used for.
///
/// # Errors
/// Clusters that can name no folder, or no Secret of their own; an entry that is named as the lists are.
fn check(installations: &[Installation], setting: &Setting) -> Result<(), Vec<Problem>> {
    let clusters: BTreeSet<&str> = installations.iter().map(|it| it.cluster.as_str()).collect();
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    let several = clusters.iter().filter(|cluster| !cluster.is_empty()).count();
    if several > 1 && !setting.kubeconfig.is_empty() && !setting.kubeconfig.contains(CLUSTER) {
        let message = format!(
            "`--kubeconfig-secret {}` leads {several} clusters to one",
            setting.kubeconfig.escape_debug()
        );
        let help =
            format!("write `{CLUSTER}` where the cluster's name belongs: `{CLUSTER}-kubeconfig`");
        problems.push(Problem::new(message).help(help));
    }
    if installations.iter().any(|it| &*it.entry == LIST) {
        let message = format!("the file of the entry `{LIST}` would be the list of its folder");
        problems.push(Problem::new(message).help("give it another `name` in `entries`"));
    }
    for cluster in clusters.into_iter().filter(|cluster| !cluster.is_empty()) {
        let legal = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let is_edge = |c: char| c.is_ascii_alphanumeric();
        if !cluster.chars().all(legal)
            || !cluster.starts_with(is_edge)
            || !cluster.ends_with(is_edge)
            || cluster.len() > 100
            || cluster.ends_with(".yaml")
        {
            let message = format!("the cluster `{}` cannot name a folder", cluster.escape_debug());
            problems.push(Problem::new(message).help(
                "use up to 100 letters and digits, with dots, dashes and underscores inside",
            ));
        } else if let Some(other) = folded.insert(cluster.to_ascii_lowercase(), cluster) {
            let message =
                format!("the clusters `{other}` and `{cluster}` are one folder on some systems");
            problems.push(Problem::new(message).help("let them differ in more than capitals"));
        } else if !setting.kubeconfig.is_empty() {
            let secret = kubeconfig(setting, cluster);
            problems.extend(super::check_name("the Secret", &secret).err());
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// A file for each entry in the folder of its cluster, and a list of them in each folder. Where one Flux reaches all clusters, the list
/// above the folders names these, too: that Flux reads all, and what it did not find there it would uninstall.
///
/// # Errors
/// As [`check`].
pub fn files(installations: &[Installation], setting: &Setting) -> Result<Vec<File>, Vec<Problem>> {
    check(installations, setting)?;
    let mut clusters: BTreeMap<&str, Vec<&Installation>> = BTreeMap::new();
    for installation in installations {
        clusters.entry(&installation.cluster).or_default().push(installation);
    }
    let mut folders: Vec<String> = Vec::new();
    if !setting.kubeconfig.is_empty() {
        clusters.entry("").or_default();
        folders.extend(clusters.keys().filter(|name| !name.is_empty()).map(ToString::to_string));
    }
    let mut files = Vec::new();
    for (cluster, mut installations) in clusters {
        installations.sort_by(|a, b| a.entry.cmp(&b.entry));
        let place = |name: &str| match cluster {
            "" => name.to_owned(),
            cluster => format!("{cluster}/{name}"),
        };
        let mut names = Vec::with_capacity(installations.len());
        for installation in installations {
            let name = format!("{}.yaml", installation.entry);
            let objects = objects(installation, setting).into();
            files.push(File { path: place(&name), objects, entries: 1 });
            names.push(name);
        }
        if cluster.is_empty() {
            names.append(&mut folders);
        }
        let list = json!({
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": names,
        });
        files.push(File { path: place(&format!("{LIST}.yaml")), objects: vec![list], entries: 0 });
    }
    Ok(files)
}

/// The objects of all entries, for one Flux to read.
///
/// # Errors
/// When entries are on several clusters and nothing says how to reach them; clusters that can name no Secret.
pub fn everything(
    installations: &[Installation],
    setting: &Setting,
) -> Result<Vec<Json>, Vec<Problem>> {
    let clusters: BTreeSet<&str> = installations.iter().map(|it| it.cluster.as_str()).collect();
    if clusters.len() > 1 && setting.kubeconfig.is_empty() {
        let problem = Problem::new(format!(
            "the entries are on {} clusters, and one stream would install them all on one",
            clusters.len()
        ));
        return Err(vec![problem.help(
            "choose a folder with `-o DIR`, which gets one for each cluster, or let one Flux reach all with `--kubeconfig-secret '{cluster}-kubeconfig'`",
        )]);
    }
    check(installations, setting)?;
    Ok(installations.iter().flat_map(|installation| objects(installation, setting)).collect())
}

fn objects(installation: &Installation, setting: &Setting) -> [Json; 2] {
    let Installation { entry, release, cluster, reference, digest, .. } = installation;
    let metadata = json!({ "name": &**entry, "namespace": setting.namespace });
    let mut source = json!({
        "interval": INTERVAL,
        "url": format!("oci://{}/{}", reference.host, reference.repository),
        "ref": { "tag": reference.tag },
        "layerSelector": { "mediaType": CHART, "operation": "copy" },
    });
    if !digest.is_empty() {
        // It counts more than the tag, which says to a reader what it is.
        source["ref"]["digest"] = digest.as_str().into();
    }
    if !setting.secret.is_empty() {
        source["secretRef"] = json!({ "name": setting.secret });
    }
    let mut install = json!({
        "interval": INTERVAL,
        "timeout": TIMEOUT,
        "chartRef": { "kind": "OCIRepository", "name": &**entry },
        "releaseName": release.name,
        "targetNamespace": release.namespace,
        // Where Helm itself keeps a release, and two releases of one name do not meet.
        "storageNamespace": release.namespace,
        "install": { "createNamespace": true, "remediation": { "retries": RETRIES } },
        "upgrade": { "remediation": { "retries": RETRIES } },
    });
    if !setting.kubeconfig.is_empty() && !cluster.is_empty() {
        install["kubeConfig"] = json!({ "secretRef": { "name": kubeconfig(setting, cluster) } });
    }
    let object = |version: &str, kind: &str, spec: Json| json!({ "apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec });
    [
        object("source.toolkit.fluxcd.io/v1", "OCIRepository", source),
        object("helm.toolkit.fluxcd.io/v2", "HelmRelease", install),
    ]
}

fn kubeconfig(setting: &Setting, cluster: &str) -> String {
    setting.kubeconfig.replace(CLUSTER, cluster)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Setting, everything, files};
    use crate::gitops::Installation;
    use crate::gitops::tests::installation;

    fn setting(kubeconfig: &str) -> Setting {
        let namespace = "flux-system".to_owned();
        Setting { namespace, secret: String::new(), kubeconfig: kubeconfig.to_owned() }
    }

    fn fleet() -> [Installation; 3] {
        [installation("b", "", "one"), installation("c", "", ""), installation("a", "", "one")]
    }

    #[test]
    fn each_cluster_has_a_folder_with_a_list() {
        let made = files(&fleet(), &setting("")).unwrap();
        let paths: Vec<&str> = made.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            paths,
            ["c.yaml", "kustomization.yaml", "one/a.yaml", "one/b.yaml", "one/kustomization.yaml"]
        );
        assert_eq!(made[4].objects[0]["resources"], json!(["a.yaml", "b.yaml"]));
        assert_eq!(made.iter().map(|file| file.entries).sum::<usize>(), 3);
    }

    #[test]
    fn where_one_flux_reaches_all_clusters_it_finds_all_of_them() {
        let list = |fleet: &[Installation]| {
            let made = files(fleet, &setting("{cluster}-kubeconfig")).unwrap();
            made.into_iter().find(|it| it.path == "kustomization.yaml").unwrap().objects
        };
        assert_eq!(list(&fleet())[0]["resources"], json!(["c.yaml", "one"]));
        assert_eq!(list(&fleet()[..1])[0]["resources"], json!(["one"]));
    }

    #[test]
    fn refuses_one_secret_for_several_clusters() {
        let both = [installation("a", "", "one"), installation("b", "", "two")];
        assert!(files(&both, &setting("kubeconfig")).is_err());
        assert!(everything(&both, &setting("kubeconfig")).is_err());
        assert!(files(&both[..1], &setting("kubeconfig")).is_ok());
        assert!(files(&both, &setting("{cluster}")).is_ok());
    }

    #[test]
    fn refuses_an_entry_that_is_named_as_the_lists_are() {
        assert!(files(&[installation("kustomization", "", "one")], &setting("")).is_err());
    }

    #[test]
    fn the_tag_is_the_one_that_was_pushed() {
        let made = files(&fleet(), &setting("")).unwrap();
        let [source, release] = &made[0].objects[..] else { panic!("two objects") };
        assert_eq!(source["spec"]["ref"], json!({ "tag": "10.0.103_2" }));
        assert_eq!(source["spec"]["url"], "oci://registry.example.com/charts/c");
        assert!(source["spec"].get("secretRef").is_none());
        assert_eq!(release["spec"]["storageNamespace"], release["spec"]["targetNamespace"]);
        assert!(release["spec"].get("kubeConfig").is_none());
    }

    #[test]
    fn a_stream_for_several_clusters_says_how_to_reach_them() {
        assert!(everything(&fleet(), &setting("")).is_err());
        let made = everything(&fleet(), &setting("{cluster}-kubeconfig")).unwrap();
        let secrets: Vec<_> = made.iter().filter_map(|it| it["spec"].get("kubeConfig")).collect();
        assert_eq!(secrets, [&json!({ "secretRef": { "name": "one-kubeconfig" } }); 2]);
        assert_eq!(everything(&fleet()[..1], &setting("")).unwrap().len(), 2);
    }

    #[test]
    fn refuses_clusters_that_can_name_no_folder() {
        for cluster in ["..", "a/b", ".git", "a b", "-a", "a.yaml", "活", "a\n", &"a".repeat(101)]
        {
            assert!(files(&[installation("a", "", cluster)], &setting("")).is_err(), "{cluster}");
        }
        let both = [installation("a", "", "Prod"), installation("b", "", "prod")];
        assert!(files(&both, &setting("")).is_err());
        let upper = [installation("a", "", "Prod")];
        assert!(files(&upper, &setting("")).is_ok());
        assert!(files(&upper, &setting("{cluster}")).is_err());
    }
}
