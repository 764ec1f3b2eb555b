//! Return types in every spelling: none makes code that compiles without the attribute stop compiling with it, and the
//! reasons of what can be spelled are exported at zero.
#![deny(warnings, rust_2018_idioms)]
#![allow(dead_code, non_camel_case_types, non_upper_case_globals)]

#[path = "spellings/in_generic_impls.rs"]
mod in_generic_impls;
#[path = "spellings/of_errors.rs"]
mod of_errors;

/// Each of these functions is in the binary, and called by nobody.
fn main() {
    of_errors::are_listed();
    in_generic_impls::are_listed();
}
