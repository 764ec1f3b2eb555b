//! A function that can be metered: what the expansion needs, and nothing that could still be wrong.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Expr, ExprPath, LitStr, PathSegment, Result, ReturnType, Type};

use super::args::{self, Args, Argument};
use super::around::Around;
use super::docs::{self, Docs};
use super::function::{self, Function};
use super::judge::{Judge, Returned};
use super::reading;
use super::types::{bare, bound_named, last_segment, output_of, type_arguments};
use crate::diag::Diag;
use crate::name;
use crate::runtime::Runtime;

/// How the body runs; each is a function of the runtime.
pub(super) enum Run {
    /// An `async fn`.
    Future,
    /// A plain function.
    Call,
    /// A plain function that returns `impl Future`.
    Deferred,
    /// A plain function that returns a boxed future, or hides it in its type.
    Boxed,
}

const AMONG_ALONE: &str = "`among(..)` lists the reasons that a function of yours can give, and no argument names one: drop it, or add `reason = path`, `verdict = path` or `classify = path`";

/// The one that is an address and no text.
pub(super) const PEER: &str = "peer";

pub(super) struct Model {
    pub(super) runtime: Runtime,
    pub(super) op: LitStr,
    /// The variant of `OperationKind`.
    pub(super) kind: Option<Ident>,
    pub(super) metrics: Option<Expr>,
    pub(super) service: Option<Expr>,
    pub(super) source: Option<Expr>,
    /// Whether what fails inside decides how an attempt ended.
    pub(super) nested: bool,
    /// Who the attempt is about, each by the method of `About` that takes it.
    pub(super) about: Vec<(&'static str, Expr)>,
    /// A function of the user's that reads the rest from the returned value.
    pub(super) context: Option<ExprPath>,
    pub(super) function: Function,
    pub(super) run: Run,
    pub(super) returned: Returned,
    pub(super) judge: Judge,
    /// What the functions of the user's can give, if that is said.
    pub(super) among: Vec<Ident>,
    /// The block that has the function, where the attribute stands on that.
    pub(super) around: Option<Around>,
    /// What is added to the documentation.
    pub(super) docs: Option<Docs>,
}

/// Arguments and item as one model.
///
/// # Errors
///
/// Every mistake in both.
pub(super) fn read(arguments: TokenStream, item: &TokenStream) -> Result<Model> {
    let mut diag = Diag::default();
    let args = args::read(arguments, &mut diag);
    let function = diag.keep(function::read(item));
    let model = function.and_then(|function| model(args, function, &mut diag));
    diag.finish(model)
}

fn model(mut args: Args, function: Function, diag: &mut Diag) -> Option<Model> {
    function.check(diag);
    let name = &function.signature.ident;
    if args.op.is_none() {
        let meant = name::corrected_op(&name.to_string()).unwrap_or_else(|| "login".to_owned());
        diag.span(Span::call_site(), format!("the operation needs a name: `op = {meant:?}`"));
    }
    let (run, returned) = run(&function, args.future.as_ref(), args.around.as_ref(), diag)?;
    let judge = match stream(&returned) {
        None => reading::read(&returned, &args, name, diag),
        Some(stream) => {
            diag.at(stream, "a stream has no single outcome: annotate the function that makes it, or what handles each item");
            Judge::Any
        }
    };
    // A function that has no use here has a message of its own.
    let is_alone = judge.functions().is_empty() && !args.names_function();
    if let Some(among) = args.among.as_ref().filter(|among| is_alone && !among.shared) {
        diag.span(among.span, AMONG_ALONE);
    }
    let about = about(&mut args);
    let (op, kind) = (value(args.op)?, value(args.kind));
    let docs = docs::is_wanted(value(args.docs), &function).then(|| docs::read(&op, kind.as_ref(), diag));
    Some(Model {
        runtime: Runtime::new(value(args.runtime).as_ref()),
        op,
        kind,
        metrics: value(args.metrics),
        service: value(args.service),
        source: value(args.source),
        nested: args.nested.is_some(),
        about,
        context: value(args.context),
        function,
        run,
        returned,
        judge,
        among: value(args.among).unwrap_or_default(),
        around: args.around,
        docs: docs.flatten(),
    })
}

/// How the body runs, and what the attempt gives in the end; nothing where `future` speaks of no future.
fn run(
    function: &Function,
    future: Option<&Argument<()>>,
    around: Option<&Around>,
    diag: &mut Diag,
) -> Option<(Run, Returned)> {
    let signature = &function.signature;
    let ReturnType::Type(_, ty) = &signature.output else {
        if let (Some(argument), None) = (future.filter(|future| !future.shared), signature.asyncness) {
            diag.span(
                argument.span,
                "`future` says that the function returns a future, but it returns nothing: drop `future`",
            );
            return None;
        }
        let run = if signature.asyncness.is_some() { Run::Future } else { Run::Call };
        return Some((run, Returned::Nothing));
    };
    let shown = if signature.asyncness.is_some() { Some((Run::Future, Some(&**ty))) } else { future_in(ty) };
    match (shown, future) {
        (Some((run, output)), argument) => {
            if let Some(argument) = argument.filter(|argument| !argument.shared) {
                diag.span(
                    argument.span,
                    "`future` is not needed, since the function shows that it returns a future: drop it",
                );
            }
            let returned =
                output.map_or_else(|| Returned::Hidden((**ty).clone()), |ty| Returned::Type(ty.clone()));
            Some((run, returned))
        }
        (None, Some(argument)) if is_plain(ty) && !argument.shared => {
            diag.span(
                argument.span,
                "`future` says that the function returns a future, but its return type is not one: drop `future`",
            );
            None
        }
        (None, Some(_)) if !is_plain(ty) => Some((Run::Boxed, Returned::Hidden((**ty).clone()))),
        (None, None) if around.and_then(|around| around.resolved(ty)).is_some_and(is_future) => {
            Some((Run::Boxed, Returned::Hidden((**ty).clone())))
        }
        (None, _) => Some((Run::Call, Returned::Type((**ty).clone()))),
    }
}

/// How a plain function that returns `ty` runs if that is a future as written, and what the future gives.
pub(super) fn future_in(ty: &Type) -> Option<(Run, Option<&Type>)> {
    if let Type::ImplTrait(hidden) = bare(ty) {
        return Some((Run::Deferred, output_of(bound_named(&hidden.bounds, "Future")?)));
    }
    let segment = last_segment(ty)?;
    let argument = *type_arguments(segment).last()?;
    if segment.ident == "BoxFuture" || segment.ident == "LocalBoxFuture" {
        return Some((Run::Boxed, Some(argument)));
    }
    Some((Run::Boxed, output_of(boxed_bound(ty, "Future")?)))
}

/// What a future that is ready gives: `Ready<T>`, of `std` or of the crates that had one before.
pub(super) fn ready_output(ty: &Type) -> Option<&Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == "Ready")?;
    match *type_arguments(segment) {
        [output] => Some(output),
        _ => None,
    }
}

