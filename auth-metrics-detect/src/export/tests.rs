//! What is written on a board is what a scrape has.

use std::collections::BTreeSet;
use std::sync::Arc;

use auth_metrics::{AuthMetrics, Exposure, OperationKind, Outcome, Reason};

use super::board::Board;
use super::families::FAMILIES;
use super::group::DetectGroup;
use super::terms::{InternalError, What, Window};
use crate::detector::Detector;
use crate::learning::Forecast;

type Tried<T> = Result<T, Box<dyn std::error::Error>>;

/// A name, labels and a value.
type Wanted<'a> = (&'a str, &'a [(&'a str, &'a str)], f64);

const LOGIN: Option<OperationKind> = Some(OperationKind::Authentication);

fn attached(exposure: Exposure) -> Tried<(AuthMetrics, Arc<Board>)> {
    let metrics = AuthMetrics::builder().service_id("gateway").exposure(exposure).build()?;
    let board = DetectGroup::attach(&metrics, 524_288)?;
    Ok((metrics, board))
}

fn value(metrics: &AuthMetrics, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    metrics.snapshot().value(name, labels)
}

/// The lines of a scrape with samples of these families.
fn series(text: &str) -> Vec<&str> {
    let of_ours = |line: &&str| {
        let name = line.split(['{', ' ']).next().unwrap_or_default();
        FAMILIES.iter().any(|family| family.name == name)
    };
    text.lines().filter(of_ours).collect()
}

/// How many series an operation of a kind adds.
fn added(kind: OperationKind) -> Tried<usize> {
    let (metrics, board) = attached(Exposure::Full)?;
    let before = series(&metrics.encode_text()).len();
    board.operation("gateway", "login", Some(kind));
    Ok(series(&metrics.encode_text()).len() - before)
}

#[test]
fn every_series_of_an_operation_is_born_at_zero() -> Tried<()> {
    let (metrics, board) = attached(Exposure::Standard)?;
    board.operation("gateway", "login", LOGIN);
    let text = metrics.encode_text();
    for detector in Detector::ALL {
        let line = format!(
            "auth_detections_total{{service_id=\"gateway\",operation=\"login\",detector=\"{}\"}} 0\n",
            detector.label()
        );
        assert!(text.contains(&line), "{line}");
    }
    for line in [
        "auth_detections_active{detector=\"campaign\"} 0",
        "auth_unfamiliar_attempts_total{service_id=\"gateway\",operation=\"login\",outcome=\"rejected\"} 0",
        "auth_threat_prior{service_id=\"gateway\",operation=\"login\"} 0.01",
        "auth_detect_learning{service_id=\"gateway\",operation=\"login\"} 1",
        "auth_detect_evictions_total{what=\"sources\",evidence=\"strong\"} 0",
        "auth_detect_events_dropped_total 0",
        "auth_detect_errors_total{kind=\"state_rejected\"} 0",
        "auth_detect_state_bytes 524288",
        "auth_detect_up 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}");
    }
    Ok(())
}

#[test]
fn every_value_that_is_written_is_in_the_scrape() -> Tried<()> {
    let (metrics, board) = attached(Exposure::Standard)?;
    let login = board.operation("gateway", "login", LOGIN);
    let of = [("service_id", "gateway"), ("operation", "login")];
    board.detection(login, Detector::Campaign);
    board.detection(login, Detector::Campaign);
    board.set_active(Detector::Campaign, 2, Some(1_000.5));
    board.unfamiliar(login, &Outcome::Failure(Reason::UnknownSubject));
    board.set_prior(login, 0.38);
    board.set_usual(login, Some([0.5, 0.7, 0.9]));
    board.set_timing(login, 0.055, 6.5);
    board.set_learning(login, false);
    board.set_held(login, true);
    board.set_distinct(What::Sources, Window::Hour, 12.0);
    board.set_forecast(Forecast::RateLimit, Some(900.0));
    board.set_up(true);
    board.set_lag(1.5);
    board.add_dropped(3);
    board.add_evictions(What::Nets, true, 1);
    board.error(InternalError::PeerLooksLikeProxy);
    let expected: [Wanted<'_>; 16] = [
        ("auth_detections_total", &[("detector", "campaign"), of[1]], 2.0),
        ("auth_detections_active", &[("detector", "campaign")], 2.0),
        ("auth_detection_since_timestamp_seconds", &[("detector", "campaign")], 1_000.5),
        ("auth_unfamiliar_attempts_total", &[of[0], ("outcome", "rejected")], 1.0),
        ("auth_threat_prior", &of, 0.38),
        ("auth_usual_failures", &[of[0], of[1], ("edge", "median")], 0.7),
        ("auth_timing_gap_seconds", &of, 0.055),
        ("auth_timing_gap_z", &of, 6.5),
        ("auth_detect_learning", &of, 0.0),
        ("auth_detect_held", &of, 1.0),
        ("auth_distinct", &[("what", "sources"), ("window", "1h")], 12.0),
        ("auth_forecast_seconds", &[("what", "rate_limit")], 900.0),
        ("auth_detect_up", &[], 1.0),
        ("auth_detect_lag_seconds", &[], 1.5),
        ("auth_detect_events_dropped_total", &[], 3.0),
        ("auth_detect_evictions_total", &[("what", "nets"), ("evidence", "strong")], 1.0),
    ];
    for (name, labels, wanted) in expected {
        assert_eq!(value(&metrics, name, labels), Some(wanted), "{name}");
    }
    let kind = [("kind", "peer_looks_like_proxy")];
    assert_eq!(value(&metrics, "auth_detect_errors_total", &kind), Some(1.0));
    Ok(())
}

