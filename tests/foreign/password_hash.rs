//! `password_hash::Error`.

use ::argon2::{Argon2, PasswordVerifier};
use ::password_hash::Error;
use auth_metrics::{Reason, reasons};
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

fn table() -> Cases<Error> {
    cases!(Error {
        Algorithm => InternalError;
        Crypto => InternalError;
        EncodingInvalid => InternalError;
        Internal => InternalError;
        OutOfMemory => Overloaded;
        OutputSize => InternalError;
        ParamInvalid { name: "m" } => InternalError;
        ParamsInvalid => InternalError;
        PasswordInvalid => InvalidCredentials;
        RngFailure => InternalError;
        SaltInvalid => InternalError;
        Version => InternalError;
    })
}

#[test]
fn every_variant_has_its_reason() {
    assert_complete(&variants(&["password_hash"], "error.rs", "Error"), &table(), &[]);
    assert_mapped(&table(), reasons::password_hash, reasons::password_hash::REASONS, &[Reason::Unknown]);
}

#[test]
fn argon2_says_through_it_that_a_password_is_wrong() {
    let stored = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$3cIuFn3NZMQ0cPrKmYZLVeCbIsWf2dUWrM+LTWGmMbY";
    let error = Argon2::default().verify_password(b"tr0ub4dor", stored).unwrap_err();
    assert_eq!(reasons::password_hash(&error), Reason::InvalidCredentials);
    let error = Argon2::default().verify_password(b"tr0ub4dor", "corrupt").unwrap_err();
    assert_eq!(reasons::password_hash(&error), Reason::InternalError);
}
