use auth_metrics::auth_metered;

#[auth_metered(op = "log_out")]
fn log_out() {}

#[auth_metered(op = "log_out")]
async fn log_out_soon() {}

#[auth_metered(op = "log_out")]
fn spelled_out() -> () {}

fn main() {}
