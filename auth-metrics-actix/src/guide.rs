//! How to use the crate: [`actix`]. Knows no code: it exists in the documentation only.

pub mod actix {
    #![doc = include_str!("../guide/actix.md")]
}
