//! The command line.

use std::net::{Ipv4Addr, SocketAddr};

use thiserror::Error;

pub(crate) const USAGE: &str = "\
A metered authentication service.

Usage: auth_service [OPTIONS]

Options:
  --demo                 start on free ports, send a crowd, show what /metrics tells, end
  --addr <ADDR>          where the service listens   [default: 127.0.0.1:8080]
  --metrics-addr <ADDR>  where /metrics listens      [default: 127.0.0.1:9464]
  --help                 show this

Environment:
  AUTH_SERVICE_API_KEY   the key of a machine that may sign in at /machine
  NO_COLOR               no colours in the demo's table
";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Stay up until a signal.
    Serve(Options),
    /// Run the crowd and end.
    Demo(Options),
    /// Show the usage.
    Help,
}

/// Where to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) addr: SocketAddr,
    pub(crate) metrics_addr: SocketAddr,
}

/// A command line that makes no sense.
#[derive(Debug, PartialEq, Eq, Error)]
pub(crate) enum ArgsError {
    #[error("there is no argument {0:?}")]
    Unknown(String),
    #[error("{0} needs an address after it")]
    NoValue(&'static str),
    #[error("{value:?} after {argument} is no address and port, such as 127.0.0.1:8080")]
    BadAddress { argument: &'static str, value: String },
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Command, ArgsError> {
    let (mut demo, mut addr, mut metrics_addr) = (false, None, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--demo" => demo = true,
            "--addr" => addr = Some(address("--addr", arguments.next())?),
            "--metrics-addr" => metrics_addr = Some(address("--metrics-addr", arguments.next())?),
            _ => return Err(ArgsError::Unknown(argument)),
        }
    }
    let port = |fixed: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, if demo { 0 } else { fixed }));
    let options = Options {
        addr: addr.unwrap_or_else(|| port(8080)),
        metrics_addr: metrics_addr.unwrap_or_else(|| port(9464)),
    };
    Ok(if demo { Command::Demo(options) } else { Command::Serve(options) })
}

fn address(argument: &'static str, value: Option<String>) -> Result<SocketAddr, ArgsError> {
    let value = value.ok_or(ArgsError::NoValue(argument))?;
    value.parse().map_err(|_| ArgsError::BadAddress { argument, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, ArgsError> {
        parse(arguments.iter().map(ToString::to_string))
    }

    #[test]
    fn the_demo_takes_free_ports_unless_told_otherwise() {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let told = SocketAddr::from((Ipv4Addr::LOCALHOST, 7000));
        assert_eq!(parsed(&["--demo"]), Ok(Command::Demo(Options { addr: free, metrics_addr: free })));
        assert_eq!(
            parsed(&["--addr", "127.0.0.1:7000", "--demo"]),
            Ok(Command::Demo(Options { addr: told, metrics_addr: free }))
        );
    }

    #[test]
    fn every_mistake_is_named() {
        assert_eq!(parsed(&["--dmeo"]), Err(ArgsError::Unknown("--dmeo".to_owned())));
        assert_eq!(parsed(&["--addr"]), Err(ArgsError::NoValue("--addr")));
        let bad = ArgsError::BadAddress { argument: "--addr", value: "here".to_owned() };
        assert_eq!(parsed(&["--addr", "here"]), Err(bad));
    }
}
