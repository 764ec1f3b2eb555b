//! The metric families of this crate, in the order of a scrape.

use auth_metrics::Family;

/// `auth_otlp_pushes_total`: Requests by what came of them: `accepted`; `partial`, accepted but for some points; `unreadable`, accepted with
/// an answer that is none; `refused` for good; `unavailable`, not taken; `unknown`, perhaps taken.
pub static PUSHES: Family =
    Family::counter("auth_otlp_pushes_total", &["push", "result"], "Requests by what came of them.");

/// `auth_otlp_points_total`: Data points by what came of them: `accepted`; `rejected` by a server that took the others; `dropped`, since too
/// many series vanished while no server took anything.
pub static POINTS: Family =
    Family::counter("auth_otlp_points_total", &["push", "result"], "Data points by what came of them.");

/// `auth_otlp_last_success_timestamp_seconds`: When a server last took a push, in seconds since 1970.
pub static LAST_SUCCESS: Family = Family::gauge(
    "auth_otlp_last_success_timestamp_seconds",
    &["push"],
    "When a server last took a push, in seconds since 1970.",
);

/// `auth_otlp_up`: 1 while the thread of the push works, 0 once it has ended or died.
pub static UP: Family =
    Family::gauge("auth_otlp_up", &["push"], "1 while the thread of the push works, 0 once it has ended.");

/// Every family of this crate.
pub static FAMILIES: &[&Family] = &[&PUSHES, &POINTS, &LAST_SUCCESS, &UP];
