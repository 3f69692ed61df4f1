//! The files of AWS profiles as texts: what their readers make of them, and an edit of one profile that leaves every other byte.
//!
//! Two families of readers matter, and they differ: botocore with the AWS CLI (Python's `configparser`), and the other SDKs
//! (the "shared config file format" of the SDK reference; `aws-runtime`'s `parse.rs` and `normalize.rs`). The grammar here is
//! botocore's, since it is the one that gives up a whole file; where a header means something else to the other SDKs is in
//! `names`. The proof by the other SDKs' own parser is made outside, in `services`.

mod edit;
mod grammar;
mod names;
mod notes;
mod reading;

pub use edit::{Change, Changed, Edited, edit};
pub use names::words;
pub use notes::UNREAD;
pub use reading::{Profile, Profiles};

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

use grammar::{Line, LineRole};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// `~/.aws/credentials`: keys; sections bear the profile's bare name.
    Credentials,
    /// `~/.aws/config`: everything else; sections are `[default]` and `[profile NAME]`.
    Config,
}

impl FileKind {
    /// The file's own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Config => "config",
        }
    }

    /// The header that both families of readers take for this profile, where there is one.
    pub fn header(self, profile: &str) -> String {
        match self {
            // With a blank in it, it is the AWS CLI's alone, which reads the line as a shell does.
            Self::Config if profile.contains(' ') => format!("[profile \"{profile}\"]"),
            Self::Config if profile != "default" => format!("[profile {profile}]"),
            _ => format!("[{profile}]"),
        }
    }
}

/// Why a file is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditRefused {
    /// The lines it is about, from 1.
    pub lines: Vec<usize>,
    /// What is wrong there, and what helps.
    pub why: String,
}

impl EditRefused {
    fn at(lines: impl IntoIterator<Item = usize>, why: impl Into<String>) -> Self {
        Self { lines: lines.into_iter().map(|index| index + 1).collect(), why: why.into() }
    }
}

impl fmt::Display for EditRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.lines.iter().map(ToString::to_string).collect();
        match &lines[..] {
            [] => f.write_str(&self.why),
            [line] => write!(f, "line {line}: {}", self.why),
            [first, second] if self.lines[1] > self.lines[0] + 1 => write!(f, "lines {first} and {second}: {}", self.why),
            [first, .., last] => write!(f, "lines {first} to {last}: {}", self.why),
        }
    }
}

/// A profile as botocore reads it: its keys in lower case, with their values.
pub type Values = BTreeMap<String, Zeroizing<String>>;

/// All sections by their raw names, as botocore reads them. Values may be secrets: for comparing, and never to be shown.
///
/// # Errors
/// What makes botocore give up the file, with the lines.
pub fn sections(text: &str) -> Result<Vec<(String, Values)>, EditRefused> {
    let lines = grammar::lines(text)?;
    let mut sections: Vec<(String, Values)> = Vec::new();
    let mut inherited = Values::new();
    let mut at: Option<usize> = None;
    for (index, line) in lines.iter().enumerate() {
        match &line.role {
            // configparser gives the values of [DEFAULT] to every section.
            LineRole::Header { name } if name == grammar::DEFAULTS => at = None,
            LineRole::Header { name } => {
                sections.push((name.clone(), Values::new()));
                at = Some(sections.len() - 1);
            }
            LineRole::Key(key) => {
                let values = at.map_or(&mut inherited, |at| &mut sections[at].1);
                values.insert(key.name.clone(), grammar::value(&lines, index));
            }
            _ => {}
        }
    }
    for (_, values) in &mut sections {
        for (key, value) in &inherited {
            values.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    Ok(sections)
}

/// Whether botocore reads an edited text as it is meant, and everything else as before.
/// `own`: the raw names of the sections that the edit was about.
fn is_read_as_meant(old: &str, new: &str, change: &Change<'_>, own: &[&str]) -> bool {
    let (Ok(old), Ok(new)) = (sections(old), sections(new)) else { return false };
    let is_own = |name: &str| names::to_botocore(change.kind, name).as_deref() == Some(change.profile);
    let others = |all: &[(String, Values)]| -> BTreeMap<String, Values> {
        all.iter().filter(|(name, _)| !is_own(name) && !own.contains(&name.as_str())).cloned().collect()
    };
    let Some((_, own)) = new.iter().rfind(|(name, _)| is_own(name)) else { return false };
    others(&old) == others(&new)
        && change.set.iter().all(|(key, value)| own.get(*key).is_some_and(|read| read.as_str() == *value))
        && change.remove.iter().all(|key| !own.contains_key(*key))
}

/// The headers, each with its line, its raw name and its text.
fn headers<'a>(lines: &'a [Line<'_>]) -> impl Iterator<Item = (usize, &'a str, &'a str)> {
    lines.iter().enumerate().filter_map(|(index, line)| match &line.role {
        LineRole::Header { name } => Some((index, name.as_str(), line.text)),
        _ => None,
    })
}
