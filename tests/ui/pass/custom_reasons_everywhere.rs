//! Custom reasons in every form that can have one, in constants and in patterns.
#![deny(warnings, missing_docs)]

use auth_metrics::{FailureReason, Fault, Reason, ReasonSet, custom_reason};

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
pub enum LoginError<'a, E, const N: usize> {
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
    type Error<'a> = LoginError<'a, Blocked<u8>, 2>;

    assert_eq!(Blocked { domain: "a" }.failure_reason(), SSO_DOMAIN_BLOCKED);
    assert_eq!(Error::Blocked { domain: "a" }.failure_reason(), SSO_DOMAIN_BLOCKED);
    assert_eq!(Error::BlockedToo([0; 2]).failure_reason(), SSO_DOMAIN_BLOCKED);
    assert_eq!(Error::Inner(Blocked { domain: 1 }).failure_reason(), SSO_DOMAIN_BLOCKED);
    assert_eq!(Error::Consent.failure_reason().fault(), Fault::Neutral);
    assert_eq!(Error::Conditional.failure_reason().label(), "conditional");
    assert_eq!(Error::Aged(2).failure_reason(), SSO_STALE);
    assert_eq!(local().label(), "local");
    assert_eq!((KNOWN.len(), KNOWN.contains(SSO_STALE)), (2, true));
    assert!(match Error::Aged(2).failure_reason() {
        Reason::Timeout => false,
        SSO_STALE => true,
        _ => false,
    });
}
