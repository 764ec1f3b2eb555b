//! One table for every version of a crate: a row whose variant only some versions have starts with a list of these.

/// Hands the rows that a version has to another macro of this file, after its own arguments.
macro_rules! rows {
    ($version:tt, $then:ident! $args:tt, { $($rows:tt)* }) => { rows! { @next $version $then $args [] $($rows)* } };

    (@next $version:tt $then:ident $args:tt [$($kept:tt)*]) => { $then! { $args $($kept)* } };
    (@next $version:tt $then:ident $args:tt [$($kept:tt)*] _ => $reason:tt; $($rows:tt)*) => {
        rows! { @next $version $then $args [$($kept)* _ => $reason;] $($rows)* }
    };
    (@next $version:tt $then:ident $args:tt [$($kept:tt)*]
        $variant:ident $(($($tuple:tt)*))? $({$($fields:tt)*})? => $reason:tt; $($rows:tt)*) => {
        rows! { @next $version $then $args [$($kept)* $variant $(($($tuple)*))? $({$($fields)*})? => $reason;] $($rows)* }
    };
    (@next $version:tt $then:ident $args:tt $kept:tt [$($only:tt)+]
        $variant:ident $(($($tuple:tt)*))? $({$($fields:tt)*})? => $reason:tt; $($rows:tt)*) => {
        rows! { @only $version [$($only)+] $then $args $kept
            [$variant $(($($tuple)*))? $({$($fields)*})? => $reason;] $($rows)* }
    };

    (@only $version:tt [] $then:ident $args:tt $kept:tt $row:tt $($rows:tt)*) => {
        rows! { @next $version $then $args $kept $($rows)* }
    };
    (@only 0.5 [0.5 $($more:tt)*] $($rest:tt)*) => { rows! { @keep 0.5 $($rest)* } };
    (@only 0.6 [0.6 $($more:tt)*] $($rest:tt)*) => { rows! { @keep 0.6 $($rest)* } };
    (@only 0.9 [0.9 $($more:tt)*] $($rest:tt)*) => { rows! { @keep 0.9 $($rest)* } };
    (@only 0.32 [0.32 $($more:tt)*] $($rest:tt)*) => { rows! { @keep 0.32 $($rest)* } };
    (@only 1 [1 $($more:tt)*] $($rest:tt)*) => { rows! { @keep 1 $($rest)* } };
    (@only 3 [3 $($more:tt)*] $($rest:tt)*) => { rows! { @keep 3 $($rest)* } };
    (@only 4 [4 $($more:tt)*] $($rest:tt)*) => { rows! { @keep 4 $($rest)* } };
    (@only 9 [9 $($more:tt)*] $($rest:tt)*) => { rows! { @keep 9 $($rest)* } };
    (@only 10 [10 $($more:tt)*] $($rest:tt)*) => { rows! { @keep 10 $($rest)* } };
    (@only 11 [11 $($more:tt)*] $($rest:tt)*) => { rows! { @keep 11 $($rest)* } };
    (@only 12 [12 $($more:tt)*] $($rest:tt)*) => { rows! { @keep 12 $($rest)* } };
    (@only $version:tt [$another:tt $($more:tt)*] $($rest:tt)*) => { rows! { @only $version [$($more)*] $($rest)* } };

    (@keep $version:tt $then:ident $args:tt [$($kept:tt)*] [$($row:tt)*] $($rows:tt)*) => {
        rows! { @next $version $then $args [$($kept)* $($row)*] $($rows)* }
    };
}

/// A `match` over rows: to a reason by its name, or to a block. Its arguments are a value and the path of its enum.
macro_rules! by_variant {
    ({ $value:expr, $($of:tt)+ }
        $($variant:ident $(($($tuple:tt)*))? $({$($fields:tt)*})? => $reason:tt;)* $(_ => $other:ident;)?) => {{
        use $($of)+ as Of;
        match $value {
            $(Of::$variant $(($($tuple)*))? $({$($fields)*})? => by_variant!(@to $reason),)*
            $(_ => crate::terms::Reason::$other,)?
        }
    }};
    (@to $reason:ident) => { crate::terms::Reason::$reason };
    (@to $block:block) => { $block };
}

/// A whole mapping out of rows: the function, the reasons it can give, and `FailureReason` for the error.
macro_rules! mapping {
    ({ $(#[$doc:meta])* fn $name:ident($error:ident: $type:ty) = $value:expr, $($of:tt)+ }
        $($variant:ident $(($($tuple:tt)*))? $({$($fields:tt)*})? => $reason:ident;)* $(_ => $other:ident;)?) => {
        $(#[$doc])*
        pub fn $name($error: &$type) -> crate::terms::Reason {
            by_variant!({ $value, $($of)+ }
                $($variant $(($($tuple)*))? $({$($fields)*})? => $reason;)* $(_ => $other;)?)
        }
        $crate::reasons::reasons_of! { $name: $($reason,)* $($other)? }
        $crate::reasons::failure_reason! { $type, $name }
    };
}
