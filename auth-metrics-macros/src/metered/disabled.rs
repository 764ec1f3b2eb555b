//! The attribute where metering is switched off: the item as if it had never been annotated.

use proc_macro2::TokenStream;

use super::block;

/// The item without what only the attribute understands. The compiler has taken the attribute itself out; the `#[op(..)]`s of
/// a block are taken out here.
pub(crate) fn unmetered(item: &TokenStream) -> TokenStream {
    block::read(item).map_or_else(|| item.clone(), |block| block::unmarked(&block))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEMS: [&str; 14] = [
        "fn login() {}",
        "pub(crate) async fn login(mut self: Arc<Self>, _: &'a str) -> Result<u8, LoginError> { self.ask().await? }",
        "#[inline] #[track_caller] pub const unsafe extern \"C\" fn raw<const N: usize>() -> [u8; N] where [u8; N]: Sized { [0; N] }",
        "fn future() -> impl Future<Output = bool> + use<> { async { true } }",
        "fn boxed<'a>(&'a self) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> { Box::pin(async move {}) }",
        "fn without_body(&self) -> bool;",
        "fn broken() -> Result<u8, E> { let session = self.; session. }",
        "fn broken(: ,) -> { let = ; }",
        "async fn inner() { #![allow(unused)] r#\"\\raw \"text\" \"#; 'label: loop { break 'label } }",
        "#[auth_metered(op = \"second\")] fn stacked() {}",
        "struct Login;",
        "impl<T: Clone> Service for Gate<T> { fn login(&self) {} }",
        "macro_rules! login { ($name:ident) => { fn $name() {} } }",
        "",
    ];

    #[test]
    fn expansion_is_the_item_whatever_it_is() -> Result<(), proc_macro2::LexError> {
        for item in ITEMS {
            let item: TokenStream = item.parse()?;
            assert_eq!(unmetered(&item).to_string(), item.to_string());
        }
        Ok(())
    }

    #[test]
    fn methods_lose_their_marks_and_nothing_else() -> Result<(), proc_macro2::LexError> {
        let item = r#"#[async_trait] impl<T> Login for Gate<T> {
            /** doc */ #[op("login", kind = token)] #[inline] async fn login(&self) { self. }
            #[op] #[cfg_attr(test, op("probe"), cold)] fn probe(&self) { #[op] let a = 1; } const OP: u8 = 1;
            #[cfg_attr(test, op("alone"))] fn alone() {}
        }"#;
        let plain = item.replace(r#"#[op("login", kind = token)]"#, "").replace("#[op] #[cfg", "#[cfg");
        let plain = plain.replace(r#"op("probe"), "#, "").replace(r#"#[cfg_attr(test, op("alone"))]"#, "");
        let expansion = unmetered(&item.parse()?);
        assert_eq!(expansion.to_string(), plain.parse::<TokenStream>()?.to_string());
        Ok(())
    }
}
