//! `Table`: the columns of a table, their order, units, colours and links.

use serde_json::{Map, Value, json};

use super::properties::{overriding, thresholds};

/// What an empty cell says. Without it, each says what the whole panel says if it is empty.
const NOTHING: &str = "–";

/// The columns of a table. Labels that are no column are not shown.
pub(super) struct Table {
    columns: Vec<Column>,
    hidden: Vec<&'static str>,
    /// The title of the column to sort by, and whether the highest comes first.
    sorted_by: (String, bool),
    /// Whether several queries fill it, each a column.
    merged: bool,
}

/// A label or value, and how it is shown.
pub(super) struct Column {
    field: String,
    title: String,
    properties: Vec<(&'static str, Value)>,
}

impl Column {
    /// A label, under this title.
    pub(super) fn label(name: &str, title: &str, width: u32) -> Column {
        Column {
            field: name.to_owned(),
            title: title.to_owned(),
            properties: vec![("custom.width", json!(width))],
        }
    }

    /// The value of the only query.
    pub(super) fn value(title: impl Into<String>, unit: &str) -> Column {
        Column {
            field: "Value".to_owned(),
            title: title.into(),
            properties: vec![("unit", json!(unit)), ("noValue", json!(NOTHING))],
        }
    }

    /// The value of one of several queries.
    pub(super) fn of(query: char, title: impl Into<String>, unit: &str) -> Column {
        Column { field: format!("Value #{query}"), ..Column::value(title, unit) }
    }

    pub(super) fn with(mut self, property: &'static str, value: Value) -> Column {
        self.properties.push((property, value));
        self
    }

    pub(super) fn width(self, width: u32) -> Column {
        self.with("custom.width", json!(width))
    }

    pub(super) fn decimals(self, decimals: u32) -> Column {
        self.with("decimals", json!(decimals))
    }

    /// Colours the cell: green, or these colours from these values on.
    pub(super) fn coloured(self, base: &str, steps: &[(f64, &str)]) -> Column {
        self.with("thresholds", thresholds(base, steps))
            .with("custom.cellOptions", json!({ "type": "color-background", "mode": "basic" }))
    }

    pub(super) fn link(self, title: &str, url: &str, blank: bool) -> Column {
        self.with("links", json!([{ "title": title, "url": url, "targetBlank": blank }]))
    }

    /// Not shown, but links can read it.
    pub(super) fn unseen(self) -> Column {
        self.with("custom.hidden", json!(true)).with("custom.hideFrom", json!({ "viz": true }))
    }
}

impl Table {
    pub(super) fn new(columns: Vec<Column>, sorted_by: impl Into<String>, descending: bool) -> Table {
        Table { columns, hidden: vec!["Time"], sorted_by: (sorted_by.into(), descending), merged: false }
    }

    /// One row for equal labels of several queries, without these labels.
    pub(super) fn merged(mut self, hidden: &[&'static str]) -> Table {
        self.hidden.extend(hidden);
        Table { merged: true, ..self }
    }

    pub(super) fn transformations(&self) -> Value {
        let by_field = |value: &dyn Fn(usize, &Column) -> Value| -> Map<String, Value> {
            self.columns
                .iter()
                .enumerate()
                .map(|(index, each)| (each.field.clone(), value(index, each)))
                .collect()
        };
        let excluded: Map<String, Value> =
            self.hidden.iter().map(|name| ((*name).to_owned(), json!(true))).collect();
        let organized = json!({
            "id": "organize",
            "options": {
                "excludeByName": excluded,
                "indexByName": by_field(&|index, _| json!(index)),
                "renameByName": by_field(&|_, column| json!(column.title)),
            },
        });
        let (field, desc) = &self.sorted_by;
        let sorted = json!({ "id": "sortBy", "options": { "sort": [{ "field": field, "desc": desc }] } });
        let merged = self.merged.then(|| json!({ "id": "merge", "options": {} }));
        Value::Array(merged.into_iter().chain([organized, sorted]).collect())
    }

    pub(super) fn overrides(&self) -> Vec<Value> {
        self.columns.iter().map(|column| overriding("byName", &column.title, &column.properties)).collect()
    }
}
