//! What the rules name exists, and what can't happen has no alert.

use std::collections::BTreeSet;

use auth_metrics::catalogue::Catalogue;
use auth_metrics::{Exposure, Reason};
use auth_metrics_rules::{Options, generate};

use crate::catalogue::{builder, catalogue};
use crate::families;

fn rules(catalogue: &Catalogue, options: &Options) -> String {
    generate(catalogue, options).unwrap().get("rules.yml").unwrap().to_owned()
}

/// The expressions, which the encoder may spread over lines.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|each: char| !(each.is_ascii_alphanumeric() || each == '_' || each == ':'))
}

fn names_in(text: &str) -> BTreeSet<&str> {
    let ours = ["auth_", "service_auth_", "jwt_", "rate_limit_", "job_service_operation"];
    let is_name = |word: &&str| ours.iter().any(|start| word.starts_with(start)) && word.len() > 12;
    words(text).filter(is_name).collect()
}

#[test]
fn every_metric_of_every_rule_is_a_family_or_recorded() {
    let rules = rules(&catalogue(), &Options::new());
    let recorded: BTreeSet<&str> = rules
        .lines()
        .filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("record: "))
        .collect();
    assert!(recorded.len() > 20, "{recorded:?}");
    let known = |name: &str| {
        let base = name.trim_end_matches("_bucket").trim_end_matches("_count");
        recorded.contains(name) || families().any(|family| family.name == name || family.name == base)
    };
    let code: String =
        rules.lines().filter(|line| !line.contains("http") && !line.starts_with('#')).collect();
    let strange: Vec<&str> = names_in(&code).into_iter().filter(|name| !known(name)).collect();
    assert!(strange.is_empty(), "{strange:?}");
}

#[test]
fn every_reason_of_every_rule_is_one() {
    let rules = rules(&catalogue(), &Options::new());
    // The link of an alert takes the alert's reason.
    let reasons = rules.split("failure_reason=").skip(1).filter(|rest| !rest.starts_with("%q"));
    let told: Vec<&str> = reasons.filter_map(|rest| rest.split('"').nth(1)).collect();
    assert!(told.len() >= 5, "{told:?}");
    for label in told.iter().flat_map(|labels| labels.split('|')) {
        assert!(Reason::from_label(label).is_some(), "{label}");
    }
}

#[test]
fn an_excluded_operation_is_in_no_rule() {
    let rules = rules(&catalogue(), &Options::new().exclude("verify"));
    let counted = rules.matches("auth_operations_total{").count();
    assert!(counted > 5);
    assert_eq!(rules.matches("auth_operations_total{operation!~\"verify\"").count(), counted);
    assert!(!rules.contains("AuthTokenReplay"), "only verify can give it");
}

#[test]
fn a_reason_that_the_exposure_hides_has_no_alert() {
    let strict = builder().exposure(Exposure::Strict).build().unwrap().catalogue();
    assert!(rules(&catalogue(), &Options::new()).contains("AuthLockoutStorm"));
    assert!(!rules(&strict, &Options::new()).contains("AuthLockoutStorm"));
}

#[test]
fn names_have_the_namespace_of_the_handle() {
    let catalogue = builder().namespace("acme").build().unwrap().catalogue();
    let rules = rules(&catalogue, &Options::new());
    assert!(rules.contains("acme_auth_operations_total{") && !rules.contains("(auth_operations_total"));
}

#[test]
fn the_factors_of_the_burn_rates_are_those_of_the_workbook() {
    let rules = rules(&catalogue(), &Options::new().slo_target(0.99));
    for limit in ["> 0.144 ", "> 0.06 ", "> 0.03 ", "> 0.01 "] {
        assert!(rules.contains(limit), "{limit}");
    }
}

#[test]
fn every_alert_says_how_bad_what_and_where_to_read_on() {
    let rules = rules(
        &catalogue(),
        &Options::new().team_label("team", "identity").runbook_url("https://r.example/x"),
    );
    let alerts = rules.matches("alert: Auth").count();
    for needed in [
        "severity: ",
        "summary: ",
        "description: ",
        "runbook_url: https://r.example/x#auth",
        "team: identity",
    ] {
        assert_eq!(rules.matches(needed).count(), alerts, "{needed}");
    }
}
