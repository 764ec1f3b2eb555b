//! `About`: who an attempt is about and where it came from, while it runs.

use std::fmt::{self, Display, Write};
use std::net::{IpAddr, SocketAddr};

use super::text::{Bounded, Text};
use crate::groups::unwinding_stops;

/// Who an attempt is about: filled by the arguments of `#[auth_metered]`, by the function of its argument `context`, and by
/// [`note`](super::note).
///
/// What is set later replaces what was set before. A `None` changes nothing. Of a text, the first 256 bytes are kept. Nothing in here
/// ever becomes a label.
///
/// ```
/// use auth_metrics::events::About;
///
/// struct Session {
///     account: u64,
///     id: String,
/// }
///
/// fn session_of(returned: &Result<Session, String>, about: &mut About) {
///     if let Ok(session) = returned {
///         about.subject(session.account).session(&session.id);
///     }
/// }
/// # let mut about = About::default();
/// # session_of(&Ok(Session { account: 7, id: "s-1".into() }), &mut about);
/// ```
#[derive(Default)]
pub struct About {
    /// The texts one after another, in the order they were set.
    text: String,
    spans: Spans,
    pub(super) peer: Option<IpAddr>,
    source: Option<&'static str>,
}

/// Where the text of each field stands; none if it is not set.
pub(super) type Spans = [Option<Span>; Field::COUNT];

#[derive(Clone, Copy)]
pub(super) struct Span {
    start: u16,
    len: u16,
    pub(super) is_cut: bool,
}

impl Span {
    /// The part of a text, which this is the place of.
    pub(super) fn of(self, text: &str) -> Option<&str> {
        let start = usize::from(self.start);
        text.get(start..start + usize::from(self.len))
    }
}

/// A text that says who an attempt is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// Who tries: an account, a client id.
    Subject,
    /// The session.
    Session,
    /// A device that is known from an earlier success, such as a cookie.
    Device,
    /// What is asked for.
    Resource,
}

impl Field {
    pub(super) const COUNT: usize = Field::ALL.len();

    /// All of them.
    pub const ALL: &'static [Field] = &[Field::Subject, Field::Session, Field::Device, Field::Resource];

    /// Returns its word among the arguments of `#[auth_metered]`.
    pub const fn label(self) -> &'static str {
        match self {
            Field::Subject => "subject",
            Field::Session => "session",
            Field::Device => "device",
            Field::Resource => "resource",
        }
    }
}

impl About {
    /// Sets who tries.
    pub fn subject<M>(&mut self, subject: impl Identifier<M>) -> &mut About {
        self.set(Field::Subject, subject)
    }

    /// Sets the client's address: not that of a proxy in between.
    pub fn peer(&mut self, peer: impl Peer) -> &mut About {
        self.peer = peer.address().or(self.peer);
        self
    }

    /// Sets the session.
    pub fn session<M>(&mut self, session: impl Identifier<M>) -> &mut About {
        self.set(Field::Session, session)
    }

    /// Sets the device: a cookie that was given after an earlier success.
    pub fn device<M>(&mut self, device: impl Identifier<M>) -> &mut About {
        self.set(Field::Device, device)
    }

    /// Sets what is asked for.
    pub fn resource<M>(&mut self, resource: impl Identifier<M>) -> &mut About {
        self.set(Field::Resource, resource)
    }

    #[expect(clippy::needless_pass_by_value, reason = "what users pass is passed on")]
    fn set<M>(&mut self, field: Field, value: impl Identifier<M>) -> &mut About {
        if let Some(shown) = value.shown() {
            self.keep(field, format_args!("{shown}"));
        }
        self
    }

    fn keep(&mut self, field: Field, shown: fmt::Arguments<'_>) {
        if self.text.len() > Field::COUNT * Text::MOST {
            self.forget_replaced();
        }
        let start = self.text.len();
        let mut cut = Bounded { kept: &mut self.text, start, is_cut: false };
        // A `Display` that gives an error, or panics, has said all that it can. Some panic only because what they write is cut.
        unwinding_stops(|| cut.write_fmt(shown));
        let is_cut = cut.is_cut;
        self.spans[field as usize] = span(start, self.text.len(), is_cut);
    }

