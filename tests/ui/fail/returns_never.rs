use auth_metrics::{Outcome, auth_metered};

#[auth_metered(op = "serve")]
fn serve() -> ! {
    loop {}
}

#[auth_metered(op = "serve", classify = any)]
async fn serve_soon() -> ! {
    loop {}
}

fn any<T>(_: &T) -> Outcome {
    Outcome::Success
}

fn main() {
    let _ = any(&1);
}
