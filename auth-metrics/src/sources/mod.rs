//! Sources of attempts whose names come from configuration: identity providers and classes of networks. Keeps no address, and
//! knows nothing of handles.

mod networks;
mod providers;

pub(crate) use networks::parse_range;
pub use networks::{NetworkClass, Networks, NetworksError};
pub use providers::{Provider, Providers, ProvidersError};

use crate::terms::label;

/// The most names that can be configured.
const MOST: usize = 16;

/// Makes labels that live as long as the process. They are few, and made once.
fn leaked(labels: Vec<String>) -> &'static [&'static str] {
    let labels: Vec<&'static str> = labels.into_iter().map(|label| &*label.leak()).collect();
    labels.leak()
}

/// Returns whether a name can be a label of its own.
fn is_free(name: &str, taken: &[&str]) -> bool {
    label::is_name(name) && name != label::OTHER && !taken.contains(&name)
}
