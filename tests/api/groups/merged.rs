//! What an exposure shows with the same labels is shown as the sum, whatever the type.

use std::time::Duration;

use auth_metrics::group::{Observations, Samples};
use auth_metrics::{AuthMetrics, Exposure, Family};

use crate::{assert_agreed, group_failed, told};

static REASONS: Family = Family::counter("reasons_total", &["failure_reason", "queue"], "Reasons.");
static LEVELS: Family = Family::gauge("levels", &["queue", "failure_reason"], "Levels.");
static WAITS: Family = Family::histogram("waits_seconds", &["failure_reason"], "Waits.");
static STATUS: Family = Family::counter("status_total", &["status"], "Not a label that is hidden.");

fn waits(bounds: &[f64], seconds: &[u64]) -> Observations {
    let observed = Observations::new(bounds).unwrap();
    for seconds in seconds {
        observed.observe(Duration::from_secs(*seconds));
    }
    observed
}

fn collect(samples: &mut Samples) {
    for (reason, count) in
        [("invalid_credentials", 1), ("unknown_subject", 2), ("account_locked", 4), ("not a reason", 8)]
    {
        samples.counter(&REASONS, &[reason, "mail"], count);
        samples.gauge(&LEVELS, &["mail", reason], -(count as f64));
        samples.counter(&STATUS, &[reason], count);
    }
    samples.counter(&REASONS, &["unknown_subject", "chat"], 16);
    samples.histogram(&WAITS, &["unknown_subject"], &waits(&[1.0, 2.0, 4.0], &[1, 3, 9]));
    samples.histogram(&WAITS, &["invalid_credentials"], &waits(&[0.5, 2.0, 4.0, 8.0], &[2, 4, 5]));
    samples.histogram(&WAITS, &["account_locked"], &waits(&[3.0], &[3, 60]));
}

fn handle(exposure: Exposure) -> AuthMetrics {
    let metrics = AuthMetrics::builder().exposure(exposure).build().unwrap();
    metrics.group(|| told::<0>(&[&REASONS, &LEVELS, &WAITS, &STATUS], collect)).unwrap();
    metrics
}

#[test]
fn reasons_are_merged_as_the_exposure_shows_them() {
    let mail = |exposure| {
        let scrape = assert_agreed(&handle(exposure));
        ["invalid_credentials", "unknown_subject", "account_locked", "not a reason"].map(|reason| {
            let labels = [("failure_reason", reason), ("queue", "mail")];
            let count = scrape.value("reasons_total", &labels);
            assert_eq!(scrape.value("levels", &labels), count.map(|count| -count));
            count
        })
    };
    assert_eq!(mail(Exposure::Full), [Some(1.0), Some(2.0), Some(4.0), Some(8.0)]);
    assert_eq!(mail(Exposure::Standard), [Some(3.0), None, Some(4.0), Some(8.0)]);
    assert_eq!(mail(Exposure::Strict), [Some(7.0), None, None, Some(8.0)]);
}

#[test]
fn reason_that_is_hidden_is_named_by_no_sample_of_the_group() {
    let scrape = assert_agreed(&handle(Exposure::Strict));
    let chat = [("failure_reason", "invalid_credentials"), ("queue", "chat")];
    assert_eq!(scrape.value("reasons_total", &chat), Some(16.0));
    for family in ["reasons_total", "levels", "waits_seconds"] {
        let named = |hidden: &str| {
            scrape.family(family).samples.iter().any(|sample| sample.label("failure_reason") == Some(hidden))
        };
        assert!(!named("unknown_subject") && !named("account_locked"), "{family}");
    }
    assert_eq!(scrape.value("status_total", &[("status", "unknown_subject")]), Some(2.0));
    assert_eq!(group_failed(&scrape), 0.0);
}

#[test]
fn histograms_that_differ_in_bounds_are_merged_at_those_they_share() {
    let scrape = assert_agreed(&handle(Exposure::Standard));
    let of = |name: &str, le: Option<&'static str>| {
        let labels = [("failure_reason", "invalid_credentials"), ("le", le.unwrap_or_default())];
        scrape.value(name, &labels[..=usize::from(le.is_some())])
    };
    let bucket = |le| of("waits_seconds_bucket", Some(le));
    assert_eq!([bucket("0.5"), bucket("1.0"), bucket("8.0")], [None; 3]);
    assert_eq!([bucket("2.0"), bucket("4.0"), bucket("+Inf")], [Some(2.0), Some(4.0), Some(6.0)]);
    assert_eq!([of("waits_seconds_sum", None), of("waits_seconds_count", None)], [Some(24.0), Some(6.0)]);
}

#[test]
fn histograms_that_share_no_bound_are_merged_into_the_unbounded_bucket() {
    let metrics = handle(Exposure::Strict);
    let scrape = assert_agreed(&metrics);
    let samples = &scrape.family("waits_seconds").samples;
    assert_eq!(samples.iter().map(|sample| sample.value).collect::<Vec<_>>(), [8.0, 87.0, 8.0]);
    let all = metrics.snapshot();
    let all = all.histogram("waits_seconds", &[]).unwrap();
    assert_eq!((all.bounds(), all.counts(), all.count(), all.sum()), (&[][..], &[8][..], 8, 87.0));
}
