//! What stands in bodies and among arguments, and functions born in macros.

use std::num::ParseIntError;

use auth_metrics::{FailureReason, Outcome, Reason};

use super::super::auth_metered;
use crate::fixture::{Notes, pause};

#[allow(dead_code, reason = "shown")]
#[derive(Debug, FailureReason)]
pub(crate) enum LoginError {
    #[reason(malformed_request)]
    Parse(ParseIntError),
    #[reason(with = auth_metrics::reasons::io)]
    Io(std::io::Error),
    InvalidCredentials,
    AccountLocked,
}

impl From<ParseIntError> for LoginError {
    fn from(error: ParseIntError) -> Self {
        Self::Parse(error)
    }
}

impl From<std::io::Error> for LoginError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// A login form.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) tries: Vec<u8>,
}

#[auth_metered(op = "form_login", source = auth_metrics::AuthMethod::Password)]
pub(crate) async fn form_login(
    Form { name, mut code, tries }: Form,
    (limit, _): (u8, &str),
    _: Option<&str>,
    notes: &Notes,
) -> Result<u64, LoginError> {
    let tried = 'tries: {
        for (turn, try_) in tries.iter().enumerate() {
            if *try_ > limit {
                break 'tries Some(turn);
            }
        }
        None
    };
    if let Some(turn) = tried {
        notes.push(format!("locked at {turn}"));
        return Err(LoginError::AccountLocked);
    }
    let Some(first) = name.chars().next() else {
        return Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into());
    };
    code.retain(|digit| digit != ' ');
    pause().await;
    let parse = |text: &str| -> Result<u64, ParseIntError> { text.parse() };
    let parsed = async { parse(&code) }.await?;
    notes.push(format!("{first} {parsed}"));
    match parsed {
        0 => Err(LoginError::InvalidCredentials),
        known => Ok(known),
    }
}

macro_rules! byte {
    () => {
        u8
    };
}

#[auth_metered(op = "patterns", subject = first, session = renamed, device = either, resource = format!("{pointed} {}", whole.1))]
pub(crate) async fn patterns(
    [first, .., last]: [byte!(); 4],
    Form { name: ref renamed, .. }: Form,
    whole @ (left, _): (u8, u8),
    &pointed: &u8,
    (Ok(either) | Err(either)): Result<u8, u8>,
    _unused: Vec<u8>,
) -> Result<Vec<u8>, LoginError> {
    pause().await;
    if renamed.is_empty() {
        Err(LoginError::InvalidCredentials)
    } else {
        Ok(vec![first, last, left, whole.1, pointed, either])
    }
}

#[auth_metered(op = "countdown")]
pub(crate) fn countdown(left: u8) -> Result<u8, LoginError> {
    #![allow(clippy::items_after_statements, reason = "as people write it")]
    use std::num::NonZeroU8 as Left;

    let mut turn = 0;
    const LIMIT: u8 = 100;
    fn before(left: Left) -> u8 {
        left.get() - 1
    }
    if let Some(left) = Left::new(left) {
        return countdown(before(left));
    }
    loop {
        turn += 1;
        if turn == LIMIT {
            return Err(LoginError::AccountLocked);
        }
    }
}

/// `cfg` on the function, its arguments and its body.
#[cfg(test)]
#[auth_metered(op = "conditional")]
pub(crate) fn conditional(
    value: u8,
    #[cfg(not(test))] value: std::convert::Infallible,
    #[cfg(test)] more: u8,
) -> Result<u8, LoginError> {
    #[cfg(not(test))]
    let more = value;
    value.checked_add(more).ok_or(LoginError::InvalidCredentials)
}

#[cfg(not(test))]
#[auth_metered(op = "conditional")]
pub(crate) fn conditional(absent: NoSuchType) {}

