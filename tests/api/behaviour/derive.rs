//! What `#[derive(FailureReason)]` makes of each form.

use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;

use auth_metrics::{FailureReason, Reason, ReasonSet, reasons};

#[derive(FailureReason)]
enum TokenError {
    TokenExpired,
    #[reason(token_replayed)]
    Reused,
}

#[derive(FailureReason)]
enum LoginError {
    #[reason(invalid_credentials)]
    WrongPassword,
    #[reason(account_locked)]
    Locked {
        #[expect(dead_code, reason = "carried like real errors carry it")]
        until: u64,
    },
    #[reason(transparent)]
    Token(TokenError),
    #[reason(with = reasons::io)]
    Disk(std::io::Error),
    Shed(#[reason(with = shed)] u8, #[expect(dead_code, reason = "beside the field that decides")] u8),
    Nested {
        #[reason(transparent)]
        source: Arc<TokenError>,
    },
    RateLimited,
}

fn shed(level: &u8) -> Reason {
    if *level > 1 { Reason::Overloaded } else { Reason::Timeout }
}

#[derive(FailureReason)]
#[reason(policy_denied)]
struct Refused {
    #[expect(dead_code, reason = "carried like real errors carry it")]
    rule: u32,
}

#[derive(FailureReason)]
struct Wrapped<E> {
    #[reason(transparent)]
    inner: E,
}

#[derive(FailureReason)]
struct Newtype(#[reason(with = shed)] u8);

#[derive(FailureReason)]
enum Generic<'a, E: std::fmt::Debug, const N: usize>
where
    E: Clone,
{
    #[reason(transparent)]
    #[expect(dead_code, reason = "its bound is what matters")]
    Inner(E),
    #[reason(malformed_request)]
    Borrowed(#[expect(dead_code, reason = "carried like real errors carry it")] &'a [u8; N]),
}

#[test]
fn every_form_gives_its_reason() {
    let io = |kind| LoginError::Disk(std::io::Error::from(kind));
    let nested = LoginError::Nested { source: Arc::new(TokenError::TokenExpired) };
    assert_eq!(LoginError::WrongPassword.failure_reason(), Reason::InvalidCredentials);
    assert_eq!(LoginError::Locked { until: 1 }.failure_reason(), Reason::AccountLocked);
    assert_eq!(LoginError::Token(TokenError::Reused).failure_reason(), Reason::TokenReplayed);
    assert_eq!(io(std::io::ErrorKind::TimedOut).failure_reason(), Reason::Timeout);
    assert_eq!(LoginError::Shed(2, 0).failure_reason(), Reason::Overloaded);
    assert_eq!(nested.failure_reason(), Reason::TokenExpired);
    assert_eq!(LoginError::RateLimited.failure_reason(), Reason::RateLimited);
    assert_eq!(Refused { rule: 3 }.failure_reason(), Reason::PolicyDenied);
    assert_eq!(Wrapped { inner: TokenError::TokenExpired }.failure_reason(), Reason::TokenExpired);
    assert_eq!(Newtype(1).failure_reason(), Reason::Timeout);
}

#[derive(Clone, Debug, FailureReason)]
struct Unit {
    #[reason(transparent)]
    never: Infallible,
}

#[test]
fn reachable_reasons_are_known_as_constants() {
    const TOKEN: ReasonSet = TokenError::REASONS;
    assert_eq!(TOKEN, ReasonSet::of(&[Reason::TokenExpired, Reason::TokenReplayed]));
    assert_eq!(<Wrapped<TokenError> as FailureReason>::REASONS, TOKEN);
    assert_eq!(Refused::REASONS, ReasonSet::of(&[Reason::PolicyDenied]));
    assert_eq!(Unit::REASONS, ReasonSet::EMPTY);
    assert_eq!(<Generic<'_, Unit, 3>>::REASONS, ReasonSet::of(&[Reason::MalformedRequest]));
    assert_eq!(Newtype::REASONS, ReasonSet::ALL);
    assert_eq!(LoginError::REASONS, ReasonSet::ALL);
    assert_eq!(Generic::<Unit, 1>::Borrowed(&[1]).failure_reason(), Reason::MalformedRequest);
}

#[test]
fn pointers_to_errors_speak_for_them() {
    assert_eq!(Box::new(TokenError::Reused).failure_reason(), Reason::TokenReplayed);
    assert_eq!((&&TokenError::Reused).failure_reason(), Reason::TokenReplayed);
    assert_eq!(std::rc::Rc::new(TokenError::Reused).failure_reason(), Reason::TokenReplayed);
    assert_eq!(<Arc<Infallible>>::REASONS, ReasonSet::EMPTY);
}

macro_rules! error {
    ($name:ident, $($variant:ident => $reason:ident),*; with $path:path) => {
        #[derive(FailureReason)]
        enum $name {
            $(#[reason($reason)] $variant,)*
            #[reason(with = $path)]
            Io(std::io::Error),
        }
    };
}

error!(MacroError, Wrong => invalid_credentials, Slow => timeout; with auth_metrics::reasons::io);

#[test]
fn reasons_come_out_of_a_macro() {
    let io = MacroError::Io(std::io::ErrorKind::TimedOut.into());
    assert_eq!(MacroError::Wrong.failure_reason(), Reason::InvalidCredentials);
    assert_eq!([MacroError::Slow.failure_reason(), io.failure_reason()], [Reason::Timeout; 2]);
    assert!(MacroError::REASONS.contains(Reason::InvalidCredentials));
}

mod users {
    use auth_metrics::FailureReason;

    mod reasons {
        /// What maps the errors of one database.
        pub(crate) struct Db;

        impl Db {
            pub(crate) fn timeout(_: &u8) -> auth_metrics::Reason {
                auth_metrics::Reason::Timeout
            }
        }
    }

    #[derive(FailureReason)]
    pub(super) enum StoreError {
        #[reason(with = reasons::Db::timeout)]
        Db(u8),
    }
}

#[test]
fn function_of_a_type_in_a_module_called_reasons_is_the_users() {
    assert_eq!(users::StoreError::Db(1).failure_reason(), Reason::Timeout);
    assert_eq!(users::StoreError::REASONS, ReasonSet::ALL);
}

trait AppError: Send + Sync {
    fn reason(&self) -> Reason;
}

impl AppError for TokenError {
    fn reason(&self) -> Reason {
        self.failure_reason()
    }
}

impl FailureReason for dyn AppError {
    const REASONS: ReasonSet = TokenError::REASONS;

    fn failure_reason(&self) -> Reason {
        self.reason()
    }
}

#[test]
fn trait_object_has_its_reason_behind_every_pointer() {
    fn reason(error: impl FailureReason) -> Reason {
        error.failure_reason()
    }
    let boxed: Box<dyn AppError> = Box::new(TokenError::TokenExpired);
    assert_eq!(reason(&*boxed), Reason::TokenExpired);
    assert_eq!(reason(boxed), Reason::TokenExpired);
    assert_eq!(reason(Arc::new(TokenError::Reused) as Arc<dyn AppError>), Reason::TokenReplayed);
    assert_eq!(reason(Rc::new(TokenError::Reused) as Rc<dyn AppError>), Reason::TokenReplayed);
    assert_eq!(<Box<dyn AppError>>::REASONS, TokenError::REASONS);
}
