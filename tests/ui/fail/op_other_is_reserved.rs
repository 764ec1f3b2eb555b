use auth_metrics::auth_metered;

#[auth_metered(op = "other")]
fn the_rest() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered(op = "Other")]
fn not_corrected_into_it() -> Result<(), std::convert::Infallible> {
    Ok(())
}

#[auth_metered]
fn other() -> Result<(), std::convert::Infallible> {
    Ok(())
}

fn main() {}
