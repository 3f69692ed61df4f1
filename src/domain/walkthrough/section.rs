//! Reading one table of a walkthrough: its keys by name and type, every fault noted, unknown keys refused with the nearest
//! known one.

use std::collections::BTreeMap;

use super::node::{Node, Value};
use super::{Proposed, SourceLocation, WalkthroughFault};

/// What no file can say, and who says it.
const NEVER: &[(&[&str], &str)] = &[
    (
        &["endpoint", "endpoint-url", "endpoint_url"],
        "A file can't say where the calls go, only the person who makes them: --endpoint-url.",
    ),
    (
        &[
            "caller",
            "credentials",
            "access-key-id",
            "secret-access-key",
            "session-token",
            "aws_access_key_id",
            "aws_secret_access_key",
        ],
        "A file can't say who makes the calls, only the person who makes them: --profile.",
    ),
    (&["password"], "A file holds no password: one is generated, or typed on the page Access."),
    (&["replace", "overwrite"], "Only the person can allow that a profile is replaced: --replace."),
    (&["secret", "secret-to-stdout", "print"], "Only the person can have the secret printed: --secret-to-stdout."),
    (&["csv", "output-file", "path-of-csv", "save-to"], "A file can't say where files are written, only the person: --csv."),
];

/// Everything that is wrong, and where each value stands.
#[derive(Default)]
pub(super) struct Notes {
    pub faults: Vec<WalkthroughFault>,
    pub locations: BTreeMap<String, SourceLocation>,
}

impl Notes {
    /// Notes what is wrong at a place.
    pub fn fault(&mut self, location: &SourceLocation, words: impl Into<String>) {
        self.faults.push(WalkthroughFault { source: location.source.to_string(), place: location.place, words: words.into() });
    }
}

/// A table under a key.
pub(super) struct Section<'n> {
    /// The key of the table; empty for the file itself.
    pub key: String,
    pub location: &'n SourceLocation,
    entries: &'n [(String, SourceLocation, Node)],
}

/// The nearest of some names, where one is near.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let distance = |known: &str| strsim::damerau_levenshtein(&lower, &known.to_lowercase());
    let near = names.into_iter().map(|known| (distance(known), known)).min_by_key(|(distance, _)| *distance);
    near.filter(|(distance, known)| *distance <= 1 + known.chars().count() / 4).map(|(_, known)| known)
}

/// Whether TOML has parted a name of the file's own at its dot: `[groups.team.dev]`, `team.dev = "x"` among the tags.
fn is_parted(key: &str, value: &Node) -> bool {
    let table = key.rsplit_once('.').map(|(table, _)| table.rsplit('.').next().unwrap_or(table));
    match table {
        Some("tags") => true,
        Some("groups" | "policies" | "variables" | "choices" | "answers") => matches!(value.value, Value::Table(_)),
        _ => false,
    }
}

impl<'n> Section<'n> {
    /// A table and the keys that it may have. `None` where it is no table.
    pub fn of(node: &'n Node, key: &str, known: &[&str], notes: &mut Notes) -> Option<Self> {
        let section = Self::named(node, key, notes)?;
        for (name, location, value) in section.entries.iter().filter(|(name, ..)| !known.contains(&name.as_str())) {
            let never = NEVER.iter().find(|(names, _)| names.contains(&name.to_lowercase().as_str()));
            let words = match (never, nearest(name, known.iter().copied())) {
                (Some((_, words)), _) => (*words).to_owned(),
                (None, Some(near)) => format!("There is no key “{name}” here. Did you mean “{near}”?"),
                (None, None) if is_parted(key, value) => {
                    let (table, first) = key.rsplit_once('.').unwrap_or_default();
                    format!("A name with a dot in it stands in quotes: [{table}.\"{first}.{name}\"].")
                }
                (None, None) => format!("There is no key “{name}” here. There are: {}.", known.join(", ")),
            };
            notes.fault(location, words);
        }
        Some(section)
    }

    /// A table whose keys are the file's own names.
    pub fn named(node: &'n Node, key: &str, notes: &mut Notes) -> Option<Self> {
        match &node.value {
            Value::Table(entries) => {
                if !key.is_empty() {
                    notes.locations.insert(key.to_owned(), node.location.clone());
                }
                Some(Self { key: key.to_owned(), location: &node.location, entries })
            }
            other => {
                notes.fault(&node.location, format!("“{key}” is a table, as in [{key}]; this is {}.", other.type_words()));
                None
            }
        }
    }

