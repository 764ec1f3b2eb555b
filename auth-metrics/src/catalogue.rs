//! Every operation that is annotated in the binary, with the reasons it can give, collected at link time.
//! Knows nothing of handles.

use std::sync::OnceLock;

use crate::taxonomy::{Kind, Positions, ReasonSet, label};

/// One annotated function, as its expansion describes it.
#[derive(Debug)]
pub(crate) struct Annotated {
    op: &'static str,
    kind: Kind,
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
        kind: Kind,
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

    pub(crate) fn kind(&self) -> Kind {
        self.kind
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
pub(crate) struct Operation {
    pub(crate) op: &'static str,
    /// The kind of the function that comes first by file and line.
    pub(crate) kind: Kind,
    /// Whether another function says another kind.
    pub(crate) kinds_differ: bool,
    /// Whether any function takes its service from the call.
    pub(crate) dynamic_service: bool,
    /// What its functions are known to give.
    pub(crate) reasons: Positions,
}

/// Every operation of the binary, by name.
pub(crate) fn operations() -> &'static [Operation] {
    static OPERATIONS: OnceLock<Vec<Operation>> = OnceLock::new();
    OPERATIONS.get_or_init(collect)
}

fn collect() -> Vec<Operation> {
    let mut functions: Vec<&Annotated> = inventory::iter::<Listing>().map(|listing| listing.0).collect();
    functions.sort_by_key(|function| (function.op, function.file, function.line, function.module));
    let mut operations: Vec<Operation> = Vec::new();
    for function in functions {
        let reasons = function.reasons.as_ref().map_or(Positions::NONE, ReasonSet::positions);
        match operations.last_mut().filter(|operation| operation.op == function.op) {
            Some(operation) => {
                operation.reasons = operation.reasons.union(reasons);
                operation.dynamic_service |= function.dynamic_service;
                operation.kinds_differ |= operation.kind != function.kind;
            }
            None => operations.push(Operation {
                op: function.op,
                kind: function.kind,
                kinds_differ: false,
                dynamic_service: function.dynamic_service,
                reasons,
            }),
        }
    }
    operations
}
