//! Which hosts are answered: a web page whose name resolves to loopback reads nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use auth_metrics::serve::{ListenError, Listener, Server};
use proptest::prelude::*;
use tokio::net::TcpStream;

use super::{Answer, exchange, get, listener, rest_of, serve};
use crate::fixture::handle;

async fn with_host(address: SocketAddr, host: &str) -> u16 {
    exchange(address, &format!("GET /metrics HTTP/1.1\r\nHost: {host}\r\n\r\n")).await.status
}

const LOCAL: [&str; 17] = [
    "localhost",
    "LOCALHOST",
    "LocalHost:9464",
    "localhost.",
    "localhost.:80",
    "localhost:",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1:65535",
    "127.0.0.0",
    "127.1.2.3:80",
    "127.255.255.255",
    "[::1]",
    "[::1]:9464",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]:80",
];

const STRANGE: [&str; 40] = [
    "evil.com",
    "evil.com:9464",
    "127.0.0.1.evil.com",
    "127.0.0.1.nip.io",
    "localhost.evil.com",
    "evil-localhost",
    "localhost.localdomain",
    "foo.localhost",
    "localhosts",
    "localhost..",
    ".localhost",
    "localhost@evil.com",
    "evil.com@localhost",
    "user:pass@localhost",
    "localhost:80@evil.com",
    "evil.com#localhost",
    "evil.com/localhost",
    "evil.com, localhost",
    "localhost, evil.com",
    "localhost evil.com",
    "localhost:x",
    "localhost:80:80",
    "localhost:123456",
    "128.0.0.1",
    "126.255.255.255",
    "0.0.0.0",
    "10.0.0.1",
    "127.1",
    "127.0.0.1.",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.0.0.1%00.evil.com",
    "::1",
    "[::]",
    "[::2]",
    "[::1",
    "[::1]evil.com",
    "[::1%lo]",
    "[::ffff:10.0.0.1]",
];

#[tokio::test]
async fn local_hosts_are_answered_whatever_their_port_and_case() {
    let server = serve(&handle()).await;
    for host in LOCAL {
        assert_eq!(with_host(server.local_addr(), host).await, 200, "{host}");
    }
}

#[tokio::test]
async fn every_other_host_is_misdirected() {
    let server = serve(&handle()).await;
    for host in STRANGE.into_iter().chain([""]) {
        assert_eq!(with_host(server.local_addr(), host).await, 421, "{host}");
    }
}

#[tokio::test]
async fn misdirected_request_is_told_what_to_do_and_nothing_else() {
    let server = serve(&handle()).await;
    for target in ["GET /metrics", "GET /", "POST /metrics", "GET /elsewhere"] {
        let text = format!("{target} HTTP/1.1\r\nHost: evil.com\r\n\r\n");
        let answer = exchange(server.local_addr(), &text).await;
        assert_eq!(answer.status, 421, "{target}");
        assert!(
            answer.body.contains("localhost") && answer.body.contains("Listener::allow_host"),
            "{}",
            answer.body
        );
        assert!(!answer.body.contains("evil.com") && !answer.body.contains("auth_"), "{}", answer.body);
    }
}

