#![allow(missing_docs)]
pub struct Inspected {
    pub findings: Vec<crate::finding::Finding>,
}
pub fn inspect(_: &std::path::Path) -> Result<Inspected, crate::error::Error> {
    Ok(Inspected { findings: vec![] })
}
