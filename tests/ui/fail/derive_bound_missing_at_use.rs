//! A transparent field of a generic type asks for its bound where the type is used.

use auth_metrics::{FailureReason, auth_metered};

#[derive(FailureReason)]
pub struct Traced<E> {
    #[reason(transparent)]
    pub error: E,
}

pub struct DatabaseError;

#[auth_metered(op = "read")]
fn read() -> Result<u8, Traced<DatabaseError>> {
    Ok(1)
}

fn needs<E: FailureReason>() {}

fn main() {
    needs::<Traced<DatabaseError>>();
}
