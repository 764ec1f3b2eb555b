//! A login form, a guard for sessions, and `/metrics`, on Rocket.
//!
//! ```sh
//! cargo run -p auth-metrics-rocket --example rocket_login
//! curl -d 'name=alice&password=tr0ub4dor' localhost:8000/login
//! curl -d 'no=name' localhost:8000/login
//! curl localhost:8000/orders
//! curl -s localhost:8000/metrics | grep -v ' 0$'
//! ```

use auth_metrics::events::{Event, observer};
use auth_metrics::{AuthMetrics, FailureReason, OperationKind, auth_metered};
use auth_metrics_rocket::{AttemptRoutes, ContextFairing, Scrape, guard_status, in_context};
use rocket::form::{Form, FromForm};
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome, Request};
use rocket::{get, post, routes};

#[derive(Debug, FailureReason)]
enum LoginError {
    InvalidCredentials,
    AccountLocked,
}

#[derive(FromForm)]
struct Login {
    name: String,
    password: String,
}

#[auth_metered(op = "check_password", subject = name)]
async fn check_password(name: &str, password: &str) -> Result<u64, LoginError> {
    match (name, password) {
        ("mallory", _) => Err(LoginError::AccountLocked),
        (_, "correct horse") => Ok(7),
        _ => Err(LoginError::InvalidCredentials),
    }
}

/// `Form` refuses a request without a name or a password; only the route sees that.
#[post("/login", data = "<form>")]
async fn login(form: Form<Login>) -> Result<String, Status> {
    // The client does not learn why.
    let session = check_password(&form.name, &form.password).await.map_err(|_| Status::Unauthorized)?;
    Ok(format!("authorization: session-{session}\n"))
}

/// Whoever sends any authorization has a session.
struct Session;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Session {
    type Error = ();

    #[auth_metered(op = "session", kind = token, classify = guard_status)]
    async fn from_request(request: &'r Request<'_>) -> Outcome<Session, ()> {
        match request.headers().get_one("authorization") {
            Some(_) => Outcome::Success(Session),
            None => Outcome::Error((Status::Unauthorized, ())),
        }
    }
}

#[get("/orders")]
fn orders(_session: Session) -> &'static str {
    "none yet\n"
}

/// Says of each attempt what a counter can't: who, and from where. A log is no place for them in a real service; see
/// `auth-metrics-audit`.
fn print(events: &[Event]) {
    for event in events {
        let (operation, outcome) = (event.operation(), event.outcome());
        println!("{operation}: {outcome:?}, by {:?} from {:?}", event.subject(), event.peer());
    }
}

#[rocket::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let metrics = AuthMetrics::builder().service_id("shop").observe(observer("printer", print)).build()?;
    metrics.install()?;
    metrics.declare_as::<Status>("session", OperationKind::Token);
    let server = rocket::build()
        .attach(ContextFairing::new().request_id("x-request-id").traceparent())
        .mount("/", AttemptRoutes::new("login_form").meter(routes![login]))
        .mount("/", in_context(routes![orders]))
        .mount("/metrics", Scrape::new(&metrics));
    server.launch().await?;
    Ok(())
}
