//! Three weeks that a server remembers: what is usual at this time of the week can't be had otherwise.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use auth_metrics::{Fault, Reason};

use crate::stack::http;

const WEEK: u64 = 7 * 86_400;
const HOUR: u64 = 3_600;

/// The operations of the example, and how many rejections a second the calm crowd of three replicas has on each.
const USUAL: [(&str, f64); 9] = [
    ("authorize", 0.05),
    ("login", 3.0),
    ("logout", 0.05),
    ("machine_login", 0.05),
    ("partner_login", 0.05),
    ("refresh", 0.05),
    ("second_factor", 0.05),
    ("sign_up", 0.05),
    ("verify_token", 0.05),
];

/// The series of those weeks around this time, with times in seconds times this factor.
fn weeks(factor: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut text = String::new();
    let mut write = |name: &str, labels: &str, value: f64| {
        for at in
            (1..=3).rev().flat_map(|week| (now - week * WEEK - HOUR..now - week * WEEK + HOUR).step_by(60))
        {
            let labels = format!("job=\"auth\",service_id=\"auth_service\"{labels}");
            writeln!(text, "{name}{{{labels}}} {value} {}", at * factor).unwrap();
        }
    };
    for (operation, rejections) in USUAL {
        write(
            "job_service_operation:auth_rejections:rate5m",
            &format!(",operation=\"{operation}\""),
            rejections,
        );
    }
    for (operation, _) in USUAL {
        for reason in Reason::ALL.iter().filter(|reason| reason.fault() == Fault::Attack) {
            let labels = format!(",operation=\"{operation}\",failure_reason=\"{}\"", reason.label());
            write("job_service_operation_reason:auth_attacks:rate5m", &labels, 0.0);
        }
    }
    write("job_service:auth_unknown_keys:rate5m", "", 0.0);
    text
}

/// Writes them as blocks of the folder's `data`.
pub(crate) fn backfill(folder: &Path) {
    fs::write(folder.join("history.om"), weeks(1) + "# EOF\n").unwrap();
    let mut command = Command::new("promtool");
    command.args(["tsdb", "create-blocks-from", "openmetrics", "history.om", "data"]).current_dir(folder);
    let output = command.output().expect("promtool is in Debian's package prometheus");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Imports them into `VictoriaMetrics`, whose times are in milliseconds.
pub(crate) fn import(victoria: SocketAddr) {
    http(victoria, "POST /api/v1/import/prometheus", &weeks(1_000)).unwrap();
}
