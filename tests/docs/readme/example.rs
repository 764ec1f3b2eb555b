use auth_metrics::{AuthMetrics, FailureReason, auth_metered};

#[derive(Debug, FailureReason)]
enum LoginError {
    #[reason(invalid_credentials)]
    WrongPassword,
    RateLimited, // the variant's own name is a standard reason
}

#[auth_metered(op = "login")]
async fn login(_name: &str, password: &str) -> Result<u64, LoginError> {
    if password == "correct horse" { Ok(7) } else { Err(LoginError::WrongPassword) }
}

#[tokio::main]
async fn main() -> Result<(), auth_metrics::Error> {
    let metrics = AuthMetrics::builder().service_id("gateway").build()?;
    metrics.install()?; // every annotated function of the process records here

    let _ = login("user-001", "correct horse").await;
    let _ = login("user-001", "tr0ub4dor").await;
    print!("{}", metrics.encode_text());
    Ok(())
}
