//! What every handler answers when it fails, and what that says of the reason.

use std::borrow::Cow;

use auth_metrics::{custom_reason, reason_chain};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct ErrorResponse<'a> {
    pub reason: Cow<'a, str>,
}

#[derive(Debug)]
pub struct ErrorResponseStatus<'a> {
    pub error: ErrorResponse<'a>,
    pub status: StatusCode,
}

pub trait RespExt<'a> {
    fn with_status(self, status: StatusCode) -> ErrorResponseStatus<'a>;
    fn reply(reason: &'a str) -> Self;
}

impl<'a> RespExt<'a> for ErrorResponse<'a> {
    fn with_status(self, status: StatusCode) -> ErrorResponseStatus<'a> {
        ErrorResponseStatus { error: self, status }
    }

    fn reply(reason: &'a str) -> ErrorResponse<'a> {
        ErrorResponse { reason: reason.into() }
    }
}

impl IntoResponse for ErrorResponseStatus<'_> {
    fn into_response(self) -> Response {
        (self.status, Json(self.error)).into_response()
    }
}

custom_reason! {
    pub const REGISTRATION_CLOSED = "registration_closed", fault = client;
}

reason_chain! {
    /// By the text, where that says more than the status: a missing header is a 400 here, and so is a database that is down.
    pub fn why(error: &ErrorResponseStatus<'_>) {
        match &*error.error.reason {
            "user not found" => unknown_subject,
            "password is not correct" => invalid_credentials,
            "failed to verify session" | "session not found" => session_invalid,
            "missing authorization header" => missing_credentials,
            "invalid authorization header encoding" => malformed_request,
            "this server is not open for registrations" => REGISTRATION_CLOSED,
            "failed to register user" | "failed to query the store" => dependency_unavailable,
        }
        match error.status.as_u16() {
            401 | 403 => invalid_credentials,
            400..=499 => malformed_request,
            _ => internal_error,
        }
    }
}
