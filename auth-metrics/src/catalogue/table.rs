//! The catalogue as a table for people.

use std::fmt;

use super::{Catalogue, Operation};

const HEADINGS: [&str; 5] = ["operation", "kind", "reasons", "attempts", "series"];

/// The number of columns with text, which is aligned to the left.
const TEXTS: usize = 2;

impl fmt::Display for Catalogue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |operation: &Operation| {
            [
                operation.name().to_owned(),
                operation.kind().label().to_owned(),
                if operation.has_unknown_reasons() {
                    "any".to_owned()
                } else {
                    operation.reasons().len().to_string()
                },
                operation.attempts().to_string(),
                operation.series(self.services()).to_string(),
            ]
        };
        let rows: Vec<[String; 5]> = self.iter().map(row).collect();
        let mut widths = HEADINGS.map(str::len);
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.len().max(*width);
            }
        }
        write_row(out, HEADINGS, widths, "where")?;
        for (operation, row) in self.iter().zip(&rows) {
            let mut places = operation.functions().iter().map(ToString::to_string);
            let first = places.next().unwrap_or_else(|| "by hand".to_owned());
            write_row(out, row.each_ref().map(String::as_str), widths, &first)?;
            for place in places {
                write_row(out, [""; 5], widths, &place)?;
            }
        }
        self.write_summary(out)
    }
}

fn write_row(out: &mut fmt::Formatter<'_>, cells: [&str; 5], widths: [usize; 5], place: &str) -> fmt::Result {
    for (column, (cell, width)) in cells.into_iter().zip(widths).enumerate() {
        if column < TEXTS {
            write!(out, "{cell:<width$}  ")?;
        } else {
            write!(out, "{cell:>width$}  ")?;
        }
    }
    writeln!(out, "{place}")
}

impl Catalogue {
    fn write_summary(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let services = self.services();
        let (total, shared) = (self.series(services), self.shared_series(services));
        writeln!(out, "{total} series for {}, {shared} of them shared", counted(services, "service"))?;
        let unseen: Vec<&str> = self.unseen().map(Operation::name).collect();
        if !unseen.is_empty() {
            writeln!(out, "no attempts yet: {}", unseen.join(", "))?;
        }
        for operation in self.unknown_reasons() {
            write!(out, "reasons unknown: {}, because ", operation.name())?;
            operation.write_unknown(out)?;
            writeln!(out)?;
        }
        for operation in self.conflicts() {
            write!(out, "kinds differ: {} is ", operation.name())?;
            operation.write_kinds(out)?;
            writeln!(out)?;
        }
        for operation in self.swallowed() {
            let (name, times) = (operation.name(), counted_times(operation.swallowed()));
            writeln!(out, "swallowed: {name} ended better than an attempt inside of it, {times}")?;
        }
        for operation in self.account_oracles() {
            writeln!(out, "account oracle: {} reveals which accounts do not exist", operation.name())?;
        }
        Ok(())
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn counted_times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

impl Operation {
    /// Writes why its reasons are unknown, with the places.
    pub(super) fn write_unknown(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unknown = self.functions().iter().filter(|function| function.reasons().is_none());
        for (index, function) in unknown.enumerate() {
            let separator = if index == 0 { "its error type at " } else { " and at " };
            write!(out, "{separator}{function}")?;
        }
        out.write_str(" is generic or named like a generic (no lowercase letter), is spelled with `Self`, is declared inside a function, or a function of yours gives the reason and nothing lists which")
    }

    /// Writes the kind and place of every function.
    pub(super) fn write_kinds(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, function) in self.functions().iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(out, "{separator}{} at {function}", function.kind().label())?;
        }
        Ok(())
    }
}
