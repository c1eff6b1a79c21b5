//! `.helmignore`, which is not `.gitignore`: Helm's `pkg/ignore/rules.go`.
//!
//! The first rule that matches decides. A rule without `/` is about the last part of a path. `!x` ignores all that does *not* match `x`.

/// One rule that can be wrong.
#[derive(Debug, PartialEq, Eq)]
pub enum Flaw {
    /// `**`, which Helm refuses.
    DoubleStar,
    /// A pattern that is not well formed.
    Malformed,
    /// `!`, which means something else than in git.
    Negation,
}

/// The rules of a file.
#[derive(Debug, Default)]
pub struct Helmignore(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    negated: bool,
    folders_only: bool,
    /// Whether the rule is about the last part of a path only.
    name_only: bool,
    pattern: Vec<char>,
}

impl Helmignore {
    /// Reads the rules, and hands over each line that has a flaw.
    pub fn parse(text: &str, mut flawed: impl FnMut(u32, Flaw)) -> Self {
        let mut rules = Vec::new();
        for (number, line) in (1..).zip(text.lines().chain(["templates/.?*"])) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let all: Vec<char> = line.chars().collect();
            if line.contains("**") {
                flawed(number, Flaw::DoubleStar);
            } else if !is_well_formed(&all) {
                flawed(number, Flaw::Malformed);
            } else {
                if line.starts_with('!') {
                    flawed(number, Flaw::Negation);
                }
                rules.push(Rule::new(line));
            }
        }
        Self(rules)
    }

    /// Whether Helm leaves a file or folder out; `path` is inside the chart's folder.
    pub fn ignores(&self, path: &str, is_folder: bool) -> bool {
        self.0.iter().any(|rule| {
            let matches = || rule.matches(path);
            match rule.negated {
                true => rule.folders_only && !is_folder || !matches(),
                false => (!rule.folders_only || is_folder) && matches(),
            }
        })
    }
}

impl Rule {
    fn new(line: &str) -> Self {
        let (negated, line) = match line.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let (folders_only, line) = match line.strip_suffix('/') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let pattern = line.strip_prefix('/').unwrap_or(line).chars().collect();
        Self { negated, folders_only, name_only: !line.contains('/'), pattern }
    }

    fn matches(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let text: Vec<char> = if self.name_only { name } else { path }.chars().collect();
        glob(&self.pattern, &text)
    }
}

/// Go's `filepath.Match`: `*` and `?` stop at `/`, `[a-z]` and `[^a-z]` are classes.
fn glob(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on after a mismatch: behind the last star, with one character more in it.
    let mut star: Option<(usize, usize)> = None;
    loop {
        if pattern.get(p) == Some(&'*') {
            p += 1;
            star = Some((p, t));
            continue;
        }
        if p == pattern.len() && t == text.len() {
            return true;
        }
        let step = text.get(t).and_then(|c| one(&pattern[p..], *c));
        if let Some(width) = step {
            (p, t) = (p + width, t + 1);
            continue;
        }
        match star {
            Some((after, at)) if text.get(at).is_some_and(|c| *c != '/') => {
                star = Some((after, at + 1));
                (p, t) = (after, at + 1);
            }
            _ => return false,
        }
    }
}

/// Matches one character against the start of a pattern, and says how long that start is.
fn one(pattern: &[char], c: char) -> Option<usize> {
    match pattern {
        [] => None,
        ['?', ..] => (c != '/').then_some(1),
        ['\\', literal, ..] => (*literal == c).then_some(2),
        ['[', ..] => {
            let (end, found) = class(pattern, c)?;
            found.then_some(end)
        }
        [literal, ..] => (*literal == c).then_some(1),
    }
}

/// The length of a class and whether it holds a character; `None` when it is not well formed.
fn class(pattern: &[char], c: char) -> Option<(usize, bool)> {
    let mut at = 1;
    let negated = pattern.get(at) == Some(&'^');
    at += usize::from(negated);
    let mut found = false;
    let mut first = true;
    while first || *pattern.get(at)? != ']' {
        let (low, width) = member(&pattern[at..])?;
        at += width;
        let high = if pattern.get(at) == Some(&'-') {
            let (high, width) = member(&pattern[at + 1..])?;
            at += 1 + width;
            high
        } else {
            low
        };
        found |= (low..=high).contains(&c);
        first = false;
    }
    Some((at + 1, found != negated))
}

fn member(pattern: &[char]) -> Option<(char, usize)> {
    match pattern {
        ['\\', escaped, ..] => Some((*escaped, 2)),
        ['-' | ']' | '\\', ..] | [] => None,
        [c, ..] => Some((*c, 1)),
    }
}

fn is_well_formed(pattern: &[char]) -> bool {
    let mut at = 0;
    while at < pattern.len() {
        at += match pattern[at..] {
            ['\\', _, ..] => 2,
            ['\\'] => return false,
            ['[', ..] => match class(&pattern[at..], 'a') {
                Some((width, _)) => width,
                None => return false,
            },
            _ => 1,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Flaw, Helmignore};

    fn ignores(rules: &str, path: &str, is_folder: bool) -> bool {
        Helmignore::parse(rules, |_, _| {}).ignores(path, is_folder)
    }

    #[test]
    fn ignores_by_name_at_any_depth_and_by_path_with_a_slash() {
        assert!(ignores("*.md", "docs/a.md", false));
        assert!(!ignores("*.md", "docs/a.txt", false));
        assert!(ignores("docs/*.md", "docs/a.md", false));
        assert!(!ignores("docs/*.md", "docs/b/a.md", false));
        assert!(ignores("/a.md", "a.md", false));
        assert!(!ignores("/a.md", "docs/a.md", false));
        assert!(ignores("docs/", "docs", true));
        assert!(!ignores("docs/", "docs", false));
        assert!(ignores("[a-c]?[^x]", "b1y", false));
        assert!(!ignores("[a-c]?[^x]", "b1x", false));
        assert!(ignores("a\\*b", "a*b", false));
        assert!(!ignores("# a\n\n", "# a", false));
    }

    #[test]
    fn always_ignores_hidden_templates() {
        assert!(ignores("", "templates/.x", false));
        assert!(!ignores("", "templates/a/.x", false));
        assert!(!ignores("", ".x", false));
    }

    #[test]
    fn an_exclamation_mark_ignores_everything_else() {
        assert!(ignores("*.md\n!README.md", "Chart.yaml", false));
        assert!(!ignores("!README.md", "README.md", false));
    }

    #[test]
    fn tells_which_line_is_wrong() {
        let mut flaws = Vec::new();
        Helmignore::parse("a\n**/b\n[\n!c\n\\", |line, flaw| flaws.push((line, flaw)));
        assert_eq!(
            flaws,
            [
                (2, Flaw::DoubleStar),
                (3, Flaw::Malformed),
                (4, Flaw::Negation),
                (5, Flaw::Malformed)
            ]
        );
    }

    #[test]
    fn matches_a_hostile_pattern_in_little_time() {
        let stars = "*a".repeat(200);
        assert!(ignores(&stars, &"a".repeat(5000), false));
        assert!(!ignores(&format!("{stars}b"), &"a".repeat(5000), false));
    }
}
