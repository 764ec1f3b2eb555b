//! How a push starts and ends.

use std::time::Duration;

use auth_metrics::{AuthMetrics, Outcome};
use auth_metrics_otlp::{Error, Push};

use crate::eventually::eventually;
use crate::hostile::{LONG, handle};
use crate::server::{Act, Server};

fn is_up(metrics: &AuthMetrics, name: &str) -> bool {
    metrics.snapshot().value("auth_otlp_up", &[("push", name)]) == Some(1.0)
}

#[test]
fn shutdown_pushes_what_is_left() {
    let (server, metrics) = (Server::start(), handle());
    let push = Push::builder(server.endpoint()).every(LONG).start(&metrics).unwrap();
    push.flush(LONG).unwrap();
    metrics.attempt("login").finish(Outcome::Success);
    push.shutdown(LONG).unwrap();
    let key = "auth_operations_started_total{operation=\"login\",service_id=\"gateway\"}";
    server.with_receiver(|receiver| assert_eq!(receiver.counters[key], 1));
    eventually(|| !is_up(&metrics, "otlp"));
}

#[test]
fn drop_ends_the_thread_without_a_last_push() {
    let (server, metrics) = (Server::start(), handle());
    let push = Push::builder(server.endpoint()).every(LONG).start(&metrics).unwrap();
    push.flush(LONG).unwrap();
    assert!(push.is_up() && is_up(&metrics, "otlp"));
    let before = server.heads().len();
    drop(push);
    eventually(|| !is_up(&metrics, "otlp"));
    assert_eq!(server.heads().len(), before);
}

#[test]
fn shutdown_does_not_wait_for_a_server_that_hangs() {
    let (server, metrics) = (Server::start(), handle());
    server.then(&[Act::Hang; 8]);
    let push = Push::builder(server.endpoint()).timeout(LONG * 60).every(LONG).start(&metrics).unwrap();
    push.shutdown(Duration::from_millis(50)).unwrap_err();
}

#[test]
fn server_that_is_not_there_is_counted_and_waited_for() {
    let metrics = handle();
    // Nobody listens there any more.
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let push = Push::builder(format!("http://127.0.0.1:{port}")).every(LONG).start(&metrics).unwrap();
    push.flush(LONG).unwrap_err();
    assert!(push.is_up());
    let labels = [("push", "otlp"), ("result", "unavailable")];
    assert!(metrics.snapshot().value("auth_otlp_pushes_total", &labels) >= Some(1.0));
    assert_eq!(
        metrics.snapshot().value("auth_otlp_last_success_timestamp_seconds", &[("push", "otlp")]),
        None
    );
}

#[test]
fn two_pushes_need_two_names_and_a_name_can_be_used_again() {
    let (server, metrics) = (Server::start(), handle());
    let builder = Push::builder(server.endpoint()).every(LONG);
    let first = builder.clone().start(&metrics).unwrap();
    assert!(matches!(builder.clone().start(&metrics), Err(Error::NameTaken)));
    let second = builder.clone().name("second").start(&metrics).unwrap();
    first.shutdown(LONG).unwrap();
    eventually(|| !is_up(&metrics, "otlp"));
    assert!(is_up(&metrics, "second"));
    let again = builder.start(&metrics).unwrap();
    again.flush(LONG).unwrap();
    second.shutdown(LONG).unwrap();
}

#[test]
fn request_has_the_path_the_type_and_the_headers() {
    let (server, metrics) = (Server::start(), handle());
    let push =
        Push::builder(format!("{}/opentelemetry/", server.endpoint())).header("X-Tenant", "blue").every(LONG);
    push.start(&metrics).unwrap().shutdown(LONG).unwrap();
    let head = server.heads().remove(0).to_ascii_lowercase();
    assert!(head.starts_with("post /opentelemetry/v1/metrics http/1.1\r\n"), "{head}");
    for header in ["content-type: application/x-protobuf", "x-tenant: blue", "user-agent: auth-metrics-otlp/"]
    {
        assert!(head.contains(&format!("\r\n{header}")), "{header}: {head}");
    }
    let whole = Push::builder("")
        .metrics_endpoint(format!("{}/take?me", server.endpoint()))
        .name("whole")
        .every(LONG);
    whole.start(&metrics).unwrap().shutdown(LONG).unwrap();
    assert!(server.heads().pop().unwrap().starts_with("POST /take?me HTTP/1.1\r\n"));
}

#[cfg(feature = "tls")]
#[test]
fn server_without_tls_gets_nothing_by_https() {
    let (server, metrics) = (Server::start(), handle());
    let builder = || Push::builder(server.endpoint().replace("http:", "https:")).every(LONG);
    builder().start(&metrics).unwrap().shutdown(LONG).unwrap_err();
    if cfg!(feature = "grpc") {
        let push = builder().name("grpc").protocol(auth_metrics_otlp::Protocol::Grpc);
        push.start(&metrics).unwrap().shutdown(LONG).unwrap_err();
    }
    assert_eq!(server.heads(), Vec::<String>::new());
}
