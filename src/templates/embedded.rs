//! The template files, embedded in the binary: as they are written, and as the chart stage renders them.

/// A file of `templates/` that becomes a file of the chart.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Its path below `templates/`, here and in the chart.
    pub path: &'static str,
    /// The Tera template.
    pub template: &'static str,
    /// What the chart stage makes of it: `chart/templates/`.
    ///
    /// No value touches it, so it is rendered once, by a test that holds it against the template, and not in every run.
    pub chart: &'static str,
}

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(File {
            path: $path,
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
    components!["stage.tera", "metadata.tera", "pod.tera", "storage.tera", "service.tera"];

/// Templates of objects: the vendor's eight, then what production needs.
pub const OBJECTS: &[File] = files![
    "deployment-fgc.yaml",
    "deployment-redis.yaml",
    "deployment-influx.yaml",
    "service-fgc.yml",
    "service-redis.yml",
    "service-influx.yml",
    "pvs.yaml",
    "pvcs.yaml",
    "extra-objects.yaml",
    "hpa-fgc.yaml",
    "httproute.yaml",
    "ingress.yaml",
    "networkpolicy.yaml",
    "pdb-fgc.yaml",
    "secret-redis.yaml",
    "serviceaccount.yaml",
    "tests/test-connection.yaml",
];

/// Files that only an installed chart needs: notes for the operator, and partials in Helm's own language.
pub const CHART_ONLY: &[File] = files!["NOTES.txt", "_image.tpl", "_release.tpl"];
