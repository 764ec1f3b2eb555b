//! The collapsed rows: what each part of the metrics says in detail. Rows of parts that the binary does not have are left out.

mod audit;
mod credentials;
mod detection;
mod health;
mod latency;
mod replicas;
mod threat;
mod tokens;
mod traffic;

use super::layout::Row;
use super::queries::Queries;

pub(super) fn rows(queries: Queries<'_>) -> Vec<Row> {
    vec![
        Row::collapsed("Habit by operation", threat::habit(queries)),
        Row::collapsed("Replicas", replicas::panels(queries)),
        Row::collapsed("Traffic", traffic::panels(queries)),
        Row::collapsed("Failures", traffic::failures(queries)),
        Row::collapsed("Latency", latency::panels(queries)),
        Row::collapsed("Attacks and policies", threat::panels(queries)),
        Row::collapsed("Detection", detection::panels(queries)),
        Row::collapsed("Audit trail", audit::panels(queries)),
        Row::collapsed("Tokens and keys", tokens::panels(queries)),
        Row::collapsed("Rate limits", tokens::limits(queries)),
        Row::collapsed("Credentials", credentials::panels(queries)),
        Row::collapsed("Health of the metrics", health::panels(queries)),
    ]
}
