//! How a return type is read as an outcome, by its spelling alone: nothing about aliases is guessed.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{ExprPath, Ident, Type};

use super::args::{Args, Argument, Verdict};
use super::types::{bare, bound_named, last_segment, name_span, type_arguments};
use crate::diag::Diag;

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
    /// A `bool`; none is a success too.
    Flag(Option<Ident>),
    /// An `Option`, and what reads the value in it.
    Maybe(Option<Ident>, Box<Judge>),
    /// A function of the user's.
    Classified(ExprPath),
}

/// The words that `false_is` and `none_is` gave, and whether the type had a use for them.
struct Words<'a> {
    false_is: Word<'a>,
    none_is: Word<'a>,
}

struct Word<'a> {
    argument: Option<&'a Argument<Verdict>>,
    used: bool,
}

impl<'a> Word<'a> {
    fn new(argument: Option<&'a Argument<Verdict>>) -> Self {
        Self { argument, used: false }
    }

    /// The reason that a `false` or `None` of this type stands for; a mistake where nothing says so.
    fn speak(&mut self, ty: &Type, message: &str, diag: &mut Diag) -> Option<Ident> {
        self.used = true;
        let Some(argument) = self.argument else {
            diag.at(ty, message);
            return None;
        };
        match &argument.value {
            Some(Verdict::Failure(reason)) => Some(reason.clone()),
            Some(Verdict::Success) | None => None,
        }
    }

    fn refuse_unused(&self, message: &str, diag: &mut Diag) {
        if let Some(argument) = self.argument.filter(|argument| !self.used && !argument.shared) {
            diag.span(argument.span, message);
        }
    }
}

const BOOL: &str = "a `false` is a failure to some functions and a plain answer to others: say which with `false_is = invalid_credentials` (or another reason), or with `false_is = success`";
const OPTION: &str = "a `None` is a failure to some functions and a plain answer to others: say which with `none_is = unknown_subject` (or another reason), or with `none_is = success`";
const CLASSIFY: &str = "does not say whether the attempt succeeded: return a `Result<T, E>` whose error derives `FailureReason`, or read the value with `classify = path`, where `path` is a `fn(&Ret) -> Outcome`";

const ANY_ERROR: &str = "this can be any error, so it has no reason: return an enum that derives `FailureReason`, or add `classify = path` and say which errors to look for:
fn path<T>(result: &Result<T, TheError>) -> auth_metrics::Outcome {
    auth_metrics::Outcome::from_result(result, |error| auth_metrics::reason_chain!(error; LoginError, std::io::Error => auth_metrics::reasons::io))
}";

/// Names that are never an alias of `Result`.
const NEVER_RESULTS: [&str; 38] = [
    "Arc",
    "BTreeMap",
    "BTreeSet",
    "Box",
    "Cell",
    "Cow",
    "Duration",
    "HashMap",
    "HashSet",
    "Instant",
    "Mutex",
    "OsString",
    "PathBuf",
    "Poll",
    "Rc",
    "RefCell",
    "RwLock",
    "String",
    "SystemTime",
    "Vec",
    "VecDeque",
    "char",
    "f32",
    "f64",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "str",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
    "IpAddr",
];

/// The judge of what an attempt gives.
pub(super) fn read(returned: &Returned, args: &Args, name: &Ident, diag: &mut Diag) -> Judge {
    if let Returned::Type(ty) = returned
        && let Type::Never(never) = bare(ty)
    {
        diag.at(
            never,
            "a function that never returns has no outcome: annotate what it calls for each attempt",
        );
        return Judge::Any;
    }
    let (false_is, none_is) = (Word::new(args.false_is.as_ref()), Word::new(args.none_is.as_ref()));
    let words = [&args.false_is, &args.none_is];
    let has_own_words = words.into_iter().flatten().any(|argument| !argument.shared);
    if let Some(argument) = args.classify.as_ref().filter(|classify| !(classify.shared && has_own_words)) {
        let excess = "`classify` reads the whole value: drop this argument, or drop `classify`";
        false_is.refuse_unused(excess, diag);
        none_is.refuse_unused(excess, diag);
        return argument.value.clone().map_or(Judge::Any, Judge::Classified);
    }
    let mut words = Words { false_is, none_is };
    let judge = match returned {
        Returned::Type(ty) => words.whole(ty, diag),
        Returned::Hidden(ty) => Judge::Tried(name_span(ty), Box::new(Judge::Any)),
        Returned::Nothing => {
            diag.at(name, format!("a function that returns nothing {CLASSIFY}"));
            return Judge::Any;
        }
    };
    words
        .false_is
        .refuse_unused("the return type, as it is written, has no `bool` for `false_is` to speak of", diag);
    words
        .none_is
        .refuse_unused("the return type, as it is written, has no `Option` for `none_is` to speak of", diag);
    judge
}

