//! One panel, and its JSON for Grafana.

use serde_json::{Value, json};

/// How a panel shows its series.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Lines over time.
    Lines,
    /// Areas on top of each other.
    Stack,
    /// The last value: red below the first step, green from the second on.
    Stat { bad_below: f64, good_from: f64 },
    /// The last value in one colour.
    Number,
    /// The last values as bars, red below the first step, green from the second on.
    Bars { bad_below: f64, good_from: f64 },
    /// The last values as a table, the highest first.
    Table,
    /// How durations spread over time.
    Heatmap,
}

/// Colours of outcomes, faults and key states.
const COLOURS: [(&str, &str); 12] = [
    ("success", "green"),
    ("rejected", "yellow"),
    ("error", "red"),
    ("interim", "blue"),
    ("cancelled", "purple"),
    ("client", "yellow"),
    ("attack", "orange"),
    ("server", "red"),
    ("neutral", "blue"),
    ("current", "green"),
    ("previous", "blue"),
    ("retired", "orange"),
];

pub(super) struct Panel {
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) shape: Shape,
    pub(super) unit: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Queries and their legends.
    pub(super) targets: Vec<(String, &'static str)>,
    /// Whether it shows the traces of single attempts.
    pub(super) exemplars: bool,
}

pub(super) fn datasource() -> Value {
    json!({ "type": "prometheus", "uid": "${datasource}" })
}

impl Panel {
    /// Shows the traces of single attempts, as far as Prometheus stores them.
    pub(super) fn with_exemplars(self) -> Panel {
        Panel { exemplars: true, ..self }
    }

    pub(super) fn into_json(self, id: u32, grid: &Value) -> Value {
        let instant = !matches!(self.shape, Shape::Lines | Shape::Stack | Shape::Heatmap);
        let format = match self.shape {
            Shape::Table => "table",
            Shape::Heatmap => "heatmap",
            _ => "time_series",
        };
        let targets: Vec<Value> = ('A'..)
            .zip(&self.targets)
            .map(|(id, (expr, legend))| {
                json!({
                    "refId": id.to_string(), "datasource": datasource(), "expr": expr, "legendFormat": legend,
                    "instant": instant, "range": !instant, "format": format, "editorMode": "code",
                    "exemplar": self.exemplars,
                })
            })
            .collect();
        json!({
            "id": id,
            "type": self.shape.plugin(),
            "title": self.title,
            "description": self.description,
            "datasource": datasource(),
            "gridPos": grid,
            "targets": targets,
            "fieldConfig": { "defaults": self.shape.defaults(self.unit), "overrides": self.shape.colours() },
            "options": self.shape.options(self.unit),
            "transformations": self.shape.transformations(),
        })
    }
}

impl Shape {
    fn plugin(self) -> &'static str {
        match self {
            Shape::Lines | Shape::Stack => "timeseries",
            Shape::Stat { .. } | Shape::Number => "stat",
            Shape::Bars { .. } => "bargauge",
            Shape::Table => "table",
            Shape::Heatmap => "heatmap",
        }
    }

    fn defaults(self, unit: &str) -> Value {
        match self {
            Shape::Lines => json!({
                "unit": unit, "min": 0, "color": { "mode": "palette-classic" },
                "custom": { "drawStyle": "line", "lineWidth": 1, "fillOpacity": 8, "showPoints": "never", "spanNulls": true },
            }),
            Shape::Stack => json!({
                "unit": unit, "min": 0, "color": { "mode": "palette-classic" },
                "custom": {
                    "drawStyle": "line", "lineWidth": 1, "fillOpacity": 35, "showPoints": "never", "spanNulls": true,
                    "stacking": { "mode": "normal", "group": "A" },
                },
            }),
            Shape::Stat { bad_below, good_from } | Shape::Bars { bad_below, good_from } => json!({
                "unit": unit, "color": { "mode": "thresholds" },
                "thresholds": { "mode": "absolute", "steps": [
                    { "value": null, "color": "red" },
                    { "value": bad_below, "color": "orange" },
                    { "value": good_from, "color": "green" },
                ] },
            }),
            Shape::Number => json!({ "unit": unit, "color": { "mode": "fixed", "fixedColor": "text" } }),
            Shape::Table => json!({ "unit": unit, "color": { "mode": "thresholds" } }),
            Shape::Heatmap => json!({}),
        }
    }

    /// Gives a name the same colour in every panel.
    fn colours(self) -> Vec<Value> {
        if !matches!(self, Shape::Lines | Shape::Stack) {
            return Vec::new();
        }
        let fixed = |(name, colour): (&str, &str)| {
            let colour = json!({ "mode": "fixed", "fixedColor": colour });
            json!({
                "matcher": { "id": "byName", "options": name },
                "properties": [{ "id": "color", "value": colour }],
            })
        };
        COLOURS.into_iter().map(fixed).collect()
    }

    fn options(self, unit: &str) -> Value {
        let last = json!({ "calcs": ["lastNotNull"], "fields": "", "values": false });
        match self {
            Shape::Lines | Shape::Stack => json!({
                "legend": { "showLegend": true, "displayMode": "list", "placement": "bottom", "calcs": [] },
                "tooltip": { "mode": "multi", "sort": "desc" },
            }),
            Shape::Stat { .. } | Shape::Number => json!({
                "reduceOptions": last, "graphMode": "none", "justifyMode": "auto", "orientation": "auto", "textMode": "auto",
                "colorMode": if matches!(self, Shape::Number) { "value" } else { "background" },
                "percentChangeColorMode": "standard", "showPercentChange": false, "wideLayout": true,
            }),
            Shape::Bars { .. } => json!({
                "reduceOptions": last, "displayMode": "basic", "orientation": "horizontal", "showUnfilled": true,
                "legend": { "showLegend": false, "displayMode": "list", "placement": "bottom", "calcs": [] },
                "maxVizHeight": 300, "minVizHeight": 16, "minVizWidth": 8, "namePlacement": "auto", "sizing": "auto",
                "valueMode": "color",
            }),
            Shape::Table => json!({ "showHeader": true, "cellHeight": "sm", "frameIndex": 0 }),
            Shape::Heatmap => json!({
                "calculate": false, "yAxis": { "unit": unit },
                "color": {
                    "mode": "scheme", "scheme": "Blues", "steps": 64, "exponent": 0.5, "fill": "dark-blue", "reverse": false,
                },
                "exemplars": { "color": "rgba(255,0,255,0.7)" }, "showValue": "never",
                "cellGap": 1, "legend": { "show": false }, "tooltip": { "mode": "single", "yHistogram": false },
            }),
        }
    }

    fn transformations(self) -> Value {
        match self {
            Shape::Table => json!([
                { "id": "organize", "options": { "excludeByName": { "Time": true } } },
                { "id": "sortBy", "options": { "sort": [{ "field": "Value", "desc": true }] } },
            ]),
            _ => json!([]),
        }
    }
}
