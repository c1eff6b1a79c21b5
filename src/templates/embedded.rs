//! The template files, embedded in the binary. Their paths below `templates/` are their paths in the chart.

/// A file of `templates/`: its path and its text.
pub type File = (&'static str, &'static str);

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../templates/", $path)))),*]
    };
}

/// Components that templates call. They are no part of the chart.
pub const COMPONENTS: &[File] = files![
    "components/stage.tera",
    "components/metadata.tera",
    "components/pod.tera",
    "components/storage.tera",
    "components/service.tera",
];

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
