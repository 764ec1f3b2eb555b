//! How a return type is read as an outcome, by its spelling alone: nothing about aliases is guessed.

use proc_macro2::Span;
use quote::quote;
use syn::{ExprPath, Ident, Type, TypeTraitObject, parse_quote};

use super::args::{Args, Argument, Verdict};
use super::judge::{Judge, Reader, Returned};
use super::types::{bare, bound_named, last_segment, name_span, type_arguments};
use crate::diag::Diag;

/// What `false_is`, `none_is`, `ok_is`, `verdict` and `reason` gave, and whether the type had a use for them.
struct Words<'a> {
    false_is: Word<'a, Verdict>,
    none_is: Word<'a, Verdict>,
    reason: Word<'a, ExprPath>,
    ok_is: Word<'a, Verdict>,
    verdict: Word<'a, Option<ExprPath>>,
}

struct Word<'a, T> {
    argument: Option<&'a Argument<T>>,
    used: bool,
}

impl<'a, T> Word<'a, T> {
    fn new(argument: Option<&'a Argument<T>>) -> Self {
        Self { argument, used: false }
    }

    fn refuse_unused(&self, message: &str, diag: &mut Diag) {
        if let Some(argument) = self.argument.filter(|argument| !self.used && !argument.shared) {
            diag.span(argument.span, message);
        }
    }
}

impl Word<'_, Verdict> {
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
}

const BOOL: &str = "a `false` can be a failure or a plain answer: say which with `false_is = invalid_credentials` (or another reason), or with `false_is = success`";
const OPTION: &str = "a `None` can be a failure or a plain answer: say which with `none_is = unknown_subject` (or another reason), or with `none_is = success`";
const CLASSIFY: &str = "does not say whether the attempt succeeded: return a `Result<T, E>` whose error derives `FailureReason`, or read the value with `classify = path`, where `path` is a `fn(&Ret) -> Outcome`";

/// Why nothing else that reads the value stands beside `classify`.
pub(super) const CLASSIFY_ALONE: &str =
    "`classify` reads the whole value: drop this argument, or drop `classify`";

