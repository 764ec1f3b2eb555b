//! How to use the crate, page by page: [`credentials`], [`keys`] and [`rotation`]. Knows no code: it exists in the documentation
//! only.

#[doc = include_str!("../guide/credentials.md")]
pub mod credentials {}
#[doc = include_str!("../guide/keys.md")]
pub mod keys {}
#[doc = include_str!("../guide/rotation.md")]
pub mod rotation {}
