//! Rules about waivers of other rules.

super::rules! { WAIVERS:
    /// A waiver that waives nothing.
    WAIVER_UNUSED = "HZG901" "waiver-unused" Warning;
}
