#![no_main]
//! The short way through plain YAML reads what the parser reads, and nothing that the parser refuses. And a stream's parts are
//! read as the stream is.

use hzgchart::node::{Node, Value};
use hzgchart::source::Sources;
use hzgchart::yaml::{decode, parts, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode(bytes, "v") else { return };
    let mut sources = Sources::default();
    let id = sources.add("v", text.as_str());
    let either = read::stream(id, &sources);
    let mut parser = read::partial(id, &sources);
    parser.documents.retain(|node| node.origin.is_some());
    match either {
        Ok(documents) => {
            assert!(parser.problems.is_empty(), "{:?}", parser.problems);
            assert_eq!(format!("{documents:?}"), format!("{:?}", parser.documents));
            assert_eq!(json(&documents), parted(&text));
        }
        Err(problems) => assert_eq!(problems, parser.problems),
    }
    // A text of one document takes another way, on which `null` is an empty map.
    if let Ok(node) = read::document(id, &sources)
        && let [document] = parser.documents.as_slice()
        && !matches!(document.value, Value::Null)
    {
        assert_eq!(node.to_json().to_string(), document.to_json().to_string());
    }
});

/// The documents of all parts of a stream, as JSON; the first problem for one that cannot be read.
fn parted(text: &str) -> String {
    let mut documents = Vec::new();
    for part in parts(text.as_bytes()) {
        let mut sources = Sources::default();
        let part = std::str::from_utf8(part.bytes).expect("cut at line ends");
        let id = sources.add("v", part);
        match read::stream(id, &sources) {
            Ok(read) => documents.extend(read),
            Err(problems) => return problems[0].to_string(),
        }
    }
    json(&documents)
}

fn json(documents: &[Node]) -> String {
    documents.iter().map(|document| format!("{}\n", document.to_json())).collect()
}
