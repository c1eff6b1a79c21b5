//! The command line of `hzgchart images`.

use clap::{Args, ValueEnum};

use super::{ReleaseArgs, ValuesArgs};

/// List every image of the values, or print a script that copies them to a private registry
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
