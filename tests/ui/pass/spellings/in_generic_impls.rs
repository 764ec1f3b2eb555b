//! Error types that are spelled with parameters of the `impl`, with what is declared inside of a function, and with names
//! of the prelude that mean something else.

use std::fmt::{Debug, Display};
use std::marker::PhantomData;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Reason, auth_metered};
use auth_metrics_tests_linked::spelled::*;

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

pub fn are_listed() {
    let _ = local;
    let catalogue = Scope::new().metrics().catalogue();
    for op in ["e02", "e03", "e04", "e05", "f01", "f02", "f03"] {
        let [function] = catalogue.get(op).unwrap().functions() else { panic!("{op} is one function") };
        assert!(function.reasons().is_some_and(|reasons| reasons.contains(Reason::TokenExpired)), "{op}");
    }
}
