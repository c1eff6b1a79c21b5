//! Finds the name that was probably meant.

/// Longer names are not compared: nobody mistypes them, and comparing costs their product.
const MAX_LENGTH: usize = 64;

/// A name that nobody knows, ready to be compared with those that there are.
pub struct Wanted {
    folded: String,
    first: Option<char>,
    length: usize,
}

/// How far a name is from the wanted one: the smaller, the more probably it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Distance {
    /// Only the beginning of the name was given.
    pub begun: bool,
    /// Letters to insert, to leave out, to replace or to swap; 0 when only capitals, `_` and `-` differ.
    pub edits: usize,
    /// People mistype the first letter last.
    other_first: bool,
    /// To forget letters is more common than to take others.
    other_letters: bool,
    other_length: usize,
}

impl Wanted {
    /// Prepares a name; `None` for one that nobody can guess from.
    pub fn new(text: &str) -> Option<Self> {
        let folded = fold(text);
        let length = folded.chars().count();
        let known = (1..=MAX_LENGTH).contains(&length) && text.len() <= 4 * MAX_LENGTH;
        known.then(|| Self { first: folded.chars().next(), folded, length })
    }

    /// How far a name is, if it is close: a third of the letters wrong, or only the beginning given.
    pub fn distance(&self, name: &str) -> Option<Distance> {
        let name = fold(name);
        let edits = strsim::damerau_levenshtein(&self.folded, &name);
        let allowed = match self.length {
            0 | 1 => 0,
            2..=5 => 1,
            length => length / 3,
        };
        let begun = edits > allowed;
        if begun && !(self.length >= 3 && name.starts_with(&self.folded)) {
            return None;
        }
        let other_first = name.chars().next() != self.first;
        let other_letters = !is_part(&self.folded, &name) && !is_part(&name, &self.folded);
        let other_length = name.chars().count().abs_diff(self.length);
        Some(Distance { begun, edits, other_first, other_letters, other_length })
    }
}

/// The name closest to the wanted one, if one is close.
pub fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = Wanted::new(wanted)?;
    names
        .filter_map(|name| wanted.distance(name).map(|distance| (distance, name)))
        .min()
        .map(|(_, name)| name)
}

/// A name without what people write one way or the other: `node_port`, `node-port` and `NodePort` are one.
fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// Whether a text is what remains of another when letters are left out.
fn is_part(part: &str, whole: &str) -> bool {
    let mut whole = whole.chars();
    part.chars().all(|c| whole.any(|other| other == c))
}

#[cfg(test)]
mod tests {
    use super::{Wanted, nearest};

    #[test]
    fn finds_a_slip_of_the_fingers() {
        let near =
            |wanted: &str| nearest(wanted, ["replicas", "port", "repository", "tag"].into_iter());
        assert_eq!(near("replica"), Some("replicas"));
        assert_eq!(near("Replicas"), Some("replicas"));
        assert_eq!(near("prot"), Some("port"));
        assert_eq!(near("repo"), Some("repository"));
        assert_eq!(near("ta"), Some("tag"));
        assert_eq!(near("image"), None);
        assert_eq!(near("t"), None);
        assert_eq!(near(""), None);
        assert_eq!(near("_-_"), None);
        assert_eq!(near(&"x".repeat(100_000)), None);
        assert_eq!(near(&"_".repeat(100_000)), None);
    }

    #[test]
    fn the_way_of_writing_a_name_is_no_distance() {
        for text in ["nodePort", "node_port", "node-port", "NodePort", "NODE_PORT", "nodeport"] {
            let distance = Wanted::new(text).unwrap().distance("nodePort").unwrap();
            assert_eq!((distance.edits, distance.begun), (0, false), "{text}");
        }
    }

    #[test]
    fn of_equally_distant_names_takes_the_one_with_the_same_letters() {
        assert_eq!(nearest("sise", ["rise", "size"].into_iter()), Some("size"));
        assert_eq!(nearest("hos", ["pos", "host", "hot"].into_iter()), Some("host"));
        assert_eq!(nearest("pvc", ["pvs", "pvcs"].into_iter()), Some("pvcs"));
        assert_eq!(nearest("lrx", ["lfru", "lru"].into_iter()), Some("lru"));
    }
}
