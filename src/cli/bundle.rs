//! The command line of `hzgchart bundle`.

use std::path::PathBuf;

use clap::Args;

use super::{ChartArgs, CheckArgs, MirrorTool, MountArgs, Platform, ReleaseArgs, ValuesArgs};

/// Make one zip for a site without internet: the chart, scripts for the images, an install guide
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart bundle -f values.yaml --name shop -n prod --registry harbor.example.com/hzg
  hzgchart bundle -f values.yaml --registry harbor.example.com/hzg --tool skopeo -d bundles
  hzgchart bundle -f values.yaml --registry harbor.example.com/hzg \\
      --platform linux/amd64 --clients 10.0.0.0/24
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
