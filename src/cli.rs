//! The command line: what clap reads, and nothing else.

mod fleet;
mod gitops;

pub use fleet::{
    EntriesArgs, FleetArgs, FleetDiffArgs, FleetListArgs, FleetPackageArgs, FleetRenderArgs,
    FleetValidateArgs, FleetVerb,
};
pub use gitops::{ArgocdForm, EngineArgs, FleetArgocdArgs, FleetFluxArgs};

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::kubernetes::Version;
use crate::release::Release;
use crate::report::Target;

/// Typed values in, Kubernetes manifests or an installable Helm chart out: Forguncy (活字格) on Kubernetes.
#[derive(Debug, Parser)]
#[command(
    name = "hzgchart",
    version,
    after_help = "Examples:
  hzgchart render --preset single-node        print the manifests for a learner's k3s
  hzgchart init --preset nfs -o values.yaml   write a commented values file, to edit
  hzgchart validate -f values.yaml            say all that is wrong, or would go wrong
  hzgchart render -f values.yaml              check the file and print its manifests
  hzgchart package -f values.yaml             write the chart for `helm install`
  hzgchart diff old.yaml new.yaml             say what an upgrade would change, and break
  hzgchart import Hzg-K8S-HelmChart.zip       turn the vendor's chart into a values file
  hzgchart bundle -f values.yaml              make one zip for a site without internet

Nothing here talks to a cluster: Helm or kubectl installs what comes out. Only `push` talks to a network.

Exit codes: 0 fine, 1 the checks found errors (or `verify` a chart that is not what was signed, or `diff --exit-code` differences, or `import` something for your hand), 2 the input is wrong, 3 a file, a stream or the program itself failed."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the values and print their Kubernetes manifests, as `helm template` would
    Render(RenderArgs),
    /// Write a Helm chart whose defaults are the given values; prints its path and sha256
    Package(PackageArgs),
    /// Check values, a packaged chart or manifests: would it install, and would it then serve?
    #[command(visible_alias = "lint")]
    Validate(ValidateArgs),
    /// Say what would change between two states of a release, and what that means for it
    Diff(DiffArgs),
    /// List every image of the values, or print a script that copies them to a private registry
    Images(ImagesArgs),
    /// Make one zip for a site without internet: the chart, scripts for the images, an install guide
    Bundle(BundleArgs),
    /// Print a script that prepares the NFS server or the workers for the values
    Nfs(NfsArgs),
    /// Print the configuration of an nginx before the nodes
    Gateway(GatewayArgs),
    /// Write the index.yaml of a folder of packaged charts, for `helm repo add`
    Index(IndexArgs),
    /// Turn the vendor's chart, or its values.yaml, into a typed values file
    Import(ImportArgs),
    /// Push a packaged chart to an OCI registry; prints its reference and digest
    Push(PushArgs),
    /// Check who signed a packaged chart, and that it is what was signed
    Verify(VerifyArgs),
    /// Render, check, package or compare many installations that one file describes
    Fleet(FleetArgs),
    /// Explain a rule of the checks, or list them all
    Explain(ExplainArgs),
    /// Print a commented values file to start from
    Init(InitArgs),
    /// List the presets, or print one
    Presets(PresetsArgs),
    /// Print the JSON schema of the values (draft-07), for editors and CI
    #[command(after_help = "Example:\n  hzgchart schema > values.schema.json")]
    Schema,
    /// Print a completion script for a shell
    #[command(
        after_help = "Examples:\n  source <(hzgchart completions bash)\n  hzgchart completions fish > ~/.config/fish/completions/hzgchart.fish"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, in roff
    #[command(after_help = "Example:\n  hzgchart man > hzgchart.1 && man ./hzgchart.1")]
    Man,
}

