//! What the learners promise, over made-up worlds.

mod drift;
mod poisoning;
mod season;
mod state;
mod worlds;
