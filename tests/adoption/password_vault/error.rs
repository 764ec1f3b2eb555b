//! One error for everything, made by a macro, and the macros that return it. What went wrong is a text.

use std::error::Error as StdError;

use auth_metrics::{reason_chain, reasons};
use diesel::ConnectionError as DieselConErr;
use diesel::result::Error as DieselErr;
use rocket::Request;
use rocket::http::{ContentType, Status};
use rocket::response::{self, Responder, Response};

#[derive(Clone, Copy, Debug)]
pub enum EventType {
    UserFailedLogIn = 1005,
    UserFailedLogIn2fa = 1006,
}

#[derive(Debug)]
pub struct ErrorEvent {
    pub event: EventType,
}

macro_rules! make_error {
    ( $( $name:ident ( $ty:ty ): $source:expr ),+ $(,)? ) => {
        #[derive(Debug)]
        pub enum ErrorKind { $($name( $ty )),+ }

        #[derive(Debug)]
        pub struct Error {
            message: String,
            error: ErrorKind,
            error_code: u16,
            event: Option<ErrorEvent>,
        }

        $(impl From<$ty> for Error {
            fn from(error: $ty) -> Self {
                Error::from((stringify!($name), error))
            }
        })+

        $(impl<S: Into<String>> From<(S, $ty)> for Error {
            fn from((message, error): (S, $ty)) -> Self {
                Error { message: message.into(), error: ErrorKind::$name(error), error_code: 400, event: None }
            }
        })+

        impl StdError for Error {
            fn source(&self) -> Option<&(dyn StdError + 'static)> {
                match &self.error { $( ErrorKind::$name(error) => $source(error), )+ }
            }
        }
    };
}

fn no_source<S>(_: &S) -> Option<&(dyn StdError + 'static)> {
    None
}

#[allow(clippy::unnecessary_wraps, reason = "the macro wants both of one form")]
fn has_source<S: StdError + 'static>(source: &S) -> Option<&(dyn StdError + 'static)> {
    Some(source)
}

make_error! {
    Simple(String): no_source,
    Json(rocket::serde::json::Value): no_source,
    Db(DieselErr): has_source,
    DbCon(DieselConErr): has_source,
}

impl Error {
    pub fn new<M: Into<String>, N: Into<String>>(user_message: M, log_message: N) -> Error {
        (user_message, log_message.into()).into()
    }

    #[must_use]
    pub const fn with_code(mut self, code: u16) -> Error {
        self.error_code = code;
        self
    }

    #[must_use]
    pub fn with_event(mut self, event: ErrorEvent) -> Error {
        self.event = Some(event);
        self
    }

    pub fn message(&self) -> &str {
        &self.message
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.message)
    }
}

impl Responder<'_, 'static> for Error {
    fn respond_to(self, _: &Request<'_>) -> response::Result<'static> {
        let code = Status::from_code(self.error_code).unwrap_or(Status::BadRequest);
        let body = match self.error {
            ErrorKind::Json(json) => json.to_string(),
            _ => self.message,
        };
        Response::build()
            .status(code)
            .header(ContentType::JSON)
            .sized_body(None, std::io::Cursor::new(body))
            .ok()
    }
}

#[macro_export]
macro_rules! err {
    ($msg:expr) => {
        return Err($crate::error::Error::new($msg, $msg))
    };
    ($usr_msg:expr, $log_value:expr) => {
        return Err($crate::error::Error::new($usr_msg, $log_value))
    };
    ($usr_msg:expr, $log_value:expr, $event:expr) => {
        return Err($crate::error::Error::new($usr_msg, $log_value).with_event($event))
    };
}

#[macro_export]
macro_rules! err_code {
    ($msg:expr, $code:expr) => {
        return Err($crate::error::Error::new($msg, $msg).with_code($code))
    };
}

#[macro_export]
macro_rules! err_json {
    ($json:expr, $log_value:expr) => {
        return Err(($log_value, $json).into())
    };
}

#[macro_export]
macro_rules! err_handler {
    ($msg:expr) => {
        return ::rocket::request::Outcome::Error((::rocket::http::Status::Unauthorized, $msg))
    };
}

reason_chain! {
    /// Why a request failed: by the event if there is one, by the text, and by what `?` wrapped.
    pub fn why(error: &Error) {
        match error.event.as_ref().map_or(0, |event| event.event as i32) {
            1005 => invalid_credentials,
            1006 => mfa_invalid,
        }
        match &error.message {
            "Username or password is incorrect. Try again" => unknown_subject,
            "This user has been disabled" => account_disabled,
            "2FA token not provided" => mfa_required,
            "Too many login requests" => rate_limited,
            "Token has expired" => token_expired,
            "Token is invalid" | "Error decoding JWT" => token_malformed,
            "Issuer is invalid" => token_claim_mismatch,
            "Signature is invalid" => token_signature_invalid,
            "Login session expired" => session_expired,
            "Invalid password" => invalid_credentials,
            "Registration not allowed or user already exists" => policy_denied,
            "Missing ".. => malformed_request,
        }
        DieselErr => reasons::diesel2,
        DieselConErr => reasons::diesel2::connection_error,
    }
}
