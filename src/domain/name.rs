//! Names and paths as IAM takes them, and the rule in plain words where one is broken.
//!
//! Source: the patterns of the IAM API model (`CreateUser`, `CreateGroup`). `\w` there is ASCII only.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest name of a new user, in characters (IAM quotas).
pub const USER_NAME_LIMIT: usize = 64;
/// The longest name of a group, in characters (IAM quotas).
pub const GROUP_NAME_LIMIT: usize = 128;
/// The longest name of a policy, in characters (IAM quotas).
pub const POLICY_NAME_LIMIT: usize = 128;
/// The longest path of a user or group, in characters (IAM quotas).
pub const PATH_LIMIT: usize = 512;

/// A rule of IAM that a typed value breaks; its `Display` is what the person reads at the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleBroken {
    /// Nothing was typed where something is needed.
    Empty {
        /// What the value is for, with its article: "a user name".
        what: &'static str,
    },
    /// More characters than IAM takes.
    TooLong {
        what: &'static str,
        /// How many characters it has.
        length: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A character that IAM does not take.
    Character {
        /// The first such character.
        character: char,
        /// Its place, counted from 1.
        position: usize,
        /// Which ones are taken, in words.
        allowed: &'static str,
    },
    /// Any other rule, in words.
    Rule(String),
}

impl fmt::Display for RuleBroken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { what } => write!(f, "Type {what}."),
            Self::TooLong { what, length, limit } => {
                write!(f, "Too long: {what} can have up to {limit} characters, this has {length}.")
            }
            Self::Character { character, position, allowed } => {
                let shown = match character {
                    ' ' => "a space".to_owned(),
                    c if c.is_control() || c.is_whitespace() => format!("U+{:04X}", u32::from(*c)),
                    c => format!("“{c}”"),
                };
                write!(f, "Not allowed: {shown} at position {position}. Use {allowed}.")
            }
            Self::Rule(words) => f.write_str(words),
        }
    }
}

impl std::error::Error for RuleBroken {}

const NAME_CHARACTERS: &str = "A-Z, a-z, 0-9 and + = , . @ _ -";

/// Whether IAM takes this character in the name of a user, a group or a policy.
pub fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+=,.@_-".contains(c)
}

/// Refuses a text with a character outside `allowed`, naming the first one and its place.
pub(crate) fn only(text: &str, is_allowed: impl Fn(char) -> bool, allowed: &'static str) -> Result<(), RuleBroken> {
    match text.chars().enumerate().find(|(_, c)| !is_allowed(*c)) {
        Some((index, character)) => Err(RuleBroken::Character { character, position: index + 1, allowed }),
        None => Ok(()),
    }
}

/// Refuses a text of more than `limit` characters.
pub(crate) fn at_most(text: &str, limit: usize, what: &'static str) -> Result<(), RuleBroken> {
    let length = text.chars().count();
    if length > limit { Err(RuleBroken::TooLong { what, length, limit }) } else { Ok(()) }
}

fn checked_name(text: &str, limit: usize, what: &'static str) -> Result<String, RuleBroken> {
    if text.is_empty() {
        return Err(RuleBroken::Empty { what });
    }
    only(text, is_name_character, NAME_CHARACTERS)?;
    at_most(text, limit, what)?;
    Ok(text.to_owned())
}

