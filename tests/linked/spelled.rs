//! Error types that take arguments of every kind, for the spellings in `ui/pass`. All give the same reason.
#![allow(dead_code, non_camel_case_types, non_snake_case, reason = "names that mislead are the point")]

use std::fmt::{Debug, Display};
use std::marker::PhantomData;

use auth_metrics::{FailureReason, Reason, ReasonSet};

#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct Plain;

#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct LoginError;

#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct TError;

#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct small;

/// Takes anything.
#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct MyErr<T>(PhantomData<T>);

/// Takes what can be shown.
#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct Shown<T: Display>(T);

/// Takes what is an error with a reason.
#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct Wrapped<T: FailureReason + Debug>(T);

#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct Two<A: Display, B: Into<A>>(A, B);

#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct Digest<const N: usize>;

#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct Text<'a>(&'a str);

#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct Mixed<'a, T: Display, const N: usize>([&'a T; N]);

#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct Unsized<T: ?Sized>(PhantomData<T>);

#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct Of<B: Backend>(B::Key);

/// An associated type of a parameter, and a trait called like types are.
pub trait Backend {
    type Key: Debug;
    type Error: FailureReason;
}

/// A trait whose objects have a reason.
pub trait AppError: Debug {}

impl FailureReason for dyn AppError {
    const REASONS: ReasonSet = ReasonSet::of(&[Reason::TokenExpired]);

    fn failure_reason(&self) -> Reason {
        Reason::TokenExpired
    }
}

impl Backend for u8 {
    type Key = String;
    type Error = Plain;
}

/// Modules called like types.
pub mod Errors {
    pub type Login = super::LoginError;
    pub use super::MyErr;
}

pub mod lower {
    pub use super::{LoginError, MyErr, Plain};
    pub type Result<T> = std::result::Result<T, Plain>;
}

/// An alias whose argument has a bound.
pub struct Json<T: Display>(T);
pub type Api<T> = Result<Json<T>, Plain>;
pub type Fails<T> = Result<(), T>;
pub type Sized_<const N: usize> = Result<[u8; N], Plain>;
pub type Long<'a, T, E> = Result<&'a T, E>;
