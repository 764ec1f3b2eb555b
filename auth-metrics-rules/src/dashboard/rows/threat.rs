//! Attacks, what is usual, and what policies let through.

use super::super::super::query::BY;
use super::super::colours::Told;
use super::super::panel::Panel;
use super::super::queries::{LEAST, Queries};
use super::super::shape::Shape;
use crate::Part;
use auth_metrics::families::{FAIL_OPEN, OPERATIONS, SHADOW_DECISIONS};

const NEEDS_RULES: &str = "Nothing usual is known";

/// Each operation against its own habit and limit, which the sums of the first screen hide.
pub(super) fn habit(queries: Queries<'_>) -> Vec<Panel> {
    let over = |outcome: &str, what: &str, how: &str| {
        let now = queries.steady(BY, &OPERATIONS, &format!("outcome=\"{outcome}\""));
        format!("sum by (operation) ({now}) / sum by (operation) ({} > 0)", queries.recorded(what, how))
    };
    let each = |title, description: &str, expr, limit| {
        Panel::new(title, description, Shape::Lines, "percentunit", (8, 8))
            .query(expr, "{{operation}}")
            .told_by(Told::Operation)
            .steps(&[limit])
            .or_say(NEEDS_RULES)
    };
    vec![
        each(
            "Rejections, share of the limit",
            "Correct refusals as a share of the rate above which an alert fires. Needs the recording rules.",
            over("rejected", "auth_rejections", "upper"),
            (1.0, "red"),
        ),
        each(
            "Successes, share of the usual",
            "Successes as a share of what is usual at this hour of the week. Below a tenth, an alert fires. Needs the recording rules.",
            over("success", "auth_successes", "expected"),
            (0.1, "red"),
        ),
        each(
            "Cancelled, share of the usual",
            "Attempts whose caller gave up, as a share of what is usual at this hour of the week. Needs the recording rules.",
            over("cancelled", "auth_cancelled", "expected"),
            (3.0, "orange"),
        ),
    ]
}

pub(super) fn panels(queries: Queries<'_>) -> Vec<Panel> {
    let mut panels = vec![
        Panel::new(
            "Attacks by reason",
            "Failures per second whose reason has the fault attack.",
            Shape::Stack,
            "reqps",
            (6, 9),
        )
        .query(
            queries.joined("failure_reason", "fault=\"attack\"", "$__rate_interval") + " > 0",
            "{{failure_reason}}",
        )
        .or_say("None"),
        Panel::new(
            "Attacks, times the usual",
            "Failures whose reason has the fault attack, over what is usual at this hour of the week. Needs the recording rules.",
            Shape::Lines,
            "suffix: ×",
            (6, 9),
        )
        .query(
            format!(
                "sum by (failure_reason) ({}) / clamp_min(sum by (failure_reason) ({}), {LEAST})",
                queries.recorded_reasons("auth_attacks", &format!("rate{}", queries.subject.short())),
                queries.recorded_reasons("auth_attacks", "expected")
            ),
            "{{failure_reason}}",
        )
        .steps(&[(3.0, "red")])
        .or_say(NEEDS_RULES),
    ];
    if queries.subject.has(Part::Policies) {
        panels.extend(policies(queries));
    }
    panels
}

fn policies(queries: Queries<'_>) -> [Panel; 2] {
    [
        Panel::new(
            "Fail-open by policy",
            "Requests let through because the policy could not be asked, per second. Nobody checked them.",
            Shape::Lines,
            "reqps",
            (6, 9),
        )
        .query(queries.rate("policy", &FAIL_OPEN, ""), "{{policy}}"),
        Panel::new(
            "Shadow decisions",
            "What policies that are not enforced would have decided, per second. The others decided the same.",
            Shape::Lines,
            "reqps",
            (6, 9),
        )
        .query(queries.rate("decision", &SHADOW_DECISIONS, ""), "{{decision}}")
        .told_by(Told::Shadow),
    ]
}
