//! What a `VictoriaMetrics` has, series by series.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use auth_metrics_tests_scrape::{Sample, Scrape, le};
use serde_json::Value;

use crate::stack::http;

/// A series by its name and labels, with bounds spelled as ours are.
pub(super) type Key = (String, BTreeMap<String, String>);

/// What it adds to each series: the resource, and who pushed.
const ADDED: [&str; 8] = [
    "service.name",
    "service.instance.id",
    "scope.name",
    "scope.version",
    "service_name",
    "service_instance_id",
    "scope_name",
    "scope_version",
];

/// All values of each series, in their order.
pub(super) fn stored(api: SocketAddr) -> Result<BTreeMap<Key, Vec<f64>>, String> {
    http(api, "GET /internal/force_flush", "")?;
    let answer = http(api, "GET /api/v1/export?match%5B%5D=%7B__name__%21%3D%22%22%7D", "")?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let mut stored = BTreeMap::new();
    for line in body.lines() {
        let series: Value = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
        let labels = series["metric"].as_object().ok_or("a series without labels")?;
        let mut labels: BTreeMap<String, String> =
            labels.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
        assert_eq!(labels.get("service.instance.id").or(labels.get("service_instance_id")).unwrap(), "one");
        for added in ADDED {
            labels.remove(added);
        }
        let name = labels.remove("__name__").ok_or("a series without a name")?;
        if let Some(bound) = labels.get_mut("le") {
            *bound = le(bound.parse().map_err(|error| format!("{error}: {bound}"))?);
        }
        let values = series["values"].as_array().ok_or("a series without values")?;
        let values: Vec<f64> = values.iter().map(|value| value.as_f64().unwrap()).collect();
        if stored.insert((name, labels), values).is_some() {
            return Err(format!("a series stands twice: {line}"));
        }
    }
    Ok(stored)
}

/// The samples of a scrape but for what a push says of itself, which changes with each.
pub(super) fn samples(scrape: &Scrape) -> impl Iterator<Item = (Key, f64)> {
    let others = scrape.samples().filter(|sample| !is_own(&sample.name));
    others.map(|Sample { name, labels, value }| ((name.clone(), labels.clone()), *value))
}

/// Whether this is a family of the push's own, in any namespace.
pub(super) fn is_own(name: &str) -> bool {
    name.contains("auth_otlp_")
}

/// Whether a value is what the storage makes of another: it keeps whole numbers as they are, and at least 15 digits of others.
pub(super) fn is_stored_as(value: f64, stored: f64) -> bool {
    if value.fract() == 0.0 { stored == value } else { (stored - value).abs() <= value.abs() * 1e-15 }
}
