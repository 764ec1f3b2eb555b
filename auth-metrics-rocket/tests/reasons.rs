//! Whose reason is whose, where a request goes from route to route.

use std::collections::BTreeMap;

use auth_metrics::Reason;
use auth_metrics_rocket::{AttemptRoutes, note_reason};
use rocket::http::Status;
use rocket::local::blocking::Client;
use rocket::request::{self, FromRequest, Request};
use rocket::{get, routes};

use crate::{OP, counted, handle, quiet};

/// A guard that says why, and leaves the request to the next route.
struct Passes;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Passes {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Passes, ()> {
        note_reason(request, Reason::TokenExpired);
        request::Outcome::Forward(Status::Unauthorized)
    }
}

#[get("/passed")]
fn passes(_passes: Passes) {}

#[get("/passed", rank = 2)]
fn passed() {}

#[test]
fn a_reason_of_a_route_that_is_not_metered_is_not_about_the_next() {
    let metrics = handle();
    let gate = AttemptRoutes::new(OP).metrics(&metrics);
    let server = quiet().mount("/", routes![passes]).mount("/", gate.meter(routes![passed]));
    assert_eq!(Client::untracked(server).unwrap().get("/passed").dispatch().status(), Status::Ok);
    assert_eq!(counted(&metrics, OP), BTreeMap::from([("success", 1)]));
}
