//! What a scrape shows of the trail.

pub mod families;
mod group;

pub(crate) use families::WRITE_BOUNDS;
pub(crate) use group::AuditGroup;
