//! Operations as the AWS CLI has them. Values stand after `=`, since a legal name may begin with `-`.

use crate::domain::sanitise::ascii;
use crate::domain::tag::Tag;

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cli {
    /// A call of `aws iam`, without these two words.
    Iam(String),
    /// A call of `aws iam` that only waits, which only a script has.
    Wait(String),
    /// A line for the shell, which only a script has.
    Shell(String),
}

impl Cli {
    /// The call by itself, with these options; `None` for what only a script has.
    pub fn call(&self, options: &str) -> Option<String> {
        match self {
            Self::Iam(call) => Some(format!("aws iam {call}{options}")),
            Self::Wait(_) | Self::Shell(_) => None,
        }
    }

    /// The line of a script in which `iam` stands for `aws iam` with its options.
    pub fn line(&self) -> String {
        match self {
            Self::Iam(call) | Self::Wait(call) => format!("iam {call}"),
            Self::Shell(line) => line.clone(),
        }
    }
}

/// As one word for a POSIX shell.
pub fn quoted(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"+=,.@_-/:".contains(&b);
    if !text.is_empty() && text.bytes().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// A value as JSON has it, in ASCII alone.
pub fn ascii_json(value: &serde_json::Value) -> String {
    ascii(&value.to_string())
}

pub fn tags_json(tags: &[Tag]) -> serde_json::Value {
    tags.iter().map(|tag| serde_json::json!({ "Key": tag.key, "Value": tag.value })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_shell() {
        assert_eq!(quoted("-a+=,.@_"), "-a+=,.@_");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
