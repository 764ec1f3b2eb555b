//! Whether a mapping says of each variant what a test's own table says, and whether that table has every variant.

use std::collections::BTreeSet;
use std::fmt::Debug;

use auth_metrics::{FailureReason, Reason, ReasonSet};

mod source;

pub use source::variants;

/// A table of a test: what each variant is called, one error of it, and the reason it must have.
pub type Cases<E> = Vec<(&'static str, E, Reason)>;

/// `Type { Variant(content) => TheReason; }` for each variant, from which its name and an error are made. With a version
/// before it, `9; Type { .. }`, a row may start with a list of the versions that alone have its variant.
#[macro_export]
macro_rules! cases {
    ($error:ident { $($rows:tt)* }) => { $crate::cases! { @next 0; $error [] $($rows)* } };
    ($version:tt; $error:ident { $($rows:tt)* }) => { $crate::cases! { @next $version; $error [] $($rows)* } };

    (@next $version:tt; $error:ident [$($kept:tt)*]) => { vec![$($kept)*] };
    (@next $version:tt; $error:ident [$($kept:tt)*]
        $variant:ident $(($($content:expr),*))? $({$($field:ident: $value:expr),*})? => $reason:ident; $($rows:tt)*) => {
        $crate::cases! { @next $version; $error [$($kept)* (
            stringify!($variant),
            $error::$variant $(($($content),*))? $({$($field: $value),*})?,
            auth_metrics::Reason::$reason,
        ),] $($rows)* }
    };
    (@next $version:tt; $error:ident $kept:tt [$($only:tt)+] $variant:ident $(($($tuple:tt)*))? $({$($fields:tt)*})?
        => $reason:ident; $($rows:tt)*) => {
        $crate::cases! { @only $version [$($only)+] $error $kept
            [$variant $(($($tuple)*))? $({$($fields)*})? => $reason;] $($rows)* }
    };

    (@only $version:tt [] $error:ident $kept:tt $row:tt $($rows:tt)*) => {
        $crate::cases! { @next $version; $error $kept $($rows)* }
    };
    (@only 0.5 [0.5 $($more:tt)*] $($rest:tt)*) => { $crate::cases! { @keep 0.5 $($rest)* } };
    (@only 0.6 [0.6 $($more:tt)*] $($rest:tt)*) => { $crate::cases! { @keep 0.6 $($rest)* } };
    (@only 0.9 [0.9 $($more:tt)*] $($rest:tt)*) => { $crate::cases! { @keep 0.9 $($rest)* } };
    (@only 0.32 [0.32 $($more:tt)*] $($rest:tt)*) => { $crate::cases! { @keep 0.32 $($rest)* } };
    (@only 1 [1 $($more:tt)*] $($rest:tt)*) => { $crate::cases! { @keep 1 $($rest)* } };
    (@only 3 [3 $($more:tt)*] $($rest:tt)*) => { $crate::cases! { @keep 3 $($rest)* } };
    (@only 4 [4 $($more:tt)*] $($rest:tt)*) => { $crate::cases! { @keep 4 $($rest)* } };
    (@only 9 [9 $($more:tt)*] $($rest:tt)*) => { $crate::cases! { @keep 9 $($rest)* } };
    (@only 10 [10 $($more:tt)*] $($rest:tt)*) => { $crate::cases! { @keep 10 $($rest)* } };
    (@only 11 [11 $($more:tt)*] $($rest:tt)*) => { $crate::cases! { @keep 11 $($rest)* } };
    (@only 12 [12 $($more:tt)*] $($rest:tt)*) => { $crate::cases! { @keep 12 $($rest)* } };
    (@only $version:tt [$another:tt $($more:tt)*] $($rest:tt)*) => {
        $crate::cases! { @only $version [$($more)*] $($rest)* }
    };

    (@keep $version:tt $error:ident $kept:tt [$($row:tt)*] $($rows:tt)*) => {
        $crate::cases! { @next $version; $error $kept $($row)* $($rows)* }
    };
}

/// The table has each of the source's variants and no other; `not_built` are those that nobody can make outside the crate.
pub fn assert_complete<E>(source: &BTreeSet<String>, cases: &Cases<E>, not_built: &[&str]) {
    let built = cases.iter().map(|(name, ..)| *name);
    let known: BTreeSet<String> = built.chain(not_built.iter().copied()).map(str::to_owned).collect();
    let new: Vec<_> = source.difference(&known).collect();
    let gone: Vec<_> = known.difference(source).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "the crate has changed: {new:?} have no reason yet, {gone:?} are no longer there; \
         mend the mapping, its docs and this test's table"
    );
}

/// Each error has the reason of the table, the listed reasons are those of the table and `more`, and the error type, as a
/// `FailureReason`, agrees with the function.
pub fn assert_mapped<E: FailureReason + Debug>(
    cases: &Cases<E>,
    function: impl Fn(&E) -> Reason,
    listed: ReasonSet,
    more: &[Reason],
) {
    assert_reasons(cases, &function, listed, more);
    assert_eq!(E::REASONS, listed, "the trait lists what the function does");
    for (name, error, _) in cases {
        assert_eq!(error.failure_reason(), function(error), "{name}: the trait agrees with the function");
    }
}

/// As [`assert_mapped`], for a function in a role that the trait does not take.
pub fn assert_reasons<E: Debug>(
    cases: &Cases<E>,
    function: impl Fn(&E) -> Reason,
    listed: ReasonSet,
    more: &[Reason],
) {
    for (name, error, reason) in cases {
        assert_eq!(function(error), *reason, "{name}: {error:?}");
    }
    let given: Vec<Reason> = cases.iter().map(|(.., reason)| *reason).chain(more.iter().copied()).collect();
    assert_eq!(ReasonSet::of(&given), listed, "the reasons listed beside the function are those it can give");
}
