//! What values are checked for.

/// What values are checked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be installed as they are.
    Install,
    /// To be the defaults of a chart: an installation may still bring what is missing, and everyone who has the chart can read them.
    Package,
}
