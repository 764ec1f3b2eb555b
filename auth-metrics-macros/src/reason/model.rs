//! An error type whose every value has a reason. What decides is known for each variant.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::{Data, DataEnum, DataStruct, DeriveInput, ExprPath, Field, Fields, Index, Member, Result, Type};

use super::attr::{self, EXAMPLE, Rule, Said};
use super::custom::{self, Custom};
use crate::diag::Diag;
use crate::label;
use crate::name;
use crate::runtime::Runtime;

/// What decides, valid.
pub(super) enum Decides {
    /// Always this variant of `Reason`.
    Label(Ident),
    /// Always this custom reason.
    Custom(Custom),
    /// It is no failure.
    Success,
    /// The field says its own.
    Transparent(Member, Type),
    /// A function says it of the field.
    With { field: Member, path: ExprPath, among: Option<Vec<Ident>> },
}

/// One variant; without a name, the struct itself.
pub(super) struct Arm {
    pub(super) variant: Option<Ident>,
    /// Where its reason is said.
    span: Span,
    pub(super) decides: Decides,
}

impl Arm {
    /// The custom reason that it always is.
    pub(super) fn custom(&self) -> Option<&Custom> {
        match &self.decides {
            Decides::Custom(custom) => Some(custom),
            _ => None,
        }
    }
}

/// Which trait is derived.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Derived {
    FailureReason,
    Verdict,
}

impl Derived {
    /// Notes what a trait can't have.
    fn check(self, input: &DeriveInput, arms: &[Arm], diag: &mut Diag) {
        let succeeds = |arm: &&Arm| matches!(arm.decides, Decides::Success);
        match (self, &input.data) {
            (Self::FailureReason, _) => {
                for arm in arms.iter().filter(succeeds) {
                    diag.span(arm.span, "an error is never a success: derive `Verdict` for a value that may be one, and return it as `Ok`");
                }
            }
            (Self::Verdict, Data::Enum(data)) => {
                if arms.len() == data.variants.len() && !arms.iter().any(|arm| succeeds(&arm)) {
                    diag.at(&input.ident, "no variant is a success: write `#[reason(success)]` before the one that is, or derive `FailureReason` if this is an error");
                }
            }
            (Self::Verdict, _) => {
                diag.at(&input.ident, "only an enum can be a `Verdict`, since a variant decides: read other values with `verdict = path`, where `path` is a `fn(&T) -> Outcome`");
            }
        }
    }
}

/// The arms of a type, and the runtime they speak to (known even after a mistake).
pub(super) fn read(input: &DeriveInput, derived: Derived) -> (Runtime, Result<Vec<Arm>>) {
    let mut diag = Diag::default();
    let said = attr::read(&input.attrs, &mut diag);
    let runtime = Runtime::new(said.runtime.as_ref().map(|(_, path)| path));
    let arms = match &input.data {
        Data::Enum(data) => enumeration(data, said, &mut diag),
        Data::Struct(_) | Data::Union(_) if derived == Derived::Verdict => Vec::new(),
        Data::Struct(data) => structure(&input.ident, data, said, &mut diag),
        Data::Union(data) => {
            diag.at(
                data.union_token,
                "a union does not know which field it holds: derive `FailureReason` on an enum",
            );
            Vec::new()
        }
    };
    derived.check(input, &arms, &mut diag);
    custom::check_together(arms.iter().filter_map(Arm::custom), &mut diag);
    (runtime, diag.finish(Some(arms)))
}

fn enumeration(data: &DataEnum, said: Said, diag: &mut Diag) -> Vec<Arm> {
    for (span, _) in said.rules {
        diag.span(span, "an enum has one reason per variant: move this to a variant");
    }
    let arm = |variant: &syn::Variant| {
        let said = attr::read(&variant.attrs, diag);
        let span = said.rules.first().map_or_else(|| variant.ident.span(), |(span, _)| *span);
        let decides = decides(&variant.ident, &variant.fields, said, By::Name, diag)?;
        Some(Arm { variant: Some(variant.ident.clone()), span, decides })
    };
    data.variants.iter().filter_map(arm).collect()
}

fn structure(name: &Ident, data: &DataStruct, mut said: Said, diag: &mut Diag) -> Vec<Arm> {
    said.runtime = None;
    let span = said.rules.first().map_or_else(|| name.span(), |(span, _)| *span);
    let decides = decides(name, &data.fields, said, By::Attribute, diag);
    decides.map(|decides| Arm { variant: None, span, decides }).into_iter().collect()
}

/// What may decide where no attribute does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// The name of a variant.
    Name,
    /// Nothing: a struct's name is not its reason.
    Attribute,
}