    /// The names of its keys with their values.
    pub fn entries(&self) -> impl Iterator<Item = (&'n str, &'n SourceLocation, &'n Node)> + use<'n> {
        self.entries.iter().map(|(name, location, node)| (name.as_str(), location, node))
    }

    /// The full key of one of its keys.
    pub fn full(&self, name: &str) -> String {
        if self.key.is_empty() { name.to_owned() } else { format!("{}.{name}", self.key) }
    }

    /// The value of a key, where there is one.
    pub fn get(&self, name: &str, notes: &mut Notes) -> Option<&'n Node> {
        let (_, _, node) = self.entries.iter().find(|(key, ..)| key == name)?;
        notes.locations.insert(self.full(name), node.location.clone());
        Some(node)
    }

    /// The table under a key.
    pub fn section(&self, name: &str, known: &[&str], notes: &mut Notes) -> Option<Section<'n>> {
        let node = self.get(name, notes)?;
        Section::of(node, &self.full(name), known, notes)
    }

    /// The table under a key whose keys are the file's own names.
    pub fn names(&self, name: &str, notes: &mut Notes) -> Option<Section<'n>> {
        let node = self.get(name, notes)?;
        Section::named(node, &self.full(name), notes)
    }

    /// A text; empty where there is none.
    pub fn text(&self, name: &str, notes: &mut Notes) -> String {
        let full = self.full(name);
        self.get(name, notes).and_then(|node| text(node, &full, notes)).unwrap_or_default()
    }

    /// True or false.
    pub fn flag(&self, name: &str, notes: &mut Notes) -> Option<bool> {
        let full = self.full(name);
        let node = self.get(name, notes)?;
        flag(node, &full, notes)
    }

    /// A text that is suggested, or fixed as `{ fixed = "…" }`.
    pub fn proposed_text(&self, name: &str, notes: &mut Notes) -> Option<Proposed<String>> {
        let node = self.get(name, notes)?;
        proposed(node, &self.full(name), notes, text)
    }

    /// True or false, suggested or fixed.
    pub fn proposed_flag(&self, name: &str, notes: &mut Notes) -> Option<Proposed<bool>> {
        let node = self.get(name, notes)?;
        proposed(node, &self.full(name), notes, flag)
    }

    /// A list of texts. `None` where there is none.
    pub fn texts(&self, name: &str, notes: &mut Notes) -> Option<Vec<String>> {
        let full = self.full(name);
        let node = self.get(name, notes)?;
        let Value::List(items) = &node.value else {
            let words = format!("“{full}” is a list, as in {name} = [\"…\"]; this is {}.", node.value.type_words());
            notes.fault(&node.location, words);
            return None;
        };
        let mut found: Vec<String> = Vec::new();
        for item in items {
            let Some(text) = text(item, &full, notes) else { continue };
            if found.contains(&text) {
                notes.fault(&item.location, format!("“{text}” stands in “{full}” already."));
                continue;
            }
            notes.locations.insert(format!("{full}.{text}"), item.location.clone());
            found.push(text);
        }
        Some(found)
    }
}

pub(super) fn text(node: &Node, key: &str, notes: &mut Notes) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        other => {
            notes.fault(&node.location, format!("“{key}” is a text in quotes; this is {}.", other.type_words()));
            None
        }
    }
}

fn flag(node: &Node, key: &str, notes: &mut Notes) -> Option<bool> {
    match &node.value {
        Value::Bool(on) => Some(*on),
        other => {
            notes.fault(&node.location, format!("“{key}” is true or false, without quotes; this is {}.", other.type_words()));
            None
        }
    }
}

/// A value that is suggested, or fixed.
pub(super) fn proposed<T>(
    node: &Node,
    key: &str,
    notes: &mut Notes,
    read: impl Fn(&Node, &str, &mut Notes) -> Option<T>,
) -> Option<Proposed<T>> {
    if !matches!(node.value, Value::Table(_)) {
        return read(node, key, notes).map(|value| Proposed { value, fixed: false });
    }
    let section = Section::of(node, key, &["fixed"], notes)?;
    match section.get("fixed", notes) {
        Some(value) => read(value, key, notes).map(|value| Proposed { value, fixed: true }),
        None => {
            notes.fault(&node.location, format!("Write {key} = …, or {key} = {{ fixed = … }} for what can't be changed."));
            None
        }
    }
}
