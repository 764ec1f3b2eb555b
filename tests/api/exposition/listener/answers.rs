//! What a request is answered with.

use auth_metrics::{OPENMETRICS_CONTENT_TYPE, TEXT_CONTENT_TYPE};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{exchange, get, next_answer, request, serve};
use crate::fixture::{busy, handle};

#[tokio::test]
async fn scrape_is_answered_with_the_text_and_its_content_type() {
    let metrics = handle();
    let _in_flight = busy(&metrics);
    let server = serve(&metrics).await;
    let answer = get(server.local_addr(), "/metrics").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.body, metrics.encode_text());
    assert_eq!(TEXT_CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
}

#[tokio::test]
async fn scraper_that_prefers_openmetrics_gets_it_and_the_next_one_the_text() {
    let metrics = handle();
    let _in_flight = busy(&metrics);
    let server = serve(&metrics).await;
    let accept = "Accept: application/openmetrics-text;version=1.0.0\r\nAccept: text/plain;q=0.5\r\n";
    for _ in 0..2 {
        let answer = request(server.local_addr(), "GET /metrics", accept).await;
        assert_eq!(answer.header("content-type"), Some(OPENMETRICS_CONTENT_TYPE));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.body, metrics.encode_openmetrics());
        let answer = get(server.local_addr(), "/metrics").await;
        assert_eq!(answer.header("content-type"), Some(TEXT_CONTENT_TYPE));
        assert_eq!(answer.body, metrics.encode_text());
    }
}

#[tokio::test]
async fn odd_accept_is_answered_with_the_text() {
    let server = serve(&handle()).await;
    let many = "Accept: application/openmetrics-text\r\n".repeat(80);
    let long = format!("Accept: application/openmetrics-text,{}\r\n", "a/b,".repeat(2_000));
    for accept in ["Accept: application/openmetrics-text;q=NaN\r\n", "Accept:\r\n", &long] {
        let answer = request(server.local_addr(), "GET /metrics", accept).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(TEXT_CONTENT_TYPE)));
    }
    let answer = request(server.local_addr(), "GET /metrics", &many).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some(OPENMETRICS_CONTENT_TYPE)));
    // What is longer than a head may be is no scrape at all.
    let longer = format!("Accept: {}\r\n", "a/b,".repeat(100_000));
    assert_eq!(request(server.local_addr(), "GET /metrics", &longer).await.status, 431);
}

#[tokio::test]
async fn query_of_a_scrape_is_no_part_of_its_path() {
    let server = serve(&handle()).await;
    assert_eq!(get(server.local_addr(), "/metrics?name[]=x").await.status, 200);
}

#[tokio::test]
async fn other_paths_are_not_found_and_told_where_the_metrics_are() {
    let server = serve(&handle()).await;
    for path in ["/metrics/", "/metricsx", "/METRICS", "//metrics", "/metrics/../metrics", "/%6detrics"] {
        let answer = get(server.local_addr(), path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("/metrics") && answer.body.len() < 100, "{}", answer.body);
    }
}

#[tokio::test]
async fn other_methods_are_refused_and_told_which_are_allowed() {
    let server = serve(&handle()).await;
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "BREW"] {
        let answer =
            request(server.local_addr(), &format!("{method} /metrics"), "Content-Length: 0\r\n").await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
}

#[tokio::test]
async fn head_has_the_headers_of_a_scrape_and_no_body() {
    let metrics = handle();
    let server = serve(&metrics).await;
    let answer = request(server.local_addr(), "HEAD /metrics", "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some(TEXT_CONTENT_TYPE));
    assert_eq!(answer.header("content-length"), Some(metrics.encode_text().len().to_string().as_str()));
    assert_eq!(answer.body, "");
}

#[tokio::test]
async fn one_connection_gives_one_answer_and_makes_room() {
    let server = serve(&handle()).await;
    let mut stream = TcpStream::connect(server.local_addr()).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let answer = next_answer(&mut stream).await;
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    assert_eq!(super::rest_of(&mut stream).await, "");
}

#[tokio::test]
async fn client_of_http_1_0_is_answered_and_its_connection_closed() {
    let server = serve(&handle()).await;
    let mut stream = TcpStream::connect(server.local_addr()).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").await.unwrap();
    let text = super::rest_of(&mut stream).await;
    assert!(text.starts_with("HTTP/1.0 200 ") || text.starts_with("HTTP/1.1 200 "), "{text}");
}

#[tokio::test]
async fn request_that_is_no_http_is_refused_and_the_next_one_served() {
    let server = serve(&handle()).await;
    for odd in [
        "\0\u{1}\u{2}\r\n\r\n",
        "GET\r\n\r\n",
        "GET /metrics FTP/1.1\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nno colon\r\n\r\n",
    ] {
        let answer = exchange(server.local_addr(), odd).await;
        assert_eq!(answer.status, 400, "{odd:?}");
    }
    assert_eq!(get(server.local_addr(), "/metrics").await.status, 200);
}
