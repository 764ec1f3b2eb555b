//! Each spelling on free functions, in an `impl` and in an `impl` that has the attribute.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{Debug, Display};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Reason, ReasonSet, auth_metered};
use auth_metrics_tests_linked::spelled::*;

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
    a27 "a27" [] { Result<u8, crate::of_errors::lower::LoginError> }
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

pub fn are_listed() {
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
    for op in ["b01", "b02", "b06", "b07"] {
        let functions = catalogue.get(op).unwrap().functions();
        let is_listed = functions.iter().any(|function| function.reasons().is_some());
        assert!(is_listed, "the attribute on the `impl` knows what is generic: {op}");
    }
}
