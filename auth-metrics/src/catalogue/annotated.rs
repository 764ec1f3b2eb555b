//! Every annotated function of the binary, as the linker collects them, and the operations that they form.

use std::sync::OnceLock;

use crate::terms::{OperationKind, ReasonSet, label};

/// One annotated function, as the macro describes it.
#[derive(Debug)]
pub(crate) struct Annotated {
    op: &'static str,
    kind: OperationKind,
    dynamic_service: bool,
    reasons: Option<ReasonSet>,
    module: &'static str,
    file: &'static str,
    line: u32,
    /// Where its operation stands in the catalogue, once that was asked for.
    pub(super) position: OnceLock<Option<usize>>,
}

impl Annotated {
    pub(crate) const fn new(
        op: &'static str,
        kind: OperationKind,
        dynamic_service: bool,
        reasons: Option<ReasonSet>,
        module: &'static str,
        file: &'static str,
        line: u32,
    ) -> Annotated {
        assert!(
            label::is_operation(op),
            "an operation is named [a-z][a-z0-9_]*, at most 64 bytes, and not `other`"
        );
        Annotated { op, kind, dynamic_service, reasons, module, file, line, position: OnceLock::new() }
    }

    pub(crate) fn op(&self) -> &'static str {
        self.op
    }

    pub(crate) fn kind(&self) -> OperationKind {
        self.kind
    }

    pub(crate) fn dynamic_service(&self) -> bool {
        self.dynamic_service
    }

    pub(super) fn reasons(&self) -> Option<ReasonSet> {
        self.reasons
    }

    pub(super) fn module(&self) -> &'static str {
        self.module
    }

    pub(super) fn file(&self) -> &'static str {
        self.file
    }

    pub(super) fn line(&self) -> u32 {
        self.line
    }
}
