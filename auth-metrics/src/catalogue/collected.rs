//! What the linker collects: every annotated function of the binary, and the operations that they make.

use std::sync::OnceLock;

use super::{Annotated, Function};
use crate::terms::{OperationKind, Positions};

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
    functions.sort_by_key(|function| (function.op(), function.file(), function.line(), function.module()));
    let mut operations: Vec<AnnotatedOperation> = Vec::new();
    for function in functions {
        let reasons = function.reasons().map_or(Positions::NONE, |reasons| reasons.positions());
        match operations.last_mut().filter(|operation| operation.op == function.op()) {
            Some(operation) => {
                operation.reasons = operation.reasons.union(reasons);
                operation.unknown_reasons |= function.reasons().is_none();
                operation.dynamic_service |= function.dynamic_service();
                operation.kinds_differ |= operation.kind != function.kind();
                operation.functions.push(Function::of(function));
            }
            None => operations.push(AnnotatedOperation {
                op: function.op(),
                kind: function.kind(),
                kinds_differ: false,
                dynamic_service: function.dynamic_service(),
                reasons,
                unknown_reasons: function.reasons().is_none(),
                functions: vec![Function::of(function)],
            }),
        }
    }
    operations
}

impl Annotated {
    /// Where its operation stands in the catalogue; none for a function that was loaded after the catalogue was made.
    #[inline]
    pub(crate) fn position(&self) -> Option<usize> {
        *self
            .position
            .get_or_init(|| operations().binary_search_by_key(&self.op(), |operation| operation.op).ok())
    }
}
