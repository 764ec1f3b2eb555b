//! The return type as a `static` can spell it, so that the reasons of its error are listed before the first call.
//! Where a generic may be in it, nothing is listed.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{GenericArgument, Path, PathArguments, PathSegment, Signature, Type};

use super::around::Around;
use super::generics::generics;
use super::judge::{Judge, Returned};
use super::model::{future_in, ready_output};
use super::spelling::{Place, Speller, argument_of_no_type};
use super::types::{bare, type_arguments};
use crate::runtime::Runtime;

/// A return type in a `static`.
pub(super) struct Listed {
    pub(super) ty: TokenStream,
    /// Names in it that may turn out to be generics of the `impl` around the function, which no macro can see.
    pub(super) doubtful: BTreeSet<Ident>,
}

/// The type whose reasons can be listed, with everything that does not bear on them left out.
pub(super) fn listed(
    runtime: &Runtime,
    signature: &Signature,
    around: Option<&Around>,
    judge: &Judge,
    returned: &Returned,
) -> Option<Listed> {
    let speller = Speller::new(around, generics(&signature.generics.params));
    let mut lister = Lister { runtime, speller };
    let ty = match returned {
        Returned::Type(ty) => lister.returned(judge, ty)?,
        Returned::Hidden(ty) => {
            let future = lister.speller.resolved(ty)?;
            let output = ready_output(future).or_else(|| future_in(future).and_then(|(_, output)| output));
            lister.returned(judge, output?)?
        }
        Returned::Nothing => return None,
    };
    Some(Listed { ty, doubtful: lister.speller.doubtful })
}

struct Lister<'a> {
    runtime: &'a Runtime,
    speller: Speller<'a>,
}

