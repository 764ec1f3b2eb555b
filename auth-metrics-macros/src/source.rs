//! `#[derive(Source)]`: an enum becomes a closed set of labels. After a mistake an implementation still stands.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::ParseStream;
use syn::{Attribute, Data, DeriveInput, Error, LitStr, Meta, Path, Result, Token, Variant};

use crate::diag::Diag;
use crate::name;
use crate::runtime::Runtime;

/// How many sources a service tells apart.
const MOST: usize = 24;

/// The implementation, or every mistake and one with the labels that are right.
pub(crate) fn source(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut diag = Diag::default();
    let runtime = Runtime::new(path(&input.attrs, &mut diag).as_ref());
    let labels = if let Data::Enum(data) = &input.data {
        labels(data.variants.iter(), &mut diag)
    } else {
        diag.at(
            &input.ident,
            "only an enum can be a `Source`, since each variant is one label: derive it on an enum",
        );
        Vec::new()
    };
    let errors = diag.finish(Some(())).err().map(Error::into_compile_error);
    let implementation = implementation(&input, &runtime, &labels);
    quote!(#errors #implementation)
}

/// Where the runtime is, if the type says so.
fn path(attributes: &[Attribute], diag: &mut Diag) -> Option<Path> {
    let mut path = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("source")) {
        let read = |input: ParseStream<'_>| {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            Runtime::read_path(input)
        };
        let read = attribute.parse_args_with(read).map_err(|error| {
            Error::new(
                error.span(),
                "on the type, `source` takes the path of auth-metrics: `#[source(crate = path)]`",
            )
        });
        path = diag.keep(read).or(path);
    }
    path
}

/// Each variant with its label.
fn labels<'a>(variants: impl Iterator<Item = &'a Variant>, diag: &mut Diag) -> Vec<(&'a Ident, String)> {
    let mut all: Vec<(&Ident, String)> = Vec::new();
    for variant in variants {
        let Some(label) = diag.keep(label(variant)) else { continue };
        if let Some((first, _)) = all.iter().find(|(_, known)| *known == label.value()) {
            let message =
                format!("`{}` is the label of `{first}` already: give each variant its own", label.value());
            diag.span(label.span(), message);
        }
        if all.len() == MOST {
            diag.span(
                label.span(),
                format!(
                    "a service tells at most {MOST} sources apart, and this is one more: merge some variants"
                ),
            );
        }
        all.push((&variant.ident, label.value()));
    }
    all
}

fn label(variant: &Variant) -> Result<LitStr> {
    let mut said = variant.attrs.iter().filter(|attribute| attribute.path().is_ident("source"));
    let label = match said.next() {
        None => LitStr::new(&name::snake_case(&variant.ident.to_string()), variant.ident.span()),
        Some(attribute) => read(attribute)?,
    };
    if let Some(second) = said.next() {
        return Err(Error::new_spanned(second, "the label is given twice"));
    }
    if name::is_label(&label.value()) {
        return Ok(label);
    }
    let offer = name::corrected(&label.value()).unwrap_or_else(|| "kiosk".to_owned());
    let rule = "a source's label is lowercase letters, digits and `_`, begins with a letter and has at most 64 bytes";
    Err(Error::new(label.span(), format!("{rule}: write `#[source({offer:?})]`")))
}

fn read(attribute: &Attribute) -> Result<LitStr> {
    let mistake = |span| Error::new(span, "`source` takes the label of the variant: `#[source(\"kiosk\")]`");
    match &attribute.meta {
        Meta::List(list) => list.parse_args().map_err(|error: Error| mistake(error.span())),
        meta => Err(mistake(syn::spanned::Spanned::span(meta))),
    }
}

fn implementation(input: &DeriveInput, runtime: &Runtime, labels: &[(&Ident, String)]) -> TokenStream {
    let (name, source) = (&input.ident, runtime.public(&quote!(Source)));
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let texts = labels.iter().map(|(_, label)| label);
    let arms = labels.iter().map(|(variant, label)| quote!(Self::#variant { .. } => #label,));
    // After a mistake some variants have no label.
    let is_whole = matches!(&input.data, Data::Enum(data) if data.variants.len() == labels.len());
    let rest = (!is_whole).then(|| quote!(_ => "other",));
    let body = if labels.is_empty() && is_whole {
        quote!(match *self {})
    } else {
        quote!(match *self { #(#arms)* #rest })
    };
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics #source for #name #type_generics #where_clause {
            const LABELS: &'static [&'static str] = &[#(#texts),*];

            fn label(&self) -> &'static str {
                #body
            }
        }
    }
}
