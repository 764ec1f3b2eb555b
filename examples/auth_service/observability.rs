//! Keeps the folder `observability/` of this repository in step with what this binary exports.

use std::fmt::Write as _;

use auth_metrics::AuthMetrics;
use auth_metrics_rules::{Kubernetes, Options, assert_up_to_date_with};

#[test]
fn rules_are_those_of_this_binary() -> Result<(), auth_metrics::Error> {
    let catalogue = AuthMetrics::builder().service_id("auth_service").build()?.catalogue();
    let kubernetes = Kubernetes::new("auth-service").label("release", "kube-prometheus-stack");
    assert_up_to_date_with(&catalogue, &Options::new().kubernetes(kubernetes), "../observability/");
    Ok(())
}

/// Instances of the service.
const INSTANCES: [usize; 3] = [10, 1_000, 100_000];

/// The table of auth-metrics/guide/scale.md: series of each family that a scrape shows before the first call.
#[test]
fn the_page_on_scale_has_this_binary_s_figures() -> Result<(), Box<dyn std::error::Error>> {
    let catalogue = AuthMetrics::builder().service_id("auth_service").build()?.catalogue();
    let mut table =
        "| family | one instance | 10 | 1,000 | 100,000 |\n|---|---:|---:|---:|---:|\n".to_owned();
    let mut row = |name: &str, series: usize| {
        let counts = INSTANCES.map(|instances| grouped(series * instances));
        writeln!(table, "| {name} | {} | {} | {} | {} |", grouped(series), counts[0], counts[1], counts[2])
    };
    for (family, series) in catalogue.families(1).filter(|(_, series)| *series > 0) {
        row(&format!("`{}`", family.name), series)?;
    }
    row("all of them", catalogue.series(1))?;
    let page = std::fs::read_to_string("../auth-metrics/guide/scale.md")?;
    assert!(page.contains(&table), "auth-metrics/guide/scale.md needs this table:\n{table}");
    Ok(())
}

/// Groups of three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}
