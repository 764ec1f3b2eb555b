//! When arguments are evaluated, how often, and in which order.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use auth_metrics::events::About;
use auth_metrics::testing::Scope;
use auth_metrics::{AuthMetrics, auth_metered};

use super::{LoginError, PEER, block_on, event_of, known};
use crate::count;

thread_local! {
    static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn logged(what: &'static str) -> &'static str {
    LOG.with_borrow_mut(|log| log.push(what));
    what
}

fn address() -> IpAddr {
    logged("peer");
    PEER
}

fn read(_: &Result<(), LoginError>, _: &mut About) {
    logged("context");
}

#[auth_metered(
    op = "about_order",
    context = read,
    resource = logged("resource"),
    device = logged("device"),
    session = logged("session"),
    peer = address(),
    subject = logged("subject"),
    service = logged("service"),
)]
fn plain() -> Result<(), LoginError> {
    logged("body");
    Ok(())
}

#[auth_metered(op = "about_order", context = read, peer = address(), subject = logged("subject"))]
async fn asynchronous() -> Result<(), LoginError> {
    logged("body");
    Ok(())
}

#[auth_metered(op = "about_order", context = read, peer = address(), subject = logged("subject"))]
fn hidden() -> impl Future<Output = Result<(), LoginError>> {
    async {
        logged("body");
        Ok(())
    }
}

#[test]
fn each_argument_is_evaluated_once_before_the_body() {
    let scope = Scope::new();
    scope.metrics().in_scope(|| plain().unwrap());
    let all = ["service", "subject", "peer", "session", "device", "resource", "body", "context"];
    assert_eq!(LOG.take(), all);
    scope.metrics().in_scope(|| block_on(asynchronous()).unwrap());
    assert_eq!(LOG.take(), ["subject", "peer", "body", "context"]);
    let future = scope.metrics().in_scope(hidden);
    assert_eq!(LOG.take(), ["subject", "peer"]);
    block_on(scope.metrics().scope(future)).unwrap();
    assert_eq!(LOG.take(), ["body", "context"]);
}

#[test]
fn nothing_is_evaluated_where_the_handle_has_no_observer() {
    let observed = Scope::new();
    let metrics = AuthMetrics::builder().service_id("unobserved").build().unwrap();
    metrics.in_scope(|| {
        plain().unwrap();
        block_on(asynchronous()).unwrap();
        block_on(hidden()).unwrap();
    });
    assert_eq!(LOG.take(), ["service", "body", "body", "body"]);
    assert!(observed.events().is_empty());
}

#[auth_metered(op = "about_panics", subject = panics())]
fn panicking() -> Result<(), LoginError> {
    Ok(())
}

fn panics() -> &'static str {
    panic!("in an argument")
}

#[test]
fn an_argument_that_panics_is_no_attempt() {
    let scope = Scope::new();
    let run = || scope.metrics().in_scope(panicking);
    assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    assert!(scope.events().is_empty());
    let started = [("operation", "about_panics")];
    assert_eq!(count(&scope.snapshot(), "auth_operations_started_total", &started), 0.0);
}

#[auth_metered(op = "about_locks", subject = state.lock().unwrap(), session = state.lock().unwrap().as_str())]
fn locking(state: &Mutex<String>) -> Result<(), LoginError> {
    state.lock().unwrap().push_str(" left");
    Ok(())
}

#[test]
fn a_lock_that_an_argument_takes_is_free_for_the_next_one_and_for_the_body() {
    let state = Mutex::new("ann".to_owned());
    let event = event_of(|| locking(&state).unwrap());
    assert_eq!(known(&event), (Some("ann"), None, Some("ann"), None, None));
}

#[auth_metered(op = "about_a_handle", metrics = metrics, subject = name)]
async fn into_a_handle(metrics: &AuthMetrics, name: &str) -> Result<(), LoginError> {
    Ok(())
}

#[test]
fn the_handle_that_a_call_names_decides_whether_arguments_are_evaluated() {
    let (named, around) = (Scope::new(), Scope::new());
    around.metrics().in_scope(|| block_on(into_a_handle(named.metrics(), "ann")).unwrap());
    assert!(around.events().is_empty());
    assert_eq!(named.events()[0].subject(), Some("ann"));
}

#[auth_metered(op = "about_sizes", service = name)]
async fn silent(name: &'static str) -> Result<&'static str, LoginError> {
    tokio::task::yield_now().await;
    Ok(name)
}

#[auth_metered(op = "about_sizes", subject = name, peer = PEER, session = format!("of {name}"), context = none)]
async fn telling(name: &'static str) -> Result<&'static str, LoginError> {
    tokio::task::yield_now().await;
    Ok(name)
}

fn none(_: &Result<&'static str, LoginError>, _: &mut About) {}

#[test]
fn arguments_take_one_word_and_leave_the_future_send() {
    fn is_send(future: impl Future + Send) -> usize {
        size_of_val(&future)
    }
    assert!(is_send(telling("ann")) <= is_send(silent("ann")) + size_of::<usize>());
}

/// A subject that counts how often it was shown.
struct Counted<'a>(&'a Cell<u32>);

impl fmt::Display for Counted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.set(self.0.get() + 1);
        out.write_str("shown")
    }
}

#[auth_metered(op = "about_shown", subject = subject)]
fn shown(subject: Counted<'_>) -> Result<(), LoginError> {
    Ok(())
}

#[test]
fn a_subject_is_shown_once() {
    let times = Cell::new(0);
    let event = event_of(|| shown(Counted(&times)).unwrap());
    assert_eq!((event.subject(), times.get()), (Some("shown"), 1));
}
