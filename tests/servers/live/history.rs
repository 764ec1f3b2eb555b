//! Three weeks that a Prometheus remembers: what is usual at this time of the week can't be had otherwise.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

const WEEK: u64 = 7 * 86_400;
const HOUR: u64 = 3_600;

/// The usual rate of rejections of each operation around this time of the last three weeks, as blocks of the folder's `data`.
pub(crate) fn backfill(folder: &Path) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let operations = ["login", "partner_login", "refresh", "second_factor", "verify_token"];
    let mut text = String::from("# TYPE job_service_operation:auth_rejections:rate5m gauge\n");
    for week in (1..=3).rev() {
        for at in (now - week * WEEK - HOUR..now - week * WEEK + HOUR).step_by(60) {
            for operation in operations {
                let value = 0.05 + 0.01 * ((at / 60) % 5) as f64;
                let labels = format!("job=\"auth\",service_id=\"auth_service\",operation=\"{operation}\"");
                writeln!(text, "job_service_operation:auth_rejections:rate5m{{{labels}}} {value} {at}")
                    .unwrap();
            }
        }
    }
    text.push_str("# EOF\n");
    fs::write(folder.join("history.om"), text).unwrap();
    let mut command = Command::new("promtool");
    command.args(["tsdb", "create-blocks-from", "openmetrics", "history.om", "data"]).current_dir(folder);
    let output = command.output().expect("promtool is in Debian's package prometheus");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