impl Lister<'_> {
    fn returned(&mut self, judge: &Judge, ty: &Type) -> Option<TokenStream> {
        if let Some(found) = self.speller.resolved(ty) {
            return self.returned(judge, found);
        }
        let path = match bare(ty) {
            Type::Path(path) if path.qself.is_none() => Some(&path.path),
            _ => None,
        };
        let segment = path.and_then(|path| path.segments.last());
        let arguments = segment.map(type_arguments).unwrap_or_default();
        match (judge, arguments.as_slice()) {
            (judge, _) if judge.is_blind() => Some(self.whatever()),
            // The argument of an alias is a value that says it itself.
            (Judge::Stated(_), [first]) => {
                let first = self.speller.spelled(first, Place::Error)?;
                self.with_first_argument(path?, segment?, first)
            }
            (Judge::Flag(_), _) => Some(quote!(::core::primitive::bool)),
            (Judge::Maybe(_, some), [inner, ..]) => {
                let inner = self.returned(some, inner)?;
                Some(quote!(::core::option::Option<#inner>))
            }
            // What a function reads has no say here: only what is in its `Ok`.
            (Judge::Read(_, ok), [first, ..]) => self.returned(ok, first),
            (Judge::Tried(..), []) | (Judge::Stated(_), _) => self.speller.spelled(ty, Place::Error),
            (Judge::Tried(_, ok), [first, rest @ ..]) if rest.len() < 2 => {
                let (path, segment) = (path?, segment?);
                let first = if segment.ident == "Result" {
                    self.returned(ok, first)?
                } else {
                    self.first_of_alias(ok, first)?
                };
                self.with_first_argument(path, segment, first)
            }
            _ => None,
        }
    }

    /// Stands for a value that is not read. A lifetime is hidden in it, so the compiler checks no bound on it.
    fn whatever(&self) -> TokenStream {
        let whatever = self.runtime.private(&quote!(Whatever));
        quote!(#whatever<'_>)
    }

    /// What an alias does with its argument is not known: it may be the error.
    fn first_of_alias(&mut self, ok: &Judge, first: &Type) -> Option<TokenStream> {
        if !ok.is_blind() {
            return self.returned(ok, first);
        }
        let doubtful = self.speller.doubtful.clone();
        let spelled = self.speller.spelled(first, Place::Argument);
        if spelled.is_some() || self.speller.may_be_constant(first) {
            return spelled;
        }
        self.speller.doubtful = doubtful;
        Some(self.whatever())
    }

    /// `Result<first, error>` or an alias, by the name that the user gave it.
    fn with_first_argument(
        &mut self,
        path: &Path,
        segment: &PathSegment,
        first: TokenStream,
    ) -> Option<TokenStream> {
        let PathArguments::AngleBracketed(list) = &segment.arguments else { return None };
        let mut first = Some(first);
        let mut arguments = Vec::new();
        for argument in &list.args {
            arguments.push(match argument {
                GenericArgument::Type(error) => match first.take() {
                    Some(first) => first,
                    None => self.speller.spelled(error, Place::Error)?,
                },
                argument => argument_of_no_type(argument)?,
            });
        }
        let name = self.speller.named(path)?;
        Some(quote!(#name<#(#arguments),*>))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::Span;

    fn listing_in(around: Option<&str>, signature: &str) -> Option<(String, Vec<String>)> {
        let signature: Signature = syn::parse_str(signature).ok()?;
        let syn::ReturnType::Type(_, ty) = &signature.output else { return None };
        let judge = Judge::Tried(Span::call_site(), Box::new(Judge::Any));
        let around = around.map(|around| syn::parse_str::<Around>(around).unwrap_or_default());
        let returned = Returned::Type((**ty).clone());
        let listed = listed(&Runtime::new(None), &signature, around.as_ref(), &judge, &returned)?;
        let ty = listed.ty.to_string().replace(":: auth_metrics :: __private :: Whatever < '_ >", "_");
        Some((ty, listed.doubtful.iter().map(ToString::to_string).collect()))
    }

    fn listing(signature: &str) -> Option<(String, Vec<String>)> {
        listing_in(None, signature)
    }

    /// The type that is listed for an error of a free function, and of one in a block.
    fn error(error: &str) -> Option<String> {
        listing(&format!("fn f<T>() -> Result<u8, {error}>")).map(|found| found.0)
    }

    #[test]
    fn what_does_not_bear_on_the_reasons_is_left_out() {
        let found = listing("fn f<T>(a: T) -> Result<Vec<T>, Box<LoginError>>");
        assert_eq!(
            found,
            Some(("Result < _ , Box < LoginError > >".to_owned(), vec!["LoginError".to_owned()]))
        );
        let found = listing("fn f(&self) -> api::Result<Self>");
        assert_eq!(found, Some(("api :: Result < _ >".to_owned(), Vec::new())));
        let found = listing("fn f(&self) -> Answer<Self, 3>").map(|found| found.0);
        assert_eq!(found.as_deref(), Some("Answer < _ , 3 >"));
    }

    #[test]
    fn generic_errors_are_not_listed() {
        for generic in [
            "E",
            "Self",
            "Self::Error",
            "S::Error",
            "LoginError<T>",
            "LoginError<S>",
            "Box<E>",
            "[u8; N]",
            "T",
        ] {
            assert_eq!(error(generic), None, "{generic}");
        }
    }

    #[test]
    fn what_may_be_a_constant_is_not_listed() {
        for constant in ["Digest<LEN>", "Digest<len>", "Digest<Len>", "Digest<{ LEN }>", "[u8; LEN]"] {
            assert_eq!(error(constant), None, "{constant}");
        }
        assert!(error("Digest<32>").is_some());
        assert_eq!(listing("fn f() -> Digest<LEN>"), None);
    }

    #[test]
    fn a_name_alone_may_be_a_parameter_and_one_with_arguments_is_none() {
        let doubtful = |error: &str| listing(&format!("fn f() -> Result<u8, {error}>")).map(|found| found.1);
        for alone in ["Failure", "TError", "TokenError", "failure", "r#Failure"] {
            assert_eq!(doubtful(alone), Some(vec![alone.to_owned()]));
        }
        assert_eq!(doubtful("Box<StoreError>"), Some(vec!["StoreError".to_owned()]));
        assert_eq!(doubtful("Shown<String>"), Some(vec!["String".to_owned()]));
        assert_eq!(doubtful("Shown<Vec<u8>>"), Some(Vec::new()));
        assert_eq!(doubtful("io::Failure"), Some(Vec::new()));
    }

    #[test]
    fn an_error_around_what_may_be_a_parameter_of_the_impl_is_not_listed() {
        for around in ["LoginError<Backend>", "LoginError<(Backend, u8)>", "LoginError<Vec<TError>>"] {
            assert_eq!(error(around), None, "{around}");
        }
        assert!(error("RetryError<StoreError>").is_some());
    }

    #[test]
    fn lifetimes_become_static() {
        let found =
            listing("fn f<'a>(&'a self) -> Result<&'a str, LoginError<'a, &'a u8>>").map(|found| found.0);
        assert_eq!(found.as_deref(), Some("Result < _ , LoginError < 'static , & 'static u8 > >"));
    }

    #[test]
    fn the_block_around_says_what_is_generic_and_what_its_types_are() {
        let around = "{ <Backend, E> Login; Self = Store; Error = Box<Self::Inner>; Inner = LoginError; Loop = Self::Loop; Of = MyErr<E>; }";
        let found = |error: &str| listing_in(Some(around), &format!("fn f() -> Result<u8, {error}>"));
        let listed = |error: &str| Some((format!("Result < _ , {error} >"), Vec::new()));
        assert_eq!(found("Self::Error"), listed("Box < LoginError >"));
        assert_eq!(found("<Self as Login>::Inner"), listed("LoginError"));
        assert_eq!(found("<Self>::Inner"), listed("LoginError"));
        assert_eq!(found("Self"), listed("Store"));
        assert_eq!(found("MyErr<Payload>"), listed("MyErr < Payload >"));
        for unknown in [
            "E",
            "MyErr<Backend>",
            "Self::Of",
            "Self::Loop",
            "Self::Other",
            "Backend::Error",
            "<Self as Other>::Inner",
        ] {
            assert_eq!(found(unknown), None, "{unknown}");
        }
    }
}