/// Where values come from. Later layers win; within a layer the later one does. Helm's own flags and precedence:
/// presets, files, `--set-json`, `--set`, `--set-string`, `--set-file`, `--set-literal`.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Values")]
pub struct ValuesArgs {
    /// Start from a preset (repeatable, a later one wins; `hzgchart presets` lists them)
    #[arg(long = "preset", value_name = "NAME")]
    pub presets: Vec<String>,
    /// Read values from a YAML file, `-` for standard input (repeatable)
    #[arg(short = 'f', long = "values", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Set a value: `a.b=1,c={x,y},d[0].e=z`; true, false, null and integers are typed (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Set a value that is a string whatever it looks like (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set_string: Vec<String>,
    /// Set a value in JSON: `a.b={"c":[1]}` (repeatable)
    #[arg(long, value_name = "KEY=JSON")]
    pub set_json: Vec<String>,
    /// Set a value to a file's content (repeatable)
    #[arg(long, value_name = "KEY=FILE")]
    pub set_file: Vec<String>,
    /// Set a value to all that follows the first `=`, commas and braces included (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set_literal: Vec<String>,
}

impl ValuesArgs {
    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        let Self { presets, files, set, set_string, set_json, set_file, set_literal } = self;
        files.is_empty()
            && [presets, set, set_string, set_json, set_file, set_literal]
                .iter()
                .all(|list| list.is_empty())
    }
}

/// Which release is meant.
#[derive(Args, Debug)]
pub struct ReleaseArgs {
    /// The release's name; the objects are named after it
    #[arg(long, value_name = "RELEASE", default_value = "forguncy")]
    pub name: String,
    /// The namespace of the objects; it is not created
    #[arg(short, long, default_value = "default")]
    pub namespace: String,
}

impl ReleaseArgs {
    /// The release, unchecked.
    pub fn release(&self) -> Release {
        Release { name: self.name.clone(), namespace: self.namespace.clone() }
    }
}

/// How strictly to check.
#[derive(Args, Debug)]
#[command(next_help_heading = "Checks")]
pub struct CheckArgs {
    /// The Kubernetes version to check for, 1.25 to 1.37 [default: the newest]
    #[arg(long, value_name = "VERSION", default_value_t, hide_default_value = true)]
    pub kube_version: Version,
    /// Waive a rule for this run, by id or name (repeatable; `values.waivers.yaml` beside `values.yaml` does so for good)
    #[arg(long, value_name = "RULE")]
    pub allow: Vec<String>,
}

/// `hzgchart render`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart render --preset nfs --set storage.server=198.19.249.12
  hzgchart render -f values.yaml --name shop -n prod --set tests.enabled=false | kubectl apply -f -
  hzgchart render -f values.yaml --show-only templates/pvs.yaml
  hzgchart render -f values.yaml -o manifests

Later values win: defaults, --preset, --values, --set-json, --set, --set-string, --set-file, --set-literal.")]
pub struct RenderArgs {
    /// Which release is meant.
    #[command(flatten)]
    pub release: ReleaseArgs,
    /// Write each template's manifests to a file below this folder instead of stdout
    #[arg(short, long, value_name = "DIR")]
    pub output_dir: Option<PathBuf>,
    /// Show only the manifests of this template: `templates/pvs.yaml` (repeatable)
    #[arg(short, long, value_name = "TEMPLATE")]
    pub show_only: Vec<String>,
    /// The form of the output
    #[arg(long, value_enum, default_value_t = ManifestFormat::Yaml)]
    pub format: ManifestFormat,
    /// Write it unchecked: the values still have to fit their schema
    #[arg(long, help_heading = "Checks")]
    pub no_validate: bool,
    /// How strictly to check.
    #[command(flatten)]
    pub checks: CheckArgs,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// The form of rendered manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ManifestFormat {
    /// YAML documents, as `helm template` prints them
    Yaml,
    /// One JSON `List`, which kubectl takes
    Json,
}

/// `hzgchart package`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart package -f values.yaml -d charts
  hzgchart package -f values.yaml --version 10.0.3.0
  hzgchart package -f values.yaml --chart Chart.yaml --format zip
  hzgchart package -f values.yaml --sign --key release@example.com --keyring secring.gpg --passphrase-file passphrase
  hzgchart package -f values.yaml --output-json | jq -r .digest
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) hzgchart package -f values.yaml

