//! What a scrape shows: the wire contract by its literal names, its bounds, the registry, the listener, a real Prometheus.

mod bounds;
mod builder;
mod contract;
mod exposure;
mod fixture;
mod invisible;
mod labels;
mod laws;
mod listener;
mod oracles;
mod parser;
mod prometheus;
mod proptests;
mod reasons;
mod refusals;
mod registry;
#[path = "../stack/mod.rs"]
mod stack;
mod traffic;
