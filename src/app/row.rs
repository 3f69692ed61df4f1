//! A row of a list, and how well it fits what was typed.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What choosing it means: an ARN, a name.
    pub key: String,
    pub name: String,
    /// What is shown behind it.
    pub remark: String,
    /// The version that a document is asked for in; empty for none.
    pub version: String,
    /// The name in lower case, for the filter.
    pub(super) search: String,
}

impl Row {
    pub fn new(key: impl Into<String>, name: impl Into<String>, remark: impl Into<String>, version: impl Into<String>) -> Self {
        let name = name.into();
        let remark = remark.into();
        let search = name.to_lowercase();
        Self { key: key.into(), name, remark, version: version.into(), search }
    }

    /// How far it is from what was typed, which is in lower case: the very name first, then what begins with the words, with or
    /// without `Amazon` or `AWS` before them, then what begins with one of them; policies of service roles last.
    pub(super) fn distance(&self, typed: &str) -> (bool, u8, usize) {
        let name = self.name.to_lowercase();
        let whole = name.as_str();
        let own = ["amazon", "aws"].into_iter().find_map(|maker| whole.strip_prefix(maker)).unwrap_or(whole);
        let own = own.trim_start_matches(['_', '-']);
        let begins = |with: &str| whole.starts_with(with) || own.starts_with(with);
        let together: String = typed.split_whitespace().collect();
        let tier = match () {
            () if whole == typed || own == typed => 0,
            () if begins(typed) || begins(&together) => 1,
            () if typed.split_whitespace().any(begins) => 2,
            () => 3,
        };
        // Among those of one kind the shortest says the least besides.
        (self.key.contains("service-role/"), tier, if tier == 3 { 0 } else { whole.len() })
    }

    /// The same, found by these words as well.
    #[must_use]
    pub fn found_by(mut self, words: &str) -> Self {
        self.search = format!("{} {}", self.search, words.to_lowercase());
        self
    }
}
