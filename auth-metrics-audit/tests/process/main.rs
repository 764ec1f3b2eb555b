//! Programs with a trail that are killed, start twice, or meet folders, files and disks that others changed. Each has files of its own;
//! some are processes of their own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, also in what its functions share")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sample is a whole number of attempts"
)]

mod disk;
mod files;
mod kill;
mod refused;
mod world;
