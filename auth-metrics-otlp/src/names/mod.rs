//! What metrics and their attributes are called. Knows families, and no values.

mod conventions;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use auth_metrics::{Family, FamilyType};

use conventions::{LABELS, ROWS};

/// What metrics and attributes are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Names {
    /// As a scrape has them: rules and dashboards for Prometheus work unchanged.
    #[default]
    Scrape,
    /// By the conventions of OpenTelemetry: `auth.operation.duration` in seconds, `error.type` for a reason.
    OpenTelemetry,
}

/// A metric without its points.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    /// A level that is a sum of ups and downs, such as what is in flight: its values of several replicas may be added up.
    pub(crate) is_up_down: bool,
}

/// The units that stand at the end of a name in a scrape, with their names by UCUM.
const UNITS: [(&str, &str); 3] = [("_seconds", "s"), ("_bytes", "By"), ("_ratio", "1")];

impl Names {
    /// What a family is called. `full_name` is its name with the handle's namespace.
    pub(crate) fn metric(self, family: &Family, full_name: &str) -> Described {
        let unit =
            UNITS.iter().find(|(ending, _)| family.name.ends_with(ending)).map_or("", |(_, unit)| unit);
        if self == Names::Scrape {
            return Described { name: full_name.to_owned(), unit, is_up_down: false };
        }
        let namespace = full_name.strip_suffix(family.name).unwrap_or_default().trim_end_matches('_');
        let namespace = if namespace.is_empty() { String::new() } else { format!("{namespace}.") };
        match ROWS.iter().find(|row| row.family == family.name) {
            Some(row) => Described {
                name: format!("{namespace}{}", row.name),
                unit: row.unit,
                is_up_down: row.is_up_down,
            },
            None => Described { name: format!("{namespace}{}", by_rule(family)), unit, is_up_down: false },
        }
    }

    /// What a label and its value are called; none for an attribute that is left out.
    pub(crate) fn attribute<'l>(
        self,
        family: &Family,
        label: &'l str,
        value: &'l str,
    ) -> Option<(&'l str, Cow<'l, str>)> {
        if self == Names::Scrape {
            return Some((label, value.into()));
        }
        if label == "status" && family.name == conventions::TOKENS {
            // By the convention of `error.type`: what succeeded has none.
            return value.strip_prefix("failed_").map(|reason| (conventions::ERROR_TYPE, reason.into()));
        }
        let found = LABELS.iter().find(|(known, _)| *known == label);
        Some((found.map_or(label, |(_, name)| name), value.into()))
    }
}

/// The name of a family that no row of the table has. Whoever makes a name for Prometheus of it and its unit has the scrape's again.
fn by_rule(family: &Family) -> String {
    let name = match family.family_type {
        FamilyType::Counter => family.name.strip_suffix("_total").unwrap_or(family.name),
        _ => family.name,
    };
    let unit = UNITS.iter().find_map(|(ending, _)| name.strip_suffix(ending));
    let name = unit.unwrap_or(name);
    match name.split_once('_') {
        Some((first, rest)) => format!("{first}.{rest}"),
        None => name.to_owned(),
    }
}
