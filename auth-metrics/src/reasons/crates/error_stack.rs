//! `error_stack::Report`: its current context says the reason, and `reason_chain!` looks through its frames.

macro_rules! version {
    ($name:ident) => {
        /// The reason of the current context, which is what the report is about.
        impl<C: crate::terms::FailureReason + Send + Sync + 'static> crate::terms::FailureReason
            for ::$name::Report<C>
        {
            const REASONS: crate::terms::ReasonSet = C::REASONS;

            fn failure_reason(&self) -> crate::terms::Reason {
                self.current_context().failure_reason()
            }
        }

        impl<C: std::error::Error + Send + Sync + 'static> crate::terms::Frames for ::$name::Report<C> {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                self.current_context().source()
            }
        }
    };
}

#[cfg(feature = "error-stack04")]
version!(error_stack04);
#[cfg(feature = "error-stack05")]
version!(error_stack05);
#[cfg(feature = "error-stack06")]
version!(error_stack06);
#[cfg(feature = "error-stack07")]
version!(error_stack07);
#[cfg(feature = "error-stack08")]
version!(error_stack08);
