//! `reqwest::Error`, made by real requests, since its kinds are private.

use std::net::SocketAddr;

use ::tokio::io::{AsyncReadExt, AsyncWriteExt};
use ::tokio::net::TcpListener;

/// The address of a server that answers one request with these bytes and hangs up.
async fn answering(bytes: &'static str) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    ::tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await.unwrap();
        socket.write_all(bytes.as_bytes()).await.unwrap();
    });
    address
}

/// The address of a server that nobody is behind.
async fn nobody() -> SocketAddr {
    TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap()
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}/")
}

macro_rules! version {
    ($name:ident, $cut:literal, $not_built:literal) => {
        mod $name {
            use std::time::Duration;

            use ::tokio::net::TcpListener;
            use ::$name::redirect::Policy;
            use ::$name::{Client, Error};
            use auth_metrics::{Reason, reasons};
            use auth_metrics_foreign_tests::{Cases, assert_complete, assert_mapped, variants};

            use super::{answering, nobody, url};

            async fn table() -> Cases<Error> {
                let follow_nothing = Client::builder()
                    .redirect(Policy::custom(|attempt| attempt.error("no")))
                    .build()
                    .unwrap();
                let impatient = Client::builder().timeout(Duration::from_millis(1)).build().unwrap();
                let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
                let get = async |bytes| Client::new().get(url(answering(bytes).await)).send().await;
                let found = answering("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n").await;
                let status = async |bytes| get(bytes).await.unwrap().error_for_status().unwrap_err();
                vec![
                    (
                        "Builder",
                        Client::new().get("no address").build().unwrap_err(),
                        Reason::ConfigurationError,
                    ),
                    (
                        "Request",
                        Client::new().get(url(nobody().await)).send().await.unwrap_err(),
                        Reason::DependencyUnavailable,
                    ),
                    ("Request", get("").await.unwrap_err(), Reason::DependencyUnavailable),
                    (
                        "Request",
                        impatient.get(url(silent.local_addr().unwrap())).send().await.unwrap_err(),
                        Reason::Timeout,
                    ),
                    (
                        "Redirect",
                        follow_nothing.get(url(found)).send().await.unwrap_err(),
                        Reason::ConfigurationError,
                    ),
                    (
                        "Status",
                        status("HTTP/1.1 401 \r\ncontent-length: 0\r\n\r\n").await,
                        Reason::ConfigurationError,
                    ),
                    (
                        "Status",
                        status("HTTP/1.1 429 \r\ncontent-length: 0\r\n\r\n").await,
                        Reason::Overloaded,
                    ),
                    ("Status", status("HTTP/1.1 404 \r\ncontent-length: 0\r\n\r\n").await, Reason::Unknown),
                    (
                        "Status",
                        status("HTTP/1.1 400 \r\ncontent-length: 0\r\n\r\n").await,
                        Reason::MalformedRequest,
                    ),
                    (
                        "Status",
                        status("HTTP/1.1 423 \r\ncontent-length: 0\r\n\r\n").await,
                        Reason::AccountLocked,
                    ),
                    (
                        $cut,
                        get("HTTP/1.1 200 \r\ncontent-length: 9\r\n\r\ncut")
                            .await
                            .unwrap()
                            .bytes()
                            .await
                            .unwrap_err(),
                        Reason::DependencyUnavailable,
                    ),
                    (
                        "Upgrade",
                        get("HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n")
                            .await
                            .unwrap()
                            .upgrade()
                            .await
                            .unwrap_err(),
                        Reason::DependencyUnavailable,
                    ),
                ]
            }

            #[tokio::test]
            async fn every_kind_has_its_reason() {
                let table = table().await;
                for (name, error, _) in &table {
                    assert!(format!("{error:?}").contains(&format!("kind: {name}")), "{name} is {error:?}");
                }
                // A body that is sent as a stream, or read as JSON, takes a feature.
                assert_complete(&variants(&[stringify!($name)], "error.rs", "Kind"), &table, &[$not_built]);
                assert_mapped(&table, reasons::$name, reasons::$name::REASONS, &[]);
            }
        }
    };
}

version!(reqwest011, "Body", "Decode");
version!(reqwest012, "Decode", "Body");
version!(reqwest013, "Decode", "Body");
