//! Callbacks that panic, that take their time, and that call back; subscriptions that nobody reads.

use std::net::IpAddr;
use std::panic::panic_any;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use auth_metrics::{AuthMetrics, AuthMetricsBuilder};
use auth_metrics_detect::{Action, Attempt, Detection, Engine, EngineBuilder, Peer};

use crate::world::{START, SUCCESS, WRONG, builder, den, login};

/// Only a bug takes so long.
const NEVER: Duration = Duration::from_secs(120);

/// A handle that an engine watches, and whose events are delivered by hand.
fn watched(builder: EngineBuilder) -> (AuthMetrics, Engine) {
    handle(builder, AuthMetricsBuilder::poll_events)
}

fn handle(
    builder: EngineBuilder,
    options: impl FnOnce(AuthMetricsBuilder) -> AuthMetricsBuilder,
) -> (AuthMetrics, Engine) {
    let engine = builder.build().unwrap();
    let metrics = AuthMetrics::builder().service_id("gateway").observe(engine.clone());
    let metrics = options(metrics).build().unwrap();
    engine.install(&metrics).unwrap();
    (metrics, engine)
}

/// A source guesses at a dozen accounts, which convicts it.
fn guess(metrics: &AuthMetrics, peer: IpAddr) {
    for number in 0..12 {
        metrics.attempt("login").subject(format!("user-{number}")).peer(peer).finish(WRONG);
    }
}

fn value(metrics: &AuthMetrics, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    metrics.snapshot().value(name, labels)
}

/// Panics once more when it is dropped.
struct Worse;

impl Drop for Worse {
    fn drop(&mut self) {
        assert!(thread::panicking(), "dropped");
    }
}

#[test]
fn callback_that_panics_is_counted_and_others_are_still_called() {
    let called = Arc::new(AtomicUsize::new(0));
    let count = {
        let called = Arc::clone(&called);
        move |_: &Detection| _ = called.fetch_add(1, Ordering::Relaxed)
    };
    let builder =
        builder().on_detection(|_| panic_any(Worse)).on_detection(count).on_detection(|_| panic!("again"));
    let (metrics, engine) = watched(builder);
    let mut subscription = engine.subscribe(64);
    for attacker in 0..3 {
        guess(&metrics, den(attacker));
        metrics.events().poll();
    }
    let told = std::iter::from_fn(|| subscription.try_next()).count();
    assert!(told >= 3 && called.load(Ordering::Relaxed) == told, "{told}");
    let errors = |kind| value(&metrics, "auth_detect_errors_total", &[("kind", kind)]);
    assert_eq!(errors("callback_panicked"), Some(2.0 * told as f64));
    assert_eq!(errors("engine_panicked"), Some(0.0));
    assert_eq!(value(&metrics, "auth_detect_up", &[]), Some(1.0));
}

#[test]
fn resolver_that_panics_is_counted_and_the_success_is_known() {
    let (metrics, engine) = watched(builder().places(|_| panic_any(Worse)));
    metrics.attempt("login").subject("ann").peer(den(1)).finish(SUCCESS);
    metrics.events().poll();
    assert_eq!(engine.assess("ann", den(1)).action, Action::Allow);
    assert_eq!(engine.assess("ann", den(1)).why.label(), "familiar");
    assert_eq!(value(&metrics, "auth_detect_errors_total", &[("kind", "engine_panicked")]), Some(0.0));
}

#[test]
fn nobody_waits_for_a_callback() {
    let (inside, entered) = channel::<()>();
    let (leave, left): (Sender<()>, Receiver<()>) = channel();
    let left = Mutex::new(left);
    let builder = builder().on_detection(move |_| {
        _ = inside.send(());
        // Until the sender is gone.
        _ = left.lock().unwrap().recv();
    });
    let (metrics, engine) = handle(builder, |metrics| metrics);
    guess(&metrics, den(1));
    entered.recv_timeout(NEVER).expect("the callback is called");
    // It has not returned yet.
    let (answer, answered) = channel();
    let asked = (metrics.clone(), engine);
    thread::spawn(move || {
        let (metrics, engine) = asked;
        let risk = engine.assess("ann", den(1));
        metrics.attempt("login").subject("bob").peer(den(2)).finish(SUCCESS);
        let text = metrics.encode_text();
        _ = answer.send((risk, text, engine.bytes(), engine.snapshot().len()));
    });
    let (risk, text, ..) = answered.recv_timeout(NEVER).expect("nobody waits");
    assert!(risk.action > Action::Allow, "{risk:?}");
    assert!(text.contains("auth_detections_active{detector=\"source_guessing\"} 1\n"), "{text}");
    drop(leave);
    assert!(metrics.events().flush(NEVER));
}

/// Everything that an engine can be asked.
fn ask(engine: &Engine) {
    _ = (engine.assess("ann", den(1)), engine.bytes(), engine.priors(), engine.snapshot().len());
    engine.forget("ann");
    drop(engine.subscribe(1));
    engine.feed(&login(START, den(9), "ann", SUCCESS), &mut |_| ());
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    // Refused if it is installed already.
    _ = engine.install(&metrics);
}

