//! `Function`: one annotated function in the catalogue.

use std::fmt;

use super::Annotated;
use crate::terms::{OperationKind, ReasonSet};

/// One annotated function.
///
/// Its `Display` shows its place: `src/login.rs:12`.
#[derive(Clone, Copy)]
pub struct Function {
    annotated: &'static Annotated,
}

impl Function {
    pub(super) fn of(annotated: &'static Annotated) -> Function {
        Function { annotated }
    }

    /// Returns the kind in its attribute.
    pub fn kind(&self) -> OperationKind {
        self.annotated.kind()
    }

    /// Returns the path of its module.
    pub fn module(&self) -> &'static str {
        self.annotated.module()
    }

    /// Returns its source file, with the path that the compiler was given.
    pub fn file(&self) -> &'static str {
        self.annotated.file()
    }

    /// Returns the line of its attribute.
    pub fn line(&self) -> u32 {
        self.annotated.line()
    }

    /// Returns whether the call names the service, with `service = …`.
    pub fn takes_service(&self) -> bool {
        self.annotated.dynamic_service()
    }

    /// Returns the reasons that its return type can give, or `None` if they are
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
