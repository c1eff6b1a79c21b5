//! Where the keys of other charts' values are in ours: those of the vendor's chart, and those that charts have in common.

use crate::suggest::Wanted;

use Now::{Image, Key, Path, Server, Size, Words};

/// One key of another chart, or several.
#[derive(Debug)]
pub struct Moved {
    /// The path there. A part may be a choice, `replicas|replicaCount`. A first part `~` is `forguncy` or nothing,
    /// `*` is also `redis` or
    /// `influx`.
    pub from: &'static str,
    /// What to write here.
    pub now: Now,
    /// Whether it is one of the vendor's keys.
    pub vendor: bool,
}

/// What to write in place of another chart's key.
#[derive(Clone, Copy, Debug)]
pub enum Now {
    /// Another key with the same value; `*` is the section that it was found in, or `forguncy`.
    Key(&'static str),
    /// A share's server: one key for all shares, or one for each.
    Server(&'static str),
    /// A share's path on its server: here a root, for all shares or for each, and a directory below it.
    Path(&'static str),
    /// The size of all shares: here each has its own.
    Size,
    /// An image's name with its registry: here two keys.
    Image,
    /// What these words say.
    Words(&'static str),
}

const fn vendor(from: &'static str, now: Now) -> Moved {
    Moved { from, now, vendor: true }
}

const fn other(from: &'static str, now: Now) -> Moved {
    Moved { from, now, vendor: false }
}

const PULL_SECRETS: Now = Words("write `global.imagePullSecrets`, a list of `name: SECRET`");
const NAMES: Now = Words(
    "there is no key for it: names begin with the release's, which is `--name` here and the first argument of `helm install`",
);
const NAMESPACE: Now = Words("there is no key for it: pass `-n NAMESPACE`, here and to Helm");
const ONE_POD: Now =
    Words("leave it out: this is always one pod, since a second one would not share its data");
const FIXED: Now =
    Words("write `forguncy.scaling.mode: fixed` and the number in `forguncy.scaling.replicas`");
const AUTO: Now = Words("write `forguncy.scaling.mode: auto`");
const CLASS: Now =
    Words("write `storage.type: storageClass` and the name in `storage.storageClassName`");
const CLAIM: Now = Words(
    "write `storage.type: existingClaims` and a name in `storage.shares.NAME.existingClaim` for each share",
);
const MODES: Now = Words("leave it out: the shares are always ReadWriteMany, as several pods need");
const HOST_PATH: Now = Words("write `storage.type: hostPath` and the path in `storage.root`");

/// All that is known. A row of a key comes after those of the keys below it.
pub const TABLE: &[Moved] = &[
    vendor("image.repository", Image),
    vendor("image.tag", Key("forguncy.image.tag")),
    vendor("persistentVolume.storage", Size),
    vendor("persistentVolume.nfs_atach.path", Path("attach")),
    vendor("persistentVolume.nfs_atach.server", Server("attach")),
    vendor("persistentVolume.nfs_log.path", Path("logs")),
    vendor("persistentVolume.nfs_log.server", Server("logs")),
    vendor("persistentVolume.nfs_restore.path", Path("restore")),
    vendor("persistentVolume.nfs_restore.server", Server("restore")),
    vendor("persistentVolume.nfs_site.path", Path("sites")),
    vendor("persistentVolume.nfs_site.server", Server("sites")),
    vendor("persistentVolume.nfs_bin.path", Path("sitesBin")),
    vendor("persistentVolume.nfs_bin.server", Server("sitesBin")),
    vendor(
        "redis.redis_password",
        Words(
            "write `redis.auth.enabled: true` and the password in `redis.auth.password`, or name a Secret of yours in `redis.auth.existingSecret`",
        ),
    ),
    // Images and names, as `helm create` writes them.
    other("image.registry", Key("forguncy.image.registry")),
    other("image.digest", Key("forguncy.image.digest")),
    other("image.pullPolicy|imagePullPolicy", Key("forguncy.image.pullPolicy")),
    other("*.imagePullPolicy", Key("*.image.pullPolicy")),
    other("~.image.pullSecret|pullSecrets", PULL_SECRETS),
    other("redis|influx|tests.image.pullSecret|pullSecrets", PULL_SECRETS),
    other("~.pullSecret|pullSecrets|imagePullSecret", PULL_SECRETS),
    other("image", Image),
    other("global.registry", Key("global.imageRegistry")),
    other("*.nameOverride|fullnameOverride|releaseName", NAMES),
    other("*.namespace|namespaceOverride", NAMESPACE),
    other("fgc|hzg|forguncyServer|huozige", Key("forguncy")),
    // Scaling.
    other("redis|influx.replicas|replicaCount|scaling", ONE_POD),
    other("~.replicas|replicaCount", FIXED),
    other("~.autoscaling|hpa.enabled", AUTO),
    other("~.autoscaling|hpa.minReplicas|min", Key("forguncy.scaling.minReplicas")),
    other("~.autoscaling|hpa.maxReplicas|max", Key("forguncy.scaling.maxReplicas")),
    other(
        "~.autoscaling|hpa.targetCPUUtilizationPercentage|targetCPU",
        Key("forguncy.scaling.targetCPUUtilizationPercentage"),
    ),
    other(
        "~.autoscaling|hpa.targetMemoryUtilizationPercentage|targetMemory",
        Key("forguncy.scaling.targetMemoryUtilizationPercentage"),
    ),
    other("~.autoscaling|hpa.behavior", Key("forguncy.scaling.behavior")),
    other("~.autoscaling|hpa", AUTO),
    other("~.pdb", Key("forguncy.podDisruptionBudget")),
    other("~.spreadPreset|podAntiAffinityPreset", Key("forguncy.spread")),
    // Pods.
    other("~.strategyType|updateStrategy|deploymentStrategy", Key("forguncy.strategy")),
    other("*.startupProbe", Key("*.probes.startup")),
    other("*.readinessProbe", Key("*.probes.readiness")),
    other("*.livenessProbe", Key("*.probes.liveness")),
    other("~.env|envVars|extraEnvVars|environment", Key("forguncy.extraEnv")),
    other("*.env|envVars|extraEnvVars|environment", Key("*.extraEnv")),
    other("~.envFrom", Key("forguncy.extraEnvFrom")),
    other("*.envFrom", Key("*.extraEnvFrom")),
    other("~.volumes", Key("forguncy.extraVolumes")),
    other("*.volumes", Key("*.extraVolumes")),
    other("~.volumeMounts", Key("forguncy.extraVolumeMounts")),
    other("*.volumeMounts", Key("*.extraVolumeMounts")),
    other("~.sidecars|extraSidecarContainers", Key("forguncy.extraContainers")),
    other("*.sidecars|extraSidecarContainers", Key("*.extraContainers")),
    other("~.extraInitContainers", Key("forguncy.initContainers")),
    other("~.service.targetPort", Key("forguncy.containerPort")),
    other(
        "~.service.sessionAffinityConfig",
        Words("write the seconds in `forguncy.service.sessionAffinity.timeoutSeconds`"),
    ),
    other("*.serviceAccountName", Key("serviceAccount.name")),
    other(
        "serviceAccount.automountServiceAccountToken|automountToken",
        Key("serviceAccount.automount"),
    ),
    other("*.automountServiceAccountToken", Key("serviceAccount.automount")),
    other("*.tz", Key("global.timezone")),
    // Storage.
    other("~.persistence.size", Size),
    other("~.persistence.storageClass|storageClassName", CLASS),
    other("~.persistence.existingClaim", CLAIM),
    other("~.persistence.accessMode|accessModes", MODES),
    other(
        "~.persistence.enabled",
        Words(
            "leave it out: the shares of `storage` are always kept; only `redis.persistence` and `influx.persistence` can be off",
        ),
    ),
    other(
        "~.persistence",
        Words(
            "the shares are in `storage`; redis and influx have `redis.persistence` and `influx.persistence`",
        ),
    ),
    other(
        "redis|influx.persistence.storageClass|storageClassName",
        Words("write `storage.storageClassName`, which is for every volume"),
    ),
    other(
        "redis|influx.persistence.accessMode|accessModes",
        Words("leave it out: the chart sets it"),
    ),
    other("global.storageClass|storageClassName", CLASS),
    other("storage.storageClass|class|className", Key("storage.storageClassName")),
    other("storage|persistentVolume.size|capacity", Size),
    other("storage|persistentVolume.accessMode|accessModes", MODES),
    other("storage.nfs.server|host|address", Key("storage.server")),
    other("nfs.server|host|address", Key("storage.server")),
    other("storage.nfsServer|host|address", Key("storage.server")),
    other("nfsServer", Key("storage.server")),
    other("storage.nfs.path|root|share|export", Key("storage.root")),
    other("nfs.path|root|share|export", Key("storage.root")),
    other("storage.path|nfsPath|export", Key("storage.root")),
    other("nfsPath", Key("storage.root")),
    other("storage.hostPath.path", HOST_PATH),
    other("storage.hostPath", HOST_PATH),
    other("storage.shares.bin", Key("storage.shares.sitesBin")),
    other("storage.shares.backup|backups", Key("storage.shares.restore")),
    other("storage.shares.attachment|attachments", Key("storage.shares.attach")),
    // redis.
    other("redis.usePassword|usePasswords", Key("redis.auth.enabled")),
    other("redis.requirepass|passwd|pwd", Key("redis.auth.password")),
    other("redis.auth.existingSecretPasswordKey|secretKey", Key("redis.auth.existingSecretKey")),
    // Access.
    other("ingress.hostname|hostnames|domain", Key("ingress.hosts")),
    other("ingress.ingressClassName|ingressClass|class", Key("ingress.className")),
    other("ingress.pathType", Words("leave it out: the path is always a prefix")),
    other("gateway.hosts|host", Key("gateway.hostnames")),
    other("httpRoute", Key("gateway")),
    other("extraDeploy|extraManifests|extraResources", Key("extraObjects")),
];

/// The row about a path, and the section for its `*`.
pub fn row(path: &[&str]) -> Option<(&'static Moved, &'static str)> {
    TABLE.iter().find_map(|row| {
        let mut patterns = patterns(row.from);
        let equal = |(_, parts): &(&str, Vec<&str>)| {
            parts.len() == path.len() && begins(parts, path, row.vendor)
        };
        patterns.find(equal).map(|(section, _)| (row, section))
    })
}

/// Whether a row is about something below a path.
pub fn is_above_any(path: &[&str]) -> bool {
    TABLE.iter().any(|row| {
        patterns(row.from)
            .any(|(_, parts)| parts.len() > path.len() && begins(&parts, path, row.vendor))
    })
}

/// How the last key of a path is spelt in the rows, if in none of them as it is here.
pub fn spelt(path: &[&str]) -> Option<&'static str> {
    let last = path.last()?;
    let mut names = TABLE.iter().flat_map(|row| {
        let fitting = patterns(row.from)
            .filter(|(_, parts)| parts.len() >= path.len() && begins(parts, path, row.vendor));
        let names = fitting.flat_map(|(_, parts)| parts[path.len() - 1].split('|'));
        names.filter(|name| is(name, last, row.vendor))
    });
    let first = names.next()?;
    (first != *last && !names.any(|name| name == *last)).then_some(first)
}

/// What a row's path stands for: each section that its first part may be, and the parts of the whole path.
fn patterns(from: &'static str) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let parts: Vec<_> = from.split('.').collect();
    let sections: &[&str] = match parts[0] {
        "~" => &["", "forguncy"],
        "*" => &["", "forguncy", "redis", "influx"],
        _ => &[],
    };
    let rest = parts[usize::from(!sections.is_empty())..].to_vec();
    let fixed = sections.is_empty().then_some("forguncy");
    let ready = fixed.map(|section| (section, rest.clone()));
    let made = sections.iter().map(move |section| match *section {
        "" => ("forguncy", rest.clone()),
        section => (section, [&[section], rest.as_slice()].concat()),
    });
    ready.into_iter().chain(made)
}

/// Whether a path is the beginning of what a row's path stands for, or all of it.
fn begins(parts: &[&str], path: &[&str], loosely: bool) -> bool {
    path.iter().zip(parts).all(|(key, part)| part.split('|').any(|name| is(name, key, loosely)))
}

/// Whether a key is the one that a row names, in whatever way it is written. People mend the vendor's spelling, so of
/// those keys one letter may differ.
fn is(name: &str, key: &str, loosely: bool) -> bool {
    let slips = usize::from(loosely && name.len() > 6);
    let near = Wanted::new(key).and_then(|wanted| wanted.distance(name));
    near.is_some_and(|distance| !distance.begun && distance.edits <= slips)
}

#[cfg(test)]
mod tests {
    use super::{Now, TABLE, is_above_any, row, spelt};
    use crate::schema::load;

    fn now(path: &str) -> Option<(Now, &'static str)> {
        let path: Vec<_> = path.split('.').collect();
        row(&path).map(|(row, section)| (row.now, section))
    }

    #[test]
    fn finds_a_row_by_any_of_its_paths() {
        for path in ["livenessProbe", "forguncy.livenessProbe", "forguncy.liveness_probe"] {
            assert!(
                matches!(now(path), Some((Now::Key("*.probes.liveness"), "forguncy"))),
                "{path}"
            );
        }
        assert!(matches!(now("redis.livenessProbe"), Some((Now::Key(_), "redis"))));
        assert!(matches!(now("hpa.max"), Some((Now::Key("forguncy.scaling.maxReplicas"), _))));
        assert!(now("ingress.livenessProbe").is_none());
        assert!(now("probes").is_none());
    }

    #[test]
    fn takes_the_vendors_keys_in_the_right_spelling_too() {
        for path in ["persistentVolume.nfs_atach.path", "persistentVolume.nfs_attach.path"] {
            assert!(matches!(now(path), Some((Now::Path("attach"), _))), "{path}");
        }
        assert!(matches!(now("persistent_volumes.nfsLogs.server"), Some((Now::Server("logs"), _))));
    }

    #[test]
    fn knows_how_a_key_is_spelt_in_the_rows() {
        assert_eq!(spelt(&["Image"]), Some("image"));
        assert_eq!(spelt(&["image"]), None);
        assert_eq!(spelt(&["persistentVolume", "nfs_attach"]), Some("nfs_atach"));
        assert_eq!(spelt(&["persistent_volume", "nfs_atach"]), None);
        assert_eq!(spelt(&["replicaCount"]), None);
        assert_eq!(spelt(&["colour"]), None);
    }

    #[test]
    fn the_readmes_and_the_guide_have_every_key_of_the_vendor() {
        let texts = [
            include_str!("../../README.md"),
            include_str!("../../README.zh-CN.md"),
            include_str!("../../docs/migrate.md"),
        ];
        for readme in texts {
            for moved in TABLE.iter().filter(|moved| moved.vendor) {
                let known =
                    |part: &str| [".", "`"].iter().any(|s| readme.contains(&format!("{s}{part}`")));
                let parts: Vec<_> = moved.from.split('.').collect();
                assert!(parts[1..].iter().all(|part| known(part)), "{}", moved.from);
            }
        }
    }

    #[test]
    fn knows_what_has_rows_below() {
        assert!(is_above_any(&["persistentVolume"]));
        assert!(is_above_any(&["persistentVolume", "nfs_bin"]));
        assert!(is_above_any(&["forguncy", "autoscaling"]));
        assert!(!is_above_any(&["persistentVolume", "storage"]));
        assert!(!is_above_any(&["colour"]));
    }

    #[test]
    fn no_row_is_about_a_key_that_there_is_and_all_lead_to_one() {
        let schema = load();
        let exists = |path: &str| {
            let pointer: String = path.split('.').map(|key| format!("/properties/{key}")).collect();
            schema.pointer(&pointer.replace("NAME", "attach")).is_some()
        };
        for moved in TABLE {
            for (section, parts) in super::patterns(moved.from) {
                for last in parts.last().unwrap_or(&"").split('|') {
                    let path = [&parts[..parts.len() - 1], &[last]].concat().join(".");
                    assert!(path.contains('|') || !exists(&path), "{path} exists");
                }
                match moved.now {
                    Now::Key(to) => assert!(exists(&to.replace('*', section)), "{to}"),
                    Now::Words(words) => {
                        let quoted = words.split('`').skip(1).step_by(2);
                        for key in quoted.filter(|q| !q.contains([' ', '/']) || q.contains(": ")) {
                            let key = key.split(':').next().unwrap_or(key);
                            let known = !key.contains('.') || exists(key);
                            assert!(known, "{key}");
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}
