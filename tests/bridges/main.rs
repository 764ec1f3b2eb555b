//! Other back ends, each with the real thing behind it: what arrives there is what a scrape of the handle shows.

mod appended;
mod clashes;
mod metrics;
mod observations;
mod prometheus_client;
mod promtool;
mod recorder;
mod samples;
mod world;
