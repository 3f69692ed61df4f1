//! The policy reader: what a policy document says, what IAM would refuse in it and where, and what a person left in from a guide.
//!
//! In: any text, and what it is read for. Out: a [`Reading`] with every fault at its line and column, in our words and IAM's. Source of the rules: the
//! grammar of the IAM User Guide (`reference_policies_grammar`), and IAM's messages as moto 5.2 (Apache-2.0) reproduces them,
//! with what AWS refuses beyond. AWS takes unknown actions and services, and so does the reader.

mod arns;
mod foreign;
pub(in crate::domain) mod json;
mod placeholders;
mod statements;

use std::collections::BTreeMap;
use std::fmt;

use super::caller::Caller;

pub use json::{LineColumn, LineIndex};

/// Characters of a managed policy, white space not counted (IAM quotas).
pub const MANAGED_SIZE: usize = 6144;

const LEGACY: &str = "The policy failed legacy parsing";

/// Characters of all inline policies of a user, white space not counted (IAM quotas).
pub const INLINE_SIZE: usize = 2048;

/// What is said of a description that IAM would not give back as it was written.
pub const GARBLED: &str = "IAM keeps letters beyond ASCII as question marks: write it without them.";

/// Whether IAM would not give a description back as it was written.
pub fn is_garbled(description: &str) -> bool {
    !description.is_ascii()
}

/// Characters that a policy of this kind can have, white space not counted.
pub fn size_limit(inline: bool) -> usize {
    if inline { INLINE_SIZE } else { MANAGED_SIZE }
}

/// The order in which IAM looks: of several faults it names the first of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Characters that the API itself refuses.
    Characters,
    /// No JSON, or not the grammar.
    Syntax,
    Version,
    /// What IAM calls legacy parsing.
    Legacy,
    /// Statement ids.
    Sid,
    /// Actions that are missing.
    NoAction,
    Resource,
    Action,
    /// Resources that are missing.
    NoResource,
    /// What only resource policies have.
    Identity,
}

/// Something that IAM refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFault {
    pub place: LineColumn,
    /// Where the other thing is that it speaks of: what appears twice.
    pub twin: Option<LineColumn>,
    /// What is wrong and what helps, in our words.
    pub words: String,
    pub iam: String,
    rank: Rank,
}

impl PolicyFault {
    /// What is wrong, what helps, and what IAM says; `at` says where a place of the document stands.
    pub fn told(&self, at: impl Fn(LineColumn) -> LineColumn) -> String {
        let twin = self.twin.map(at).map(|LineColumn { line, column }| format!(" The other is on line {line}, column {column}."));
        format!("{}{} (IAM says: {})", self.words, twin.unwrap_or_default(), self.iam)
    }

    /// Whether the API refuses the text before it is read as a policy: `ValidationError`, not `MalformedPolicyDocument`.
    pub fn is_validation(&self) -> bool {
        self.rank == Rank::Characters
    }
}

impl fmt::Display for PolicyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.place.line, self.place.column, self.told(|place| place))
    }
}

/// A text that a guide wants replaced, and that IAM would take as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    pub place: LineColumn,
    /// As it stands: `$AWS_ACCOUNT_ID`, `<bucket>`.
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// All that IAM refuses, in the order of the text.
    pub faults: Vec<PolicyFault>,
    /// What was left in from a guide.
    pub placeholders: Vec<Placeholder>,
    /// Characters without white space, as IAM counts them against its quotas.
    pub size: usize,
}

impl Reading {
    /// What IAM would answer: of several faults the one that it comes upon first. `None`: it takes the document.
    pub fn refusal(&self) -> Option<&PolicyFault> {
        self.faults.iter().min_by_key(|fault| fault.rank)
    }
}

/// What a document is read for, as far as that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purpose<'a> {
    /// A policy of a user's own: those may be of an older version of the language, and are smaller.
    pub inline: bool,
    /// The partition of the account; without one a document may not mix several.
    pub partition: Option<&'a str>,
    /// The account: its own id is no example of a guide.
    pub account: Option<&'a str>,
}

impl<'a> Purpose<'a> {
    /// The same for a policy of a user's own, or a managed one.
    #[must_use]
    pub fn inline(self, inline: bool) -> Self {
        Self { inline, ..self }
    }

    /// A managed policy of this caller's account.
    pub fn of(caller: Option<&'a Caller>) -> Self {
        Self {
            inline: false,
            partition: caller.map(|caller| caller.partition.id()),
            account: caller.map(|caller| caller.account.as_str()),
        }
    }
}

/// Characters without white space, as IAM counts them against its quotas.
pub fn size(text: &str) -> usize {
    text.chars().filter(|c| !is_blank(*c)).count()
}

