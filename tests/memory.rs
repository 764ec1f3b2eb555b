//! What threads leave behind: their counts, and no memory. A process of its own, with an allocator that counts, and without
//! the test harness, whose own thread allocates when it likes.

use std::sync::{Arc, Barrier};
use std::thread;

use auth_metrics::testing::Scope;
use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

#[derive(Debug, FailureReason)]
enum Never {}

#[auth_metered(op = "short")]
fn short() -> Result<(), Never> {
    Ok(())
}

/// A number of threads that all have recorded before the first of them ends.
fn wave(scope: &Scope, threads: usize) {
    let all = Arc::new(Barrier::new(threads));
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let (scope, all) = (scope.clone(), Arc::clone(&all));
            thread::spawn(move || {
                scope.run_sync(short).unwrap();
                all.wait();
            })
        })
        .collect();
    // A thread that is joined has handed its slot on.
    for thread in threads {
        thread.join().unwrap();
    }
}

/// The bytes that are allocated after some work and were not before.
fn grown(work: impl FnOnce()) -> isize {
    let before = ALLOCATED.current_usage();
    work();
    ALLOCATED.current_usage().cast_signed() - before.cast_signed()
}

/// Memory grows with the threads that live at once, and not with those that ever lived.
fn main() {
    // Calibrates the machine's clock here: the thread that would do it for the scope ends when it likes.
    AuthMetrics::builder().service_id("calibrating").build().unwrap();
    let scope = Scope::new();
    wave(&scope, 1);
    let one_after_another = grown(|| (0..512).for_each(|_| wave(&scope, 1)));
    assert_eq!(one_after_another, 0, "512 threads, one after another");

    let first_of_four = grown(|| wave(&scope, 4));
    assert!(first_of_four > 0, "three more threads at once have cells of their own");
    let in_waves = grown(|| (0..500).for_each(|_| wave(&scope, 4)));
    assert_eq!(in_waves, 0, "2,000 threads in waves of 4");

    let second_peak = grown(|| wave(&scope, 7));
    assert_eq!(second_peak, first_of_four, "three more threads at once, again");

    let calls = f64::from(1 + 512 + 4 + 500 * 4 + 7);
    let count = |name| scope.snapshot().value(name, &[("operation", "short")]);
    assert_eq!(count("auth_operations_started_total"), Some(calls));
    assert_eq!(count("auth_operations_total"), Some(calls));
}
