//! Whatever a handle shows, the strict parser reads the same from `OpenMetrics`, and promtool has nothing to say of the text.

use std::cell::RefCell;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use auth_metrics::group::{Group, Observations, Samples};
use auth_metrics::{AuthMetrics, Exposure, Family, Outcome, Reason};
use auth_metrics_credentials::{CredentialEvent, CredentialKind, RecordCredentials};
use auth_metrics_tests_scrape::{Scrape, assert_openmetrics};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::strict::Strict;
use crate::fixture::{builder, busy};

static LOOKUPS: Family =
    Family::counter("cache_lookups_total", &["key", "failure_reason"], "With a \"quote\" and a { brace.");
static SIZE: Family = Family::gauge("cache_size_bytes", &["key"], "Of a cache.");
static WAITS: Family = Family::histogram("cache_wait_seconds", &["key", "outcome"], "Waits # EOF");
static LEVEL: Family = Family::gauge("cache_seconds_level", &[], "No labels, and no unit.");

/// A group that hands out label values as they come.
struct Cache(Vec<String>, f64);

impl Group for Cache {
    fn families(&self) -> Vec<&'static Family> {
        vec![&LOOKUPS, &SIZE, &WAITS, &LEVEL]
    }

    fn collect(&self, samples: &mut Samples) {
        let observed = Observations::new(&[0.000_01, 1.0, 2.5, 1e6]).unwrap();
        observed.observe(Duration::from_millis(1_500));
        for key in &self.0 {
            for reason in ["unknown_subject", "invalid_credentials"] {
                samples.counter(&LOOKUPS, &[key, reason], 3);
            }
            samples.gauge(&SIZE, &[key], self.1);
            samples.histogram(&WAITS, &[key, "interim"], &observed);
        }
        samples.gauge(&LEVEL, &[], self.1);
    }
}

/// Mostly the characters that formats trip over.
fn odd() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        '"', '\\', '\n', '\r', ',', '{', '}', '=', '#', ' ', '\0', 'n', 'é', '\u{2028}', '\u{85}', '𝄞',
    ]);
    let character = prop_oneof![odd, any::<char>()];
    prop::collection::vec(character, 0..24).prop_map(|characters| characters.into_iter().collect())
}

fn namespaces() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![
        None,
        Some("acme"),
        Some("_A9"),
        Some("x_total"),
        Some("seconds"),
        Some("le"),
        Some("a_bucket"),
    ])
}

fn handles() -> impl Strategy<Value = AuthMetrics> {
    let exposures = prop::sample::select(vec![Exposure::Strict, Exposure::Standard, Exposure::Full]);
    let const_labels = prop::collection::vec(odd(), 0..3);
    let services = prop::collection::vec(odd(), 0..6);
    let level = any::<f64>().prop_filter("a number", |level| !level.is_nan());
    let busy_too = prop::bool::weighted(0.2);
    (exposures, namespaces(), const_labels, services, level, busy_too).prop_map(
        |(exposure, namespace, const_labels, services, level, busy_too)| {
            let labels = ["region", "Zone_9"].into_iter().zip(const_labels);
            let builder = builder().exposure(exposure).max_services(5).const_labels(labels);
            let builder = namespace.into_iter().fold(builder, auth_metrics::AuthMetricsBuilder::namespace);
            let metrics = builder.build().unwrap();
            for service in &services {
                metrics.attempt_for(service, "login").finish(Outcome::Failure(Reason::UnknownSubject));
                metrics.attempt_for(service, "login").finish(Outcome::Failure(Reason::MfaRequired));
                metrics.update_rate_limit_usage(service, [("per_minute", level)]);
                metrics.record_fail_open(service, "risk_engine");
                let event = CredentialEvent::Rotated;
                metrics.record_credential_event(service, CredentialKind::SigningKey, event);
                metrics.record_presented_credential(service, CredentialKind::Token, Duration::from_secs(7));
            }
            metrics.group(|| Cache(services, level)).unwrap();
            if busy_too {
                drop(busy(&metrics));
            }
            metrics
        },
    )
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
#[ignore = "needs python3 and prometheus_client; ./check runs it"]
fn strict_parser_reads_what_the_text_shows_of_any_handle() {
    let strict = RefCell::new(Strict::start());
    let read = |metrics: AuthMetrics| {
        assert_openmetrics(&metrics);
        let text = metrics.encode_openmetrics();
        let read = strict.borrow_mut().read(&text);
        let read = read.map_err(|mistake| TestCaseError::fail(format!("{mistake}\n{text}")))?;
        let shown = Scrape::of(&metrics);
        let shown = shown.samples().filter(|sample| sample.label("kind") != Some("group_failed"));
        let read =
            read.iter().filter(|(_, labels, _)| labels.get("kind").is_none_or(|kind| kind != "group_failed"));
        let shown: Vec<_> = shown.map(|sample| (&sample.name, &sample.labels, sample.value)).collect();
        let read: Vec<_> = read.map(|(name, labels, value)| (name, labels, *value)).collect();
        prop_assert_eq!(read, shown);
        Ok(())
    };
    TestRunner::new(config(192)).run(&handles(), read).unwrap();
}

/// What promtool says of a text; it is silent where all is well.
fn checked(text: &str) -> Result<(), String> {
    let mut command = Command::new("promtool");
    command.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut promtool =
        command.spawn().expect("promtool is needed: install Debian's package prometheus, or run ./check");
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    if output.status.success() && said.is_empty() { Ok(()) } else { Err(said) }
}

#[test]
#[ignore = "needs Debian's prometheus package; ./check runs it"]
fn promtool_has_nothing_to_say_of_the_text_of_any_handle() {
    let check = |metrics: AuthMetrics| {
        let text = metrics.encode_text();
        // It wants other names where a namespace brings a type or a unit into the middle of one, and counters of bytes.
        let lints = |line: &str| line.contains("metric names should not") || line.contains("use base unit");
        let said = checked(&text).err().unwrap_or_default();
        let said: Vec<&str> = said.lines().filter(|line| !lints(line)).collect();
        prop_assert!(said.is_empty(), "{:?}\n{}", said, text);
        Ok(())
    };
    TestRunner::new(config(32)).run(&handles(), check).unwrap();
}

#[test]
#[ignore = "needs Debian's prometheus package; ./check runs it"]
fn text_of_a_busy_handle_passes_promtool() {
    let metrics = builder().const_labels([("region", "eu \"\\\n")]).build().unwrap();
    let _in_flight = busy(&metrics);
    checked(&metrics.encode_text()).unwrap();
    checked("a 1\n").expect_err("a metric without help");
}
