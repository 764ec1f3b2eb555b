//! `actix_web::Error`, which is any error with a status, and whole responses.

use ::actix_web4::error::InternalError;
use ::actix_web4::http::StatusCode;
use ::actix_web4::{Error, HttpResponse};
use auth_metrics::{Outcome, Reason, reasons};
use auth_metrics_foreign_tests::{Cases, assert_mapped};

use crate::http::reason_of_mine;

/// An error with each status that there can be.
fn errors() -> Cases<Error> {
    let of = |code| InternalError::new("text", StatusCode::from_u16(code).unwrap()).into();
    (100..=999).map(|code| ("status", of(code), reason_of_mine(code))).collect()
}

#[test]
fn every_status_of_an_error_has_its_reason() {
    assert_mapped(&errors(), reasons::actix_web4, reasons::actix_web4::REASONS, &[]);
}

#[test]
fn a_response_is_read_by_its_status() {
    for code in 100..=999 {
        let response = HttpResponse::build(StatusCode::from_u16(code).unwrap()).finish();
        let expected = if code < 400 { Outcome::Success } else { Outcome::Failure(reason_of_mine(code)) };
        assert_eq!(reasons::actix_web4::response(&response), expected, "{code}");
        assert_eq!(reasons::actix_web4::result(&Ok::<_, Error>(response)), expected, "{code}");
    }
    let refused: Result<HttpResponse, Error> = Err(::actix_web4::error::ErrorLocked("text"));
    assert_eq!(reasons::actix_web4::result(&refused), Outcome::Failure(Reason::AccountLocked));
}