#[test]
fn callback_may_call_the_engine() {
    let (done, finished) = channel();
    thread::spawn(move || {
        let own: Arc<OnceLock<Engine>> = Arc::default();
        let asked = Arc::clone(&own);
        let (metrics, engine) = watched(builder().on_detection(move |_| ask(asked.get().unwrap())));
        own.set(engine).unwrap();
        guess(&metrics, den(1));
        metrics.events().poll();
        _ = done.send(value(&metrics, "auth_detect_errors_total", &[("kind", "callback_panicked")]));
    });
    assert_eq!(finished.recv_timeout(NEVER), Ok(Some(0.0)), "it waits for itself");
}

#[test]
fn whoever_feeds_the_engine_may_call_it_when_told() {
    let (done, finished) = channel();
    thread::spawn(move || {
        let engine = builder().build().unwrap();
        let mut told = 0;
        for number in 0..12 {
            let name = format!("user-{number}");
            let attempt = login(START + f64::from(number), den(1), &name, WRONG);
            engine.feed(&attempt, &mut |_| {
                ask(&engine);
                told += 1;
            });
        }
        _ = done.send(told);
    });
    assert!(finished.recv_timeout(NEVER).is_ok_and(|told| told > 0), "it waits for itself");
}

#[test]
fn whoever_panics_when_told_breaks_nothing() {
    let engine = builder().build().unwrap();
    let mut panics = 0;
    let mut feed = |attempt: &Attempt<'_>| {
        let fed = std::panic::AssertUnwindSafe(|| engine.feed(attempt, &mut |_| panic!("told")));
        panics += usize::from(std::panic::catch_unwind(fed).is_err());
    };
    for number in 0..40 {
        let name = format!("user-{number}");
        feed(&login(START + f64::from(number), den(number % 3), &name, WRONG));
    }
    feed(&login(START + 50.0, den(5), "ann", SUCCESS));
    assert!(panics > 2);
    assert_eq!(engine.assess("ann", den(5)).why.label(), "familiar");
    assert!(engine.assess("ann", den(1)).action > Action::Allow);
}

#[test]
fn subscription_loses_the_oldest_and_counts_them() {
    let (metrics, engine) = watched(builder());
    let [mut small, mut large] = [3, 1_000].map(|capacity| engine.subscribe(capacity));
    let mut none = engine.subscribe(0);
    for attacker in 0..20 {
        guess(&metrics, den(attacker));
        metrics.events().poll();
    }
    let all: Vec<u64> = std::iter::from_fn(|| large.try_next()).map(|told| told.id()).collect();
    let kept: Vec<u64> =
        std::iter::from_fn(|| small.next_within(Duration::ZERO)).map(|told| told.id()).collect();
    assert!(all.len() >= 20);
    assert_eq!((&kept[..], large.lost()), (&all[all.len() - 3..], 0));
    assert_eq!(small.lost() as usize, all.len() - 3);
    assert_eq!(none.try_next().map(|told| told.id()), all.last().copied());
    assert!(none.try_next().is_none() && none.lost() as usize == all.len() - 1);
    // One that nobody has any more is not filled.
    drop(small);
    guess(&metrics, den(50));
    metrics.events().poll();
    assert!(large.try_next().is_some());
}

#[test]
fn reader_that_waits_is_woken() {
    let (metrics, engine) = handle(builder(), |metrics| metrics);
    let mut subscription = engine.subscribe(8);
    let reader = thread::spawn(move || subscription.next_within(NEVER).map(|told| told.scope()));
    guess(&metrics, den(1));
    let scope = auth_metrics_detect::Scope::Source(engine.source_hash(&Peer::Address(den(1))));
    assert_eq!(reader.join().unwrap(), Some(scope));
}

#[cfg(feature = "tokio")]
#[test]
fn waker_that_panics_is_counted_and_others_are_still_told() {
    struct Angry;
    impl std::task::Wake for Angry {
        fn wake(self: Arc<Self>) {
            panic_any(Worse)
        }
    }
    let called = Arc::new(AtomicUsize::new(0));
    let count = {
        let called = Arc::clone(&called);
        move |_: &Detection| _ = called.fetch_add(1, Ordering::Relaxed)
    };
    let (metrics, engine) = watched(builder().on_detection(count));
    let [mut woken, mut other] = [64, 64].map(|capacity| engine.subscribe(capacity));
    let waker = std::task::Waker::from(Arc::new(Angry));
    let mut context = std::task::Context::from_waker(&waker);
    for attacker in 0..3 {
        let next = futures_core::Stream::poll_next(std::pin::Pin::new(&mut woken), &mut context);
        assert!(next.is_pending());
        guess(&metrics, den(attacker));
        metrics.events().poll();
        assert!(woken.try_next().is_some(), "it is in the queue");
        while woken.try_next().is_some() {}
    }
    let told = std::iter::from_fn(|| other.try_next()).count();
    assert!(told >= 3 && called.load(Ordering::Relaxed) == told, "{told}");
    assert_eq!(value(&metrics, "auth_detect_errors_total", &[("kind", "callback_panicked")]), Some(3.0));
    assert_eq!(value(&metrics, "auth_detect_up", &[]), Some(1.0));
}
