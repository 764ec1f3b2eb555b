//! The closed sets of label values that no other part of the crate has.

/// A set of label values, in the order of a scrape.
macro_rules! labels {
    ($(#[$of:meta])* $name:ident { $($(#[$meta:meta])* $value:ident = $label:literal,)* }) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name {
            $($(#[$meta])* $value,)*
        }

        impl $name {
            pub(crate) const LABELS: [&'static str; [$($label),*].len()] = [$($label),*];
        }
    };
}

labels! {
    /// What is counted without repeats, and what has a table of evidence; the label `what`.
    What {
        Subjects = "subjects",
        Sources = "sources",
        Nets = "nets",
    }
}

labels! {
    /// How far back distinct ones are counted; the label `window`.
    Window {
        FiveMinutes = "5m",
        Hour = "1h",
        Day = "24h",
    }
}

labels! {
    /// What can go wrong inside of the engine; the label `kind` of `auth_detect_errors_total`.
    InternalError {
        /// A snapshot of another version or key, or a damaged one, was not restored.
        StateRejected = "state_rejected",
        /// The time of day jumped beside the steady clock.
        ClockJumped = "clock_jumped",
        /// A callback for detections panicked.
        CallbackPanicked = "callback_panicked",
        /// The engine panicked.
        EnginePanicked = "engine_panicked",
        /// Redis could not be reached; detection goes on with what this replica knows.
        #[cfg_attr(not(feature = "redis"), expect(dead_code, reason = "nothing is shared"))]
        RedisUnavailable = "redis_unavailable",
        /// Redis refused a command, or gave an answer that can't be right.
        #[cfg_attr(not(feature = "redis"), expect(dead_code, reason = "nothing is shared"))]
        RedisRefused = "redis_refused",
        /// Something that replicas share was lost: Redis was away too long, or didn't say whether it took it.
        #[cfg_attr(not(feature = "redis"), expect(dead_code, reason = "nothing is shared"))]
        RedisLost = "redis_lost",
        /// Nearly all attempts come from one address, or from the loopback interface. No source is convicted.
        PeerLooksLikeProxy = "peer_looks_like_proxy",
    }
}
