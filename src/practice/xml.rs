//! The XML of the query protocol, written by hand: a few elements, nothing to parse.

use std::fmt::Write;

/// A text as element content.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
    out
}

/// `<name>text</name>`.
pub(super) fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escaped(text))
}

/// `<name>inner</name>`, the inner part being XML already.
pub(super) fn around(name: &str, inner: &str) -> String {
    format!("<{name}>{inner}</{name}>")
}

/// `<name><member>…</member>…</name>`.
pub(super) fn members(name: &str, items: impl IntoIterator<Item = String>) -> String {
    let mut out = format!("<{name}>");
    for item in items {
        let _ = write!(out, "<member>{item}</member>");
    }
    let _ = write!(out, "</{name}>");
    out
}
