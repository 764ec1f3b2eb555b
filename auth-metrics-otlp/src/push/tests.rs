//! A thread that dies is seen.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_metrics::AuthMetrics;
use log::{LevelFilter, Log, Metadata, Record};

use super::control::Control;
use super::thread::{Ending, spawn};
use crate::export::PushGroup;

struct Kept(Mutex<Vec<String>>);

static KEPT: Kept = Kept(Mutex::new(Vec::new()));

impl Log for Kept {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &Record<'_>) {
        self.0.lock().unwrap().push(record.args().to_string());
    }
    fn flush(&self) {}
}

#[test]
fn thread_that_dies_is_seen_and_waited_for_by_nobody() {
    const LONG: Duration = Duration::from_secs(60);
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let counts = PushGroup::start(&metrics, "otlp").unwrap();
    log::set_logger(&KEPT).unwrap();
    log::set_max_level(LevelFilter::Error);
    let control = Arc::new(Control::default());
    assert!(counts.is_up());
    let ending = Ending(Arc::clone(&control), Arc::clone(&counts));
    spawn(ending, || resume_unwind(Box::new("this is part of the test"))).unwrap();
    assert!(!control.flush(LONG * 60, false), "it comes back, or the test hangs");
    assert_eq!(metrics.snapshot().value("auth_otlp_up", &[("push", "otlp")]), Some(0.0));
    assert!(!control.flush(LONG * 60, true));
    let text = "auth-metrics-otlp: push otlp panicked and has ended: start it again";
    assert_eq!(*KEPT.0.lock().unwrap(), [text]);
}
