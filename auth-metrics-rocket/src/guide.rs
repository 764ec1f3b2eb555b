//! How to use the crate: [`rocket`]. Knows no code: it exists in the documentation only.

pub mod rocket {
    #![doc = include_str!("../guide/rocket.md")]
}
