#![no_main]
//! A values file through everything: loaded, and where that is possible rendered, checked and packed.

use hzgchart::chart::metadata::Metadata;
use hzgchart::chart::version;
use hzgchart::deployment::Purpose;
use hzgchart::error::Error;
use hzgchart::kubernetes::Version;
use hzgchart::load::{Layer, load};
use hzgchart::release::Release;
use hzgchart::validate::{self, Outcome};
use hzgchart::{archive, package, templates};
use hzgchart_fuzz::write_reports;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let layers = [Layer::File("values.yaml".to_owned(), bytes.to_vec())];
    let loaded = match load(&layers, &mut |_| unreachable!("no `--set-file`")) {
        Ok(loaded) => loaded,
        Err(Error::Invalid(problems)) => {
            return write_reports(Outcome {
                findings: validate::invalid(problems).collect(),
                ..Outcome::default()
            });
        }
        Err(error) => panic!("{error}"),
    };
    let release = Release { name: "forguncy".to_owned(), namespace: "default".to_owned() };
    let (rendered, open) = templates::render_open(&loaded.tree, &release);
    let mut outcome =
        validate::release(&loaded, &release, &rendered, Version::default(), Purpose::Package);
    outcome.findings.extend(validate::open(open, Purpose::Package));
    write_reports(outcome);
    let metadata = Metadata::default();
    if let Ok((version, _)) = version::derive("1.2.3", None, None)
        && let Ok(chart) = package::assemble(&loaded, &metadata, &version)
    {
        archive::tgz::pack(&chart, archive::DEFAULT_MTIME);
    }
});
