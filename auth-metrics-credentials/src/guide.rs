//! How to use the crate, page by page: [`credentials`], [`keys`] and [`rotation`]. Knows no code: it exists in the documentation
//! only.

pub mod credentials {
    #![doc = include_str!("../guide/credentials.md")]
}
pub mod keys {
    #![doc = include_str!("../guide/keys.md")]
}
pub mod rotation {
    #![doc = include_str!("../guide/rotation.md")]
}
