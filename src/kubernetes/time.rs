//! How times and schedules are written; like [`syntax`](super::syntax), which is for names.

use super::syntax::{Verdict, unless};

/// When a CronJob runs: five fields, or a word like `@daily`. What the fields may hold in detail is left to the cluster.
pub(super) fn cron(text: &str) -> Verdict {
    let text = match text.strip_prefix("TZ=").or(text.strip_prefix("CRON_TZ=")) {
        Some(_) => return Some("a schedule without a time zone, which belongs into `timeZone`"),
        None => text.trim(),
    };
    let words = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
    let sign = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'*' | b',' | b'-' | b'/' | b'?');
    let fields = || {
        text.split_ascii_whitespace().count() == 5
            && text.split_ascii_whitespace().all(|f| f.bytes().all(sign))
    };
    unless(
        words.contains(&text) || text.starts_with("@every ") || fields(),
        "a schedule: minute, hour, day, month and weekday, like `0 3 * * *`, or `@daily`",
    )
}

/// A date and a time as RFC 3339 has them, in UTC or with an offset.
pub(super) fn time(text: &str) -> Verdict {
    unless(is_time(text), "a time of RFC 3339, like `2026-01-31T12:00:00Z`")
}

fn is_time(text: &str) -> bool {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        digits.and_then(|digits| digits.parse::<u32>().ok())
    };
    let sign = |at: usize, sign: u8| text.as_bytes().get(at) == Some(&sign);
    if !(sign(4, b'-') && sign(7, b'-') && sign(10, b'T') && sign(13, b':') && sign(16, b':')) {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(5, 7), number(8, 10)) else {
        return false;
    };
    let (Some(hour), Some(minute), Some(second)) = (number(11, 13), number(14, 16), number(17, 19))
    else {
        return false;
    };
    let days = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1..=12).contains(&month)
        || !(1..=days).contains(&day)
        || hour > 23
        || minute > 59
        || second > 59
    {
        return false;
    }
    let Some(rest) = text.get(19..) else { return false };
    let zone = match rest.strip_prefix('.') {
        Some(rest) => {
            let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == rest.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    match zone.as_bytes() {
        b"Z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit())
                && (*h1, *h2) < (b'2', b'4')
                && *m1 < b'6'
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{cron, time};
    use crate::kubernetes::syntax::tests::judge;

    #[test]
    fn knows_times_and_schedules() {
        judge(
            time,
            &["2024-02-29T23:59:59Z", "2026-01-31T12:00:00.123+02:00"],
            &[
                "",
                "2026-01-31",
                "2023-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-01-31T24:00:00Z",
                "2026-01-31 12:00:00Z",
                "2026-01-31T12:00:00",
                "2026-01-31T12:00:00.Z",
                "2026-01-31T12:00:00+24:00",
                "2026-01-31T12:00:0\u{e4}Z",
            ],
        );
        judge(
            cron,
            &["0 3 * * *", "*/5 1-3 ? JAN mon", "@daily", "@every 1h"],
            &["", "* * * *", "@never", "0 3 * * * *", "TZ=UTC 0 3 * * *", "a;b * * * *"],
        );
    }
}
