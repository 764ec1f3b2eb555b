//! The listener's bearer token: who is let in, and that it stays secret.

use auth_metrics::serve::{ListenError, Listener};

use super::{get, listener, request};
use crate::fixture::handle;

const TOKEN: &str = "s3cret-t0ken~+/=";

#[tokio::test]
async fn bearer_of_the_token_is_answered_whatever_the_case_of_the_scheme() {
    let server = listener(&handle()).bearer_token(TOKEN).start().await.unwrap();
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        let header = format!("Authorization: {scheme} {TOKEN}\r\n");
        assert_eq!(request(server.local_addr(), "GET /metrics", &header).await.status, 200, "{scheme}");
    }
}

#[tokio::test]
async fn everybody_else_is_refused_and_learns_nothing() {
    let server = listener(&handle()).bearer_token(TOKEN).start().await.unwrap();
    let headers = [
        String::new(),
        "Authorization: Bearer wrong\r\n".to_owned(),
        format!("Authorization: Bearer {TOKEN}x\r\n"),
        format!("Authorization: Bearer x{TOKEN}\r\n"),
        format!("Authorization: Bearer {}\r\n", &TOKEN[..TOKEN.len() - 1]),
        format!("Authorization: Bearer {}\r\n", TOKEN.to_uppercase()),
        "Authorization: Bearer \r\n".to_owned(),
        "Authorization: Bearer\r\n".to_owned(),
        "Authorization:\r\n".to_owned(),
        format!("Authorization: Basic {TOKEN}\r\n"),
        format!("Authorization: {TOKEN}\r\n"),
        format!("Authorization: Bearer{TOKEN}\r\n"),
        format!("X-Authorization: Bearer {TOKEN}\r\n"),
        format!("Cookie: Bearer {TOKEN}\r\n"),
    ];
    for header in headers {
        for line in ["GET /metrics", "GET /graph", "POST /metrics", "HEAD /metrics"] {
            let answer = request(server.local_addr(), line, &header).await;
            let told = (answer.status, answer.header("www-authenticate"));
            assert_eq!(told, (401, Some("Bearer")), "{line} {header:?}");
            assert!(!answer.body.contains("auth_") && !answer.body.contains(TOKEN), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn token_in_the_query_is_no_token() {
    let server = listener(&handle()).bearer_token(TOKEN).start().await.unwrap();
    assert_eq!(get(server.local_addr(), &format!("/metrics?access_token={TOKEN}")).await.status, 401);
}

#[tokio::test]
async fn listener_without_a_token_asks_for_none() {
    let server = listener(&handle()).start().await.unwrap();
    assert_eq!(
        request(server.local_addr(), "GET /metrics", "Authorization: Bearer any\r\n").await.status,
        200
    );
}

#[tokio::test]
async fn token_is_never_shown_when_debugged() {
    let listener = listener(&handle()).bearer_token(TOKEN);
    assert!(!format!("{listener:?} {listener:#?}").contains(TOKEN));
    let server = listener.start().await.unwrap();
    assert!(!format!("{server:?} {server:#?}").contains(TOKEN));
}

#[tokio::test]
async fn tokens_that_no_header_can_carry_are_refused_and_not_repeated() {
    for token in ["", "two words", "line\nfeed", "tab\t", "tökén", " lead", "\u{7f}"] {
        let error = Listener::new(&handle()).bearer_token(token).start().await.unwrap_err();
        assert!(matches!(error, ListenError::InvalidBearerToken), "{token:?}: {error:?}");
        let text = format!("{error} {error:?}");
        assert!(text.contains("visible ASCII characters without spaces"), "{text}");
        assert!(token.is_empty() || !text.contains(token), "{text}");
    }
}
