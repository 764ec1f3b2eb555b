//! Those whom a call is compared with, and the body that all of them meter.

#[path = "../../src/contenders/bare.rs"]
pub mod bare;
#[path = "../../src/contenders/floor.rs"]
pub mod floor;
#[path = "../../src/contenders/limit.rs"]
pub mod limit;
#[path = "../../src/contenders/prometheus.rs"]
pub mod prometheus;
#[path = "../../src/contenders/shape.rs"]
mod shape;

pub use shape::*;
