//! What a trail takes from a call, and what the thread of its file needs for a line.

use std::fs;
use std::net::IpAddr;
use std::time::Duration;

use auth_metrics::events::Pseudonyms;
use auth_metrics::{AuthMetrics, Outcome};
use auth_metrics_audit::{Audit, AuditBuilder, FileSink, Format, Line, Seal, Sink};

/// The kinds of work that are counted on the thread of the sink, from what it begins with.
pub const WORKS: [&str; 3] = ["trail_ecs", "trail_ratchet", "trail_ocsf"];

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

/// A trail that a call is counted under.
pub fn trail() -> Audit {
    builder().sink(Nowhere).build().expect("these options are right")
}

/// Writes so many lines into a file, each of an attempt with a subject, a session and a peer.
pub fn run(work: &str, times: u64) {
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
