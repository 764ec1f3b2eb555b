//! The command line.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use crate::demo::{Mood, Phase};

pub(crate) const USAGE: &str = "\
A metered authentication service.

Usage: auth_service [OPTIONS]

Options:
  --demo                 start on free ports, send simulated users, show /metrics, exit
  --addr <ADDR>          address of the service    [default: 127.0.0.1:8080]
  --metrics-addr <ADDR>  address of /metrics       [default: 127.0.0.1:9464]
  --audit <FOLDER>       folder of the audit trail [default: a new one among the temporary files]
  --traffic <PHASES>     keep running and send simulated users in phases, such as calm:60,attack. A phase
                         is calm or attack, with its seconds; the last one may go on without an end
  --help                 show this help

Environment:
  AUTH_SERVICE_API_KEY   API key of a machine that may log in at /machine
  NO_COLOR               set it to turn off colours in the demo's table
";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Stay up until a signal.
    Serve(Options),
    /// Stay up until a signal, and send crowds.
    Traffic(Options, Vec<Phase>),
    /// Run the crowd and end.
    Demo(Options),
    /// Show the usage.
    Help,
}

/// Where to listen, and where to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) addr: SocketAddr,
    pub(crate) metrics_addr: SocketAddr,
    /// The folder of the audit trail; none: a new one.
    pub(crate) audit: Option<PathBuf>,
}

/// A command line that makes no sense.
#[derive(Debug, PartialEq, Eq, Error)]
pub(crate) enum ArgsError {
    #[error("unknown argument {0:?}")]
    Unknown(String),
    #[error("{0} needs an address, such as 127.0.0.1:8080")]
    NoValue(&'static str),
    #[error("--audit needs a folder, such as /var/lib/auth_service/audit")]
    NoFolder,
    #[error("--traffic needs phases, such as calm:60,attack")]
    NoPhases,
    #[error("{0:?} is not a phase: write calm or attack, then a colon and its seconds, such as calm:60")]
    BadPhase(String),
    #[error("--demo and --traffic can't be combined")]
    DemoAndTraffic,
    #[error("{argument} needs an address and port, such as 127.0.0.1:8080, not {value:?}")]
    BadAddress { argument: &'static str, value: String },
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Command, ArgsError> {
    let (mut demo, mut addr, mut metrics_addr, mut audit, mut traffic) = (false, None, None, None, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--demo" => demo = true,
            "--traffic" => traffic = Some(phases(&arguments.next().ok_or(ArgsError::NoPhases)?)?),
            "--audit" => audit = Some(PathBuf::from(arguments.next().ok_or(ArgsError::NoFolder)?)),
            "--addr" => addr = Some(address("--addr", arguments.next())?),
            "--metrics-addr" => metrics_addr = Some(address("--metrics-addr", arguments.next())?),
            _ => return Err(ArgsError::Unknown(argument)),
        }
    }
    let port = |fixed: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, if demo { 0 } else { fixed }));
    let options = Options {
        addr: addr.unwrap_or_else(|| port(8080)),
        metrics_addr: metrics_addr.unwrap_or_else(|| port(9464)),
        audit,
    };
    match (demo, traffic) {
        (true, Some(_)) => Err(ArgsError::DemoAndTraffic),
        (true, None) => Ok(Command::Demo(options)),
        (false, Some(phases)) => Ok(Command::Traffic(options, phases)),
        (false, None) => Ok(Command::Serve(options)),
    }
}

fn phases(text: &str) -> Result<Vec<Phase>, ArgsError> {
    text.split(',').map(phase).collect()
}

fn phase(text: &str) -> Result<Phase, ArgsError> {
    let bad = || ArgsError::BadPhase(text.to_owned());
    let (mood, seconds) = text.split_once(':').map_or((text, None), |(mood, seconds)| (mood, Some(seconds)));
    let mood = [Mood::Calm, Mood::Attack].into_iter().find(|known| known.label() == mood).ok_or_else(bad)?;
    let lasts = seconds.map(|seconds| seconds.parse().map(Duration::from_secs).map_err(|_| bad()));
    Ok(Phase { mood, lasts: lasts.transpose()? })
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
        assert_eq!(
            parsed(&["--demo"]),
            Ok(Command::Demo(Options { addr: free, metrics_addr: free, audit: None }))
        );
        assert_eq!(
            parsed(&["--addr", "127.0.0.1:7000", "--demo"]),
            Ok(Command::Demo(Options { addr: told, metrics_addr: free, audit: None }))
        );
    }

    #[test]
    fn phases_come_in_their_order_and_the_last_may_be_endless() {
        let phase = |mood, seconds: Option<u64>| Phase { mood, lasts: seconds.map(Duration::from_secs) };
        let expected = vec![phase(Mood::Calm, Some(60)), phase(Mood::Attack, None)];
        let traffic = parsed(&["--traffic", "calm:60,attack"]);
        assert!(matches!(traffic, Ok(Command::Traffic(_, phases)) if phases == expected));
        assert_eq!(parsed(&["--traffic"]), Err(ArgsError::NoPhases));
        assert_eq!(parsed(&["--traffic", "calm:x"]), Err(ArgsError::BadPhase("calm:x".to_owned())));
        assert_eq!(parsed(&["--traffic", "calm", "--demo"]), Err(ArgsError::DemoAndTraffic));
    }

    #[test]
    fn the_trail_goes_where_it_is_told() {
        let command = parsed(&["--audit", "trail"]);
        assert!(matches!(command, Ok(Command::Serve(options)) if options.audit == Some("trail".into())));
        assert_eq!(parsed(&["--audit"]), Err(ArgsError::NoFolder));
    }

    #[test]
    fn every_mistake_is_named() {
        assert_eq!(parsed(&["--dmeo"]), Err(ArgsError::Unknown("--dmeo".to_owned())));
        assert_eq!(parsed(&["--addr"]), Err(ArgsError::NoValue("--addr")));
        let bad = ArgsError::BadAddress { argument: "--addr", value: "here".to_owned() };
        assert_eq!(parsed(&["--addr", "here"]), Err(bad));
    }
}
