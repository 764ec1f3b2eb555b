//! A log line and a metric meet: the span of an attempt has its operation, its outcome, its reason and its id.

use std::collections::BTreeMap;
use std::fmt;

use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
use tracing::field::{Empty, Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Subscriber, info_span};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

use super::*;

#[derive(Debug, FailureReason)]
enum LoginError {
    UnknownSubject,
}

#[auth_metered(op = "sign_in")]
async fn login(known: bool) -> Result<(), LoginError> {
    if known { Ok(()) } else { Err(LoginError::UnknownSubject) }
}

type Fields = BTreeMap<(String, String), String>;

/// A layer that keeps the last value of each field of each span.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Fields>>);

struct Fielded<'a>(&'a str, &'a mut Fields);

impl Visit for Fielded<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.1.insert((self.0.to_owned(), field.name().to_owned()), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.1.insert((self.0.to_owned(), field.name().to_owned()), value.to_owned());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        attributes.record(&mut Fielded(attributes.metadata().name(), &mut self.0.lock().unwrap()));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let name = context.metadata(id).expect("the span is open").name();
        values.record(&mut Fielded(name, &mut self.0.lock().unwrap()));
    }
}

/// The fields of the spans that a piece of work opens.
fn fields(work: impl FnOnce()) -> Fields {
    let spans = Spans::default();
    tracing::subscriber::with_default(Registry::default().with(spans.clone()), work);
    spans.0.lock().unwrap().clone()
}

/// Runs a future to its end on this thread, in a handle's scope.
fn run<F: Future>(metrics: &AuthMetrics, future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(metrics.scope(future))
}

fn field<'a>(fields: &'a Fields, span: &str, name: &str) -> Option<&'a str> {
    fields.get(&(span.to_owned(), name.to_owned())).map(String::as_str)
}

#[test]
fn span_has_what_the_event_has() {
    let kept = Kept::default();
    let metrics = builder().observe(kept.clone()).poll_events().span_fields().build().unwrap();
    let fields = fields(|| {
        let span = info_span!(
            "request",
            auth.operation = Empty,
            auth.outcome = Empty,
            auth.reason = Empty,
            auth.attempt_id = Empty
        );
        span.in_scope(|| run(&metrics, login(false)).unwrap_err());
    });
    metrics.events().poll();
    let id = kept.events()[0].id().to_string();
    let names = ["auth.operation", "auth.outcome", "auth.reason", "auth.attempt_id"];
    let found = names.map(|name| field(&fields, "request", name));
    assert_eq!(found, [Some("sign_in"), Some("rejected"), Some("unknown_subject"), Some(id.as_str())]);
}

#[test]
fn success_has_no_reason_and_what_nobody_observes_no_id() {
    let metrics = builder().span_fields().build().unwrap();
    let fields = fields(|| {
        let span = info_span!("request", auth.outcome = Empty, auth.reason = Empty, auth.attempt_id = Empty);
        span.in_scope(|| run(&metrics, login(true)).unwrap());
    });
    let names = ["auth.outcome", "auth.reason", "auth.attempt_id"];
    assert_eq!(names.map(|name| field(&fields, "request", name)), [Some("success"), Some(""), Some("")]);
}

#[test]
fn last_of_several_attempts_in_one_span_stays_and_nothing_of_those_before() {
    let metrics = builder().span_fields().build().unwrap();
    let fields = fields(|| {
        let span = info_span!("request", auth.outcome = Empty, auth.reason = Empty);
        span.in_scope(|| {
            run(&metrics, login(false)).unwrap_err();
            run(&metrics, login(true)).unwrap();
        });
    });
    let names = ["auth.outcome", "auth.reason"];
    assert_eq!(names.map(|name| field(&fields, "request", name)), [Some("success"), Some("")]);
}

#[test]
fn attempt_writes_on_the_innermost_span_and_makes_none() {
    let metrics = builder().span_fields().build().unwrap();
    let fields = fields(|| {
        let outer = info_span!("outer", auth.operation = Empty).entered();
        let inner = info_span!("inner", auth.operation = Empty).entered();
        run(&metrics, login(true)).unwrap();
        drop((inner, outer));
    });
    assert_eq!(
        (field(&fields, "outer", "auth.operation"), field(&fields, "inner", "auth.operation")),
        (None, Some("sign_in"))
    );
    assert!(fields.keys().all(|(span, _)| span != "sign_in"));
}

#[test]
fn handle_that_was_not_told_writes_on_no_span() {
    let metrics = builder().build().unwrap();
    let fields = fields(|| {
        let span = info_span!("request", auth.operation = Empty);
        span.in_scope(|| run(&metrics, login(true)).unwrap());
    });
    assert_eq!(fields, Fields::new());
}

#[test]
fn ids_are_unique_among_threads_and_handles() {
    let kept = Kept::default();
    let handles = [(); 2].map(|()| builder().observe(kept.clone()).poll_events().build().unwrap());
    std::thread::scope(|threads| {
        for metrics in handles.iter().cycle().take(6) {
            threads.spawn(|| {
                (0..100).for_each(|_| metrics.attempt("login").finish(auth_metrics::Outcome::Success));
            });
        }
    });
    for metrics in &handles {
        metrics.events().poll();
    }
    let ids: std::collections::HashSet<_> = kept.events().iter().map(Event::id).collect();
    assert_eq!(ids.len(), 600);
}
