//! Tags: keys and values as IAM takes them, and the description of an access key, which is a tag too.
//!
//! Source: the API model's `tagKeyType`/`tagValueType` and the IAM User Guide, `id_tags`.

use serde::{Deserialize, Serialize};

use super::name::{RuleBroken, at_most, only};

/// How many tags a user can have (IAM quotas); a key's description is one of them.
pub const TAGS_LIMIT: usize = 50;
/// The longest tag key, in characters.
pub const TAG_KEY_LIMIT: usize = 128;
/// The longest tag value, in characters.
pub const TAG_VALUE_LIMIT: usize = 256;

const TAG_CHARACTERS: &str = "letters, digits, spaces and _ . : / = + - @";

/// A key and its value (which may be empty).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// 1 to 128 characters; a user's keys are unique ignoring case.
    pub key: String,
    /// 0 to 256 characters.
    pub value: String,
}

/// `\p{Z}`: the separators of Unicode, without tab and line ends.
fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Letters by Rust's `is_alphabetic`, which also takes combining marks that IAM may refuse: IAM has the last word there.
fn is_tag_character(c: char) -> bool {
    c.is_alphabetic() || c.is_numeric() || is_separator(c) || "_.:/=+-@".contains(c)
}

/// Checks a tag key.
///
/// # Errors
/// Empty, over 128 characters, a character outside the set, or the prefix `aws:`.
pub fn check_key(key: &str) -> Result<(), RuleBroken> {
    if key.is_empty() {
        return Err(RuleBroken::Empty { what: "a key for this tag" });
    }
    only(key, is_tag_character, TAG_CHARACTERS)?;
    at_most(key, TAG_KEY_LIMIT, "a tag key")?;
    if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
        return Err(RuleBroken::Rule("Keys that begin with “aws:” are AWS's own.".to_owned()));
    }
    Ok(())
}

/// Checks a tag value, or the description of an access key.
///
/// # Errors
/// Over 256 characters, or a character outside the set.
pub fn check_value(value: &str) -> Result<(), RuleBroken> {
    only(value, is_tag_character, TAG_CHARACTERS)?;
    at_most(value, TAG_VALUE_LIMIT, "a tag value")
}

/// The first tag whose key stands above it already: keys of policies differ by their capitals.
pub fn repeated_exactly(tags: &[Tag]) -> Option<usize> {
    (1..tags.len()).find(|&i| tags[..i].iter().any(|earlier| earlier.key == tags[i].key))
}

/// The first tag of a user whose key stands above it already, ignoring case.
pub fn repeated(tags: &[Tag]) -> Option<usize> {
    (1..tags.len()).find(|&i| tags[..i].iter().any(|earlier| earlier.key.to_lowercase() == tags[i].key.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rules_of_keys_and_values() {
        assert!(check_key("e-mail").is_ok());
        assert!(check_key("Größe 1").is_ok());
        assert!(check_key("").is_err());
        assert!(check_key("aws:x").is_err());
        assert!(check_key("AWS:x").is_err());
        assert!(check_key("a#b").is_err());
        assert!(check_key("a\tb").is_err());
        assert!(check_key(&"k".repeat(129)).is_err());
        assert!(check_value("").is_ok());
        assert!(check_value(&"v".repeat(257)).is_err());
        assert!(check_value("zero\u{200b}width").is_err());
    }

    #[test]
    fn keys_are_unique_ignoring_case() {
        let tag = |key: &str| Tag { key: key.to_owned(), value: String::new() };
        assert_eq!(repeated(&[tag("Department"), tag("a"), tag("department")]), Some(2));
        assert_eq!(repeated(&[tag("a"), tag("b")]), None);
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = check_key(&text);
            let _ = check_value(&text);
        }
    }
}
