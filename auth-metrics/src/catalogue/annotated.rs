//! What the linker collects: every annotated function of the binary, and the operations that they make.

use std::sync::OnceLock;

use super::Function;
use crate::terms::{OperationKind, Positions, ReasonSet, label};

/// One annotated function, as its expansion describes it.
#[derive(Debug)]
pub(crate) struct Annotated {
    op: &'static str,
    kind: OperationKind,
    dynamic_service: bool,
    reasons: Option<ReasonSet>,
    module: &'static str,
    file: &'static str,
    line: u32,
    position: OnceLock<Option<usize>>,
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

    /// Where its operation stands in the catalogue; none for a function that was loaded after the catalogue was made.
    #[inline]
    pub(crate) fn position(&self) -> Option<usize> {
        *self
            .position
            .get_or_init(|| operations().binary_search_by_key(&self.op, |operation| operation.op).ok())
    }
}

/// What the linker collects.
#[derive(Debug)]
pub struct Listing(pub(crate) &'static Annotated);

inventory::collect!(Listing);

/// One operation: all annotated functions that share a name.
#[derive(Debug)]
pub(crate) struct AnnotatedOperation {
    pub(crate) op: &'static str,
    /// The kind of the function that comes first by file and line.
    pub(crate) kind: OperationKind,
    /// Whether another function says another kind.
    pub(crate) kinds_differ: bool,
    /// Whether any function takes its service from the call.
    pub(crate) dynamic_service: bool,
    /// What its functions are known to give.
    pub(crate) reasons: Positions,
    /// Whether any function's reasons are unknown.
    pub(crate) unknown_reasons: bool,
    /// By file and line.
    pub(crate) functions: Vec<Function>,
}

/// Every operation of the binary, by name.
pub(crate) fn operations() -> &'static [AnnotatedOperation] {
    static OPERATIONS: OnceLock<Vec<AnnotatedOperation>> = OnceLock::new();
    OPERATIONS.get_or_init(collect)
}

fn collect() -> Vec<AnnotatedOperation> {
    let mut functions: Vec<&'static Annotated> =
        inventory::iter::<Listing>().map(|listing| listing.0).collect();
    functions.sort_by_key(|function| (function.op, function.file, function.line, function.module));
    let mut operations: Vec<AnnotatedOperation> = Vec::new();
    for function in functions {
        let reasons = function.reasons.as_ref().map_or(Positions::NONE, ReasonSet::positions);
        match operations.last_mut().filter(|operation| operation.op == function.op) {
            Some(operation) => {
                operation.reasons = operation.reasons.union(reasons);
                operation.unknown_reasons |= function.reasons.is_none();
                operation.dynamic_service |= function.dynamic_service;
                operation.kinds_differ |= operation.kind != function.kind;
                operation.functions.push(Function::of(function));
            }
            None => operations.push(AnnotatedOperation {
                op: function.op,
                kind: function.kind,
                kinds_differ: false,
                dynamic_service: function.dynamic_service,
                reasons,
                unknown_reasons: function.reasons.is_none(),
                functions: vec![Function::of(function)],
            }),
        }
    }
    operations
}
