//! What reads a returned value, once the return type was understood.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{ExprPath, Ident, Type};

/// What the attempt gives in the end: what the function returns, or what its future does.
pub(super) enum Returned {
    Nothing,
    Type(Type),
    /// A future that this type hides.
    Hidden(Type),
}

/// What reads the returned value; each is a type of the runtime.
pub(super) enum Judge {
    /// Any value is a success.
    Any,
    /// A `Result`, or what should be one. It is shown where the reason must come from.
    Tried(Span, Box<Judge>),
    /// A `Result`, or what should be one, whose error a function of the user's reads.
    Read(Box<Reader>, Box<Judge>),
    /// A `bool`; none is a success too.
    Flag(Option<Ident>),
    /// An `Option`, and what reads the value in it.
    Maybe(Option<Ident>, Box<Judge>),
    /// A function of the user's.
    Classified(ExprPath),
    /// Every `Ok` is this.
    Always(Ident),
    /// The value says it itself. It is shown at its type.
    Stated(Span),
    /// A function of the user's reads a value of this type.
    Looked(ExprPath, Box<Type>),
}

/// A function of the user's that reads the error of a `Result`.
pub(super) struct Reader {
    pub(super) path: ExprPath,
    /// That type, as it is written.
    pub(super) result: Type,
    /// Where the compiler shows that it is none.
    pub(super) span: Span,
}

impl Judge {
    /// Where the compiler shows that this judge does not fit.
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Any | Self::Flag(_) | Self::Always(_) => Span::call_site(),
            // What is read has no more to show than an error in its `Ok` that is not.
            Self::Read(_, ok) if ok.has_own_errors() => ok.span(),
            Self::Read(reader, _) => reader.span,
            Self::Tried(_, ok) if matches!(**ok, Self::Stated(_)) => ok.span(),
            Self::Maybe(_, some) => some.span(),
            Self::Classified(path) | Self::Looked(path, _) => path.span(),
            Self::Tried(span, _) | Self::Stated(span) => *span,
        }
    }

    /// The functions of the user's that give reasons.
    pub(super) fn functions(&self) -> Vec<&ExprPath> {
        match self {
            Self::Read(reader, ok) => std::iter::once(&reader.path).chain(ok.functions()).collect(),
            Self::Tried(_, inner) | Self::Maybe(_, inner) => inner.functions(),
            Self::Classified(path) | Self::Looked(path, _) => vec![path],
            Self::Any | Self::Flag(_) | Self::Always(_) | Self::Stated(_) => Vec::new(),
        }
    }

    /// Whether there is an error, or a value, that says its own reason.
    pub(super) fn has_own_errors(&self) -> bool {
        match self {
            Self::Tried(..) | Self::Stated(_) => true,
            Self::Read(_, inner) | Self::Maybe(_, inner) => inner.has_own_errors(),
            Self::Any | Self::Flag(_) | Self::Classified(_) | Self::Always(_) | Self::Looked(..) => false,
        }
    }

    /// Whether no type says anything of the value.
    pub(super) fn is_blind(&self) -> bool {
        matches!(self, Self::Any | Self::Always(_) | Self::Looked(..))
    }

    /// The reasons that `false_is`, `none_is` and `ok_is` add to those of the error types.
    pub(super) fn spoken(&self) -> Vec<&Ident> {
        match self {
            Self::Any | Self::Classified(_) | Self::Stated(_) | Self::Looked(..) => Vec::new(),
            Self::Always(reason) => vec![reason],
            Self::Tried(_, ok) | Self::Read(_, ok) => ok.spoken(),
            Self::Flag(reason) => reason.iter().collect(),
            Self::Maybe(reason, some) => reason.iter().chain(some.spoken()).collect(),
        }
    }
}
