//! `PushBuilder`: the options of a push.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use auth_metrics::AuthMetrics;

use super::control::Control;
use super::handle::Push;
use super::thread::{Clock, Worker};
use crate::encode::Encoder;
use crate::engine::Engine;
use crate::error::Error;
use crate::export::PushGroup;
use crate::names::Names;
use crate::setup::{Endpoint, Options, Protocol, Temporality, instance_id};
use crate::transport;

/// The options of a [`Push`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `start` is called"]
pub struct PushBuilder {
    options: Options,
}

impl Push {
    /// Begins a push to a server. The URL is that of all signals, such as `http://localhost:4318`; over HTTP, `/v1/metrics` is added to it.
    pub fn builder(endpoint: impl AsRef<str>) -> PushBuilder {
        PushBuilder { options: Options::new(Endpoint::base(endpoint.as_ref())) }
    }

    /// Begins a push with what OpenTelemetry's environment variables say, and defaults for the rest.
    ///
    /// # Errors
    ///
    /// [`Error::Variable`] names the variable that can't be read.
    pub fn from_env() -> Result<PushBuilder, Error> {
        let options = Options::from_variables(|name| std::env::var(name).ok())?;
        Ok(PushBuilder { options })
    }
}

impl PushBuilder {
    /// Sets the URL of metrics, which is used as it is: nothing is added to it.
    pub fn metrics_endpoint(mut self, url: impl AsRef<str>) -> PushBuilder {
        self.options.endpoint = Endpoint::whole(url.as_ref());
        self
    }

    /// Sets how requests travel. Default: [`Protocol::Http`].
    pub fn protocol(mut self, protocol: Protocol) -> PushBuilder {
        self.options.protocol = protocol;
        self
    }

    /// Adds a header to each request, such as `authorization`. Its value is in no log line and no `Debug` output.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> PushBuilder {
        self.options.headers.set(name.as_ref(), value.as_ref());
        self
    }

    /// Sets an attribute of the resource, which says whose metrics these are. An empty value leaves the attribute out.
    ///
    /// Unless you say otherwise, `service.name` is the handle's service id, and `service.instance.id` a random id of the process, so that
    /// two replicas never write one series. If your replicas have stable names, set it to them.
    pub fn resource(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> PushBuilder {
        self.options.set_resource(name.as_ref(), value.as_ref());
        self
    }

    /// Sets what a point of a counter or a histogram says. Default: [`Temporality::Cumulative`].
    pub fn temporality(mut self, temporality: Temporality) -> PushBuilder {
        self.options.temporality = temporality;
        self
    }

    /// Sets what metrics and attributes are called. Default: [`Names::Scrape`].
    pub fn names(mut self, names: Names) -> PushBuilder {
        self.options.names = names;
        self
    }

    /// Sets the time from one push to the next. Default: 15 seconds.
    pub fn every(mut self, every: Duration) -> PushBuilder {
        self.options.every = every;
        self
    }

    /// Sets how long a request may take, with its answer. Default: 10 seconds.
    pub fn timeout(mut self, timeout: Duration) -> PushBuilder {
        self.options.timeout = timeout;
        self
    }

    /// Sets the value of the label `push` in the push's own families. Default: `otlp`. Two pushes of one handle need two names.
    pub fn name(mut self, name: impl AsRef<str>) -> PushBuilder {
        name.as_ref().clone_into(&mut self.options.name);
        self
    }

    /// Starts the push with a first request. It does not wait for a server.
    ///
    /// # Errors
    ///
    /// [`Error`] names the option that is wrong, the feature that is missing, or what the handle or the system refuses.
    pub fn start(self, metrics: &AuthMetrics) -> Result<Push, Error> {
        let options = self.options;
        options.check()?;
        let transport = transport::open(&options)?;
        let counts = PushGroup::start(metrics, &options.name)?;
        let encoder = Encoder {
            temporality: options.temporality,
            names: options.names,
            resource: resource(&options, metrics),
        };
        let (clock, control) = (Clock::new(), Arc::new(Control::default()));
        let engine = Engine::new(encoder, transport, Arc::clone(&counts), (clock.now(), seed()));
        let worker = Worker {
            engine,
            metrics: metrics.downgrade(),
            control: Arc::clone(&control),
            counts: Arc::clone(&counts),
            clock,
            every: options.every,
            timeout: options.timeout,
        };
        worker.start().map_err(Error::Thread)?;
        Ok(Push { name: options.name, control, counts, _metrics: metrics.clone() })
    }
}

/// The attributes of the resource: what was told, and defaults for what was not.
fn resource(options: &Options, metrics: &AuthMetrics) -> Vec<(String, String)> {
    let defaults = [("service.name", Some(metrics.service_id())), ("service.instance.id", instance_id())];
    let is_told = |name: &str| options.resource.iter().any(|(told, _)| told == name);
    let defaults = defaults.into_iter().filter(|(name, _)| !is_told(name));
    let defaults = defaults.filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    let told = options.resource.iter().filter(|(_, value)| !value.is_empty()).cloned();
    defaults.chain(told).collect()
}

/// Where the jitter begins; without random numbers, with the time.
fn seed() -> u64 {
    let mut bytes = [0; 8];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u64::from_ne_bytes(bytes),
        Err(_) => Clock::new().now().since_1970,
    }
}

impl fmt::Debug for PushBuilder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = &self.options;
        let mut debug = out.debug_struct("PushBuilder");
        debug.field("name", &options.name).field("protocol", &options.protocol);
        debug.field("temporality", &options.temporality).field("names", &options.names);
        debug.field("every", &options.every).field("timeout", &options.timeout);
        debug.field("headers", &options.headers.len()).finish_non_exhaustive()
    }
}
