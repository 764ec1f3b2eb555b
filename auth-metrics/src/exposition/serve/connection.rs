//! One client's connection, with an end to everything it may take.

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

const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
const HEAD_BYTES: usize = 16 * 1024;
/// After this the connection is closed between two answers.
const LIFETIME: Duration = Duration::from_secs(60);
/// After this much more it is cut.
const LAST_ANSWER: Duration = Duration::from_secs(10);

pub(super) async fn serve(stream: TcpStream, scrape: Arc<Scrape>, mut stopped: watch::Receiver<()>) {
    let service = service_fn(move |request| {
        let answer = scrape.answer(&request);
        async move { Ok::<_, Infallible>(answer) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        // A client that breaks the protocol or hangs up is its own affair.
        _ = connection.as_mut() => return,
        _ = stopped.changed() => {}
        () = tokio::time::sleep(LIFETIME) => {}
    }
    connection.as_mut().graceful_shutdown();
    drop(tokio::time::timeout(LAST_ANSWER, connection).await);
}
