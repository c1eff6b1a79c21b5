//! What the two majors of Helm make of a fault.

/// Whether one Helm goes on with a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// `helm lint` succeeds.
    pub lints: bool,
    /// `helm template` and `helm install` get past the fault.
    pub installs: bool,
}

impl Answer {
    /// The fault stops nothing.
    pub const TAKES: Self = Self { lints: true, installs: true };
    /// Only `helm lint` fails.
    pub const LINT: Self = Self { lints: false, installs: true };
    /// `helm template` and `helm install` fail, and `helm lint` does not see it.
    pub const INSTALL: Self = Self { lints: true, installs: false };
    /// All of them fail.
    pub const REFUSES: Self = Self { lints: false, installs: false };

    fn and(self, other: Self) -> Self {
        Self { lints: self.lints && other.lints, installs: self.installs && other.installs }
    }

    fn words(self) -> &'static str {
        match (self.lints, self.installs) {
            (true, true) => "takes the chart",
            (false, true) => "fails in `lint` only",
            (true, false) => "fails in `template` and `install`, not in `lint`",
            (false, false) => "refuses the chart",
        }
    }
}

/// What both majors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Helm 3, as of 3.17.3.
    pub helm3: Answer,
    /// Helm 4, as of 4.1.4.
    pub helm4: Answer,
    /// Whether `template` and `install` of Helm 4 keep the reason for themselves.
    hidden: bool,
    /// Whether `helm install` fails later, at the cluster.
    cluster: bool,
}

impl Verdict {
    /// Neither major stops.
    pub const TAKEN: Self = Self::both(Answer::TAKES);
    /// In both majors `helm lint` fails and nothing else.
    pub const LINT: Self = Self::both(Answer::LINT);
    /// In both majors `helm template` and `helm install` fail, and `helm lint` sees nothing.
    pub const INSTALL: Self = Self::both(Answer::INSTALL);
    /// Both majors refuse the chart.
    pub const REFUSED: Self = Self::both(Answer::REFUSES);
    /// Both majors refuse the archive, and Helm 4 hides the reason (`loader.LoadFile` drops the error).
    pub const HIDDEN: Self = Self { hidden: true, ..Self::REFUSED };
    /// Neither major stops, but a cluster does.
    pub const CLUSTER: Self = Self { cluster: true, ..Self::TAKEN };

    /// The same in both majors.
    pub const fn both(answer: Answer) -> Self {
        Self::of(answer, answer)
    }

    /// Helm 3's answer and Helm 4's.
    pub const fn of(helm3: Answer, helm4: Answer) -> Self {
        Self { helm3, helm4, hidden: false, cluster: false }
    }

    /// What both do with a chart that has both faults.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::of(self.helm3.and(other.helm3), self.helm4.and(other.helm4))
    }

    /// The same, and a cluster refuses what is installed.
    #[must_use]
    pub const fn at_cluster(self) -> Self {
        Self { cluster: true, ..self }
    }

    /// Whether one of them does not install the chart.
    pub fn stops(self) -> bool {
        self.cluster || !(self.helm3.installs && self.helm4.installs)
    }

    /// The verdict in words, to follow what is wrong: `helm 3 and helm 4 refuse the chart`.
    pub fn words(self) -> String {
        let both = match (self.helm3.lints, self.helm3.installs) {
            _ if self.cluster && self.helm4.lints => {
                return "`helm install` fails on the cluster, and no Helm says so before"
                    .to_owned();
            }
            _ if self.cluster => {
                return "`helm install` fails on the cluster, and only `helm lint` of helm 4 says so before".to_owned();
            }
            _ if self.helm3 != self.helm4 => {
                return format!("helm 3 {}, helm 4 {}", self.helm3.words(), self.helm4.words());
            }
            (true, true) => "helm 3 and helm 4 take the chart",
            (false, true) => "helm 3 and helm 4 fail in `lint` only",
            (true, false) => "helm 3 and helm 4 fail in `template` and `install`, not in `lint`",
            (false, false) => "helm 3 and helm 4 refuse the chart",
        };
        match self.hidden {
            true => format!(
                "{both}, and `template` and `install` of helm 4 say only `unable to load chart archive`"
            ),
            false => both.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Verdict};

    #[test]
    fn says_what_each_helm_does() {
        assert_eq!(Verdict::TAKEN.words(), "helm 3 and helm 4 take the chart");
        assert_eq!(
            Verdict::of(Answer::TAKES, Answer::REFUSES).words(),
            "helm 3 takes the chart, helm 4 refuses the chart"
        );
        assert!(Verdict::HIDDEN.words().ends_with("only `unable to load chart archive`"));
    }

    #[test]
    fn two_faults_stop_what_either_stops() {
        let both = Verdict::LINT.and(Verdict::INSTALL);
        assert_eq!(both, Verdict::REFUSED);
        assert!(both.stops() && !Verdict::LINT.stops());
    }
}
