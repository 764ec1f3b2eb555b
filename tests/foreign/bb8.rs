//! `bb8::RunError`.

use std::fmt;

use auth_metrics::reasons;
use auth_metrics_foreign_tests::{assert_complete, assert_mapped, cases, variants};

type RunError = ::bb8_09::RunError<fmt::Error>;

#[test]
fn every_variant_has_its_reason() {
    let table = cases!(RunError {
        User(fmt::Error) => DependencyUnavailable;
        TimedOut => Overloaded;
    });
    assert_complete(&variants(&["bb8_09"], "api.rs", "RunError"), &table, &[]);
    assert_mapped(&table, reasons::bb8_09, reasons::bb8_09::REASONS, &[]);
}
