//! The tree of a TOML text, with the place of each key and value, and settings of the command line put into it.

use std::cell::RefCell;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::{SourceLocation, WalkthroughFault};
use crate::domain::policy::{LineColumn, LineIndex};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub location: SourceLocation,
    pub value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Bool(bool),
    List(Vec<Node>),
    /// In the order of the file.
    Table(Vec<(String, SourceLocation, Node)>),
    /// Of a type that the format has no use for: its name.
    Other(&'static str),
}

impl Value {
    /// The type's name, with its article.
    pub fn type_words(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Bool(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other("integer" | "float") => "a number",
            Self::Other(_) => "a date or time",
        }
    }
}

/// A setting of the command line: `--set key=value`, or an option that stands for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The key, its parts joined by points: `hand-over.output`.
    pub key: String,
    /// The value: TOML where it is that, else a text.
    pub value: String,
    /// As the command line has it, for faults.
    pub from: String,
    /// It is a text, whatever it looks like.
    pub is_text: bool,
}

/// Reads a text into its tree.
///
/// # Errors
/// Everything that is no TOML.
pub(super) fn parse(text: &str, source: &Arc<str>) -> Result<Node, Vec<WalkthroughFault>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let cursor = Cursor::of(text);
    let location_of = |at: usize| {
        // A literal of many lines stands there as it is: its first line is the next one where it begins with a line end.
        let opening = text.get(at..).and_then(|rest| rest.strip_prefix(LITERAL));
        let inner = opening.map(|rest| at + 3 + if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) });
        let place = Some(cursor.place(at));
        SourceLocation { source: Arc::clone(source), place, inner: inner.map(|inner| cursor.place(inner)) }
    };
    if errors.is_empty() {
        return Ok(node(table.into_inner(), location_of(0), &location_of));
    }
    let fault = |error: toml::de::Error| {
        let words = error.message().to_owned();
        let remedy = if words.contains("duplicate key") { ": one question, two answers; keep one of them" } else { "" };
        WalkthroughFault {
            source: source.to_string(),
            place: error.span().map(|span| cursor.place(span.start)),
            words: format!("This is not TOML: {words}{remedy}."),
        }
    };
    // What comes behind the first few only follows from them.
    Err(errors.into_iter().take(FIRST).map(fault).collect())
}

/// What opens a literal of many lines.
const LITERAL: &str = "'''";

/// How many faults of a text that is no TOML are told.
const FIRST: usize = 3;

/// The places of a text's bytes, mostly asked for in ascending order.
struct Cursor<'a> {
    text: &'a str,
    /// The byte that was asked for last, and the places from there on.
    last: RefCell<(usize, LineIndex<'a>)>,
}

impl<'a> Cursor<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, last: RefCell::new((0, LineIndex::of(text))) }
    }

    fn place(&self, at: usize) -> LineColumn {
        let mut last = self.last.borrow_mut();
        if at < last.0 {
            last.1 = LineIndex::of(self.text);
        }
        last.0 = at;
        last.1.place(at)
    }
}

fn node(table: DeTable<'_>, location: SourceLocation, location_of: &dyn Fn(usize) -> SourceLocation) -> Node {
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let entries = entries.into_iter().map(|(key, value)| {
        let at = location_of(key.span().start);
        let span = value.span();
        // A table that other lines open stands where its key does.
        let value_spot = if matches!(value.get_ref(), DeValue::Table(_)) { at.clone() } else { location_of(span.start) };
        (key.into_inner().into_owned(), at, value_node(value.into_inner(), value_spot, location_of))
    });
    Node { location, value: Value::Table(entries.collect()) }
}

fn value_node(value: DeValue<'_>, location: SourceLocation, location_of: &dyn Fn(usize) -> SourceLocation) -> Node {
    let other = value.type_str();
    let value = match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Boolean(on) => Value::Bool(on),
        DeValue::Array(items) => Value::List(
            items
                .into_iter()
                .map(|item| {
                    let at = location_of(item.span().start);
                    value_node(item.into_inner(), at, location_of)
                })
                .collect(),
        ),
        DeValue::Table(table) => return node(table, location, location_of),
        _ => Value::Other(other),
    };
    Node { location, value }
}

impl Node {
    /// Puts a setting in place of what stands there.
    ///
    /// # Errors
    /// What is wrong with the setting itself.
    pub fn set(&mut self, setting: &Setting) -> Result<(), WalkthroughFault> {
        self.meant(&setting.key).into_iter().try_for_each(|key| self.put(&Setting { key, ..setting.clone() }))
    }

    fn entry(&self, name: &str) -> Option<&Self> {
        let Value::Table(entries) = &self.value else { return None };
        entries.iter().find(|(key, ..)| key == name).map(|(.., node)| node)
    }

