//! What is in the cluster without being among the objects: the user says so, or his values do.

use std::collections::HashSet;

use super::uses::{Use, of_container, of_volume};
use crate::load::Loaded;
use crate::node::Node;
use crate::object::text;
use crate::values::pod::CONTAINER_LISTS;

/// Objects that are taken to be there already, by kind and name, in whatever namespace they are looked for.
#[derive(Clone, Debug, Default)]
pub struct External(HashSet<(String, String)>);

impl External {
    /// Adds an object.
    pub fn add(&mut self, kind: impl Into<String>, name: impl Into<String>) {
        self.0.insert((kind.into(), name.into()));
    }

    /// Whether an object is said to be there.
    pub fn has(&self, kind: &str, name: &str) -> bool {
        // Every namespace has these (Kubernetes' ServiceAccount and root CA publisher controllers).
        (kind, name) == ("ServiceAccount", "default")
            || (kind, name) == ("ConfigMap", "kube-root-ca.crt")
            || !self.0.is_empty() && self.0.contains(&(kind.to_owned(), name.to_owned()))
    }

    /// What a release's values name as the user's own: existing claims and Secrets, the account that is not to be created, and
    /// whatever the keys that are passed through to the pods refer to.
    pub fn of(loaded: &Loaded) -> Self {
        let mut this = Self::default();
        let values = &loaded.values;
        if !values.service_account.create {
            this.add("ServiceAccount", &values.service_account.name);
        }
        let pull = values.global.image_pull_secrets.iter().map(|secret| &secret.name);
        let tls = values.ingress.tls.iter().map(|tls| &tls.secret_name);
        for name in pull.chain(tls).chain([&values.redis.auth.existing_secret]) {
            this.add("Secret", name);
        }
        let shares = &values.storage.shares;
        let shares =
            [&shares.attach, &shares.logs, &shares.restore, &shares.sites, &shares.sites_bin];
        let shares = shares.into_iter().map(|share| &share.existing_claim);
        let stores = [&values.redis.persistence, &values.influx.persistence];
        for name in shares.chain(stores.map(|volume| &volume.existing_claim)) {
            this.add("PersistentVolumeClaim", name);
        }
        this.passed_through(&loaded.tree);
        this
    }

    fn passed_through(&mut self, tree: &Node) {
        let mut uses = Vec::new();
        let items = |path: &[&str]| tree.at(path).map(Node::items).unwrap_or_default();
        for section in ["forguncy", "redis", "influx"] {
            for volume in items(&[section, "extraVolumes"]) {
                of_volume(volume, "", &mut uses);
            }
            if let Some(container) = tree.at(&[section]) {
                of_container(container, "", &mut uses);
            }
        }
        for list in CONTAINER_LISTS {
            for container in items(&list.split('.').collect::<Vec<_>>()) {
                of_container(container, "", &mut uses);
            }
        }
        for Use { kind, name, .. } in uses {
            self.add(kind, name);
        }
    }
}

/// The object that a custom resource makes: kind and name. Those of the operators that put Secrets into clusters.
pub(super) fn made_by<'a>(
    group: &str,
    kind: &str,
    object: &'a Node,
) -> Option<(&'static str, &'a str)> {
    let name = text(object, &["metadata", "name"]);
    let name = match (group, kind) {
        ("bitnami.com", "SealedSecret") => name,
        ("external-secrets.io", "ExternalSecret") => {
            match text(object, &["spec", "target", "name"]) {
                "" => name,
                target => target,
            }
        }
        ("cert-manager.io", "Certificate") => text(object, &["spec", "secretName"]),
        _ => return None,
    };
    Some(("Secret", name))
}

#[cfg(test)]
mod tests {
    use super::External;
    use crate::load::{Layer, load};

    #[test]
    fn takes_what_the_values_name_as_the_users_own() {
        let text = "
global: {imagePullSecrets: [{name: pull}]}
serviceAccount: {create: false, name: runner}
redis: {auth: {enabled: true, existingSecret: login}, persistence: {existingClaim: data}}
ingress: {tls: [{secretName: tls}]}
storage: {shares: {sitesBin: {existingClaim: bin}}}
forguncy:
  extraEnv: [{name: A, valueFrom: {secretKeyRef: {name: env, key: k}}}]
  extraEnvFrom: [{configMapRef: {name: many}}]
  extraVolumes: [{name: fonts, configMap: {name: fonts}}]
  initContainers: [{name: i, image: i, env: [{name: B, valueFrom: {configMapKeyRef: {name: init, key: k}}}]}]
";
        let layers = [Layer::File("v".into(), text.into())];
        let external = External::of(&load(&layers, &mut |_| unreachable!()).unwrap());
        for (kind, name) in [
            ("Secret", "pull"),
            ("ServiceAccount", "runner"),
            ("Secret", "login"),
            ("PersistentVolumeClaim", "data"),
            ("Secret", "tls"),
            ("PersistentVolumeClaim", "bin"),
            ("Secret", "env"),
            ("ConfigMap", "many"),
            ("ConfigMap", "fonts"),
            ("ConfigMap", "init"),
            ("ServiceAccount", "default"),
        ] {
            assert!(external.has(kind, name), "{kind} {name}");
        }
        assert!(!external.has("ConfigMap", "pull"));
    }
}
