//! `Shape`: how a panel shows its series, as a plugin of Grafana and its options.

use serde_json::{Value, json};

#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Lines over time.
    Lines,
    /// Areas on top of each other.
    Stack,
    /// The last value, in the colour of its threshold.
    Stat,
    /// The last value and the name of its series.
    Named,
    /// The last values as bars: red first, other colours from the steps on.
    Bars,
    /// The last values as a table.
    Table,
    /// How durations spread over time.
    Heatmap,
}

impl Shape {
    pub(super) fn plugin(self) -> &'static str {
        match self {
            Shape::Lines | Shape::Stack => "timeseries",
            Shape::Stat | Shape::Named => "stat",
            Shape::Bars => "bargauge",
            Shape::Table => "table",
            Shape::Heatmap => "heatmap",
        }
    }

    pub(super) fn is_instant(self) -> bool {
        !matches!(self, Shape::Lines | Shape::Stack | Shape::Heatmap)
    }

    pub(super) fn format(self) -> &'static str {
        match self {
            Shape::Table => "table",
            Shape::Heatmap => "heatmap",
            _ => "time_series",
        }
    }

    pub(super) fn draws_limits(self) -> bool {
        matches!(self, Shape::Lines)
    }

    /// The colour below the first step.
    pub(super) fn base(self) -> &'static str {
        match self {
            Shape::Lines | Shape::Stack => "transparent",
            Shape::Bars => "red",
            _ => "green",
        }
    }

    pub(super) fn defaults(self, unit: &str) -> Value {
        let lines = |width: u32, fill: u32, stacking: &str| {
            json!({
                "unit": unit, "min": 0, "color": { "mode": "palette-classic" },
                "custom": {
                    // A gap is a gap: a line across it would make a black-out look calm.
                    "drawStyle": "line", "lineWidth": width, "fillOpacity": fill, "showPoints": "never", "spanNulls": false,
                    "stacking": { "mode": stacking, "group": "A" },
                },
            })
        };
        match self {
            Shape::Lines => lines(1, 6, "none"),
            // No lines: that of a value at zero would lie on top of the others.
            Shape::Stack => lines(0, 55, "normal"),
            Shape::Stat | Shape::Named | Shape::Bars => json!({
                "unit": unit, "color": { "mode": "thresholds" },
                "thresholds": { "mode": "absolute", "steps": [{ "value": null, "color": "text" }] },
            }),
            Shape::Table => json!({
                "unit": unit, "color": { "mode": "thresholds" },
                "thresholds": { "mode": "absolute", "steps": [{ "value": null, "color": "text" }] },
                "custom": { "align": "auto", "cellOptions": { "type": "auto" } },
            }),
            Shape::Heatmap => json!({}),
        }
    }

    pub(super) fn options(self, unit: &str) -> Value {
        let last = json!({ "calcs": ["lastNotNull"], "fields": "", "values": false });
        match self {
            Shape::Lines | Shape::Stack => json!({
                "legend": { "showLegend": true, "displayMode": "list", "placement": "bottom", "calcs": [] },
                "tooltip": { "mode": "multi", "sort": "desc" },
            }),
            Shape::Stat | Shape::Named => json!({
                "reduceOptions": last, "graphMode": "none", "justifyMode": "center", "orientation": "vertical",
                "textMode": if matches!(self, Shape::Named) { "value_and_name" } else { "auto" }, "colorMode": "value",
                "percentChangeColorMode": "standard", "showPercentChange": false, "wideLayout": false,
                "text": { "titleSize": 11, "valueSize": 20 },
            }),
            Shape::Bars => json!({
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
}
