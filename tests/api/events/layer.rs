//! `ContextLayer`: what it reads of a request, and what it never believes.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::{IpAddr, SocketAddr};
use std::task::{Context as TaskContext, Poll};

use auth_metrics::Outcome;
use auth_metrics::events::{ContextLayer, Forwarded, TraceContext};
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::*;

/// Makes an attempt of each request, at once.
struct Login(AuthMetrics);

impl Service<Request<()>> for Login {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        self.0.attempt("login").finish(Outcome::Success);
        ready(Ok(Response::new(())))
    }
}

const SOCKET: SocketAddr = SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1)), 4711);

/// The event of a request with some headers.
fn event(layer: ContextLayer, headers: &[(&str, &str)]) -> (Event, AuthMetrics) {
    let (metrics, kept) = polled();
    let mut request = Request::builder().extension(SOCKET);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut service = layer.layer(Login(metrics.clone()));
    drop(service.call(request.body(()).unwrap()));
    metrics.events().poll();
    (kept.events().remove(0), metrics)
}

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[test]
fn the_default_believes_the_socket_alone() {
    let headers = [("x-forwarded-for", "192.0.2.7"), ("x-request-id", "r-1"), ("traceparent", TRACEPARENT)];
    let (event, _) = event(ContextLayer::new(), &headers);
    assert_eq!((event.peer(), event.request_id(), event.trace()), (Some(SOCKET.ip()), None, None));
}

#[test]
fn each_part_is_read_where_it_is_asked_for() {
    let layer = ContextLayer::new().peer(Forwarded::trusting(1)).request_id("X-Request-Id").traceparent();
    let headers =
        [("x-forwarded-for", "6.6.6.6, 192.0.2.7"), ("x-request-id", "r-1"), ("traceparent", TRACEPARENT)];
    let (event, _) = event(layer, &headers);
    assert_eq!((event.peer(), event.request_id()), (Some(IpAddr::from([192, 0, 2, 7])), Some("r-1")));
    assert_eq!(event.trace(), TraceContext::from_traceparent(TRACEPARENT));
}

#[test]
fn sockets_are_found_where_a_server_puts_them() {
    let layer = ContextLayer::new().socket(|_| Some(SocketAddr::from(([198, 51, 100, 3], 1))));
    assert_eq!(event(layer, &[]).0.peer(), Some(IpAddr::from([198, 51, 100, 3])));
}

#[test]
fn headers_that_can_not_be_read_are_ignored_and_counted() {
    let layer = ContextLayer::new().peer(Forwarded::trusting(1)).traceparent();
    let malformed = |metrics: &AuthMetrics, header| {
        metrics.snapshot().value("auth_context_malformed_total", &[("header", header)]).unwrap()
    };
    let (_, before) = event(layer.clone(), &[]);
    let before = ["traceparent", "forwarded"].map(|header| malformed(&before, header));
    let zeros = "00-00000000000000000000000000000000-b7ad6b7169203331-01";
    let (event, after) = event(layer, &[("traceparent", zeros), ("x-forwarded-for", "localhost")]);
    assert_eq!((event.peer(), event.trace()), (None, None));
    let after = ["traceparent", "forwarded"].map(|header| malformed(&after, header));
    assert_eq!([after[0] - before[0], after[1] - before[1]], [1.0, 1.0]);
}

#[test]
fn an_id_that_is_no_text_is_no_id() {
    let layer = ContextLayer::new().request_id("x-request-id");
    let (metrics, kept) = polled();
    let id = http::HeaderValue::from_bytes(b"\xff\xfe").unwrap();
    let request = Request::builder().header("x-request-id", id).body(()).unwrap();
    drop(layer.layer(Login(metrics.clone())).call(request));
    metrics.events().poll();
    assert_eq!((kept.events()[0].request_id(), kept.events()[0].peer()), (None, None));
}
