//! Return types in every spelling: none makes code that compiles without the attribute stop compiling with it, and the
//! reasons of what can be spelled are exported at zero.
#![deny(warnings, rust_2018_idioms)]
#![allow(dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals)]

use std::collections::{BTreeMap, HashMap};
use std::fmt::{Debug, Display};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Reason, ReasonSet, auth_metered};

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

macro_rules! plain {
    () => {
        Plain
    };
}

const LEN: usize = 4;

/// One function of each spelling, wherever functions stand.
macro_rules! everywhere {
    ($($name:ident $op:tt [$($generics:tt)*] $ty:tt)*) => {$(
        mod $name {
            use super::*;

            unwrapped! { $op [$($generics)*] $ty }
        }
    )*};
}

macro_rules! unwrapped {
    ($op:tt [$($generics:tt)*] { $($ty:tt)* }) => {
        #[auth_metered(op = $op)]
        pub fn free<$($generics)*>() -> $($ty)* {
            unimplemented!()
        }

        #[auth_metered(op = $op)]
        pub async fn later<$($generics)*>() -> $($ty)* {
            unimplemented!()
        }

        pub struct Holder;

        impl Holder {
            #[auth_metered(op = $op)]
            pub fn associated<$($generics)*>() -> $($ty)* {
                unimplemented!()
            }

            #[auth_metered(op = $op)]
            pub fn method<$($generics)*>(&self) -> $($ty)* {
                unimplemented!()
            }

            #[auth_metered(op = $op)]
            pub async fn later<$($generics)*>(self) -> $($ty)* {
                unimplemented!()
            }
        }

        pub struct Blocked;

        #[auth_metered]
        impl Blocked {
            #[op($op)]
            pub fn method<$($generics)*>(&self) -> $($ty)* {
                unimplemented!()
            }

            #[op($op)]
            pub async fn associated<$($generics)*>() -> $($ty)* {
                unimplemented!()
            }
        }

        pub struct Wide<$($generics)*>(PhantomData<fn() -> ($($ty)*,)>);
    };
}

/// The spelling where its generics are those of the `impl`.
macro_rules! in_generic_impls {
    ($($name:ident $op:tt [$($bounded:tt)*] [$($names:tt)*] { $($ty:tt)* })*) => {$(
        mod $name {
            use super::*;

            pub struct Holder<$($bounded)*>(PhantomData<fn() -> ($($ty)*,)>);

            impl<$($bounded)*> Holder<$($names)*> {
                #[auth_metered(op = $op)]
                pub fn associated() -> $($ty)* {
                    unimplemented!()
                }

                #[auth_metered(op = $op)]
                pub async fn method(&self) -> $($ty)* {
                    unimplemented!()
                }
            }

            pub struct Blocked<$($bounded)*>(PhantomData<fn() -> ($($ty)*,)>);

            #[auth_metered]
            impl<$($bounded)*> Blocked<$($names)*> {
                #[op($op)]
                pub async fn associated() -> $($ty)* {
                    unimplemented!()
                }

                #[op($op)]
                pub fn method(&self) -> $($ty)* {
                    unimplemented!()
                }
            }
        }
    )*};
}