    /// Makes room: texts that were replaced still stand there.
    #[cold]
    fn forget_replaced(&mut self) {
        let before = std::mem::take(&mut self.text);
        for place in &mut self.spans {
            *place = place.and_then(|place| {
                let start = self.text.len();
                self.text.push_str(place.of(&before)?);
                span(start, self.text.len(), place.is_cut)
            });
        }
    }

    /// Takes over what another one says.
    pub(super) fn take_over(&mut self, other: &About) {
        for field in Field::ALL {
            self.copy(*field, other);
        }
        self.peer = other.peer.or(self.peer);
        self.source = other.source.or(self.source);
    }

    /// Takes over from an attempt around what is not said yet: who tries and from where, but not what is asked for.
    pub(super) fn complete(&mut self, around: &About) {
        for field in [Field::Subject, Field::Session, Field::Device] {
            if self.spans[field as usize].is_none() {
                self.copy(field, around);
            }
        }
        self.peer = self.peer.or(around.peer);
        self.source = self.source.or(around.source);
    }

    /// Takes over one text, if the other one has it.
    fn copy(&mut self, field: Field, other: &About) {
        let (texts, spans) = other.texts();
        let Some(place) = spans[field as usize] else { return };
        let Some(text) = place.of(texts) else { return };
        self.keep(field, format_args!("{text}"));
        if let Some(kept) = &mut self.spans[field as usize] {
            kept.is_cut = place.is_cut;
        }
    }

    /// Sets who tries, and the source, where that is not said yet.
    pub(super) fn complete_with(&mut self, subject: Option<&str>, source: Option<&'static str>) {
        if let Some(subject) = subject.filter(|_| self.spans[Field::Subject as usize].is_none()) {
            self.keep(Field::Subject, format_args!("{subject}"));
        }
        self.source = self.source.or(source);
    }

    /// All texts, and where each of them stands.
    pub(super) fn texts(&self) -> (&str, Spans) {
        (&self.text, self.spans)
    }

    /// Forgets everything, and keeps the memory of its texts. What stands there is overwritten with the next text.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.spans = Spans::default();
        (self.peer, self.source) = (None, None);
    }

    pub(crate) fn knows_subject(&self) -> bool {
        self.spans[Field::Subject as usize].is_some()
    }

    pub(crate) fn source(&self) -> Option<&'static str> {
        self.source
    }

    pub(crate) fn note_source(&mut self, source: &'static str) {
        self.source = Some(source);
    }
}

/// It never has more than some texts of 256 bytes.
fn span(start: usize, end: usize, is_cut: bool) -> Option<Span> {
    Some(Span { start: u16::try_from(start).ok()?, len: u16::try_from(end - start).ok()?, is_cut })
}

impl fmt::Debug for About {
    /// Shows what is set, and nothing of what it is.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = Field::ALL
            .iter()
            .filter(|field| self.spans[**field as usize].is_some())
            .map(|field| field.label());
        out.debug_set().entries(set).entries(self.peer.map(|_| "peer")).finish()
    }
}

/// An id that [`About`] can keep: anything that implements [`Display`], or an `Option` of it. The compiler finds `M`.
#[diagnostic::on_unimplemented(
    message = "this value can't be shown, so no event can keep it",
    note = "use a value that implements `Display`, such as a `&str` or the id of an account, or an `Option` of one",
    note = "the arguments of `#[auth_metered]` take an `AsRef<str>` too"
)]
pub trait Identifier<M> {
    /// The value as a text, if there is one.
    fn shown(&self) -> Option<impl Display>;
}

/// Marks how an [`Identifier`] is read. Nothing has these types.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it has no value")]
pub enum Shown {}
/// The same.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it has no value")]
pub enum Perhaps {}
/// The same.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it has no value")]
pub enum PerhapsBorrowed {}

