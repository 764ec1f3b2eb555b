//! Whatever a handle shows, the strict parser reads the same from `OpenMetrics`, and promtool has nothing to say of the text.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use auth_metrics::group::{Group, Observations, Samples};
use auth_metrics::{AuthMetrics, AuthMetricsBuilder, Clock, Exposure, Family, Outcome, Reason};
use auth_metrics_credentials::{CredentialEvent, CredentialKind, RecordCredentials};
use auth_metrics_tests_scrape::{Scrape, assert_openmetrics};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::strict::Strict;
use super::traced;
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

/// How long an attempt takes: anything, or as long as a bound and a nanosecond less or more.
fn durations() -> impl Strategy<Value = Result<u64, u64>> {
    let any = prop_oneof![0_u64..20_000_000_000, any::<u64>().prop_map(|nanos| nanos >> 8)];
    prop_oneof![any.prop_map(Ok), (0_u64..3).prop_map(Err)]
}

/// Bounds of one's own. Some are no whole number of nanoseconds.
fn bounds() -> impl Strategy<Value = Option<Vec<f64>>> {
    let bounds = prop::collection::btree_set(1_u64..20_000_000_000, 1..12);
    let bounds = (bounds, 0.5..1.5).prop_map(|(bounds, part): (BTreeSet<u64>, f64)| {
        let bounds = bounds.into_iter().map(|nanos| (nanos as f64 * 2.0 + part) / 1e9);
        bounds.collect()
    });
    prop::option::of(bounds)
}

/// Attempts that fail with one of these, some of which are exported as one, or succeed.
const OUTCOMES: [Outcome; 5] = [
    Outcome::Success,
    Outcome::Failure(Reason::InvalidCredentials),
    Outcome::Failure(Reason::UnknownSubject),
    Outcome::Failure(Reason::AccountLocked),
    Outcome::Failure(Reason::MfaRequired),
];

fn handles() -> impl Strategy<Value = AuthMetrics> {
    let exposures = prop::sample::select(vec![Exposure::Strict, Exposure::Standard, Exposure::Full]);
    let const_labels = prop::collection::vec(odd(), 0..3);
    let services = prop::collection::vec(odd(), 0..6);
    let level = any::<f64>().prop_filter("a number", |level| !level.is_nan());
    let busy_too = prop::bool::weighted(0.2);
    let attempts =
        prop::collection::vec((0_usize..5, 0_usize..5, durations(), any::<prop::sample::Index>()), 0..40);
    let traces = prop::option::of(any::<u32>());
    let options = (exposures, namespaces(), const_labels, bounds(), traces);
    (options, services, level, busy_too, attempts).prop_map(
        |((exposure, namespace, const_labels, bounds, traces), services, level, busy_too, attempts)| {
            let labels = ["region", "Zone_9"].into_iter().zip(const_labels);
            let builder = builder().exposure(exposure).max_services(5).const_labels(labels);
            let builder = namespace.into_iter().fold(builder, AuthMetricsBuilder::namespace);
            let builder = bounds.iter().cloned().fold(builder, AuthMetricsBuilder::buckets);
            let bounds = bounds.unwrap_or_else(|| vec![0.000_01, 0.1, 0.25, 2.5, 10.0]);
            let builder =
                traces.into_iter().fold(builder, |builder, seed| builder.trace_context(traced::reader(seed)));
            let now = Arc::new(AtomicU64::new(0));
            let clock = Arc::clone(&now);
            let clock = Clock::from_fn(move || Duration::from_nanos(clock.load(Ordering::Relaxed)));
            let metrics = builder.clock(clock).build().unwrap();
            for (service, outcome, nanos, bound) in attempts {
                let bound = Duration::from_secs_f64(*bound.get(&bounds)).as_nanos();
                let nanos = nanos.unwrap_or_else(|above| u64::try_from(bound).unwrap() + above - 1);
                let service = services.get(service).map_or("gateway", String::as_str);
                let attempt = metrics.attempt_for(service, "login");
                now.fetch_add(nanos, Ordering::Relaxed);
                attempt.finish(OUTCOMES[outcome]);
            }
            for service in &services {
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
    let (strict, exemplars_read) = (RefCell::new(Strict::start()), Cell::new(0));
    let read = |metrics: AuthMetrics| {
        assert_openmetrics(&metrics);
        let text = metrics.encode_openmetrics();
        let read = strict.borrow_mut().read(&text);
        let read = read.map_err(|mistake| TestCaseError::fail(format!("{mistake}\n{text}")))?;
        let shown = Scrape::of(&metrics);
        let shown = shown.samples().filter(|sample| sample.label("kind") != Some("group_failed"));
        exemplars_read.set(exemplars_read.get() + traced::assert_exemplars(&read));
        let read =
            read.iter().filter(|sample| sample.labels.get("kind").is_none_or(|kind| kind != "group_failed"));
        let shown: Vec<_> = shown.map(|sample| (&sample.name, &sample.labels, sample.value)).collect();
        let read: Vec<_> = read.map(|sample| (&sample.name, &sample.labels, sample.value)).collect();
        prop_assert_eq!(read, shown);
        Ok(())
    };
    TestRunner::new(config(192)).run(&handles(), read).unwrap();
    assert!(exemplars_read.get() > 500, "{} exemplars", exemplars_read.get());
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