Later values win: defaults, --preset, --values, --set-json, --set, --set-string, --set-file, --set-literal.
The values stay live: `helm install --set` and `--values` override them.")]
pub struct PackageArgs {
    /// The folder to write to; it is made if need be
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub destination: PathBuf,
    /// What the chart is called.
    #[command(flatten)]
    pub chart: ChartArgs,
    /// What to write
    #[arg(long, value_enum, default_value_t = ChartFormat::Tgz)]
    pub format: ChartFormat,
    /// How to sign it.
    #[command(flatten)]
    pub sign: SignArgs,
    /// Print one JSON object about the chart instead of its path and sha256: docs/package.schema.json describes it
    #[arg(long)]
    pub output_json: bool,
    /// Write it unchecked: the values still have to fit their schema
    #[arg(long, help_heading = "Checks")]
    pub no_validate: bool,
    /// How strictly to check.
    #[command(flatten)]
    pub checks: CheckArgs,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// What a chart is called.
#[derive(Args, Debug)]
pub struct ChartArgs {
    /// The chart's version: SemVer, or four parts such as 10.0.3.0 [default: from the image's tag]
    #[arg(long, value_name = "VERSION")]
    pub version: Option<String>,
    /// The product's version, the chart's appVersion [default: the image's tag]
    #[arg(long, value_name = "VERSION")]
    pub app_version: Option<String>,
    /// A Chart.yaml with only the fields to change: name, maintainers, annotations and the like
    #[arg(long, value_name = "FILE")]
    pub chart: Option<PathBuf>,
}

/// How to sign a chart. Helm's own flags.
#[derive(Args, Debug)]
#[command(next_help_heading = "Signature")]
pub struct SignArgs {
    /// Sign the archive: writes CHART.tgz.prov beside it, for `helm verify` and `hzgchart verify`
    #[arg(long)]
    pub sign: bool,
    /// The key: a part of its user id, or its fingerprint [default: the only one in the keyring]
    #[arg(long, value_name = "NAME", requires = "sign")]
    pub key: Option<String>,
    /// The secret keys, as `gpg --export-secret-keys` writes them [default: ~/.gnupg/secring.gpg]
    #[arg(long, value_name = "FILE", requires = "sign")]
    pub keyring: Option<PathBuf>,
    /// A file whose first line is the key's passphrase, `-` for standard input; without it a terminal is asked
    #[arg(long, value_name = "FILE", requires = "sign")]
    pub passphrase_file: Option<PathBuf>,
}

/// The form of a packaged chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChartFormat {
    /// A chart archive for `helm install`
    Tgz,
    /// A zip of the chart's folder, the vendor's shape
    Zip,
    /// The chart's folder; the sha256 is that of the same chart as .tgz
    Dir,
}

/// `hzgchart validate`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart validate -f values.yaml
  hzgchart validate -f values.yaml --kube-version 1.28 --strict --format text --format sarif=out.sarif
  hzgchart validate -f values.yaml --allow HZG003
  hzgchart validate forguncy-k8s-server-10.0.3.tgz
  kustomize build . | hzgchart validate -

