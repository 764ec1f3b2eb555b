//! Whose fault a reason is, and what it is about.

/// Whose fault a failure is; the `fault` label of `auth_failure_reason_info`.
///
/// A correct refusal (`Client`, `Attack`) is a good event; only `Server` and `Unknown` burn the error budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    /// What a team declared itself.
    Custom,
}

impl ReasonClass {
    /// The value of the `class` label.
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
