//! `argon2::Error`.

macro_rules! version {
    ($name:ident, $version:tt) => {
        rows! { $version, mapping! {
            #[doc = concat!("The reason of an error of argon2 ", $version, ", raw hashing: what is stored and how it is hashed is ours, the password is the caller's.")]
            ///
            /// | variant | reason |
            /// |---|---|
            /// | `PwdTooLong` | `malformed_request` |
            /// | `OutOfMemory` (0.6) | `overloaded` |
            /// | `MemoryTooLittle`, `MemoryTooMuch`, `ThreadsTooFew`, `ThreadsTooMany`, `TimeTooSmall`, `SecretTooLong`, `KeyIdTooLong`, `AdTooLong` | `configuration_error` |
            /// | `AlgorithmInvalid`, `B64Encoding`, `OutputTooShort`, `OutputTooLong`, `SaltTooShort`, `SaltTooLong`, `VersionInvalid` | `internal_error` |
            ///
            /// A password that does not match comes from `password_hash`, whose feature has the same version.
            ///
            /// ```
            /// use auth_metrics::{Reason, reasons};
            #[doc = concat!("# use ", stringify!($name), " as argon2;")]
            ///
            /// let error = argon2::Params::new(1, 1, 1, None).unwrap_err(); // one block of memory is too little
            #[doc = concat!("assert_eq!(reasons::", stringify!($name), "(&error), Reason::ConfigurationError);")]
            /// ```
            fn $name(error: ::$name::Error) = error, ::$name::Error
        }, {
            PwdTooLong => MalformedRequest;
            [0.6] OutOfMemory => Overloaded;
            MemoryTooLittle => ConfigurationError;
            MemoryTooMuch => ConfigurationError;
            ThreadsTooFew => ConfigurationError;
            ThreadsTooMany => ConfigurationError;
            TimeTooSmall => ConfigurationError;
            SecretTooLong => ConfigurationError;
            KeyIdTooLong => ConfigurationError;
            AdTooLong => ConfigurationError;
            AlgorithmInvalid => InternalError;
            B64Encoding(_) => InternalError;
            OutputTooShort => InternalError;
            OutputTooLong => InternalError;
            SaltTooShort => InternalError;
            SaltTooLong => InternalError;
            VersionInvalid => InternalError;
        } }
    };
}

#[cfg(feature = "argon2_05")]
version!(argon2_05, 0.5);
#[cfg(feature = "argon2_06")]
version!(argon2_06, 0.6);
