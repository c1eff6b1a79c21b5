//! Kubernetes quantities, `500m` or `2Gi`, as numbers that can be compared.

use crate::node::{Node, Value};

/// An amount in billionths, the finest that Kubernetes keeps; what is finer is rounded up, as there. Beyond 128 bits it stays
/// at the largest number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i128);

/// Billionths of one.
const ONE: i128 = 1_000_000_000;
/// The largest power of ten in 128 bits.
const MOST_DIGITS: u32 = 38;
/// Digits behind the point that count. They are finer than a byte of an exbibyte, and times that they fit 128 bits.
const FRACTION_DIGITS: usize = 18;

impl Quantity {
    /// A whole number.
    pub fn of(number: i64) -> Self {
        Self(i128::from(number) * ONE)
    }

    /// The quantity that a text gives, `None` when it gives none. [The grammar] is Kubernetes'.
    ///
    /// [The grammar]: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if fraction.contains('.') || whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let fraction = &fraction[..fraction.len().min(FRACTION_DIGITS)];
        let amount = match binary(suffix) {
            Some(unit) => binary_amount(whole, fraction, unit),
            None => decimal_amount(whole, fraction, decimal(suffix)?),
        };
        Some(Self(if negative { -amount } else { amount }))
    }

    /// Whether it is a whole number, after what is finer than a thousandth has been rounded up.
    pub fn is_whole(self) -> bool {
        const THOUSANDTH: i128 = ONE / 1000;
        let parts = self.0 / THOUSANDTH + i128::from(self.0 % THOUSANDTH > 0);
        parts % 1000 == 0
    }

    /// The quantity that a value gives, a string or a number.
    pub fn read(node: &Node) -> Option<Self> {
        match &node.value {
            Value::String(text) => Self::parse(text),
            Value::Int(number) => Some(Self::of(*number)),
            Value::Float(number) => Self::parse(&number.to_string()),
            _ => None,
        }
    }
}

/// The quantity that was probably meant by a text: `2Gi` by `2GB`, `2 gib` and `2g`. Who writes a size by hand counts in 1024.
pub fn meant(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let end = plain.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = plain.split_at(end);
    let unit = match unit.to_lowercase().as_str() {
        "k" | "kb" | "ki" | "kib" => "Ki",
        "m" | "mb" | "mi" | "mib" => "Mi",
        "g" | "gb" | "gi" | "gib" => "Gi",
        "t" | "tb" | "ti" | "tib" => "Ti",
        "p" | "pb" | "pi" | "pib" => "Pi",
        "b" => "",
        _ => return None,
    };
    Some(format!("{number}{unit}")).filter(|meant| Quantity::parse(meant).is_some())
}

/// The unit of a binary suffix.
fn binary(suffix: &str) -> Option<i128> {
    let power = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].iter().position(|known| *known == suffix)?;
    Some(1 << (10 * (power + 1)))
}

/// The power of ten of any other suffix.
fn decimal(suffix: &str) -> Option<i32> {
    Some(match suffix {
        "n" => -9,
        "u" => -6,
        "m" => -3,
        "" => 0,
        "k" => 3,
        "M" => 6,
        "G" => 9,
        "T" => 12,
        "P" => 15,
        "E" => 18,
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            // So far off that every number is the largest, or the least.
            let far = if exponent.starts_with('-') { -1000 } else { 1000 };
            exponent.parse::<i32>().unwrap_or(far).clamp(-1000, 1000)
        }
    })
}

fn binary_amount(whole: &str, fraction: &str, unit: i128) -> i128 {
    let digits = fraction.len() as u32;
    let part = number(fraction) * unit;
    let part = match digits.checked_sub(9) {
        Some(finer) => divide_up(part, 10i128.pow(finer)),
        None => part * 10i128.pow(9 - digits),
    };
    number(whole).saturating_mul(unit).saturating_mul(ONE).saturating_add(part)
}

