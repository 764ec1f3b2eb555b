//! The generic parameters that a function or a block declares. Knows no types that use them.

use std::collections::BTreeMap;

use syn::GenericParam;

/// Type and const parameters: whether each is a constant.
pub(super) type Generics = BTreeMap<String, bool>;

/// The type and const parameters among these.
pub(super) fn generics<'a>(parameters: impl IntoIterator<Item = &'a GenericParam>) -> Generics {
    let named = |parameter: &GenericParam| match parameter {
        GenericParam::Type(parameter) => Some((parameter.ident.to_string(), false)),
        GenericParam::Const(parameter) => Some((parameter.ident.to_string(), true)),
        GenericParam::Lifetime(_) => None,
    };
    parameters.into_iter().filter_map(named).collect()
}
