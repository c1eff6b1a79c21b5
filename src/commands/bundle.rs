//! `hzgchart bundle`: everything for a site without internet, in one zip.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use super::check::Checks;
use super::{gather, images as registry, inputs, keep, nfs, package, print};
use crate::archive::{self, sha256_hex};
use crate::bundle::{self, Bundle, Ground, ImageSet};
use crate::cli::{BundleArgs, ChartFormat, Platform};
use crate::error::{Error, Problem};
use crate::images::mirror::{self, Tool};
use crate::images::{self, Image};
use crate::load::{Layer, Loaded};
use crate::output;
use crate::package::assemble;
use crate::product::{self, Bundled, Packaged};
use crate::set::Flag;
use crate::templates;

/// The one value that a site may bring itself: the guide says how.
const PASSWORD: &str = "redis.auth.password";

pub(super) fn run(
    args: &BundleArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    let checks = Checks::read(&args.checks, &args.values.files)?;
    let release = args.release.release();
    let mut problems = release.check();
    let named = args.registry.as_deref();
    problems.extend(named.and_then(|text| registry::no_registry("--registry", text)));
    // What is no registry has been told, and is no value.
    let over = named.filter(|_| problems.iter().all(|problem| problem.path != "--registry"));
    let export = nfs::mount(&args.mount, &mut problems);
    let metadata = gather(package::metadata(&args.chart), &mut problems)?;
    let loaded = gather(values(args, over), &mut problems)?;
    let mtime = gather(package::mtime(), &mut problems)?;
    let (Some(metadata), Some(loaded), Some(mtime), true) =
        (metadata, loaded, mtime, problems.is_empty())
    else {
        return Err(Error::Invalid(problems));
    };
    problems.extend(no_site_registry(loaded, named));
    let (rendered, mut open) = templates::render_open(&loaded.tree, &release);
    let password_open = open.iter().any(|problem| problem.path == PASSWORD);
    open.retain(|problem| problem.path != PASSWORD);
    problems.extend(open);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }

    let (version, warnings) = package::versions(&args.chart, &metadata, loaded)?;
    let chart = assemble(loaded, &metadata, &version)?;
    if !args.no_validate {
        let outcome = package::sample(loaded, &chart, &release, checks.version);
        if !checks.pass(outcome, talk) {
            return Ok(1);
        }
    }
    let volumes = bundle::volumes(&rendered)?;
    let ground = Ground::of(&loaded.values, &volumes, export, &args.mount.clients)?;
    let tool = registry::tool(args.tool);
    let images = sets(images::list(&loaded.tree, &release, None)?, &args.platforms, tool)?;
    for set in &images {
        let registry = &loaded.values.global.image_registry;
        mirror::check(&set.images, registry, tool).map_err(Error::Invalid)?;
    }
    let bundle = Bundle {
        loaded,
        release: &release,
        chart: &chart,
        archive: &archive::tgz::pack(&chart, mtime),
        app_version: &version.app_version,
        kube_version: &metadata.kube_version,
        images,
        tool,
        ground,
        volumes,
        password_open,
    };
    let bytes = bundle.pack(mtime);
    let path = args.destination.join(format!("{}.zip", bundle.name()));
    output::write_file(&path, &bytes)?;
    for warning in warnings {
        // Talk that cannot be heard is no reason to stop.
        let _ = writeln!(talk, "warning: {warning}");
    }
    let sha256 = sha256_hex(&bytes);
    let text = match args.output_json {
        true => product::line(&told(&bundle, &path, bytes.len(), sha256)),
        false => format!("{}\nsha256:{sha256}\n", path.display()),
    };
    print(out, &text)?;
    Ok(0)
}

/// What to tell programs of a bundle of so many bytes.
fn told(bundle: &Bundle<'_>, path: &Path, size: usize, sha256: String) -> Bundled {
    let Bundle { chart, archive, app_version, release, loaded, .. } = bundle;
    let within = chart.file_name("tgz");
    let own = sha256_hex(archive);
    let format = ChartFormat::Tgz;
    let images = bundle.images.iter().flat_map(|set| &set.images);
    let images: BTreeSet<String> = images.map(|image| image.original.to_string()).collect();
    Bundled {
        path: path.display().to_string(),
        folder: bundle.name(),
        digest: format!("sha256:{sha256}"),
        sha256,
        size: size as u64,
        release: release.name.clone(),
        namespace: release.namespace.clone(),
        registry: loaded.values.global.image_registry.clone(),
        images: images.into_iter().collect(),
        secrets: bundle.secrets(),
        chart: Packaged::new(within.as_ref(), format, chart, app_version, archive.len(), &own),
    }
}

/// The values, with the site's registry over the files.
fn values(args: &BundleArgs, registry: Option<&str>) -> Result<&'static Loaded, Error> {
    let over = registry.map(|registry| {
        Layer::Set(vec![(Flag::Literal, format!("global.imageRegistry={registry}"))])
    });
    inputs::load_with(&args.values, over).map(keep)
}

/// What is wrong with the registry that the chart's images come from.
fn no_site_registry(loaded: &Loaded, named: Option<&str>) -> Option<Problem> {
    let registry = loaded.values.global.image_registry.as_str();
    let problem = match named {
        Some(named) if named != registry => Problem::new(format!(
            "is `{registry}` by an argument of the `--set` family, and `{named}` by `--registry`"
        ))
        .help("give one of them"),
        None if registry.is_empty() => Problem::new(
            "is empty: the nodes of a site without internet pull from a registry there",
        )
        .help("name it: `--registry harbor.example.com/hzg`"),
        _ => return None,
    };
    Some(problem.path("global.imageRegistry"))
}

/// The images by the nodes that they are for. Without a choice of platforms: those that some image is kept on, otherwise both; and
/// tools that copy all platforms at once do so.
fn sets(images: Vec<Image>, chosen: &[Platform], tool: Tool) -> Result<Vec<ImageSet>, Problem> {
    let bound: BTreeSet<&str> =
        images.iter().filter_map(|image| image.architecture.as_deref()).collect();
    let all = [Platform::Amd64, Platform::Arm64];
    let platforms: Vec<Platform> = all
        .into_iter()
        .filter(|platform| match chosen {
            [] => bound.is_empty() || bound.contains(architecture(*platform)),
            chosen => chosen.contains(platform),
        })
        .collect();
    if chosen.is_empty() && platforms.len() != 1 && tool != Tool::Docker {
        return Ok(vec![ImageSet { name: "all", platform: None, images }]);
    }
    let is_for = |image: &Image, platform: &Platform| {
        image.architecture.as_deref().is_none_or(|name| name == architecture(*platform))
    };
    if let Some(image) =
        images.iter().find(|image| !platforms.iter().any(|platform| is_for(image, platform)))
    {
        let name = image.architecture.as_deref().unwrap_or_default();
        let message = format!("`{}` is for linux/{name} alone", image.original);
        return Err(Problem::new(message)
            .path("--platform")
            .help(format!("add `--platform linux/{name}`, or name another image in the values")));
    }
    Ok(platforms
        .into_iter()
        .map(|platform| ImageSet {
            name: architecture(platform),
            platform: Some(registry::name(platform)),
            images: images.iter().filter(|image| is_for(image, &platform)).cloned().collect(),
        })
        .collect())
}

fn architecture(platform: Platform) -> &'static str {
    match platform {
        Platform::Amd64 => "amd64",
        Platform::Arm64 => "arm64",
    }
}
