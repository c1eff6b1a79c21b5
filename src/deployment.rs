#![allow(missing_docs)]
pub fn check(
    _: &crate::load::Loaded,
    _: &crate::release::Release,
    _: &[crate::object::Object],
    _: crate::purpose::Purpose,
) -> Vec<crate::finding::Finding> {
    vec![]
}
