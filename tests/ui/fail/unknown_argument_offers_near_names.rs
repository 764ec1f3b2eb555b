use auth_metrics::auth_metered;

#[auth_metered(op = "login", clasify = status)]
fn typo() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", tracing = name)]
fn nothing_near(name: &str) -> Result<usize, std::convert::Infallible> {
    Ok(name.len())
}

#[auth_metered(operation = "login")]
fn with_the_name_of_the_label() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", username = name, client_ip = name, session_id = name)]
fn with_the_name_of_the_field(name: &str) -> Result<usize, std::convert::Infallible> {
    Ok(name.len())
}

#[auth_metered(op = "login", subjet = name, ressource = name)]
fn misspelled(name: &str) -> Result<usize, std::convert::Infallible> {
    Ok(name.len())
}

fn main() {}
