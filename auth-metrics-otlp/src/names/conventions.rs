//! The table of names by OpenTelemetry's conventions. `guide/pushing.md` shows it.

/// A family of the core by its name in a scrape, and what it is called by convention.
pub(super) struct Row {
    pub(super) family: &'static str,
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) is_up_down: bool,
}

const fn row(family: &'static str, name: &'static str, unit: &'static str) -> Row {
    Row { family, name, unit, is_up_down: false }
}

const fn up_down(family: &'static str, name: &'static str, unit: &'static str) -> Row {
    Row { family, name, unit, is_up_down: true }
}

/// The family whose label says both whether it succeeded and why not.
pub(super) const TOKENS: &str = "jwt_token_verifications_total";
pub(super) const ERROR_TYPE: &str = "error.type";

pub(super) const ROWS: &[Row] = &[
    row("service_auth_successful_total", "auth.authentication.successes", "{attempt}"),
    row("service_auth_failed_total", "auth.authentication.failures", "{attempt}"),
    row(TOKENS, "auth.token.verifications", "{verification}"),
    row("service_auth_latency_seconds", "auth.operation.duration", "s"),
    row("rate_limit_exceeded_total", "auth.rate_limit.exceeded", "{request}"),
    row("rate_limit_current", "auth.rate_limit.usage", ""),
    up_down("auth_active_services", "auth.service.active", "{service}"),
    row("auth_operations_started_total", "auth.operation.started", "{attempt}"),
    row("auth_operations_total", "auth.operation.ended", "{attempt}"),
    row("auth_operation_failures_total", "auth.operation.failures", "{attempt}"),
    up_down("auth_operations_in_flight", "auth.operation.active", "{attempt}"),
    row("auth_failure_reason_info", "auth.failure_reason.info", ""),
    row("auth_source_operations_total", "auth.source.operations", "{attempt}"),
    row("auth_fail_open_total", "auth.fail_open", "{request}"),
    row("auth_shadow_decisions_total", "auth.shadow_decisions", "{decision}"),
    row("rate_limit_capacity", "auth.rate_limit.capacity", ""),
    up_down("rate_limit_tracked_keys", "auth.rate_limit.keys", "{key}"),
    row("auth_label_overflow_total", "auth.metrics.label_overflows", "{value}"),
    row("auth_metrics_internal_errors_total", "auth.metrics.internal_errors", "{error}"),
    row("auth_metrics_build_info", "auth.metrics.build_info", ""),
];

/// Labels that have another name by convention, in the families of others too.
pub(super) const LABELS: &[(&str, &str)] = &[
    ("service_id", "auth.service.id"),
    ("operation", "auth.operation.name"),
    ("failure_reason", ERROR_TYPE),
    ("outcome", "auth.outcome"),
    ("source", "auth.source"),
    ("limit_type", "auth.rate_limit.type"),
    ("policy", "auth.policy"),
    ("decision", "auth.decision"),
    ("class", "auth.failure.class"),
    ("fault", "auth.failure.fault"),
];
