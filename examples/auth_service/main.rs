//! A whole authentication service, metered: sign-up, login, second factor, tokens, refresh, logout, partners, machines.
//!
//! `cargo demo` starts it, sends it a crowd and shows what its `/metrics` tells afterwards.
//!
//! # Detection
//!
//! Before a password is checked, the login asks `auth-metrics-detect` how likely an attack is. The engine learns from the events of the
//! service: who tried, from where, and how it ended. Users whom it knows from their usual places sign in as ever. Strangers wait a little
//! while many of them are bad. Sources, networks and accounts under suspicion must send a proof of work first, and above that only an
//! account with a second factor gets in. Nothing is blocked or locked. See [`risk`].
//!
//! # Audit
//!
//! Every attempt is a line in the folder that the service prints when it starts. See [`trail`].

mod accounts;
mod args;
mod certificate;
mod demo;
mod guessed;
mod http;
mod limits;
mod login;
mod machines;
mod opaque;
mod partner;
mod passwords;
mod risk;
mod running;
mod second_factor;
mod service;
mod sessions;
mod settings;
mod signing;
mod store;
mod tokens;
mod trail;
mod upkeep;

#[cfg(test)]
mod observability;
#[cfg(test)]
mod wave;

use std::io::Write as _;
use std::process::ExitCode;

use args::{Command, Options};
use demo::Phase;
use machines::Machines;
use partner::Partner;
use running::{Running, StartError};
use settings::Settings;
use signing::KeyError;
use thiserror::Error;

/// The environment variable with the key of the one machine that may sign in.
const API_KEY_VARIABLE: &str = "AUTH_SERVICE_API_KEY";

#[derive(Debug, Error)]
enum RunError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Demo(#[from] demo::DemoError),
    #[error("can't wait for a signal: {0}")]
    Signal(std::io::Error),
    #[error("can't write to the terminal: {0}")]
    Print(std::io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match args::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => print(args::USAGE).map_err(RunError::Print),
        Ok(Command::Serve(options)) => serve(options).await,
        Ok(Command::Traffic(options, phases)) => serve_crowds(options, &phases).await,
        Ok(Command::Demo(options)) => demo::run(options).await.map_err(RunError::from),
        Err(error) => {
            eprintln!("auth_service: {error}\n\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("auth_service: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Stays up until Ctrl-C.
async fn serve(options: Options) -> Result<(), RunError> {
    let mut machines = Machines::default();
    if let Ok(key) = std::env::var(API_KEY_VARIABLE) {
        machines.admit(&key, "machine-001");
    }
    let running = Running::start(&Settings::standing(), options, Partner::new()?, machines).await?;
    announce(&running)?;
    wanted_down().await.map_err(RunError::Signal)?;
    end(running).await
}

/// Stays up until Ctrl-C, with crowds that come and go.
async fn serve_crowds(options: Options, phases: &[Phase]) -> Result<(), RunError> {
    let (partner, mut machines) = (Partner::new()?, Machines::default());
    let machine_key = opaque::random_token().map_err(KeyError::from)?;
    machines.admit(&machine_key, "machine-001");
    let settings = Settings::standing().behind_the_crowd();
    let running = Running::start(&settings, options, partner.clone(), machines).await?;
    announce(&running)?;
    let crowds = async {
        demo::send_traffic(&running, partner, machine_key, phases).await?;
        std::future::pending::<Result<(), demo::DemoError>>().await
    };
    tokio::select! {
        ended = crowds => ended.map_err(RunError::Demo)?,
        signal = wanted_down() => signal.map_err(RunError::Signal)?,
    }
    end(running).await
}

fn announce(running: &Running) -> Result<(), RunError> {
    print(&format!(
        "auth_service is running. Press Ctrl-C to stop it.\n  service  {}/\n  page     http://{}/\n  metrics  {}\n  audit    {}\n",
        running.service_url(),
        running.metrics_addr(),
        running.metrics_url(),
        running.trail().display(),
    ))
    .map_err(RunError::Print)
}

async fn end(running: Running) -> Result<(), RunError> {
    print("stopping\n").map_err(RunError::Print)?;
    running.stop().await;
    Ok(())
}

/// Waits for Ctrl-C, or for the signal that service managers send.
async fn wanted_down() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// `print!` panics when the reader has gone; this does not.
fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
