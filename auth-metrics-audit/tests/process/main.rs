//! Programs with a trail that are killed, start twice, or meet folders, files and disks that others changed. Each has files of its own;
//! some are processes of their own.

mod disk;
mod files;
mod kill;
mod refused;
mod world;
