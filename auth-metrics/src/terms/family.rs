//! The wire contract: every exported metric family, in the order of a scrape.

/// The type of a metric family, as Prometheus names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FamilyType {
    /// Only rises.
    Counter,
    /// Rises and falls.
    Gauge,
    /// Counts observations in buckets.
    Histogram,
}

impl FamilyType {
    /// Returns the word in a `# TYPE` line.
    pub const fn label(self) -> &'static str {
        match self {
            FamilyType::Counter => "counter",
            FamilyType::Gauge => "gauge",
            FamilyType::Histogram => "histogram",
        }
    }
}

/// One metric family of the wire contract.
#[derive(Debug)]
#[non_exhaustive]
pub struct Family {
    /// The name, without the handle's namespace.
    pub name: &'static str,
    /// The type.
    pub family_type: FamilyType,
    /// The labels, without the handle's constant labels and `le`.
    pub labels: &'static [&'static str],
    /// The meaning, in its `# HELP` line.
    pub help: &'static str,
}

impl Family {
    /// The unit, if the name ends in one that `OpenMetrics` names.
    pub(crate) fn unit(&self) -> Option<&'static str> {
        let name = without_total(self.name);
        UNITS.into_iter().find(|unit| name.strip_suffix(unit).is_some_and(|rest| rest.ends_with('_')))
    }

    /// Every name that it takes, without a namespace, whether it has such samples or not. In `OpenMetrics` only the samples of a counter
    /// end in `_total`.
    pub(crate) fn taken_names(&self) -> impl Iterator<Item = String> + use<> {
        let endings: &[&str] = match self.family_type {
            FamilyType::Counter => &["", "_total", "_created"],
            FamilyType::Gauge => &[""],
            FamilyType::Histogram => &["", "_bucket", "_sum", "_count", "_created"],
        };
        let bare = without_total(self.name);
        endings.iter().map(move |ending| format!("{bare}{ending}"))
    }

    /// Whether this is one of the core's own, and not of a group that somebody attached.
    pub(crate) fn is_of_the_core(&'static self) -> bool {
        FAMILIES.iter().any(|own| std::ptr::eq(*own, self))
    }

    /// Describes a counter of a [`Group`](crate::group::Group). The name ends in `_total`, and the help is one line.
    ///
    /// ```
    /// use auth_metrics::Family;
    ///
    /// static HITS: Family = Family::counter("session_cache_lookups_total", &["result"], "Look-ups in the session cache.");
    /// assert_eq!(HITS.labels, ["result"]);
    /// ```
    pub const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Family {
        Family { name, family_type: FamilyType::Counter, labels, help }
    }

    /// Describes a gauge of a [`Group`](crate::group::Group). The help is one line.
    pub const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Family {
        Family { name, family_type: FamilyType::Gauge, labels, help }
    }

    /// Describes a histogram of a [`Group`](crate::group::Group). The help is one line.
    pub const fn histogram(
        name: &'static str,
        labels: &'static [&'static str],
        help: &'static str,
    ) -> Family {
        Family { name, family_type: FamilyType::Histogram, labels, help }
    }
}

const UNITS: [&str; 9] =
    ["seconds", "bytes", "ratio", "celsius", "meters", "volts", "amperes", "joules", "grams"];

/// The name of a counter without what it ends in: `OpenMetrics` names the family so. A group with a counter that ends otherwise is not
/// attached.
pub(crate) fn without_total(name: &str) -> &str {
    name.strip_suffix("_total").unwrap_or(name)
}

macro_rules! families {
    ($($constant:ident $name:literal $type:ident [$($label:literal),*] $help:literal;)*) => {
        /// A constant for each metric family.
        pub mod families {
            use super::{Family, FamilyType};

            $(
            #[doc = concat!("`", $name, "`, with the help `", $help, "`")]
            pub static $constant: Family = Family {
                name: $name,
                family_type: FamilyType::$type,
                labels: &[$($label),*],
                help: $help,
            };
            )*
        }

        /// Every exported metric family, in the order of a scrape.
        ///
        /// Names, labels and meanings are stable. The first seven come from the Python module that this library grew out of.
        pub static FAMILIES: &[&Family] = &[$(&families::$constant),*];
    };
}

families! {
    AUTH_SUCCESSFUL "service_auth_successful_total" Counter ["service_id"]
        "Authentications that succeeded.";
    AUTH_FAILED "service_auth_failed_total" Counter ["service_id", "failure_reason"]
        "Authentications that did not succeed, by reason.";
    TOKEN_VERIFICATIONS "jwt_token_verifications_total" Counter ["service_id", "status"]
        "Token verifications; status is success or failed_<reason>.";
    AUTH_LATENCY "service_auth_latency_seconds" Histogram ["service_id", "operation"]
        "Time from the first poll of an operation to its end, every outcome included.";
    RATE_LIMIT_EXCEEDED "rate_limit_exceeded_total" Counter ["service_id"]
        "Requests refused by a rate limit.";
    RATE_LIMIT_CURRENT "rate_limit_current" Gauge ["service_id", "limit_type"]
        "Usage of a rate limit now.";
    ACTIVE_SERVICES "auth_active_services" Gauge []
        "Services registered and not yet gone.";
    STARTED "auth_operations_started_total" Counter ["service_id", "operation"]
        "Attempts that started.";
    OPERATIONS "auth_operations_total" Counter ["service_id", "operation", "outcome"]
        "Attempts that ended, by outcome.";
    FAILURES "auth_operation_failures_total" Counter ["service_id", "operation", "failure_reason"]
        "Attempts that ended without success, by reason.";
    IN_FLIGHT "auth_operations_in_flight" Gauge ["service_id", "operation"]
        "Attempts that started and have not ended.";
    SWALLOWED "auth_swallowed_failures_total" Counter ["service_id", "operation"]
        "Attempts that ended better than an attempt of their kind inside of them.";
    OPERATION_INFO "auth_operation_info" Gauge ["service_id", "operation", "kind"]
        "Always 1: what an operation does.";
    REASON_INFO "auth_failure_reason_info" Gauge ["failure_reason", "class", "fault"]
        "Always 1: what a failure reason is about and whose fault it is.";
    SOURCE_OPERATIONS "auth_source_operations_total" Counter ["service_id", "source", "outcome"]
        "Attempts that ended, by where they came from.";
    FAIL_OPEN "auth_fail_open_total" Counter ["service_id", "policy"]
        "Requests let through because a policy could not be asked.";
    SHADOW_DECISIONS "auth_shadow_decisions_total" Counter ["service_id", "decision"]
        "What a policy that is only observed would have decided.";
    RATE_LIMIT_CAPACITY "rate_limit_capacity" Gauge ["service_id", "limit_type"]
        "The usage at which a rate limit refuses.";
    RATE_LIMIT_KEYS "rate_limit_tracked_keys" Gauge ["service_id", "limit_type"]
        "Keys that a rate limit keeps count of now.";
    LABEL_OVERFLOW "auth_label_overflow_total" Counter ["label"]
        "Label values folded into other by the cardinality guard.";
    INTERNAL_ERRORS "auth_metrics_internal_errors_total" Counter ["kind"]
        "Faults of the metrics library itself.";
    BUILD_INFO "auth_metrics_build_info" Gauge ["version"]
        "Always 1: the version of the metrics library.";
}
