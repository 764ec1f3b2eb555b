//! A registry of your own: login metrics beside your other metrics, with a namespace and constant labels. The handle is passed, not
//! installed. Prints what `registry.gather()` returns.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};

use auth_metrics::prometheus::{self, IntCounter, Registry, TextEncoder};
use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
use thiserror::Error;

#[derive(Debug, Error, FailureReason)]
enum PinError {
    #[error("the PIN is wrong")]
    #[reason(invalid_credentials)]
    Wrong,
    #[error("too many wrong PINs")]
    #[reason(account_locked)]
    Locked,
}

/// A door with a keypad.
struct Door {
    metrics: AuthMetrics,
    openings: IntCounter,
    tries_left: AtomicU32,
}

impl Door {
    /// `metrics = …` names the handle, so nothing is global and two doors never share their counts.
    #[auth_metered(op = "enter_pin", metrics = &self.metrics)]
    fn enter_pin(&self, pin: &str) -> Result<(), PinError> {
        if self.tries_left.load(Ordering::Relaxed) == 0 {
            return Err(PinError::Locked);
        }
        if pin != "2468" {
            self.tries_left.fetch_sub(1, Ordering::Relaxed);
            return Err(PinError::Wrong);
        }
        self.openings.inc();
        Ok(())
    }
}

#[derive(Debug, Error)]
enum SetupError {
    #[error(transparent)]
    Metrics(#[from] auth_metrics::Error),
    #[error(transparent)]
    Register(#[from] auth_metrics::RegisterError),
    #[error(transparent)]
    Registry(#[from] prometheus::Error),
}

fn scrape_of_a_day() -> Result<String, SetupError> {
    let registry = Registry::new();

    // Your own metrics. `auth_metrics::prometheus` is the version that the library uses.
    let openings = IntCounter::new("building_door_openings_total", "Times the door opened.")?;
    registry.register(Box::new(openings.clone()))?;

    let metrics = AuthMetrics::builder()
        .service_id("front_door")
        .namespace("building")
        .const_labels([("site", "north"), ("floor", "0")])
        .build()?;
    metrics.register(&registry)?;
    metrics.register(&registry)?; // Registering the same handle again changes nothing.

    let door = Door { metrics, openings, tries_left: AtomicU32::new(3) };
    for pin in ["2468", "1111", "2468", "2222", "3333", "2468"] {
        let said =
            door.enter_pin(pin).map_or_else(|error| error.to_string(), |()| "the door is open".to_owned());
        eprintln!("{said}");
    }
    Ok(TextEncoder::new().encode_to_string(&registry.gather())?)
}

fn main() -> ExitCode {
    match scrape_of_a_day() {
        Ok(text) => {
            let printed = std::io::stdout().write_all(text.as_bytes());
            if printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("own_registry: {error}");
            ExitCode::FAILURE
        }
    }
}
