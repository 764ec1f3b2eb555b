//! What the learners promise, over made-up worlds.

mod ablation;
mod drift;
mod exhaustion;
mod half_space_trees;
mod holt_winters;
mod poisoning;
mod season;
mod state;
mod worlds;
