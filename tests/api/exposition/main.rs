//! What a scrape shows: the wire contract by its literal names, its bounds, the registry, the listener.

mod accept;
mod bounds;
mod builder;
mod contract;
mod exposure;
mod fixture;
mod invisible;
mod labels;
mod laws;
mod listener;
mod openmetrics;
mod oracles;
mod proptests;
mod reasons;
mod refusals;
mod registry;
mod traffic;
