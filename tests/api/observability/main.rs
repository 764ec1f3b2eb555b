//! Rules and alerts made from a catalogue.

mod bounds;
mod catalogue;
mod dashboard;
mod files;
mod refusals;
mod rules;
mod runbooks;
