//! The pages whose code is compiled and run as tests of the documentation. The guide's pages are shown by the crates that they
//! belong to, and tested here: their code also uses crates that no published crate depends on.

/// Each page, as the documentation of a module.
macro_rules! pages {
    ($($page:ident: $path:literal),+ $(,)?) => {$(
        #[cfg(doctest)]
        #[doc = include_str!($path)]
        pub mod $page {}
    )+};
}

pages! {
    readme: "../../README.md",
    errors: "../../docs/errors.md",
    adopting: "../../auth-metrics/guide/adopting.md",
    annotating: "../../auth-metrics/guide/annotating.md",
    backends: "../../auth-metrics/guide/backends.md",
    errors_as_they_are: "../../auth-metrics/guide/errors_as_they_are.md",
    events: "../../auth-metrics/guide/events.md",
    exporting: "../../auth-metrics/guide/exporting.md",
    frameworks: "../../auth-metrics/guide/frameworks.md",
    groups: "../../auth-metrics/guide/groups.md",
    layers: "../../auth-metrics/guide/layers.md",
    limits: "../../auth-metrics/guide/limits.md",
    metrics: "../../auth-metrics/guide/metrics.md",
    reasons: "../../auth-metrics/guide/reasons.md",
    recording: "../../auth-metrics/guide/recording.md",
    return_types: "../../auth-metrics/guide/return_types.md",
    scale: "../../auth-metrics/guide/scale.md",
    testing: "../../auth-metrics/guide/testing.md",
    credentials: "../../auth-metrics-credentials/guide/credentials.md",
    keys: "../../auth-metrics-credentials/guide/keys.md",
    rotation: "../../auth-metrics-credentials/guide/rotation.md",
    actix: "../../auth-metrics-actix/guide/actix.md",
    rocket: "../../auth-metrics-rocket/guide/rocket.md",
    auditing: "../../auth-metrics-audit/guide/auditing.md",
    correlating: "../../auth-metrics-audit/guide/correlating.md",
    identities: "../../auth-metrics-audit/guide/identities.md",
    pipelines: "../../auth-metrics-audit/guide/pipelines.md",
    production: "../../auth-metrics-audit/guide/production.md",
    records: "../../auth-metrics-audit/guide/records.md",
    sinks: "../../auth-metrics-audit/guide/sinks.md",
    verifying: "../../auth-metrics-audit/guide/verifying.md",
    detecting: "../../auth-metrics-detect/guide/detecting.md",
    evidence: "../../auth-metrics-detect/guide/evidence.md",
    privacy: "../../auth-metrics-detect/guide/privacy.md",
    replicas: "../../auth-metrics-detect/guide/replicas.md",
    responding: "../../auth-metrics-detect/guide/responding.md",
    tuning: "../../auth-metrics-detect/guide/tuning.md",
    pushing: "../../auth-metrics-otlp/guide/pushing.md",
    deploying: "../../auth-metrics-rules/guide/deploying.md",
    rules: "../../auth-metrics-rules/guide/rules.md",
}
