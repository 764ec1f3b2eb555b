//! The document and its headers.

use sha2::{Digest, Sha256};

use crate::stack::http;
use crate::{HOSTILE, Served};

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

fn get(served: &Served, head: &str) -> (String, String) {
    let answer = http(served.address(), head, "").unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[test]
fn document_is_small_and_has_no_figure_or_name_of_the_process() {
    let served = Served::start(None);
    let (_, before) = get(&served, "GET /");
    served.fill();
    let (head, after) = get(&served, "GET /?query");
    assert!(
        head.starts_with("HTTP/1.0 200 ") && head.contains("content-type: text/html; charset=utf-8"),
        "{head}"
    );
    assert_eq!(before, after);
    assert!(after.len() < 30_000, "{} bytes", after.len());
    assert!(!after.contains(HOSTILE) && !after.contains("acme"));
}

#[test]
fn document_asks_nobody_else() {
    let (_, body) = get(&Served::start(None), "GET /");
    let addresses: Vec<&str> = body.match_indices("://").map(|(at, _)| &body[at - 5..at + 12]).collect();
    assert_eq!(addresses, ["'http://www.w3.or"], "but for the name of SVG");
    for part in ["src=", "@import", "url(", "<link rel=\"stylesheet", "innerHTML", "style=\""] {
        assert!(!body.contains(part), "{part}");
    }
}

#[test]
fn policy_allows_the_document_s_own_style_and_script_and_nothing_else() {
    let (head, body) = get(&Served::start(None), "GET /");
    let policy = head.lines().find_map(|line| line.strip_prefix("content-security-policy: ")).unwrap();
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
    for header in
        ["cache-control: no-store", "referrer-policy: no-referrer", "x-content-type-options: nosniff"]
    {
        assert!(head.lines().any(|line| line == header), "{header} is not in {head}");
    }
}

#[test]
fn document_is_there_without_the_token_and_the_metrics_are_not() {
    let served = Served::start(Some("s3cr3t"));
    let (head, body) = get(&served, "GET /");
    assert!(head.starts_with("HTTP/1.0 200 ") && !body.contains("s3cr3t"), "{head}");
    for path in ["GET /metrics", "GET /index.html", "GET //", "POST /"] {
        let (head, _) = get(&served, path);
        assert!(head.starts_with("HTTP/1.0 401 "), "{path}: {head}");
    }
}

#[test]
fn head_is_answered_without_the_document_and_other_methods_find_none() {
    let served = Served::start(None);
    let (head, body) = get(&served, "HEAD /");
    assert!(head.starts_with("HTTP/1.0 200 ") && body.is_empty(), "{head}");
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let (head, _) = get(&served, &format!("{method} /"));
        assert!(head.starts_with("HTTP/1.0 404 "), "{method}: {head}");
    }
}
