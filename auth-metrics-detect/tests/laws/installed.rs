//! An engine in a handle: attempts reach it, what it finds is in the scrape, and no identity is anywhere.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, Weak};
use std::thread;
use std::time::Duration;

use auth_metrics::{AuthMetrics, Outcome, Reason};
use auth_metrics_detect::{Detection, Engine, Error, Peer};

use crate::world::{SUCCESS, UNKNOWN, WRONG, builder, login};

const ADDRESS: &str = "203.0.113.77";
const MARK: &str = "recognisable";

fn peer() -> IpAddr {
    ADDRESS.parse().unwrap()
}

/// A handle with an engine, and the detections as text.
fn installed(reveal: bool) -> (AuthMetrics, Engine, Arc<Mutex<Vec<String>>>) {
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let write = {
        let told = Arc::clone(&told);
        move |detection: &Detection| {
            let why = detection.evidence().to_string();
            let text = format!(
                "{detection:?} {detection:#?} {why} {:?} {:?}",
                detection.scope(),
                detection.evidence()
            );
            told.lock().unwrap().push(text);
            assert_eq!(detection.peer(), Some(peer()).filter(|_| reveal && detection.until().is_none()));
        }
    };
    let builder =
        builder().reveal_peer(reveal).new_sources(true).on_detection(write).trusted(["192.0.2.0/24"]);
    assert!(!format!("{builder:?}").contains("192.0.2") && !format!("{builder:?}").contains("7, 7"));
    let engine = builder.build().unwrap();
    let metrics = AuthMetrics::builder().service_id("gateway").observe(engine.clone()).build().unwrap();
    engine.install(&metrics).unwrap();
    (metrics, engine, told)
}

/// Attempts of every kind by names, devices and an address that are easy to find again.
fn attack(metrics: &AuthMetrics) {
    let outcomes = [
        WRONG,
        UNKNOWN,
        Outcome::Failure(Reason::MfaInvalid),
        Outcome::Failure(Reason::TokenSignatureInvalid),
        Outcome::Failure(Reason::MfaDenied),
    ];
    for number in 0..60 {
        let outcome = outcomes[number % outcomes.len()];
        let attempt = metrics
            .attempt("login")
            .peer(peer())
            .subject(format!("{MARK}-{}@example.org", number / 5 % 3 * (number % 20)));
        attempt.device(format!("{MARK}-device")).session(format!("{MARK}-session")).finish(outcome);
    }
    metrics.attempt("login").peer(peer()).subject(format!("{MARK}-1@example.org")).finish(SUCCESS);
    assert!(metrics.events().flush(Duration::from_secs(120)));
}

#[test]
fn attempts_of_the_handle_reach_the_engine() {
    let (metrics, engine, _) = installed(false);
    attack(&metrics);
    let snapshot = metrics.snapshot();
    let of = [("service_id", "gateway"), ("operation", "login"), ("detector", "source_guessing")];
    assert_eq!(snapshot.value("auth_detections_total", &of), Some(1.0));
    assert_eq!(snapshot.value("auth_detections_active", &[of[2]]), Some(1.0));
    let unfamiliar =
        snapshot.value("auth_unfamiliar_attempts_total", &[("operation", "login")]).unwrap_or_default();
    assert_eq!(unfamiliar, 61.0);
    assert_eq!(snapshot.value("auth_detect_up", &[]), Some(1.0));
    assert_eq!(snapshot.value("auth_detect_state_bytes", &[]), Some(engine.bytes() as f64));
    let since = snapshot.value("auth_detection_since_timestamp_seconds", &[of[2]]);
    assert!(since.is_some_and(|since| since > 1_700_000_000.0));
}

#[test]
fn no_identity_is_in_what_anybody_reads() {
    let (metrics, engine, told) = installed(true);
    attack(&metrics);
    let subject = format!("{MARK}-1@example.org");
    let attempt = login(1.0, peer(), &subject, SUCCESS).device(MARK);
    let peers = [Peer::Address(peer()), Peer::Name(MARK)];
    let mut texts = told.lock().unwrap().clone();
    assert!(texts.len() > 3, "{texts:#?}");
    texts.push(format!("{engine:?} {attempt:?} {peers:?} {:?}", engine.subscribe(1)));
    texts.push(format!("{:?} {:?}", engine.subject_hash(&subject), engine.source_hash(&peers[0])));
    texts.push(format!("{:?} {:?}", engine.assess(&subject, peer()), engine.priors()));
    texts.extend([metrics.encode_text(), metrics.encode_openmetrics()]);
    let networks = ["203.0.113", "203, 0, 113", "3405803853"];
    for text in texts {
        assert!(!text.contains(MARK) && !text.contains("example"), "{text}");
        assert!(!networks.iter().any(|network| text.contains(network)), "{text}");
    }
}

