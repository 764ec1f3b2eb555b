//! One client's connection, with a limit on everything that it may take.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::answer::Scrape;
use super::body::Pieces;
use super::place::Place;

const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
const HEAD_BYTES: usize = 16 * 1024;
/// After this time a client is disconnected, whether it has read its answer or not.
const LIFETIME: Duration = Duration::from_secs(15);

pub(super) async fn serve(
    stream: TcpStream,
    scrape: Arc<Scrape>,
    place: Arc<Place>,
    mut stopped: watch::Receiver<()>,
) {
    let local = stream.local_addr().ok().map(|address| address.ip());
    let service = service_fn(move |request| {
        let (scrape, place) = (Arc::clone(&scrape), Arc::clone(&place));
        async move {
            place.waits();
            let answer = scrape.answer(&request, local).await;
            Ok::<_, Infallible>(answer.map(|text| Pieces::new(text, place)))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_BYTES)
        // A client that has asked may close its side, and waits for the answer.
        .half_close(true)
        // One answer a connection: whoever is done makes room.
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let until_done = async {
        tokio::select! {
            // A client that breaks the protocol or hangs up is its own affair.
            _ = connection.as_mut() => return,
            _ = stopped.changed() => {}
        }
        connection.as_mut().graceful_shutdown();
        drop(connection.await);
    };
    drop(tokio::time::timeout(LIFETIME, until_done).await);
}
