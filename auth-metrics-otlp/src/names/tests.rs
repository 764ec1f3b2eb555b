//! Names in both modes, and the guide's table of them.

use std::collections::BTreeSet;

use auth_metrics::{FAMILIES, Family, FamilyType, families};

use super::conventions::{LABELS, ROWS};
use super::{Described, Names};

static WAIT: Family = Family::histogram("auth_store_wait_duration_seconds", &["store"], "Waits.");
static HITS: Family = Family::counter("cache_hits_total", &["operation", "store"], "Hits.");

fn described(name: &str, unit: &'static str) -> Described {
    Described { name: name.to_owned(), unit, is_up_down: false }
}

#[test]
fn names_of_the_scrape_stay_and_say_their_unit() {
    let name = |family: &Family, full: &str| Names::Scrape.metric(family, full);
    assert_eq!(
        name(&families::AUTH_LATENCY, "acme_service_auth_latency_seconds"),
        described("acme_service_auth_latency_seconds", "s")
    );
    assert_eq!(name(&families::OPERATIONS, "auth_operations_total"), described("auth_operations_total", ""));
    let attribute = Names::Scrape.attribute(&families::TOKEN_VERIFICATIONS, "status", "failed_token_expired");
    assert_eq!(attribute, Some(("status", "failed_token_expired".into())));
}

#[test]
fn every_family_of_the_core_has_a_row_or_the_rule() {
    let mut names = BTreeSet::new();
    for family in FAMILIES {
        let Described { name, unit, .. } = Names::OpenTelemetry.metric(family, family.name);
        assert!(name.contains('.') && !name.ends_with("_total") && !name.ends_with("_seconds"), "{name}");
        assert!(!family.name.ends_with("_seconds") || unit == "s", "{name} {unit}");
        assert!(names.insert(name), "{} has the name of another", family.name);
    }
    for row in ROWS {
        assert!(FAMILIES.iter().any(|family| family.name == row.family), "{} is gone", row.family);
    }
}

#[test]
fn other_families_go_by_the_rule() {
    let name = |family: &Family, full: &str| Names::OpenTelemetry.metric(family, full);
    assert_eq!(name(&WAIT, "auth_store_wait_duration_seconds"), described("auth.store_wait_duration", "s"));
    assert_eq!(name(&HITS, "acme_cache_hits_total"), described("acme.cache.hits", ""));
}

/// By the rule of Prometheus: other characters are `_`, the unit and `_total` come last.
#[test]
fn names_by_the_rule_come_back_as_those_of_the_scrape() {
    for family in [&WAIT, &HITS] {
        let Described { name, unit, .. } = Names::OpenTelemetry.metric(family, family.name);
        let unit = if unit == "s" { "_seconds" } else { "" };
        let total = if family.family_type == FamilyType::Counter { "_total" } else { "" };
        assert_eq!(format!("{}{unit}{total}", name.replace('.', "_")), family.name);
    }
}

#[test]
fn reasons_are_error_types_and_successes_have_none() {
    let attribute = |family, label, value| Names::OpenTelemetry.attribute(family, label, value);
    let failed = attribute(&families::FAILURES, "failure_reason", "account_locked");
    assert_eq!(failed, Some(("error.type", "account_locked".into())));
    let expired = attribute(&families::TOKEN_VERIFICATIONS, "status", "failed_token_expired");
    assert_eq!(expired, Some(("error.type", "token_expired".into())));
    assert_eq!(attribute(&families::TOKEN_VERIFICATIONS, "status", "success"), None);
    assert_eq!(attribute(&HITS, "operation", "login"), Some(("auth.operation.name", "login".into())));
    assert_eq!(attribute(&HITS, "store", "redis"), Some(("store", "redis".into())));
}

#[test]
fn guide_lists_every_row() {
    let guide = include_str!("../../guide/pushing.md");
    let listed: Vec<&str> = guide.lines().filter(|line| line.starts_with("| `")).collect();
    for row in ROWS {
        let kind = if row.is_up_down { "up-down counter" } else { "" };
        let unit = if row.unit.is_empty() { "–".to_owned() } else { format!("`{}`", row.unit) };
        let expected = format!("| `{}` | `{}` | {unit} | {kind}", row.family, row.name);
        let found = listed.iter().any(|line| line.starts_with(expected.trim_end()));
        assert!(found, "guide/pushing.md has no row {expected}");
    }
    for (label, name) in LABELS {
        let expected = format!("| `{label}` | `{name}` |");
        assert!(listed.contains(&&*expected), "guide/pushing.md has no row {expected}");
    }
}
