//! The judge of a metered function as a value.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{ExprPath, Type};

use super::edge::in_body;
use super::judge::{Judge, Reader, Returned};
use super::model::Model;
use crate::name;
use crate::ready;
use crate::runtime::{Runtime, called, parenthesized, shown};

/// The judge as a value, shown at `span`: what reads the outcome, and around it what reads who the attempt is about.
pub(super) fn judge_value(model: &Model, span: Span) -> TokenStream {
    let judge = outcome_judge(model, &model.judge, span);
    let Some(context) = &model.context else { return judge };
    let (noted, reader) = (model.runtime.private(&quote!(Noted)), context_reader(model, context));
    called(noted, quote!(#reader, #judge), span)
}

fn outcome_judge(model: &Model, judge: &Judge, span: Span) -> TokenStream {
    let runtime = &model.runtime;
    match judge {
        Judge::Any => shown(runtime.private(&quote!(Any)), span),
        Judge::Tried(_, ok) => called(runtime.private(&quote!(Tried)), outcome_judge(model, ok, span), span),
        Judge::Read(reader, ok) => {
            let (reason, ok) = (read_error(runtime, reader), outcome_judge(model, ok, span));
            called(runtime.private(&quote!(ReadBy)), quote!(#reason, #ok), span)
        }
        Judge::Flag(reason) => {
            called(runtime.private(&quote!(Flag)), outcome(runtime, reason.as_ref()), span)
        }
        Judge::Maybe(reason, some) => {
            let (maybe, none) = (runtime.private(&quote!(Maybe)), outcome(runtime, reason.as_ref()));
            let some = outcome_judge(model, some, span);
            shown(quote!(#maybe { none: #none, some: #some }), span)
        }
        Judge::Classified(path) => {
            called(runtime.private(&quote!(Classified)), classifier(model, path, span), span)
        }
        Judge::Always(reason) => {
            called(runtime.private(&quote!(Always)), outcome(runtime, Some(reason)), span)
        }
        Judge::Stated(span) => shown(runtime.private(&quote!(Stated)), *span),
        Judge::Looked(path, ty) => {
            let span = path.span();
            called(runtime.private(&quote!(Classified)), reads(model, path, &in_body(ty), span), span)
        }
    }
}

/// The user's function, called with a value of the return type where that is written: a function that takes or gives
/// something else is then one mistake at its path.
fn classifier(model: &Model, path: &ExprPath, span: Span) -> TokenStream {
    let returned = match &model.returned {
        Returned::Hidden(_) => return quote!(#path),
        Returned::Nothing => quote!(()),
        Returned::Type(ty) => in_body(ty),
    };
    reads(model, path, &returned, span)
}

/// A closure that calls the user's function with a value of this type.
fn reads(model: &Model, path: &ExprPath, ty: &TokenStream, span: Span) -> TokenStream {
    let outcome = shown(model.runtime.public(&quote!(Outcome)), span);
    let value = shown(quote!(__auth_metrics_returned), span);
    let call = ready::call(path, &value);
    // Whatever a reference to the user's type looks like, it is not his.
    quote!(#[allow(clippy::ref_option_ref)] |#value: &#ty| -> #outcome { #call })
}

/// The user's function that says who the attempt is about, in the same way.
fn context_reader(model: &Model, path: &ExprPath) -> TokenStream {
    let has = |ty: &Type, word: &str| name::any_word(quote!(#ty), &|found| found == word);
    let returned = match &model.returned {
        Returned::Hidden(ty) if has(ty, "impl") => return quote!(#path),
        Returned::Hidden(ty) => quote!(<#ty as ::core::future::Future>::Output),
        Returned::Nothing => quote!(()),
        Returned::Type(ty) => in_body(ty),
    };
    let span = path.span();
    let value = |name: TokenStream| shown(name, span);
    let (value, about) = (value(quote!(__auth_metrics_returned)), value(quote!(__auth_metrics_about)));
    let (taken, nothing) = (shown(model.runtime.private(&quote!(About)), span), shown(quote!(()), span));
    let arguments = parenthesized(quote!(#value, #about), span);
    quote!(#[allow(clippy::ref_option_ref)] |#value: &#returned, #about: &mut #taken| -> #nothing { #path #arguments })
}

/// The user's function, called with the error of the `Result` where that can be written, for the same reason.
fn read_error(runtime: &Runtime, reader: &Reader) -> TokenStream {
    let (path, result, span) = (&reader.path, &reader.result, reader.path.span());
    let (error, reason) = (shown(quote!(__auth_metrics_error), span), runtime.public(&quote!(Reason)));
    let (call, reason) = (ready::call(path, &error), shown(reason, span));
    let has = |word: &str| name::any_word(quote!(#result), &|found| found == word);
    let ty = if has("impl") {
        quote!(_)
    } else {
        let attempted = runtime.private(&quote!(Attempted));
        let error = quote!(<#result as #attempted>::Error);
        // Shown exactly where the judge is, so that a type which is no `Result` is one mistake. `$crate` is what it is by
        // its place.
        if has("$crate") { error } else { shown(error, reader.span) }
    };
    quote!(|#error: &#ty| -> #reason { #call })
}

fn outcome(runtime: &Runtime, reason: Option<&Ident>) -> TokenStream {
    let Some(reason) = reason else { return runtime.public(&quote!(Outcome::Success)) };
    let (failure, reason) =
        (runtime.public(&quote!(Outcome::Failure)), runtime.public(&quote!(Reason::#reason)));
    quote!(#failure(#reason))
}
