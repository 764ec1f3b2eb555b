//! `Reason`, generated from the table of standard reasons.

use super::row::Row;
use super::{CustomReason, Fault, ReasonClass};

macro_rules! define_reasons {
    ($($variant:ident $label:literal $class:ident $fault:ident $status:literal $reveals:literal $meaning:literal;)*) => {
        /// Why an attempt failed: one variant for each standard reason, and one for those that a team declared itself.
        ///
        /// The names follow OWASP's logging vocabulary and the OAuth 2.0 and `OpenID` Connect error codes. They are stable:
        /// a release may add a reason but never renames one. If no standard reason fits, declare your own with
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
            /// A custom reason. Custom reasons come after the standard ones, sorted by label.
            Custom(CustomReason),
        }

        /// The standard reasons, by position.
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

            /// Returns the position of a standard reason in [`Reason::ALL`].
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

    /// Returns the value of the label `status` for a failed token verification: `failed_` and the reason's label.
    pub(crate) const fn failed_status(self) -> &'static str {
        self.row().failed_status
    }

    /// Returns whose fault it is.
    pub const fn fault(self) -> Fault {
        self.row().fault
    }

    /// Returns what it is about.
    pub const fn class(self) -> ReasonClass {
        self.row().class
    }

    /// Returns the HTTP status that suits an answer with this reason (RFC 9110, RFC 6750; 499 for a client that disconnected).
    ///
    /// If an answer must not reveal whether an account exists, use the status of [`Reason::InvalidCredentials`] wherever
    /// [`Reason::reveals_account`] is true. A custom reason has the status of its fault: 401 for a refusal or another step,
    /// else 500.
    pub const fn http_status(self) -> u16 {
        self.row().http_status
    }

    /// Returns whether this reason, told apart from `invalid_credentials`, reveals that an account exists or doesn't.
    ///
    /// The library can't know what a custom reason reveals. So this is true for custom reasons with the fault
    /// [`Fault::Client`], [`Fault::Attack`] or [`Fault::Neutral`]: refusals, and requests for another step.
    pub const fn reveals_account(self) -> bool {
        self.row().reveals_account
    }
}
