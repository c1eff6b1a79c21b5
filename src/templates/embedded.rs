//! The template files, embedded in the binary: as they are written, and as the chart stage renders them.

/// A file of `templates/` that becomes a file of the chart.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Its path below `templates/`, here and in the chart.
    pub path: &'static str,
    /// The conditions under which there is anything in it; all have to hold.
    pub when: &'static [When],
    /// The Tera template.
    pub template: &'static str,
    /// What the chart stage makes of it: `chart/templates/`.
    ///
    /// No value touches it, so it is rendered once, by a test that holds it against the template, and not in every run.
    pub chart: &'static str,
}

/// A condition: a key of the values, and what it has to equal; `None` asks that it is neither false nor empty.
pub type When = (&'static str, Option<&'static str>);

macro_rules! files {
    ($($path:literal $when:expr),* $(,)?) => {
        &[$(File {
            path: $path,
            when: &$when,
            template: include_str!(concat!("../../templates/", $path)),
            chart: include_str!(concat!("../../chart/templates/", $path)),
        }),*]
    };
}

macro_rules! components {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../templates/components/", $path)))),*]
    };
}

/// Components that templates call, by path and text. They are no part of the chart.
pub const COMPONENTS: &[(&str, &str)] =
    components!["metadata.tera", "pod.tera", "storage.tera", "service.tera"];

/// Templates of objects: the vendor's eight, then what production needs.
pub const OBJECTS: &[File] = files![
    "deployment-fgc.yaml" [],
    "deployment-redis.yaml" [("redis.enabled", None)],
    "deployment-influx.yaml" [("influx.enabled", None)],
    "service-fgc.yml" [],
    "service-redis.yml" [("redis.enabled", None)],
    "service-influx.yml" [("influx.enabled", None)],
    "pvs.yaml" [],
    "pvcs.yaml" [],
    "extra-objects.yaml" [],
    "hpa-fgc.yaml" [("forguncy.scaling.mode", Some("auto"))],
    "httproute.yaml" [("gateway.enabled", None)],
    "ingress.yaml" [("ingress.enabled", None)],
    "networkpolicy.yaml" [("networkPolicy.enabled", None)],
    "pdb-fgc.yaml" [("forguncy.podDisruptionBudget.enabled", None)],
    "secret-redis.yaml" [("redis.enabled", None), ("redis.auth.enabled", None)],
    "serviceaccount.yaml" [("serviceAccount.create", None)],
    "tests/test-connection.yaml" [("tests.enabled", None)],
];

/// Files that only an installed chart needs: notes for the operator, and partials in Helm's own language.
pub const CHART_ONLY: &[File] = files!["NOTES.txt" [], "_image.tpl" [], "_release.tpl" []];
