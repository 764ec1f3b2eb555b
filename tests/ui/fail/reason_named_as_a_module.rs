use auth_metrics::auth_metered;
use classify::classify;

mod classify {
    pub(crate) fn classify(_: &std::io::Error) -> auth_metrics::Reason {
        auth_metrics::Reason::DependencyUnavailable
    }
}

#[auth_metered(op = "login", reason = classify)]
fn login() -> Result<(), std::io::Error> {
    Ok(())
}

fn main() {}