macro_rules! checked_text {
    ($(#[$doc:meta])* $type:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl TryFrom<String> for $type {
            type Error = RuleBroken;

            fn try_from(text: String) -> Result<Self, RuleBroken> {
                Self::new(&text)
            }
        }

        impl From<$type> for String {
            fn from(checked: $type) -> Self {
                checked.0
            }
        }

        impl $type {
            /// Checks a typed text.
            ///
            /// # Errors
            /// The first rule that it breaks.
            pub fn new(text: &str) -> Result<Self, RuleBroken> {
                let check: fn(&str) -> Result<String, RuleBroken> = $check;
                check(text).map(Self)
            }

            /// The text, as IAM gets it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

checked_text!(
    /// The name of a new IAM user: 1 to 64 of `A-Z a-z 0-9 + = , . @ _ -`.
    UserName,
    |text| checked_name(text, USER_NAME_LIMIT, "a user name")
);
checked_text!(
    /// The name of an IAM group: 1 to 128 of `A-Z a-z 0-9 + = , . @ _ -`.
    GroupName,
    |text| checked_name(text, GROUP_NAME_LIMIT, "a group name")
);
checked_text!(
    /// The name of a policy, managed or inline: 1 to 128 of `A-Z a-z 0-9 + = , . @ _ -`.
    PolicyName,
    |text| checked_name(text, POLICY_NAME_LIMIT, "a policy name")
);

impl PolicyName {
    /// A legal name near an illegal one: other characters become `-`, accents and length are cut. `None` where nothing of it is
    /// left.
    pub fn near(text: &str) -> Option<Self> {
        let kept: String = text.chars().map(|c| if is_name_character(c) { c } else { ' ' }).collect();
        let joined = kept.split_whitespace().collect::<Vec<_>>().join("-");
        Self::new(&joined.chars().take(POLICY_NAME_LIMIT).collect::<String>()).ok()
    }
}

checked_text!(
    /// The path of a user: `/`, or `/…/` of printable ASCII, 512 characters at most.
    Path,
    checked_path
);

impl Path {
    /// The path that IAM uses when none is given: `/`.
    pub fn root() -> Self {
        Self("/".to_owned())
    }
}

fn checked_path(text: &str) -> Result<String, RuleBroken> {
    if text.is_empty() {
        return Ok("/".to_owned());
    }
    only(text, |c| ('!'..='~').contains(&c), "ASCII without spaces")?;
    at_most(text, PATH_LIMIT, "a path")?;
    if text.starts_with('/') && text.ends_with('/') {
        Ok(text.to_owned())
    } else {
        Err(RuleBroken::Rule(format!("A path begins and ends with “/”: try “/{}/”.", text.trim_matches('/'))))
    }
}

/// Whether IAM takes two names for the same: names are unique ignoring case (IAM User Guide, `reference_iam-quotas`).
pub fn same_name(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_broken_rule_is_said_in_words() {
        let cases = [
            ("", "Type a user name."),
            ("my user", "Not allowed: a space at position 3. Use A-Z, a-z, 0-9 and + = , . @ _ -."),
            ("josé", "Not allowed: “é” at position 4. Use A-Z, a-z, 0-9 and + = , . @ _ -."),
            ("a\tb", "Not allowed: U+0009 at position 2. Use A-Z, a-z, 0-9 and + = , . @ _ -."),
        ];
        for (text, words) in cases {
            assert_eq!(UserName::new(text).unwrap_err().to_string(), words);
        }
        let long = "a".repeat(65);
        assert_eq!(
            UserName::new(&long).unwrap_err().to_string(),
            "Too long: a user name can have up to 64 characters, this has 65."
        );
        assert!(GroupName::new(&long).is_ok());
    }

    #[test]
    fn a_path_is_mended_in_words() {
        assert_eq!(Path::new("").unwrap().as_str(), "/");
        assert_eq!(Path::new("/team/a/").unwrap().as_str(), "/team/a/");
        assert_eq!(Path::new("team").unwrap_err().to_string(), "A path begins and ends with “/”: try “/team/”.");
        assert!(Path::new("/a b/").is_err());
        assert!(Path::new(&format!("/{}/", "a".repeat(511))).is_err());
    }

    proptest! {
        /// What is accepted is exactly what the pattern of the API model takes.
        #[test]
        fn user_names_follow_the_model(text in "[A-Za-z0-9+=,.@_\\- é/]{0,70}") {
            let legal = (1..=64).contains(&text.chars().count())
                && text.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'=' | b',' | b'.' | b'@' | b'_' | b'-'));
            prop_assert_eq!(UserName::new(&text).is_ok(), legal);
        }

        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = UserName::new(&text).map_err(|broken| broken.to_string());
            let _ = GroupName::new(&text).map_err(|broken| broken.to_string());
            let _ = Path::new(&text).map_err(|broken| broken.to_string());
        }
    }
}
