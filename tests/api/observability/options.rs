//! What each option changes in the rules.

use std::collections::BTreeSet;
use std::time::Duration;

use auth_metrics_detect::Detector;
use auth_metrics_rules::{Options, Part, generate};

use crate::catalogue::{builder, catalogue};

const DAY: Duration = Duration::from_secs(86_400);

fn rules(options: &Options) -> String {
    generate(&catalogue(), options).unwrap().get("rules.yml").unwrap().to_owned()
}

/// The expressions. The encoder breaks no line.
fn expressions(rules: &str) -> Vec<String> {
    let document: yaml_serde::Value = yaml_serde::from_str(rules).unwrap();
    let groups = document["groups"].as_sequence().unwrap().clone();
    let rules = groups.iter().flat_map(|group| group["rules"].as_sequence().unwrap().clone());
    rules.map(|rule| rule["expr"].as_str().unwrap().to_owned()).collect()
}

/// The metrics of an expression, each with its matchers if it has braces.
fn metrics(expression: &str) -> Vec<(String, Option<String>)> {
    let is_name = |each: char| each.is_ascii_alphanumeric() || each == '_' || each == ':';
    let is_metric = |name: &str| {
        name == "up"
            || (name.starts_with("job") && name.contains(':'))
            || name.ends_with("_total")
            || name.ends_with("_seconds")
            || name.contains("_info")
    };
    let (mut found, mut rest) = (Vec::new(), expression);
    while let Some(start) = rest.find(|each: char| each.is_ascii_alphabetic() || each == '"') {
        if rest[start..].starts_with('"') {
            rest = rest[start + 1..].split_once('"').unwrap().1;
            continue;
        }
        let name: String = rest[start..].chars().take_while(|each| is_name(*each)).collect();
        rest = &rest[start + name.len()..];
        let matchers = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        if let Some((_, after)) = matchers {
            rest = after;
        }
        if is_metric(&name) || matchers.is_some() {
            found.push((name, matchers.map(|(text, _)| text.to_owned())));
        }
    }
    found
}

#[test]
fn every_selector_of_every_rule_has_the_pack_s_matchers() {
    let options = Options::new()
        .select("job", "identity")
        .select_regex("cluster", "eu-.*", "eu-1")
        .select("service_id", "login");
    let mut checked = 0;
    for expression in expressions(&rules(&options)) {
        for (name, matchers) in metrics(&expression) {
            let matchers = matchers.unwrap_or_else(|| panic!("{name} has none in {expression}"));
            assert!(matchers.contains("job=\"identity\""), "{name}{{{matchers}}}");
            // Recorded series keep no cluster; it is in their names.
            let recorded = name.starts_with("job") && name.contains(':');
            let cluster =
                if recorded { name.contains(":eu_1_auth_") } else { matchers.contains("cluster=~\"eu-.*\"") };
            assert!(cluster, "{name}{{{matchers}}}");
            // The audit trail knows no services, so it is compared with all of them.
            let is_law = expression.contains("auth_audit_attempts_total");
            let of_service = !is_law && (name.contains("_service") || name.starts_with("auth_operation"));
            assert!(!of_service || matchers.contains("service_id=\"login\""), "{name}{{{matchers}}}");
            checked += 1;
        }
    }
    assert!(checked > 200, "{checked}");
}

#[test]
fn windows_scale_with_the_objective_and_factors_stay() {
    let of = |days: u32| rules(&Options::new().slo_window(days * DAY));
    let week = of(7);
    for (long, short, limit) in
        [("14m", "5m", "0.0144"), ("84m", "7m", "0.006"), ("336m", "28m", "0.003"), ("1008m", "84m", "0.001")]
    {
        let ratio = |window: &str| format!("job_service_operation:auth_error_ratio:rate{window}");
        let arm = format!("{} > {limit} and {} > {limit}", ratio(long), ratio(short));
        assert!(expressions(&week).iter().any(|expression| expression.contains(&arm)), "{arm}");
        assert!(week.contains(&format!("record: {}\n", ratio(long))), "{long}");
    }
    assert!(of(90).contains("auth_error_ratio:rate9d > 0.001"));
}

#[test]
fn an_objective_that_no_errors_can_miss_in_an_hour_has_no_such_arm() {
    let loose = rules(&Options::new().slo_target(0.9));
    assert!(!loose.contains("long: 1h") && loose.contains("long: 6h"));
}

