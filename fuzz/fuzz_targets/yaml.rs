#![no_main]
//! The short way through plain YAML reads what the parser reads, and nothing that the parser refuses.

use hzgchart::source::Sources;
use hzgchart::yaml::{decode, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode(bytes, "v") else { return };
    let mut sources = Sources::default();
    let id = sources.add("v", text);
    let either = read::stream(id, &sources);
    let mut parser = read::partial(id, &sources);
    parser.documents.retain(|node| node.origin.is_some());
    match either {
        Ok(documents) => {
            assert!(parser.problems.is_empty(), "{:?}", parser.problems);
            assert_eq!(format!("{documents:?}"), format!("{:?}", parser.documents));
        }
        Err(problems) => assert_eq!(problems, parser.problems),
    }
    // A text of one document takes another way.
    if let Ok(node) = read::document(id, &sources)
        && let [document] = parser.documents.as_slice()
    {
        assert_eq!(node.to_json().to_string(), document.to_json().to_string());
    }
});
