//! Figures as people read them.

use super::operation::Quantile;

/// A quantile with its unit; a dash where there is none.
pub(super) fn time(quantile: Option<Quantile>) -> String {
    match quantile {
        None => "–".to_owned(),
        Some(Quantile::Below(seconds)) => format!("<{}", span(seconds)),
        Some(Quantile::About(seconds)) => span(seconds),
        Some(Quantile::Above(seconds)) => format!(">{}", span(seconds)),
    }
}

fn span(seconds: f64) -> String {
    let (value, unit) = match seconds {
        seconds if seconds < 1e-3 => (seconds * 1e6, "µs"),
        seconds if seconds < 1.0 => (seconds * 1e3, "ms"),
        seconds => (seconds, "s"),
    };
    let digits = usize::from(value < 9.95);
    format!("{value:.digits$} {unit}")
}

/// A count.
pub(super) fn number(value: f64) -> String {
    grouped(&format!("{value:.0}"))
}

/// Groups of three digits.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_times_are_short() {
        assert_eq!(
            (number(0.0), number(1234.0), number(1_234_567.0)),
            ("0".into(), "1 234".into(), "1 234 567".into())
        );
        assert_eq!(
            (span(0.000_25), span(0.0041), span(0.083), span(2.5)),
            ("250 µs".into(), "4.1 ms".into(), "83 ms".into(), "2.5 s".into())
        );
    }
}
