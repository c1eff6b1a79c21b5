//! `hzgchart images`: the images of a configuration, and the script that mirrors them.

use std::io::Write;

use super::{gather, inputs, print};
use crate::cli::{ImageFormat, ImagesArgs, MirrorTool, Platform};
use crate::error::{Error, Problem};
use crate::images::mirror::{self, Tool};
use crate::images::{self, Image, reference};

pub(super) fn run(
    args: &ImagesArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<(), Error> {
    let release = args.release.release();
    let mut problems = release.check();
    problems.extend(args.mirror.as_deref().and_then(|text| no_registry("--mirror", text)));
    let loaded = gather(inputs::values(&args.values), &mut problems)?;
    let Some(loaded) = loaded.filter(|_| problems.is_empty()) else {
        return Err(Error::Invalid(problems));
    };

    let mut images = images::list(&loaded.tree, &release, args.mirror.as_deref())?;
    if let Some(platform) = args.platform {
        images.retain(|image| runs_on(image, platform, talk));
    }
    let text = match (&args.mirror, args.format) {
        (Some(registry), _) => {
            mirror::check(&images, registry, tool(args.tool)).map_err(Error::Invalid)?;
            mirror::script(&images, registry, tool(args.tool), args.platform.map(name))
        }
        (None, ImageFormat::Json) => images::json(&images),
        (None, ImageFormat::Text) => images::names(&images),
    };
    print(out, &text)
}

/// Whether an image can be for nodes of a platform. One that cannot is not left out in silence.
fn runs_on(image: &Image, platform: Platform, talk: &mut dyn Write) -> bool {
    let wanted = name(platform);
    let other = image.architecture.as_ref().map(|name| format!("linux/{name}"));
    let Some(other) = other.filter(|other| other != wanted) else { return true };
    // Talk that cannot be heard is no reason to stop.
    let _ = writeln!(talk, "left out `{}`: it is for {other} alone", image.original);
    false
}

/// What is wrong with an argument that is to be a registry.
pub(super) fn no_registry(flag: &str, text: &str) -> Option<Problem> {
    let problem = Problem::new(format!("expected a registry, found `{}`", text.escape_debug()));
    (!reference::is_registry(text)).then(|| {
        problem.path(flag).help(
            "write the host with a dot or a port, perhaps a path after it: `harbor.example.com/hzg`",
        )
    })
}

pub(super) fn tool(tool: MirrorTool) -> Tool {
    match tool {
        MirrorTool::Docker => Tool::Docker,
        MirrorTool::Nerdctl => Tool::Nerdctl,
        MirrorTool::Skopeo => Tool::Skopeo,
    }
}

pub(super) fn name(platform: Platform) -> &'static str {
    match platform {
        Platform::Amd64 => "linux/amd64",
        Platform::Arm64 => "linux/arm64",
    }
}
