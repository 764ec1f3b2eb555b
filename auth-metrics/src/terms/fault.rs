//! Whose fault a reason is, and what it is about.

/// Whose fault a failure is; the label `fault` of `auth_failure_reason_info`.
///
/// A correct refusal (`Client`, `Attack`) is a good event. Only `Server` and `Unknown` use up the error budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fault {
    /// The caller's mistake, or a normal stage in the life of their credentials.
    Client,
    /// A possible attack, for the security on-call.
    Attack,
    /// The service's own fault. Nothing that a stranger sends can trigger a reason with this fault.
    Server,
    /// Nobody's fault: another step is needed, or the caller disconnected.
    Neutral,
    /// Unknown, because the error is not mapped.
    Unknown,
}

impl Fault {
    /// Returns the value of the label `fault`.
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

/// What a reason is about; the label `class` of `auth_failure_reason_info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ReasonClass {
    /// A password, key, certificate or other secret.
    Credentials,
    /// The state of the account.
    Account,
    /// A token and its claims.
    Token,
    /// A second factor.
    Mfa,
    /// The permissions of a known subject.
    Authorization,
    /// Throttling and blocking.
    Abuse,
    /// The form of the request and the protocol around it.
    Protocol,
    /// The session.
    Session,
    /// The service itself and its dependencies.
    Server,
    /// How the attempt itself ended.
    Lifecycle,
    /// A reason that a team declared itself.
    Custom,
}

impl ReasonClass {
    /// Returns the value of the label `class`.
    pub const fn label(self) -> &'static str {
        match self {
            ReasonClass::Credentials => "credentials",
            ReasonClass::Account => "account",
            ReasonClass::Token => "token",
            ReasonClass::Mfa => "mfa",
            ReasonClass::Authorization => "authorization",
            ReasonClass::Abuse => "abuse",
            ReasonClass::Protocol => "protocol",
            ReasonClass::Session => "session",
            ReasonClass::Server => "server",
            ReasonClass::Lifecycle => "lifecycle",
            ReasonClass::Custom => "custom",
        }
    }
}
