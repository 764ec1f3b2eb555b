//! What takes a program beside the tests: Prometheus, promtool, Alertmanager, `VictoriaMetrics`, Redis, a browser, the example
//! service. Ignored by plain `cargo test`; `./check` runs each module in a step of its own.

mod live;
mod page;
mod prometheus;
mod promtool;
mod redis_lease;
mod stack;
