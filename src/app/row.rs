//! A row of a list, and how well it fits what was typed.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What choosing it means: an ARN, a name.
    pub key: String,
    pub name: String,
    /// What is shown behind it.
    pub remark: String,
    /// What stands in columns behind the name, where the list has such.
    pub columns: String,
    /// The version that a document is asked for in; empty for none.
    pub version: String,
    /// The name in lower case, for the filter, and behind it other words by which it is found.
    pub(super) search: String,
    /// How much of that is the name, in bytes.
    name_ends: usize,
}

/// What was typed into a filter, in lower case.
pub(super) struct Typed {
    text: String,
    /// The same without blanks.
    together: String,
}

impl Typed {
    pub(super) fn new(filter: &str) -> Self {
        let text = filter.trim().to_lowercase();
        Self { together: text.split_whitespace().collect(), text }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl Row {
    pub fn new(key: impl Into<String>, name: impl Into<String>, remark: impl Into<String>, version: impl Into<String>) -> Self {
        let name = name.into();
        let remark = remark.into();
        let search = name.to_lowercase();
        Self { key: key.into(), name, remark, columns: String::new(), version: version.into(), name_ends: search.len(), search }
    }

    /// How far it is from what was typed: the very name first, then what begins with the words, with or
    /// without `Amazon` or `AWS` before them, then what begins with one of them; policies of service roles last.
    pub(super) fn distance(&self, typed: &Typed) -> (bool, u8, usize) {
        let whole = &self.search[..self.name_ends];
        let own = ["amazon", "aws"].into_iter().find_map(|maker| whole.strip_prefix(maker)).unwrap_or(whole);
        let own = own.trim_start_matches(['_', '-']);
        let begins = |with: &str| whole.starts_with(with) || own.starts_with(with);
        let Typed { text, together } = typed;
        let tier = match () {
            () if whole == text || own == text => 0,
            () if begins(text) || begins(together) => 1,
            () if text.split_whitespace().any(begins) => 2,
            () => 3,
        };
        // Among those of one kind the shortest says the least besides.
        (self.key.contains("service-role/"), tier, if tier == 3 { 0 } else { whole.len() })
    }

    /// The same, with columns behind the name.
    #[must_use]
    pub fn with_columns(self, columns: String) -> Self {
        Self { columns, ..self }
    }

    /// The same, found by these words as well.
    #[must_use]
    pub fn found_by(mut self, words: &str) -> Self {
        self.search = format!("{} {}", self.search, words.to_lowercase());
        self
    }
}
