//! Manifests that stand in a file or come down a pipe, document by document.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

use super::objects::Objects;
use super::{Outcome, unreadable};
use crate::error::Problem;
use crate::kubernetes::Version;
use crate::references::{self, External, Scope};
use crate::source::{Location, Sources};
use crate::yaml::{MAX_BYTES, Part, decode, in_yaml, parts};

/// Checks manifests: what `kubectl apply -f` would be given. `name` is what findings call them.
///
/// The limits of [`read`](crate::yaml::read) hold for each document, of which there may be any number. One that cannot be read is
/// a finding; the others are checked all the same, but not against each other, since what one names may be in the unreadable one.
///
/// # Errors
/// A problem when there is nothing to check: what should have written the manifests has failed.
pub fn manifests(name: &str, stream: &[u8], version: Version) -> Result<Outcome, Problem> {
    let mut sources = Sources::default();
    let mut findings = Vec::new();
    let mut ids = Vec::new();
    for part in parts(stream) {
        match document_text(name, part) {
            Ok(text) => ids.push(sources.add_part(name, text, part.first_line)),
            Err(problem) => findings.extend(unreadable(vec![problem])),
        }
    }
    let all_text = findings.is_empty();
    let mut read = Objects::default();
    on_all_cores(&ids, &|ids| Objects::read(ids, &sources, version))
        .into_iter()
        .for_each(|part| read.join(part));
    let whole = all_text && read.unread == 0;
    if whole && read.objects.is_empty() {
        return Err(Problem::new(format!("`{name}` holds no Kubernetes objects"))
            .help("look at what should have written them"));
    }
    if whole {
        let external = External::default();
        let scope = Scope { namespace: "default", external: &external };
        findings.extend(references::check(&read.objects, &sources, &scope));
    }
    let checked = read.checked(version);
    findings.extend(read.findings);
    Ok(Outcome { findings, checked })
}

/// So few documents are not worth a thread.
const FEW: usize = 100;

/// Does a work on equal shares of some items, as many as there are cores; the results are in the items' order.
fn on_all_cores<T: Sync, R: Send>(items: &[T], work: &(impl Fn(&[T]) -> R + Sync)) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(cores).max(FEW);
    if items.len() <= share {
        return vec![work(items)];
    }
    thread::scope(|scope| {
        let spawn = |share| scope.spawn(move || work(share));
        let workers: Vec<_> = items.chunks(share).map(spawn).collect();
        let join = |worker: ScopedJoinHandle<'_, R>| {
            worker.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        workers.into_iter().map(join).collect()
    })
}

/// The text of one document of a stream; the places of what is wrong are those of the stream.
pub(crate) fn document_text(name: &str, part: Part<'_>) -> Result<String, Problem> {
    if part.bytes.len() > MAX_BYTES {
        let message = format!(
            "a document of {} bytes; at most {MAX_BYTES} (1 MiB) are read",
            part.bytes.len()
        );
        let line = part.first_line;
        return Err(Problem::new(message)
            .at(Location { source: name.to_owned(), line, column: 1, text: None })
            .help("Kubernetes cannot store more in one object; give the items of a `List` as documents of their own"));
    }
    decode(part.bytes, name).map(in_yaml).map_err(|mut problem| {
        if let Some(location) = &mut problem.location {
            location.line = location.line.saturating_add(part.first_line - 1);
        }
        problem
    })
}

#[cfg(test)]
mod tests {
    use super::{FEW, manifests};
    use crate::kubernetes::Version;
    use crate::validate::Outcome;

    fn check(stream: impl AsRef<[u8]>) -> Outcome {
        manifests("<stdin>", stream.as_ref(), Version::NEWEST).unwrap()
    }

    /// Line, rule and message of each finding, by line.
    fn found(stream: impl AsRef<[u8]>) -> Vec<(u32, &'static str, String)> {
        let mut found: Vec<_> = check(stream)
            .findings
            .into_iter()
            .map(|f| (f.problem.location.unwrap().line, f.rule.id, f.problem.message))
            .collect();
        found.sort();
        found
    }

    fn lines(stream: impl AsRef<[u8]>) -> Vec<u32> {
        found(stream).into_iter().map(|(line, ..)| line).collect()
    }

    /// A ConfigMap of four lines, or of five with a field that there is not in the last.
    fn config_map(name: usize, spoilt: bool) -> String {
        let data = if spoilt { "dta: {}\n" } else { "" };
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a{name}\n{data}")
    }

