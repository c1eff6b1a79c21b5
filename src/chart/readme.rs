//! The chart's README.md: what it installs, how, and every value; the last is the same in all charts.

use super::metadata::Metadata;
use super::version::ChartVersion;

/// Writes the README of a chart, up to the table of values at its end.
pub fn write(metadata: &Metadata, version: &ChartVersion) -> String {
    let Metadata { name, description, .. } = metadata;
    let ChartVersion { version, app_version } = version;
    format!(
        "# {name}

{description}

Chart version {version}, Forguncy Server {app_version}.

## Install

```console
helm install forguncy {name}-{version}.tgz --namespace forguncy --create-namespace --values values.yaml
```

`values.yaml` beside this file holds every key with its default and its meaning. Helm checks what you set against
`values.schema.json`: an unknown key, a wrong type or a port out of range is refused before anything is installed.

## Upgrade and uninstall

```console
helm upgrade forguncy {name}-{version}.tgz --namespace forguncy --values values.yaml
helm uninstall forguncy --namespace forguncy
```

Volumes and claims outlive `helm uninstall` as long as `storage.keepOnUninstall` is true, and a release of the same name takes
them over again. The release's name may have 46 characters, starts with a letter and holds no dot: Services are named after it.

## Values

"
    )
}
