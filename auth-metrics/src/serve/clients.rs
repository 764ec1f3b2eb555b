//! Accepts clients up to a limit. A client that holds its place without using it has to make room.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use super::answer::Scrape;
use super::connection;
use super::place::Place;

/// The most clients that are served at the same time.
const CONNECTIONS: usize = 64;

/// How long a shutdown waits for answers in progress.
const GRACE: Duration = Duration::from_secs(5);

/// A client that is being served.
struct Client {
    place: Arc<Place>,
    connection: AbortHandle,
}

/// Accepts one client after another until the server's side of `stopped` is dropped.
pub(super) async fn accept(socket: TcpListener, scrape: Arc<Scrape>, mut stopped: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    let mut clients: Vec<Client> = Vec::new();
    // Has come, and has no place yet.
    let mut next = None;
    loop {
        clients.retain(|client| !client.connection.is_finished());
        if let Some(stream) = next.take_if(|_| clients.len() < CONNECTIONS) {
            let place = Arc::new(Place::new());
            let served = connection::serve(stream, Arc::clone(&scrape), Arc::clone(&place), stopped.clone());
            clients.push(Client { place, connection: connections.spawn(served) });
        }
        tokio::select! {
            biased;
            _ = stopped.changed() => break,
            Some(_) = connections.join_next() => {}
            () = first_due(&clients), if next.is_some() => make_room(&mut clients),
            accepted = socket.accept(), if next.is_none() => match accepted {
                Ok((stream, _)) => next = Some(stream),
                // Out of file descriptors, most likely: give those in use the time to be closed.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
        }
    }
    drop((socket, next));
    let all = async { while connections.join_next().await.is_some() {} };
    // Whoever is not done after that is cut off when the set drops.
    drop(tokio::time::timeout(GRACE, all).await);
}

/// Waits until a client may have to make room.
async fn first_due(clients: &[Client]) {
    match clients.iter().map(|client| client.place.until()).min() {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

/// Disconnects the client that has been due the longest, if one still is.
fn make_room(clients: &mut Vec<Client>) {
    let now = Instant::now();
    let due = (0..clients.len()).map(|at| (clients[at].place.until(), at)).min();
    if let Some((_, at)) = due.filter(|(until, _)| *until <= now) {
        clients.remove(at).connection.abort();
    }
}