    #[test]
    fn json_has_the_escapes_of_json() {
        let json = r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "\/ \ud83d\ude00"}}"#;
        assert_eq!(found(json), []);
        assert_eq!(found(json.replacen('{', "# not JSON\n{", 1))[0].1, "HZG104");
    }

    #[test]
    fn counts_lines_through_the_whole_stream() {
        let (good, bad) = (config_map(1, false), config_map(2, true));
        // The second of the same name is told at its name, too.
        assert_eq!(lines(format!("{good}---\n{bad}---\n{good}")), [10, 15]);
        assert_eq!(lines(format!("{bad}--- # comment\n{bad}")), [5, 10, 11]);
        // Directives are not supported; what follows the `---` is read all the same.
        assert_eq!(lines(format!("{good}...\n%YAML 1.1\n---\n{bad}")), [6, 12]);
        assert_eq!(lines(format!("{good}---\n{}", bad.trim_end())), [10]);
    }

    #[test]
    fn reads_streams_of_windows() {
        let stream = format!("\u{feff}---\n{}---\n{}", config_map(1, false), config_map(2, true));
        assert_eq!(lines(stream.replace('\n', "\r\n")), [11]);
        let utf16: Vec<u8> = "kind: A\n---\n".bytes().flat_map(|byte| [byte, 0]).collect();
        assert_eq!(found(utf16)[0].2, "`<stdin>` is UTF-16, not UTF-8 text");
    }

    #[test]
    fn reads_documents_in_json() {
        let object =
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "dta": 1}"#;
        let list = format!(
            r#"{{"apiVersion": "v1", "kind": "List", "items": [
 {object}]}}"#
        );
        assert_eq!(lines(format!("---\n{object}\n---\n{list}")), [2, 5, 5]);
        assert_eq!(check(format!("{object}\n---\n{list}")).checked.objects, 2);
    }

    #[test]
    fn checks_the_others_when_a_document_cannot_be_read() {
        let bad = config_map(2, true);
        let stream = format!("{bad}---\na: 1\na: 2\n---\n{bad}---\na: \u{1b}\n---\n{bad}");
        let found = found(stream);
        let rules: Vec<_> = found.iter().map(|(line, rule, _)| (*line, *rule)).collect();
        assert_eq!(
            rules,
            [(5, "HZG201"), (8, "HZG104"), (14, "HZG201"), (16, "HZG104"), (22, "HZG201")]
        );
        let stream = [bad.as_bytes(), b"---\nb: \xbb\xee\xd7\xd6\n"].concat();
        assert_eq!(lines(&stream), [5, 7]);
    }

    #[test]
    fn a_duplicate_key_tells_the_line_of_the_stream() {
        let outcome = check("# c\n---\nkind: A\nkind: B\n");
        let help = outcome.findings[0].problem.help.clone();
        assert_eq!(help.as_deref(), Some("it is already at line 3, column 1; keep one of the two"));
    }

    #[test]
    fn a_stream_may_be_longer_than_a_document() {
        let long = format!("{}data:\n  a: {}\n---\n", config_map(1, false), "x".repeat(700_000));
        assert!(check(long.repeat(3)).checked.objects == 3);
        let longer = format!("{long}{}", long.repeat(2).replace("---\n", "  "));
        assert!(found(longer)[0].2.contains("at most 1048576 (1 MiB) are read"));
    }

    #[test]
    fn many_documents_are_found_in_their_order() {
        let count = 10 * FEW;
        let document = |n| format!("---\n{}", config_map(n, n % 7 == 0));
        let stream: String = (0..count).map(document).collect();
        let names = |outcome: &Outcome| -> Vec<String> {
            outcome.findings.iter().map(|f| f.object.as_ref().unwrap().name.clone()).collect()
        };
        let expected: Vec<String> = (0..count).step_by(7).map(|n| format!("a{n}")).collect();
        let outcome = check(stream);
        assert_eq!((names(&outcome), outcome.checked.objects), (expected, count));
    }

    #[test]
    fn takes_json_objects_one_below_the_other() {
        let object = |name: &str| {
            let map = r#""apiVersion": "v1", "kind": "ConfigMap""#;
            format!("{{{map}, \"metadata\": {{\"name\": \"{name}\"}}}}\n")
        };
        let outcome = check(format!("{}{}\n{}", object("a"), object("b"), object("C_")));
        assert_eq!(outcome.checked.objects, 3);
        let places: Vec<_> =
            outcome.findings.iter().map(|f| f.problem.location.as_ref().unwrap().line).collect();
        assert_eq!(places, [4]);
    }

    #[test]
    fn refuses_a_stream_without_documents() {
        let checked = |stream: &str| manifests("<stdin>", stream.as_bytes(), Version::NEWEST);
        for stream in ["", "# nothing\n---\n"] {
            let problem = checked(stream).unwrap_err();
            assert_eq!(problem.message, "`<stdin>` holds no Kubernetes objects");
        }
        assert!(checked("forguncy: {}\n").is_ok_and(|outcome| outcome.findings.len() == 1));
    }
}
