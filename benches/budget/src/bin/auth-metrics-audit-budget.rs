//! What a trail takes from a call, and what the thread of its file needs for a line. A program of its own, so that what the other one
//! counts stays as its compiler arranged it.

use std::fs;
use std::hint::black_box;
use std::net::IpAddr;
use std::process::ExitCode;
use std::time::Duration;

use auth_metrics::events::{Event, Observer, Pseudonyms};
use auth_metrics::{AuthMetrics, Outcome, auth_metered};
use auth_metrics_audit::{Audit, AuditBuilder, FileSink, Format, Line, Seal, Sink};

/// Attempts that the buffers have room for.
const PART: u64 = 1_000;
const LONG: Duration = Duration::from_secs(600);

/// Takes everything, and keeps nothing.
struct Nowhere;

impl Sink for Nowhere {
    fn name(&self) -> &'static str {
        "nowhere"
    }

    fn write(&mut self, _line: &Line<'_>) -> std::io::Result<()> {
        Ok(())
    }
}

fn builder() -> AuditBuilder {
    Audit::builder().pseudonyms(Pseudonyms::with_key("k1", &[7; 32]).expect("long enough"))
}

/// Wants every event, and does nothing with them.
struct Everything;

impl Observer for Everything {
    fn name(&self) -> &'static str {
        "everything"
    }

    fn observe(&self, events: &[Event]) {
        black_box(events);
    }
}

#[auth_metered(
    op = "login",
    metrics = metrics,
    subject = "ann@example.org",
    peer = IpAddr::from([192, 0, 2, 7]),
    session = "f81d4fae7dec11d0",
)]
fn login(metrics: &AuthMetrics, n: u64) -> Result<u64, std::convert::Infallible> {
    Ok(black_box(n))
}

/// All that is counted of calls.
#[inline(never)]
fn worked(work: impl FnOnce()) {
    work();
}

/// Calls under an observer, in parts that its buffers have room for: what delivers them is not counted.
fn calls(observer: impl Observer, times: u64) {
    let metrics = AuthMetrics::builder().service_id("gateway").poll_events().observe(observer);
    let metrics = metrics.build().expect("these options are right");
    for _ in 0..times / PART {
        worked(|| (0..PART).for_each(|n| _ = black_box(login(&metrics, n))));
        assert_eq!(metrics.events().poll() as u64, PART, "no event is dropped");
    }
}

/// Writes so many lines into a file, each of an attempt with a subject, a session and a peer.
fn lines(work: &str, times: u64) {
    let folder = std::env::temp_dir().join(format!("audit-budget-{}", std::process::id()));
    let sink = match work {
        "trail_ratchet" => FileSink::new(&folder).seal(Seal::ratchet(&[3; 32]).expect("long enough")),
        "trail_ocsf" => FileSink::new(&folder).format(Format::Ocsf),
        _ => FileSink::new(&folder),
    };
    let audit = builder().file(sink).build().expect("the folder can be made");
    let metrics = AuthMetrics::builder().service_id("gateway").poll_events().observe(audit.clone());
    let metrics = metrics.build().expect("these options are right");
    audit.install(&metrics).expect("once");
    for part in 0..times / PART {
        for number in 0..PART {
            let attempt = metrics.attempt("login").subject(format!("user-{:05}", part * 7 + number));
            let attempt = attempt.session("f81d4fae7dec11d0").peer(IpAddr::from([192, 0, 2, 7]));
            attempt.finish(Outcome::Success);
        }
        audit.flush(LONG).expect("the disk is there");
    }
    let written = metrics.snapshot().value("auth_audit_events_total", &[("result", "written")]);
    assert_eq!(written, Some(times as f64), "no line is dropped");
    audit.shutdown(LONG).expect("the disk is there");
    let _ = fs::remove_dir_all(folder);
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let (Some(work), Some(times)) = (arguments.get(1), arguments.get(2).and_then(|times| times.parse().ok()))
    else {
        eprintln!("usage: auth-metrics-audit-budget noted|captured|trail_ecs|trail_ratchet|trail_ocsf TIMES");
        return ExitCode::FAILURE;
    };
    match work.as_str() {
        "noted" => calls(Everything, times),
        "captured" => calls(builder().sink(Nowhere).build().expect("these options are right"), times),
        "trail_ecs" | "trail_ratchet" | "trail_ocsf" => lines(work, times),
        other => {
            eprintln!("what is {other}?");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
