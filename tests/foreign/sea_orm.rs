//! `sea_orm::DbErr`.

use ::sea_orm1::{ConnAcquireErr, DbErr, RuntimeErr};
use auth_metrics::{Reason, reasons};
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, cases, variants};

fn text() -> String {
    "text".to_owned()
}

fn runtime() -> RuntimeErr {
    RuntimeErr::Internal(text())
}

fn table() -> Cases<DbErr> {
    cases!(DbErr {
        ConnectionAcquire(ConnAcquireErr::Timeout) => Overloaded;
        ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => DependencyUnavailable;
        TryIntoErr { from: "u8", into: "u16", source: text().into() } => InternalError;
        Conn(runtime()) => DependencyUnavailable;
        Exec(runtime()) => DependencyUnavailable;
        Query(runtime()) => DependencyUnavailable;
        ConvertFromU64("text") => InternalError;
        UnpackInsertId => InternalError;
        UpdateGetPrimaryKey => InternalError;
        RecordNotFound(text()) => Unknown;
        AttrNotSet(text()) => InternalError;
        Custom(text()) => Unknown;
        Type(text()) => InternalError;
        Json(text()) => InternalError;
        Migration(text()) => ConfigurationError;
        RecordNotInserted => Unknown;
        RecordNotUpdated => Unknown;
    })
}

#[test]
fn every_variant_has_its_reason() {
    assert_complete(&variants(&["sea_orm1"], "error.rs", "DbErr"), &table(), &[]);
    assert_mapped(&table(), reasons::sea_orm1, reasons::sea_orm1::REASONS, &[]);
}

#[test]
fn row_that_is_not_there_is_an_unknown_subject_to_a_lookup() {
    for (name, error, reason) in table() {
        let expected = if name == "RecordNotFound" { Reason::UnknownSubject } else { reason };
        assert_eq!(reasons::sea_orm1::lookup(&error), expected, "{name}");
        assert!(reasons::sea_orm1::lookup::REASONS.contains(expected), "{name}");
    }
}
