//! Both formats in front of those who read them: a strict parser, Prometheus 2 and 3, `VictoriaMetrics`.

mod accepted;
mod exemplars;
mod native;
mod native_rules;
mod router;
mod scraped;
mod strict;
mod traced;
mod victoria;
