//! A chain as arms, each of which can be listed. Everything that a user can get wrong is found here.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{
    Attribute, Error, Expr, ExprPath, FnArg, LitInt, LitStr, Pat, Path, Result, Signature, Token, Type,
    Visibility, braced,
};

use crate::diag::Diag;
use crate::label;
use crate::runtime::Runtime;

/// One function.
pub(super) struct Chain {
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    pub(super) signature: Signature,
    /// The name of its argument.
    pub(super) error: Ident,
    pub(super) arms: Vec<Arm>,
    /// What an error is that no arm has found.
    pub(super) other: Option<Given>,
    /// Every mistake.
    pub(super) mistakes: Option<Error>,
}

pub(super) enum Arm {
    /// An error of this type, wherever it is in the chain.
    Found { ty: Box<Type>, name: Option<Ident>, reason: Found },
    /// The error itself, by a text or a number in it.
    Text(Text),
}

/// What an error says that is found by its type.
pub(super) enum Found {
    /// It is a `FailureReason`.
    Itself,
    /// Always this.
    Given(Given),
    /// A function reads it.
    Function(ExprPath),
    /// Any other function, a closure above all: nobody knows what it gives.
    Closure(Box<Expr>),
    /// By a text or a number in it.
    Text(Text),
}

/// A reason, as a user writes it.
pub(super) enum Given {
    /// The variant of a standard one.
    Standard(Ident),
    /// The constant of a custom one.
    Constant(Path),
}

/// What is compared, and with what.
pub(super) struct Text {
    pub(super) read: Expr,
    pub(super) rows: Vec<Row>,
    pub(super) other: Option<Given>,
}

pub(super) struct Row {
    pub(super) patterns: Vec<Pattern>,
    pub(super) reason: Given,
}

pub(super) enum Pattern {
    Whole(LitStr),
    Prefix(LitStr),
    Number(LitInt),
    Range(LitInt, LitInt),
}

/// The runtime, and every function.
pub(super) fn read(input: ParseStream<'_>) -> Result<(Runtime, Vec<Chain>)> {
    let runtime = Runtime::new(Some(&input.call(Path::parse_mod_style)?));
    input.parse::<Token![;]>()?;
    let mut chains = Vec::new();
    while !input.is_empty() {
        chains.push(chain(input)?);
    }
    Ok((runtime, chains))
}

const ARGUMENT: &str = "this function takes the error by reference: `fn why(error: &anyhow::Error)`";

fn chain(input: ParseStream<'_>) -> Result<Chain> {
    let attributes = input.call(Attribute::parse_outer)?;
    let (visibility, signature): (Visibility, Signature) = (input.parse()?, input.parse()?);
    let mut arguments = signature.inputs.iter();
    let error = match (arguments.next(), arguments.next()) {
        (Some(FnArg::Typed(argument)), None) => match &*argument.pat {
            Pat::Ident(name) => name.ident.clone(),
            other => return Err(Error::new_spanned(other, ARGUMENT)),
        },
        _ => return Err(Error::new_spanned(&signature.ident, ARGUMENT)),
    };
    let body;
    braced!(body in input);
    let mut diag = Diag::default();
    let (mut arms, mut other) = (Vec::new(), None);
    while !body.is_empty() {
        let span = body.span();
        if other.is_some() || arms.last().is_some_and(Arm::takes_all) {
            diag.span(span, "this arm is never reached: `_` above takes everything");
        }
        if body.peek(Token![_]) {
            other = rest(&body, &mut diag)?;
            comma(&body, false)?;
        } else {
            let arm = arm(&body, &mut diag)?;
            comma(&body, arm.ends_in_brace())?;
            arms.push(arm);
        }
    }
    let mistakes = diag.finish(Some(())).err();
    Ok(Chain { attributes, visibility, signature, error, arms, other, mistakes })
}

impl Arm {
    /// Whether nothing gets past it.
    pub(super) fn takes_all(&self) -> bool {
        matches!(self, Arm::Text(Text { other: Some(_), .. }))
    }

    fn ends_in_brace(&self) -> bool {
        matches!(self, Arm::Text(_) | Arm::Found { reason: Found::Text(_), .. })
    }
}

/// The comma after an arm; none is needed where that ends in a brace.
fn comma(input: ParseStream<'_>, ends_in_brace: bool) -> Result<()> {
    if !input.peek(Token![,]) && !input.is_empty() && !ends_in_brace {
        return Err(input.error("expected `,` before the next arm"));
    }
    input.parse::<Option<Token![,]>>().map(drop)
}

/// `_ => label`.
fn rest(input: ParseStream<'_>, diag: &mut Diag) -> Result<Option<Given>> {
    input.parse::<Token![_]>()?;
    input.parse::<Token![=>]>()?;
    given(input, diag)
}

fn arm(input: ParseStream<'_>, diag: &mut Diag) -> Result<Arm> {
    if input.peek(Token![match]) {
        return Ok(Arm::Text(text(input, diag)?));
    }
    let name = if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        Some(name)
    } else {
        None
    };
    let ty: Box<Type> = input.parse()?;
    let reason =
        if input.parse::<Option<Token![=>]>>()?.is_some() { found(input, diag)? } else { Found::Itself };
    match (&name, &reason) {
        (None, Found::Text(_)) => diag.at(&ty, "name the error that is found, so that `match` can read it: `error: TheError => match error.code() { .. }`"),
        (Some(_), Found::Text(_)) | (None, _) => {}
        (Some(name), _) => diag.at(name, "a name is for `match` only: drop it, or read the error with `=> match`"),
    }
    Ok(Arm::Found { ty, name, reason })
}

