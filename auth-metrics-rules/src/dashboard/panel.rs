//! One panel, and its JSON for Grafana.

use serde_json::{Value, json};

use super::super::query::Subject;
use super::colours::Told;
use super::properties::{overriding, thresholds};
use super::shape::Shape;
use super::table::Table;

pub(super) struct Panel {
    title: &'static str,
    description: String,
    shape: Shape,
    unit: &'static str,
    /// Width and height in cells of the grid.
    pub(super) size: (u32, u32),
    /// Queries and their legends.
    targets: Vec<(String, &'static str)>,
    told: Told,
    /// Where the colour changes: from this value on. Lines draw them.
    steps: Vec<(f64, &'static str)>,
    decimals: Option<u32>,
    /// What is said if there is no value.
    nothing: Option<&'static str>,
    exemplars: bool,
    table: Option<Table>,
    overrides: Vec<Value>,
}

pub(super) fn datasource() -> Value {
    json!({ "type": "prometheus", "uid": "${datasource}" })
}

impl Panel {
    pub(super) fn new(
        title: &'static str,
        description: impl Into<String>,
        shape: Shape,
        unit: &'static str,
        size: (u32, u32),
    ) -> Panel {
        Panel {
            title,
            description: description.into(),
            shape,
            unit,
            size,
            targets: Vec::new(),
            told: Told::Other,
            steps: Vec::new(),
            decimals: None,
            nothing: None,
            exemplars: false,
            table: None,
            overrides: Vec::new(),
        }
    }

    pub(super) fn query(mut self, expr: impl Into<String>, legend: &'static str) -> Panel {
        self.targets.push((expr.into(), legend));
        self
    }

    /// Gives each of the values that tell its lines apart a colour of its own.
    pub(super) fn told_by(self, told: Told) -> Panel {
        Panel { told, ..self }
    }

    /// Changes the colour from these values on; lines draw them as limits.
    pub(super) fn steps(self, steps: &[(f64, &'static str)]) -> Panel {
        Panel { steps: steps.to_vec(), ..self }
    }

    pub(super) fn decimals(self, decimals: u32) -> Panel {
        Panel { decimals: Some(decimals), ..self }
    }

    pub(super) fn or_say(self, nothing: &'static str) -> Panel {
        Panel { nothing: Some(nothing), ..self }
    }

    /// Shows the traces of single attempts, as far as Prometheus stores them.
    pub(super) fn with_exemplars(self) -> Panel {
        Panel { exemplars: true, ..self }
    }

    pub(super) fn columns(self, table: Table) -> Panel {
        Panel { table: Some(table), ..self }
    }

    /// Changes properties of what one query or one legend gives.
    pub(super) fn overriding(mut self, matcher: &str, of: &str, properties: &[(&str, Value)]) -> Panel {
        self.overrides.push(overriding(matcher, of, properties));
        self
    }

    pub(super) fn into_json(self, id: u32, grid: &Value, subject: Subject<'_>) -> Value {
        let mut overrides = self.told.overrides(subject);
        overrides.extend(self.overrides.iter().cloned());
        overrides.extend(self.table.iter().flat_map(Table::overrides));
        json!({
            "id": id,
            "type": self.shape.plugin(),
            "title": self.title,
            "description": self.description,
            "datasource": datasource(),
            "gridPos": grid,
            // The minimum step. Without it, `$__rate_interval` may hold fewer than four scrapes.
            "interval": format!("{}s", subject.options.scrape_interval.as_secs()),
            "targets": self.targets(),
            "fieldConfig": { "defaults": self.defaults(), "overrides": overrides },
            "options": self.shape.options(self.unit),
            "transformations": self.table.as_ref().map_or_else(|| json!([]), Table::transformations),
        })
    }

    fn targets(&self) -> Vec<Value> {
        let instant = self.shape.is_instant();
        let each = |(id, (expr, legend)): (char, &(String, &str))| {
            json!({
                "refId": id.to_string(), "datasource": datasource(), "expr": expr, "legendFormat": legend,
                "instant": instant, "range": !instant, "format": self.shape.format(), "editorMode": "code",
                "exemplar": self.exemplars,
            })
        };
        ('A'..).zip(&self.targets).map(each).collect()
    }

    fn defaults(&self) -> Value {
        let mut defaults = self.shape.defaults(self.unit);
        if !self.steps.is_empty() {
            defaults["thresholds"] = thresholds(self.shape.base(), &self.steps);
            if self.shape.draws_limits() {
                defaults["custom"]["thresholdsStyle"] = json!({ "mode": "dashed" });
                // Limits stay in sight while the values are far below them.
                let highest = self.steps.iter().fold(0.0_f64, |highest, (value, _)| highest.max(*value));
                defaults["custom"]["axisSoftMax"] = json!(highest * 1.1);
            }
        }
        if let Some(decimals) = self.decimals {
            defaults["decimals"] = json!(decimals);
        }
        if let Some(nothing) = self.nothing {
            defaults["noValue"] = json!(nothing);
        }
        defaults
    }
}
