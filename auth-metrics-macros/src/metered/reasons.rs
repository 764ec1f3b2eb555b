//! The reasons of a function before anything calls it: what its `static` asks the types.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::judge::Judge;
use super::listing;
use super::model::Model;
use super::spelling::STRING;
use crate::ready;
use crate::runtime::Runtime;

/// The reasons that can be listed before the first call, as an `Option<ReasonSet>`.
pub(super) fn listed(model: &Model) -> TokenStream {
    let runtime = &model.runtime;
    let none = quote!(::core::option::Option::None);
    let mut listed = match &model.judge {
        judge if judge.has_own_errors() => probe(model, judge).unwrap_or_else(|| none.clone()),
        _ => {
            let empty = runtime.public(&quote!(ReasonSet::EMPTY));
            quote!(::core::option::Option::Some(#empty))
        }
    };
    for function in model.judge.functions().into_iter().filter(|_| model.among.is_empty()) {
        let Some(list) = ready::list(runtime, function) else { return none };
        let read_by = runtime.private(&quote!(read_by));
        listed = quote!(#read_by(#listed, #list));
    }
    let spoken = model.judge.spoken().into_iter().chain(&model.among);
    let spoken: Vec<TokenStream> = spoken.map(|reason| runtime.public(&quote!(Reason::#reason))).collect();
    if spoken.is_empty() {
        return listed;
    }
    let with = runtime.private(&quote!(with));
    quote!(#with(#listed, &[#(#spoken),*]))
}

fn probe(model: &Model, judge: &Judge) -> Option<TokenStream> {
    let (runtime, signature) = (&model.runtime, &model.function.signature);
    let listed = listing::listed(runtime, signature, model.around.as_ref(), judge, &model.returned)?;
    let (ty, judge) = (listed.ty, judge_type(runtime, judge));
    let (probe, unlisted) = (runtime.private(&quote!(Probe)), runtime.private(&quote!(Unlisted)));
    // Whatever borrows for a lifetime that is not known yet is not checked against the bounds of the types around it.
    let asked = quote! {
        #[allow(unused_imports)]
        use #unlisted as _;
        #probe::<fn(&()) -> #ty, #judge>::REASONS
    };
    if listed.doubtful.is_empty() {
        return Some(quote!({ #asked }));
    }
    // Names are looked for in the module first, past any generics; what is not there stands for a generic.
    let stand_ins = listed.doubtful.iter().map(stand_in);
    Some(quote!({
        #(#stand_ins)*
        {
            #[allow(unused_imports)]
            use self::*;
            #asked
        }
    }))
}

/// What a name means that is not in the module. A lifetime is hidden in it, so no bound of it is checked.
fn stand_in(name: &Ident) -> TokenStream {
    if name == STRING {
        return quote!(
            #[allow(unused_imports)]
            use ::std::string::String;
        );
    }
    quote!(#[allow(dead_code, non_camel_case_types)] struct #name<'a>(&'a ());)
}

fn judge_type(runtime: &Runtime, judge: &Judge) -> TokenStream {
    let (name, inner) = match judge {
        Judge::Any | Judge::Classified(_) | Judge::Always(_) | Judge::Looked(..) => {
            return runtime.private(&quote!(Any));
        }
        Judge::Stated(_) => return runtime.private(&quote!(Stated)),
        Judge::Flag(_) => return runtime.private(&quote!(Flag)),
        Judge::Read(_, inner) => return judge_type(runtime, inner),
        Judge::Tried(_, inner) => (quote!(Tried), inner),
        Judge::Maybe(_, inner) => (quote!(Maybe), inner),
    };
    let (name, inner) = (runtime.private(&name), judge_type(runtime, inner));
    quote!(#name<#inner>)
}
