//! Appended texts in front of Prometheus itself.

use std::io::Write;
use std::process::{Command, Stdio};

use auth_metrics::AuthMetrics;

use crate::appended::texts;

/// What promtool can't read. Its advice on names and helps goes to the exporter.
fn refused(text: &str) -> Option<String> {
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool runs");
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    // 3 is advice.
    let is_read = matches!(output.status.code(), Some(0 | 3));
    (!is_read).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
#[ignore = "needs promtool: ./check formats"]
fn promtool_reads_every_appended_text() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    for (exporter, mut text) in texts() {
        metrics.append_text(&mut text).unwrap();
        assert_eq!(refused(&text), None, "{exporter}");
        text.push_str(&metrics.encode_text());
        assert!(refused(&text).is_some(), "a text with a family twice is refused");
    }
}