fn decimal_amount(whole: &str, fraction: &str, power: i32) -> i128 {
    let amount = number(&[whole, fraction].concat());
    let power = power + 9 - fraction.len() as i32;
    let step = power.unsigned_abs();
    match (amount, power >= 0) {
        (0 | i128::MAX, _) => amount,
        (_, true) if step > MOST_DIGITS => i128::MAX,
        (_, true) => amount.saturating_mul(10i128.pow(step)),
        (_, false) if step > MOST_DIGITS => 1,
        (_, false) => divide_up(amount, 10i128.pow(step)),
    }
}

/// The number that digits write; the largest when they are too many.
fn number(digits: &str) -> i128 {
    if digits.is_empty() { 0 } else { digits.parse().unwrap_or(i128::MAX) }
}

fn divide_up(amount: i128, by: i128) -> i128 {
    amount / by + i128::from(amount % by != 0)
}

#[cfg(test)]
mod tests {
    use super::{Quantity, meant};
    use crate::node::{Node, Value};

    fn of(text: &str) -> Quantity {
        Quantity::parse(text).unwrap_or_else(|| panic!("{text} is a quantity"))
    }

    #[test]
    fn equal_amounts_are_equal_however_they_are_written() {
        for (left, right) in [
            ("1", "1000m"),
            ("1Gi", "1024Mi"),
            ("1.5Gi", "1536Mi"),
            ("1k", "1e3"),
            ("1E", "1e18"),
            ("1E3", "1000"),
            ("0.5", "500m"),
            (".5", "5e-1"),
            ("2.", "2"),
            ("1u", "1000n"),
            ("+1", "1"),
            ("0", "0Ei"),
            ("0.1n", "1n"),
            ("0.0000000001Ki", "103n"),
            ("1000000000000000000000000", "1e24"),
        ] {
            assert_eq!(of(left), of(right), "{left} and {right}");
        }
    }

    #[test]
    fn amounts_are_compared_by_size() {
        let rising = [
            "-1", "-1m", "0", "1n", "999m", "1", "1000", "1Ki", "1M", "1Mi", "1G", "1Gi", "1Ti",
            "1Pi", "1E", "1Ei",
        ];
        for pair in rising.windows(2) {
            assert!(of(pair[0]) < of(pair[1]), "{} and {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn what_is_no_quantity_gives_none() {
        for text in
            ["", "-", ".", "1.2.3", "Gi", "1gb", "1 Gi", "1Gii", "e3", "1e", "1e+", "1e1x", "１"]
        {
            assert_eq!(Quantity::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_largest_and_the_finest_do_not_overflow() {
        let long = "9".repeat(100_000);
        for huge in [&format!("{long}Ei"), &long, "1e99", "1e999999999999", &format!("{long}E")] {
            assert_eq!(of(huge).0, i128::MAX);
        }
        assert!(of(&format!("0.{long}Ei")) <= of("1Ei"));
        assert!(of(&format!("0.{long}")) > of("0.9"));
        assert_eq!(of("1e-999999999999").0, 1);
        assert_eq!(of("0.0000000000001").0, 1);
    }

    #[test]
    fn reads_numbers_of_yaml() {
        let read = |value| Quantity::read(&Node::new(value, None));
        assert_eq!(read(Value::Int(2)), Some(of("2")));
        assert_eq!(read(Value::Float(0.25)), Some(of("250m")));
        assert_eq!(read(Value::String("2Gi".into())), Some(of("2048Mi")));
        assert_eq!(read(Value::Bool(true)), None);
    }

    #[test]
    fn guesses_what_was_meant() {
        let guess = |text| meant(text).unwrap_or_default();
        assert_eq!(
            [guess("2GB"), guess("2 gib"), guess("512mb"), guess("1.5K"), guess("100B")],
            ["2Gi", "2Gi", "512Mi", "1.5Ki", "100"]
        );
        for text in ["much", "", "ä", "1.2.3Gi", "12", "Gi"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
