//! `Reason`, made from the one table of standard reasons.

use super::row::Row;
use super::{CustomReason, Fault, ReasonClass};

macro_rules! define_reasons {
    ($($variant:ident $label:literal $class:ident $fault:ident $status:literal $reveals:literal $meaning:literal;)*) => {
        /// Why an attempt failed: one variant per standard reason, and those that a team declared itself.
        ///
        /// The names follow OWASP's logging vocabulary and the OAuth 2.0 and `OpenID` Connect error codes. They are stable:
        /// a release may add a reason, never rename one. A reason of one's own is declared with
        /// [`#[reason(custom = "…", fault = …)]`](derive@crate::FailureReason) or [`custom_reason!`](crate::custom_reason).
        ///
        /// ```
        /// use auth_metrics::{Fault, Reason};
        ///
        /// assert_eq!(Reason::InvalidCredentials.label(), "invalid_credentials");
        /// assert_eq!(Reason::from_label("token_expired"), Some(Reason::TokenExpired));
        /// assert_eq!(Reason::DependencyUnavailable.fault(), Fault::Server);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Reason {
            $(
                #[doc = $meaning]
                #[doc = ""]
                #[doc = concat!("Label `", $label, "`, fault `", stringify!($fault), "`, HTTP status ", stringify!($status), ".")]
                $variant,
            )*
            /// A reason that is no standard one. It comes after those, in the order of the labels.
            Custom(CustomReason),
        }

        /// The standard reasons by position.
        enum Standard {
            $($variant,)*
        }

        impl Reason {
            /// Every standard reason, in the order of the table.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant),*];

            const ROWS: &'static [Row] = &[$(Row {
                label: $label,
                failed_status: concat!("failed_", $label),
                class: ReasonClass::$class,
                fault: Fault::$fault,
                http_status: $status,
                reveals_account: $reveals,
            }),*];

            /// Where a standard reason stands in [`Reason::ALL`].
            pub(super) const fn standard_position(self) -> Option<usize> {
                match self {
                    $(Reason::$variant => Some(Standard::$variant as usize),)*
                    Reason::Custom(_) => None,
                }
            }
        }
    };
}

auth_metrics_macros::reason_table!(define_reasons);

impl Reason {
    const fn row(self) -> &'static Row {
        match self {
            Reason::Custom(custom) => custom.row(),
            // Only a custom reason has no position among the standard ones.
            standard => match standard.standard_position() {
                Some(position) => &Self::ROWS[position],
                None => Reason::Unknown.row(),
            },
        }
    }

    /// The value of the `failure_reason` label; also OpenTelemetry's `error.type`.
    pub const fn label(self) -> &'static str {
        self.row().label
    }

    /// The value of the `status` label of a failed token verification: `failed_` and the reason's label.
    pub(crate) const fn failed_status(self) -> &'static str {
        self.row().failed_status
    }

    /// Whose fault it is.
    pub const fn fault(self) -> Fault {
        self.row().fault
    }

    /// What it is about.
    pub const fn class(self) -> ReasonClass {
        self.row().class
    }

    /// The HTTP status that fits an answer given for this reason (RFC 9110, RFC 6750; 499 for a caller that went away).
    ///
    /// An answer that must not reveal whether an account exists uses the status of [`Reason::InvalidCredentials`]
    /// wherever [`Reason::reveals_account`] is true. A custom reason has the status of its fault: 401 for a refusal or
    /// another step, else 500.
    pub const fn http_status(self) -> u16 {
        self.row().http_status
    }

    /// Whether telling this reason apart from `invalid_credentials` reveals whether an account exists.
    ///
    /// The library can't know what a custom reason reveals, so it is true for those with the fault [`Fault::Client`],
    /// [`Fault::Attack`] or [`Fault::Neutral`]: a refusal, or another step that is asked for.
    pub const fn reveals_account(self) -> bool {
        self.row().reveals_account
    }
}
