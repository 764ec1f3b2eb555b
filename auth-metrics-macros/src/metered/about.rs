//! Arguments that say who an attempt is about. Knows nothing of what they are for.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Error, Expr, Result};

/// What an argument says of an attempt. Where nobody observes it is not evaluated, so the function must go on as it would without it.
pub(super) fn about(input: ParseStream<'_>, name: &Ident) -> Result<Expr> {
    let expr: Expr = input.parse()?;
    match leaves(expr.to_token_stream()) {
        None => Ok(expr),
        Some(token) => Err(Error::new(
            token.span(),
            format!(
                "`{name}` is evaluated only if an observer is attached, so it can't contain `?`, `return` or `.await`: \
                 compute it in a function, or call `events::note` in the body"
            ),
        )),
    }
}

/// The first token that may end or suspend the function.
fn leaves(tokens: TokenStream) -> Option<TokenTree> {
    tokens.into_iter().find_map(|token| match &token {
        TokenTree::Group(group) => leaves(group.stream()),
        TokenTree::Ident(word) => (word == "return" || word == "await").then_some(token),
        TokenTree::Punct(mark) => (mark.as_char() == '?').then_some(token),
        TokenTree::Literal(_) => None,
    })
}
