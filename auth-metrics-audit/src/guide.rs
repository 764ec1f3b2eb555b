//! How to use the crate, page by page. Knows no code: it exists in the documentation only.
//!
//! | page | what it answers |
//! |---|---|
//! | [`auditing`] | How do I start, what is on the record, and how do I see that nothing is missing? |
//! | [`identities`] | What does a line show of people? Pseudonyms, keys, erasure |
//! | [`sinks`] | Files, rotation, full disks, crashes, copies, a sink of my own |
//! | [`verifying`] | How do I prove that nothing was changed, and what is not proven? |
//! | [`correlating`] | What came before an attempt? Patterns and queries |
//! | [`pipelines`] | How do the lines reach Elastic, Loki, Splunk or Sentinel, and what do I ask there? |
//! | [`records`] | Every field of a line |
//! | [`production`] | Volumes, seeds, disks, the monthly proof, one stolen account, one person to forget |

pub mod auditing {
    #![doc = include_str!("../guide/auditing.md")]
}
pub mod correlating {
    #![doc = include_str!("../guide/correlating.md")]
}
pub mod identities {
    #![doc = include_str!("../guide/identities.md")]
}
pub mod pipelines {
    #![doc = include_str!("../guide/pipelines.md")]
}
pub mod production {
    #![doc = include_str!("../guide/production.md")]
}
pub mod records {
    #![doc = include_str!("../guide/records.md")]
}
pub mod sinks {
    #![doc = include_str!("../guide/sinks.md")]
}
pub mod verifying {
    #![doc = include_str!("../guide/verifying.md")]
}
