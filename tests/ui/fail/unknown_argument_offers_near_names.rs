use auth_metrics::auth_metered;

#[auth_metered(op = "login", clasify = status)]
fn typo() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "login", user = name)]
fn nothing_near(name: &str) -> Result<usize, std::convert::Infallible> {
    Ok(name.len())
}

#[auth_metered(operation = "login")]
fn with_the_name_of_the_label() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
