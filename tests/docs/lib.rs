//! The pages whose code is compiled as tests of the documentation.

/// The page about error texts.
#[cfg(doctest)]
#[doc = include_str!("../../docs/errors.md")]
pub struct ErrorPage;
