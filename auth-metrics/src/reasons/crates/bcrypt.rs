//! `bcrypt::BcryptError`.

macro_rules! version {
    ($name:ident, $version:tt) => {
        rows! { $version, mapping! {
            #[doc = concat!("The reason of an error of bcrypt ", $version, ".")]
            ///
            /// | variant | reason |
            /// |---|---|
            /// | `Truncation` | `malformed_request` |
            /// | `CostNotAllowed` | `configuration_error` |
            /// | `InvalidHash`, `Rand` | `internal_error` |
            ///
            /// A wrong password is no error there: `bcrypt::verify` gives `Ok(false)`, and a function that returns it says
            /// `false_is = invalid_credentials`.
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as bcrypt;")]
            ///
            /// let error = bcrypt::verify("correct horse", "not a hash").unwrap_err();
            #[doc = concat!("assert_eq!(reasons::", stringify!($name), "(&error), Reason::InternalError);")]
            /// ```
            fn $name(error: ::$name::BcryptError) = error, ::$name::BcryptError
        }, {
            Truncation(_) => MalformedRequest;
            CostNotAllowed(_) => ConfigurationError;
            InvalidHash(_) => InternalError;
            Rand(_) => InternalError;
        } }
    };
}

#[cfg(feature = "bcrypt018")]
version!(bcrypt018, 0.18);
#[cfg(feature = "bcrypt019")]
version!(bcrypt019, 0.19);