#[test]
fn peer_is_revealed_to_callbacks_alone_and_if_asked_for() {
    for reveal in [false, true] {
        let (metrics, _, told) = installed(reveal);
        attack(&metrics);
        // A callback that asserts in vain is counted.
        let panicked = metrics.snapshot().value("auth_detect_errors_total", &[("kind", "callback_panicked")]);
        assert_eq!((panicked, told.lock().unwrap().is_empty()), (Some(0.0), false));
    }
}

#[test]
fn detections_of_another_handle_are_not_mixed_in() {
    let (one, ..) = installed(false);
    let (other, ..) = installed(false);
    attack(&one);
    assert_eq!(
        one.snapshot()
            .value("auth_detections_active", &[("detector", "source_guessing")])
            .unwrap_or_default(),
        1.0
    );
    assert_eq!(other.snapshot().value("auth_detections_active", &[]).unwrap_or_default(), 0.0);
}

#[test]
fn families_that_are_taken_are_an_error() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let engine = builder().build().unwrap();
    engine.install(&metrics).unwrap();
    // The same handle again: it has them already, and they are the engine's.
    assert!(!matches!(engine.install(&metrics), Err(Error::Thread(_))));
    assert!(metrics.encode_text().contains("auth_detect_up 1\n"));
}

/// Waits until nobody has it any more: a thread that keeps it would keep it for ever.
fn is_dropped<T>(weak: &Weak<T>) {
    while weak.strong_count() > 0 {
        thread::yield_now();
    }
}

#[test]
fn last_handle_takes_the_engine_and_its_thread_along() {
    let kept = Arc::new(());
    let weak = Arc::downgrade(&kept);
    let engine = builder().on_detection(move |_| _ = &kept).build().unwrap();
    let metrics = AuthMetrics::builder().service_id("gateway").observe(engine.clone()).build().unwrap();
    engine.install(&metrics).unwrap();
    drop(engine);
    metrics.attempt("login").finish(SUCCESS);
    assert_eq!(weak.strong_count(), 1);
    drop(metrics);
    is_dropped(&weak);
}

#[cfg(target_os = "linux")]
#[test]
fn keeper_thread_ends_with_the_handle() {
    let threads = || {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap();
        // The system keeps fifteen letters of a name.
        let name =
            |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("comm")).unwrap_or_default();
        tasks
            .filter(|task| task.as_ref().is_ok_and(|_| true))
            .map(|task| name(task.unwrap()))
            .filter(|name| name.starts_with("auth-metrics-de"))
            .count()
    };
    let engines: Vec<_> = (0..40).map(|_| builder().build().unwrap()).collect();
    let handles: Vec<_> =
        (0..40).map(|_| AuthMetrics::builder().service_id("gateway").build().unwrap()).collect();
    engines.iter().zip(&handles).for_each(|(engine, metrics)| engine.install(metrics).unwrap());
    // Other tests have some of their own, but not that many.
    while threads() < 40 {
        thread::yield_now();
    }
    drop(handles);
    while threads() >= 40 {
        thread::yield_now();
    }
    assert!(engines.iter().all(|engine| engine.bytes() > 0), "engines outlive their handles");
}

#[test]
fn operations_beyond_those_that_are_told_apart_are_other() {
    let (metrics, _, _) = installed(false);
    for number in 0..40 {
        let attempt = metrics.attempt(format!("login_{number:02}").leak());
        attempt.peer(IpAddr::from([198, 51, 100, number])).subject("ann").finish(WRONG);
    }
    assert!(metrics.events().flush(Duration::from_secs(120)));
    let count = |operation: &str| {
        let service = if operation == "other" { "other" } else { "gateway" };
        let labels = [("service_id", service), ("operation", operation), ("outcome", "rejected")];
        metrics.snapshot().value("auth_unfamiliar_attempts_total", &labels)
    };
    assert_eq!((count("login_00"), count("login_22"), count("login_23")), (Some(1.0), Some(1.0), None));
    assert_eq!(count("other"), Some(17.0));
}
