//! How large a release of the chart gets: Helm stores it in one Secret, and Kubernetes has a limit.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::chart::path::ChartPath;
use crate::chart::{Chart, Content};
use crate::finding::Finding;
use crate::rules::{RELEASE_SIZE, RELEASE_SIZE_NEAR};

/// The most that Kubernetes stores in one Secret, in bytes: 1 MiB.
pub const MAX_SECRET: u64 = 1024 * 1024;

/// From this size on, in bytes, one more file may be too much.
pub const NEAR: u64 = MAX_SECRET / 10 * 8;

/// Finds a release of the chart that does not fit, or hardly fits, into the Secret that Helm keeps it in, which no
/// Helm command says before the install fails. `manifest` is what the chart renders to, in parts.
pub fn check_release<'m>(
    chart: &Chart,
    manifest: impl Iterator<Item = &'m str> + Clone,
) -> Option<Finding> {
    // Compressing costs more than all the rest of packing; most charts are far too small to need it.
    let raw = |(path, content): (&ChartPath, &Content)| path.as_str().len() + 2 * content.size();
    let raw: usize = chart.files().map(raw).sum();
    let rendered: usize = manifest.clone().map(str::len).sum();
    if encoded_size((raw + 2 * rendered) as u64) <= NEAR {
        return None;
    }
    let size = release_size(chart, &manifest.collect::<String>());
    let rule = match size {
        _ if size > MAX_SECRET => &RELEASE_SIZE,
        _ if size > NEAR => &RELEASE_SIZE_NEAR,
        _ => return None,
    };
    let message = format!(
        "a release of this chart takes about {size} bytes, and Kubernetes stores {MAX_SECRET} (1 MiB) in the Secret that Helm keeps it in"
    );
    Some(Finding::new(rule, message).help("shorten what `extraObjects` and the other values bring"))
}

/// Estimates the size of the release Secret, in bytes: Helm stores base64 of gzip of a JSON object
/// with the manifest and all files, each file base64 in itself (`pkg/storage/driver/util.go`).
pub fn release_size(chart: &Chart, manifest: &str) -> u64 {
    let files: Vec<_> = chart.files().map(|(path, content)| (path, content.bytes())).collect();
    encoded_release(files.iter().map(|(path, bytes)| (path.as_str(), &**bytes)), manifest)
}

/// The same of the files of any chart. A size beyond four times [`MAX_SECRET`] is not counted to its end.
pub fn encoded_release<'f>(
    files: impl Iterator<Item = (&'f str, &'f [u8])>,
    manifest: &str,
) -> u64 {
    let mut gzip = GzEncoder::new(Count(0), Compression::best());
    // What stops it is that enough was counted.
    let _ = write_release(&mut gzip, files, manifest).and_then(|()| gzip.try_finish());
    encoded_size(gzip.get_ref().0)
}

fn write_release<'f>(
    out: &mut impl Write,
    files: impl Iterator<Item = (&'f str, &'f [u8])>,
    manifest: &str,
) -> io::Result<()> {
    serde_json::to_writer(&mut *out, manifest)?;
    for (path, bytes) in files {
        write!(out, ",{{\"name\":\"{path}\",\"data\":\"{}\"}}", STANDARD.encode(bytes))?;
    }
    Ok(())
}

/// The size of `bytes` bytes in base64.
fn encoded_size(bytes: u64) -> u64 {
    bytes.div_ceil(3) * 4
}

/// A sink that keeps only the number of bytes.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0 += buffer.len() as u64;
        if self.0 > 3 * MAX_SECRET {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_SECRET, check_release, release_size};
    use crate::chart::tests::sample;

    /// Bytes that gzip cannot shrink.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn is_silent_for_a_small_chart() {
        assert!(check_release(&sample(), ["kind: ConfigMap\n"].into_iter()).is_none());
    }

    #[test]
    fn is_silent_for_a_large_chart_that_compresses() {
        let mut chart = sample();
        chart.insert("files/zeros", vec![0; 2_000_000]).unwrap();
        assert!(check_release(&chart, [].into_iter()).is_none());
    }

    #[test]
    fn finds_a_secret_that_is_too_large_or_nearly_so() {
        for (bytes, rule) in [(800_000, "HZG461"), (650_000, "HZG462")] {
            let mut chart = sample();
            chart.insert("files/noise", noise(bytes)).unwrap();
            let size = release_size(&chart, "");
            let finding = check_release(&chart, [].into_iter()).unwrap();
            assert_eq!(finding.rule.id, rule, "{size}");
            assert_eq!(size > MAX_SECRET, rule == "HZG461");
            assert!(finding.problem.message.contains(&size.to_string()));
        }
    }
}