#[test]
fn a_detector_that_ended_has_no_beginning() -> Tried<()> {
    let (metrics, board) = attached(Exposure::Standard)?;
    let since = "auth_detection_since_timestamp_seconds";
    board.set_active(Detector::NetGuessing, 1, Some(5.0));
    assert_eq!(value(&metrics, since, &[("detector", "net_guessing")]), Some(5.0));
    board.set_active(Detector::NetGuessing, 0, Some(5.0));
    assert_eq!(value(&metrics, since, &[("detector", "net_guessing")]), None);
    Ok(())
}

#[test]
fn the_65th_operation_shares_the_series_of_other() -> Tried<()> {
    let (metrics, board) = attached(Exposure::Standard)?;
    let places: Vec<_> =
        (0..70).map(|number| board.operation("gateway", &format!("login_{number}"), LOGIN)).collect();
    assert_eq!(places[..65].iter().map(|place| format!("{place:?}")).collect::<BTreeSet<_>>().len(), 65);
    assert!(places[64..].iter().all(|place| *place == places[64]));
    assert_eq!(board.operation("gateway", "login_3", LOGIN), places[3]);
    assert_eq!(board.operation("other", "other", None), places[64]);
    board.detection(places[69], Detector::Campaign);
    let other = [("service_id", "other"), ("operation", "other"), ("detector", "campaign")];
    assert_eq!(value(&metrics, "auth_detections_total", &other), Some(1.0));
    assert_eq!(value(&metrics, "auth_label_overflow_total", &[("label", "operation")]), Some(6.0));
    let failed = [("kind", "group_failed")];
    assert_eq!(value(&metrics, "auth_metrics_internal_errors_total", &failed), Some(0.0));
    Ok(())
}

#[test]
fn a_kind_has_the_detectors_it_can_feed() -> Tried<()> {
    let added =
        [OperationKind::Authentication, OperationKind::Token, OperationKind::Authorization].map(added);
    let [authentication, token, authorization] = added;
    assert_eq!([authentication?, token?, authorization?], [31, 24, 10]);
    let (metrics, board) = attached(Exposure::Standard)?;
    let verify = board.operation("gateway", "verify", Some(OperationKind::Token));
    let stuffed = [("operation", "verify"), ("detector", "account_guessing")];
    assert_eq!(value(&metrics, "auth_detections_total", &stuffed), None);
    board.detection(verify, Detector::AccountGuessing);
    assert_eq!(value(&metrics, "auth_detections_total", &stuffed), Some(1.0));
    Ok(())
}

#[test]
fn strict_exposure_has_no_timing() -> Tried<()> {
    for (exposure, is_shown) in
        [(Exposure::Strict, false), (Exposure::Standard, true), (Exposure::Full, true)]
    {
        let (metrics, board) = attached(exposure)?;
        let login = board.operation("gateway", "login", LOGIN);
        board.set_timing(login, 0.01, 5.0);
        let text = metrics.encode_text();
        assert_eq!(text.contains("timing_gap"), is_shown, "{exposure:?}");
        assert!(text.contains("auth_metrics_internal_errors_total{kind=\"group_failed\"} 0\n"));
    }
    Ok(())
}

#[test]
fn what_is_no_number_leaves_the_series_as_it_was() -> Tried<()> {
    let (metrics, board) = attached(Exposure::Standard)?;
    let login = board.operation("gateway", "login", LOGIN);
    board.set_prior(login, 0.2);
    board.set_prior(login, f64::NAN);
    board.set_prior(login, f64::INFINITY);
    assert_eq!(value(&metrics, "auth_threat_prior", &[("operation", "login")]), Some(0.2));
    Ok(())
}

#[test]
fn labels_are_words_of_the_code() {
    let known: BTreeSet<&str> =
        ["service_id", "operation", "detector", "outcome", "what", "window", "edge", "evidence", "kind"]
            .into();
    let labels = FAMILIES.iter().flat_map(|family| family.labels);
    assert_eq!(labels.copied().collect::<BTreeSet<_>>(), known);
}

#[test]
fn a_second_engine_of_a_handle_writes_on_the_same_board() -> Tried<()> {
    let (metrics, first) = attached(Exposure::Standard)?;
    let second = DetectGroup::attach(&metrics, 1_024)?;
    assert!(Arc::ptr_eq(&first, &second));
    assert_eq!(value(&metrics, "auth_detect_state_bytes", &[]), Some(1_024.0));
    Ok(())
}

#[test]
fn the_catalogue_counts_every_series_in_its_cost() -> Tried<()> {
    let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    metrics.attempt("login").finish(Outcome::Success);
    let login = |metrics: &AuthMetrics| metrics.catalogue().get("login").map(|login| login.series(1));
    let (before, all) = (login(&metrics), metrics.catalogue().series(1));
    let board = DetectGroup::attach(&metrics, 0)?;
    board.operation("gateway", "login", LOGIN);
    let catalogue = metrics.catalogue();
    assert_eq!(login(&metrics), before.map(|before| before + 31));
    assert_eq!(catalogue.series(1) - all, series(&metrics.encode_text()).len());
    Ok(())
}
