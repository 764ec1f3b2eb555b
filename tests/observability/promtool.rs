//! The rules as promtool reads them. It is in Debian's package prometheus; ignored by plain `cargo test`, run by `./check`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use auth_metrics::Exposure;
use auth_metrics::catalogue::Catalogue;
use auth_metrics::observability::{Options, pack};

use crate::catalogue::{builder, catalogue};

fn promtool(folder: &Path, arguments: &[&str]) {
    let output = Command::new("promtool").args(arguments).current_dir(folder).output();
    let output =
        output.unwrap_or_else(|error| panic!("promtool: {error}: it is in Debian's package prometheus"));
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "promtool {arguments:?}:\n{out}\n{errors}");
}

fn assert_tried(name: &str, catalogue: &Catalogue, options: &Options) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("promtool").join(name);
    pack(catalogue, options).unwrap().write_to(&folder).unwrap();
    promtool(&folder, &["check", "rules", "--lint-fatal", "rules.yml"]);
    promtool(&folder, &["test", "rules", "rules.test.yml", "rules.days.test.yml"]);
}

#[test]
#[ignore = "needs promtool"]
fn every_alert_fires_when_it_must_and_only_then() {
    assert_tried("default", &catalogue(), &Options::new());
}

#[test]
#[ignore = "needs promtool"]
fn other_options_are_as_right() {
    let hour = Duration::from_secs(3_600);
    let options = Options::new()
        .slo_target(0.95)
        .slo_window(7 * 24 * hour)
        .latency(Duration::from_secs(1), 0.5)
        .min_events(1)
        .surge(2.0)
        .lockouts(1)
        .mfa_denials(0)
        .token_replays(1)
        .forged_tokens(0)
        .expiry_warning(hour)
        .key_age(hour)
        .runbook_url("https://runbooks.example/auth")
        .team_label("team", "identity")
        .exclude("login");
    let strict = builder().namespace("acme").exposure(Exposure::Strict).build().unwrap().catalogue();
    assert_tried("other", &strict, &options);
}
