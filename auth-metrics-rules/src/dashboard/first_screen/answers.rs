//! Four numbers: is it us, is it an attack, do users get in, are the replicas there.

use serde_json::json;

use super::super::panel::Panel;
use super::super::properties::thresholds;
use super::super::queries::{LEAST, Queries, pages};
use super::super::shape::Shape;
use auth_metrics::families::OPERATIONS;

pub(super) fn panels(queries: Queries<'_>) -> Vec<Panel> {
    let budget = queries.budget();
    let attacks = queries.joined("fault", "fault=\"attack\"", &queries.subject.short());
    let usual_attacks = queries.recorded_reasons("auth_attacks", "expected");
    let successes = queries.steady("job", &OPERATIONS, "outcome=\"success\"");
    let usual = format!("sum by (job) ({})", queries.recorded("auth_successes", "expected"));
    let up = queries.targets();
    let share = |steps: &[(f64, &str)], base: &str| {
        [("unit", json!("suffix: ×")), ("thresholds", thresholds(base, steps))]
    };
    vec![
        Panel::new(
            "Is it us?",
            "Share of attempts that failed by the service's own fault, of the operation with the most. Red where it pages.",
            Shape::Named,
            "percentunit",
            (4, 3),
        )
        .query(format!("topk(1, {})", queries.errors("operation")), "{{operation}}")
        .steps(&[(budget, "orange"), (pages()[0] * budget, "red")])
        .decimals(2)
        .or_say("No attempts"),
        Panel::new(
            "Is it an attack?",
            "Failures per second whose reason has the fault attack, and how many times the usual that is. One in 100 s counts as usual.",
            Shape::Stat,
            "short",
            (4, 3),
        )
        .query(format!("sum({attacks})"), "per second")
        .query(format!("sum({attacks}) / clamp_min(sum({usual_attacks}), {LEAST})"), "times usual")
        .overriding("byFrameRefID", "B", &share(&[(1.5, "orange"), (3.0, "red")], "green"))
        .or_say("None"),
        Panel::new(
            "Do users get in?",
            "Successes per second, and how many times the usual that is at this hour of the week.",
            Shape::Stat,
            "short",
            (4, 3),
        )
        .query(format!("sum({successes})"), "per second")
        .query(format!("sum({successes}) / (sum({usual}) > 0)"), "times usual")
        .overriding("byFrameRefID", "B", &share(&[(0.1, "orange"), (0.5, "green")], "red"))
        .or_say("None"),
        Panel::new(
            "Replicas",
            "Replicas that Prometheus can scrape, and those that it can't.",
            Shape::Stat,
            "short",
            (4, 3),
        )
        .query(format!("sum({up})"), "up")
        .query(format!("count({up}) - sum({up})"), "down")
        .overriding("byFrameRefID", "B", &[("thresholds", thresholds("green", &[(1.0, "red")]))])
        .or_say("No targets"),
    ]
}
