//! What can go wrong inside the core.

/// A value of the label `kind` of `auth_metrics_internal_errors_total`.
#[derive(Clone, Copy)]
pub(crate) enum InternalError {
    /// A function that reads an error or a returned value panicked; the attempt is counted as `unknown`.
    ReasonPanicked,
    /// One operation has different kinds. Of two annotated functions, the first by file and line decides. A kind that is known
    /// stays when another one is declared.
    KindsDiffer,
    /// The default handle could not be registered in the default registry.
    #[cfg_attr(not(feature = "prometheus"), expect(dead_code, reason = "there is no registry"))]
    DefaultRegistry,
    /// A value that is not a number was not recorded.
    InvalidValue,
    /// A service was deregistered more often than registered.
    UnmatchedDeregistration,
    /// A custom reason is beyond the limit and is counted as `unknown`.
    ReasonLeftOut,
    /// Two places give one custom reason different faults. The first by file and line decides.
    FaultsDiffer,
    /// A group could not be attached, panicked, or returned a sample that no scrape can have.
    GroupFailed,
}

impl InternalError {
    pub(crate) const KINDS: &'static [&'static str] = &[
        "reason_panicked",
        "kinds_differ",
        "default_registry",
        "invalid_value",
        "unmatched_deregistration",
        "reason_left_out",
        "faults_differ",
        "group_failed",
    ];
}
