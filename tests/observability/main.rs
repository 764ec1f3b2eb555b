//! Rules and alerts made from a catalogue.

mod bounds;
mod catalogue;
mod dashboard;
mod files;
mod promtool;
mod refusals;
mod rules;
mod runbooks;