everywhere! {
    // Listed, as `LISTED` says.
    a01 "a01" [] { Result<u8, Plain> }
    a02 "a02" [] { Result<u8, LoginError> }
    a03 "a03" [] { Result<u8, TError> }
    a04 "a04" [] { Result<u8, small> }
    a05 "a05" [] { Result<u8, MyErr<Vec<u8>>> }
    a06 "a06" [] { Result<u8, MyErr<Option<u8>>> }
    a07 "a07" [] { Result<u8, Shown<String>> }
    a08 "a08" [] { Result<u8, MyErr<HashMap<String, Vec<u8>>>> }
    a09 "a09" [] { Result<u8, MyErr<BTreeMap<u8, (String, u8)>>> }
    a10 "a10" [] { Result<u8, Digest<32>> }
    a11 "a11" [] { Result<u8, Text<'static>> }
    a12 "a12" [] { Result<u8, Box<MyErr<String>>> }
    a13 "a13" [] { Result<u8, Arc<Rc<Plain>>> }
    a14 "a14" [] { Result<u8, MyErr<()>> }
    a15 "a15" [] { Result<u8, MyErr<(u8, String)>> }
    a16 "a16" [] { Result<u8, MyErr<[u8; 4]>> }
    a17 "a17" [] { Result<u8, MyErr<&'static str>> }
    a18 "a18" [] { Result<u8, Unsized<str>> }
    a19 "a19" [] { Result<u8, Unsized<[u8]>> }
    a20 "a20" [] { Result<u8, Mixed<'static, String, 3>> }
    a21 "a21" [] { Result<u8, Wrapped<LoginError>> }
    a22 "a22" [] { Result<u8, Wrapped<Box<LoginError>>> }
    a23 "a23" [] { Result<u8, Two<String, &'static str>> }
    a24 "a24" [] { Result<u8, MyErr<MyErr<MyErr<u8>>>> }
    a25 "a25" [] { Result<u8, lower::Plain> }
    a26 "a26" [] { Result<u8, self::lower::MyErr<String>> }
    a27 "a27" [] { Result<u8, crate::lower::LoginError> }
    a28 "a28" [] { ::std::result::Result<u8, &'static Plain> }
    a29 "a29" [] { lower::Result<u8> }
    a30 "a30" [] { Api<u8> }
    a31 "a31" [] { Api<String> }
    a32 "a32" [] { Fails<LoginError> }
    a33 "a33" [] { Sized_<4> }
    a34 "a34" [] { Long<'static, u8, Plain> }
    a35 "a35" ['a] { Result<&'a str, Text<'a>> }
    a36 "a36" ['a] { Result<u8, Mixed<'a, u8, 3>> }
    a37 "a37" ['a] { Result<u8, MyErr<&'a str>> }
    a38 "a38" [T] { Result<T, Plain> }
    a39 "a39" [T: Display] { Api<T> }
    a40 "a40" [const N: usize] { Result<[u8; N], Plain> }
    a41 "a41" [T] { Result<MyErr<T>, LoginError> }
    a42 "a42" [] { Result<plain!(), Plain> }
    a43 "a43" [] { Result<Result<u8, Plain>, std::convert::Infallible> }
    a44 "a44" [] { Result<u8, Box<dyn AppError>> }
    a45 "a45" [] { Result<u8, MyErr<Box<dyn Display + Send + Sync>>> }
    a46 "a46" [] { Result<u8, Unsized<dyn Debug>> }
    a47 "a47" [] { std::result::Result<(), Rc<MyErr<Rc<str>>>> }
    a48 "a48" [] { Result<u8, Box<dyn AppError + 'static>> }
    a49 "a49" [] { Result<fn(u8) -> u8, Plain> }
    a50 "a50" [] { Result<[[u8; 4]; LEN], Plain> }
    // What may be a parameter or a constant, or is none that a name says, is not listed.
    b01 "b01" [] { Result<u8, MyErr<Plain>> }
    b02 "b02" [] { Result<u8, Digest<LEN>> }
    b03 "b03" [] { Result<u8, Digest<{ LEN }>> }
    b04 "b04" [] { Result<u8, MyErr<[u8; LEN]>> }
    b05 "b05" [] { Sized_<LEN> }
    b06 "b06" [] { Result<u8, Errors::Login> }
    b07 "b07" [] { Result<u8, Errors::MyErr<u8>> }
    b08 "b08" [] { Result<u8, <u8 as Backend>::Error> }
    b09 "b09" [] { Result<u8, MyErr<fn(u8) -> String>> }
    b10 "b10" [] { Result<u8, MyErr<for<'x> fn(&'x u8) -> &'x u8>> }
    b11 "b11" [] { Result<u8, plain!()> }
    b12 "b12" [] { Result<u8, MyErr<plain!()>> }
    b13 "b13" [] { Result<u8, Of<u8>> }
    b14 "b14" [] { Result<u8, MyErr<Box<dyn for<'x> Fn(&'x u8)>>> }
    b15 "b15" [] { Result<u8, MyErr<*const u8>> }
    b16 "b16" ['a] { Result<u8, MyErr<Box<dyn Display + 'a>>> }
    c01 "c01" [T: FailureReason] { Result<u8, T> }
    c02 "c02" [T] { Result<u8, MyErr<T>> }
    c03 "c03" [T: Display] { Result<u8, Shown<T>> }
    c04 "c04" [T: Display] { Result<u8, Box<Shown<T>>> }
    c05 "c05" [T] { Result<u8, MyErr<Vec<(T, u8)>>> }
    c06 "c06" [const N: usize] { Result<u8, Digest<N>> }
    c07 "c07" [const N: usize] { Result<u8, Digest<{ N }>> }
    c08 "c08" [const N: usize] { Sized_<N> }
    c09 "c09" [const N: usize] { Result<u8, MyErr<[u8; N]>> }
    c10 "c10" [B: Backend] { Result<u8, B::Error> }
    c11 "c11" [B: Backend] { Result<u8, <B as Backend>::Error> }
    c12 "c12" [B: Backend] { Result<u8, Of<B>> }
    c13 "c13" [B: Backend] { Result<u8, MyErr<B::Key>> }
    c14 "c14" [String: FailureReason] { Result<u8, String> }
    c15 "c15" [Option: FailureReason] { Result<u8, Option> }
    c16 "c16" [LoginError: FailureReason] { Result<u8, LoginError> }
    c17 "c17" [StoreError: FailureReason + Debug] { Result<u8, Wrapped<StoreError>> }
    c18 "c18" [small: FailureReason] { Result<u8, small> }
    c19 "c19" [String: FailureReason + Debug] { Result<u8, Wrapped<String>> }
    c20 "c20" [Vec] { Result<u8, MyErr<Vec>> }
    c21 "c21" [const len: usize] { Result<u8, Digest<len>> }
    c22 "c22" [const Len: usize] { Result<u8, Digest<Len>> }
    c23 "c23" [T: FailureReason] { Fails<T> }
}

in_generic_impls! {
    d01 "d01" [T: FailureReason] [T] { Result<u8, T> }
    d02 "d02" [Failure: FailureReason] [Failure] { Result<u8, Failure> }
    d03 "d03" [StoreError: FailureReason] [StoreError] { Result<u8, StoreError> }
    d04 "d04" [StoreError: Display] [StoreError] { Result<u8, Shown<StoreError>> }
    d05 "d05" [StoreError: FailureReason + Debug] [StoreError] { Result<u8, Wrapped<Box<StoreError>>> }
    d06 "d06" [Inner: Display] [Inner] { Result<u8, Shown<Inner>> }
    d07 "d07" [Inner: Display] [Inner] { Api<Inner> }
    d08 "d08" [Inner: Display] [Inner] { Result<Inner, Shown<Inner>> }
    d09 "d09" [String: FailureReason] [String] { Result<u8, String> }
    d10 "d10" [String: FailureReason] [String] { Result<u8, MyErr<String>> }
    d11 "d11" [Vec: FailureReason] [Vec] { Result<u8, Vec> }
    d12 "d12" [Option: FailureReason] [Option] { Result<u8, Box<Option>> }
    d13 "d13" [small_error: FailureReason] [small_error] { Result<u8, small_error> }
    d14 "d14" [const N: usize] [N] { Result<u8, Digest<N>> }
    d15 "d15" [const Len: usize] [Len] { Result<u8, Digest<Len>> }
    d16 "d16" [const len: usize] [len] { Result<u8, Digest<len>> }
    d17 "d17" [const N: usize] [N] { Sized_<N> }
    d18 "d18" [const LEN: usize] [LEN] { Result<u8, MyErr<[u8; LEN]>> }
    d19 "d19" [B: Backend] [B] { Result<u8, B::Error> }
    d20 "d20" [Backend: super::Backend] [Backend] { Result<u8, Of<Backend>> }
    d21 "d21" [Backend: super::Backend] [Backend] { Result<u8, Backend::Error> }
    d22 "d22" [Backend: super::Backend] [Backend] { Result<u8, <Backend as super::Backend>::Error> }
    d23 "d23" [T, E: FailureReason] [T, E] { Result<T, E> }
    d24 "d24" [T, E: FailureReason + Debug] [T, E] { Result<Vec<T>, Wrapped<E>> }
    d25 "d25" ['a, T: Display] ['a, T] { Result<&'a T, Mixed<'a, T, 2>> }
    d26 "d26" [Value: Display] [Value] { Result<u8, MyErr<(Value, u8)>> }
    d27 "d27" [Value: Display + 'static] [Value] { Long<'static, Value, Plain> }
    d28 "d28" [TError: FailureReason] [TError] { Fails<TError> }
    d29 "d29" [T: Into<String>] [T] { Result<u8, Two<String, T>> }
}

/// Functions inside of functions, with what is declared there.
fn local() {
    use std::collections::BTreeSet as Set;
    use std::collections::VecDeque;

    #[derive(Debug, FailureReason)]
    #[reason(token_expired)]
    struct Local;
    #[derive(Debug, FailureReason)]
    #[reason(token_expired)]
    struct LocalError<T>(PhantomData<T>);
    type Answer<T> = Result<T, Local>;

    #[auth_metered(op = "e01")]
    fn e01() -> Result<u8, Local> {
        unimplemented!()
    }
    #[auth_metered(op = "e02")]
    fn e02() -> Result<u8, LocalError<u8>> {
        unimplemented!()
    }
    #[auth_metered(op = "e03")]
    fn e03() -> Result<u8, MyErr<Set<u8>>> {
        unimplemented!()
    }
    #[auth_metered(op = "e04")]
    fn e04() -> Result<u8, LocalError<VecDeque<String>>> {
        unimplemented!()
    }
    #[auth_metered(op = "e05")]
    fn e05() -> Answer<u8> {
        unimplemented!()
    }
    let _ = (e01, e02, e03, e04, e05);
}

/// Names of the prelude that mean something else here.
mod shadowed {
    use auth_metrics::{FailureReason, auth_metered};

    #[derive(Debug, FailureReason)]
    #[reason(token_expired)]
    pub struct String;
    #[derive(Debug, FailureReason)]
    #[reason(token_expired)]
    pub struct Vec;
    #[derive(Debug, FailureReason)]
    #[reason(token_expired)]
    pub struct Box<T>(std::marker::PhantomData<T>);

    #[auth_metered(op = "f01")]
    pub fn f01() -> Result<u8, String> {
        unimplemented!()
    }
    #[auth_metered(op = "f02")]
    pub fn f02() -> Result<u8, Vec> {
        unimplemented!()
    }
    #[auth_metered(op = "f03")]
    pub fn f03() -> Result<u8, Box<String>> {
        unimplemented!()
    }
}

/// Each of these functions is in the binary, and called by nobody.
fn main() {
    let _ = local;
    let catalogue = Scope::new().metrics().catalogue();
    let assert_listed = |op: &str| {
        let functions = catalogue.get(op).unwrap().functions();
        let expired =
            |reasons: Option<ReasonSet>| reasons.is_some_and(|all| all.contains(Reason::TokenExpired));
        assert!(functions.iter().all(|function| expired(function.reasons())), "{op}: {functions:?}");
    };
    for number in 1..=50 {
        assert_listed(&format!("a{number:02}"));
    }
    for op in ["e02", "e03", "e04", "e05", "f01", "f02", "f03"] {
        assert_listed(op);
    }
    for op in ["b01", "b02", "b06", "b07"] {
        let functions = catalogue.get(op).unwrap().functions();
        let is_listed = functions.iter().any(|function| function.reasons().is_some());
        assert!(is_listed, "the attribute on the `impl` knows what is generic: {op}");
    }
}
