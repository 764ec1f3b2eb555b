//! The metric families of this crate, in the order of a scrape.

use auth_metrics::Family;

/// `auth_detections_total`: Detections that began, by detector.
pub static DETECTIONS: Family = Family::counter(
    "auth_detections_total",
    &["service_id", "operation", "detector"],
    "Detections that began, by detector.",
);

/// `auth_detections_active`: Detections in force, by detector.
pub static DETECTIONS_ACTIVE: Family =
    Family::gauge("auth_detections_active", &["detector"], "Detections in force, by detector.");

/// `auth_detection_since_timestamp_seconds`: When the oldest detection in force began, in seconds since 1970.
pub static DETECTION_SINCE: Family = Family::gauge(
    "auth_detection_since_timestamp_seconds",
    &["detector"],
    "When the oldest detection in force began, in seconds since 1970.",
);

/// `auth_threat_prior`: Share of hostile ones among unfamiliar first contacts, estimated.
pub static THREAT_PRIOR: Family = Family::gauge(
    "auth_threat_prior",
    &["service_id", "operation"],
    "Share of hostile ones among unfamiliar first contacts, estimated.",
);

/// `auth_unfamiliar_attempts_total`: Attempts of a subject from a source where it never succeeded before, by outcome.
pub static UNFAMILIAR: Family = Family::counter(
    "auth_unfamiliar_attempts_total",
    &["service_id", "operation", "outcome"],
    "Attempts of a subject from a source where it never succeeded before, by outcome.",
);

/// `auth_usual_failures`: Failures of clients that five minutes of this hour of the week usually have: the median, and the edges of what is
/// usual. Zero while they are learned.
pub static USUAL_FAILURES: Family = Family::gauge(
    "auth_usual_failures",
    &["service_id", "operation", "edge"],
    "Failures of clients that five minutes of this hour of the week usually have.",
);

/// `auth_timing_gap_seconds`: How much longer attempts on accounts that exist take. Not there in
/// [`Strict`](auth_metrics::Exposure::Strict) exposure.
pub static TIMING_GAP: Family = Family::gauge(
    "auth_timing_gap_seconds",
    &["service_id", "operation"],
    "How much longer attempts on accounts that exist take.",
);

/// `auth_timing_gap_z`: Standard deviations between the latencies of accounts that exist and of those that don't. Not there in
/// [`Strict`](auth_metrics::Exposure::Strict) exposure.
pub static TIMING_GAP_Z: Family = Family::gauge(
    "auth_timing_gap_z",
    &["service_id", "operation"],
    "Standard deviations between the latencies of accounts that exist and of those that don't.",
);

/// `auth_distinct`: Distinct subjects, sources or networks in a window, estimated.
pub static DISTINCT: Family = Family::gauge(
    "auth_distinct",
    &["what", "window"],
    "Distinct subjects, sources or networks in a window, estimated.",
);

/// `auth_forecast_seconds`: Seconds until something runs out, if it goes on like this.
pub static FORECAST: Family = Family::gauge(
    "auth_forecast_seconds",
    &["what"],
    "Seconds until something runs out, if it goes on like this.",
);

/// `auth_detect_up`: 1 while the engine works, 0 once it has stopped.
pub static UP: Family =
    Family::gauge("auth_detect_up", &[], "1 while the engine works, 0 once it has stopped.");

/// `auth_detect_learning`: 1 while the baselines of an operation are learned, else 0.
pub static LEARNING: Family = Family::gauge(
    "auth_detect_learning",
    &["service_id", "operation"],
    "1 while the baselines of an operation are learned, else 0.",
);

/// `auth_detect_held`: 1 while a suspected regression holds back campaign detection, else 0.
pub static HELD: Family = Family::gauge(
    "auth_detect_held",
    &["service_id", "operation"],
    "1 while a suspected regression holds back campaign detection, else 0.",
);

/// `auth_detect_events_dropped_total`: Attempts that the engine never saw.
pub static EVENTS_DROPPED: Family =
    Family::counter("auth_detect_events_dropped_total", &[], "Attempts that the engine never saw.");

/// `auth_detect_evictions_total`: Entries that lost their place in a full table, by how much evidence was lost.
pub static EVICTIONS: Family = Family::counter(
    "auth_detect_evictions_total",
    &["what", "evidence"],
    "Entries that lost their place in a full table, by how much evidence was lost.",
);

/// `auth_detect_state_bytes`: Memory that the engine holds.
pub static STATE_BYTES: Family =
    Family::gauge("auth_detect_state_bytes", &[], "Memory that the engine holds.");

/// `auth_detect_lag_seconds`: How long after its end the engine judged the latest attempt.
pub static LAG: Family = Family::gauge(
    "auth_detect_lag_seconds",
    &[],
    "How long after its end the engine judged the latest attempt.",
);

/// `auth_detect_errors_total`: Troubles of the engine itself.
pub static ERRORS: Family =
    Family::counter("auth_detect_errors_total", &["kind"], "Troubles of the engine itself.");

/// Every family of this crate.
pub static FAMILIES: &[&Family] = &[
    &DETECTIONS,
    &DETECTIONS_ACTIVE,
    &DETECTION_SINCE,
    &THREAT_PRIOR,
    &UNFAMILIAR,
    &USUAL_FAILURES,
    &TIMING_GAP,
    &TIMING_GAP_Z,
    &DISTINCT,
    &FORECAST,
    &UP,
    &LEARNING,
    &HELD,
    &EVENTS_DROPPED,
    &EVICTIONS,
    &STATE_BYTES,
    &LAG,
    &ERRORS,
];
