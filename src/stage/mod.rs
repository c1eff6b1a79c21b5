//! The two stages of a template, and the constructs whose meaning depends on the stage.
//!
//! A [`program`] is what a template does, with every decision kept open. In the *manifest stage* ([`known`]) values are
//! known, and a construct prints its result. In the *chart stage* ([`go`]) they are names of values that an installation
//! will bring, and the same construct prints the Helm action that computes the result then. Both read the same program, so
//! a construct cannot exist in one stage only.

#[cfg(test)]
pub(crate) mod branches;
#[cfg(test)]
pub(crate) mod capture;
pub mod go;
pub mod known;
pub mod program;
#[cfg(test)]
pub(crate) mod source;
#[cfg(test)]
mod tests;
mod value;
