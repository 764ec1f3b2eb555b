//! An `unsafe fn` stays one, and its body is checked as before.
#![deny(warnings, unsafe_op_in_unsafe_fn)]

use std::convert::Infallible;

use auth_metrics::auth_metered;

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

struct Memory;

#[auth_metered]
impl Memory {
    #[op("unsafe_method")]
    unsafe fn read(&self, pointer: *const u8) -> Result<u8, Infallible> {
        Ok(unsafe { *pointer })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let byte = 7;
    assert_eq!(unsafe { unsafe_now(&byte) }, Ok(7));
    assert_eq!(unsafe { unsafe_later(&byte) }.await, Ok(7));
    assert_eq!(unsafe { Memory.read(&byte) }, Ok(7));
}
