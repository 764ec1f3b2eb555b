//! The arguments of `#[auth_metered]`: each with its value and its span, none of them checked against the function.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, ExprPath, LitBool, LitStr, Path, Result, Token, parenthesized, token};

use super::about::about;
use super::around::{self, Around};
use super::known;
use crate::diag::Diag;
use crate::label;
use crate::name;
use crate::runtime::Runtime;

/// Stands before the arguments that a block shares with its methods.
pub(super) const SHARED: &str = "__auth_metrics_shared";
const KINDS: [&str; 7] =
    ["authentication", "token", "authorization", "session", "registration", "credential_change", "enrolment"];

/// What `false_is` or `none_is` makes of a value.
pub(super) enum Verdict {
    Success,
    /// The variant of `Reason`.
    Failure(Ident),
}

/// One argument: its name's span, and its value unless that was a mistake.
pub(super) struct Argument<T> {
    pub(super) span: Span,
    /// Whether it was given to the whole block, and holds for the methods that have a use for it.
    pub(super) shared: bool,
    pub(super) value: Option<T>,
}

type Slot<T> = Option<Argument<T>>;

/// Every argument that was given.
#[derive(Default)]
pub(super) struct Args {
    /// The name of each, known or not, right or wrong.
    pub(super) names: Vec<String>,
    /// What the block around says of itself.
    pub(super) around: Option<Around>,
    /// Whether those that come now were given to the whole block.
    pub(super) sharing: bool,
    pub(super) op: Slot<LitStr>,
    /// The variant of `OperationKind`.
    pub(super) kind: Slot<Ident>,
    pub(super) service: Slot<Expr>,
    pub(super) metrics: Slot<Expr>,
    pub(super) source: Slot<Expr>,
    pub(super) subject: Slot<Expr>,
    pub(super) peer: Slot<Expr>,
    pub(super) session: Slot<Expr>,
    pub(super) device: Slot<Expr>,
    pub(super) resource: Slot<Expr>,
    pub(super) context: Slot<ExprPath>,
    pub(super) classify: Slot<ExprPath>,
    pub(super) reason: Slot<ExprPath>,
    pub(super) future: Slot<()>,
    pub(super) runtime: Slot<Path>,
    pub(super) false_is: Slot<Verdict>,
    pub(super) none_is: Slot<Verdict>,
    /// That what fails inside decides.
    pub(super) nested: Slot<()>,
    pub(super) ok_is: Slot<Verdict>,
    /// The function that reads the value, if its type does not.
    pub(super) verdict: Slot<Option<ExprPath>>,
    /// What the functions of the other arguments can give.
    pub(super) among: Slot<Vec<Ident>>,
    pub(super) docs: Slot<bool>,
}

impl Args {
    /// Whether an argument names a function of the user's, be there a use for it or not.
    pub(super) fn names_function(&self) -> bool {
        let verdict =
            self.verdict.as_ref().is_some_and(|verdict| verdict.value.as_ref().is_some_and(Option::is_some));
        verdict || self.reason.is_some() || self.classify.is_some()
    }
}

