//! Properties of fields, as Grafana spells them.

use serde_json::{Value, json};

/// The properties of the fields that a matcher of Grafana finds.
pub(super) fn overriding(matcher: &str, of: &str, properties: &[(&str, Value)]) -> Value {
    let each = |(id, value): &(&str, Value)| json!({ "id": id, "value": value });
    json!({
        "matcher": { "id": matcher, "options": of },
        "properties": properties.iter().map(each).collect::<Vec<_>>(),
    })
}

/// Colours from values on, above a base colour.
pub(super) fn thresholds(base: &str, steps: &[(f64, &str)]) -> Value {
    let base = json!({ "value": null, "color": base });
    let each = |(value, colour): &(f64, &str)| json!({ "value": value, "color": colour });
    let steps: Vec<Value> = std::iter::once(base).chain(steps.iter().map(each)).collect();
    json!({ "mode": "absolute", "steps": steps })
}
