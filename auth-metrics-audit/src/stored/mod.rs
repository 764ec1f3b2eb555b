//! What the folder of a trail holds: files by their names, lines, and what a line says. It only reads, and checks nothing.

mod lines;
pub(crate) mod names;
mod said;

pub(crate) use lines::{LONGEST_LINE, Lines, Piece};
pub(crate) use said::{Said, Sort, is_shutdown};