Exit codes: 0 fine, 1 errors were found (with --strict, or warnings), 2 the values cannot be used, 3 a file could not be read or written.")]
pub struct ValidateArgs {
    /// Check this instead of values: a packaged chart (.tgz, .zip, folder), manifests (.yaml, .yml, .json), or `-` for manifests on standard input
    #[arg(value_name = "CHART|MANIFESTS", conflicts_with_all = ["presets", "files", "set", "set_string", "set_json", "set_file", "set_literal"])]
    pub targets: Vec<PathBuf>,
    /// How to report: text, json, sarif, junit or github; `sarif=out.sarif` writes a file (repeatable) [default: text]
    #[arg(long, value_name = "FORMAT[=FILE]")]
    pub format: Vec<Target>,
    /// Let warnings fail the run, too
    #[arg(long)]
    pub strict: bool,
    /// Which release is meant.
    #[command(flatten)]
    pub release: ReleaseArgs,
    /// How strictly to check.
    #[command(flatten)]
    pub checks: CheckArgs,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// `hzgchart diff`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart diff old.yaml new.yaml --name shop -n prod
  hzgchart diff forguncy-k8s-server-10.0.103.tgz values.yaml
  helm get manifest shop -n prod | hzgchart diff - values.yaml --name shop -n prod --exit-code
  helm get values shop -n prod | hzgchart diff - values.yaml --format unified

A side is a values file, a chart that this hzgchart packaged (.tgz, .zip, folder), or manifests; `-` is values or manifests on
standard input. `--preset` and `--values` lie below the values of both sides, the `--set` family lies above them.

Exit codes: 0 fine, with --exit-code 1 for differences, 2 a side cannot be used, 3 a file could not be read.")]
pub struct DiffArgs {
    /// What is there
    #[arg(value_name = "A")]
    pub old: PathBuf,
    /// What is to be
    #[arg(value_name = "B")]
    pub new: PathBuf,
    /// How to report
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    /// Exit with 1 when there are differences
    #[arg(long)]
    pub exit_code: bool,
    /// Which release is meant.
    #[command(flatten)]
    pub release: ReleaseArgs,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// The form of a diff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people: objects, fields, consequences, and steps where there is no short way
    Text,
    /// For programs: docs/diff.schema.json describes it
    Json,
    /// For `patch` and viewers: YAML, line by line
    Unified,
}

/// `hzgchart images`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart images -f values.yaml
  hzgchart images -f values.yaml --format json
  hzgchart images -f values.yaml --mirror harbor.example.com/hzg > mirror.sh && sh mirror.sh
  hzgchart images -f values.yaml --mirror harbor.example.com --tool skopeo --platform linux/amd64

The names are those of the publishers, also where `global.imageRegistry` is set.")]
pub struct ImagesArgs {
    /// The form of the list
    #[arg(long, value_enum, default_value_t = ImageFormat::Text, conflicts_with = "mirror")]
    pub format: ImageFormat,
    /// Only the images for nodes of this platform; a mirror gets this platform of them [default: all]
    #[arg(long, value_enum, value_name = "PLATFORM")]
    pub platform: Option<Platform>,
    /// Print a shell script that copies the images to this registry: HOST, HOST:PORT, or either with a path
    #[arg(long, value_name = "REGISTRY")]
    pub mirror: Option<String>,
    /// The program that the script copies with
    #[arg(long, value_enum, default_value_t = MirrorTool::Docker, requires = "mirror")]
    pub tool: MirrorTool,
    /// Which release is meant.
    #[command(flatten)]
    pub release: ReleaseArgs,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// The form of a list of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImageFormat {
    /// A name per line
    Text,
    /// Names in their parts, platforms, and who uses them
    Json,
}

/// What nodes run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Platform {
    /// x86_64
    #[value(name = "linux/amd64")]
    Amd64,
    /// aarch64
    #[value(name = "linux/arm64")]
    Arm64,
}

/// A program that copies images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MirrorTool {
    /// Docker; one platform, digests may change
    Docker,
    /// containerd's nerdctl; digests may change
    Nerdctl,
    /// skopeo, without a daemon; keeps digests
    Skopeo,
}

/// `hzgchart bundle`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart bundle -f values.yaml --name shop -n prod --registry harbor.example.com/hzg
  hzgchart bundle -f values.yaml --registry harbor.example.com/hzg --tool skopeo -d bundles
  hzgchart bundle -f values.yaml --registry harbor.example.com/hzg --platform linux/amd64 --clients 10.0.0.0/24
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) hzgchart bundle -f values.yaml

The zip holds no images: INSTALL.md (and INSTALL.zh-CN.md) in it tells where to run save-images.sh, and where load-images.sh.

