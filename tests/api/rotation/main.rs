//! Rotators under tokio's paused clock: when they rotate, how tries end, what is counted.
//! The leases here are those of one process; `redis_lease` has the others.

mod blocking;
mod endings;
mod evidence;
mod extremes;
mod failures;
mod fixture;
mod held_lease;
mod identity;
mod logged;
mod model;
mod month;
mod overlap;
mod refusals;
mod replicas;
mod requests;
mod retiring;
mod schedule;
mod stopping;
mod time_of_day;
mod times;
mod wrong_clocks;
