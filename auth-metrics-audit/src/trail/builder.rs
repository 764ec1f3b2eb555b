//! `AuditBuilder`: the options of a trail.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use auth_metrics::events::Pseudonyms;

use super::audit::{Audit, Inner};
use super::counts::Outlet;
use super::queue::Dropped;
use super::shared::Shared;
use super::worker::Worker;
use crate::error::Error;
use crate::format::{self, Origin};
use crate::memory::Memory;
use crate::policy::Policy;
use crate::record::Own;
use crate::seal::Chain;
use crate::show::{Show, ShowPeer, Showing};
use crate::sink::{Copy, FileSink, Opened, Output, Sink, SinkOptions};

/// The options of an [`Audit`].
#[derive(Default)]
#[must_use = "there is no trail before `build`"]
pub struct AuditBuilder {
    showing: Showing,
    policy: Policy,
    node: Option<String>,
    organization: Option<String>,
    outputs: Vec<Box<dyn Output>>,
}

impl Audit {
    /// Begins a trail: one sink at least.
    pub fn builder() -> AuditBuilder {
        AuditBuilder::default()
    }
}

impl AuditBuilder {
    /// Sets the key of the pseudonyms. Default: that of the handle; if it has none either, what would be a pseudonym is left out.
    pub fn pseudonyms(mut self, pseudonyms: Pseudonyms) -> AuditBuilder {
        self.showing.pseudonyms = Some(pseudonyms);
        self
    }

    /// Sets what is shown of a subject. Default: a pseudonym.
    pub fn subject(mut self, show: Show) -> AuditBuilder {
        self.showing.subject = show;
        self
    }

    /// Sets what is shown of a session. Default: a pseudonym.
    pub fn session(mut self, show: Show) -> AuditBuilder {
        self.showing.session = show;
        self
    }

    /// Sets what is shown of a device. Default: a pseudonym.
    pub fn device(mut self, show: Show) -> AuditBuilder {
        self.showing.device = show;
        self
    }

    /// Sets what is shown of the client's address. Default: its network.
    pub fn peer(mut self, show: ShowPeer) -> AuditBuilder {
        self.showing.peer = show;
        self
    }

    /// With `true`, [`Show::Clear`] shows the subject even where the attempt failed and may name nobody. People type passwords into the
    /// wrong field: then they stand in the trail. Default: `false`.
    pub fn clear_unknown(mut self, clear: bool) -> AuditBuilder {
        self.showing.clear_unknown = clear;
        self
    }

    /// Sets what is put on the record. Default: [`Policy::new`].
    pub fn policy(mut self, policy: Policy) -> AuditBuilder {
        self.policy = policy;
        self
    }

    /// Sets the name of this replica. Default: the name of the host.
    pub fn node(mut self, node: impl Into<String>) -> AuditBuilder {
        self.node = Some(node.into());
        self
    }

    /// Sets the tenant that all lines are of. Default: none.
    pub fn organization(mut self, organization: impl Into<String>) -> AuditBuilder {
        self.organization = Some(organization.into());
        self
    }

    /// Adds a folder of files. Its name as a sink is `file`.
    pub fn file(mut self, file: FileSink) -> AuditBuilder {
        self.outputs.push(Box::new(file));
        self
    }

    /// Adds a sink of yours, or a [`LogSink`](crate::LogSink), with the default options.
    pub fn sink(self, sink: impl Sink) -> AuditBuilder {
        self.sink_with(sink, SinkOptions::new())
    }

    /// Adds a sink with options.
    pub fn sink_with(mut self, sink: impl Sink, options: SinkOptions) -> AuditBuilder {
        self.outputs.push(Box::new(Copy::new(sink, options)));
        self
    }

    /// Opens every sink, and starts a thread for each, named `audit-` and the name of the sink.
    ///
    /// # Errors
    ///
    /// There is no sink, or one can't be opened: [`Error`] says which and why. No thread runs then.
    pub fn build(self) -> Result<Audit, Error> {
        let mut outputs = self.outputs;
        check_names(&outputs)?;
        let origin = Origin {
            node: self.node.unwrap_or_else(host_name),
            boot: random_id()?,
            organization: self.organization,
        };
        let opened = outputs.iter_mut().map(|output| output.open()).collect::<Result<Vec<_>, _>>()?;
        let outlets =
            outputs.iter().map(|output| Outlet::new(output.name(), output.confirms(), output.capacity()));
        let shared = Arc::new(Shared::new(outlets.collect(), origin));
        let memory = Mutex::new(Memory::new(outputs.len()));
        let inner = Inner { shared: Arc::clone(&shared), memory, policy: self.policy, showing: self.showing };
        for (index, (output, opened)) in outputs.into_iter().zip(opened).enumerate() {
            let started = worker(output, opened, &shared, index).and_then(start);
            if let Err(error) = started {
                // Nobody waits for threads that never ran; those that run end with `inner`.
                shared.outlets[index..].iter().for_each(|outlet| drop(outlet.queue.end(true)));
                return Err(error);
            }
        }
        Ok(Audit { inner: Arc::new(inner) })
    }
}

/// A worker that writes first that the process has started.
fn worker(
    mut output: Box<dyn Output>,
    opened: Opened,
    shared: &Arc<Shared>,
    index: usize,
) -> Result<Worker, Error> {
    let outlet = &shared.outlets[index];
    let id = opened.chain.map_or_else(random_id, Ok)?;
    let seal = output.take_seal();
    let sealed = seal.is_ratchet();
    let chain = Chain::new(id, seal, opened.tail);
    outlet.begin(chain.id(), opened.tail);
    let boot = Own::Boot { version: env!("CARGO_PKG_VERSION"), clean: opened.clean, sealed };
    let mut pending = VecDeque::from([boot]);
    if let Some(notice) = opened.notice {
        notice.trouble.into_iter().for_each(|kind| outlet.trouble(kind));
        pending.push_back(notice.record);
    }
    outlet.set_alive(true);
    let now = Instant::now();
    Ok(Worker {
        output,
        chain,
        shared: Arc::clone(shared),
        index,
        pending,
        line: Vec::with_capacity(format::MOST),
        missed: Dropped::default(),
        watched: now,
        is_blind: false,
        checkpointed: (now, 0),
        is_whole: true,
    })
}

fn start(worker: Worker) -> Result<(), Error> {
    let name = format!("audit-{}", worker.name());
    thread::Builder::new().name(name).spawn(move || worker.run()).map_err(Error::Thread)?;
    Ok(())
}

fn check_names(outputs: &[Box<dyn Output>]) -> Result<(), Error> {
    if outputs.is_empty() {
        return Err(Error::NoSink);
    }
    for (index, output) in outputs.iter().enumerate() {
        let name = output.name();
        let is_first = outputs.iter().take(index).all(|other| other.name() != name);
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if !is_first || !begins || name.len() > 64 || !name.bytes().all(is_word) {
            return Err(Error::SinkName(name));
        }
    }
    Ok(())
}

fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// 16 random hexadecimal digits.
fn random_id() -> Result<String, Error> {
    let number = getrandom::u64().map_err(|error| Error::NoRandomness(error.into()))?;
    Ok(format!("{number:016x}"))
}
