//! A thread that dies is seen.

use std::sync::Arc;
use std::time::Duration;

use auth_metrics::AuthMetrics;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;

use super::control::Control;
use super::thread::{Clock, Worker};
use crate::encode::Encoder;
use crate::engine::Engine;
use crate::export::PushGroup;
use crate::names::Names;
use crate::setup::Temporality;
use crate::transport::{Answer, Transport};

struct Dies;

impl Transport for Dies {
    fn send(&mut self, _: &ExportMetricsServiceRequest, _: Duration) -> Answer {
        panic!("this is part of the test");
    }
}

#[test]
fn thread_that_dies_is_seen_and_waited_for_by_nobody() {
    const LONG: Duration = Duration::from_secs(60);
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let counts = PushGroup::start(&metrics, "otlp").unwrap();
    let encoder = Encoder { temporality: Temporality::Delta, names: Names::Scrape, resource: Vec::new() };
    let (clock, control) = (Clock::new(), Arc::new(Control::default()));
    let engine = Engine::new(encoder, Box::new(Dies), Arc::clone(&counts), (clock.now(), 1));
    let worker = Worker {
        engine,
        metrics: metrics.downgrade(),
        control: Arc::clone(&control),
        counts: Arc::clone(&counts),
        clock,
        every: LONG,
        timeout: LONG,
    };
    assert!(counts.is_up());
    worker.start().unwrap();
    assert!(!control.flush(LONG * 60, false), "it comes back, or the test hangs");
    assert_eq!(metrics.snapshot().value("auth_otlp_up", &[("push", "otlp")]), Some(0.0));
    assert!(!control.flush(LONG * 60, true));
}