#[test]
fn shortest_window_holds_four_scrapes() {
    let of = |seconds| rules(&Options::new().scrape_interval(Duration::from_secs(seconds)));
    assert_eq!(of(15), of(75));
    let slow = of(120);
    assert!(slow.contains("record: job_service_operation:auth_events:rate8m\n"));
    assert!(slow.contains("rate(auth_operations_total{outcome=~\"error\"}[8m])"), "{slow}");
}

#[test]
fn recorded_names_carry_the_namespace_so_that_two_packs_share_a_prometheus() {
    let acme = builder().namespace("acme").build().unwrap().catalogue();
    let recorded = |rules: &str| -> Vec<String> {
        let names = rules.lines().filter_map(|line| line.trim_start().strip_prefix("- record: "));
        names.map(str::to_owned).collect()
    };
    let own = recorded(&rules(&Options::new()));
    let others = recorded(generate(&acme, &Options::new()).unwrap().get("rules.yml").unwrap());
    assert_eq!(own.len(), others.len());
    assert!(own.iter().all(|name| !others.contains(name)), "{own:?} {others:?}");
}

#[test]
fn part_that_a_binary_lacks_is_in_no_rule() {
    let whole = rules(&Options::new());
    for (part, names) in [
        (Part::RateLimits, &["rate_limit_"][..]),
        (Part::Credentials, &["auth_credential_"]),
        (Part::Keys, &["auth_token_keys", "auth_key_", "auth_unknown_keys"]),
        (Part::Policies, &["auth_fail_open"]),
        (Part::Observers, &["auth_events_total", "auth_event_observer"]),
        (Part::Detection, &["auth_detect"]),
        (Part::Audit, &["auth_audit_", "auth_correlations_"]),
        (Part::Push, &["auth_otlp_"]),
    ] {
        let without = rules(&Options::new().without(part));
        for name in names {
            assert!(whole.contains(name) && !without.contains(name), "{part:?}: {name}");
        }
    }
}

#[test]
fn latency_objectives_of_operations_replace_the_common_one() {
    let rules = rules(&Options::new().operation_latency("verify", Duration::from_millis(5), 0.99));
    let of =
        |part: &str| expressions(&rules).into_iter().find(|expression| expression.contains(part)).unwrap();
    let own = of("> 0.005");
    assert!(own.contains("{operation=\"verify\"}") && own.contains("histogram_quantile(0.99"), "{own}");
    let common = of("> 0.5 ");
    assert!(
        common.contains("operation!~\"verify\"") && common.contains("histogram_quantile(0.95"),
        "{common}"
    );
    assert!(rules.contains("99% of the attempts take up to") && rules.contains("the objective is 0.005 s"));
}

#[test]
fn summaries_say_who_and_how_much() {
    let rules = rules(&Options::new().dashboard_url("https://grafana.example/"));
    let summaries: Vec<&str> =
        rules.lines().filter_map(|line| line.trim_start().strip_prefix("summary: ")).collect();
    assert!(summaries.len() > 35);
    let named = summaries.iter().filter(|summary| summary.contains("$labels.")).count();
    assert_eq!(named, summaries.len() - 1, "only AuthMetricsAbsent has no labels");
    for part in [
        "https://grafana.example/d/auth-metrics?from=now-3h&to=now&var-job={{ $labels.job | urlquery }}",
        "&var-operation={{ $labels.operation | urlquery }}",
    ] {
        assert!(rules.contains(part), "{part}");
    }
}

#[test]
fn few_guessing_sources_are_a_ticket_unless_one_is_enough() {
    let of = |sources| rules(&Options::new().guessing_sources(sources));
    let guessing = |rules: &str, alert: &str| {
        let named = rules.split("- alert: ").filter(|rule| rule.starts_with(&format!("{alert}\n")));
        named.filter(|rule| rule.contains("detector: source_guessing")).count()
    };
    assert!(of(7).contains("[1h])) >= 7"));
    assert_eq!([guessing(&of(7), "AuthDetection"), guessing(&of(7), "AuthDetectionNotice")], [1, 1]);
    assert_eq!([guessing(&of(1), "AuthDetection"), guessing(&of(1), "AuthDetectionNotice")], [1, 0]);
}

#[test]
fn bursts_and_new_sources_alert_nobody() {
    let rules = rules(&Options::new());
    let alerting = rules.lines().filter(|line| line.trim_start().starts_with("detector: "));
    let detectors: BTreeSet<&str> =
        alerting.filter_map(|line| line.trim().strip_prefix("detector: ")).collect();
    let all = Detector::ALL.iter().map(|detector| detector.label());
    let expected = all.filter(|label| !["source_burst", "new_source"].contains(label)).collect();
    assert_eq!(detectors, expected);
}
