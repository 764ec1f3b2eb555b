//! How to use the library, page by page. Knows no code: it exists in the documentation only.
//!
//! | page | what it answers |
//! |---|---|
//! | [`annotating`] | Which functions do I annotate, and with which arguments? |
//! | [`reasons`] | Why did it fail, and whose fault is that? |
//! | [`errors_as_they_are`] | Texts, `anyhow`, trait objects, failures inside of `Ok`: what do I write for the errors that I have? |
//! | [`return_types`] | What counts as a success? What is exported before the first call? |
//! | [`recording`] | Handles, services, sources, records by hand, rate limits |
//! | [`exporting`] | How do the metrics reach Prometheus, and what do they reveal? |
//! | [`backends`] | How do they reach `metrics`, prometheus-client, or the text of another exporter? |
//! | [`metrics`] | Every family, its labels and what it means; outcomes |
//! | [`events`] | Who tried, from where, in which trace? |
//! | [`testing`] | How do I test counts, the catalogue and the number of series? |
//! | [`groups`] | How do I add families, or write another exporter? |
//! | [`scale`] | Replicas, engines, memory, series, speed |
//! | [`layers`] | How do I meter a route whose code I can't annotate? |
//! | [`limits`] | What does it not do? |
//! | [`adopting`] | Where do I annotate, install, export and test in an existing service? What is never counted? |
//! | [`frameworks`] | How does it look in axum, actix-web, Rocket and tonic? |
//!
//! Credentials, keys and rotation are in the guide of `auth-metrics-credentials`, detection of attacks in that of `auth-metrics-detect`,
//! alerts and the dashboard in that of `auth-metrics-rules`.

pub mod adopting {
    #![doc = include_str!("../guide/adopting.md")]
}
pub mod annotating {
    #![doc = include_str!("../guide/annotating.md")]
}
pub mod backends {
    #![doc = include_str!("../guide/backends.md")]
}
pub mod errors_as_they_are {
    #![doc = include_str!("../guide/errors_as_they_are.md")]
}
pub mod events {
    #![doc = include_str!("../guide/events.md")]
}
pub mod exporting {
    #![doc = include_str!("../guide/exporting.md")]
}
pub mod frameworks {
    #![doc = include_str!("../guide/frameworks.md")]
}
pub mod groups {
    #![doc = include_str!("../guide/groups.md")]
}
pub mod layers {
    #![doc = include_str!("../guide/layers.md")]
}
pub mod limits {
    #![doc = include_str!("../guide/limits.md")]
}
pub mod metrics {
    #![doc = include_str!("../guide/metrics.md")]
}
pub mod reasons {
    #![doc = include_str!("../guide/reasons.md")]
}
pub mod recording {
    #![doc = include_str!("../guide/recording.md")]
}
pub mod return_types {
    #![doc = include_str!("../guide/return_types.md")]
}
pub mod scale {
    #![doc = include_str!("../guide/scale.md")]
}
pub mod testing {
    #![doc = include_str!("../guide/testing.md")]
}
