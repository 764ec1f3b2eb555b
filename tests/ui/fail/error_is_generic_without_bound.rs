use auth_metrics::auth_metered;

#[auth_metered(op = "retry")]
async fn retry<E>(attempt: impl Fn() -> Result<u8, E>) -> Result<u8, E> {
    attempt()
}

pub trait Store {
    type Error;

    fn read(&self) -> Result<u8, Self::Error>;
}

#[auth_metered(op = "read")]
fn read<S: Store>(store: &S) -> Result<u8, S::Error> {
    store.read()
}

fn main() {}
