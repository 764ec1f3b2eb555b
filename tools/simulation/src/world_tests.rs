//! What holds in every world.

use std::sync::OnceLock;

use super::*;
use crate::calendar::HOUR;
use crate::kind::{Class, Kind};

/// Drawn once, for all tests.
fn worlds() -> impl Iterator<Item = World> {
    static WORLDS: OnceLock<Vec<World>> = OnceLock::new();
    WORLDS.get_or_init(|| (1..=24).map(|seed| World::new(seed, 5)).collect()).iter().cloned()
}

#[test]
fn a_seed_repeats_its_world() {
    let spelled = |seed| format!("{:?}", World::new(seed, 3));
    assert_eq!(spelled(4), spelled(4));
    assert_ne!(spelled(4), spelled(5));
}

#[test]
fn worlds_differ_in_size_and_each_has_a_small_a_large_and_a_fresh_deployment() {
    let mut rates = std::collections::BTreeSet::new();
    for world in worlds() {
        let established = |deployment: &&Deployment| deployment.from == 0;
        let of: Vec<f64> =
            world.deployments.iter().filter(established).map(|known| known.traffic.rate).collect();
        assert!(of.iter().any(|&rate| rate < 0.1) && of.iter().any(|&rate| rate >= 200.0), "{of:?}");
        assert!(world.deployments.iter().any(|deployment| deployment.from > 4 * 7 * DAY));
        rates.extend(of.iter().map(|rate| (rate * 100.0) as u64));
    }
    assert_eq!(rates.into_iter().collect::<Vec<_>>(), [1, 5, 100, 2_000, 20_000, 200_000, 500_000]);
}

#[test]
fn incidents_of_a_deployment_are_apart_and_prometheus_sees_them_begin() {
    for world in worlds() {
        for deployment in &world.deployments {
            for pair in deployment.incidents.windows(2) {
                assert!(pair[1].from > pair[0].to + 8 * HOUR, "{pair:?}");
            }
            for incident in &deployment.incidents {
                assert!(deployment.from < incident.from && incident.to < deployment.until);
                assert!(
                    (incident.from..incident.from + HOUR.min(incident.to - incident.from))
                        .all(|at| world.is_watched(at))
                );
                assert!(deployment.episodes.iter().any(|episode| episode.from == incident.from));
            }
        }
    }
}

#[test]
fn an_established_deployment_has_about_ten_incidents_by_day_and_by_night() {
    let (mut by_day, mut all, mut deployments) = (0, 0, 0);
    for world in worlds() {
        for deployment in world.deployments.iter().filter(|deployment| deployment.from == 0) {
            deployments += 1;
            all += deployment.incidents.len();
            by_day += deployment
                .incidents
                .iter()
                .filter(|incident| deployment.traffic.is_busy(incident.from))
                .count();
        }
    }
    assert!((8..=13).contains(&(all / deployments)), "{all} at {deployments}");
    assert!((all / 5..4 * all / 5).contains(&by_day), "{by_day} of {all}");
}

#[test]
fn every_kind_of_incident_happens_somewhere() {
    let mut kinds: Vec<Kind> = worlds()
        .flat_map(|world| world.deployments)
        .flat_map(|known| known.incidents)
        .map(|found| found.kind)
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let missing: Vec<_> = Kind::ALL.iter().filter(|kind| !kinds.contains(kind)).collect();
    assert!(missing.is_empty() && kinds.contains(&Kind::SecondHour), "{missing:?}");
}

#[test]
fn most_incidents_count_for_the_bar() {
    let all: Vec<_> =
        worlds().flat_map(|world| world.deployments).flat_map(|known| known.incidents).collect();
    let core = all.iter().filter(|incident| incident.class == Class::Core).count();
    assert!(core * 10 > all.len() * 8, "{core} of {}", all.len());
}

#[test]
fn every_reason_that_a_world_counts_is_one_that_the_catalogue_can_give() {
    let metrics = auth_metrics::AuthMetrics::builder().service_id("simulated").build().unwrap();
    let text = metrics.encode_text();
    for world in worlds() {
        for operation in world.deployments.iter().flat_map(|deployment| &deployment.operations) {
            for usual in &operation.reasons {
                let (name, reason) = (operation.name, usual.reason);
                let found = text.lines().any(|line| {
                    line.starts_with("auth_operation_failures_total{")
                        && line.contains(&format!("operation=\"{name}\""))
                        && line.contains(&format!("failure_reason=\"{reason}\""))
                });
                assert!(found, "{name} {reason}");
            }
        }
    }
}
