//! `error_stack::Report`, and the reports of anyhow and eyre: errors that can be any.

use std::error::Error;
use std::{fmt, io};

use auth_metrics::{FailureReason, Reason, reason_chain, reasons};

#[derive(Debug, FailureReason)]
enum LoginError {
    AccountLocked,
}

#[derive(Debug, FailureReason)]
#[reason(transparent)]
struct Caused(LoginError);

#[derive(Debug)]
struct Handler(Option<io::Error>);

impl fmt::Display for LoginError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("login")
    }
}

impl fmt::Display for Caused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("caused")
    }
}

impl fmt::Display for Handler {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("handler")
    }
}

impl Error for LoginError {}

impl Error for Caused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

impl Error for Handler {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_ref().map(|error| error as &(dyn Error + 'static))
    }
}

fn timed_out() -> io::Error {
    io::Error::from(io::ErrorKind::TimedOut)
}

macro_rules! version {
    ($name:ident) => {
        mod $name {
            use ::$name::Report;
            use auth_metrics::{FailureReason, Reason};

            use super::{Handler, LoginError, reason_chain, reasons, timed_out};

            fn why<C: std::error::Error + Send + Sync + 'static>(report: &Report<C>) -> Reason {
                reason_chain!(report; LoginError, std::io::Error => reasons::io)
            }

            #[test]
            fn current_context_says_the_reason() {
                let report = Report::new(timed_out()).change_context(LoginError::AccountLocked);
                assert_eq!(report.failure_reason(), Reason::AccountLocked);
                assert_eq!(<Report<LoginError> as FailureReason>::REASONS, LoginError::REASONS);
            }

            #[test]
            fn chain_finds_a_context_below_the_current_one() {
                let report = Report::new(LoginError::AccountLocked).change_context(Handler(None));
                assert_eq!(why(&report), Reason::AccountLocked);
                let report = Report::new(timed_out()).change_context(Handler(None));
                assert_eq!(why(&report), Reason::Timeout);
            }

            #[test]
            fn chain_finds_what_caused_the_current_context() {
                assert_eq!(why(&Report::new(Handler(Some(timed_out())))), Reason::Timeout);
                assert_eq!(why(&Report::new(Handler(None))), Reason::Unknown);
            }
        }
    };
}

version!(error_stack04);
version!(error_stack05);
version!(error_stack06);
version!(error_stack07);
version!(error_stack08);

#[test]
fn chain_looks_through_reports_of_anyhow_and_eyre_without_a_feature() {
    fn of_anyhow(error: &anyhow::Error) -> Reason {
        reason_chain!(error; LoginError, io::Error => reasons::io)
    }
    fn of_eyre(error: &eyre::Report) -> Reason {
        reason_chain!(error; LoginError, io::Error => reasons::io)
    }
    fn of_any(error: &(impl AsRef<dyn Error> + ?Sized)) -> Reason {
        reason_chain!(error.as_ref(); LoginError, io::Error => reasons::io)
    }

    let anyhow = [
        (anyhow::Error::new(LoginError::AccountLocked).context("handler"), Reason::AccountLocked),
        (anyhow::Error::new(Caused(LoginError::AccountLocked)), Reason::AccountLocked),
        (anyhow::Error::new(timed_out()).context(LoginError::AccountLocked), Reason::AccountLocked),
        (anyhow::Error::new(timed_out()).context("handler"), Reason::Timeout),
        (anyhow::anyhow!("the account is locked"), Reason::Unknown),
    ];
    let eyre = [
        (eyre::Report::new(LoginError::AccountLocked).wrap_err("handler"), Reason::AccountLocked),
        (eyre::Report::new(Caused(LoginError::AccountLocked)), Reason::AccountLocked),
        (eyre::Report::new(timed_out()).wrap_err(LoginError::AccountLocked), Reason::AccountLocked),
        (eyre::Report::new(timed_out()).wrap_err("handler"), Reason::Timeout),
        (eyre::eyre!("the account is locked"), Reason::Unknown),
    ];
    for (at, ((anyhow, reason), (eyre, _))) in anyhow.iter().zip(&eyre).enumerate() {
        assert_eq!((of_anyhow(anyhow), of_eyre(eyre)), (*reason, *reason), "{at}");
    }
    // Through `dyn Error` a context is seen no more, only what caused the error.
    assert_eq!(of_any(&anyhow[0].0), Reason::AccountLocked);
    assert_eq!(of_any(&eyre[1].0), Reason::AccountLocked);
}
