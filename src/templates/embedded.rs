//! The templates of every chart, embedded in the binary as the chart stage prints them: `chart/templates/`.

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../chart/templates/", $path)))),*]
    };
}

/// Path below `templates/`, and text. First the vendor's eight, then what production needs, then what only an installed
/// chart needs: notes for the operator, and partials in Helm's own language.
pub const CHART: &[(&str, &str)] = files![
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
    "NOTES.txt",
    "_image.tpl",
    "_release.tpl",
];
