//! `RedisLease` in front of a real `redis-server`, the one of Debian's package; holders are processes of their own, and
//! killed. Ignored by plain `cargo test`, run by `./check`.

mod lease;
pub(crate) mod server;
mod takeover;
