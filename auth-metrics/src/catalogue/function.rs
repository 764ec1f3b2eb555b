//! `Function`: one annotated function, as a reader of the catalogue sees it.

use std::fmt;

use super::Annotated;
use crate::terms::{OperationKind, ReasonSet};

/// One annotated function. Printed, it is its place: `src/login.rs:12`.
#[derive(Clone, Copy)]
pub struct Function {
    annotated: &'static Annotated,
}

impl Function {
    pub(super) fn of(annotated: &'static Annotated) -> Function {
        Function { annotated }
    }

    /// The kind that its attribute says.
    pub fn kind(&self) -> OperationKind {
        self.annotated.kind()
    }

    /// The path of its module.
    pub fn module(&self) -> &'static str {
        self.annotated.module()
    }

    /// Its source file, as the compiler was given it.
    pub fn file(&self) -> &'static str {
        self.annotated.file()
    }

    /// The line of its attribute.
    pub fn line(&self) -> u32 {
        self.annotated.line()
    }

    /// Whether the call names the service: `service = …`.
    pub fn takes_service(&self) -> bool {
        self.annotated.dynamic_service()
    }

    /// The reasons that its return type can give; none if they are
    /// [unknown](crate::catalogue::Operation::has_unknown_reasons).
    pub fn reasons(&self) -> Option<ReasonSet> {
        self.annotated.reasons()
    }
}

impl fmt::Display for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.file(), self.line())
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Function")
            .field("module", &self.module())
            .field("file", &self.file())
            .field("line", &self.line())
            .field("kind", &self.kind())
            .field("takes_service", &self.takes_service())
            .field("reasons", &self.reasons())
            .finish()
    }
}
