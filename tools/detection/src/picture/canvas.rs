//! SVG with axes.

use std::fmt::Write as _;

/// Colours that differ in brightness, too.
pub const INK: &str = "#23272f";
pub const GREY: &str = "#5f6670";
pub const LIGHT: &str = "#dfe3e8";
pub const BLUE: &str = "#1f5fa8";
pub const RED: &str = "#b3261e";
pub const GREEN: &str = "#1f7a4d";

/// Text of a drawing.
#[derive(Debug, Default)]
pub struct Canvas(String);

/// Where a word is anchored.
#[derive(Clone, Copy, Debug)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Canvas {
    pub fn add(&mut self, element: &str) {
        self.0.push_str(element);
        self.0.push('\n');
    }

    pub fn words(&mut self, (x, y): (f64, f64), anchor: Anchor, size: f64, colour: &str, words: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let words = words.replace('&', "&amp;").replace('<', "&lt;");
        self.add(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" fill=\"{colour}\" text-anchor=\"{anchor}\">{words}</text>"
        ));
    }

    pub fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), colour: &str, width: f64) {
        self.add(&format!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>"
        ));
    }

    pub fn dot(&mut self, (x, y): (f64, f64), radius: f64, colour: &str, opacity: f64) {
        self.add(&format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{colour}\" fill-opacity=\"{opacity}\"/>"
        ));
    }

    pub fn path(&mut self, points: &[(f64, f64)], colour: &str) {
        let mut path = String::new();
        for (at, (x, y)) in points.iter().enumerate() {
            // Writing to a string does not fail.
            let _ = write!(path, "{}{x:.1},{y:.1}", if at == 0 { "M" } else { "L" });
        }
        self.add(&format!("<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\"/>"));
    }

    /// The whole document.
    pub fn finish(self, width: f64, height: f64) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             font-family=\"DejaVu Sans, Verdana, sans-serif\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n{}</svg>\n",
            self.0
        )
    }
}

/// A rectangle with axes.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Panel {
    /// The point of shares of both axes.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.left + x.clamp(0.0, 1.0) * self.width, self.top + (1.0 - y.clamp(0.0, 1.0)) * self.height)
    }

    /// Draws title, frame and ticks. A tick is a share of its axis and a label.
    pub fn axes(&self, canvas: &mut Canvas, title: &str, x: &[(f64, &str)], y: &[(f64, &str)]) {
        canvas.words((self.left, self.top - 18.0), Anchor::Start, 17.0, INK, title);
        for &(share, label) in x {
            let (at, bottom) = self.at(share, 0.0);
            canvas.line((at, self.top), (at, bottom), LIGHT, 1.0);
            canvas.words((at, bottom + 18.0), Anchor::Middle, 12.0, GREY, label);
        }
        for &(share, label) in y {
            let (left, at) = self.at(0.0, share);
            canvas.line((left, at), (left + self.width, at), LIGHT, 1.0);
            canvas.words((left - 7.0, at + 4.0), Anchor::End, 12.0, GREY, label);
        }
        let corner = self.at(0.0, 0.0);
        canvas.line(corner, self.at(1.0, 0.0), GREY, 1.2);
        canvas.line(corner, self.at(0.0, 1.0), GREY, 1.2);
    }

    /// What the horizontal axis is.
    pub fn caption(&self, canvas: &mut Canvas, words: &str) {
        let (x, y) = self.at(0.5, 0.0);
        canvas.words((x, y + 40.0), Anchor::Middle, 13.0, GREY, words);
    }
}
