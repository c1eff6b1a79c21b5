//! Edits of the vendor-like chart, in files that are laid beside a test.

use super::vendor;

/// The vendor-like chart while it is edited.
pub struct Chart(pub Vec<(String, String)>);

impl Chart {
    /// The chart as it is.
    pub fn new() -> Self {
        Self(vendor())
    }

    fn text(&mut self, path: &str) -> &mut String {
        let found = self.0.iter_mut().find(|(other, _)| other == path);
        &mut found.unwrap_or_else(|| panic!("there is no {path}")).1
    }

    /// Writes something else in the place of what stands there first.
    pub fn edit(mut self, path: &str, from: &str, to: &str) -> Self {
        let text = self.text(path);
        assert!(text.contains(from), "{path} has no {from}");
        *text = text.replacen(from, to, 1);
        self
    }

    /// The same wherever it stands.
    pub fn edit_all(mut self, path: &str, from: &str, to: &str) -> Self {
        let text = self.text(path);
        assert!(text.contains(from), "{path} has no {from}");
        *text = text.replace(from, to);
        self
    }

    /// Adds to the end of a file, or makes one.
    pub fn add(mut self, path: &str, text: &str) -> Self {
        match self.0.iter_mut().find(|(other, _)| other == path) {
            Some((_, old)) => old.push_str(text),
            None => self.0.push((path.to_owned(), text.to_owned())),
        }
        self
    }

    /// Moves what a file holds to the end of another, as a document of its own.
    pub fn mv(mut self, path: &str, to: &str) -> Self {
        let text = std::mem::take(self.text(path));
        self.0.retain(|(other, _)| other != path);
        self.add(to, &format!("---\n{text}"))
    }

    /// Puts `# ` before every line of a file.
    pub fn comment_out(mut self, path: &str) -> Self {
        let text = self.text(path);
        *text = text.lines().map(|line| format!("# {line}\n")).collect();
        self
    }
}
