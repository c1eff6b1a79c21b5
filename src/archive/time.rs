//! Times, counted in seconds since 1970, as dates.

/// The last second of the year 9999, the last year that RFC 3339 can write.
const LAST: u64 = 253_402_300_799;

/// A time in UTC as RFC 3339 writes it: `1980-02-01T00:00:00Z`. Later than the year 9999 is not known.
pub fn rfc3339(seconds: u64) -> String {
    let seconds = seconds.min(LAST);
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// A time as RFC 3339 writes it, with a zone and perhaps parts of a second, which are left out; `None` for any other text, and before 1970.
pub fn from_rfc3339(text: &str) -> Option<u64> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let (time, zone) = time.split_at_checked(time.find(['Z', 'z', '+', '-'])?)?;
    let time = time.split_once('.').map_or(time, |(whole, _)| whole);
    let [year, month, day] = numbers(date, '-')?;
    let local = days(year, month, day)? * 86_400 + seconds(numbers(time, ':')?)?;
    let Some(offset) = zone.strip_prefix(['+', '-']) else {
        return zone.eq_ignore_ascii_case("z").then_some(local);
    };
    let [hours, minutes] = numbers(offset, ':')?;
    let offset = seconds([hours, minutes, 0])?;
    if zone.starts_with('-') { Some(local + offset) } else { local.checked_sub(offset) }
}

/// Numbers between separators, as many as are wanted.
pub fn numbers<const N: usize>(text: &str, separator: char) -> Option<[u64; N]> {
    let numbers: Option<Vec<u64>> = text.split(separator).map(|part| part.parse().ok()).collect();
    numbers?.try_into().ok()
}

/// The second of a day, counted from 0; a minute may have a leap second.
pub fn seconds([hour, minute, second]: [u64; 3]) -> Option<u64> {
    (hour < 24 && minute < 60 && second <= 60).then_some(hour * 3600 + minute * 60 + second)
}

/// The day of a date, counted from 1970-01-01.
pub fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if year > 9999 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The year begins with March, so that the day that comes every four years is its last.
    let (year, month) =
        if month < 3 { (year.checked_sub(1)?, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    // 1970-01-01 is day 719,468 of that calendar.
    days.checked_sub(719_468)
}

/// The date of a day counted from 1970-01-01.
pub(super) fn date(days: u64) -> (u16, u8, u8) {
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let (mut year, mut left) = (1970, days);
    while left >= 365 + u64::from(leap(year)) {
        left -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    (year as u16, month, left as u8 + 1)
}

#[cfg(test)]
mod tests {
    use super::{date, days, from_rfc3339, rfc3339};
    use crate::archive::DEFAULT_MTIME;

    #[test]
    fn writes_times_in_utc() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(DEFAULT_MTIME), "1980-02-01T00:00:00Z");
        assert_eq!(rfc3339(1_709_251_199), "2024-02-29T23:59:59Z");
        assert_eq!(rfc3339(u64::MAX), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn reads_times() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2024-02-29T23:59:59.123456789z", Some(1_709_251_199)),
            ("2024-03-01 07:59:59+08:00", Some(1_709_251_199)),
            ("2024-02-29T18:59:59-05:00", Some(1_709_251_199)),
            ("9999-12-31T23:59:59Z", Some(253_402_300_799)),
            ("1969-12-31T23:59:59Z", None),
            ("1970-01-01T00:00:00+00:01", None),
            ("2024-13-01T00:00:00Z", None),
            ("2024-01-00T00:00:00Z", None),
            ("2024-01-01T24:00:00Z", None),
            ("2024-01-01T00:00:00", None),
            ("2024-01-01", None),
            ("99999999999999999999-01-01T00:00:00Z", None),
            ("é", None),
        ] {
            assert_eq!(from_rfc3339(text), seconds, "{text}");
        }
    }

    #[test]
    fn counts_days_there_and_back() {
        for day in (0..2_932_897).step_by(97) {
            let (year, month, in_month) = date(day);
            assert_eq!(days(year.into(), month.into(), in_month.into()), Some(day));
        }
    }
}
