//! What a page is made of.

use std::borrow::Cow;

use super::FormView;
use crate::domain::secret::Secret;

/// How something is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    /// Less than the rest.
    Dim,
    /// A heading, the current place.
    Accent,
    Good,
    Bad,
    /// Worth a second thought.
    Warning,
}

/// A part of a page. An indent is in columns.
pub enum Part<'a> {
    /// An empty line.
    Blank,
    /// Why the page is asked; the walkthrough's own words stand in its place where they stand nowhere else.
    Why(&'a str),
    Text {
        indent: usize,
        tone: Tone,
        text: Cow<'a, str>,
    },
    /// A paragraph behind a sign.
    Remark(Remark),
    /// A value behind its label.
    Labelled {
        label: &'static str,
        /// How the value is meant.
        tone: Tone,
        value: String,
    },
    /// A secret behind its label, where it is to be seen now. Where it ends: on the face.
    Secret {
        label: &'static str,
        /// The secret; none where it stays covered.
        shown: Option<Secret>,
    },
    /// A text that keeps the indent of its lines.
    Pasted(String),
    Form(FormView<'a>),
    /// What a page was answered with, which it opens.
    Block {
        /// Its place among the entries.
        index: usize,
        title: &'static str,
        is_at: bool,
        /// The answer, a line each.
        lines: Vec<String>,
        /// What speaks against it.
        findings: Vec<Remark>,
    },
    /// The calls, each with the permission that it needs; none while they are not known.
    Calls(Option<Vec<(String, &'static str)>>),
    /// What makes the calls; they are to be seen with it.
    Button {
        /// Its place among the entries.
        index: usize,
        is_at: bool,
        words: String,
    },
    Step(StepView),
    Entry {
        index: usize,
        is_at: bool,
        key: Option<char>,
        words: Cow<'a, str>,
        /// What it means, said where it is highlighted.
        about: Cow<'a, str>,
    },
}

/// A paragraph behind a sign.
pub struct Remark {
    /// The indent of the sign.
    pub indent: usize,
    pub sign: &'static str,
    pub tone: Tone,
    pub text: String,
}

impl Remark {
    /// At the usual indent.
    pub(super) fn new(sign: &'static str, tone: Tone, text: impl Into<String>) -> Self {
        Self { indent: 2, sign, tone, text: text.into() }
    }
}

impl From<Remark> for Part<'_> {
    fn from(remark: Remark) -> Self {
        Self::Remark(remark)
    }
}

#[derive(Clone, Debug)]
pub struct StepView {
    pub words: String,
    pub sign: &'static str,
    /// How its state is meant.
    pub tone: Tone,
    pub state: &'static str,
    pub is_moving: bool,
    /// Why it waits.
    pub pause: Option<String>,
    pub reason: Option<String>,
    /// All of it in one line, for a face that tells it once; empty while there is nothing to tell.
    pub line: String,
}
