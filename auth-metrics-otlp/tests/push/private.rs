//! Nothing of an endpoint, a header or what a server says is in a log line, a `Debug` output or an error.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use auth_metrics_otlp::{Error, Push};
use log::{LevelFilter, Log, Metadata, Record};

use crate::hostile::{LONG, handle};
use crate::server::{Act, Server};

struct Kept(Mutex<Vec<String>>);

static KEPT: Kept = Kept(Mutex::new(Vec::new()));

impl Log for Kept {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &Record<'_>) {
        // What the HTTP client itself logs is for those who ask for its target.
        if record.target().starts_with("auth_metrics_otlp") {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(record.args().to_string());
        }
    }
    fn flush(&self) {}
}

const SECRETS: [&str; 4] = ["127.0.0.1", "Bearer", "hunter2", "the secret of the server"];

fn assert_private(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn failures_are_logged_once_a_minute_without_secrets() {
    log::set_logger(&KEPT).unwrap();
    log::set_max_level(LevelFilter::Trace);
    let (server, metrics) = (Server::start(), handle());
    server.then(&[Act::TakeBut(1), Act::Status(401), Act::TakeAndDrop, Act::Status(503), Act::TakeAndLie]);
    let builder = Push::builder(server.endpoint()).header("authorization", "Bearer hunter2");
    let push = builder.name("private").every(LONG).timeout(Duration::from_secs(5)).start(&metrics).unwrap();
    for _ in 0..6 {
        let _ = push.flush(LONG);
    }
    let kept = KEPT.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for line in &kept {
        assert_private(line);
    }
    let of_this = kept.iter().filter(|line| line.contains("push private:"));
    assert_eq!(
        of_this.collect::<Vec<_>>(),
        ["auth-metrics-otlp: push private: the server rejected 1 points of a push"]
    );
}

#[test]
fn debug_output_has_no_secrets() {
    let (server, metrics) = (Server::start(), handle());
    let builder =
        Push::builder(server.endpoint()).header("authorization", "Bearer hunter2").resource("x", "hunter2");
    assert_private(&format!("{builder:?}"));
    let push = builder.every(LONG).start(&metrics).unwrap();
    assert_private(&format!("{push:?}"));
}

#[test]
fn wrong_options_are_refused_without_secrets() {
    let base = || Push::builder("http://127.0.0.1:9");
    let refused = [
        Push::builder("127.0.0.1:4318").start(&handle()),
        Push::builder("ftp://127.0.0.1").start(&handle()),
        Push::builder("http://").start(&handle()),
        Push::builder("http://127.0.0.1/a b").start(&handle()),
        Push::builder("http://127.0.0.1:port").start(&handle()),
        Push::builder("http://hunter2@127.0.0.1").start(&handle()),
        base().header("authorization", "hunter2\r\nx: y").start(&handle()),
        base().header("content-type", "hunter2").start(&handle()),
        base().header("", "hunter2").start(&handle()),
        base().resource("", "hunter2").start(&handle()),
        base().every(Duration::ZERO).start(&handle()),
        base().timeout(Duration::ZERO).start(&handle()),
        base().name("Bearer hunter2").start(&handle()),
    ];
    for refusal in refused {
        let error = refusal.unwrap_err();
        assert_private(&format!("{error} {error:?}"));
    }
    let metrics = handle();
    let many: Vec<_> = (0..17).map(|number| base().name(format!("p{number}")).start(&metrics)).collect();
    assert!(many[..16].iter().all(Result::is_ok) && matches!(many[16], Err(Error::TooManyPushes)));
}
