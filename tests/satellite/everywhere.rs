//! The group in the text, a registry, the listener, the catalogue and the snapshot, under each exposure.

use std::net::Ipv4Addr;
use std::time::Duration;

use auth_metrics::prometheus::{Registry, TextEncoder};
use auth_metrics::serve::Listener;
use auth_metrics::{AuthMetrics, Exposure};
use auth_metrics_tests_satellite::{CHANNELS, Ending, StepUp, to_csv};
use auth_metrics_tests_scrape::Scrape;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::builder;
use crate::read_csv::{read_csv, read_text};

const EXPOSURES: [Exposure; 3] = [Exposure::Strict, Exposure::Standard, Exposure::Full];

fn gathered(registry: &Registry) -> Scrape {
    Scrape::read(&TextEncoder::new().encode_to_string(&registry.gather()).unwrap())
}

/// Two services and three channels, each with every ending.
fn used(metrics: &AuthMetrics) {
    let step_up = StepUp::of(metrics).unwrap();
    for service in ["gateway", "orders"] {
        for (times, channel) in [(1, "sms"), (2, "push"), (3, "totp")] {
            for (more, ending) in [Ending::Success, Ending::Rejected, Ending::Interim].into_iter().enumerate()
            {
                for _ in 0..times + more {
                    step_up.record(metrics, (service, channel), ending, Duration::from_millis(2_500));
                }
            }
        }
    }
}

fn listened(metrics: &AuthMetrics) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Listener::new(metrics).bind((Ipv4Addr::LOCALHOST, 0)).start().await.unwrap();
        let mut stream = tokio::net::TcpStream::connect(server.local_addr()).await.unwrap();
        let request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    })
}

#[test]
fn text_registry_listener_and_csv_show_the_same_under_each_exposure() {
    for exposure in EXPOSURES {
        let metrics = builder().exposure(exposure).build().unwrap();
        used(&metrics);
        let registry = Registry::new();
        metrics.register(&registry).unwrap();
        let text = read_text(&Scrape::of(&metrics));
        assert!(text.keys().any(|(name, _)| name == "acme_step_up_challenges_total"));
        assert_eq!(read_csv(&to_csv(&metrics.snapshot())), text, "{exposure:?}");
        assert_eq!(read_text(&gathered(&registry)), text, "{exposure:?}");
        assert_eq!(read_text(&Scrape::read(&listened(&metrics))), text, "{exposure:?}");
    }
}

#[test]
fn every_reader_counts_the_same_in_all() {
    for exposure in EXPOSURES {
        let metrics = builder().exposure(exposure).build().unwrap();
        used(&metrics);
        let scrape = Scrape::of(&metrics);
        let snapshot = metrics.snapshot();
        let csv = read_csv(&to_csv(&snapshot));
        for (name, all) in [("step_up_challenges_total", 54.0), ("step_up_answer_seconds_count", 54.0)] {
            let full = format!("acme_{name}");
            let in_csv: f64 = csv.iter().filter(|((name, _), _)| *name == full).map(|(_, value)| value).sum();
            assert_eq!(
                [snapshot.value(name, &[]), scrape.sum(&full, &[]), Some(in_csv)],
                [Some(all); 3],
                "{name}, {exposure:?}"
            );
        }
        assert_eq!(snapshot.value("step_up_answer_seconds_sum", &[]), Some(135.0));
    }
}

#[test]
fn outcome_that_an_exposure_hides_is_merged_in_the_groups_family_too() {
    for (exposure, rejected, interim) in [
        (Exposure::Strict, Some(5.0), None),
        (Exposure::Standard, Some(2.0), Some(3.0)),
        (Exposure::Full, Some(2.0), Some(3.0)),
    ] {
        let metrics = AuthMetrics::builder().service_id("gateway").exposure(exposure).build().unwrap();
        used(&metrics);
        let scrape = Scrape::of(&metrics);
        let sms = |outcome| {
            let labels = [("service_id", "orders"), ("channel", "sms"), ("outcome", outcome)];
            scrape.value("step_up_challenges_total", &labels)
        };
        assert_eq!([sms("success"), sms("rejected"), sms("interim")], [Some(1.0), rejected, interim]);
        let labels = [("service_id", "orders"), ("channel", "sms"), ("outcome", "interim")];
        let exact = metrics.snapshot().value("step_up_challenges_total", &labels);
        assert_eq!(exact, Some(3.0), "a snapshot is exact");
    }
}

