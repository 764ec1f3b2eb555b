//! A model check of the one structure that recording and reading share: the cells that threads own. The library's own
//! source is compiled here with the checker's atomics, and the orders in which threads can take turns are tried.

mod counts;
mod events;
#[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the methods are those of the library")]
mod handle;
mod latest;
mod order;
mod storage;
#[expect(clippy::unused_self, reason = "the methods are those of the library")]
mod terms;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Tries every execution of a model. Fewer of them than `least` are none that could fail.
fn explore(least: usize, model: impl Fn() + Send + Sync + 'static) {
    explore_with(&loom::model::Builder::new(), least, model);
}

/// Tries those executions in which running threads are interrupted twice at most: there are too many others.
fn explore_interrupted_twice(least: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut checker = loom::model::Builder::new();
    checker.preemption_bound = Some(2);
    explore_with(&checker, least, model);
}

fn explore_with(checker: &loom::model::Builder, least: usize, model: impl Fn() + Send + Sync + 'static) {
    let executions = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&executions);
    checker.check(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        model();
    });
    let executions = executions.load(Ordering::Relaxed);
    println!("{executions} executions");
    assert!(executions >= least, "only {executions} executions were tried, not {least}");
}
