//! The release: the name and the namespace of one installation, and what they must be like.

use crate::error::Problem;
use crate::schema::pattern::is_match;

/// One installation of the chart. Every object's name begins with the release's.
#[derive(Clone, Debug)]
pub struct Release {
    /// The release's name, default `forguncy`.
    pub name: String,
    /// The namespace it is installed in, default `default`.
    pub namespace: String,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The release's name.
    Name,
    /// The namespace.
    Namespace,
}

/// A rule that a release keeps. `render` and the packaged chart refuse a breach in the same words.
pub struct Rule {
    /// What is looked at.
    pub subject: Subject,
    /// The test.
    pub test: Test,
    /// The refusal; `%s` stands for the name.
    pub message: &'static str,
}

/// How a rule tests a name.
pub enum Test {
    /// The name must match.
    Matches(&'static str),
    /// The name may have this many characters.
    AtMost(usize),
}

/// A Service's name has at most 63 characters, and the longest that the chart makes adds `-forguncy-service`.
/// [RFC 1035 label names](https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names).
const NAME_MAX: usize = 63 - "-forguncy-service".len();

/// The rules, in the order in which breaches are reported. Helm's own rule for names (at most 53 characters,
/// lower-case labels joined by dots; `validate_name.go`) is implied by them.
pub const RULES: &[Rule] = &[
    Rule {
        subject: Subject::Name,
        test: Test::Matches("^[^.]*$"),
        message: "release name `%s` holds a dot: Services are named after it, and their names hold none",
    },
    Rule {
        subject: Subject::Name,
        test: Test::Matches("^([^0-9]|$)"),
        message: "release name `%s` starts with a digit: Services are named after it, and their names start with a letter",
    },
    Rule {
        subject: Subject::Name,
        test: Test::AtMost(NAME_MAX),
        message: "release name `%s` is too long: it may have 46 characters, since a Service's name may have 63",
    },
    Rule {
        subject: Subject::Name,
        test: Test::Matches("^[a-z0-9.]([-a-z0-9.]*[a-z0-9.])?$"),
        message: "release name `%s` is no name: use lower-case letters, digits and dashes inside, such as `forguncy-prod`",
    },
    Rule {
        subject: Subject::Namespace,
        test: Test::Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"),
        message: "namespace `%s` is no name: use lower-case letters, digits and dashes inside, such as `forguncy`",
    },
    Rule {
        subject: Subject::Namespace,
        test: Test::AtMost(63),
        message: "namespace `%s` is too long: it may have 63 characters",
    },
];

impl Rule {
    /// Whether a release keeps the rule.
    pub fn allows(&self, release: &Release) -> bool {
        let name = self.subject_of(release);
        match self.test {
            Test::Matches(pattern) => is_match(pattern, name) == Some(true),
            Test::AtMost(max) => name.chars().count() <= max,
        }
    }

    fn subject_of<'a>(&self, release: &'a Release) -> &'a str {
        match self.subject {
            Subject::Name => &release.name,
            Subject::Namespace => &release.namespace,
        }
    }
}

/// The rules as the chart's templates have them, which are made when hzgchart is tested.
#[cfg(test)]
impl Rule {
    /// The Go template expression of the subject.
    pub fn go_subject(&self) -> &'static str {
        match self.subject {
            Subject::Name => ".Release.Name",
            Subject::Namespace => ".Release.Namespace",
        }
    }

    /// The Go template condition under which the rule is broken.
    pub fn go_breach(&self) -> String {
        let subject = self.go_subject();
        match self.test {
            Test::Matches(pattern) => format!("not (regexMatch \"{pattern}\" {subject})"),
            Test::AtMost(max) => format!("gt (len {subject}) {max}"),
        }
    }
}

impl Release {
    /// What is wrong with the release, in the order of [`RULES`].
    pub fn check(&self) -> Vec<Problem> {
        self.breaches().map(|(_, problem)| problem).collect()
    }

    /// The same, with what each is about.
    pub fn breaches(&self) -> impl Iterator<Item = (Subject, Problem)> {
        RULES.iter().filter(|rule| !rule.allows(self)).map(|rule| {
            let message = rule.message.replace("%s", rule.subject_of(self));
            (rule.subject, Problem::new(message))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(name: &str, namespace: &str) -> Vec<String> {
        let release = Release { name: name.to_owned(), namespace: namespace.to_owned() };
        release.check().into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn takes_every_name_that_makes_legal_objects() {
        for name in ["a", "forguncy", "a-1", "true", &"x".repeat(NAME_MAX)] {
            assert_eq!(problems(name, "0-a"), Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_name() {
        assert_eq!(
            problems("1a", "default"),
            [
                "release name `1a` starts with a digit: Services are named after it, and their names start with a letter"
            ]
        );
        assert_eq!(
            problems("a.b", "default"),
            [
                "release name `a.b` holds a dot: Services are named after it, and their names hold none"
            ]
        );
        assert_eq!(
            problems(&"x".repeat(NAME_MAX + 1), "default"),
            [format!(
                "release name `{}` is too long: it may have 46 characters, since a Service's name may have 63",
                "x".repeat(47)
            )]
        );
        for name in ["", "A", "a_b", "-a", "a-", "活", "a\n"] {
            assert!(problems(name, "default")[0].contains("is no name"), "{name:?}");
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_namespace() {
        assert!(problems("a", "a.b")[0].contains("namespace `a.b` is no name"));
        assert!(
            problems("a", &"x".repeat(64))[0].contains("is too long: it may have 63 characters")
        );
    }

    #[test]
    fn the_longest_name_is_the_one_that_the_message_tells() {
        assert_eq!(NAME_MAX, 46);
    }

    #[test]
    fn every_rule_has_its_condition_in_the_chart() {
        for rule in RULES {
            assert!(rule.go_breach().contains(rule.go_subject()));
            assert_eq!(rule.message.matches("%s").count(), 1, "{}", rule.message);
            assert!(!rule.message.replace("%s", "").contains('%'), "{}", rule.message);
        }
    }
}
