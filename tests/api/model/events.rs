//! How an attempt of the model ended.

use crate::storage::Ticks;
use crate::terms::Ended;

#[expect(dead_code, reason = "nobody follows the model")]
pub(crate) struct Ending {
    pub(crate) ended: Ended,
    pub(crate) started: Ticks,
    pub(crate) nanos: u64,
    pub(crate) is_nested: bool,
    pub(crate) is_told_inside: bool,
}
