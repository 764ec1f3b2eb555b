//! What makes no sense is a typed error that says what to do.

use std::time::Duration;

use auth_metrics_rules::{Options, RulesError, generate};

use crate::catalogue::catalogue;

fn refused(options: &Options) -> RulesError {
    generate(&catalogue(), options).unwrap_err()
}

#[test]
fn an_operation_that_does_not_exist_can_not_be_excluded() {
    let refused = refused(&Options::new().exclude("log_in"));
    assert_eq!(refused.to_string(), "no operation is named \"log_in\": the operations are login, verify");
}

#[test]
fn one_operation_has_to_be_left() {
    assert!(matches!(refused(&Options::new().exclude("login").exclude("verify")), RulesError::AllExcluded));
}

#[test]
fn urls_that_do_not_parse_are_refused() {
    for url in [
        "",
        "runbooks.example",
        "ftp://runbooks.example",
        "https://",
        "https://a b/",
        "https://a/#b",
        "https://a:x/",
        "https:///x",
    ] {
        assert!(matches!(refused(&Options::new().runbook_url(url)), RulesError::RunbookUrl(_)), "{url}");
    }
    for url in ["https://runbooks.example/auth", "http://localhost:8080", "https://wiki.example/x?y=z"] {
        assert!(generate(&catalogue(), &Options::new().runbook_url(url)).is_ok(), "{url}");
    }
}

#[test]
fn targets_are_parts() {
    for target in [0.0, 1.0, 0.999_999, 99.9, -0.1, f64::NAN] {
        assert!(matches!(refused(&Options::new().slo_target(target)), RulesError::Target { .. }), "{target}");
    }
}

#[test]
fn the_latency_target_is_a_bound_of_a_bucket() {
    let refused = refused(&Options::new().latency(Duration::from_millis(300), 0.9));
    assert!(matches!(&refused, RulesError::LatencyBound { seconds, .. } if *seconds == 0.3), "{refused:?}");
    assert!(refused.to_string().contains("0.25, 0.5, 0.75"), "{refused}");
}

#[test]
fn durations_have_their_limits() {
    let second = Duration::from_secs(1);
    for options in [
        Options::new().scrape_interval(Duration::ZERO),
        Options::new().scrape_interval(121 * second),
        Options::new().slo_window(second),
        Options::new().slo_window(91 * 86_400 * second),
        Options::new().expiry_warning(Duration::ZERO),
        Options::new().key_age(Duration::ZERO),
    ] {
        assert!(matches!(refused(&options), RulesError::Duration { .. }), "{options:?}");
    }
}

#[test]
fn labels_of_the_team_leave_the_rules_their_own() {
    for name in ["severity", "job", "1st", "a-b", "__name__", ""] {
        assert!(matches!(refused(&Options::new().team_label(name, "x")), RulesError::TeamLabel(_)), "{name}");
    }
}

#[test]
fn operation_latency_needs_an_operation_and_a_bound() {
    let known = Options::new().operation_latency("verify", Duration::from_millis(5), 0.99);
    assert!(generate(&catalogue(), &known).is_ok());
    let strange = Options::new().operation_latency("verfy", Duration::from_millis(5), 0.99);
    assert!(matches!(refused(&strange), RulesError::UnknownOperation { .. }));
    let between = Options::new().operation_latency("verify", Duration::from_millis(6), 0.99);
    assert!(matches!(refused(&between), RulesError::LatencyBound { .. }));
}

#[test]
fn selectors_and_links_are_checked() {
    for label in ["", "a-b", "__name__", "1st"] {
        assert!(matches!(refused(&Options::new().select(label, "x")), RulesError::Selector(_)), "{label}");
    }
    let broken = [
        Options::new().select("job", ""),
        Options::new().select("job", "one").select("job", "two"),
        Options::new().select_regex("job", "(", "x"),
    ];
    assert!(broken.iter().all(|options| matches!(refused(options), RulesError::Selector(_))));
    let unknown = Options::new().select("operation", "log_in");
    assert!(matches!(refused(&unknown), RulesError::UnknownOperation { .. }));
    for url in ["grafana", "https://grafana.example/?orgId=1"] {
        assert!(matches!(refused(&Options::new().dashboard_url(url)), RulesError::DashboardUrl(_)), "{url}");
    }
}

#[test]
fn numbers_have_their_limits() {
    for options in [
        Options::new().surge(f64::NAN),
        Options::new().surge(f64::INFINITY),
        Options::new().surge(0.5),
        Options::new().min_bad_events(u32::MAX),
        Options::new().attacks(u32::MAX),
        Options::new().guessing_sources(0),
        Options::new().correlations(2_000_000),
    ] {
        assert!(matches!(refused(&options), RulesError::Number { .. }), "{options:?}");
    }
    let forever = Options::new().key_age(Duration::MAX);
    assert!(matches!(refused(&forever), RulesError::Duration { .. }));
}

#[test]
fn values_of_team_labels_are_plain() {
    for value in ["", "{{ $value }}"] {
        assert!(
            matches!(refused(&Options::new().team_label("team", value)), RulesError::TeamLabel(_)),
            "{value}"
        );
    }
}
