//! Alerts on rate limits.

use super::super::query::Subject;
use super::alert::{Alert, Sample, Severity};
use auth_metrics::families::{RATE_LIMIT_CAPACITY, RATE_LIMIT_CURRENT};

const EACH: &str = "job, service_id, limit_type";
const LIMIT: [(&str, &str); 2] = [("service_id", "gateway"), ("limit_type", "login")];

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let (usage, capacity) =
        (subject.series(&RATE_LIMIT_CURRENT, ""), subject.series(&RATE_LIMIT_CAPACITY, ""));
    let samples = |usage: &str| {
        vec![
            Sample::of(subject, &RATE_LIMIT_CURRENT, &LIMIT, usage),
            Sample::of(subject, &RATE_LIMIT_CAPACITY, &LIMIT, "100x60"),
        ]
    };
    // Each replica has its own limiter; the fullest decides.
    vec![Alert {
        name: "AuthRateLimitNearExhaustion",
        severity: Severity::Ticket,
        hold: "5m",
        expr: format!(
            "max by ({EACH}) (predict_linear({usage}[15m], 900) / {capacity}) >= 1 and max by ({EACH}) ({usage} / {capacity}) > 0.5"
        ),
        summary: "{{ $labels.limit_type }} limit on {{ $labels.service_id }} will be reached within 15 minutes".to_owned(),
        description: "{{ $labels.limit_type }} limit on {{ $labels.service_id }}: more than half of it is used. If usage keeps rising at this rate, \
                      requests are refused within 15 minutes."
            .to_owned(),
        fires: vec![("40m", samples("0+2x60"))],
        quiet: ("40m", samples("60x60")),
        found: vec![
            ("job", "auth".to_owned()),
            ("service_id", "gateway".to_owned()),
            ("limit_type", "login".to_owned()),
        ],
    }]
}
