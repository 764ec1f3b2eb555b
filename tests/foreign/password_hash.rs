//! `password_hash::Error`.

fn verify_05(stored: &str) -> Result<(), ::password_hash05::Error> {
    use ::argon2_05::{Argon2, PasswordHash, PasswordVerifier};

    Argon2::default().verify_password(b"tr0ub4dor", &PasswordHash::new(stored)?)
}

fn verify_06(stored: &str) -> Result<(), ::password_hash06::Error> {
    use ::argon2_06::{Argon2, PasswordVerifier};

    Argon2::default().verify_password(b"tr0ub4dor", stored)
}

macro_rules! version {
    ($name:ident, $version:tt, $file:literal, $verify:ident) => {
        mod $name {
            use ::$name::Error;
            use auth_metrics::{Reason, reasons};
            use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

            fn table() -> Cases<Error> {
                cases!($version; Error {
                    Algorithm => InternalError;
                    [0.5] B64Encoding(base64ct::Error::InvalidEncoding) => InternalError;
                    Crypto => InternalError;
                    [0.6] EncodingInvalid => InternalError;
                    [0.6] Internal => InternalError;
                    [0.6] OutOfMemory => Overloaded;
                    [0.5] OutputSize { provided: std::cmp::Ordering::Less, expected: 32 } => InternalError;
                    [0.6] OutputSize => InternalError;
                    [0.6] ParamInvalid { name: "m" } => InternalError;
                    [0.5] ParamNameDuplicated => InternalError;
                    [0.5] ParamNameInvalid => InternalError;
                    [0.5] ParamValueInvalid(::$name::errors::InvalidValue::TooLong) => InternalError;
                    [0.6] ParamsInvalid => InternalError;
                    [0.5] ParamsMaxExceeded => InternalError;
                    [0.5] Password => InvalidCredentials;
                    [0.6] PasswordInvalid => InvalidCredentials;
                    [0.5] PhcStringField => InternalError;
                    [0.5] PhcStringTrailingData => InternalError;
                    [0.6] RngFailure => InternalError;
                    [0.5] SaltInvalid(::$name::errors::InvalidValue::TooLong) => InternalError;
                    [0.6] SaltInvalid => InternalError;
                    Version => InternalError;
                })
            }

            #[test]
            fn every_variant_has_its_reason() {
                assert_complete(&variants(&[stringify!($name)], $file, "Error"), &table(), &[]);
                assert_mapped(&table(), reasons::$name, reasons::$name::REASONS, &[Reason::Unknown]);
            }

            #[test]
            fn argon2_says_through_it_that_a_password_is_wrong() {
                let stored = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$3cIuFn3NZMQ0cPrKmYZLVeCbIsWf2dUWrM+LTWGmMbY";
                let error = super::$verify(stored).unwrap_err();
                assert_eq!(reasons::$name(&error), Reason::InvalidCredentials);
                let error = super::$verify("corrupt").unwrap_err();
                assert_eq!(reasons::$name(&error), Reason::InternalError);
            }
        }
    };
}

version!(password_hash05, 0.5, "errors.rs", verify_05);
version!(password_hash06, 0.6, "error.rs", verify_06);
