//! Rules about packaged charts, ours or anyone's: what Helm makes of an archive, its metadata, values and templates.

super::rules! { CHART:
    /// The archive cannot be read to its end.
    ARCHIVE_UNREADABLE = "HZG401" "archive-unreadable" Error;
    /// An entry's path is one that Helm refuses.
    ARCHIVE_PATH = "HZG402" "archive-path" Error;
    /// A file or the whole is larger than Helm loads.
    ARCHIVE_LIMIT = "HZG403" "archive-limit" Error;
    /// An entry that Helm loads as something else than it looks.
    ARCHIVE_ENTRY = "HZG404" "archive-entry" Warning;
    /// Damage that Helm does not notice.
    ARCHIVE_DAMAGED = "HZG405" "archive-damaged" Warning;
    /// The gzip header's extra field is malformed.
    GZIP_EXTRA = "HZG406" "gzip-extra" Warning;
    /// A zip, which no Helm takes.
    ARCHIVE_ZIP = "HZG407" "archive-zip" Warning;
    /// Something in a folder that Helm cannot load.
    FOLDER_ENTRY = "HZG408" "folder-entry" Error;
    /// A `.helmignore` that Helm cannot read.
    HELMIGNORE_INVALID = "HZG409" "helmignore-invalid" Error;
    /// A `!` in `.helmignore`, which does not mean what it means to git.
    HELMIGNORE_NEGATION = "HZG410" "helmignore-negation" Warning;
    /// A Chart.yaml that Helm does not load.
    CHART_METADATA = "HZG411" "chart-metadata" Error;
    /// Something in Chart.yaml that Helm passes over or only `helm lint` refuses.
    CHART_METADATA_ODD = "HZG412" "chart-metadata-odd" Warning;
    /// A chart version that Helm refuses.
    CHART_VERSION = "HZG413" "chart-version" Error;
    /// A version that Helm completes or reads as another one.
    CHART_VERSION_LOOSE = "HZG414" "chart-version-loose" Warning;
    /// A chart name beyond Helm's conventions.
    CHART_NAME = "HZG415" "chart-name" Warning;
    /// A library, which cannot be installed.
    CHART_LIBRARY = "HZG416" "chart-library" Error;
    /// A kubeVersion that no cluster can satisfy.
    KUBE_VERSION = "HZG417" "kube-version" Error;
    /// A kubeVersion that leaves out the versions of managed clusters.
    KUBE_VERSION_PRERELEASE = "HZG418" "kube-version-prerelease" Warning;
    /// A chart that is not to be used any more.
    CHART_DEPRECATED = "HZG419" "chart-deprecated" Warning;
    /// A dependency that is not there, or cannot be loaded.
    CHART_DEPENDENCIES = "HZG420" "chart-dependencies" Error;
    /// Dependencies, their declaration and the lock that do not agree.
    CHART_LOCK = "HZG421" "chart-lock" Warning;
    /// An annotation that Artifact Hub does not understand.
    CHART_ANNOTATIONS = "HZG422" "chart-annotations" Warning;
    /// A values.yaml that Helm does not load.
    VALUES_DOCUMENT = "HZG431" "values-document" Error;
    /// Values that mean something else to Helm than they look.
    VALUES_MEANING = "HZG432" "values-meaning" Warning;
    /// A values.schema.json that Helm cannot use.
    SCHEMA_INVALID = "HZG441" "schema-invalid" Error;
    /// Default values that their own schema refuses.
    SCHEMA_MISMATCH = "HZG442" "schema-mismatch" Error;
    /// A schema that is not complete in itself.
    SCHEMA_REMOTE = "HZG443" "schema-remote" Warning;
    /// A schema that means something else from one Helm to another.
    SCHEMA_DRAFT = "HZG444" "schema-draft" Warning;
    /// A schema that refuses `global`.
    SCHEMA_GLOBAL = "HZG445" "schema-global" Warning;
    /// A template that Helm cannot parse.
    TEMPLATE_SYNTAX = "HZG451" "template-syntax" Error;
    /// A file among the templates that `helm lint` refuses.
    TEMPLATE_FILE = "HZG452" "template-file" Warning;
    /// Something that Helm has no longer.
    TEMPLATE_REMOVED = "HZG453" "template-removed" Warning;
    /// A file below crds/ that no cluster can read.
    CRD_FILE = "HZG454" "crd-file" Error;
    /// A file below crds/ that is no CustomResourceDefinition.
    CRD_KIND = "HZG455" "crd-kind" Warning;
    /// A release that Kubernetes cannot store.
    RELEASE_SIZE = "HZG461" "release-size" Error;
    /// A release that is nearly too large.
    RELEASE_SIZE_NEAR = "HZG462" "release-size-near" Warning;
}
