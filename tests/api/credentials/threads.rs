//! Steps of many threads at once: each is taken once.

use std::sync::Barrier;
use std::thread;

use auth_metrics_credentials::CredentialKind::SigningKey;
use auth_metrics_credentials::{Credential, CredentialError};

use crate::fixture::{DAY, Setup, now};

const THREADS: usize = 8;

/// How many threads of those that do the same at the same time succeed.
pub(crate) fn succeed(attempt: impl Fn() -> Result<(), CredentialError> + Sync) -> usize {
    let start = Barrier::new(THREADS);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    attempt().is_ok()
                })
            })
            .collect();
        threads.into_iter().map(|thread| usize::from(thread.join().unwrap())).sum()
    })
}

#[test]
fn a_step_is_taken_once() {
    let setup = Setup::new();
    let declared = succeed(|| {
        let key = Credential::new(SigningKey, "login").with_not_after(now() + 90 * DAY);
        setup.tracker.declare(key).map(drop)
    });
    let key = setup.tracker.get(SigningKey, "login").unwrap();
    assert_eq!((declared, succeed(|| key.activate()), succeed(|| key.revoke())), (1, 1, 1));
    assert_eq!(setup.events(), ["created 1", "activated 1", "revoked 1"]);
    assert_eq!(setup.illegal(), 2.0 * (THREADS - 1) as f64);
}

#[test]
fn the_time_expires_it_once() {
    let setup = Setup::new();
    setup.key();
    setup.set(now() + 90 * DAY);
    succeed(|| {
        setup.tracker.check();
        Ok(())
    });
    assert_eq!(setup.events(), ["created 1", "expired 1"]);
}

#[test]
fn what_is_forgotten_while_it_is_rotated_leaves_no_times() {
    for _ in 0..200 {
        let setup = Setup::new();
        let key = setup.key();
        key.activate().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| key.rotate(Some(now() + 120 * DAY)));
            key.forget();
        });
        assert_eq!(setup.not_after("login"), None);
    }
}
