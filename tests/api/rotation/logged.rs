//! What the log says of hooks that fail: which one, and by what kind of error; never the error's text.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::rotation::{HookError, Rotated, Rotator};
use auth_metrics_credentials::{Credential, CredentialTracker, TrackedCredential};
use log::{LevelFilter, Log, Metadata, Record};
use tokio::time::sleep;

use crate::fixture::{DAY, HOUR, MINUTE, SECOND, metrics};

/// Keeps every line of this process.
struct Lines(Mutex<Vec<String>>);

static LINES: Lines = Lines(Mutex::new(Vec::new()));

impl Lines {
    fn all(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &Record<'_>) {
        self.all().push(format!("{} {}", record.level(), record.args()));
    }
    fn flush(&self) {}
}

/// A key of this name, and from now on a log.
fn key(slug: &str) -> TrackedCredential {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&LINES).unwrap();
        log::set_max_level(LevelFilter::Trace);
    });
    let key = Credential::new(CredentialKind::SigningKey, slug).with_rotation_interval(DAY);
    let key = CredentialTracker::new(&metrics()).declare(key).unwrap();
    key.activate().unwrap();
    key
}

/// The lines about the key of this name; no line has a secret.
fn lines(slug: &str) -> Vec<String> {
    let all = LINES.all();
    assert!(!all.iter().any(|line| line.contains("hunter2")), "{all:?}");
    all.iter().filter(|line| line.contains(&format!("gateway/signing_key/{slug} "))).cloned().collect()
}

/// An error that says too much.
#[derive(Debug)]
struct Talkative(#[expect(dead_code, reason = "shown by Debug")] &'static str);

impl fmt::Display for Talkative {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the password hunter2 was refused")
    }
}

impl Error for Talkative {}

/// An error that says too much, by a cause that does not.
#[derive(Debug)]
struct Wrapping(HookError);

impl fmt::Display for Wrapping {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("with the password hunter2")
    }
}

impl Error for Wrapping {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

type Boxed = Box<dyn Error + Send + Sync>;

/// What the log says of a try that fails with this error.
async fn logged<E: Send + 'static>(slug: &str, error: fn() -> E) -> Vec<String> {
    let rotator = Rotator::new(key(slug), move |_| async move { Err::<Rotated, E>(error()) });
    let handle = rotator.spawn().unwrap();
    handle.rotate_now().await.unwrap();
    handle.shutdown().await;
    lines(slug)
}

#[tokio::test(start_paused = true)]
async fn an_error_is_logged_by_its_type_and_not_its_text() {
    let said = logged("typed", || Talkative("hunter2")).await;
    assert_eq!(
        said,
        ["WARN auth-metrics: rotate of gateway/signing_key/typed failed: rotation::logged::Talkative"]
    );
    let said = logged("text", || "hunter2".to_owned()).await;
    assert_eq!(said, ["WARN auth-metrics: rotate of gateway/signing_key/text failed: alloc::string::String"]);
}

#[tokio::test(start_paused = true)]
async fn an_io_error_is_logged_by_its_kind() {
    let said = logged("io", || io::Error::new(io::ErrorKind::TimedOut, "hunter2")).await;
    let expected = "WARN auth-metrics: rotate of gateway/signing_key/io failed: std::io::Error, TimedOut";
    assert_eq!(said, [expected]);
}

#[tokio::test(start_paused = true)]
async fn a_name_from_the_code_is_logged_also_inside_of_a_box() {
    let said = logged("named", || HookError::new("the vault is sealed")).await;
    assert_eq!(said, ["WARN auth-metrics: rotate of gateway/signing_key/named failed: the vault is sealed"]);
    let said = logged("boxed", || Boxed::from(HookError::new("the vault is sealed"))).await;
    assert_eq!(said, ["WARN auth-metrics: rotate of gateway/signing_key/boxed failed: the vault is sealed"]);
    let said = logged("unknown", || Boxed::from(Talkative("hunter2"))).await;
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("/unknown failed: alloc::boxed::Box<dyn"), "{said:?}");
    let said = logged("sourced", || Boxed::from(Wrapping(HookError::new("the vault is sealed")))).await;
    assert_eq!(
        said,
        ["WARN auth-metrics: rotate of gateway/signing_key/sourced failed: the vault is sealed"]
    );
}

#[tokio::test(start_paused = true)]
async fn every_hook_is_named_and_heard_once_a_minute() {
    let rotator = Rotator::new(key("hooks"), |context| async move {
        match context.attempt() {
            1..=1_000 => Err(HookError::new("no key")),
            _ => Ok(Rotated::without_end()),
        }
    });
    let rotator = rotator.refresh(|known| async move {
        if known.attempt() == 1 { Err(HookError::new("no store")) } else { Ok(None) }
    });
    let rotator = rotator.id("first").retire(|_| async { Err::<(), _>(HookError::new("no way")) });
    let handle = rotator.backoff(SECOND, SECOND).spawn().unwrap();
    sleep(DAY + HOUR).await;
    handle.shutdown().await;
    let said = lines("hooks");
    let of = |hook: &str| said.iter().filter(|line| line.contains(&format!(": {hook} of "))).count();
    assert!(of("refresh") > 1, "it is asked at each look, and always as for a first try");
    let minutes = (HOUR.as_secs() / MINUTE.as_secs()) as usize;
    for hook in ["rotate", "retire"] {
        assert!((2..=minutes).contains(&of(hook)), "{hook}: {}", of(hook));
    }
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_panics_or_hangs_is_logged_too() {
    let rotator = Rotator::new(key("panicking"), |context| async move {
        assert!(context.attempt() > 1, "hunter2");
        Ok::<_, HookError>(Rotated::without_end())
    });
    let handle = rotator.spawn().unwrap();
    handle.rotate_now().await.unwrap();
    handle.shutdown().await;
    let expected = "WARN auth-metrics: rotate of gateway/signing_key/panicking failed: it panicked";
    assert_eq!(lines("panicking"), [expected]);
    let rotator = Rotator::new(key("hanging"), |_| std::future::pending::<Result<Rotated, HookError>>());
    let handle = rotator.timeout(SECOND).backoff(DAY, DAY).spawn().unwrap();
    handle.rotate_now().await.unwrap();
    handle.shutdown().await;
    let expected =
        "WARN auth-metrics: rotate of gateway/signing_key/hanging failed: it took longer than its timeout";
    assert_eq!(lines("hanging"), [expected]);
}
