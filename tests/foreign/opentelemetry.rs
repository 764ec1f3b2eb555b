//! The trace that OpenTelemetry has as the current one.

macro_rules! reads_the_current_span {
    ($($version:ident)*) => {$(
        mod $version {
            use ::$version::Context;
            use ::$version::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};

            use auth_metrics::events::{TraceContext, trace};

            fn within(trace_id: u128, flags: TraceFlags) -> Option<TraceContext> {
                let (trace_id, span_id) = (TraceId::from(trace_id), SpanId::from(7_u64));
                let span = SpanContext::new(trace_id, span_id, flags, false, TraceState::default());
                let _attached = Context::new().with_remote_span_context(span).attach();
                trace::$version()
            }

            #[test]
            fn the_current_span_is_read() {
                let expected = |sampled| TraceContext::new(5_u128.to_be_bytes(), 7_u64.to_be_bytes(), sampled);
                assert_eq!(within(5, TraceFlags::SAMPLED), expected(true));
                assert_eq!(within(5, TraceFlags::default()), expected(false));
            }

            #[test]
            fn no_span_and_an_invalid_one_are_no_trace() {
                assert_eq!((trace::$version(), within(0, TraceFlags::SAMPLED)), (None, None));
            }
        }
    )*};
}

reads_the_current_span!(opentelemetry031 opentelemetry032 opentelemetry033);
