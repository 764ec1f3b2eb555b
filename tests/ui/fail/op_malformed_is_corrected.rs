use auth_metrics::auth_metered;

#[auth_metered(op = "UserLogin")]
fn camel_case() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "user.login-v2")]
fn punctuation() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "2fa check")]
fn digit_first() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "")]
fn empty() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "an_operation_whose_name_tells_the_whole_story_of_the_function_below_it")]
fn too_long() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
