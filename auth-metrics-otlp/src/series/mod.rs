//! What is known of each series: its value, since when it counts, and what no server has taken of it yet. Knows snapshots, and neither
//! names of attributes nor requests.

mod count;
mod reader;
mod spread;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use table::{Series, Table, Value};