/// Whether the type that the block gives to `Self::Future` is a future as written.
fn is_future(ty: &Type) -> bool {
    ready_output(ty).is_some() || future_in(ty).is_some()
}

/// Whether the type, as it is written, is a value that the judges read and so no future.
fn is_plain(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| ["Result", "Option", "bool"].iter().any(|plain| last.ident == plain))
}

/// A stream as written, where the function gives one.
fn stream(returned: &Returned) -> Option<&Type> {
    let Returned::Type(ty) = returned else { return None };
    let is_named = |segment: &PathSegment| segment.ident == "BoxStream" || segment.ident == "LocalBoxStream";
    let is_stream = match bare(ty) {
        Type::ImplTrait(hidden) => bound_named(&hidden.bounds, "Stream").is_some(),
        ty => boxed_bound(ty, "Stream").is_some() || last_segment(ty).is_some_and(is_named),
    };
    is_stream.then_some(ty)
}

/// The bound `name` of `Pin<Box<dyn name ..>>`.
fn boxed_bound<'a>(ty: &'a Type, name: &str) -> Option<&'a PathSegment> {
    let pin = last_segment(ty).filter(|segment| segment.ident == "Pin")?;
    let boxed = last_segment(type_arguments(pin).first()?).filter(|segment| segment.ident == "Box")?;
    match bare(type_arguments(boxed).first()?) {
        Type::TraitObject(object) => bound_named(&object.bounds, name),
        Type::ImplTrait(hidden) => bound_named(&hidden.bounds, name),
        _ => None,
    }
}

/// What is said of who the attempt is about, in the order in which it is evaluated.
fn about(args: &mut Args) -> Vec<(&'static str, Expr)> {
    let said = [
        ("subject", &mut args.subject),
        (PEER, &mut args.peer),
        ("session", &mut args.session),
        ("device", &mut args.device),
        ("resource", &mut args.resource),
    ];
    said.into_iter().filter_map(|(name, said)| Some((name, value(said.take())?))).collect()
}

fn value<T>(argument: Option<Argument<T>>) -> Option<T> {
    argument.and_then(|argument| argument.value)
}
