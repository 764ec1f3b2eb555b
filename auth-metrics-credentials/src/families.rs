//! The metric families of credentials and keys, in the order of a scrape.
//!
//! Names, labels and meanings are stable.

use auth_metrics::Family;

/// `auth_credential_not_after_timestamp_seconds`: When a credential expires, in seconds since 1970.
pub static NOT_AFTER: Family = Family::gauge(
    "auth_credential_not_after_timestamp_seconds",
    &["service_id", "credential_kind", "credential"],
    "When a credential expires, in seconds since 1970.",
);

/// `auth_credential_last_rotated_timestamp_seconds`: When a credential was last rotated, in seconds since 1970.
pub static LAST_ROTATED: Family = Family::gauge(
    "auth_credential_last_rotated_timestamp_seconds",
    &["service_id", "credential_kind", "credential"],
    "When a credential was last rotated, in seconds since 1970.",
);

/// `auth_credential_rotation_interval_seconds`: How often a credential is to be rotated.
pub static ROTATION_INTERVAL: Family = Family::gauge(
    "auth_credential_rotation_interval_seconds",
    &["service_id", "credential_kind", "credential"],
    "How often a credential is to be rotated.",
);

/// `auth_credential_rotations_total`: Tries to rotate a credential, by how they ended.
pub static ROTATIONS: Family = Family::counter(
    "auth_credential_rotations_total",
    &["service_id", "credential_kind", "outcome"],
    "Tries to rotate a credential, by how they ended.",
);

/// `auth_credential_rotation_duration_seconds`: How long tries to rotate a credential took.
pub static ROTATION_DURATION: Family = Family::histogram(
    "auth_credential_rotation_duration_seconds",
    &["service_id", "credential_kind"],
    "How long tries to rotate a credential took.",
);

/// `auth_credential_events_total`: What happened to credentials.
pub static CREDENTIAL_EVENTS: Family = Family::counter(
    "auth_credential_events_total",
    &["service_id", "credential_kind", "event"],
    "What happened to credentials.",
);

/// `auth_presented_credential_remaining_seconds`: Life left in the credentials that clients present.
pub static PRESENTED_REMAINING: Family = Family::histogram(
    "auth_presented_credential_remaining_seconds",
    &["service_id", "credential_kind"],
    "Life left in the credentials that clients present.",
);

/// `auth_key_fetches_total`: Fetches of a key set.
pub static KEY_FETCHES: Family =
    Family::counter("auth_key_fetches_total", &["service_id", "result"], "Fetches of a key set.");

/// `auth_key_last_success_timestamp_seconds`: When a key set was last fetched, in seconds since 1970.
pub static KEY_LAST_SUCCESS: Family = Family::gauge(
    "auth_key_last_success_timestamp_seconds",
    &["service_id"],
    "When a key set was last fetched, in seconds since 1970.",
);

/// `auth_token_keys_total`: Token verifications by how the key that the token names stands in the key set.
pub static TOKEN_KEYS: Family = Family::counter(
    "auth_token_keys_total",
    &["service_id", "key_state"],
    "Token verifications by how the key that the token names stands in the key set.",
);

/// Every family of this crate.
pub static FAMILIES: &[&Family] = &[
    &NOT_AFTER,
    &LAST_ROTATED,
    &ROTATION_INTERVAL,
    &ROTATIONS,
    &ROTATION_DURATION,
    &CREDENTIAL_EVENTS,
    &PRESENTED_REMAINING,
    &KEY_FETCHES,
    &KEY_LAST_SUCCESS,
    &TOKEN_KEYS,
];
