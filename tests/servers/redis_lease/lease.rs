//! The lease by itself.

use std::time::{Duration, SystemTime};

use auth_metrics_credentials::rotation::{Lease, Rotation};

use super::server::{DEADLINE, Server};

const NAME: &str = "gateway/signing_key/jwt";
const TAKEN: &str = "test:{gateway/signing_key/jwt}:taken";
const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
#[ignore = "needs redis-server; `./check` runs it"]
async fn one_of_many_takes_it_and_each_taking_has_a_higher_token() {
    let server = Server::start();
    let leases: Vec<_> = (0..8).map(|_| server.lease()).collect();
    let mut tokens = Vec::new();
    for _ in 0..5 {
        let mut taken = Vec::new();
        for (place, lease) in leases.iter().enumerate() {
            if let Some(held) = lease.try_acquire(NAME, LONG).await.unwrap() {
                taken.push((place, held));
            }
        }
        assert_eq!(taken.len(), 1);
        let (place, held) = taken.remove(0);
        tokens.push(held.fencing_token());
        leases[place].release(&held, None).await.unwrap();
    }
    assert!(tokens.is_sorted_by(|one, next| one < next), "{tokens:?}");
}

#[tokio::test]
#[ignore = "needs redis-server; `./check` runs it"]
async fn tokens_rise_when_the_server_forgets() {
    let server = Server::start();
    let mut last = 0;
    for _ in 0..5 {
        // A process of its own each time: it knows of no token before.
        let held = server.lease().try_acquire(NAME, LONG).await.unwrap().unwrap();
        assert!(held.fencing_token() > last, "{} after {last}", held.fencing_token());
        last = held.fencing_token();
        server.ask::<()>(&redis::cmd("FLUSHALL")).unwrap();
        while server.millis() <= last {}
    }
}

#[tokio::test]
#[ignore = "needs redis-server; `./check` runs it"]
async fn tokens_rise_when_the_clock_of_the_server_is_set_back() {
    let server = Server::start();
    let lease = server.lease();
    let ahead = server.millis() + 3_600_000;
    server.ask::<()>(redis::cmd("SET").arg(TAKEN).arg(ahead)).unwrap();
    for token in [ahead + 1, ahead + 2] {
        let held = lease.try_acquire(NAME, LONG).await.unwrap().unwrap();
        assert_eq!(held.fencing_token(), token);
        lease.release(&held, None).await.unwrap();
    }
    assert_eq!(server.ask::<u64>(redis::cmd("GET").arg(TAKEN)).unwrap(), ahead + 2);
}

#[tokio::test]
#[ignore = "needs redis-server; `./check` runs it"]
async fn tokens_rise_when_a_server_with_a_slower_clock_takes_over() {
    let server = Server::start();
    let lease = server.lease();
    let ahead = server.millis() + 3_600_000;
    server.ask::<()>(redis::cmd("SET").arg(TAKEN).arg(ahead)).unwrap();
    lease.try_acquire(NAME, LONG).await.unwrap().unwrap();
    server.ask::<()>(&redis::cmd("FLUSHALL")).unwrap();
    let held = lease.try_acquire(NAME, LONG).await.unwrap().unwrap();
    assert_eq!(held.fencing_token(), ahead + 2, "a process that lives on remembers");
    let stored: u64 = server.ask(redis::cmd("GET").arg(TAKEN)).unwrap();
    assert_eq!(stored, ahead + 2, "and tells the server");
}

#[tokio::test]
#[ignore = "needs redis-server; `./check` runs it"]
async fn whoever_lost_it_neither_keeps_nor_deletes_that_of_the_next() {
    let server = Server::start();
    let (one, other) = (server.lease(), server.lease());
    let lost = one.try_acquire(NAME, LONG).await.unwrap().unwrap();
    assert!(other.try_acquire(NAME, LONG).await.unwrap().is_none());
    // Its time is over.
    server.ask::<()>(redis::cmd("PEXPIRE").arg("test:{gateway/signing_key/jwt}:lease").arg(0)).unwrap();
    let held = other.try_acquire(NAME, LONG).await.unwrap().unwrap();
    assert!(!one.renew(&lost, LONG).await.unwrap());
    one.release(&lost, None).await.unwrap();
    assert!(other.renew(&held, LONG).await.unwrap());
    let left: i64 = server.ask(redis::cmd("PTTL").arg("test:{gateway/signing_key/jwt}:lease")).unwrap();
    assert!((1..=60_000).contains(&left), "{left} ms");
    other.release(&held, None).await.unwrap();
    assert!(!other.renew(&held, LONG).await.unwrap());
}

#[tokio::test]
#[ignore = "needs redis-server; `./check` runs it"]
async fn the_rotation_with_the_highest_token_is_the_one_that_is_known() {
    let server = Server::start();
    let lease = server.lease();
    let second = |second| SystemTime::UNIX_EPOCH + Duration::from_secs(second);
    assert_eq!(lease.last_rotation(NAME).await.unwrap(), None);
    let held = lease.try_acquire(NAME, LONG).await.unwrap().unwrap();
    // By a clock that is behind, the second rotation comes before the first.
    let newest = Rotation::new(7, "key-b", second(1_000), Some(second(9_000)));
    for rotation in [
        Rotation::new(6, "key-a", second(2_000), Some(second(5_000))),
        newest.clone(),
        Rotation::new(7, "key-c", second(3_000), None),
        Rotation::new(5, "key-d", second(4_000), None),
    ] {
        // The second time the lease is given back already: the rotation is stored nevertheless.
        lease.release(&held, Some(rotation)).await.unwrap();
    }
    let known = lease.last_rotation(NAME).await.unwrap().unwrap();
    assert!(known.age().is_some_and(|age| age < DEADLINE), "{:?}", known.age());
    assert_eq!(known, newest.with_age(known.age().unwrap()));
    let held = lease.try_acquire(NAME, LONG).await.unwrap().unwrap();
    assert_eq!(held.last_rotation().map(Rotation::id), Some("key-b"));
    lease.release(&held, Some(Rotation::new(8, "key-e", second(1), None))).await.unwrap();
    let known = lease.last_rotation(NAME).await.unwrap().unwrap();
    let endless = (known.id(), known.at(), known.not_after());
    assert_eq!(endless, ("key-e", second(1), None), "the end of the one before is gone");
}

#[tokio::test]
#[ignore = "needs redis-server; `./check` runs it"]
async fn a_server_that_was_away_is_connected_again() {
    let mut server = Server::start();
    let lease = server.lease();
    let held = lease.try_acquire(NAME, LONG).await.unwrap().unwrap();
    server.down();
    assert!(lease.renew(&held, LONG).await.is_err());
    assert!(lease.try_acquire(NAME, LONG).await.is_err());
    server.up();
    assert!(!lease.renew(&held, LONG).await.unwrap(), "it forgot everything");
    assert!(lease.try_acquire(NAME, LONG).await.unwrap().is_some());
}
