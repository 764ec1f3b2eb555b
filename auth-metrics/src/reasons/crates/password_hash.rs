//! `password_hash::Error`.

macro_rules! version {
    ($name:ident, $version:tt, $wrong:ident) => {
        rows! { $version, mapping! {
            #[doc = concat!("The reason of an error of password-hash ", $version, ", which argon2, scrypt and pbkdf2 give: a password that does not match is the caller's, a stored hash that can't be read is ours.")]
            ///
            /// | variant | reason |
            /// |---|---|
            /// | `Password` (0.5), `PasswordInvalid` (0.6) | `invalid_credentials` |
            /// | `OutOfMemory` (0.6) | `overloaded` |
            /// | `Algorithm`, `Crypto`, `OutputSize`, `SaltInvalid`, `Version` | `internal_error` |
            /// | 0.5: `B64Encoding`, `ParamNameDuplicated`, `ParamNameInvalid`, `ParamValueInvalid`, `ParamsMaxExceeded`, `PhcStringField`, `PhcStringTrailingData` | `internal_error` |
            /// | 0.6: `EncodingInvalid`, `Internal`, `ParamInvalid`, `ParamsInvalid`, `RngFailure` | `internal_error` |
            /// | any other | `unknown` |
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as password_hash;")]
            ///
            #[doc = concat!("let reason = reasons::", stringify!($name), ";")]
            #[doc = concat!("assert_eq!(reason(&password_hash::Error::", stringify!($wrong), "), Reason::InvalidCredentials);")]
            /// assert_eq!(reason(&password_hash::Error::Version), Reason::InternalError);
            /// ```
            fn $name(error: ::$name::Error) = error, ::$name::Error
        }, {
            [0.5] Password => InvalidCredentials;
            [0.6] PasswordInvalid => InvalidCredentials;
            [0.6] OutOfMemory => Overloaded;
            Algorithm => InternalError;
            [0.5] B64Encoding(_) => InternalError;
            Crypto => InternalError;
            [0.6] EncodingInvalid => InternalError;
            [0.6] Internal => InternalError;
            OutputSize { .. } => InternalError;
            [0.6] ParamInvalid { .. } => InternalError;
            [0.5] ParamNameDuplicated => InternalError;
            [0.5] ParamNameInvalid => InternalError;
            [0.5] ParamValueInvalid(_) => InternalError;
            [0.6] ParamsInvalid => InternalError;
            [0.5] ParamsMaxExceeded => InternalError;
            [0.5] PhcStringField => InternalError;
            [0.5] PhcStringTrailingData => InternalError;
            [0.6] RngFailure => InternalError;
            SaltInvalid { .. } => InternalError;
            Version => InternalError;
            _ => Unknown;
        } }
    };
}

#[cfg(feature = "password-hash05")]
version!(password_hash05, 0.5, Password);
#[cfg(feature = "password-hash06")]
version!(password_hash06, 0.6, PasswordInvalid);
