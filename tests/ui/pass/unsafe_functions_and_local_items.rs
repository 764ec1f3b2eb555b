//! An `unsafe fn` stays one; functions and errors inside of another function are metered as well.
#![deny(warnings, unsafe_op_in_unsafe_fn)]

use std::convert::Infallible;

use auth_metrics::{FailureReason, auth_metered};

/// # Safety
///
/// The pointer is valid.
#[auth_metered(op = "unsafe_now")]
pub unsafe fn unsafe_now(pointer: *const u8) -> Result<u8, Infallible> {
    Ok(unsafe { *pointer })
}

/// # Safety
///
/// The pointer is valid until the future ends.
#[auth_metered(op = "unsafe_later")]
pub async unsafe fn unsafe_later(pointer: *const u8) -> Result<u8, Infallible> {
    Ok(unsafe { *pointer })
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    #[derive(Debug, FailureReason)]
    enum LocalError {
        #[reason(token_expired)]
        Expired,
    }

    #[auth_metered(op = "local")]
    async fn local(expired: bool) -> Result<(), LocalError> {
        const LATE: bool = true;
        if expired == LATE { Err(LocalError::Expired) } else { Ok(()) }
    }

    assert!(local(true).await.is_err() && local(false).await.is_ok());
    let byte = 7;
    assert_eq!(unsafe { unsafe_now(&byte) }, Ok(7));
    assert_eq!(unsafe { unsafe_later(&byte) }.await, Ok(7));
}
