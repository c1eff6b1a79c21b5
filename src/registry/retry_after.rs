//! How long a registry asks to wait: `Retry-After`, in seconds or as a date ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::archive::time;

/// Reads the header. A date counts from that of the answer, since clocks differ, or else from now.
pub fn parse(value: &str, date: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|time| time.as_secs());
    let now = date.and_then(seconds).or_else(now)?;
    Some(Duration::from_secs(seconds(value)?.saturating_sub(now)))
}

/// The seconds since 1970 of a date as servers write it: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn seconds(date: &str) -> Option<u64> {
    let (_, date) = date.trim().split_once(", ")?;
    let words: Vec<&str> = date.split(' ').collect();
    let [day, month, year, clock, "GMT"] = words[..] else { return None };
    let months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|name| *name == month)? as u64 + 1;
    let day = time::days(year.parse().ok()?, month, day.parse().ok()?)?;
    Some(day * 86_400 + time::seconds(time::numbers(clock, ':')?)?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{parse, seconds};

    #[test]
    fn counts_from_the_answers_date() {
        let date = Some("Thu, 29 Feb 2024 23:59:30 GMT");
        for (value, expected) in [
            (" 7 ", Some(7)),
            ("Fri, 01 Mar 2024 00:00:10 GMT", Some(40)),
            ("Thu, 29 Feb 2024 12:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            assert_eq!(parse(value, date), expected.map(Duration::from_secs), "{value}");
        }
        let far = "Fri, 31 Dec 9999 23:59:59 GMT";
        assert!(parse(far, None) > Some(Duration::from_secs(3600)));
    }

    #[test]
    fn reads_dates() {
        for (date, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Thu, 29 Feb 2024 23:59:59 GMT", Some(1_709_251_199)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(253_402_300_799)),
            ("Wed, 31 Dec 1969 23:59:59 GMT", None),
            ("Sun, 00 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Non 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49 GMT", None),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
            ("", None),
        ] {
            assert_eq!(seconds(date), expected, "{date}");
        }
    }
}
