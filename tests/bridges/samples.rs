//! What a text has, whatever the order and the spelling of its exporter.

use std::collections::BTreeMap;

use auth_metrics_tests_scrape::{Labels, Sample, le, sample, without_exemplars};

pub type Samples = BTreeMap<(String, Labels), f64>;

/// Every sample of a text; `le` in one spelling, since each exporter has its own. A series that stands twice fails the test.
#[track_caller]
pub fn samples(text: &str) -> Samples {
    let mut samples = Samples::new();
    for line in without_exemplars(text).lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let Sample { name, mut labels, value } =
            sample(line).unwrap_or_else(|mistake| panic!("{mistake}: {line}"));
        if let Some(bound) = labels.get_mut("le") {
            let number: f64 = bound.parse().unwrap();
            assert!(number.is_finite() || bound == "+Inf", "an odd bound: {line}");
            *bound = le(number);
        }
        assert_eq!(samples.insert((name, labels), value), None, "it stands twice: {line}");
    }
    samples
}

/// The lines that describe the families, in their order.
pub fn descriptions(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with('#')).collect()
}

/// Both, and nothing twice.
#[track_caller]
pub fn together(mut one: Samples, other: Samples) -> Samples {
    for (series, value) in other {
        assert_eq!(one.insert(series.clone(), value), None, "both have {series:?}");
    }
    one
}
