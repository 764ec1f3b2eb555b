//! `#[auth_metered]`: arguments and a function become a model, the model becomes the metered function. On an `impl` or a
//! `trait` it goes to the methods. After a mistake the user's item still stands, so that nothing else
//! breaks.

mod about;
mod args;
mod around;
mod block;
mod disabled;
mod docs;
mod edge;
mod expand;
mod fragments;
mod function;
mod generics;
mod in_place;
mod judge;
mod judge_value;
mod known;
mod listing;
mod model;
mod placed;
mod reading;
mod reasons;
mod returns;
mod shape;
mod site;
mod spelling;
mod types;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use disabled::unmetered;

/// The metered function or block, or every mistake followed by the item as it was written.
pub(crate) fn auth_metered(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    if let Some(block) = block::read(item) {
        return block::expand(arguments, &block);
    }
    match model::read(arguments, item) {
        Ok(model) => expand::expand(&model),
        Err(errors) => {
            let errors = errors.into_compile_error();
            quote!(#errors #item)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expansion(arguments: &str, item: &str) -> String {
        let item: TokenStream = item.parse().unwrap_or_default();
        auth_metered(arguments.parse().unwrap_or_default(), &item).to_string()
    }

    #[test]
    fn a_syntactically_broken_body_still_contains_the_item() {
        let expansion =
            expansion(r#"op = "login""#, "pub fn login() -> Result<u8, E> { let session = self.; session. }");
        assert!(expansion.contains("pub fn login () -> Result < u8 , E >"), "{expansion}");
        assert!(expansion.contains("let session = self .; session ."), "{expansion}");
        assert!(!expansion.contains("compile_error"), "{expansion}");
    }

    #[test]
    fn after_a_mistake_the_item_stands_untouched() {
        let item = "async fn login (& self) -> Result < u8 , E > { let broken = ; }";
        let expansion = expansion(r#"op = "Login", kind = tokn, fuchur"#, item);
        assert!(expansion.ends_with(item), "{expansion}");
        assert_eq!(expansion.matches("compile_error").count(), 3, "{expansion}");
    }

    /// The texts of `doc` attributes, in their order, `+` for the line that is ours.
    fn docs(arguments: &str, item: &str) -> String {
        let item = item.replace(") {", ") -> Result<u8, E> {");
        let expansion = expansion(&format!(r#"op = "login", {arguments}"#), &item);
        let mut found = String::new();
        for part in expansion.split("[doc = ").skip(1) {
            let text = part.trim_start_matches(['r', '#', '"']).trim_start();
            if text.starts_with("Metered as") {
                found.push('+');
            } else if !text.starts_with("- ") {
                found.extend(text.chars().take_while(char::is_ascii_alphanumeric));
            }
        }
        found
    }

    #[test]
    fn what_is_documented_comes_after_all_that_the_user_wrote() {
        for item in [
            "#[doc = \"a\"] #[inline] #[doc = \"b\"] pub fn f() {}",
            "#[doc = \"a\"] #[must_use] fn f() { #![doc = \"b\"] #![allow(unused)] body() }",
            "#[doc = \"a\"] #[doc(hidden)] #[doc = r#\"b\"#] pub async unsafe fn f(&self) {}",
            "#[doc = \"a\"] #[cfg(test)] #[doc = \"b\"] #[doc(alias = \"c\")] default fn f(&self) {}",
        ] {
            assert_eq!(docs("", item), "ab+", "{item}");
            assert_eq!(docs("docs = true", item), "ab+", "{item}");
            assert_eq!(docs("docs = false", item), "ab", "{item}");
        }
        assert_eq!(docs("", "#[doc = include_str!(\"a\")] pub fn f() {}"), "include+");
    }

    #[test]
    fn nothing_is_documented_where_it_would_hide_that_the_user_wrote_nothing() {
        for (item, found) in [
            ("pub fn f() {}", ""),
            ("#[doc(hidden)] pub fn f() {}", ""),
            ("fn f(&self) {}", ""),
            ("fn f(this: Arc<Self>) {}", ""),
            ("fn f() {}", "+"),
            ("pub(crate) fn f(&self) {}", "+"),
        ] {
            assert_eq!(docs("", item), found, "{item}");
            assert_eq!(docs("docs = true", item), "+", "{item}");
            assert_eq!(docs("docs = false", item), "", "{item}");
        }
    }

    #[test]
    fn methods_of_a_block_are_marked_and_all_else_stands_token_for_token() {
        let item = r#"impl < T > Login for X < T > { #[doc = "a"] fn help () { self . ; }
            #[op ("login", service = b)] #[inline] async fn login (& self) -> R { let session = self . ; session . }
            #[op ("b")] fn b () { } }"#;
        let expansion = expansion("kind = token, service = f::<A, B>()", item);
        let plain = |text: &str| text.parse::<TokenStream>().unwrap_or_default().to_string();
        let marked = r#"#[::auth_metrics::auth_metered(op = "login", service = b, __auth_metrics_around { < T > Login ; Self = X < T > ; }, __auth_metrics_shared, kind = token)]"#;
        let all = r#"#[::auth_metrics::auth_metered(op = "b", __auth_metrics_around { < T > Login ; Self = X < T > ; }, __auth_metrics_shared, kind = token, service = f::<A, B>())]"#;
        let item = item.replace(r#"#[op ("login", service = b)]"#, marked).replace(r#"#[op ("b")]"#, all);
        assert_eq!(expansion.replace(' ', ""), plain(&item).replace(' ', ""));
    }

    #[test]
    fn a_block_with_mistakes_stands_without_its_marks() {
        let item = "impl X { # [op] fn a (& self) { } # [op (\"b\")] fn b (& self) { let broken = ; } }";
        let expansion = expansion("op = \"a\", kind = tokn", item);
        assert!(
            expansion.ends_with("impl X { fn a (& self) { } fn b (& self) { let broken = ; } }"),
            "{expansion}"
        );
        assert_eq!(expansion.matches("compile_error").count(), 3, "{expansion}");
    }

    /// Whether a function with this body still ends as the user wrote it, with each future that it returns metered.
    fn keeps_its_shape(body: &str) -> Option<usize> {
        let item = format!("fn f(a: A) -> Pin<Box<dyn Future<Output = Result<u8, E>>>> {{ {body} }}");
        let expansion = expansion("op = \"login\"", &item);
        let metered = expansion.matches("__private :: continued").count();
        assert_eq!(metered == 0, expansion.contains("__private :: boxed"), "{expansion}");
        (metered > 0).then_some(metered)
    }

    #[test]
    fn a_body_that_makes_its_futures_in_place_keeps_its_shape() {
        for (body, futures) in [
            ("Box::pin(async move { a.await })", 1),
            ("::std::boxed::Box::pin(async { Ok(1) },)", 1),
            ("let a = a.b(|c| c + 1); async move { a }.boxed()", 1),
            (
                "use A as B; debug!(a); if a || b { return Box::pin(async { Err(E) }); } Box::pin(async move { a })",
                2,
            ),
            (
                "match a { A | B => return async move { Err(a) }.boxed_local(), _ => {} } Box::pin(async {})",
                2,
            ),
            (
                "async fn g() -> u8 { return 1; } let b = async { return 2; }; Box::pin(async move { b.await })",
                1,
            ),
            (
                "assert!(a != (1)); for b in a { if b { return Box::pin(async move { b }) } } Box::pin(async {})",
                2,
            ),
        ] {
            assert_eq!(keeps_its_shape(body), Some(futures), "{body}");
        }
    }

    #[test]
    fn a_body_that_may_return_another_future_is_boxed_once_more() {
        for body in [
            "helper(a)",
            "Box::pin(helper(a))",
            "return Box::pin(async {});",
            "let b = Box::pin(async {}); b",
            "if a { Box::pin(async {}) } else { Box::pin(async {}) }",
            "if a { return helper(a); } Box::pin(async {})",
            "if a { return Box::pin(async {}).map(b); } Box::pin(async {})",
            "bail_unless!(a); Box::pin(async {})",
            "vec![return helper(a)]; Box::pin(async {})",
            "let b = || { return Box::pin(async {}); }; Box::pin(async {})",
            "Box::pin(async |b| b)",
            "Box::pin(async move { a }.map(|b| b))",
            "Box::pin(async move { a }, b)",
            "self.; Box::pin()",
        ] {
            assert_eq!(keeps_its_shape(body), None, "{body}");
        }
    }

    /// An annotated `impl` of so many methods, each with documentation and a body.
    fn block(methods: usize) -> TokenStream {
        let method = |index: usize| {
            let (docs, lines) = ("/// A line of documentation.\n".repeat(8), "let a = b(c, d);".repeat(20));
            format!(
                "{docs} #[must_use] #[op(\"op{index}\")] pub async fn f{index}(&self, a: u8) -> R {{ {lines} a }}"
            )
        };
        let methods: String = (0..methods).map(method).collect();
        format!("impl Service {{ {methods} }}").parse().unwrap_or_default()
    }

    /// The bytes that are allocated while the macro runs: every token that it makes or copies is among them.
    fn allocated(methods: usize) -> u64 {
        let block = block(methods);
        let arguments: TokenStream = "kind = token, service = self.tenant".parse().unwrap_or_default();
        let mut expanded = TokenStream::new();
        let spent = allocation_counter::measure(|| expanded = auth_metered(arguments, &block));
        assert_eq!(expanded.to_string().matches("op = \"op").count(), methods);
        spent.bytes_total
    }

    #[test]
    fn the_work_for_a_block_doubles_with_its_methods() {
        let (once, twice) = (allocated(200), allocated(400));
        assert!(twice * 10 < once * 22, "{once} bytes for 200 methods, {twice} for 400");
    }

    #[test]
    fn items_that_are_no_functions_stand_untouched() {
        for item in [
            "struct Login ;",
            "impl Service { fn login () { } }",
            "fn login () -> u8 ;",
            "fn (",
            "const A : u8 = 1 ;",
        ] {
            let expansion = expansion(r#"op = "login""#, item);
            assert!(expansion.contains("compile_error"), "{expansion}");
        }
    }
}
