//! `tonic::Status` by its code, each of the 17, and whole responses.

macro_rules! version {
    ($name:ident) => {
        mod $name {
            use std::convert::Infallible;
            use std::sync::Arc;

            use ::$name::{Code, Status, TimeoutExpired};
            use auth_metrics::{Outcome, Reason, reasons};
            use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, assert_reasons, cases, variants};

            fn mine() -> Cases<Code> {
                cases!(Code {
                    Ok => Unknown;
                    Cancelled => Cancelled;
                    Unknown => Unknown;
                    InvalidArgument => MalformedRequest;
                    DeadlineExceeded => Timeout;
                    NotFound => MalformedRequest;
                    AlreadyExists => MalformedRequest;
                    PermissionDenied => PermissionDenied;
                    ResourceExhausted => RateLimited;
                    FailedPrecondition => PolicyDenied;
                    Aborted => InternalError;
                    OutOfRange => MalformedRequest;
                    Unimplemented => MalformedRequest;
                    Internal => InternalError;
                    Unavailable => DependencyUnavailable;
                    DataLoss => InternalError;
                    Unauthenticated => InvalidCredentials;
                })
            }

            fn of_a_dependency() -> Cases<Code> {
                cases!(Code {
                    Ok => Unknown;
                    Cancelled => DependencyUnavailable;
                    Unknown => Unknown;
                    InvalidArgument => MalformedRequest;
                    DeadlineExceeded => Timeout;
                    NotFound => Unknown;
                    AlreadyExists => Unknown;
                    PermissionDenied => ConfigurationError;
                    ResourceExhausted => Overloaded;
                    FailedPrecondition => PolicyDenied;
                    Aborted => DependencyUnavailable;
                    OutOfRange => MalformedRequest;
                    Unimplemented => ConfigurationError;
                    Internal => DependencyUnavailable;
                    Unavailable => DependencyUnavailable;
                    DataLoss => DependencyUnavailable;
                    Unauthenticated => ConfigurationError;
                })
            }

            fn statuses(codes: Cases<Code>) -> Cases<Status> {
                codes.into_iter().map(|(name, code, reason)| (name, Status::new(code, "text"), reason)).collect()
            }

            #[test]
            fn every_code_has_its_reason_in_both_roles() {
                use reasons::$name::dependency;

                let source = variants(&[stringify!($name)], "status.rs", "Code");
                assert_complete(&source, &mine(), &[]);
                assert_complete(&source, &of_a_dependency(), &[]);
                assert_mapped(&statuses(mine()), reasons::$name, reasons::$name::REASONS, &[]);
                assert_reasons(&statuses(of_a_dependency()), dependency, dependency::REASONS, &[]);
            }

            #[test]
            fn a_call_that_tonic_itself_gave_up_is_a_timeout() {
                let expired = Status::from_error(Box::new(TimeoutExpired(())));
                assert_eq!(expired.code(), Code::Cancelled);
                let mut cancelled = Status::cancelled("by the peer");
                assert_eq!(reasons::$name::dependency(&cancelled), Reason::DependencyUnavailable);
                cancelled.set_source(Arc::new(TimeoutExpired(())));
                assert_eq!(reasons::$name::dependency(&cancelled), Reason::Timeout);
                assert_eq!(reasons::$name::dependency(&expired), Reason::Timeout);
            }

            #[test]
            fn a_refusal_that_is_an_ok_response_is_read_by_its_header() {
                for (name, code, reason) in mine() {
                    let response: ::http1::Response<()> = Status::new(code, "text").into_http();
                    assert_eq!(response.status(), 200);
                    let expected = if code == Code::Ok { Outcome::Success } else { Outcome::Failure(reason) };
                    assert_eq!(reasons::$name::response(&response), expected, "{name}");
                    assert_eq!(reasons::$name::result(&Ok::<_, Infallible>(response)), expected, "{name}");
                }
            }

            #[test]
            fn a_response_without_the_header_is_read_by_its_http_status() {
                let with = |status: u16, grpc: Option<&str>| {
                    let response = ::http1::Response::builder().status(status);
                    let response = grpc.into_iter().fold(response, |made, status| made.header("grpc-status", status));
                    reasons::$name::response(&response.body(()).unwrap())
                };
                assert_eq!(with(200, None), Outcome::Success);
                assert_eq!(with(403, None), Outcome::Failure(Reason::PermissionDenied));
                assert_eq!(with(200, Some("no number")), Outcome::Failure(Reason::Unknown));
                let failed: Result<::http1::Response<()>, _> = Err(Status::unauthenticated("text"));
                assert_eq!(reasons::$name::result(&failed), Outcome::Failure(Reason::InvalidCredentials));
            }
        }
    };
}

version!(tonic013);
version!(tonic014);
