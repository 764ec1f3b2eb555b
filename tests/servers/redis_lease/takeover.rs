//! Two processes and one Redis: the holder of the lease is killed in the middle of a rotation.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use auth_metrics::AuthMetrics;
use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::rotation::{Rotated, Rotator, RotatorHandle};
use auth_metrics_credentials::{Credential, CredentialTracker};

use super::server::{DEADLINE, Server, lease};
use crate::stack::Running;

/// Long enough for a busy machine: a holder that can't renew for two thirds of it gives up.
const TTL: Duration = Duration::from_secs(5);
const DAY: Duration = Duration::from_secs(86_400);

/// Says which process is the holder: the test's binary runs the test `holder` again.
const URL: &str = "AUTH_METRICS_TEST_REDIS";
const STORE: &str = "AUTH_METRICS_TEST_STORE";
const DIES: &str = "AUTH_METRICS_TEST_DIES";

/// A key that is rotated every day, and was yesterday.
fn rotator<F, Fut>(metrics: &AuthMetrics, url: &str, rotate: F) -> Rotator
where
    F: FnMut(String) -> Fut + Send + 'static,
    Fut: Future<Output = io::Result<()>> + Send + 'static,
{
    let key = Credential::new(CredentialKind::SigningKey, "jwt").with_rotation_interval(DAY);
    let key =
        CredentialTracker::new(metrics).declare(key.with_last_rotated(SystemTime::now() - DAY)).unwrap();
    key.activate().unwrap();
    let mut rotate = rotate;
    Rotator::new(key, move |context| {
        let done = rotate(context.id().to_owned());
        async { done.await.map(|()| Rotated::without_end()) }
    })
    .id("first")
    .lease(lease(url))
    .lease_ttl(TTL)
}

/// The file that stands for the place where the key lives: the id of each that was made, line by line.
fn rotations(store: &Path) -> usize {
    fs::read_to_string(store).unwrap().lines().count()
}

fn add_rotation(store: &Path, id: &str) -> io::Result<()> {
    writeln!(fs::OpenOptions::new().append(true).open(store)?, "{id}")
}

fn empty_store(name: &str) -> PathBuf {
    let store = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&store, "").unwrap();
    store
}

/// Not a test of its own: what the process that is killed runs. It rotates at once, and dies before or after the key is
/// changed; alone it has nothing to do.
#[tokio::test]
#[ignore = "run by the tests here, in a process of its own"]
async fn holder() {
    let (Ok(url), Ok(store), Ok(dies)) = (std::env::var(URL), std::env::var(STORE), std::env::var(DIES))
    else {
        return;
    };
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let rotator = rotator(&metrics, &url, move |id| {
        if dies == "after" {
            add_rotation(Path::new(&store), &id).unwrap();
        }
        // Heard by whoever kills this process.
        eprintln!("rotating");
        std::future::pending()
    });
    rotator.run(std::future::pending()).await.unwrap();
}

/// A process that is in the middle of `rotate` and has the lease.
fn start_holder(server: &Server, store: &Path, dies: &str) -> Running {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "redis_lease::takeover::holder", "--ignored", "--nocapture"]);
    command.env(URL, server.url()).env(STORE, store).env(DIES, dies);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut running = Running(child);
    let said = BufReader::new(running.0.stderr.take().unwrap());
    assert!(said.lines().any(|line| line.unwrap() == "rotating"), "the holder ended before it rotated");
    running
}

/// And how often it asked the store.
fn spawn_follower(metrics: &AuthMetrics, server: &Server, store: &Path) -> (RotatorHandle, Arc<AtomicUsize>) {
    let (written, read) = (store.to_owned(), store.to_owned());
    let asked = Arc::new(AtomicUsize::new(0));
    let asks = Arc::clone(&asked);
    let rotator = rotator(metrics, &server.url(), move |id| {
        let written = written.clone();
        async move { add_rotation(&written, &id) }
    });
    let refreshed = rotator.refresh(move |_| {
        asks.fetch_add(1, Ordering::Relaxed);
        let newest = fs::read_to_string(&read).unwrap().lines().last().map(str::to_owned);
        async move { Ok::<_, io::Error>(newest.map(|id| Rotated::without_end().id(id))) }
    });
    (refreshed.spawn().unwrap(), asked)
}

/// The tries by outcome, and the rotations that were counted.
fn counts(metrics: &AuthMetrics) -> [f64; 6] {
    let snapshot = metrics.snapshot();
    let kind = ("credential_kind", "signing_key");
    let tried = |outcome| snapshot.value("auth_credential_rotations_total", &[kind, ("outcome", outcome)]);
    let rotated = snapshot.value("auth_credential_events_total", &[kind, ("event", "rotated")]);
    [tried("success"), tried("error"), tried("panicked"), tried("timeout"), tried("cancelled"), rotated]
        .map(Option::unwrap)
}

async fn eventually(what: &str, mut is: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is() {
        assert!(start.elapsed() < DEADLINE, "no {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
#[ignore = "needs redis-server; `./check` runs it"]
async fn a_holder_that_is_killed_before_it_rotated_is_followed_after_its_time() {
    let (server, store) = (Server::start(), empty_store("killed_before"));
    let holder = start_holder(&server, &store, "before");
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let (follower, _) = spawn_follower(&metrics, &server, &store);
    // It is renewed again and again, and nobody else rotates.
    let left = redis::cmd("PTTL").arg("test:{gateway/signing_key/jwt}:lease").to_owned();
    let (mut renewals, mut before) = (0, i64::MAX);
    eventually("renewals", || {
        assert_eq!(rotations(&store), 0);
        let now = server.ask(&left).unwrap();
        renewals += u32::from(now > before);
        before = now;
        renewals == 2
    })
    .await;
    assert_eq!(counts(&metrics), [0.0; 6]);

    drop(holder);
    eventually("takeover", || rotations(&store) == 1).await;
    eventually("count", || counts(&metrics)[0] > 0.0).await;
    follower.shutdown().await;
    assert_eq!((rotations(&store), counts(&metrics)), (1, [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]));
}

#[tokio::test]
#[ignore = "needs redis-server; `./check` runs it"]
async fn a_holder_that_is_killed_after_it_rotated_is_not_followed_by_a_second_rotation() {
    let (server, store) = (Server::start(), empty_store("killed_after"));
    let holder = start_holder(&server, &store, "after");
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let (follower, asked) = spawn_follower(&metrics, &server, &store);
    drop(holder);
    // It asks the store again and again after the lease has ended, and finds the key there.
    let held = redis::cmd("EXISTS").arg("test:{gateway/signing_key/jwt}:lease").to_owned();
    eventually("end of the lease", || !server.ask::<bool>(&held).unwrap()).await;
    let before = asked.load(Ordering::Relaxed);
    eventually("looks", || asked.load(Ordering::Relaxed) > before + 3).await;
    follower.shutdown().await;
    assert_eq!((rotations(&store), counts(&metrics)), (1, [0.0; 6]));
}
