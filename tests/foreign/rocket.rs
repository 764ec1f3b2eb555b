//! `rocket::http::Status`, each of the 900.

use ::rocket_http::Status;
use auth_metrics::{Outcome, reasons};
use auth_metrics_foreign_tests::{Cases, assert_mapped};

use crate::http::reason_of_mine;

#[test]
fn every_status_has_its_reason() {
    let statuses: Cases<Status> =
        (100..=999).map(|code| ("status", Status::new(code), reason_of_mine(code))).collect();
    assert_mapped(&statuses, reasons::rocket05, reasons::rocket05::REASONS, &[]);
}

#[test]
fn a_status_below_400_is_a_success() {
    for code in 100..=999 {
        let expected = if code < 400 { Outcome::Success } else { Outcome::Failure(reason_of_mine(code)) };
        assert_eq!(reasons::rocket05::outcome(&Status::new(code)), expected, "{code}");
    }
}
