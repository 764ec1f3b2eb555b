//! What a request brings: every attempt inside has it, and none outside.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use std::task::{self, Poll, Waker};

use auth_metrics::Outcome;
use auth_metrics::events::{Context, TraceContext, trace};

use super::*;

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

fn request() -> Context {
    Context::new().peer(PEER).request_id("req-17").trace(TraceContext::new([1; 16], [2; 8], true))
}

fn attempt(metrics: &AuthMetrics) {
    metrics.attempt("login").finish(Outcome::Success);
}

#[test]
fn attempts_inside_have_the_context_and_those_outside_have_none() {
    let (metrics, kept) = polled();
    attempt(&metrics);
    request().in_scope(|| {
        attempt(&metrics);
        Context::new().request_id("inner").in_scope(|| attempt(&metrics));
        attempt(&metrics);
    });
    attempt(&metrics);
    metrics.events().poll();
    let found: Vec<_> =
        kept.events().iter().map(|event| (event.peer(), event.request_id().map(str::to_owned))).collect();
    let outer = (Some(PEER), Some("req-17".to_owned()));
    let inner = (None, Some("inner".to_owned()));
    assert_eq!(found, [(None, None), outer.clone(), inner, outer, (None, None)]);
    assert_eq!(kept.events()[1].trace(), TraceContext::new([1; 16], [2; 8], true));
}

#[test]
fn the_attempts_own_peer_wins() {
    let (metrics, kept) = polled();
    let own = IpAddr::from([198, 51, 100, 3]);
    request().in_scope(|| metrics.attempt("login").peer(own).finish(Outcome::Success));
    metrics.events().poll();
    assert_eq!(kept.events()[0].peer(), Some(own));
}

#[test]
fn futures_have_it_in_each_poll_and_where_they_are_dropped() {
    let (metrics, kept) = polled();
    let mut left = 2;
    let mut future = Box::pin(request().scope(async {
        let cancelled = metrics.attempt("cancelled");
        std::future::poll_fn(|_| {
            attempt(&metrics);
            left -= 1;
            if left == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        std::future::pending::<()>().await;
        drop(cancelled);
    }));
    let mut task = task::Context::from_waker(Waker::noop());
    for _ in 0..2 {
        assert!(future.as_mut().poll(&mut task).is_pending());
        assert!(Context::current().is_none());
    }
    drop(future);
    metrics.events().poll();
    let ids: Vec<_> = kept.events().iter().map(|event| event.request_id().map(str::to_owned)).collect();
    assert_eq!(ids, vec![Some("req-17".to_owned()); 3]);
    assert_eq!(kept.events()[2].operation(), "cancelled");
}

#[test]
fn a_context_ends_where_its_future_panics() {
    let mut future = pin!(request().scope(async { panic!("inside") }));
    let mut task = task::Context::from_waker(Waker::noop());
    let poll = std::panic::AssertUnwindSafe(|| future.as_mut().poll(&mut task).is_ready());
    assert!(std::panic::catch_unwind(poll).is_err());
    assert!(Context::current().is_none());
}

#[test]
fn a_trace_is_read_where_the_handle_says_so() {
    let kept = Kept::default();
    let own = TraceContext::new([7; 16], [8; 8], false);
    let metrics = builder().observe(kept.clone()).trace_context(move || own).poll_events().build().unwrap();
    request().in_scope(|| attempt(&metrics));
    metrics.events().poll();
    assert_eq!(kept.events()[0].trace(), own);
}

#[test]
fn the_trace_of_the_context_is_one_of_the_readers() {
    assert_eq!(trace::traceparent(), None);
    assert_eq!(request().in_scope(trace::traceparent), TraceContext::new([1; 16], [2; 8], true));
}

#[test]
fn a_reader_that_panics_knows_no_trace() {
    let kept = Kept::default();
    let metrics =
        builder().observe(kept.clone()).trace_context(|| panic!("no trace")).poll_events().build().unwrap();
    attempt(&metrics);
    assert_eq!((metrics.events().poll(), kept.events()[0].trace()), (1, None));
}

#[test]
fn a_long_request_id_is_cut() {
    let (metrics, kept) = polled();
    Context::new().request_id(&"é".repeat(1_000_000)).in_scope(|| attempt(&metrics));
    metrics.events().poll();
    assert_eq!(kept.events()[0].request_id().map(str::len), Some(256));
}
