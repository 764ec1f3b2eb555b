//! The Alertmanager configuration, as amtool and a real Alertmanager read it. Both are in Debian's package prometheus-alertmanager.

mod outage;

use std::path::Path;
use std::process::Command;

use auth_metrics::Exposure;
use auth_metrics::catalogue::Catalogue;
use auth_metrics_rules::{Options, generate};

use crate::promtool::catalogue::{builder, catalogue};
use crate::stack::folder;

fn amtool(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("amtool").args(arguments).current_dir(folder).output();
    let output = output
        .unwrap_or_else(|error| panic!("amtool: {error}: it is in Debian's package prometheus-alertmanager"));
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "amtool {arguments:?}:\n{out}\n{errors}");
    out.trim().to_owned()
}

fn receiver(folder: &Path, labels: &[&str]) -> String {
    let test = ["config", "routes", "test", "--config.file=alertmanager.yml"];
    amtool(folder, &[&test, labels].concat())
}

fn written(name: &str, catalogue: &Catalogue, options: &Options) -> std::path::PathBuf {
    let folder = folder(name);
    generate(catalogue, options).unwrap().write_to(&folder).unwrap();
    folder
}

#[test]
#[ignore = "needs Debian's prometheus-alertmanager; ./check runs it"]
fn configuration_is_accepted_with_any_options() {
    let strict = builder().namespace("acme").exposure(Exposure::Strict).build().unwrap().catalogue();
    let quoted = Options::new().team_label("team", "the \"id\\entity\"\n").team_label("tier", "1");
    for (name, catalogue, options) in [
        ("amtool_default", catalogue(), Options::new()),
        ("amtool_strict", strict, Options::new().select("job", "identity")),
        ("amtool_quoted", catalogue(), quoted),
    ] {
        let said = amtool(&written(name, &catalogue, &options), &["check-config", "alertmanager.yml"]);
        assert!(said.contains("SUCCESS") && said.contains("2 receivers"), "{said}");
    }
}

#[test]
#[ignore = "needs Debian's prometheus-alertmanager; ./check runs it"]
fn pages_and_tickets_have_their_receivers() {
    let folder = written("amtool_routes", &catalogue(), &Options::new());
    for alert in ["AuthErrorBudgetBurnFast", "AuthForgedTokens"] {
        assert_eq!(receiver(&folder, &["severity=page", &format!("alertname={alert}")]), "pager", "{alert}");
    }
    assert_eq!(receiver(&folder, &["severity=ticket", "alertname=AuthLatencyHigh"]), "tickets");
    assert_eq!(receiver(&folder, &["severity=ticket", "alertname=AuthErrorBudgetBurnFast"]), "tickets");
    assert_eq!(receiver(&folder, &["alertname=Watchdog"]), "tickets", "what no route takes");
}

#[test]
#[ignore = "needs Debian's prometheus-alertmanager; ./check runs it"]
fn pages_of_another_team_wake_nobody_of_this_one() {
    let options = Options::new().team_label("team", "identity").team_label("tier", "1");
    let folder = written("amtool_team", &catalogue(), &options);
    let page = |team: &str| receiver(&folder, &["severity=page", &format!("team={team}"), "tier=1"]);
    assert_eq!(page("identity"), "pager");
    assert_eq!(page("payments"), "tickets");
    assert_eq!(receiver(&folder, &["severity=page"]), "tickets");
}