#[test]
fn namespace_and_constant_labels_stand_on_every_sample_of_the_group() {
    let metrics = builder().build().unwrap();
    used(&metrics);
    let scrape = Scrape::of(&metrics);
    for family in ["acme_step_up_challenges_total", "acme_step_up_answer_seconds"] {
        for sample in &scrape.family(family).samples {
            assert_eq!(sample.label("region"), Some("eu \"west\", \\1\nnorth"));
            assert_eq!(sample.label("zone"), Some("ü"));
        }
    }
}

#[test]
fn groups_families_stand_between_those_of_the_core_and_those_of_the_library_itself() {
    let metrics = AuthMetrics::builder().build().unwrap();
    StepUp::of(&metrics).unwrap();
    let scrape = Scrape::of(&metrics);
    let names: Vec<&str> = scrape.families.iter().map(|family| family.name.as_str()).collect();
    let tail = [
        "rate_limit_tracked_keys",
        "step_up_challenges_total",
        "step_up_answer_seconds",
        "auth_label_overflow_total",
        "auth_metrics_internal_errors_total",
        "auth_metrics_build_info",
    ];
    assert_eq!(names[names.len() - tail.len()..], tail);
}

#[test]
fn cost_of_the_catalogue_is_what_a_scrape_shows_before_traffic() {
    for exposure in EXPOSURES {
        let metrics = builder().exposure(exposure).build().unwrap();
        let step_up = StepUp::of(&metrics).unwrap();
        let lines = || metrics.encode_text().lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(metrics.catalogue().series(1), lines(), "attached");
        step_up.declare(&metrics, "gateway", "sms");
        assert_eq!(metrics.catalogue().series(1), lines(), "declared for its own service");
        step_up.declare(&metrics, "orders", "push");
        assert_eq!(metrics.catalogue().series(2), lines(), "declared for another service");
        let own = metrics.catalogue();
        let own: Vec<&str> = own
            .families(1)
            .map(|(family, _)| family.name)
            .filter(|name| name.starts_with("step_up"))
            .collect();
        assert_eq!(own, ["step_up_challenges_total", "step_up_answer_seconds"]);
    }
}

#[test]
fn group_is_born_at_zero_with_every_ending_of_a_declared_channel() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let step_up = StepUp::of(&metrics).unwrap();
    let overflow = |scrape: &Scrape| scrape.value("auth_label_overflow_total", &[("label", "channel")]);
    let scrape = Scrape::of(&metrics);
    assert_eq!(scrape.value("step_up_answer_seconds_count", &[("service_id", "gateway")]), Some(0.0));
    assert_eq!(overflow(&scrape), Some(0.0));
    step_up.declare(&metrics, "gateway", "sms");
    let scrape = Scrape::of(&metrics);
    for outcome in ["success", "rejected", "interim"] {
        let labels = [("service_id", "gateway"), ("channel", "sms"), ("outcome", outcome)];
        assert_eq!(scrape.value("step_up_challenges_total", &labels), Some(0.0), "{outcome}");
    }
}

#[test]
fn channels_and_services_that_do_not_fit_are_counted_as_other() {
    let metrics = AuthMetrics::builder().service_id("gateway").max_services(2).build().unwrap();
    let step_up = StepUp::of(&metrics).unwrap();
    let channels: Vec<String> = (0..CHANNELS + 3).map(|index| format!("channel_{index}")).collect();
    for channel in channels.iter().map(String::as_str).chain(["Not A Name"]) {
        step_up.record(&metrics, ("gateway", channel), Ending::Success, Duration::ZERO);
    }
    for service in ["orders", "billing", "shipping"] {
        step_up.record(&metrics, (service, "sms"), Ending::Success, Duration::ZERO);
    }
    let scrape = Scrape::of(&metrics);
    let sum = |labels: &[(&str, &str)]| scrape.sum("step_up_challenges_total", labels);
    assert_eq!(sum(&[("service_id", "gateway"), ("channel", "other")]), Some(4.0));
    assert_eq!([sum(&[("service_id", "orders")]), sum(&[("service_id", "other")])], [Some(1.0), Some(2.0)]);
    assert_eq!(sum(&[]), Some((CHANNELS + 3 + 1 + 3) as f64), "nothing is lost");
    let folded = |label| scrape.value("auth_label_overflow_total", &[("label", label)]);
    assert_eq!(folded("channel"), Some(4.0));
    // Two of them, and for each the channel and the answer are looked up.
    assert_eq!(folded("service_id"), Some(4.0));
}