fn found(input: ParseStream<'_>, diag: &mut Diag) -> Result<Found> {
    if input.peek(Token![match]) {
        return Ok(Found::Text(text(input, diag)?));
    }
    let is_label = |word: &Ident| label::is_standard(&word.to_string());
    if !input.peek2(Token![::]) && input.fork().call(Ident::parse_any).is_ok_and(|word| is_label(&word)) {
        let broken = Found::Given(Given::Standard(unknown()));
        return Ok(given(input, diag)?.map_or(broken, Found::Given));
    }
    Ok(match input.parse()? {
        Expr::Path(path) => Found::Function(path),
        other => Found::Closure(Box::new(other)),
    })
}

/// `match READ { "text" => label, "prefix".. => label, 401 => label, _ => label }`.
fn text(input: ParseStream<'_>, diag: &mut Diag) -> Result<Text> {
    input.parse::<Token![match]>()?;
    let read = input.call(Expr::parse_without_eager_brace)?;
    let rows_of;
    braced!(rows_of in input);
    let mut seen = Seen::default();
    let (mut rows, mut other) = (Vec::new(), None);
    while !rows_of.is_empty() {
        if other.is_some() {
            diag.span(rows_of.span(), "this arm is never reached: `_` above takes everything");
        }
        if rows_of.peek(Token![_]) {
            other = rest(&rows_of, diag)?;
        } else {
            let mut patterns = vec![pattern(&rows_of, &mut seen, diag)?];
            while rows_of.parse::<Option<Token![|]>>()?.is_some() {
                patterns.push(pattern(&rows_of, &mut seen, diag)?);
            }
            rows_of.parse::<Token![=>]>()?;
            if let Some(reason) = given(&rows_of, diag)? {
                rows.push(Row { patterns, reason });
            }
        }
        if !rows_of.is_empty() {
            rows_of.parse::<Token![,]>()?;
        }
    }
    Ok(Text { read, rows, other })
}

/// What the patterns above take.
#[derive(Default)]
struct Seen {
    whole: Vec<String>,
    prefixes: Vec<String>,
    numbers: Vec<String>,
}

const PATTERN: &str = "write a whole text, `\"token_expired\"`, a text that it begins with, `\"Invalid claim: \"..`, or a number: what a text contains is not looked for, since that may be what somebody sent";

fn pattern(input: ParseStream<'_>, seen: &mut Seen, diag: &mut Diag) -> Result<Pattern> {
    if input.peek(LitInt) {
        let number: LitInt = input.parse()?;
        if !seen.whole.is_empty() || !seen.prefixes.is_empty() {
            diag.at(&number, "the arms above are texts: use a `match` of its own for numbers");
        }
        let digits = number.base10_digits().to_owned();
        note(&mut seen.numbers, digits, number.span(), diag);
        return match input.parse::<Option<Token![..=]>>()? {
            Some(_) => Ok(Pattern::Range(number, input.parse()?)),
            None => Ok(Pattern::Number(number)),
        };
    }
    let text: LitStr = input.parse().map_err(|error: Error| Error::new(error.span(), PATTERN))?;
    let value = text.value();
    if !seen.numbers.is_empty() {
        diag.at(&text, "the arms above are numbers: use a `match` of its own for texts");
    }
    if let Some(above) = seen.prefixes.iter().find(|above| value.starts_with(above.as_str())) {
        diag.at(&text, format!("this arm is never reached: `{above:?}..` above takes it"));
    }
    if input.parse::<Option<Token![..]>>()?.is_none() {
        note(&mut seen.whole, value, text.span(), diag);
        return Ok(Pattern::Whole(text));
    }
    if value.is_empty() {
        diag.at(&text, "every text begins with this: write `_`");
    } else {
        seen.prefixes.push(value);
    }
    Ok(Pattern::Prefix(text))
}

fn note(seen: &mut Vec<String>, value: String, span: Span, diag: &mut Diag) {
    if seen.contains(&value) {
        diag.span(span, format!("this arm is never reached: `{value}` is above already"));
    }
    seen.push(value);
}

/// A label, or the constant of a custom reason; nothing after a mistake.
fn given(input: ParseStream<'_>, diag: &mut Diag) -> Result<Option<Given>> {
    const REASON: &str =
        "expected a reason: its label, such as `token_expired`, or a constant of `custom_reason!`";
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        let near = label::nearest(&text.value());
        let label = near.first().unwrap_or(&"token_expired");
        diag.at(&text, format!("write the reason as its label, without quotes: `{label}`"));
        return Ok(None);
    }
    let path = Path::parse_mod_style(input).map_err(|error| Error::new(error.span(), REASON))?;
    match path.get_ident() {
        Some(word) if !word.to_string().starts_with(char::is_uppercase) => {
            Ok(diag.keep(label::variant(word)).map(Given::Standard))
        }
        _ => Ok(Some(Given::Constant(path))),
    }
}

fn unknown() -> Ident {
    Ident::new("Unknown", Span::call_site())
}
