//! Tokens of ours that stand where the user's are.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

/// The same tokens as if the user had written them there: the compiler names no variable inside of what a macro wrote.
pub(super) fn written(tokens: TokenStream, place: Span) -> TokenStream {
    let at = |mut token: TokenTree| {
        token.set_span(place);
        token
    };
    tokens.into_iter().map(at).collect()
}

/// `{ tokens }`, as if the user had written the braces.
pub(super) fn enclosed(tokens: TokenStream, place: Span) -> TokenTree {
    let mut block = Group::new(Delimiter::Brace, tokens);
    block.set_span(place);
    block.into()
}
