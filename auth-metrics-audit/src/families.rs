//! The metric families of this crate, in the order of a scrape.

use auth_metrics::Family;

/// `auth_audit_attempts_total`: Attempts by what the trail decided: `captured`, `skipped` by the policy, or `overflow`, lost on the way to
/// the trail. As many as `auth_operations_total` counts.
pub static ATTEMPTS: Family = Family::counter(
    "auth_audit_attempts_total",
    &["decision"],
    "Attempts by what the audit trail decided; as many as auth_operations_total.",
);

/// `auth_audit_events_total`: Captured attempts by sink, and by what became of them: `written`, `handed_over` by a sink that can't confirm,
/// `dropped_full`, `dropped_failed`, `dropped_shutdown`. With those that still wait in the queue, as many as were captured.
pub static EVENTS: Family = Family::counter(
    "auth_audit_events_total",
    &["sink", "result"],
    "Captured attempts by what became of them at a sink; with its queue as many as were captured.",
);

/// `auth_audit_steps_total`: Steps of credentials and decisions by sink, and by what became of them.
pub static STEPS: Family = Family::counter(
    "auth_audit_steps_total",
    &["sink", "result"],
    "Steps of credentials and decisions by what became of them at a sink.",
);

/// `auth_audit_queue_events`: Captured attempts that wait for a sink.
pub static QUEUE: Family =
    Family::gauge("auth_audit_queue_events", &["sink"], "Captured attempts that wait for a sink.");

/// `auth_audit_queue_capacity`: How many events wait for a sink at most.
pub static QUEUE_CAPACITY: Family =
    Family::gauge("auth_audit_queue_capacity", &["sink"], "How many events wait for a sink at most.");

/// `auth_audit_last_success_timestamp_seconds`: When a sink last took a line, in seconds since 1970.
pub static LAST_SUCCESS: Family = Family::gauge(
    "auth_audit_last_success_timestamp_seconds",
    &["sink"],
    "When a sink last took a line, in seconds since 1970.",
);

/// `auth_audit_sequence`: The number of the last line of a sink's chain that is durable: the witness that its end was not cut off.
pub static SEQUENCE: Family = Family::gauge(
    "auth_audit_sequence",
    &["sink"],
    "The number of the last line of a sink's chain: the witness that its end was not cut off.",
);

/// `auth_audit_write_duration_seconds`: How long a sink took for a batch of lines, with its sync.
pub static WRITE_DURATION: Family = Family::histogram(
    "auth_audit_write_duration_seconds",
    &["sink"],
    "How long a sink took for a batch of lines, with its sync.",
);

/// The upper bounds of the buckets of [`WRITE_DURATION`], in seconds.
pub(crate) const WRITE_BOUNDS: [f64; 12] =
    [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// `auth_audit_faults_total`: Troubles of a sink: `io`, `full` disk, `replaced` file, `torn_tail` after a crash, `too_slow`.
pub static FAULTS: Family =
    Family::counter("auth_audit_faults_total", &["sink", "kind"], "Troubles of a sink.");

/// `auth_correlations_total`: Patterns over several attempts: `success_after_failures`, `session_from_new_peer`, `token_without_login`.
pub static CORRELATIONS: Family =
    Family::counter("auth_correlations_total", &["pattern"], "Patterns over several attempts.");

/// `auth_audit_up`: 1 while the threads of the trail work, 0 once one of them has died.
pub static UP: Family =
    Family::gauge("auth_audit_up", &["sink"], "1 while the thread of a sink works, 0 once it has died.");

/// Every family of this crate.
pub static FAMILIES: &[&Family] = &[
    &ATTEMPTS,
    &EVENTS,
    &STEPS,
    &QUEUE,
    &QUEUE_CAPACITY,
    &LAST_SUCCESS,
    &SEQUENCE,
    &WRITE_DURATION,
    &FAULTS,
    &CORRELATIONS,
    &UP,
];