impl<T: Display + ?Sized> Identifier<Shown> for T {
    fn shown(&self) -> Option<impl Display> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Display> Identifier<Perhaps> for Option<T> {
    fn shown(&self) -> Option<impl Display> {
        self.as_ref()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Display> Identifier<PerhapsBorrowed> for &Option<T> {
    fn shown(&self) -> Option<impl Display> {
        self.as_ref()
    }
}

/// The address of a client, with or without its port, or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an address",
    note = "use an `IpAddr`, a `SocketAddr`, or an `Option` of one; parse a text before",
    note = "behind a proxy, use the client's address: `auth_metrics::events::Forwarded` finds it"
)]
pub trait Peer {
    /// The address, if there is one.
    fn address(&self) -> Option<IpAddr>;
}

macro_rules! addresses {
    ($($address:ty: $this:ident => $ip:expr;)*) => {$(
        impl Peer for $address {
            fn address(&self) -> Option<IpAddr> {
                let $this = self;
                Some($ip)
            }
        }
    )*};
}

addresses! {
    IpAddr: this => *this;
    SocketAddr: this => this.ip();
    std::net::Ipv4Addr: this => (*this).into();
    std::net::Ipv6Addr: this => (*this).into();
    std::net::SocketAddrV4: this => (*this.ip()).into();
    std::net::SocketAddrV6: this => (*this.ip()).into();
}

impl<P: Peer + ?Sized> Peer for &P {
    fn address(&self) -> Option<IpAddr> {
        P::address(self)
    }
}

impl<P: Peer + ?Sized> Peer for &mut P {
    fn address(&self) -> Option<IpAddr> {
        P::address(self)
    }
}

impl<P: Peer> Peer for Option<P> {
    fn address(&self) -> Option<IpAddr> {
        self.as_ref().and_then(P::address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(about: &About, field: Field) -> Option<&str> {
        about.spans[field as usize].and_then(|span| span.of(&about.text))
    }

    #[test]
    fn later_values_replace_earlier_ones_and_none_changes_nothing() {
        let mut about = About::default();
        about.subject("one").subject(None::<&str>).session(&Some(7)).device(String::from("d"));
        assert_eq!(text(&about, Field::Subject), Some("one"));
        about.subject(Some("two")).peer(None::<SocketAddr>).peer(IpAddr::from([192, 0, 2, 1]));
        let texts = Field::ALL.iter().map(|field| text(&about, *field)).collect::<Vec<_>>();
        assert_eq!(texts, [Some("two"), Some("7"), Some("d"), None]);
        assert_eq!(about.peer, Some(IpAddr::from([192, 0, 2, 1])));
    }

    #[test]
    fn an_empty_text_is_set() {
        let mut about = About::default();
        about.resource("");
        assert_eq!((text(&about, Field::Resource), text(&about, Field::Subject)), (Some(""), None));
    }

    #[test]
    fn debug_names_the_fields_alone() {
        let mut about = About::default();
        about.subject("marker").peer(IpAddr::from([192, 0, 2, 1]));
        assert_eq!(format!("{about:?}"), r#"{"subject", "peer"}"#);
    }

    #[test]
    fn a_display_that_fails_keeps_what_it_said() {
        struct Broken;
        impl Display for Broken {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("half")?;
                Err(fmt::Error)
            }
        }
        let mut about = About::default();
        about.subject(Broken);
        assert_eq!(text(&about, Field::Subject), Some("half"));
        assert!(about.spans.iter().flatten().all(|span| !span.is_cut));
    }

    #[test]
    fn texts_that_are_replaced_again_and_again_take_no_more_room() {
        let mut about = About::default();
        about.session("s");
        for index in 0..10_000 {
            about.subject(format!("{index:0256}"));
        }
        assert!(about.text.len() <= (Field::COUNT + 2) * Text::MOST, "{}", about.text.len());
        assert_eq!(text(&about, Field::Session), Some("s"));
        assert!(text(&about, Field::Subject).is_some_and(|subject| subject.ends_with("9999")));
    }
}
