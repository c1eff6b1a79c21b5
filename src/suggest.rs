//! Finds the name that was probably meant.

/// Longer names are not compared: nobody mistypes them, and comparing costs their product.
const MAX_LENGTH: usize = 64;

/// The name closest to the wanted one, if one is close: other capitals, a third of the letters
/// wrong, or only the beginning given.
pub fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let length = wanted.chars().count();
    if length == 0 || length > MAX_LENGTH {
        return None;
    }
    let lower = wanted.to_lowercase();
    let allowed = if length < 3 { 0 } else { (length / 3).max(1) };
    names
        .filter_map(|name| {
            let candidate = name.to_lowercase();
            let distance = strsim::damerau_levenshtein(&lower, &candidate);
            let begins = length >= 3 && candidate.starts_with(&lower);
            (distance <= allowed || begins).then_some((
                begins && distance > allowed,
                distance,
                name,
            ))
        })
        .min()
        .map(|(_, _, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_a_slip_of_the_fingers() {
        let near = |wanted| nearest(wanted, ["replicas", "port", "repository", "tag"].into_iter());
        assert_eq!(near("replica"), Some("replicas"));
        assert_eq!(near("Replicas"), Some("replicas"));
        assert_eq!(near("prot"), Some("port"));
        assert_eq!(near("repo"), Some("repository"));
        assert_eq!(near("image"), None);
        assert_eq!(near("ta"), None);
        assert_eq!(near(""), None);
        assert_eq!(near(&"x".repeat(100_000)), None);
    }
}
