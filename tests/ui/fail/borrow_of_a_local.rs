use auth_metrics::auth_metered;

#[auth_metered(op = "sync")]
fn sync(name: String) -> Result<&'static str, std::convert::Infallible> {
    Ok(name.as_str())
}

#[auth_metered(op = "asynchronous")]
async fn asynchronous(name: String) -> Result<&'static str, std::convert::Infallible> {
    Ok(name.as_str())
}

#[auth_metered(op = "changed")]
fn changed(name: &str, tries: u8) -> Result<usize, std::convert::Infallible> {
    tries += 1;
    Ok(name.len() + usize::from(tries))
}

#[auth_metered(op = "moved")]
async fn moved(name: String) -> Result<usize, std::convert::Infallible> {
    drop(name);
    Ok(name.len())
}

fn main() {}
