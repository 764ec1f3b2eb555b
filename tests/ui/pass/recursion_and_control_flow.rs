//! What stands in bodies: early returns, `?` across types, let-else, labelled breaks, closures, blocks, recursion.
#![deny(warnings)]

use std::num::ParseIntError;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, auth_metered};

#[derive(Debug, FailureReason)]
pub enum LoginError {
    #[reason(malformed_request)]
    Parse(ParseIntError),
    #[reason(transparent)]
    Token(TokenError),
    #[reason(with = auth_metrics::reasons::io)]
    Disk(std::io::Error),
    UnknownSubject,
}

#[derive(Debug, FailureReason)]
#[reason(token_expired)]
pub struct TokenError;

impl From<ParseIntError> for LoginError {
    fn from(error: ParseIntError) -> Self {
        Self::Parse(error)
    }
}

impl From<TokenError> for LoginError {
    fn from(error: TokenError) -> Self {
        Self::Token(error)
    }
}

impl From<std::io::Error> for LoginError {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error)
    }
}

#[auth_metered(op = "check", kind = token)]
fn check(token: u8) -> Result<u8, TokenError> {
    const LIMIT: u8 = 100;
    if token > LIMIT { Err(TokenError) } else { Ok(token) }
}

#[auth_metered(op = "login")]
async fn login(code: &str, lines: &[&str]) -> Result<u8, LoginError> {
    #![allow(clippy::never_loop)]
    use std::io::Read as _;

    fn double(value: u8) -> u8 {
        value * 2
    }
    if code.is_empty() {
        return Err(LoginError::UnknownSubject);
    }
    let token = check(code.parse()?)?;
    let Some(first) = lines.first() else {
        return Ok(0);
    };
    let found = 'found: {
        for line in lines {
            if line.len() > 1 {
                break 'found line.len();
            }
        }
        first.len()
    };
    let mut read = String::new();
    (&b"9"[..]).read_to_string(&mut read)?;
    let inner = async { check(u8::try_from(found).unwrap_or(0)).map(double) };
    let parsed = (|| -> Result<u8, ParseIntError> { read.parse() })()?;
    Ok(token + inner.await? + parsed)
}

#[auth_metered(op = "countdown")]
fn countdown(left: u8) -> Result<u8, TokenError> {
    match left {
        0 => Ok(0),
        more => countdown(more - 1),
    }
}

#[auth_metered(op = "countdown_later")]
async fn countdown_later(left: u8) -> Result<u8, TokenError> {
    if left == 0 { Ok(0) } else { Box::pin(countdown_later(left - 1)).await }
}

#[auth_metered(op = "endless")]
fn endless(stop: u8) -> Result<u8, TokenError> {
    let mut turn = 0;
    loop {
        turn += 1;
        if turn == stop {
            return Err(TokenError);
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = Scope::new();
    scope
        .run(async {
            assert_eq!(login("7", &["a", "abc"]).await.unwrap(), 7 + 6 + 9);
            assert_eq!(login("7", &[]).await.unwrap(), 0);
            assert!(matches!(login("x", &[]).await, Err(LoginError::Parse(_))));
            assert!(matches!(login("101", &[]).await, Err(LoginError::Token(_))));
            assert!(matches!(login("", &[]).await, Err(LoginError::UnknownSubject)));
            assert_eq!((countdown(3).unwrap(), countdown_later(3).await.unwrap()), (0, 0));
            assert!(endless(5).is_err());
        })
        .await;
    let snapshot = scope.snapshot();
    let failed = |reason| {
        let labels = [("operation", "login"), ("failure_reason", reason)];
        snapshot.value("auth_operation_failures_total", &labels)
    };
    assert_eq!(failed("malformed_request"), Some(1.0));
    assert_eq!(failed("token_expired"), Some(1.0));
    assert_eq!(failed("unknown_subject"), Some(1.0));
    for operation in ["countdown", "countdown_later"] {
        let started = snapshot.value("auth_operations_started_total", &[("operation", operation)]);
        assert_eq!(started, Some(4.0), "{operation}");
    }
}
