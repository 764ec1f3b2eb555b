//! What the derive accepts: every place of a rule, generics, `cfg`, raw names, deprecated variants; custom reasons in every form
//! that can have one, in constants and in patterns.
#![deny(warnings, missing_docs)]

use auth_metrics::{FailureReason, Fault, Reason, ReasonSet, custom_reason, reasons};

/// One reason for the whole struct.
#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct TokenError {
    /// Not looked at.
    pub line: u32,
}

/// The marked field decides.
#[derive(Debug, FailureReason)]
pub struct Traced<'a, E: 'static, const N: usize>
where
    E: std::fmt::Debug,
{
    /// Not looked at.
    pub text: &'a str,
    /// Not looked at.
    pub bytes: [u8; N],
    /// Decides.
    #[reason(transparent)]
    pub cause: E,
}

/// The one field decides.
#[derive(Debug, FailureReason)]
pub struct Wrapped(#[reason(with = by_text)] pub String);

/// No value, no reason.
#[derive(Debug, FailureReason)]
pub enum Never {}

/// Everything else.
#[derive(Debug, FailureReason)]
#[non_exhaustive]
pub enum LoginError<E> {
    /// By its name.
    RateLimited,
    /// By its name, with fields.
    AccountLocked {
        /// Not looked at.
        until: u64,
    },
    /// By its name, whatever its letters' case.
    MFARequired,
    /// By its label.
    #[reason(invalid_credentials)]
    Wrong,
    /// By its field.
    #[reason(transparent)]
    Inner(Box<E>),
    /// By one of its fields.
    Second(u8, #[reason(transparent)] TokenError),
    /// By a function of this crate's.
    #[reason(with = reasons::io)]
    Disk(std::io::Error),
    /// By a function of the library's own, with the reasons it can give.
    #[reason(with = by_text, among(timeout, overloaded))]
    Text(String),
    /// By a function, of a named field.
    Mixed {
        /// Not looked at.
        code: u8,
        /// Decides.
        #[reason(with = generic::<String>, among(timeout, overloaded))]
        r#type: String,
    },
    /// Not there.
    #[cfg(any())]
    Absent(NoSuchType),
    /// Only under a condition.
    #[cfg_attr(all(), reason(csrf_rejected))]
    Conditional,
    /// Of old.
    #[deprecated]
    Unknown,
}

fn by_text(text: &str) -> Reason {
    if text.is_empty() { Reason::Timeout } else { Reason::Overloaded }
}

fn generic<T: AsRef<str>>(text: &T) -> Reason {
    by_text(text.as_ref())
}

mod given {
    auth_metrics::custom_reason! {
        /// The domain belongs to an identity provider.
        pub const SSO_DOMAIN_BLOCKED = "sso_domain_blocked", fault = client;
        /// The provider's list is old.
        pub(super) const SSO_STALE = "sso_stale", fault = server;
    }
}

use given::{SSO_DOMAIN_BLOCKED, SSO_STALE};

/// Always one.
#[derive(Debug, FailureReason)]
#[reason(custom = "sso_domain_blocked", fault = client)]
pub struct Blocked<T> {
    /// Not looked at.
    pub domain: T,
}

/// One or the other.
#[derive(Debug, FailureReason)]
#[reason(crate = ::auth_metrics)]
pub enum SsoError<'a, E, const N: usize> {
    /// A custom one, with fields.
    #[reason(custom = "sso_domain_blocked", fault = client)]
    Blocked {
        /// Not looked at.
        domain: &'a str,
    },
    /// The same one.
    #[reason(custom = "sso_domain_blocked", fault = client,)]
    BlockedToo([u8; N]),
    /// A longer name, and the fault first.
    #[reason(fault = neutral, custom = "c2")]
    Consent,
    /// Only under a condition.
    #[cfg_attr(all(), reason(custom = "conditional", fault = unknown))]
    Conditional,
    /// By a function, which may give custom ones.
    #[reason(with = by_age)]
    Aged(u8),
    /// By its field.
    #[reason(transparent)]
    Inner(E),
}

fn by_age(age: &u8) -> Reason {
    if *age > 1 { SSO_STALE } else { Reason::Timeout }
}

fn local() -> Reason {
    custom_reason! {
        const LOCAL = "local", fault = attack;
    }
    LOCAL
}

const KNOWN: ReasonSet = ReasonSet::of(&[SSO_STALE, SSO_DOMAIN_BLOCKED]);

fn main() {
    type Error = LoginError<TokenError>;

    let token = || TokenError { line: 1 };
    assert_eq!(token().failure_reason(), Reason::TokenExpired);
    assert_eq!(Traced { text: "", bytes: [0; 2], cause: token() }.failure_reason(), Reason::TokenExpired);
    assert_eq!(Wrapped(String::new()).failure_reason(), Reason::Timeout);
    assert_eq!(Error::RateLimited.failure_reason(), Reason::RateLimited);
    assert_eq!(Error::AccountLocked { until: 1 }.failure_reason(), Reason::AccountLocked);
    assert_eq!(Error::MFARequired.failure_reason(), Reason::MfaRequired);
    assert_eq!(Error::Wrong.failure_reason(), Reason::InvalidCredentials);
    assert_eq!(Error::Inner(Box::new(token())).failure_reason(), Reason::TokenExpired);
    assert_eq!(Error::Second(1, token()).failure_reason(), Reason::TokenExpired);
    let refused = std::io::Error::from(std::io::ErrorKind::TimedOut);
    assert_eq!(Error::Disk(refused).failure_reason(), Reason::Timeout);
    assert_eq!(Error::Text(String::from("a")).failure_reason(), Reason::Overloaded);
    assert_eq!(Error::Mixed { code: 1, r#type: String::new() }.failure_reason(), Reason::Timeout);
    assert_eq!(Error::Conditional.failure_reason(), Reason::CsrfRejected);
    assert!(LoginError::<Never>::REASONS.contains(Reason::Overloaded));
    assert!(!LoginError::<Never>::REASONS.contains(Reason::TokenMalformed));

    type Sso<'a> = SsoError<'a, Blocked<u8>, 2>;

    assert_eq!(Blocked { domain: "a" }.failure_reason(), SSO_DOMAIN_BLOCKED);
    assert_eq!(Sso::Blocked { domain: "a" }.failure_reason(), SSO_DOMAIN_BLOCKED);
    assert_eq!(Sso::BlockedToo([0; 2]).failure_reason(), SSO_DOMAIN_BLOCKED);
    assert_eq!(Sso::Inner(Blocked { domain: 1 }).failure_reason(), SSO_DOMAIN_BLOCKED);
    assert_eq!(Sso::Consent.failure_reason().fault(), Fault::Neutral);
    assert_eq!(Sso::Conditional.failure_reason().label(), "conditional");
    assert_eq!(Sso::Aged(2).failure_reason(), SSO_STALE);
    assert_eq!(local().label(), "local");
    assert_eq!((KNOWN.len(), KNOWN.contains(SSO_STALE)), (2, true));
    assert!(match Sso::Aged(2).failure_reason() {
        Reason::Timeout => false,
        SSO_STALE => true,
        _ => false,
    });
}
