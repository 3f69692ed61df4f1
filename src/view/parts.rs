//! What a page is made of.

use std::borrow::Cow;

use super::FormView;
use crate::domain::secret::Secret;

/// How something is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// Less than the rest.
    Dim,
    /// A heading, the current place.
    Accent,
    /// All is well.
    Good,
    /// Wrong.
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
    /// A paragraph.
    Text {
        /// Its indent.
        indent: usize,
        /// How it is meant.
        tone: Tone,
        /// Its text.
        text: Cow<'a, str>,
    },
    /// A paragraph behind a sign.
    Remark(Remark),
    /// A value behind its label.
    Labelled {
        /// The label.
        label: &'static str,
        /// How the value is meant.
        tone: Tone,
        /// The value.
        value: String,
    },
    /// A secret behind its label, where it is to be seen now. Where it ends: on the face.
    Secret {
        /// The label.
        label: &'static str,
        /// The secret; none where it stays covered.
        shown: Option<Secret>,
    },
    /// A text that keeps the indent of its lines.
    Pasted(String),
    /// Fields.
    Form(FormView<'a>),
    /// What a page was answered with, which it opens.
    Block {
        /// Its place among the entries.
        index: usize,
        /// Its title.
        title: &'static str,
        /// It is highlighted.
        is_at: bool,
        /// The answer, a line each.
        lines: Vec<String>,
        /// What stands against it.
        findings: Vec<Remark>,
    },
    /// The calls, each with the permission that it needs; none while they are not known.
    Calls(Option<Vec<(String, &'static str)>>),
    /// What makes the calls; they are to be seen with it.
    Button {
        /// Its place among the entries.
        index: usize,
        /// It is highlighted.
        is_at: bool,
        /// Its words.
        words: String,
    },
    /// A step of a run.
    Step(StepView),
    /// An entry of a menu.
    Entry {
        /// Its place.
        index: usize,
        /// It is highlighted.
        is_at: bool,
        /// Its key.
        key: Option<char>,
        /// Its words.
        words: Cow<'a, str>,
        /// What it means, said where it is highlighted.
        about: Cow<'a, str>,
    },
}

/// A paragraph behind a sign.
pub struct Remark {
    /// The indent of the sign.
    pub indent: usize,
    /// The sign.
    pub sign: &'static str,
    /// How it is meant.
    pub tone: Tone,
    /// Its text.
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

/// A step of a run.
#[derive(Clone, Debug)]
pub struct StepView {
    /// What it does.
    pub words: String,
    /// The sign of its state.
    pub sign: &'static str,
    /// How its state is meant.
    pub tone: Tone,
    /// Its state, in a word.
    pub state: &'static str,
    /// It is being done.
    pub is_moving: bool,
    /// Why it waits.
    pub pause: Option<String>,
    /// Why it is so.
    pub reason: Option<String>,
    /// All of it in one line, for a face that tells it once; empty while there is nothing to tell.
    pub line: String,
}
