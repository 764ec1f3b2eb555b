//! From the model to `impl FailureReason`. Nothing can fail here.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{DeriveInput, Generics, Member, parse_quote};

use super::custom::Custom;
use super::model::{Arm, Decides, Derived, mentions_parameter};
use crate::ready;
use crate::runtime::{Runtime, shown};

/// The implementation.
pub(super) fn expand(input: &DeriveInput, runtime: &Runtime, derived: Derived, arms: &[Arm]) -> TokenStream {
    let (generics, reasons) = (bounded(input, runtime, arms), reasons(runtime, arms));
    let customs = customs(arms);
    let (rows, submits) = (rows(runtime, &customs), submits(runtime, &customs));
    let arms = arms.iter().map(|arm| match_arm(runtime, derived, arm));
    let body = quote!(#rows #submits match *self { #(#arms)* });
    implementation(input, runtime, derived, &generics, &reasons, &body)
}

/// An implementation that compiles whatever the type, to stand beside the mistakes.
pub(super) fn stub(input: &DeriveInput, runtime: &Runtime, derived: Derived) -> TokenStream {
    let unknown = match derived {
        Derived::FailureReason => runtime.public(&quote!(Reason::Unknown)),
        Derived::Verdict => runtime.public(&quote!(Outcome::Success)),
    };
    let empty = runtime.public(&quote!(ReasonSet::EMPTY));
    implementation(input, runtime, derived, &input.generics, &empty, &unknown)
}

fn implementation(
    input: &DeriveInput,
    runtime: &Runtime,
    derived: Derived,
    generics: &Generics,
    reasons: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    let name = &input.ident;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let (derived, method, given) = match derived {
        Derived::FailureReason => (quote!(FailureReason), quote!(failure_reason), quote!(Reason)),
        Derived::Verdict => (quote!(Verdict), quote!(verdict), quote!(Outcome)),
    };
    let [derived, reason_set, given] = [derived, quote!(ReasonSet), given].map(|item| runtime.public(&item));
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics #derived for #name #type_generics #where_clause {
            const REASONS: #reason_set = #reasons;

            fn #method(&self) -> #given {
                #body
            }
        }
    }
}

/// The union of every variant's reasons.
fn reasons(runtime: &Runtime, arms: &[Arm]) -> TokenStream {
    let mut labels: Vec<&Ident> = Vec::new();
    let mut sets: Vec<TokenStream> = Vec::new();
    for arm in arms {
        match &arm.decides {
            Decides::Label(label) => labels.push(label),
            Decides::Custom(_) | Decides::Success => {}
            Decides::With { among: Some(among), .. } => labels.extend(among),
            Decides::With { path, among: None, .. } => {
                let any = || runtime.public(&quote!(ReasonSet::ALL));
                sets.push(ready::list(runtime, path).unwrap_or_else(any));
            }
            Decides::Transparent(_, ty) => {
                let failure_reason = shown(runtime.public(&quote!(FailureReason)), ty.span());
                sets.push(quote!(<#ty as #failure_reason>::REASONS));
            }
        }
    }
    labels.sort();
    labels.dedup();
    let labels = labels.into_iter().map(|label| runtime.public(&quote!(Reason::#label)));
    let customs = customs(arms);
    let rows = rows(runtime, &customs);
    let customs = customs.iter().map(|custom| row_name(custom));
    let of = runtime.public(&quote!(ReasonSet::of));
    let set = quote!(#of(&[#(#labels,)* #(#customs.reason(),)*]) #(.union(#sets))*);
    if rows.is_empty() { set } else { quote!({ #rows #set }) }
}

/// The custom reasons, each label once.
fn customs(arms: &[Arm]) -> Vec<&Custom> {
    let mut customs: Vec<&Custom> = arms.iter().filter_map(Arm::custom).collect();
    customs.sort_by_key(|custom| custom.label.value());
    customs.dedup_by_key(|custom| custom.label.value());
    customs
}

fn row_name(custom: &Custom) -> Ident {
    format_ident!("__AUTH_METRICS_{}", custom.label.value().to_uppercase())
}

/// A constant for each custom reason.
fn rows(runtime: &Runtime, customs: &[&Custom]) -> TokenStream {
    let row = runtime.private(&quote!(Row));
    let constant = |custom: &&Custom| {
        let (name, label) = (row_name(custom), custom.label.value());
        let failed_status = format!("failed_{label}");
        let fault = format_ident!("{}", custom.fault.to_string());
        let fault = runtime.private(&quote!(faults::#fault));
        quote!(const #name: &#row = &#row::custom(#label, #failed_status, #fault);)
    };
    customs.iter().map(constant).collect()
}

/// What the binary knows of them before one is given.
fn submits(runtime: &Runtime, customs: &[&Custom]) -> TokenStream {
    let submit = runtime.private(&quote!(inventory::submit));
    let declared = |custom: &&Custom| {
        let name = row_name(custom);
        quote!(#submit! { #name.declared(::core::file!(), ::core::line!()) })
    };
    customs.iter().map(declared).collect()
}

/// `Self::Variant { 0: field, .. } => reason`: one form for tuples, structs and units.
fn match_arm(runtime: &Runtime, derived: Derived, arm: &Arm) -> TokenStream {
    let variant = arm.variant.iter();
    let this = quote!(Self #(::#variant)*);
    let field = |member: &Member| {
        let binding = format_ident!("__auth_metrics_field");
        (quote!(#this { #member: ref #binding, .. }), binding)
    };
    let given = |reason: TokenStream| match derived {
        Derived::FailureReason => reason,
        Derived::Verdict => {
            let failure = runtime.public(&quote!(Outcome::Failure));
            quote!(#failure({ #reason }))
        }
    };
    match &arm.decides {
        Decides::Label(label) => {
            let reason = given(runtime.public(&quote!(Reason::#label)));
            quote!(#this { .. } => #reason,)
        }
        Decides::Custom(custom) => {
            let row = row_name(custom);
            let reason = given(quote!(#row.reason()));
            quote!(#this { .. } => #reason,)
        }
        Decides::Success => {
            let success = runtime.public(&quote!(Outcome::Success));
            quote!(#this { .. } => #success,)
        }
        Decides::Transparent(member, ty) => {
            let (pattern, binding) = field(member);
            let failure_reason = shown(runtime.public(&quote!(FailureReason)), ty.span());
            let reason = given(quote!(<#ty as #failure_reason>::failure_reason(#binding)));
            quote!(#pattern => #reason,)
        }
        Decides::With { field: member, path, .. } => {
            let (pattern, binding) = field(member);
            let reason = given(ready::call(path, &quote!(#binding)));
            quote!(#pattern => { #reason })
        }
    }
}

/// The type's generics, with `Field: FailureReason` for each transparent field that speaks of a type parameter.
fn bounded(input: &DeriveInput, runtime: &Runtime, arms: &[Arm]) -> Generics {
    let mut generics = input.generics.clone();
    let failure_reason = runtime.public(&quote!(FailureReason));
    for arm in arms {
        if let Decides::Transparent(_, ty) = &arm.decides
            && mentions_parameter(ty, input)
        {
            generics.make_where_clause().predicates.push(parse_quote!(#ty: #failure_reason));
        }
    }
    generics
}
