//! An attempt that is captured allocates nothing, whoever it is about. A target of its own, since counting takes the place of the
//! allocator.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use std::task::{self, Poll, Waker};

use auth_metrics::events::{Context, TraceContext, note, observer, trace};
use auth_metrics::{AuthMethod, AuthMetrics, FailureReason, Outcome, auth_metered};

#[derive(FailureReason)]
enum LoginError {
    InvalidCredentials,
}

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[auth_metered(op = "login", metrics = metrics, source = AuthMethod::Password, subject = name, peer = PEER, session = 17)]
async fn login(metrics: &AuthMetrics, name: &str) -> Result<(), LoginError> {
    note(|about| about.device("d-1").resource(name));
    if name.len() > 300 { Err(LoginError::InvalidCredentials) } else { Ok(()) }
}

fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut task::Context::from_waker(Waker::noop())) {
        Poll::Ready(returned) => returned,
        Poll::Pending => unreachable!("nothing in here waits"),
    }
}

/// One attempt of each kind: short texts, long ones, and by hand.
fn attempts(metrics: &AuthMetrics, long: &str) {
    let _ = ready(login(metrics, "user-001"));
    let _ = ready(login(metrics, long));
    metrics.attempt("by_hand").subject(long).peer(PEER).finish(Outcome::Success);
    drop(metrics.attempt("by_hand").subject("user-001"));
}

#[test]
fn captured_attempts_allocate_nothing() {
    let builder = AuthMetrics::builder().service_id("gateway").observe(observer("nobody", |_| ()));
    let metrics = builder.trace_context(trace::traceparent).poll_events().build().unwrap();
    let context = Context::new().request_id("req-17").trace(TraceContext::new([1; 16], [2; 8], true));
    let long = "x".repeat(100_000);
    let run = |times| {
        let context = context.clone();
        context.in_scope(|| (0..times).for_each(|_| attempts(&metrics, &long)));
    };
    // The first ones make the buffers and the texts that later ones use again.
    run(10);
    metrics.events().poll();
    let allocated = allocation_counter::measure(|| run(100));
    assert_eq!(allocated.count_total, 0);
    assert_eq!(metrics.events().poll(), 400);
}
