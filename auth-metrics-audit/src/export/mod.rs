//! What a scrape shows of the trail.

pub mod families;
