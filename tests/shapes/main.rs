//! Functions as real auth servers write them, in their frameworks: with the attribute each one compiles without a
//! warning and does what it does without, and what it did is counted.

mod fixture;
mod laws;
mod metered;
mod plain;