#[tokio::test]
async fn every_host_that_a_request_names_has_to_be_local() {
    let server = serve(&handle()).await;
    let requests = [
        ("GET http://localhost:9464/metrics", "localhost", 200),
        ("GET http://127.0.0.1/metrics", "localhost", 200),
        ("GET http://evil.com/metrics", "localhost", 421),
        ("GET http://localhost/metrics", "evil.com", 421),
        ("GET http://evil.com@localhost/metrics", "localhost", 421),
        ("GET /metrics", "localhost\r\nHost: evil.com", 421),
        ("GET /metrics", "evil.com\r\nHost: localhost", 421),
        ("GET //evil.com/metrics", "localhost", 404),
        ("CONNECT evil.com:80", "localhost", 421),
    ];
    for (line, host, status) in requests {
        let answer = exchange(server.local_addr(), &format!("{line} HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
        assert_eq!(answer.status, status, "{line} {host}");
    }
}

#[tokio::test]
async fn request_that_names_no_host_is_no_page_s() {
    let server = serve(&handle()).await;
    for version in ["1.0", "1.1"] {
        let mut stream = TcpStream::connect(server.local_addr()).await.unwrap();
        let request = format!("GET /metrics HTTP/{version}\r\n\r\n");
        tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.unwrap();
        assert!(rest_of(&mut stream).await.contains(" 200 OK\r\n"), "{version}");
    }
}

#[tokio::test]
async fn allowed_hosts_are_answered_and_no_others() {
    let listener =
        listener(&handle()).allow_host("Metrics.Internal").allow_host("my_app").allow_host("fd00::1");
    let server = listener.allow_host("xn--bcher-kva.example.").allow_host("10.0.0.7").start().await.unwrap();
    let allowed = [
        "metrics.internal",
        "METRICS.INTERNAL.:8080",
        "my_app",
        "[fd00::1]",
        "[fd00:0::1]:80",
        "xn--bcher-kva.example",
        "10.0.0.7",
        "[::ffff:10.0.0.7]",
        "localhost",
        "127.0.0.1",
    ];
    for host in allowed {
        assert_eq!(with_host(server.local_addr(), host).await, 200, "{host}");
    }
    for host in ["internal", "x.metrics.internal", "metrics.internal.evil.com", "10.0.0.8", "[fd00::2]"] {
        assert_eq!(with_host(server.local_addr(), host).await, 421, "{host}");
    }
}

#[tokio::test]
async fn hosts_that_are_none_are_refused_with_what_to_write() {
    let odd = [
        "",
        ".",
        "*",
        "*.internal",
        "http://metrics.internal",
        "metrics.internal/metrics",
        "metrics.internal:9464",
        "[::1]:9464",
        "user@metrics.internal",
        "two words",
        "bücher.example",
        "a..b",
        "127.1",
        "[fd00::1",
        "fe80::1%eth0",
        &"x.".repeat(128),
    ];
    for host in odd {
        let error = Listener::new(&handle()).allow_host(host).start().await.unwrap_err();
        assert!(matches!(&error, ListenError::InvalidHost(named) if named == host), "{host}: {error:?}");
        let text = error.to_string();
        assert!(
            text.contains("such as `metrics.internal` or an IP address: leave out scheme, port and path"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn token_lets_every_host_in_unless_hosts_are_named() {
    let bearer = "Host: evil.com\r\nAuthorization: Bearer s3cret\r\n";
    let status = async |server: &Server| {
        exchange(server.local_addr(), &format!("GET /metrics HTTP/1.1\r\n{bearer}\r\n")).await.status
    };
    let server = listener(&handle()).bearer_token("s3cret").start().await.unwrap();
    assert_eq!(status(&server).await, 200);
    let server = listener(&handle()).bearer_token("s3cret").allow_host("proxy").start().await.unwrap();
    assert_eq!(status(&server).await, 421);
}

#[tokio::test]
async fn listener_off_loopback_answers_every_host_until_one_is_allowed() {
    for (unspecified, local) in
        [(IpAddr::V4(Ipv4Addr::UNSPECIFIED), "127.0.0.1"), (IpAddr::V6(Ipv6Addr::UNSPECIFIED), "[::1]")]
    {
        let Ok(server) = Listener::new(&handle()).bind((unspecified, 0)).start().await else {
            assert!(unspecified.is_ipv6(), "there may be no IPv6");
            continue;
        };
        let here = |server: &Server| SocketAddr::new(Ipv4Addr::LOCALHOST.into(), server.local_addr().port());
        assert_eq!(with_host(here(&server), "evil.com").await, 200);
        let server =
            Listener::new(&handle()).bind((unspecified, 0)).allow_host("proxy").start().await.unwrap();
        for (host, status) in
            [("evil.com", 421), ("proxy", 200), (local, 200), ("localhost", 200), ("10.0.0.7", 421)]
        {
            assert_eq!(with_host(here(&server), host).await, status, "{host}");
        }
    }
}

#[tokio::test]
async fn every_answer_with_a_body_is_not_to_be_sniffed() {
    let server = listener(&handle()).start().await.unwrap();
    let guarded = listener(&handle()).bearer_token("s3cret").start().await.unwrap();
    let is_safe = |answer: &Answer| answer.header("x-content-type-options") == Some("nosniff");
    for (address, text, status) in [
        (server.local_addr(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), 200),
        (server.local_addr(), "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), 200),
        (server.local_addr(), "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), 404),
        (server.local_addr(), "PUT /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), 405),
        (server.local_addr(), "GET /metrics HTTP/1.1\r\nHost: evil.com\r\n\r\n".to_owned(), 421),
        (guarded.local_addr(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), 401),
    ] {
        let answer = exchange(address, &text).await;
        assert!(answer.status == status && is_safe(&answer), "{answer:?}");
    }
    // These come from the HTTP library, and say nothing.
    for text in ["GET\r\n\r\n".to_owned(), format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(1_000))] {
        let answer = exchange(server.local_addr(), &text).await;
        assert!(answer.body.is_empty() && (400..500).contains(&answer.status), "{answer:?}");
    }
    let with_page = listener(&handle()).page(true).start().await.unwrap();
    for server in [server, with_page] {
        assert!(is_safe(&get(server.local_addr(), "/").await), "with the page and without");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Names of the kind that an attacker can register, and what surrounds them.
    #[test]
    fn no_name_with_a_dot_before_its_last_letters_is_local(
        start in "(localhost|127\\.0\\.0\\.1|\\[::1\\]|[a-z0-9-]{0,9})[.@:/#]?",
        name in "[a-z0-9-]{1,12}\\.[a-z]{2,6}",
        end in "(\\.|:[0-9]{0,6}|\\.:80)?",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let host = format!("{start}{name}{end}");
        let status = runtime.block_on(async {
            let server = serve(&handle()).await;
            with_host(server.local_addr(), &host).await
        });
        prop_assert_eq!(status, 421, "{}", host);
    }
}
