//! Rules and alerts made from a catalogue.

mod catalogue;
mod dashboard;
mod files;
mod promtool;
mod refusals;
mod rules;
mod runbooks;
