//! How long a registry asks to wait: `Retry-After`, in seconds or as a date ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

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
    let [day, month, year, time, "GMT"] = words[..] else { return None };
    let number = |text: &str, most| text.parse::<u64>().ok().filter(|number| *number <= most);
    let months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|name| *name == month)? as u64;
    let (day, year) = (number(day, 31)?.checked_sub(1)?, number(year, 9999)?);
    let times: Vec<u64> = time.split(':').map(|part| number(part, 60)).collect::<Option<_>>()?;
    let [hour, minute, second] = times[..] else { return None };
    // The year begins with March, so that the day that comes every four years is its last.
    let (year, month) =
        if month < 2 { (year.checked_sub(1)?, month + 10) } else { (year, month - 2) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
    // 1970-01-01 is day 719,468 of that calendar.
    Some(days.checked_sub(719_468)? * 86_400 + hour * 3600 + minute * 60 + second)
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
