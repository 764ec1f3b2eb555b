//! How to use the crate, page by page. Knows no code: it exists in the documentation only.
//!
//! | page | what it answers |
//! |---|---|
//! | [`detecting`] | How do I start, what can it see, and what does it need? |
//! | [`responding`] | What do I do about a risky attempt, or an attack? |
//! | [`evidence`] | Why does it think so? |
//! | [`tuning`] | What would it find in my log? Memory, restarts |
//! | [`replicas`] | How do several processes share what they know? |
//! | [`privacy`] | What is kept, for how long, and what does it reveal? |

pub mod detecting {
    #![doc = include_str!("../guide/detecting.md")]
}
pub mod evidence {
    #![doc = include_str!("../guide/evidence.md")]
}
pub mod privacy {
    #![doc = include_str!("../guide/privacy.md")]
}
pub mod replicas {
    #![doc = include_str!("../guide/replicas.md")]
}
pub mod responding {
    #![doc = include_str!("../guide/responding.md")]
}
pub mod tuning {
    #![doc = include_str!("../guide/tuning.md")]
}