Exit codes: 0 fine, 1 the checks found errors, 2 the input is wrong, 3 a file could not be read or written.")]
pub struct BundleArgs {
    /// The folder to write to; it is made if need be
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub destination: PathBuf,
    /// The site's registry: HOST, HOST:PORT, or either with a path; sets `global.imageRegistry` over the files
    #[arg(long, value_name = "REGISTRY")]
    pub registry: Option<String>,
    /// Only the images for nodes of this platform (repeatable) [default: all that the images are for]
    #[arg(long = "platform", value_enum, value_name = "PLATFORM")]
    pub platforms: Vec<Platform>,
    /// The program that the scripts copy images with, outside and at the site
    #[arg(long, value_enum, default_value_t = MirrorTool::Docker)]
    pub tool: MirrorTool,
    /// What is mounted, and by whom.
    #[command(flatten)]
    pub mount: MountArgs,
    /// Print one JSON object about the bundle instead of its path and sha256: docs/bundle.schema.json describes it
    #[arg(long)]
    pub output_json: bool,
    /// What the chart is called.
    #[command(flatten)]
    pub chart: ChartArgs,
    /// Which release is meant.
    #[command(flatten)]
    pub release: ReleaseArgs,
    /// Write it unchecked: the values still have to fit their schema
    #[arg(long, help_heading = "Checks")]
    pub no_validate: bool,
    /// How strictly to check.
    #[command(flatten)]
    pub checks: CheckArgs,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// `hzgchart nfs`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart nfs server -f values.yaml --clients 10.0.0.0/24 > server.sh
  hzgchart nfs server -f values.yaml --server 10.0.0.6 > logs-server.sh
  hzgchart nfs worker -f values.yaml > worker.sh
  hzgchart nfs worker --preset single-node --set storage.sharedMount=true --export 10.0.0.5:/forguncy

Read the script, then run it as root on that machine. It may be run again.")]
pub struct NfsArgs {
    /// The machine that the script is for
    #[arg(value_enum)]
    pub role: NfsRole,
    /// Which file server, where the values name several
    #[arg(long, value_name = "HOST")]
    pub server: Option<String>,
    /// What is mounted, and by whom.
    #[command(flatten)]
    pub mount: MountArgs,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// What the scripts for NFS need to know beyond the values.
#[derive(Args, Debug)]
pub struct MountArgs {
    /// Who may mount: a network, an address, a host, `*.DOMAIN` (repeatable) [default: *]
    #[arg(long, value_name = "CLIENTS")]
    pub clients: Vec<String>,
    /// What is mounted at `storage.root` of every node, where `storage.type` is hostPath: HOST:/PATH
    #[arg(long, value_name = "EXPORT")]
    pub export: Option<String>,
}

/// A machine beside or in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NfsRole {
    /// The file server: the NFS server, the directories, the exports
    Server,
    /// Every node: the client of NFS, and the mount that hostPath goes by
    Worker,
}

/// `hzgchart gateway`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart gateway -f values.yaml --node 10.0.0.1 --node 10.0.0.2 > /etc/nginx/conf.d/forguncy.conf
  hzgchart gateway -f values.yaml --node node-1.lan --set ingress.maxBodySize=2g,ingress.timeoutSeconds=1800

The port of the nodes is `forguncy.service.nodePort`. The largest body and the time to wait are `ingress.maxBodySize` and
`ingress.timeoutSeconds`, whether or not there is an Ingress.")]
pub struct GatewayArgs {
    /// Address or name of a node (repeatable; in the same order on every gateway)
    #[arg(long = "node", value_name = "ADDRESS", required = true)]
    pub nodes: Vec<String>,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// `hzgchart index`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart index charts
  hzgchart index charts --url https://charts.example.com/stable
  hzgchart index charts --url https://charts.example.com/stable --merge published/index.yaml

Times are those of the archives, so the same archives give the same index.

Exit codes: 0 fine, 1 an archive is no chart that Helm takes, 2 the input is wrong, 3 a file could not be read or written.")]
pub struct IndexArgs {
    /// The folder with the archives (`*.tgz`, `*/*.tgz`); its index.yaml is written
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The address that the folder will have; without one the index's own is meant
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Keep what this index lists and the folder does not have
    #[arg(long, value_name = "FILE")]
    pub merge: Option<PathBuf>,
    /// Waive a rule of the checks, by id or name (repeatable)
    #[arg(long, value_name = "RULE")]
    pub allow: Vec<String>,
}

/// `hzgchart import`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart import Hzg-K8S-HelmChart-10.0.3.0.zip -o values.yaml
  hzgchart import mychart-forguncy/ > values.yaml
  helm get values shop -n prod -o yaml | hzgchart import - -o values.yaml

What has no key here is told on stderr, each with its place and what to do. Templates are read by their shape: what `{{ }}` makes
of them is not evaluated.

Exit codes: 0 all was taken over, 1 something needs your hand, 2 the input cannot be used, 3 a file could not be read or written.")]
pub struct ImportArgs {
    /// The vendor's zip, its folder, a packaged chart (.tgz), or only its values.yaml; `-` for values on standard input
    pub file: PathBuf,
    /// Write to this file, which must not exist, instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `hzgchart push`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart push forguncy-k8s-server-10.0.3.tgz oci://registry.example.com/charts
  hzgchart push forguncy-k8s-server-10.0.3.tgz oci://localhost:5000/charts --plain-http

Logins are those of `helm registry login` and `docker login`, with their helpers. FILE.prov beside the chart is pushed with it.

Exit codes: 0 pushed, 1 it is no chart that Helm takes, 2 the input is wrong, 3 the registry refuses or cannot be reached.")]
pub struct PushArgs {
    /// The chart, a `.tgz`
    #[arg(value_name = "CHART")]
    pub chart: PathBuf,
    /// Where to: `oci://HOST/PATH`; the chart's name and version are added
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Use HTTP without TLS, which anyone on the way can read and change
    #[arg(long, conflicts_with = "ca_file")]
    pub plain_http: bool,
    /// Trust the certificates in this PEM file, too
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// How long the registry may be silent; what fails is tried four times
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
    /// Print one JSON object instead of the reference and the digest: docs/push.schema.json describes it
    #[arg(long)]
    pub output_json: bool,
    /// Waive a rule of the checks, by id or name (repeatable)
    #[arg(long, value_name = "RULE")]
    pub allow: Vec<String>,
}

/// `hzgchart verify`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart verify forguncy-k8s-server-10.0.3.tgz
  gpg --export release@example.com > release.gpg
  hzgchart verify forguncy-k8s-server-10.0.3.tgz --keyring release.gpg

Every key in the keyring is trusted: give it those alone that charts may be signed with.

Exit codes: 0 the chart is what a key of the keyring signed, 1 it is not, or is not signed, 2 the input is wrong, 3 a file could not be read.")]
pub struct VerifyArgs {
    /// The chart, a `.tgz` with its provenance file `.tgz.prov` beside it
    #[arg(value_name = "CHART")]
    pub chart: PathBuf,
    /// The public keys, as `gpg --export` writes them, armored or not [default: ~/.gnupg/pubring.gpg]
    #[arg(long, value_name = "FILE")]
    pub keyring: Option<PathBuf>,
}

/// `hzgchart explain`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  hzgchart explain\n  hzgchart explain HZG901")]
pub struct ExplainArgs {
    /// The rule's id or name
    pub rule: Option<String>,
}

/// `hzgchart init`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart init > values.yaml
  hzgchart init --preset nfs --preset offline -o values.yaml")]
pub struct InitArgs {
    /// Start from a preset (repeatable, a later one wins; `hzgchart presets` lists them)
    #[arg(long = "preset", value_name = "NAME")]
    pub presets: Vec<String>,
    /// Write to this file, which must not exist, instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `hzgchart presets`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  hzgchart presets\n  hzgchart presets nfs")]
pub struct PresetsArgs {
    /// Print this preset's values file
    pub name: Option<String>,
}
