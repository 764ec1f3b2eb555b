//! `reason_chain!`, for errors that can be any.

/// The [`Reason`](crate::Reason) of an error that can be any other, such as `anyhow::Error` or `Box<dyn Error>`: that of
/// the first type in the list which the error, or one of the errors that caused it, is.
///
/// A type that is a [`FailureReason`](trait@crate::FailureReason) stands alone; any other has a `fn(&T) -> Reason` after
/// it. An error that is none of them is [`Reason::Unknown`](crate::Reason::Unknown).
///
/// ```
/// use auth_metrics::{FailureReason, Outcome, Reason, auth_metered, reason_chain, reasons};
/// # use std::error::Error;
///
/// #[derive(Debug, FailureReason)]
/// enum LoginError {
///     AccountLocked,
/// }
/// # impl std::fmt::Display for LoginError {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("locked") }
/// # }
/// # impl Error for LoginError {}
///
/// #[auth_metered(op = "login", classify = outcome)]
/// async fn login(name: &str) -> Result<u64, Box<dyn Error + Send + Sync>> {
///     if name == "mallory" { Err(LoginError::AccountLocked)? }
///     Ok(std::fs::read_to_string(name)?.len() as u64)
/// }
///
/// fn outcome<T>(result: &Result<T, Box<dyn Error + Send + Sync>>) -> Outcome {
///     Outcome::from_result(result, |error| reason_chain!(error; LoginError, std::io::Error => reasons::io))
/// }
///
/// # let metered = std::pin::pin!(login("mallory"));
/// # let std::task::Poll::Ready(result) = metered.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
/// #     else { unreachable!() };
/// assert_eq!(outcome(&result), Outcome::Failure(Reason::AccountLocked));
/// ```
///
/// For `anyhow` the function takes `&anyhow::Result<T>`. In a variant of an enum the same chain is a function for
/// `#[reason(with = path)]`:
///
/// ```
/// use std::error::Error;
/// use std::num::ParseIntError;
/// use std::sync::Arc;
///
/// # use auth_metrics::{FailureReason, Reason, reason_chain, reasons};
/// #[derive(FailureReason)]
/// enum CodeError {
///     #[reason(mfa_invalid)]
///     Wrong,
///     #[reason(with = why)]
///     Other(Arc<dyn Error>),
/// }
///
/// fn why(error: &Arc<dyn Error>) -> Reason {
///     reason_chain!(error; ParseIntError => |_| Reason::MalformedRequest, std::io::Error => reasons::io)
/// }
///
/// let error = CodeError::Other(Arc::new("x".parse::<u8>().unwrap_err()));
/// assert_eq!(error.failure_reason(), Reason::MalformedRequest);
/// ```
///
/// # As an item
///
/// `reason_chain! { fn name(error: &E) { … } }` declares such a function together with the list of what it gives, so that
/// `reason = name`, `classify`, `verdict` and `#[reason(with = name)]` export exactly these reasons at zero. The list is found where the
/// function is in a module, not inside of a function's body. After a type stands nothing, a label, a function or a `match`; a
/// `match` alone reads the error itself:
///
/// ```
/// use auth_metrics::{Reason, reason_chain};
///
/// struct ApiError {
///     code: &'static str,
///     status: u16,
/// }
///
/// reason_chain! {
///     /// Why the API refused.
///     fn why(error: &ApiError) {
///         match error.code {
///             "token_expired" => token_expired, // the whole text
///             "claim/".. => token_claim_mismatch, // what it begins with
///         }
///         match error.status {
///             400..=499 => malformed_request,
///             _ => internal_error,
///         }
///     }
/// }
///
/// assert_eq!(why(&ApiError { code: "claim/aud", status: 401 }), Reason::TokenClaimMismatch);
/// assert_eq!(why(&ApiError { code: "", status: 500 }), Reason::InternalError);
/// ```
///
/// What no arm takes is what stands after `_`, else `unknown`. What a text contains is never looked for. The guide has
/// [more](crate::guide::errors_as_they_are).
///
/// # What is found
///
/// The order of the list decides, not the depth: a type that stands first wins wherever in the chain it is. Put your own
/// errors before those of other crates. Of two errors of that type the outermost is taken.
///
/// The error may be an `anyhow::Error`, a `Box`, `Arc` or reference of `dyn Error + 'static`, or an
/// error of a known type, whose sources are looked through. The types in the list implement `std::error::Error`. What
/// `anyhow` was given with `.context(value)` is found too, by that value's type, as long as the error is an
/// `anyhow::Error`: one that became the source of another error, or a `Box<dyn Error>`, shows only its causes. An error
/// in a `Box` or an `Arc` is found by its own type, and so is one that an `io::Error` holds, be that in a pointer or not.
#[macro_export]
macro_rules! reason_chain {
    (@found $error:ident, $found:ty) => {{
        #[allow(unused_imports)]
        use ::core::error::Error as _;
        #[allow(unused_imports)]
        use $crate::__private::{Downcast as _, Frames as _};
        $crate::__private::found::<$found>(
            (
                ($error.downcast_ref(), $error.downcast_ref(), $error.downcast_ref()),
                ($error.downcast_ref(), $error.downcast_ref(), $error.downcast_ref()),
            ),
            $error.source(),
        )
    }};
    (@reason $error:ident, $found:ty) => {
        <$found as $crate::FailureReason>::failure_reason($error)
    };
    (@reason $error:ident, $found:ty, $reason:expr) => {
        $crate::__private::asked::<$found>($error, $reason)
    };
    ($(#[$attribute:meta])* $visibility:vis fn $($item:tt)+) => {
        $crate::__private::reason_chain_item! { $crate; $(#[$attribute])* $visibility fn $($item)+ }
    };
    ($error:expr; $($found:ty $(=> $reason:expr)?),+ $(,)?) => {
        'reason: {
            let error = $error;
            $(
                if let ::core::option::Option::Some(found) = $crate::reason_chain!(@found error, $found) {
                    break 'reason $crate::reason_chain!(@reason found, $found $(, $reason)?);
                }
            )+
            $crate::Reason::Unknown
        }
    };
}
