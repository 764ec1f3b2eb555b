//! The item form of `reason_chain!`: a function that gives a reason, and the list of those it can give beside it.

mod expand;
mod model;

use proc_macro2::TokenStream;
use syn::parse::Parser;

/// Input: the path of the runtime, `;` and the functions. Output: each function with its list, or every mistake and a function
/// that gives no reason, so that nothing that needs one breaks as well.
pub(crate) fn reason_chain(input: TokenStream) -> TokenStream {
    match model::read.parse2(input) {
        Ok((runtime, chains)) => chains.iter().map(|chain| expand::expand(&runtime, chain)).collect(),
        Err(error) => error.into_compile_error(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(item: &str) -> String {
        reason_chain(format!("::auth_metrics; {item}").parse().unwrap_or_default()).to_string()
    }

    #[test]
    fn every_mistake_is_reported_and_the_function_still_stands() {
        let expansion = expanded(
            r#"fn why(error: &E) { match error.code() { "a" => wrong_pasword, ""..  => timeout, "a" => timeout, 1 => timeout } }"#,
        );
        assert_eq!(expansion.matches("compile_error").count(), 4, "{expansion}");
        assert!(expansion.contains("fn why"), "{expansion}");
    }

    #[test]
    fn list_has_the_reasons_of_every_arm() {
        let expansion = expanded(
            r#"fn why(error: &E) { A, B => malformed_request, match error.code() { "a" => timeout } }"#,
        );
        for reason in ["< A as", "Reason :: MalformedRequest", "Reason :: Timeout", "Reason :: Unknown"] {
            assert!(expansion.contains(reason), "{reason}: {expansion}");
        }
        assert!(!expansion.contains("compile_error"), "{expansion}");
    }
}