pub fn read(text: &str, purpose: &Purpose<'_>) -> Reading {
    let mut faults = Faults::default();
    let mut found = Vec::new();
    characters(text, &mut faults);
    match json::read(text) {
        Ok(document) => {
            if text.starts_with(is_blank) {
                let words = "Blanks stand before the “{”, and IAM takes none there: remove them.";
                faults.add(Rank::Legacy, 0, words, "JSON strings must not have leading spaces");
            }
            statements::check(&document, purpose, &mut faults);
            left_in(&document, purpose, &mut found);
        }
        Err(fault) => {
            let (at, words) = foreign::name(text).unwrap_or((fault.at, fault.words));
            // Where the character itself is what is wrong, one remedy is enough.
            faults.0.retain(|(other, _)| *other != at);
            match legal(text[at..].chars().next().unwrap_or(' ')) {
                true => faults.syntax(at, words),
                false => faults.add(Rank::Characters, at, words, CHARACTERS),
            }
        }
    }
    faults.0.sort_by_key(|(at, _)| *at);
    found.sort_by_key(|(at, _): &(usize, Placeholder)| *at);
    let twins = faults.twins(text);
    let mut places = json::LineIndex::of(text);
    let faults = faults.0.into_iter().map(|(at, fault)| fault.into_fault(places.place(at), &twins)).collect();
    let mut places = json::LineIndex::of(text);
    let placeholders = found.into_iter().map(|(at, found)| Placeholder { place: places.place(at), ..found }).collect();
    Reading { faults, placeholders, size: size(text) }
}

/// A document, laid out for reading. A text that is not JSON comes back as it is.
pub fn laid_out(text: &str) -> String {
    json::read(text).map_or_else(|_| text.to_owned(), |document| document.laid_out())
}

/// What IAM's API takes in a document (the model's `policyDocumentType`).
fn legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}')
}

const CHARACTERS: &str = "The specified value for policyDocument is invalid. It must contain only printable ASCII characters.";

/// The first character that IAM takes nowhere in a document.
fn characters(text: &str, faults: &mut Faults) {
    if let Some((at, c)) = text.char_indices().find(|(_, c)| !legal(*c)) {
        let words = foreign::no_blank(c).unwrap_or_else(|| {
            format!(
                "“{c}” (U+{:04X}) is no character for a policy: IAM takes letters up to “ÿ” (U+00FF). Write it otherwise.",
                c as u32
            )
        });
        faults.add(Rank::Characters, at, words, CHARACTERS);
    }
}

/// What was left in from a guide; names in capitals only where a resource or a condition's value stands.
fn left_in(document: &json::Node, purpose: &Purpose<'_>, found: &mut Vec<(usize, Placeholder)>) {
    let mut take = |node: &json::Node, names: bool| {
        node.each_text(&mut |at, value| {
            let texts = placeholders::find(value, purpose.account, names).into_iter();
            found.extend(texts.map(|text| (at, Placeholder { place: LineColumn::default(), text })));
        });
    };
    let Some(statement) = document.get("Statement") else { return };
    for (key, value) in statement.items().iter().flat_map(json::Node::entries) {
        let names = matches!(key.text(), Some("Resource" | "NotResource" | "Condition"));
        take(value, names);
    }
}

const SYNTAX: &str = "Syntax errors in policy.";

/// What JSON takes for white space.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// A fault under construction; the place of another thing that it speaks of is known at the end.
struct Raw {
    words: String,
    iam: String,
    rank: Rank,
    twin: Option<usize>,
}

impl Raw {
    fn into_fault(self, place: LineColumn, twins: &BTreeMap<usize, LineColumn>) -> PolicyFault {
        let twin = self.twin.and_then(|twin| twins.get(&twin)).copied();
        PolicyFault { place, twin, words: self.words, iam: self.iam, rank: self.rank }
    }
}

/// The faults, each with the byte where it is.
#[derive(Default)]
struct Faults(Vec<(usize, Raw)>);

impl Faults {
    fn add(&mut self, rank: Rank, at: usize, words: impl Into<String>, iam: impl Into<String>) {
        self.0.push((at, Raw { words: words.into(), iam: iam.into(), rank, twin: None }));
    }

    fn syntax(&mut self, at: usize, words: impl Into<String>) {
        self.add(Rank::Syntax, at, words, SYNTAX);
    }

    /// The places of the things that faults speak of besides.
    fn twins(&self, text: &str) -> BTreeMap<usize, LineColumn> {
        let mut twins: Vec<usize> = self.0.iter().filter_map(|(_, fault)| fault.twin).collect();
        twins.sort_unstable();
        twins.dedup();
        let mut places = json::LineIndex::of(text);
        twins.into_iter().map(|twin| (twin, places.place(twin))).collect()
    }

    /// Something appears twice.
    fn twice(&mut self, at: usize, twin: usize, words: String) {
        self.0.push((at, Raw { words, iam: SYNTAX.to_owned(), rank: Rank::Syntax, twin: Some(twin) }));
    }
}
