//! Ready mappings for errors of other crates: functions for `#[reason(with = auth_metrics::reasons::…)]`.
//!
//! Beside each function stands a module of the same name with the reasons it can give, which the derive reads.

mod std_io;

pub use std_io::io;
