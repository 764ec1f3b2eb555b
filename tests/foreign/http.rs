//! `http::StatusCode`, each of the 900, and whole responses.

use auth_metrics::Reason;

const MINE: &[(u16, Reason)] = &[
    (401, Reason::InvalidCredentials),
    (402, Reason::PermissionDenied),
    (403, Reason::PermissionDenied),
    (407, Reason::MissingCredentials),
    (423, Reason::AccountLocked),
    (429, Reason::RateLimited),
    (451, Reason::PolicyDenied),
    (499, Reason::Cancelled),
    (501, Reason::ConfigurationError),
    (502, Reason::DependencyUnavailable),
    (503, Reason::Overloaded),
    (504, Reason::Timeout),
    (505, Reason::MalformedRequest),
    (511, Reason::MissingCredentials),
];

const OF_A_DEPENDENCY: &[(u16, Reason)] = &[
    (400, Reason::MalformedRequest),
    (401, Reason::ConfigurationError),
    (403, Reason::ConfigurationError),
    (405, Reason::ConfigurationError),
    (406, Reason::ConfigurationError),
    (407, Reason::ConfigurationError),
    (408, Reason::Timeout),
    (415, Reason::ConfigurationError),
    (422, Reason::MalformedRequest),
    (423, Reason::AccountLocked),
    (429, Reason::Overloaded),
    (501, Reason::ConfigurationError),
    (504, Reason::Timeout),
    (505, Reason::ConfigurationError),
    (511, Reason::ConfigurationError),
];

/// The reason of the table, else that of the class of the status.
fn reason_of(table: &[(u16, Reason)], code: u16, other_4xx: Reason, other_5xx: Reason) -> Reason {
    match (table.iter().find(|(status, _)| *status == code), code / 100) {
        (Some((_, reason)), _) => *reason,
        (None, 4) => other_4xx,
        (None, 5) => other_5xx,
        (None, _) => Reason::Unknown,
    }
}

pub(crate) fn reason_of_mine(code: u16) -> Reason {
    reason_of(MINE, code, Reason::MalformedRequest, Reason::InternalError)
}

fn reason_of_a_dependency(code: u16) -> Reason {
    reason_of(OF_A_DEPENDENCY, code, Reason::Unknown, Reason::DependencyUnavailable)
}

macro_rules! version {
    ($name:ident) => {
        mod $name {
            use std::convert::Infallible;
            use std::io;

            use ::$name::{Response, StatusCode};
            use auth_metrics::{Fault, Outcome, Reason, reasons};
            use auth_metrics_foreign_tests::{Cases, assert_mapped, assert_reasons};

            use super::{reason_of_a_dependency, reason_of_mine};

            /// Every status there can be.
            fn all(reason: fn(u16) -> Reason) -> Cases<StatusCode> {
                (100..=999)
                    .map(|code| ("status", StatusCode::from_u16(code).unwrap(), reason(code)))
                    .collect()
            }

            fn mine() -> Cases<StatusCode> {
                all(reason_of_mine)
            }

            #[test]
            fn every_status_of_mine_has_its_reason() {
                assert_mapped(&mine(), reasons::$name, reasons::$name::REASONS, &[]);
            }

            #[test]
            fn every_status_of_a_dependency_has_its_reason() {
                use reasons::$name::dependency;

                let table = all(reason_of_a_dependency);
                assert_reasons(&table, dependency, dependency::REASONS, &[]);
            }

            #[test]
            fn no_status_that_a_stranger_brings_about_is_my_fault() {
                for (_, status, _) in mine().iter().filter(|(_, status, _)| status.is_client_error()) {
                    let fault = reasons::$name(status).fault();
                    assert!(!matches!(fault, Fault::Server | Fault::Unknown), "{status} is {fault:?}");
                }
            }

            #[test]
            fn a_response_is_read_by_its_status() {
                for (_, status, reason) in mine() {
                    let response = Response::builder().status(status).body(()).unwrap();
                    let expected =
                        if status.as_u16() < 400 { Outcome::Success } else { Outcome::Failure(reason) };
                    assert_eq!(reasons::$name::response(&response), expected, "{status}");
                    assert_eq!(reasons::$name::result(&Ok::<_, Infallible>(response)), expected, "{status}");
                }
                let broken: Result<Response<()>, _> = Err(io::Error::from(io::ErrorKind::TimedOut));
                assert_eq!(reasons::$name::result(&broken), Outcome::Failure(Reason::Timeout));
            }
        }
    };
}

version!(http02);
version!(http1);

#[test]
fn a_number_is_read_as_a_status_is() {
    use auth_metrics::{Outcome, reasons};

    for code in 0..=u16::MAX {
        let (mine, dependency) = (reason_of_mine(code), reason_of_a_dependency(code));
        assert_eq!(reasons::http_status(&code), mine, "{code}");
        assert_eq!(reasons::http_status::dependency(&code), dependency, "{code}");
        let expected = if code < 400 { Outcome::Success } else { Outcome::Failure(mine) };
        assert_eq!(reasons::http_status::outcome(&code), expected, "{code}");
    }
}