/// Arguments called as the expansion might call its own things.
#[auth_metered(op = "names", service = site, subject = this, session = context, peer = None::<std::net::IpAddr>)]
pub(crate) async fn names(
    site: &str,
    body: u8,
    future: u8,
    judge: u8,
    result: u8,
    running: u8,
    context: u8,
    this: u8,
) -> Result<u8, LoginError> {
    let metered = body + future + judge;
    let outcome = result + running + context + this;
    pause().await;
    if site.is_empty() { Err(LoginError::InvalidCredentials) } else { Ok(metered + outcome) }
}

#[auth_metered(op = "retry", subject = left)]
pub(crate) fn retry(mut left: u32, attempt: &mut dyn FnMut(u32) -> bool) -> Result<u32, LoginError> {
    'all: loop {
        left = left.checked_sub(1).ok_or(LoginError::AccountLocked)?;
        for part in 0..2 {
            if attempt(left * 2 + part) {
                break 'all Ok(left);
            }
            if left.is_multiple_of(2) {
                continue 'all;
            }
        }
    }
}

#[auth_metered(op = "is_member", kind = authorization, subject = group, resource = groups.first(), false_is = permission_denied)]
pub(crate) fn is_member(groups: &[&str], group: &str) -> bool {
    groups.contains(&group)
}

#[auth_metered(op = "totp", false_is = invalid_credentials)]
pub(crate) async fn totp(codes: &[u32], code: &str) -> Result<bool, LoginError> {
    let code: u32 = code.parse()?;
    pause().await;
    Ok(codes.contains(&code))
}

#[auth_metered(op = "panics")]
pub(crate) async fn panics(early: bool) -> Result<u8, LoginError> {
    assert!(!early, "too early");
    pause().await;
    panic!("too late")
}

macro_rules! grant {
    ($(#[$attribute:meta])* $name:ident($($argument:ident: $ty:ty),*) -> $returned:ty $body:block) => {
        $(#[$attribute])*
        pub(crate) async fn $name($($argument: $ty),*) -> $returned $body
    };
    (@whole $op:literal $item:item) => {
        #[auth_metered(op = $op)]
        $item
    };
    (@parts $name:ident $ty:ty, $service:expr, $classify:path) => {
        #[auth_metered(op = "grant_parts", service = $service, subject = value[0], resource = $service, classify = $classify)]
        pub(crate) fn $name(value: $ty) -> $ty {
            value
        }
    };
    (@number $op:literal $name:ident $limit:expr) => {
        #[auth_metered(op = $op)]
        pub(crate) fn $name(value: u8) -> Result<u8, LoginError> {
            let limit = $limit;
            if value > limit { Err(LoginError::InvalidCredentials) } else { Ok(limit - value) }
        }
    };
}

grant! {
    /// Exchanges a code.
    #[auth_metered(op = "grant_code", subject = code, session = tries)]
    grant_code(code: String, tries: u8) -> Result<usize, LoginError> {
        let tries = usize::from(tries);
        pause().await;
        if code.is_empty() { Err(LoginError::InvalidCredentials) } else { Ok(code.len() + tries) }
    }
}
grant!(@number "grant_number" grant_number 9);
grant!(@whole "grant_whole" pub(crate) async fn grant_whole(codes: Vec<u8>) -> Result<Vec<u8>, LoginError> {
    if codes.is_empty() { Err(LoginError::InvalidCredentials) } else { Ok(codes) }
});
grant!(@parts grant_parts [u8; 2], "parts", by_first);

fn by_first(codes: &[u8]) -> Outcome {
    if codes[0] == 0 { Outcome::Failure(Reason::InvalidCredentials) } else { Outcome::Success }
}

/// Its error is called as the one of the module.
pub(crate) fn kiosk() -> String {
    #[derive(Debug, FailureReason)]
    #[reason(session_expired)]
    struct LoginError;

    #[auth_metered(op = "kiosk_login")]
    fn kiosk_login() -> Result<u8, LoginError> {
        Err(LoginError)
    }

    format!("{:?}", kiosk_login())
}
