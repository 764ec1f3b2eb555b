//! `Reason`, its class and its fault, made from the one table of standard reasons.

/// Whose fault a failure is; the `fault` label of `auth_failure_reason_info`.
///
/// A correct refusal (`Client`, `Attack`) is a good event; only `Server` and `Unknown` burn the error budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The caller's mistake, or a stage in the life of his credentials.
    Client,
    /// Worth a look by the security on-call.
    Attack,
    /// Ours. Nothing a stranger can trigger by what he sends has this fault.
    Server,
    /// Nobody's: another step is needed, or the caller went away.
    Neutral,
    /// Not known: the error is not mapped.
    Unknown,
}

impl Fault {
    /// The value of the `fault` label.
    pub const fn label(self) -> &'static str {
        match self {
            Fault::Client => "client",
            Fault::Attack => "attack",
            Fault::Server => "server",
            Fault::Neutral => "neutral",
            Fault::Unknown => "unknown",
        }
    }
}

/// What a reason is about; the `class` label of `auth_failure_reason_info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// A password, key, certificate or other secret.
    Credentials,
    /// The state of the account.
    Account,
    /// A token and its claims.
    Token,
    /// A second factor.
    Mfa,
    /// What a known subject may do.
    Authorization,
    /// Throttling and blocking.
    Abuse,
    /// The form of the request and the protocol around it.
    Protocol,
    /// The session.
    Session,
    /// Our own side.
    Server,
    /// How the attempt itself ended.
    Lifecycle,
}

impl Class {
    /// The value of the `class` label.
    pub const fn label(self) -> &'static str {
        match self {
            Class::Credentials => "credentials",
            Class::Account => "account",
            Class::Token => "token",
            Class::Mfa => "mfa",
            Class::Authorization => "authorization",
            Class::Abuse => "abuse",
            Class::Protocol => "protocol",
            Class::Session => "session",
            Class::Server => "server",
            Class::Lifecycle => "lifecycle",
        }
    }
}

struct Row {
    label: &'static str,
    failed_status: &'static str,
    class: Class,
    fault: Fault,
    http_status: u16,
    reveals_account: bool,
}

macro_rules! define_reasons {
    ($($variant:ident $label:literal $class:ident $fault:ident $status:literal $reveals:literal $meaning:literal;)*) => {
        /// Why an attempt failed: the closed set of standard reasons, one variant per reason.
        ///
        /// The names follow OWASP's logging vocabulary and the OAuth 2.0 and `OpenID` Connect error codes. They are stable:
        /// a release may add a reason, never rename one.
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
        #[repr(u8)]
        pub enum Reason {
            $(
                #[doc = $meaning]
                #[doc = ""]
                #[doc = concat!("Label `", $label, "`, fault `", stringify!($fault), "`, HTTP status ", stringify!($status), ".")]
                $variant,
            )*
        }

        impl Reason {
            /// Every standard reason, in the order of the table.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant),*];

            const ROWS: &'static [Row] = &[$(Row {
                label: $label,
                failed_status: concat!("failed_", $label),
                class: Class::$class,
                fault: Fault::$fault,
                http_status: $status,
                reveals_account: $reveals,
            }),*];
        }
    };
}

auth_metrics_macros::reason_table!(define_reasons);

impl Reason {
    const fn row(self) -> &'static Row {
        &Self::ROWS[self as usize]
    }

    /// Where this reason stands in [`Reason::ALL`].
    pub(crate) const fn position(self) -> usize {
        self as usize
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
    pub const fn class(self) -> Class {
        self.row().class
    }

    /// The HTTP status that fits an answer given for this reason (RFC 9110, RFC 6750; 499 for a caller that went away).
    ///
    /// An answer that must not reveal whether an account exists uses the status of [`Reason::InvalidCredentials`]
    /// wherever [`Reason::reveals_account`] is true.
    pub const fn http_status(self) -> u16 {
        self.row().http_status
    }

    /// Whether telling this reason apart from `invalid_credentials` reveals that an account exists.
    pub const fn reveals_account(self) -> bool {
        self.row().reveals_account
    }

    /// The reason with this label, or `None` if no standard reason has it.
    pub fn from_label(label: &str) -> Option<Reason> {
        Self::ALL.iter().copied().find(|reason| reason.label() == label)
    }
}