fn decides(name: &Ident, fields: &Fields, said: Said, by: By, diag: &mut Diag) -> Option<Decides> {
    refuse_crate(&said, diag);
    let mut broken = said.broken || said.runtime.is_some();
    let mut rules: Vec<(Span, Rule, Option<usize>)> =
        said.rules.into_iter().map(|(span, rule)| (span, rule, None)).collect();
    for (index, field) in fields.iter().enumerate() {
        let on_field = attr::read(&field.attrs, diag);
        refuse_crate(&on_field, diag);
        broken |= on_field.broken || on_field.runtime.is_some();
        for (span, rule) in on_field.rules {
            if let Rule::Label(_) | Rule::Custom(_) | Rule::Success = rule {
                diag.span(
                    span,
                    "a label goes on the variant or struct: on a field, write `transparent` or `with = path`",
                );
                broken = true;
            } else {
                rules.push((span, rule, Some(index)));
            }
        }
    }
    let mut rules = rules.into_iter();
    let first = rules.next();
    for (span, ..) in rules {
        diag.span(span, format!("`{name}` has two reasons: keep one"));
        broken = true;
    }
    match first {
        _ if broken => None,
        Some((span, rule, index)) => by_rule(span, rule, index, fields, diag),
        None if by == By::Name => by_name(name, fields, diag),
        None => {
            let near = label::nearest(&name.to_string());
            let label = near.first().unwrap_or(&EXAMPLE);
            let fields = if fields.is_empty() {
                ""
            } else {
                ", or `#[reason(transparent)]` or `#[reason(with = path)]` on the field that decides"
            };
            diag.at(name, format!("`{name}` has no reason: put `#[reason({label})]` (or another label) on the struct{fields}"));
            None
        }
    }
}

fn refuse_crate(said: &Said, diag: &mut Diag) {
    if let Some((span, _)) = said.runtime {
        diag.span(span, "`crate = path` goes on the whole type: move it there");
    }
}

fn by_rule(
    span: Span,
    rule: Rule,
    index: Option<usize>,
    fields: &Fields,
    diag: &mut Diag,
) -> Option<Decides> {
    let word = match rule {
        Rule::Label(reason) => return Some(Decides::Label(reason)),
        Rule::Custom(custom) => return Some(Decides::Custom(custom)),
        Rule::Success => return Some(Decides::Success),
        Rule::Transparent => "transparent",
        Rule::With { .. } => "with = path",
    };
    let mut candidates = fields.iter().enumerate().filter(|(at, _)| index.is_none_or(|index| index == *at));
    let (Some((at, field)), None) = (candidates.next(), candidates.next()) else {
        let way_out = if fields.is_empty() {
            format!(", and there is none: write a label, such as `#[reason({EXAMPLE})]`")
        } else {
            format!(": put `#[reason({word})]` on the field that decides")
        };
        diag.span(span, format!("`{word}` reads one field{way_out}"));
        return None;
    };
    let member = member(at, field);
    Some(match rule {
        Rule::With { path, among } => Decides::With { field: member, path, among },
        Rule::Transparent | Rule::Label(_) | Rule::Custom(_) | Rule::Success => {
            Decides::Transparent(member, field.ty.clone())
        }
    })
}

fn by_name(name: &Ident, fields: &Fields, diag: &mut Diag) -> Option<Decides> {
    let text = name::snake_case(&name.to_string());
    if text == "success" {
        return Some(Decides::Success);
    }
    let label = Ident::new(&text, name.span());
    if let Ok(reason) = label::variant(&label) {
        return Some(Decides::Label(reason));
    }
    if let Some(why) = label::guards_only(&text) {
        diag.at(name, format!("`{name}` needs a label of its own: {why}"));
        return None;
    }
    let near = label::nearest(&text);
    let (label, others) = near.split_first().unwrap_or((&EXAMPLE, &[]));
    let write = if fields.is_empty() {
        format!("`#[reason({label})]` (or another label) before it")
    } else {
        attr::ways(label)
    };
    let others = if others.is_empty() {
        String::new()
    } else {
        format!("; its name is near {} too", name::alternatives(others))
    };
    diag.at(name, format!("`{name}` has no reason: write {write}{others}"));
    None
}

fn member(index: usize, field: &Field) -> Member {
    field.ident.clone().map_or_else(
        || {
            Member::Unnamed(Index {
                index: u32::try_from(index).unwrap_or(u32::MAX),
                span: Span::call_site(),
            })
        },
        Member::Named,
    )
}

/// Whether a type speaks of one of the type parameters.
pub(super) fn mentions_parameter(ty: &Type, input: &DeriveInput) -> bool {
    let parameters: Vec<String> =
        input.generics.type_params().map(|parameter| parameter.ident.to_string()).collect();
    name::any_word(ty.to_token_stream(), &|word| parameters.iter().any(|parameter| parameter == word))
}
