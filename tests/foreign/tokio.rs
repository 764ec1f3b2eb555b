//! `tokio::time::error::Elapsed`, a struct, and `tokio::task::JoinError`, whose variants are private.

use std::time::Duration;

use auth_metrics::{Reason, reasons};
use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, variants};

#[tokio::test]
async fn a_timer_that_ran_out_is_a_timeout() {
    use reasons::tokio1::elapsed;

    let late = ::tokio::time::timeout(Duration::ZERO, std::future::pending::<()>()).await;
    let table = vec![("Elapsed", late.unwrap_err(), Reason::Timeout)];
    assert_mapped(&table, elapsed, elapsed::REASONS, &[]);
}

#[tokio::test]
async fn every_end_of_a_task_has_its_reason() {
    use reasons::tokio1::join_error;

    let aborted = ::tokio::spawn(std::future::pending::<()>());
    aborted.abort();
    let unwound = ::tokio::spawn(async { std::panic::resume_unwind(Box::new("a task's panic")) });
    let table: Cases<_> = vec![
        ("Cancelled", aborted.await.unwrap_err(), Reason::Cancelled),
        ("Panic", unwound.await.unwrap_err(), Reason::Panicked),
    ];
    assert_complete(&variants(&["tokio"], "runtime/task/error.rs", "Repr"), &table, &[]);
    assert_mapped(&table, join_error, join_error::REASONS, &[Reason::Unknown]);
}
