//! How many lines the thread of a file sink writes in a second of one processor: `cargo run --release --bin audit_throughput`.
//!
//! The time is the one that the thread was given, so that other work on the machine does not count. An attempt has a subject, a session
//! and a peer, with pseudonyms; the file is in the folder for temporary files.

use std::fs;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use auth_metrics::events::Pseudonyms;
use auth_metrics::{AuthMetrics, Outcome};
use auth_metrics_audit::{Audit, FileSink, Format, Seal};

/// Attempts that the buffers and the queue have room for.
const PART: u64 = 1_000;
const PARTS: u64 = 300;
const LONG: Duration = Duration::from_secs(600);

/// The seconds of a processor that the thread of this name had.
fn seconds(name: &str) -> f64 {
    let tasks = fs::read_dir("/proc/self/task").expect("this is Linux").flatten();
    let is_it =
        |path: &std::path::Path| fs::read_to_string(path.join("comm")).is_ok_and(|comm| comm.trim() == name);
    let task = tasks.map(|task| task.path()).find(|path| is_it(path)).expect("the thread runs");
    let schedule = fs::read_to_string(task.join("schedstat")).expect("this kernel counts");
    let nanos: u64 = schedule.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("a number");
    Duration::from_nanos(nanos).as_secs_f64()
}

fn measure(what: &str, format: Format, seal: Seal) {
    let folder = std::env::temp_dir().join(format!("audit-throughput-{}", std::process::id()));
    let audit = Audit::builder()
        .pseudonyms(Pseudonyms::with_key("k1", &[7; 32]).expect("long enough"))
        .file(FileSink::new(&folder).format(format).seal(seal))
        .build()
        .expect("the folder can be made");
    let metrics = AuthMetrics::builder().service_id("gateway").poll_events().observe(audit.clone());
    let metrics = metrics.build().expect("these options are right");
    audit.install(&metrics).expect("once");
    // The thread runs once it has written something.
    metrics.attempt("login").finish(Outcome::Success);
    audit.flush(LONG).expect("the disk is there");
    let (from, begun) = (seconds("audit-file"), Instant::now());
    for part in 0..PARTS {
        for number in 0..PART {
            let attempt = metrics.attempt("login").subject(format!("user-{}", part * 7 + number));
            let attempt = attempt.session(format!("s-{number}"));
            attempt.peer(IpAddr::from([192, 0, 2, 7])).finish(Outcome::Success);
        }
        metrics.events().poll();
        // The queue never is empty for long, and never full.
        if part % 4 == 3 {
            audit.flush(LONG).expect("the disk is there");
        }
    }
    audit.flush(LONG).expect("the disk is there");
    let (processor, wall) = (seconds("audit-file") - from, begun.elapsed().as_secs_f64());
    let lines = metrics.snapshot().value("auth_audit_events_total", &[("result", "written")]);
    let lines = lines.unwrap_or_default();
    println!(
        "{what:<14} {:>9.0} lines/s of one processor  {:>5.2} µs a line  {:>9.0} lines/s by the clock",
        lines / processor,
        1e6 * processor / lines,
        lines / wall
    );
    audit.shutdown(LONG).expect("the disk is there");
    let _ = fs::remove_dir_all(folder);
}

fn main() {
    let ratchet = || Seal::ratchet(&[3; 32]).expect("long enough");
    measure("ecs chain", Format::Ecs, Seal::chain());
    measure("ecs ratchet", Format::Ecs, ratchet());
    measure("ocsf chain", Format::Ocsf, Seal::chain());
    measure("ocsf ratchet", Format::Ocsf, ratchet());
}