    /// The keys that a person means: a question of the file is answered by its own name as well, and who is copied from is asked
    /// wherever an answer asks it.
    fn meant(&self, key: &str) -> Vec<String> {
        let question = |kind: &str, id: &str| {
            let is_table = |node: &Self| matches!(node.value, Value::Table(_));
            self.entry(kind).and_then(|table| table.entry(id)).is_some_and(is_table)
        };
        let parts: Vec<&str> = key.split('.').collect();
        match parts[..] {
            ["variables", id] if question("variables", id) => vec![format!("{key}.value")],
            ["choices", id] if question("choices", id) => vec![format!("{key}.default")],
            [id] if self.entry(id).is_none() && question("variables", id) => vec![format!("variables.{id}.value")],
            [id] if self.entry(id).is_none() && question("choices", id) => vec![format!("choices.{id}.default")],
            ["permissions", "copy-from"] => {
                let asks = self.answers_that_copy();
                if asks.is_empty() { vec![key.to_owned()] } else { asks }
            }
            _ => vec![key.to_owned()],
        }
    }

    /// The keys of the answers that ask whose permissions are copied.
    fn answers_that_copy(&self) -> Vec<String> {
        let Some(Value::Table(choices)) = self.entry("choices").map(|choices| &choices.value) else { return Vec::new() };
        let asks = |answer: &Self| {
            let from = answer.entry("permissions").and_then(|permissions| permissions.entry("copy-from"));
            from.is_some_and(|from| matches!(from.value, Value::Bool(true)))
        };
        let mut keys = Vec::new();
        for (id, _, choice) in choices {
            let of = |path: &str, answers: Option<&Self>| -> Vec<String> {
                let Some(Value::Table(answers)) = answers.map(|answers| &answers.value) else { return Vec::new() };
                let asking = answers.iter().filter(|(.., answer)| asks(answer));
                asking.map(|(answer, ..)| format!("choices.{id}{path}.{answer}.permissions.copy-from")).collect()
            };
            keys.extend(of(".answers", choice.entry("answers")));
            keys.extend(of("", Some(choice)));
        }
        keys
    }

    fn put(&mut self, setting: &Setting) -> Result<(), WalkthroughFault> {
        let fault = |words: &str| WalkthroughFault { source: setting.from.clone(), place: None, words: words.to_owned() };
        let location = SourceLocation { source: Arc::from(setting.from.as_str()), place: None, inner: None };
        let parts: Vec<&str> = setting.key.split('.').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return Err(fault("A setting looks like “user.name=bob”."));
        }
        let location_of = |_| location.clone();
        let value = match DeValue::parse(&setting.value) {
            // A number is as good as a text here: the format has no use for numbers.
            Ok(value)
                if !setting.is_text
                    && matches!(
                        value.get_ref(),
                        DeValue::String(_) | DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_)
                    ) =>
            {
                value_node(value.into_inner(), location.clone(), &location_of)
            }
            _ => Node { location: location.clone(), value: Value::Text(setting.value.clone()) },
        };
        let fixed = || fault("The walkthrough fixes this value; nobody can change it.");
        if self.fixes_permissions() && is_of_permissions(&parts) {
            return Err(fixed());
        }
        let mut here = self;
        for (i, part) in parts.iter().enumerate() {
            if here.is_fixed() {
                return Err(fixed());
            }
            let Value::Table(entries) = &mut here.value else {
                return Err(fault(&format!("“{}” has no parts.", parts[..i].join("."))));
            };
            let at = match entries.iter().position(|(key, ..)| key == part) {
                Some(at) => at,
                None if i == 1 && ["choices", "variables", "policies", "groups"].contains(&parts[0]) && !entries.is_empty() => {
                    let names: Vec<&str> = entries.iter().map(|(key, ..)| key.as_str()).collect();
                    let words = format!("There is no “{part}” among the {}. There are: {}.", parts[0], names.join(", "));
                    return Err(fault(&words));
                }
                None => {
                    let empty = Node { location: location.clone(), value: Value::Table(Vec::new()) };
                    entries.push(((*part).to_owned(), location.clone(), empty));
                    entries.len() - 1
                }
            };
            here = &mut entries[at].2;
        }
        // What is fixed stays so: a setting is an answer like any other.
        if here.holds_fixed() {
            return Err(fixed());
        }
        *here = value;
        Ok(())
    }

    /// Whether it is `{ fixed = value }`.
    fn is_fixed(&self) -> bool {
        matches!(&self.value, Value::Table(entries) if matches!(&entries[..], [(key, ..)] if key == "fixed"))
    }

    /// Whether it, or anything in it, is fixed.
    fn holds_fixed(&self) -> bool {
        self.is_fixed() || matches!(&self.value, Value::Table(entries) if entries.iter().any(|(.., node)| node.holds_fixed()))
    }

    /// Whether `permissions.fixed` is said.
    fn fixes_permissions(&self) -> bool {
        let fixed = self.entry("permissions").and_then(|permissions| permissions.entry("fixed"));
        fixed.is_some_and(|node| matches!(node.value, Value::Bool(true)))
    }
}

/// Whether a setting is about what `permissions.fixed` fixes. A file that the person is asked for is an answer.
fn is_of_permissions(parts: &[&str]) -> bool {
    let is_supplied = parts.ends_with(&["file"]);
    !is_supplied && parts.iter().any(|part| ["permissions", "groups", "policies"].contains(part))
}
