use auth_metrics::auth_metered;

#[auth_metered(op = "status")]
fn number() -> u32 {
    200
}

#[auth_metered(op = "name")]
async fn text() -> String {
    String::new()
}

#[auth_metered(op = "pair")]
fn tuple() -> (u8, bool) {
    (1, true)
}

#[auth_metered(op = "many")]
fn results() -> Vec<Result<u8, std::convert::Infallible>> {
    Vec::new()
}

#[auth_metered(op = "names")]
fn iterator() -> impl Iterator<Item = u8> {
    [1].into_iter()
}

#[auth_metered(op = "status")]
fn future_of_a_number() -> impl Future<Output = u32> {
    async { 200 }
}

fn main() {}
