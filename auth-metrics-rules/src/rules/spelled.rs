//! Numbers as Prometheus' templates write them, and times in words.

/// Writes a share as `humanizePercentage` does: four digits, `1.44%`.
pub(super) fn percentage(share: f64) -> String {
    format!("{}%", significant(share * 100.0, 4))
}

/// Writes a number as `%.4g` does, with this many digits.
pub(super) fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| {
        let fraction = text.contains('.');
        if fraction { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
    };
    if exponent < -4 || exponent >= i32::try_from(digits).unwrap_or(i32::MAX) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trimmed(mantissa), exponent.unsigned_abs());
    }
    let behind = usize::try_from(i32::try_from(digits).unwrap_or(1) - 1 - exponent).unwrap_or(0);
    trimmed(&format!("{value:.behind$}"))
}

/// Spells seconds in words, in the largest unit of which there are two or more: `50 hours`, `30 days`.
pub(super) fn time(seconds: f64) -> String {
    let units = [(86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes")];
    let (unit, name) = units.into_iter().find(|(unit, _)| seconds >= 2.0 * unit).unwrap_or((1.0, "seconds"));
    format!("{} {name}", (seconds / unit).round())
}

/// Spells whole seconds exactly, in the largest unit that divides them: `1 day`, `90 minutes`.
pub(super) fn exact_time(seconds: u64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let (unit, name) =
        units.into_iter().find(|(unit, _)| seconds.is_multiple_of(*unit)).unwrap_or((1, "second"));
    let number = seconds / unit;
    format!("{number} {name}{}", if number == 1 { "" } else { "s" })
}

/// Writes whole seconds as `humanizeDuration` does: `7d 0h 0m 0s`.
pub(super) fn humanized(seconds: u64) -> String {
    let [second, minute, hour, day] =
        [seconds % 60, seconds / 60 % 60, seconds / 3_600 % 24, seconds / 86_400];
    match (day, hour, minute) {
        (0, 0, 0) => format!("{second}s"),
        (0, 0, _) => format!("{minute}m {second}s"),
        (0, _, _) => format!("{hour}h {minute}m {second}s"),
        _ => format!("{day}d {hour}h {minute}m {second}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{significant, time};

    #[test]
    fn numbers_have_the_digits_that_prometheus_writes() {
        let written = [
            (0.975, "0.975"),
            (1.44, "1.44"),
            (50.761_421, "50.76"),
            (100.0, "100"),
            (0.000_019_5, "1.95e-05"),
        ];
        for (value, text) in written {
            assert_eq!(significant(value, 4), text);
        }
        assert_eq!(significant(1_950_000.0, 3), "1.95e+06");
    }

    #[test]
    fn times_are_in_a_unit_that_people_count_in() {
        assert_eq!([time(180_000.0), time(7.0 * 86_400.0), time(90.0)], ["2 days", "7 days", "90 seconds"]);
    }
}
