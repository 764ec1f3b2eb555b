//! Alerts on rate limits.

use super::super::query::Subject;
use super::alert::{Alert, Firing, PERCENT, Sample, Severity};
use super::samples::{SERVICE, found};
use auth_metrics::families::{RATE_LIMIT_CAPACITY, RATE_LIMIT_CURRENT, RATE_LIMIT_KEYS};

const EACH: &str = "job, service_id, limit_type";

/// A limit that is full for long and fills further. The fullest of many keys goes up and down all the time, so limits by key are left out.
pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let (usage, capacity) =
        (subject.series(&RATE_LIMIT_CURRENT, ""), subject.series(&RATE_LIMIT_CAPACITY, ""));
    let by_key = subject.series(&RATE_LIMIT_KEYS, "");
    let limit = [SERVICE, ("limit_type", "login")];
    let samples = |usage: &str| {
        vec![
            Sample::of(subject, &RATE_LIMIT_CURRENT, &limit, usage),
            Sample::of(subject, &RATE_LIMIT_CAPACITY, &limit, "100x150"),
        ]
    };
    let mut keyed = samples("20+1x150");
    keyed.push(Sample::of(subject, &RATE_LIMIT_KEYS, &limit, "5x150"));
    // Each replica has its own limiter; the fullest decides.
    vec![Alert {
        name: "AuthRateLimitNearExhaustion",
        severity: Severity::Ticket,
        hold: "5m".to_owned(),
        expr: format!(
            "max by ({EACH}) (avg_over_time({usage}[15m]) / {capacity}) > 0.8 and max by ({EACH}) (deriv({usage}[1h])) > 0 unless on ({EACH}) \
             {by_key}"
        ),
        labels: Vec::new(),
        summary: "{{ $labels.limit_type }} limit on {{ $labels.service_id }}: {value} used and rising".to_owned(),
        description: "{{ $labels.limit_type }} limit on {{ $labels.service_id }}: over the last 15 minutes, {value} of it was used on the fullest \
                      replica, and usage has risen for an hour. Once it is full, requests are refused."
            .to_owned(),
        value: PERCENT,
        fires: vec![Firing::new("100m", "112.5%", samples("20+1x150"))],
        quiet: vec![("100m", samples("90x150")), ("100m", keyed)],
        found: found(&[SERVICE, ("limit_type", "login")]),
        every: "20m",
    }]
}