impl Words<'_> {
    /// The judge of the whole return type, where what is unknown is taken for an alias of `Result`.
    fn whole(&mut self, ty: &Type, diag: &mut Diag) -> Judge {
        if let Some(judge) = self.known(ty, diag) {
            return judge;
        }
        let segment = last_segment(ty);
        if never_a_result(ty) {
            // What the argument speaks of may be inside; one mistake is enough.
            (self.false_is.used, self.none_is.used) = (true, true);
            diag.at(ty, format!("this return type {CLASSIFY}"));
            return Judge::Any;
        }
        let arguments = segment.map(type_arguments).unwrap_or_default();
        let ok = match arguments.as_slice() {
            [ok] => self.part(ok, diag),
            _ => Judge::Any,
        };
        Judge::Tried(name_span(ty), Box::new(ok))
    }

    /// The judge of what an `Ok` or `Some` holds, where what is unknown is a success.
    fn part(&mut self, ty: &Type, diag: &mut Diag) -> Judge {
        self.known(ty, diag).unwrap_or(Judge::Any)
    }

    fn known(&mut self, ty: &Type, diag: &mut Diag) -> Option<Judge> {
        let segment = last_segment(ty)?;
        let arguments = type_arguments(segment);
        match (segment.ident.to_string().as_str(), arguments.as_slice()) {
            ("bool", []) => Some(Judge::Flag(self.false_is.speak(ty, BOOL, diag))),
            ("Option", [some]) => {
                let none = self.none_is.speak(ty, OPTION, diag);
                Some(Judge::Maybe(none, Box::new(self.part(some, diag))))
            }
            ("Result", [ok, error]) => {
                if is_any_error(error) {
                    diag.at(error, ANY_ERROR);
                }
                Some(Judge::Tried(name_span(error), Box::new(self.part(ok, diag))))
            }
            ("Result", [ok]) => Some(Judge::Tried(name_span(ty), Box::new(self.part(ok, diag)))),
            ("Result", _) => Some(Judge::Tried(name_span(ty), Box::new(Judge::Any))),
            _ => None,
        }
    }
}

/// Whether a type is `Box<dyn Error>`, or another pointer to one.
fn is_any_error(ty: &Type) -> bool {
    let inner = last_segment(ty).map(type_arguments).unwrap_or_default();
    inner.first().is_some_and(|inner| match bare(inner) {
        Type::TraitObject(object) => bound_named(&object.bounds, "Error").is_some(),
        _ => false,
    })
}

/// Whether no alias can make this type a `Result`.
fn never_a_result(ty: &Type) -> bool {
    match bare(ty) {
        Type::Path(path) => {
            let last = path.path.segments.last();
            path.qself.is_none()
                && last.is_some_and(|last| NEVER_RESULTS.iter().any(|name| last.ident == name))
        }
        Type::Infer(_) | Type::Macro(_) | Type::Verbatim(_) => false,
        _ => true,
    }
}

impl Judge {
    /// Where the compiler shows that this judge does not fit.
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Any | Self::Flag(_) => Span::call_site(),
            Self::Tried(span, _) => *span,
            Self::Maybe(_, some) => some.span(),
            Self::Classified(path) => path.span(),
        }
    }

    /// The reasons that `false_is` and `none_is` add to those of the error types.
    pub(super) fn spoken(&self) -> Vec<&Ident> {
        match self {
            Self::Any | Self::Classified(_) => Vec::new(),
            Self::Tried(_, ok) => ok.spoken(),
            Self::Flag(reason) => reason.iter().collect(),
            Self::Maybe(reason, some) => reason.iter().chain(some.spoken()).collect(),
        }
    }
}
