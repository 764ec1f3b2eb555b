//! Credentials that are tracked: what can be declared, the states, the time, the gauges, real certificates and key sets.

mod declare;
mod fixture;
mod jwks;
mod jwks_again;
mod ordinary_names;
mod renew;
mod renew_again;
mod secrets;
mod slugs;
mod states;
mod threads;
mod time;
mod typed_secrets;
mod withdrawn;
mod x509;
