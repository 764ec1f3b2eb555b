//! A logger that is metered itself, in a process whose default handle has something to log when it is made. A process of its
//! own, as it speaks of the process's handle and logger.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
use log::{LevelFilter, Log, Metadata, Record};

#[derive(Debug, FailureReason)]
enum GateError {
    InvalidCredentials,
}

#[auth_metered(op = "login")]
fn login(known: bool) -> Result<(), GateError> {
    if known { Ok(()) } else { Err(GateError::InvalidCredentials) }
}

/// The same operation with another kind: a fault that is found when a handle is made.
#[auth_metered(op = "login", kind = token)]
fn differs() -> Result<(), GateError> {
    login(false)
}

#[auth_metered(op = "sign_record")]
fn sign_record() -> Result<(), GateError> {
    Ok(())
}

struct Signing(AtomicUsize);

static SIGNING: Signing = Signing(AtomicUsize::new(0));

impl Log for Signing {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        sign_record().unwrap();
        self.0.fetch_add(usize::from(record.args().to_string().contains("kinds_differ")), Ordering::Relaxed);
    }

    fn flush(&self) {}
}

#[test]
fn default_handle_is_made_although_its_logger_is_metered() {
    log::set_logger(&SIGNING).unwrap();
    log::set_max_level(LevelFilter::Warn);
    let (done, ended) = mpsc::channel();
    thread::spawn(move || done.send((login(true).is_ok(), differs().is_err())));
    let ended = ended.recv_timeout(Duration::from_secs(60));
    assert_eq!(ended, Ok((true, true)), "the first call waits for the handle that it makes");

    assert_eq!(SIGNING.0.load(Ordering::Relaxed), 1, "the fault is logged, once");
    let signed = AuthMetrics::current().snapshot();
    assert_eq!(signed.value("auth_operations_total", &[("operation", "sign_record")]), Some(1.0));
}
