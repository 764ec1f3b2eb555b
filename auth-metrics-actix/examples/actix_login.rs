//! A login form, an extractor for sessions, and `/metrics`, on actix-web.
//!
//! ```sh
//! cargo run -p auth-metrics-actix --example actix_login
//! curl -d 'name=alice&password=tr0ub4dor' localhost:8080/login
//! curl -d 'no=name' localhost:8080/login
//! curl localhost:8080/orders
//! curl -s localhost:8080/metrics | grep -v ' 0$'
//! ```

use std::fmt;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::error::ErrorUnauthorized;
use actix_web::http::StatusCode;
use actix_web::{App, Error, FromRequest, HttpRequest, HttpServer, ResponseError, rt, web};
use auth_metrics::events::{Event, observer};
use auth_metrics::{AuthMetrics, FailureReason, OperationKind, auth_metered};
use auth_metrics_actix::{AttemptMiddleware, ContextMiddleware, scrape_route};
use serde::Deserialize;

#[derive(Debug, FailureReason)]
enum LoginError {
    InvalidCredentials,
    AccountLocked,
}

impl fmt::Display for LoginError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("login refused\n")
    }
}

impl ResponseError for LoginError {
    fn status_code(&self) -> StatusCode {
        StatusCode::UNAUTHORIZED // the client does not learn why
    }
}

#[derive(Deserialize)]
struct Form {
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

/// `web::Form` refuses a request without a name or a password; only the middleware sees that.
async fn login(web::Form(form): web::Form<Form>) -> Result<String, LoginError> {
    let session = check_password(&form.name, &form.password).await?;
    Ok(format!("authorization: session-{session}\n"))
}

/// Whoever sends any authorization has a session.
struct Session;

impl FromRequest for Session {
    type Error = Error;
    type Future = Ready<Result<Session, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = request.headers().get("authorization").map(|_| Session);
        ready(found.ok_or_else(|| ErrorUnauthorized("no session\n")))
    }
}

async fn orders(_: Session) -> &'static str {
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

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let metrics = AuthMetrics::builder().service_id("shop").observe(observer("printer", print)).build()?;
    metrics.install()?;
    let login_form = AttemptMiddleware::new("login_form").errors::<LoginError>();
    let session = AttemptMiddleware::new("session").kind(OperationKind::Token);
    let app = move || {
        App::new()
            .service(web::resource("/login").route(web::post().to(login).wrap(login_form.clone())))
            .service(web::resource("/orders").route(web::get().to(orders).wrap(session.clone())))
            .route("/metrics", scrape_route(&metrics))
            .wrap(ContextMiddleware::new().request_id("x-request-id").traceparent())
    };
    println!("http://localhost:8080");
    rt::System::new().block_on(async { HttpServer::new(app).bind(("127.0.0.1", 8080))?.run().await })?;
    Ok(())
}
