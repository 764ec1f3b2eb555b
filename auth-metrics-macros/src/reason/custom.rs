//! `custom = "label", fault = client`: a reason that is no standard one.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, LitStr, Result, Token};

use crate::diag::Diag;
use crate::label;
use crate::name;
use crate::taxonomy::FAULTS;

/// A custom reason, valid.
pub(super) struct Custom {
    pub(super) label: LitStr,
    /// A label of `FAULTS`.
    pub(super) fault: Ident,
}

/// What one attribute says of it.
#[derive(Default)]
pub(super) struct Parts {
    label: Option<(Span, LitStr)>,
    fault: Option<(Span, Ident)>,
}

const LABEL: &str = "`custom` takes a label in quotes, followed by whose fault it is: `#[reason(custom = \"sso_domain_blocked\", fault = client)]`";
const FAULT: &str = "write `fault = client` or `fault = attack` if the refusal is correct, `fault = server` if the service failed and the error budget burns, `fault = neutral` if another step follows, or `fault = unknown`";

impl Parts {
    /// Reads what stands behind the word `custom`.
    pub(super) fn read_label(&mut self, input: ParseStream<'_>, span: Span, diag: &mut Diag) -> Result<()> {
        if input.parse::<Option<Token![=]>>()?.is_none() {
            return Err(Error::new(span, LABEL));
        }
        let label: LitStr = input.parse().map_err(|error: Error| Error::new(error.span(), LABEL))?;
        if self.label.replace((span, label)).is_some() {
            diag.span(span, "`custom` is given twice");
        }
        Ok(())
    }

    /// Reads what stands behind the word `fault`.
    pub(super) fn read_fault(&mut self, input: ParseStream<'_>, span: Span, diag: &mut Diag) -> Result<()> {
        if input.parse::<Option<Token![=]>>()?.is_none() {
            return Err(Error::new(span, FAULT));
        }
        if input.peek(LitStr) {
            let text: LitStr = input.parse()?;
            let near = name::nearest(&text.value(), FAULTS.into_iter());
            let fault = near.first().unwrap_or(&"client");
            return Err(Error::new(
                text.span(),
                format!("write the fault without quotes: `fault = {fault}`"),
            ));
        }
        let fault = input.call(Ident::parse_any).map_err(|error: Error| Error::new(error.span(), FAULT))?;
        if self.fault.replace((span, fault)).is_some() {
            diag.span(span, "`fault` is given twice");
        }
        Ok(())
    }

    /// The custom reason that the attribute says, if it says one.
    ///
    /// # Errors
    ///
    /// What is wrong with its label or its fault, or that one of the two is missing.
    pub(super) fn finish(self) -> Result<Option<(Span, Custom)>> {
        match (self.label, self.fault) {
            (None, None) => Ok(None),
            (Some((span, label)), Some((_, fault))) => {
                let label = check_label(&label, Place::Attribute).map(|()| label);
                match (label, check_fault(&fault)) {
                    (Ok(label), Ok(())) => Ok(Some((span, Custom { label, fault }))),
                    (Err(mut label), Err(fault)) => {
                        label.combine(fault);
                        Err(label)
                    }
                    (Err(error), Ok(())) | (Ok(_), Err(error)) => Err(error),
                }
            }
            (Some((_, label)), None) => {
                let mut error =
                    Error::new(label.span(), format!("whose fault is `{}`? {FAULT}", label.value()));
                if let Err(wrong) = check_label(&label, Place::Attribute) {
                    error = wrong;
                }
                Err(error)
            }
            (None, Some((span, _))) => Err(Error::new(
                span,
                "a standard reason has its fault already: use `fault` only beside `custom = \"…\"`",
            )),
        }
    }
}

/// How a standard reason is written where a custom one was.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Attribute,
    Constant,
}

impl Place {
    fn standard(self, label: &str) -> String {
        match self {
            Place::Attribute => format!("`#[reason({label})]`"),
            Place::Constant => format!("`Reason::{}`", name::upper_camel(label)),
        }
    }
}

/// Whether this can be the label of a custom reason.
///
/// # Errors
///
/// Why it can't, with what to write instead.
pub(super) fn check_label(label: &LitStr, place: Place) -> Result<()> {
    let text = label.value();
    let wrong = |message: String| Err(Error::new(label.span(), message));
    if let Some(why) = label::guards_only(&text) {
        return wrong(why.to_owned());
    }
    if label::is_standard(&text) {
        return wrong(format!("`{text}` is a standard reason: write {}", place.standard(&text)));
    }
    if RESERVED.contains(&text.as_str()) {
        return wrong(format!(
            "`{text}` is reserved and can't be a reason: name what went wrong, as in `\"sso_domain_blocked\"`"
        ));
    }
    if !name::is_label(&text) {
        let meant = name::corrected(&text).filter(|meant| !RESERVED.contains(&meant.as_str()));
        let write = match meant {
            Some(meant) if label::is_standard(&meant) => {
                format!(": write {}, which is a standard reason", place.standard(&meant))
            }
            Some(meant) => format!(": write `\"{meant}\"`"),
            None => ", such as `\"sso_domain_blocked\"`".to_owned(),
        };
        return wrong(format!(
            "a reason's label is lowercase letters, digits and `_`, begins with a letter and has at most 64 bytes{write}"
        ));
    }
    Ok(())
}

/// Values that stand where a reason's label does and mean something else.
const RESERVED: [&str; 3] = ["success", "other", "none"];

/// Whether this is a fault.
///
/// # Errors
///
/// It is none, with what was meant.
pub(super) fn check_fault(fault: &Ident) -> Result<()> {
    let text = fault.to_string();
    if FAULTS.contains(&text.as_str()) {
        return Ok(());
    }
    let near = name::nearest(&text, FAULTS.into_iter());
    let meant = name::did_you_mean(&near, &format!("; {FAULT}"));
    Err(Error::new(fault.span(), format!("`{text}` is not a fault{meant}")))
}

/// How many custom reasons the runtime has places for: its `ReasonSet::MAX_CUSTOM`.
const MOST: usize = 21;

/// Notes what no single custom reason of a type gets wrong: two faults for one label, or too many labels.
pub(super) fn check_together<'a>(reasons: impl Iterator<Item = &'a Custom>, diag: &mut Diag) {
    let mut known: Vec<(String, &Ident)> = Vec::new();
    for Custom { label, fault } in reasons {
        let text = label.value();
        match known.iter().find(|(known, _)| *known == text) {
            Some((_, first)) if *first == fault => {}
            Some((_, first)) => diag
                .at(fault, format!("`{text}` has the fault `{first}` above and `{fault}` here: choose one")),
            None => {
                if known.len() == MOST {
                    diag.at(
                        label,
                        format!("a binary has at most {MOST} custom reasons, and this is one more: let some share a label"),
                    );
                }
                known.push((text, fault));
            }
        }
    }
}
