//! How long attempts take.

use super::super::super::query::BY;
use super::super::colours::Told;
use super::super::panel::Panel;
use super::super::queries::Queries;
use super::super::shape::Shape;
use auth_metrics::families::AUTH_LATENCY;

pub(super) fn panels(queries: Queries<'_>) -> Vec<Panel> {
    let quantile = |share| queries.quantile(share, "operation", &AUTH_LATENCY, "$__rate_interval");
    let options = queries.subject.options;
    let bound = queries.subject.latency_bound(options.latency.0);
    vec![
        Panel::new("Median", "Half of the attempts took no longer than this.", Shape::Lines, "s", (8, 8))
            .query(quantile(0.5), "{{operation}}")
            .told_by(Told::Operation)
            .with_exemplars(),
        Panel::new(
            "95th percentile",
            "One attempt in twenty took longer than this. Dashed: the time that the objective allows, where an operation has none of \
             its own.",
            Shape::Lines,
            "s",
            (8, 8),
        )
        .query(quantile(0.95), "{{operation}}")
        .told_by(Told::Operation)
        .steps(&[(bound, "red")])
        .with_exemplars(),
        Panel::new(
            "99th percentile",
            "One attempt in a hundred took longer than this.",
            Shape::Lines,
            "s",
            (8, 8),
        )
        .query(quantile(0.99), "{{operation}}")
        .told_by(Told::Operation)
        .with_exemplars(),
        Panel::new(
            "95th percentile of the limit",
            "The 95th percentile as a share of the time that the objective of each operation allows.",
            Shape::Lines,
            "percentunit",
            (8, 8),
        )
        .query(format!("max by (operation) ({})", queries.p95_of_bound()), "{{operation}}")
        .told_by(Told::Operation)
        .steps(&[(1.0, "red")]),
        Panel::new(
            "95th percentile of the usual",
            "The 95th percentile over what is usual at this hour of the week. Needs the recording rules.",
            Shape::Lines,
            "suffix: ×",
            (8, 8),
        )
        .query(
            format!(
                "max by (operation) ({} / on ({BY}) ({} > 0))",
                queries.p95(),
                queries.recorded("auth_latency_seconds", "expected_p95")
            ),
            "{{operation}}",
        )
        .told_by(Told::Operation)
        .steps(&[(2.0, "orange")])
        .or_say("Nothing usual is known"),
        Panel::new("Heatmap", "How many attempts took how long.", Shape::Heatmap, "s", (8, 8))
            .query(queries.buckets(&AUTH_LATENCY), "{{le}}")
            .with_exemplars(),
    ]
}
