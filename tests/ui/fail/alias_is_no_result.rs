//! An alias may hide a `Result`; what it hides here is none.

use auth_metrics::auth_metered;

type Tokens = Vec<String>;

#[auth_metered(op = "tokens")]
fn tokens() -> Tokens {
    Vec::new()
}

struct Json<T>(T);

#[auth_metered(op = "handler")]
async fn handler() -> Json<u8> {
    Json(1)
}

fn main() {
    let _ = handler;
    let _ = |json: Json<u8>| json.0;
}