/// Reads what stands between the parentheses; what can't be read is noted and left out.
pub(super) fn read(arguments: TokenStream, diag: &mut Diag) -> Args {
    let mut args = Args::default();
    let all = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(error) = read_one(input, &mut args, diag) {
                diag.push(error);
                skip_to_comma(input)?;
            }
            if !input.is_empty() && !input.peek(Token![,]) {
                diag.span(input.span(), "expected `,` before the next argument");
                skip_to_comma(input)?;
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    let read = all.parse2(arguments);
    diag.keep(read);
    args
}

fn read_one(input: ParseStream<'_>, args: &mut Args, diag: &mut Diag) -> Result<()> {
    if input.peek(LitStr) {
        let op: LitStr = input.parse()?;
        args.op = Some(Argument { span: op.span(), shared: false, value: None });
        return Err(Error::new(op.span(), format!("name the argument: `op = {:?}`", op.value())));
    }
    let name = Ident::parse_any(input)?;
    if name == SHARED {
        args.sharing = true;
        return Ok(());
    }
    if name == around::MARK {
        args.around = Some(Around::parse(input)?);
        return Ok(());
    }
    args.names.push(name.to_string());
    let sharing = args.sharing;
    match name.to_string().as_str() {
        "op" => value(&mut args.op, &name, input, diag, sharing, op),
        "kind" => value(&mut args.kind, &name, input, diag, sharing, kind),
        "service" => value(&mut args.service, &name, input, diag, sharing, Expr::parse),
        "metrics" => value(&mut args.metrics, &name, input, diag, sharing, Expr::parse),
        "source" => value(&mut args.source, &name, input, diag, sharing, Expr::parse),
        "subject" => value(&mut args.subject, &name, input, diag, sharing, |input| about(input, &name)),
        "peer" => value(&mut args.peer, &name, input, diag, sharing, |input| about(input, &name)),
        "session" => value(&mut args.session, &name, input, diag, sharing, |input| about(input, &name)),
        "device" => value(&mut args.device, &name, input, diag, sharing, |input| about(input, &name)),
        "resource" => value(&mut args.resource, &name, input, diag, sharing, |input| about(input, &name)),
        "context" => value(&mut args.context, &name, input, diag, sharing, |input| path(input, CONTEXT)),
        "classify" => value(&mut args.classify, &name, input, diag, sharing, |input| path(input, CLASSIFY)),
        "reason" => value(&mut args.reason, &name, input, diag, sharing, |input| path(input, REASON)),
        "crate" => value(&mut args.runtime, &name, input, diag, sharing, Runtime::read_path),
        "false_is" => value(&mut args.false_is, &name, input, diag, sharing, verdict),
        "none_is" => value(&mut args.none_is, &name, input, diag, sharing, verdict),
        "nested" => value(&mut args.nested, &name, input, diag, sharing, nested),
        "ok_is" => value(&mut args.ok_is, &name, input, diag, sharing, verdict),
        "verdict" if input.peek(Token![=]) => {
            value(&mut args.verdict, &name, input, diag, sharing, |input| path(input, VERDICT).map(Some))
        }
        "verdict" => {
            put(&mut args.verdict, &name, Some(None), sharing, diag);
            Ok(())
        }
        "among" => {
            let labels = among(input, &name, diag)?;
            put(&mut args.among, &name, Some(labels), sharing, diag);
            Ok(())
        }
        "docs" => value(&mut args.docs, &name, input, diag, sharing, docs),
        "future" if input.peek(Token![=]) => {
            Err(Error::new(name.span(), "`future` takes no value: write it alone"))
        }
        "future" => {
            put(&mut args.future, &name, Some(()), sharing, diag);
            Ok(())
        }
        unknown => {
            let near = known::near(unknown);
            if near == ["op"] {
                // It is not missing either.
                args.op.get_or_insert(Argument { span: name.span(), shared: false, value: None });
            }
            let message = format!("unknown argument `{unknown}`{}", name::did_you_mean(&near, &known::all()));
            Err(Error::new(name.span(), message))
        }
    }
}

/// Reads `= VALUE` into its slot. The slot is filled even when the value is wrong: the argument is not missing.
fn value<T>(
    slot: &mut Slot<T>,
    name: &Ident,
    input: ParseStream<'_>,
    diag: &mut Diag,
    sharing: bool,
    read: impl FnOnce(ParseStream<'_>) -> Result<T>,
) -> Result<()> {
    let is_assigned = input.parse::<Option<Token![=]>>()?.is_some();
    let read = if is_assigned && !input.is_empty() && !input.peek(Token![,]) {
        read(input)
    } else {
        let shown = known::shown(name);
        Err(Error::new(name.span(), format!("`{name}` takes a value: `{shown}`")))
    };
    let (value, error) = match read {
        Ok(value) => (Some(value), Ok(())),
        Err(error) => (None, Err(error)),
    };
    put(slot, name, value, sharing, diag);
    error
}

fn put<T>(slot: &mut Slot<T>, name: &Ident, value: Option<T>, shared: bool, diag: &mut Diag) {
    if slot.is_some() {
        diag.span(name.span(), format!("`{name}` is given twice"));
    }
    *slot = Some(Argument { span: name.span(), shared, value });
}

fn op(input: ParseStream<'_>) -> Result<LitStr> {
    let op: LitStr = input.parse().map_err(|error| {
        Error::new(error.span(), "an operation's name is a string literal, such as `op = \"login\"`: the series must be known at compile time")
    })?;
    let text = op.value();
    if name::is_op(&text) {
        return Ok(op);
    }
    if text == name::OVERFLOW_OP {
        return Err(Error::new(
            op.span(),
            "`other` is reserved for operations beyond the limit: name what this one does, such as `op = \"login\"`",
        ));
    }
    let offer = name::corrected_op(&text).map_or_else(
        || ", such as `op = \"login\"`".to_owned(),
        |corrected| format!(": write `{corrected:?}`"),
    );
    let rule = "an operation's name is lowercase letters, digits and `_`, begins with a letter and has at most 64 bytes";
    Err(Error::new(op.span(), format!("{rule}{offer}")))
}

fn kind(input: ParseStream<'_>) -> Result<Ident> {
    let wrong = |span, near: &[&str]| {
        let meant = name::did_you_mean(near, "");
        let kinds = name::alternatives(&KINDS);
        Error::new(span, format!("a kind is {kinds}, without quotes{meant}"))
    };
    let kind = Ident::parse_any(input).map_err(|error| wrong(error.span(), &[]))?;
    let text = kind.to_string();
    if KINDS.contains(&text.as_str()) {
        Ok(Ident::new(&name::upper_camel(&text), Span::call_site()))
    } else {
        Err(wrong(kind.span(), &name::nearest(&text, KINDS.into_iter())))
    }
}

const CLASSIFY: &str =
    "`classify` takes the path of a function: `fn(&Ret) -> Outcome`, where Ret is what the function returns";
const REASON: &str = "`reason` takes the path of a function: `fn(&E) -> Reason`, where E is the error that the function returns";

const VERDICT: &str = "`verdict` takes the path of a function: `fn(&T) -> Outcome`, where T is what an `Ok` or `Some` holds; or no value, if T implements `Verdict`";

const CONTEXT: &str =
    "`context` takes the path of a function: `fn(&Ret, &mut About)`, where Ret is what the function returns";

/// The path of a function, or what the argument takes.
fn path(input: ParseStream<'_>, takes: &str) -> Result<ExprPath> {
    path_of(input.parse()?, takes)
}

/// The path that an expression is; a `$path:path` of a `macro_rules!` arrives in an invisible group.
fn path_of(expr: Expr, takes: &str) -> Result<ExprPath> {
    match expr {
        Expr::Path(path) => Ok(path),
        Expr::Group(group) => path_of(*group.expr, takes),
        other => Err(Error::new_spanned(other, takes)),
    }
}

fn verdict(input: ParseStream<'_>) -> Result<Verdict> {
    let label = Ident::parse_any(input).map_err(|error| {
        Error::new(
            error.span(),
            "expected a reason's label without quotes, such as `invalid_credentials`, or `success`",
        )
    })?;
    if label == "success" { Ok(Verdict::Success) } else { label::read(&label, input).map(Verdict::Failure) }
}

fn nested(input: ParseStream<'_>) -> Result<()> {
    let wrong = |span| {
        Error::new(
            span,
            "`nested` takes `decides`: write `nested = decides` if a failure inside of this function counts as its own, even if it returns \
             something better",
        )
    };
    let decides = Ident::parse_any(input).map_err(|error| wrong(error.span()))?;
    if decides == "decides" { Ok(()) } else { Err(wrong(decides.span())) }
}

/// `(timeout, overloaded)`.
fn among(input: ParseStream<'_>, name: &Ident, diag: &mut Diag) -> Result<Vec<Ident>> {
    let mistake = || {
        Error::new(
            name.span(),
            "`among(..)` lists the reasons that your function can give: `reason = path, among(timeout, overloaded)`",
        )
    };
    if !input.peek(token::Paren) {
        return Err(mistake());
    }
    let labels;
    parenthesized!(labels in input);
    let labels = Punctuated::<Ident, Token![,]>::parse_terminated_with(&labels, Ident::parse_any)?;
    if labels.is_empty() {
        return Err(mistake());
    }
    Ok(labels.iter().filter_map(|word| diag.keep(label::variant(word))).collect())
}

fn docs(input: ParseStream<'_>) -> Result<bool> {
    let docs: Result<LitBool> = input.parse();
    let wrong = |error: Error| {
        Error::new(
            error.span(),
            "`docs` is `true` or `false`: write `docs = false` to add no queries to the documentation",
        )
    };
    docs.map(|docs| docs.value).map_err(wrong)
}

/// Passes over the rest of a broken argument.
fn skip_to_comma(input: ParseStream<'_>) -> Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