/// Names that are never an alias of `Result`.
const NEVER_RESULTS: [&str; 3] = [
    "Arc BTreeMap BTreeSet Box Cell Cow Duration HashMap HashSet Instant Mutex OsString PathBuf Poll Rc",
    "RefCell RwLock String SystemTime Vec VecDeque char f32 f64 i128 i16 i32 i64 i8 isize str u128 u16",
    "u32 u64 u8 usize IpAddr",
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
    let reason = Word::new(args.reason.as_ref());
    // A method's own `ok_is` wins over a `verdict` of its block.
    let verdict = args
        .verdict
        .as_ref()
        .filter(|verdict| !verdict.shared || args.ok_is.as_ref().is_none_or(|ok| ok.shared));
    let (ok_is, verdict) = (Word::new(args.ok_is.as_ref()), Word::new(verdict));
    let words = [&args.false_is, &args.none_is, &args.ok_is];
    let has_own_words = words.into_iter().flatten().any(|argument| !argument.shared)
        || args.reason.as_ref().is_some_and(|reason| !reason.shared)
        || args.verdict.as_ref().is_some_and(|verdict| !verdict.shared);
    if let Some(argument) = args.classify.as_ref().filter(|classify| !(classify.shared && has_own_words)) {
        false_is.refuse_unused(CLASSIFY_ALONE, diag);
        none_is.refuse_unused(CLASSIFY_ALONE, diag);
        reason.refuse_unused(CLASSIFY_ALONE, diag);
        ok_is.refuse_unused(CLASSIFY_ALONE, diag);
        verdict.refuse_unused(CLASSIFY_ALONE, diag);
        return argument.value.clone().map_or(Judge::Any, Judge::Classified);
    }
    let mut words = Words { false_is, none_is, reason, ok_is, verdict };
    if let (Some(verdict), Some(ok_is)) = (words.verdict.argument, words.ok_is.argument)
        && verdict.shared == ok_is.shared
    {
        words.ok_is.used = true;
        diag.span(ok_is.span, "`verdict` reads the value that `ok_is` speaks of: keep one");
    }
    let judge = match returned {
        Returned::Type(ty) => words.whole(ty, diag),
        Returned::Hidden(ty) => {
            let reader = words.reader().map(|path| Reader {
                path,
                result: parse_quote!(<#ty as ::core::future::Future>::Output),
                span: name_span(ty),
            });
            let ok = words.ok_of_alias();
            tried(reader, name_span(ty), ok)
        }
        Returned::Nothing => {
            diag.at(name, format!("a function that returns nothing {CLASSIFY}"));
            return Judge::Any;
        }
    };
    words
        .false_is
        .refuse_unused("the return type, as written, has no `bool` for `false_is`: drop it, or write out the alias that hides the `bool`", diag);
    words
        .none_is
        .refuse_unused("the return type, as written, has no `Option` for `none_is`: drop it, or write out the alias that hides the `Option`", diag);
    words
        .reason
        .refuse_unused("the return type, as written, has no `Result` for `reason`: drop it, or write out the alias that hides the `Result`", diag);
    words.ok_is.refuse_unused(
        "the return type, as written, has no `Ok` for `ok_is`: drop it, or say what a value means with `false_is` or `none_is`",
        diag,
    );
    words
        .verdict
        .refuse_unused("the return type, as written, holds no value for `verdict`: drop it, or read the whole value with `classify = path`", diag);
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
            (self.false_is.used, self.none_is.used, self.reason.used) = (true, true, true);
            (self.ok_is.used, self.verdict.used) = (true, true);
            diag.at(ty, format!("this return type {CLASSIFY}"));
            return Judge::Any;
        }
        if let (Some(Argument { value: Some(None), .. }), None) =
            (self.verdict.argument, self.reason.argument)
        {
            self.verdict.used = true;
            return Judge::Stated(name_span(ty));
        }
        let reader = self.reader_of(ty);
        let arguments = segment.map(type_arguments).unwrap_or_default();
        let ok = match arguments.as_slice() {
            [ok] => self.part(ok, diag),
            _ => self.ok_of_alias(),
        };
        tried(reader, name_span(ty), ok)
    }

    /// The function that `reason` gives to the outermost `Result`, and to no other.
    fn reader(&mut self) -> Option<ExprPath> {
        let argument = self.reason.argument?;
        if std::mem::replace(&mut self.reason.used, true) { None } else { argument.value.clone() }
    }

    fn reader_of(&mut self, result: &Type) -> Option<Reader> {
        Some(Reader { path: self.reader()?, result: result.clone(), span: name_span(result) })
    }

    /// The judge of what an `Ok` or `Some` holds, where what is unknown is a success unless an argument speaks of it.
    fn part(&mut self, ty: &Type, diag: &mut Diag) -> Judge {
        if let Some(judge) = self.known(ty, diag) {
            return judge;
        }
        let Some(verdict) = self.verdict.argument else { return self.ok_of_alias() };
        self.verdict.used = true;
        match &verdict.value {
            Some(Some(path)) => Judge::Looked(path.clone(), Box::new(ty.clone())),
            Some(None) => Judge::Stated(name_span(ty)),
            None => Judge::Any,
        }
    }

    /// The judge of an `Ok` that an alias hides.
    fn ok_of_alias(&mut self) -> Judge {
        let Some(ok_is) = self.ok_is.argument else { return Judge::Any };
        self.ok_is.used = true;
        match &ok_is.value {
            Some(Verdict::Failure(reason)) => Judge::Always(reason.clone()),
            Some(Verdict::Success) | None => Judge::Any,
        }
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
            ("Result", arguments) => {
                let is_read = self.reason.argument.is_some() && !self.reason.used;
                let reader = self.reader_of(ty);
                let span = match arguments {
                    [_, error] => {
                        if let Some(any) = any_error(error).filter(|_| !is_read) {
                            diag.at(error, any_error_message(any));
                        }
                        name_span(error)
                    }
                    _ => name_span(ty),
                };
                let ok = match arguments {
                    [ok] | [ok, _] => self.part(ok, diag),
                    _ => self.ok_of_alias(),
                };
                Some(tried(reader, span, ok))
            }
            _ => None,
        }
    }
}

/// The judge of a `Result`, whose error says its reason where nothing reads it.
fn tried(reader: Option<Reader>, span: Span, ok: Judge) -> Judge {
    match reader {
        Some(reader) => Judge::Read(Box::new(reader), Box::new(ok)),
        None => Judge::Tried(span, Box::new(ok)),
    }
}

/// The `dyn Error` of a `Box<dyn Error>`, or of another pointer to one.
fn any_error(ty: &Type) -> Option<&TypeTraitObject> {
    match bare(type_arguments(last_segment(ty)?).first()?) {
        Type::TraitObject(object) if bound_named(&object.bounds, "Error").is_some() => Some(object),
        _ => None,
    }
}

/// What to write for an error that can be any: the whole function. Clippy warns of a function that takes a `&Box<..>`.
fn any_error_message(any: &TypeTraitObject) -> String {
    let any = quote!(#any).to_string().replace(" :: ", "::");
    format!(
        "this can be any error, so it has no reason: return an enum that derives `FailureReason`, or add `reason = path` and list the errors to look for:
fn path(error: &impl AsRef<{any}>) -> auth_metrics::Reason {{
    auth_metrics::reason_chain!(error.as_ref(); LoginError, std::io::Error => auth_metrics::reasons::io)
}}"
    )
}

/// Whether no alias can make this type a `Result`.
fn never_a_result(ty: &Type) -> bool {
    match bare(ty) {
        Type::Path(path) => {
            let last = path.path.segments.last();
            path.qself.is_none()
                && last.is_some_and(|last| {
                    NEVER_RESULTS.iter().flat_map(|line| line.split(' ')).any(|name| last.ident == name)
                })
        }
        Type::Infer(_) | Type::Macro(_) | Type::Verbatim(_) => false,
        _ => true,
    }
}
