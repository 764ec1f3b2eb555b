//! Limiters, key sets, decisions and services with a time to live.

mod governed;
mod keys;
mod records;
mod services;
