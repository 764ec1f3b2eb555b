//! How the formats spell numbers and label values. Knows nothing of families.

use std::fmt::{Display, Write};

/// The numbers below 100, two digits each.
const PAIRS: &str = "\
    0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
    5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/// A whole number.
pub(super) fn push_whole(out: &mut String, value: u64) {
    match value {
        0..10 => push_digit(out, value),
        10..100 => push_pair(out, value),
        100..1_000 => {
            push_digit(out, value / 100);
            push_pair(out, value % 100);
        }
        1_000..10_000 => {
            push_pair(out, value / 100);
            push_pair(out, value % 100);
        }
        _ => {
            push_whole(out, value / 10_000);
            push_pair(out, value / 100 % 100);
            push_pair(out, value % 100);
        }
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "it is below 100")]
fn push_pair(out: &mut String, value: u64) {
    let at = value as usize * 2;
    out.push_str(&PAIRS[at..at + 2]);
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "it is one digit")]
fn push_digit(out: &mut String, digit: u64) {
    out.push(char::from(b'0' + digit as u8));
}

/// A time in seconds that is given in milliseconds, with all three digits of them.
pub(super) fn push_millis(out: &mut String, millis: u64) {
    push_whole(out, millis / 1_000);
    out.push('.');
    push_digit(out, millis % 1_000 / 100);
    push_pair(out, millis % 100);
}

/// A number of seconds, given in nanoseconds too if they are known: below 10^15 these have no more digits than a double keeps, so that they
/// are what the double is spelled as.
pub(super) fn push_seconds(out: &mut String, nanos: Option<u128>, seconds: f64) {
    const EXACT: u64 = 1_000_000_000_000_000;
    let Some(nanos) = nanos.and_then(|nanos| u64::try_from(nanos).ok()).filter(|nanos| *nanos < EXACT) else {
        return push_number(out, seconds);
    };
    push_whole(out, nanos / 1_000_000_000);
    let mut fraction = nanos % 1_000_000_000;
    if fraction > 0 {
        let mut digits = [b'.'; 10];
        for digit in digits[1..].iter_mut().rev() {
            *digit = b'0' + (fraction % 10) as u8;
            fraction /= 10;
        }
        let digits = std::str::from_utf8(&digits).unwrap_or_default();
        out.push_str(digits.trim_end_matches('0'));
    }
}

/// Any number.
pub(super) fn push_number(out: &mut String, value: f64) {
    if let Some(whole) = whole(value) {
        push_whole(out, whole);
    } else if value == f64::INFINITY {
        out.push_str("+Inf");
    } else if value == f64::NEG_INFINITY {
        out.push_str("-Inf");
    } else {
        push_display(out, &value);
    }
}

/// The bound of a bucket as the value of `le`: one spelling in every format, so that a bucket is one series whatever a scraper asks
/// for. It is what `OpenMetrics` calls canonical, what the Python client writes and what Prometheus 3 stores: Go's `%g`, with `.0`
/// where that has neither point nor exponent.
pub(crate) fn push_bound(out: &mut String, bound: f64) {
    if bound == f64::INFINITY {
        return out.push_str("+Inf");
    }
    let scientific = format!("{bound:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..6).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            push_display(out, &format_args!("{mantissa}e{sign}{:02}", exponent.unsigned_abs()));
        }
        _ => push_display(out, &format_args!("{bound:?}")),
    }
}

/// A number that is whole, not negative, and no larger than doubles are exact.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "what is not the same there and back is refused"
)]
fn whole(value: f64) -> Option<u64> {
    const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
    let whole = value as u64;
    // Bit by bit: a negative zero keeps its sign.
    (whole <= EXACT && (whole as f64).to_bits() == value.to_bits()).then_some(whole)
}

/// The value of a label, with backslash, quote and line feed escaped.
pub(super) fn push_escaped(out: &mut String, value: &str) {
    if is_plain(value) {
        return out.push_str(value);
    }
    for character in value.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
}

/// Whether nothing in a value needs escaping.
pub(super) fn is_plain(value: &str) -> bool {
    // Without a way out on the first that does: so it is compiled to a few wide comparisons.
    value.bytes().fold(true, |plain, byte| plain & !matches!(byte, b'\\' | b'"' | b'\n'))
}

/// Appends; a `String` takes whatever it is given.
pub(super) fn push_display(out: &mut String, value: &impl Display) {
    let written = write!(out, "{value}");
    debug_assert!(written.is_ok(), "nothing that is written here can fail");
}
