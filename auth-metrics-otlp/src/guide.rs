//! How to use the crate. Knows no code: it exists in the documentation only.
//!
//! | page | what it answers |
//! |---|---|
//! | [`pushing`] | How do I push, what is sent and under which names, and what becomes of it when the server is away? |

pub mod pushing {
    #![doc = include_str!("../guide/pushing.md")]
}
