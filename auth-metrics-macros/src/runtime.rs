//! Where the runtime crate is: the only place that spells its path. `crate = PATH` swaps it.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::{Error, LitStr, Path, Result};

/// The path of the runtime crate, as generated code names it.
pub(crate) struct Runtime {
    root: TokenStream,
    /// Where a user gave the path: that is shown if it leads nowhere.
    given: Option<Span>,
}

impl Runtime {
    /// The path a user gave, else where Cargo puts the crate.
    pub(crate) fn new(path: Option<&Path>) -> Self {
        let given = path.and_then(|path| path.segments.last()).map(|last| last.ident.span());
        Self { root: path.map_or_else(|| quote!(::auth_metrics), ToTokens::to_token_stream), given }
    }

    /// Reads the `PATH` of `crate = PATH`.
    pub(crate) fn read_path(input: ParseStream<'_>) -> Result<Path> {
        Path::parse_mod_style(input).map_err(|error| {
            let text = input.fork().parse::<LitStr>().map_or_else(|_| "path".to_owned(), |text| text.value());
            Error::new(error.span(), format!("`crate` takes a path without quotes: `crate = {text}`"))
        })
    }

    /// `ITEM` of the runtime's public face, such as `Reason::Unknown`.
    pub(crate) fn public(&self, item: &TokenStream) -> TokenStream {
        let (root, mut item) = (&self.root, quote!(::#item));
        if let Some(given) = self.given {
            item = shown(item, given);
        }
        quote!(#root #item)
    }

    /// `ITEM` behind the door that only expansions use.
    pub(crate) fn private(&self, item: &TokenStream) -> TokenStream {
        self.public(&quote!(__private::#item))
    }
}

/// The same tokens, shown by the compiler at `span` but still resolved and linted as generated code.
pub(crate) fn shown(tokens: TokenStream, span: Span) -> TokenStream {
    let at = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = TokenTree::Group(Group::new(group.delimiter(), shown(group.stream(), span)));
        }
        token.set_span(Span::call_site().located_at(span));
        token
    };
    tokens.into_iter().map(at).collect()
}

/// `function(arguments)`, shown at `span`; the arguments stay where they are.
pub(crate) fn called(function: TokenStream, arguments: TokenStream, span: Span) -> TokenStream {
    let (function, arguments) = (shown(function, span), parenthesized(arguments, span));
    quote!(#function #arguments)
}

/// `(arguments)` after a user's own path, so that the call ends at `span`.
pub(crate) fn parenthesized(arguments: TokenStream, span: Span) -> Group {
    let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
    arguments.set_span(Span::call_site().located_at(span));
    arguments
}
