//! The policy reader: what a policy document says, what IAM would refuse in it and where, and what a person left in from a guide.
//!
//! In: any text. Out: a [`Reading`] with every fault at its line and column, in our words and IAM's. Source of the rules: the
//! grammar of the IAM User Guide (`reference_policies_grammar`), and IAM's messages as moto 5.2 (Apache-2.0) reproduces them,
//! with what AWS refuses beyond. AWS takes unknown actions and services, and so does the reader.

mod arns;
mod json;
mod statements;

use std::fmt;

pub use json::{Place, Places};

/// Characters of a managed policy, white space not counted (IAM quotas).
pub const MANAGED_SIZE: usize = 6144;

/// Characters of all inline policies of a user, white space not counted (IAM quotas).
pub const INLINE_SIZE: usize = 2048;

/// Characters that a policy of this kind can have, white space not counted.
pub fn size_limit(inline: bool) -> usize {
    if inline { INLINE_SIZE } else { MANAGED_SIZE }
}

/// The order in which IAM looks: of several faults it names the first of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// No JSON, or not the grammar.
    Syntax,
    /// The version.
    Version,
    /// What IAM calls legacy parsing.
    Legacy,
    /// Statement ids.
    Sid,
    /// Actions that are missing.
    NoAction,
    /// The form of resources.
    Resource,
    /// The form of actions.
    Action,
    /// Resources that are missing.
    NoResource,
    /// What only resource policies have.
    Identity,
}

/// Something that IAM refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFault {
    /// Where it is.
    pub place: Place,
    /// What is wrong and what helps, in our words.
    pub words: String,
    /// What IAM says of it.
    pub iam: String,
    rank: Rank,
}

impl fmt::Display for PolicyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {} (IAM says: {})", self.place.line, self.place.column, self.words, self.iam)
    }
}

/// A text that a guide wants replaced, and that IAM would take as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Where it is.
    pub place: Place,
    /// As it stands: `$AWS_ACCOUNT_ID`, `<bucket>`.
    pub text: String,
}

/// What was read.
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

/// Reads a policy document for a user, group or managed policy.
pub fn read(text: &str) -> Reading {
    let mut faults = Faults::default();
    let mut found = Vec::new();
    match json::read(text) {
        Ok(document) => {
            statements::check(&document, &mut faults);
            document.each_text(&mut |at, value| placeholders(at, value, &mut found));
        }
        Err(fault) => faults.syntax(fault.at, fault.words),
    }
    faults.0.sort_by_key(|(at, _)| *at);
    found.sort_by_key(|(at, _): &(usize, Placeholder)| *at);
    let mut places = json::Places::of(text);
    let faults = faults.0.into_iter().map(|(at, fault)| PolicyFault { place: places.place(at), ..fault }).collect();
    let mut places = json::Places::of(text);
    let placeholders = found.into_iter().map(|(at, found)| Placeholder { place: places.place(at), ..found }).collect();
    Reading { faults, placeholders, size: text.chars().filter(|c| !is_blank(*c)).count() }
}

const SYNTAX: &str = "Syntax errors in policy.";

/// What JSON takes for white space.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// The faults, each with the byte where it is.
#[derive(Default)]
struct Faults(Vec<(usize, PolicyFault)>);

impl Faults {
    fn add(&mut self, rank: Rank, at: usize, words: impl Into<String>, iam: impl Into<String>) {
        self.0.push((at, PolicyFault { place: Place::default(), words: words.into(), iam: iam.into(), rank }));
    }

    fn syntax(&mut self, at: usize, words: impl Into<String>) {
        self.add(Rank::Syntax, at, words, SYNTAX);
    }
}

/// The longest name that a guide has for something.
const LONGEST: usize = 64;

/// `<name>`, `$NAME`, `${NAME}`, `YOUR_…`: IAM takes each as plain text. `${aws:username}`, with its colon, is a variable of IAM's
/// own, and `${*}`, `${?}`, `${$}` stand for these characters.
fn placeholders(at: usize, value: &str, found: &mut Vec<(usize, Placeholder)>) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_- .".contains(c);
    let mut rest = value;
    while let Some(from) = rest.find(['<', '$', 'Y', 'y']) {
        let here = &rest[from..];
        let length = match here.as_bytes().first() {
            Some(b'<') => {
                let name = here[1..].chars().take(LONGEST).take_while(|c| is_name(*c)).count();
                // Characters of a name are of one byte.
                (name > 0 && here[1 + name..].starts_with('>')).then_some(name + 2)
            }
            Some(b'$') if here[1..].starts_with('{') => {
                let name: usize = here[2..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_-.".contains(*c)).count();
                (name > 0 && here[2 + name..].starts_with('}')).then_some(name + 3)
            }
            Some(b'$') => {
                let name: usize = here[1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').count();
                here[1..].starts_with(|c: char| c.is_ascii_uppercase()).then_some(name + 1)
            }
            _ => {
                let is_your =
                    here.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("your_") || word.eq_ignore_ascii_case("your-"));
                is_your.then(|| here.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).count())
            }
        };
        if let Some(length) = length {
            found.push((at, Placeholder { place: Place::default(), text: here[..length].to_owned() }));
        }
        rest = &here[length.unwrap_or(1)..];
    }
}
