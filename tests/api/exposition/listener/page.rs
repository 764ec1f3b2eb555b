//! The page at `/`: the document and its headers. What a browser makes of it is tested in `tests/servers/page`.

use crate::fixture::{builder, busy, handle};
use auth_metrics::AuthMetrics;
use auth_metrics::serve::Server;
use sha2::{Digest, Sha256};

use super::{get, listener, request};

async fn serve(metrics: &AuthMetrics) -> Server {
    listener(metrics).page(true).start().await.unwrap()
}

/// Base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        for digit in 0..4 {
            let is_there = digit <= three.len();
            text.push(if is_there {
                char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize])
            } else {
                '='
            });
        }
    }
    text
}

#[tokio::test]
async fn there_is_no_page_unless_it_is_switched_on() {
    for listener in [listener(&handle()), listener(&handle()).page(true).page(false)] {
        let server = listener.start().await.unwrap();
        let answer = get(server.local_addr(), "/").await;
        assert!(answer.status == 404 && answer.body.contains("/metrics"), "{answer:?}");
    }
    let guarded = listener(&handle()).bearer_token("s3cr3t").start().await.unwrap();
    assert_eq!(get(guarded.local_addr(), "/").await.status, 401);
}

#[tokio::test]
async fn document_is_small_and_has_no_figure_or_name_of_the_process() {
    let metrics = builder().namespace("acme").build().unwrap();
    let server = serve(&metrics).await;
    let before = get(server.local_addr(), "/").await;
    let _in_flight = busy(&metrics);
    let after = get(server.local_addr(), "/?query").await;
    assert_eq!((after.status, after.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert_eq!(before.body, after.body);
    assert!(after.body.len() < 32_000, "{} bytes", after.body.len());
    assert!(!after.body.contains("orders") && !after.body.contains("acme"));
}

#[tokio::test]
async fn document_asks_nobody_else() {
    let server = serve(&handle()).await;
    let body = get(server.local_addr(), "/").await.body;
    let addresses: Vec<&str> = body.match_indices("://").map(|(at, _)| &body[at - 5..at + 12]).collect();
    assert_eq!(addresses, ["'http://www.w3.or"], "but for the name of SVG");
    for part in ["src=", "@import", "url(", "<link rel=\"stylesheet", "innerHTML", "style=\""] {
        assert!(!body.contains(part), "{part}");
    }
}

#[tokio::test]
async fn policy_allows_the_document_s_own_style_and_script_and_nothing_else() {
    let server = serve(&handle()).await;
    let answer = get(server.local_addr(), "/").await;
    let (policy, body) = (answer.header("content-security-policy").unwrap(), &answer.body);
    for tag in ["style", "script"] {
        let inside =
            body.split(&format!("<{tag}>")).nth(1).unwrap().split(&format!("</{tag}>")).next().unwrap();
        let hash = base64(&Sha256::digest(inside));
        let directive = format!("{tag}-src 'sha256-{hash}'");
        assert!(policy.split("; ").any(|each| each == directive), "{directive} is not in {policy}");
        assert_eq!(body.matches(&format!("<{tag}")).count(), 1);
    }
    for directive in [
        "default-src 'none'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ] {
        assert!(policy.split("; ").any(|each| each == directive), "{directive} is not in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    for (header, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.header(header), Some(value), "{header}");
    }
}

#[tokio::test]
async fn document_is_there_without_the_token_and_the_metrics_are_not() {
    let server = listener(&handle()).page(true).bearer_token("s3cr3t").start().await.unwrap();
    let answer = get(server.local_addr(), "/").await;
    assert!(answer.status == 200 && !answer.body.contains("s3cr3t"), "{answer:?}");
    for line in ["GET /metrics", "GET /index.html", "GET //", "POST /"] {
        assert_eq!(request(server.local_addr(), line, "").await.status, 401, "{line}");
    }
}

#[tokio::test]
async fn head_is_answered_without_the_document_and_other_methods_find_none() {
    let server = serve(&handle()).await;
    let answer = request(server.local_addr(), "HEAD /", "").await;
    assert!(answer.status == 200 && answer.body.is_empty(), "{answer:?}");
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(request(server.local_addr(), &format!("{method} /"), "").await.status, 404, "{method}");
    }
}
