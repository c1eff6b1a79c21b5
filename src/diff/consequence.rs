//! What a change means for a running release.

/// A kind of consequence, gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// An API server refuses the change, and the upgrade stops.
    Refused,
    /// It is refused in some clusters, or for some releases.
    MayBeRefused,
    /// Data goes, is no longer seen, or is no longer kept.
    Data,
    /// Who uses the release now may not reach it afterwards.
    Outage,
    /// Pods are replaced.
    Restart,
    /// The number of pods changes.
    Scaling,
    /// Something to know.
    Note,
}

/// Every effect with the name that JSON gives it, and the words that text does.
pub const EFFECTS: [(Effect, &str, &str); 7] = [
    (Effect::Refused, "refused", "refused"),
    (Effect::MayBeRefused, "mayBeRefused", "may be refused"),
    (Effect::Data, "data", "touches data"),
    (Effect::Outage, "outage", "outage"),
    (Effect::Restart, "restart", "restarts pods"),
    (Effect::Scaling, "scaling", "scales"),
    (Effect::Note, "note", "note"),
];

impl Effect {
    /// What JSON calls it.
    pub fn name(self) -> &'static str {
        EFFECTS[self as usize].1
    }

    /// What text calls it.
    pub fn words(self) -> &'static str {
        EFFECTS[self as usize].2
    }
}

/// A consequence of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    /// Of which kind.
    pub effect: Effect,
    /// What happens, and why.
    pub why: String,
    /// The way out.
    pub help: Option<String>,
}

impl Consequence {
    /// A consequence: lower case, no full stop, names in backticks.
    pub fn new(effect: Effect, why: impl Into<String>) -> Self {
        Self { effect, why: why.into(), help: None }
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::EFFECTS;

    #[test]
    fn effects_are_listed_in_their_order() {
        for (at, (effect, ..)) in EFFECTS.iter().enumerate() {
            assert_eq!(*effect as usize, at);
        }
        assert!(EFFECTS.is_sorted_by_key(|(effect, ..)| *effect));
    }
}
