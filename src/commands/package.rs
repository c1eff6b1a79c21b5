//! `hzgchart package`: a chart as an archive or a folder.

use std::env;
use std::io::Write;

use super::check::Checks;
use super::sign::{self, Signed, Signing};
use super::{gather, inputs, print};
use crate::archive::{self, DEFAULT_MTIME};
use crate::chart::Chart;
use crate::chart::metadata::Metadata;
use crate::chart::release::check_release;
use crate::chart::version::{self, ChartVersion};
use crate::cli::{ChartArgs, ChartFormat, PackageArgs};
use crate::deployment::Purpose;
use crate::error::{Error, Problem};
use crate::kubernetes::Version;
use crate::load::Loaded;
use crate::output;
use crate::package;
use crate::product::{self, Packaged};
use crate::release::Release;
use crate::source::Sources;
use crate::templates;
use crate::validate::{self, Outcome};
use crate::yaml::{MAX_BYTES, decode, read};

pub(super) fn run(
    args: &PackageArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    sign::prepare(&args.sign, args.format, &args.values.files)?;
    let checks = Checks::read(&args.checks, &args.values.files)?;
    let mut problems = Vec::new();
    let metadata = gather(metadata(&args.chart), &mut problems)?;
    let loaded = gather(inputs::values(&args.values), &mut problems)?;
    let epoch = gather(epoch(), &mut problems)?;
    let (Some(metadata), Some(loaded), Some(epoch)) = (metadata, loaded, epoch) else {
        return Err(Error::Invalid(problems));
    };
    let mtime = epoch.unwrap_or(DEFAULT_MTIME);
    let (version, warnings) = versions(&args.chart, &metadata, loaded)?;
    let chart = package::assemble(loaded, &metadata, &version)?;
    if !args.no_validate {
        let release = Release { name: "forguncy".to_owned(), namespace: "default".to_owned() };
        if !checks.pass(sample(loaded, &chart, &release, checks.version), talk) {
            return Ok(1);
        }
    }
    // The archive; for a folder, the one that its digest is of.
    let bytes = match args.format {
        ChartFormat::Zip => archive::zip::pack(&chart, mtime),
        ChartFormat::Tgz | ChartFormat::Dir => archive::tgz::pack(&chart, mtime),
    };
    let digest = archive::sha256_hex(&bytes);
    let mut signed = None;
    let path = match args.format {
        ChartFormat::Dir => archive::folder::write(&chart, &args.destination)?,
        ChartFormat::Zip => {
            let path = args.destination.join(chart.file_name("zip"));
            output::write_file(&path, &bytes)?;
            path
        }
        ChartFormat::Tgz => {
            let path = args.destination.join(chart.file_name("tgz"));
            if let Some(ring) = sign::keyring(&args.sign)? {
                let signing = Signing::open(&args.sign, &ring, epoch, talk)?;
                let made = signing.sign(&chart, &path, &bytes)?;
                // Whoever sees the archive finds its provenance there.
                output::write_files(&[(&made.path, made.text.as_bytes()), (&path, &bytes)])?;
                signed = Some(made);
            } else {
                output::write_file(&path, &bytes)?;
            }
            path
        }
    };
    for warning in warnings {
        // Talk that cannot be heard is no reason to stop.
        let _ = writeln!(talk, "warning: {warning}");
    }
    let text = if args.output_json {
        let (format, app_version) = (args.format, &version.app_version);
        let mut packaged = Packaged::new(&path, format, &chart, app_version, bytes.len(), &digest);
        packaged.provenance = signed.as_ref().map(Signed::product);
        product::line(&packaged)
    } else {
        let signed = signed.map(|signed| format!("{}\n", signed.path.display()));
        format!("{}\nsha256:{}\n{}", path.display(), digest, signed.unwrap_or_default())
    };
    print(out, &text)?;
    Ok(0)
}

/// What the chart says of itself, but for its versions.
pub(super) fn metadata(args: &ChartArgs) -> Result<Metadata, Error> {
    let Some(path) = &args.chart else { return Ok(Metadata::default()) };
    let name = inputs::name(path);
    let text = decode(&inputs::read_up_to(path, MAX_BYTES)?, &name)?;
    let mut sources = Sources::default();
    let id = sources.add(name, text);
    let node = read::document(id, &sources).map_err(Error::Invalid)?;
    Metadata::from_node(&node, &sources).map_err(Error::Invalid)
}

/// The chart's versions, and what there is to warn about.
pub(super) fn versions(
    args: &ChartArgs,
    metadata: &Metadata,
    loaded: &Loaded,
) -> Result<(ChartVersion, Vec<String>), Problem> {
    version::derive(
        &loaded.values.forguncy.image.tag,
        args.version.as_deref().or(metadata.version.as_deref()),
        args.app_version.as_deref().or(metadata.app_version.as_deref()),
    )
}

/// Checks a chart by what it installs under a release.
pub(super) fn sample(
    loaded: &Loaded,
    chart: &Chart,
    release: &Release,
    version: Version,
) -> Outcome {
    let (rendered, open) = templates::render_open(&loaded.tree, release);
    let mut outcome = validate::release(loaded, release, &rendered, version, Purpose::Package);
    // What is wrong with an empty value is that it is empty, and that may be mended at the installation.
    outcome.findings.retain(|found| open.iter().all(|open| open.path != found.problem.path));
    outcome.findings.extend(validate::open(open, Purpose::Package));
    let manifest = rendered.iter().map(|file| &*file.text);
    outcome.findings.extend(check_release(chart, manifest));
    outcome
}

/// The time of the files in an archive.
///
/// # Errors
/// As [`epoch`].
pub(super) fn mtime() -> Result<u64, Error> {
    Ok(epoch()?.unwrap_or(DEFAULT_MTIME))
}

/// The time that archives and signatures are to have, when one is given.
///
/// # Errors
/// When `SOURCE_DATE_EPOCH` is no number.
pub(super) fn epoch() -> Result<Option<u64>, Error> {
    source_date_epoch(env::var("SOURCE_DATE_EPOCH").ok().as_deref())
}

/// <https://reproducible-builds.org/specs/source-date-epoch/>
fn source_date_epoch(value: Option<&str>) -> Result<Option<u64>, Error> {
    match value {
        None | Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            Problem::new(format!(
                "SOURCE_DATE_EPOCH is `{text}`, which is no number of seconds since 1970"
            ))
            .help("set it to a whole number, as `git log -1 --format=%ct` prints, or unset it")
            .into()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_time_from_source_date_epoch() {
        assert_eq!(source_date_epoch(Some("1700000000")).unwrap(), Some(1_700_000_000));
        assert_eq!(source_date_epoch(None).unwrap(), None);
    }

    #[test]
    fn refuses_a_source_date_epoch_that_is_no_number() {
        for text in ["yesterday", "-1", "1.5"] {
            let error = source_date_epoch(Some(text)).unwrap_err();
            assert!(
                error.to_string().starts_with(&format!("SOURCE_DATE_EPOCH is `{text}`")),
                "{error}"
            );
        }
    }
}
