//! What takes a program beside the tests: Prometheus, promtool, Alertmanager, `VictoriaMetrics`, Redis, a browser, the example
//! service. Ignored by plain `cargo test`; `./check` runs each module in a step of its own.

mod alertmanager;
mod audit_queries;
mod audit_schema;
#[path = "../api/exposition/fixture.rs"]
#[allow(dead_code, reason = "the tests of the text use more of it")]
mod fixture;
mod formats;
mod kubernetes;
mod live;
mod mixin;
mod otlp;
mod page;
mod prometheus;
mod promtool;
mod redis_lease;
mod redis_replicas;
mod stack;
