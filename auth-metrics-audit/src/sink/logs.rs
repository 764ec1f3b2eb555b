//! `LogSink`: copies of the trail for the log pipeline that a program already has.

use std::fmt;
use std::io;

use super::{Line, Sink};

type Write = Box<dyn FnMut(&Line<'_>) -> io::Result<()> + Send>;

/// A copy of the trail for a log pipeline. It can't confirm that a line arrived, so its lines are counted as `handed_over`: the truth is
/// the [`FileSink`](crate::FileSink). A pipeline that hangs delays nobody.
pub struct LogSink {
    name: &'static str,
    write: Write,
}

impl LogSink {
    fn new(name: &'static str, write: impl FnMut(&Line<'_>) -> io::Result<()> + Send + 'static) -> LogSink {
        LogSink { name, write: Box::new(write) }
    }

    /// Makes each line the message of a `tracing` event with the target `auth_metrics_audit`: at the level `WARN` if it is
    /// [notable](Line::is_notable), else `INFO`.
    #[cfg(feature = "tracing01")]
    pub fn tracing() -> LogSink {
        LogSink::new("tracing", |line| {
            if line.is_notable() {
                tracing::warn!(target: "auth_metrics_audit", "{}", line.text());
            } else {
                tracing::info!(target: "auth_metrics_audit", "{}", line.text());
            }
            Ok(())
        })
    }

    /// Makes each line the body of a log record named `auth.audit`, with the trace of its attempt.
    ///
    /// `OpenTelemetry` does not say whether a log record arrives.
    #[cfg(feature = "opentelemetry033")]
    pub fn opentelemetry<L>(logger: L) -> LogSink
    where
        L: opentelemetry033::logs::Logger + Send + 'static,
    {
        use opentelemetry033::logs::{AnyValue, LogRecord as _, Severity};
        use opentelemetry033::{SpanId, TraceFlags, TraceId};

        LogSink::new("opentelemetry", move |line| {
            let mut record = logger.create_log_record();
            let (number, text) =
                if line.is_notable() { (Severity::Warn, "WARN") } else { (Severity::Info, "INFO") };
            record.set_event_name("auth.audit");
            record.set_target("auth_metrics_audit");
            record.set_timestamp(line.at());
            record.set_severity_number(number);
            record.set_severity_text(text);
            record.set_body(AnyValue::from(line.text().to_owned()));
            if let Some(trace) = line.trace() {
                let flags = if trace.is_sampled() { TraceFlags::SAMPLED } else { TraceFlags::default() };
                let (trace_id, span_id) =
                    (TraceId::from_bytes(trace.trace_id()), SpanId::from_bytes(trace.span_id()));
                record.set_trace_context(trace_id, span_id, Some(flags));
            }
            logger.emit(record);
            Ok(())
        })
    }

    /// Sends each line as a message of RFC 5424: with the severity `WARNING` if it is [notable](Line::is_notable), else `INFORMATIONAL`.
    /// `connect` makes the sender, at the first line and again after an error; the line that met the error is lost for this sink and
    /// counted as `dropped_failed`.
    ///
    /// ```no_run
    /// use auth_metrics_audit::{Audit, FileSink, LogSink};
    ///
    /// # fn main() -> Result<(), auth_metrics_audit::Error> {
    /// let audit = Audit::builder()
    ///     .file(FileSink::new("audit"))
    ///     .sink(LogSink::syslog(fasyslog::sender::unix_well_known))
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "fasyslog1")]
    pub fn syslog<C>(mut connect: C) -> LogSink
    where
        C: FnMut() -> io::Result<fasyslog::sender::SyslogSender> + Send + 'static,
    {
        use fasyslog::Severity;

        let mut connected = None;
        LogSink::new("syslog", move |line| {
            let mut sender = connected.take().map_or_else(&mut connect, Ok)?;
            let severity = if line.is_notable() { Severity::WARNING } else { Severity::INFORMATIONAL };
            sender.send_rfc5424(severity, Some("auth-metrics-audit"), Vec::new(), line.text())?;
            sender.flush()?;
            connected = Some(sender);
            Ok(())
        })
    }
}

impl Sink for LogSink {
    fn name(&self) -> &'static str {
        self.name
    }

    fn write(&mut self, line: &Line<'_>) -> io::Result<()> {
        (self.write)(line)
    }
}

impl fmt::Debug for LogSink {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("LogSink").field("name", &self.name).finish_non_exhaustive()
    }
}
