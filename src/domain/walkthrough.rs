//! A walkthrough: values that pre-fill the pages, questions of its own, and words that stand beside them. It asks nothing that a
//! page doesn't, and what it proposes goes through the same `accept` as what a person types.
//!
//! In: a TOML text ([`read`]). Out: a [`Walkthrough`], which with the person's [`Responses`] and what is [`Bindings`] of the account
//! becomes a [`ResolvedWalkthrough`]: every value as it stands on the pages. The format is described in `assets/walkthroughs.md`.

mod built_in;
mod checking;
mod filling;
mod node;
mod preview;
mod read_context;
mod reading;
mod section;
mod writing;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::access::UseCase;
use super::policy::LineColumn;

pub use built_in::{BUILT_IN, STARTER, built_in};
pub use checking::{DESCRIPTION_LIMIT, renamed};
pub use filling::{Bindings, ResolvedWalkthrough, Responses};
pub use node::Setting;
pub use read_context::{DOCUMENT_LIMIT, FILE_LIMIT, ReadContext};
pub use reading::read;
pub use section::nearest;
pub use writing::written;

/// Something that is wrong with a walkthrough, and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkthroughFault {
    /// The file, or the option of the command line, that says it.
    pub source: String,
    pub place: Option<LineColumn>,
    /// What is wrong and what helps.
    pub words: String,
}

impl fmt::Display for WalkthroughFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(place) => write!(f, "{}:{}:{}: {}", self.source, place.line, place.column, self.words),
            None => write!(f, "{}: {}", self.source, self.words),
        }
    }
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLocation {
    /// The file, or the option of the command line.
    pub source: Arc<str>,
    pub place: Option<LineColumn>,
    /// Where the lines of a text of many lines begin, where these stand in the file as they are.
    pub inner: Option<LineColumn>,
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(place) => write!(f, "{}:{}:{}", self.source, place.line, place.column),
            None => write!(f, "{}", self.source),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposed<T> {
    pub value: T,
    /// The person can't change it.
    pub fixed: bool,
}

/// The guide's own words for each page; empty for none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Beside *Walkthrough*.
    pub walkthrough: String,
    /// Beside *User*.
    pub user: String,
    /// Beside *Access*.
    pub access: String,
    /// Beside *Permissions*.
    pub permissions: String,
    /// Beside *Tags*.
    pub tags: String,
    /// Beside *Review*.
    pub review: String,
    /// Beside *Hand-over*.
    pub hand_over: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessProposal {
    pub key: Proposed<bool>,
    pub use_case: Option<Proposed<UseCase>>,
    /// The key's description.
    pub description: Proposed<String>,
    /// Console access; its password is never a file's.
    pub console: Proposed<bool>,
    /// A new password at the first sign-in.
    pub reset: Proposed<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupProposal {
    pub name: String,
    /// Its policies, by name, ARN or id of a policy of the file: it is made with them where there is none of its name.
    /// `None`: the group has to be there.
    pub policies: Option<Vec<String>>,
}

/// Where the document of a policy comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentSource {
    Text(String),
    /// The person supplies a file; the words say which.
    Supplied(String),
}

impl Default for DocumentSource {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyProposal {
    /// How the file calls it.
    pub id: String,
    pub name: String,
    pub description: String,
    pub tags: Vec<(String, String)>,
    pub document: DocumentSource,
    /// On the user itself, and not a policy of the account.
    pub inline: bool,
    /// Where the account has one of its name with another document, that gets a new version.
    pub new_version: bool,
    /// The person named the file of its document on the command line.
    pub supplied: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagProposal {
    pub key: String,
    pub value: Proposed<String>,
}

/// From whom permissions are copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyFrom {
    /// The person says.
    Asked,
    User(String),
}

/// What a walkthrough, or an option of one of its choices, gives the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    pub groups: Vec<GroupProposal>,
    /// Managed policies to attach, by name, ARN or id of a policy of the file.
    pub attach: Vec<String>,
    /// The permissions boundary, the same way.
    pub boundary: Option<String>,
    /// Permissions of another user.
    pub copy_from: Option<CopyFrom>,
    /// Policies to make; each is attached to the user unless a group or the boundary names it.
    pub policies: Vec<PolicyProposal>,
    pub tags: Vec<TagProposal>,
}

/// One way to answer a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChoiceOption {
    /// How the file calls it: `yes` and `no` where it is a question of these.
    pub id: String,
    /// What the person reads.
    pub label: String,
    pub about: String,
    /// What it gives the user.
    pub grants: Grants,
    /// What it says beside the pages, behind the walkthrough's own words.
    pub words: Words,
}

/// A question with a few answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// How the file calls it.
    pub id: String,
    /// What the person reads.
    pub question: String,
    pub answers: Vec<ChoiceOption>,
    /// The one that holds unless the person chooses.
    pub default: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// What the person types.
    Asked {
        /// What the person reads.
        question: String,
        /// One line on what to type.
        hint: String,
        /// A regular expression that the whole value has to match.
        pattern: Option<String>,
        /// What stands there at first.
        value: String,
        /// It may stay empty; statements and policies that name it then fall away.
        optional: bool,
    },
    /// The account's twelve digits.
    AccountId,
    Region,
    /// `aws`, `aws-cn`, ….
    Partition,
    UserName,
}

/// A variable: its spellings are replaced in every value and in the strings of every document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// How the file calls it; `{{id}}` always stands for it.
    pub id: String,
    pub kind: VariableKind,
    /// A vendor's own spellings: `$AWS_ACCOUNT_ID`, `<yourbucketname>`.
    pub spelled: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandOverProposal {
    pub profile: String,
    /// Its region; empty for that of the calls.
    pub region: String,
    /// Its output format, one of [`OUTPUTS`](super::hand_over::OUTPUTS); empty for none.
    pub output: String,
    /// Where the person has to paste what. `{{key-id}}` is the key's id, `{{secret}}` the place of its secret, which is never
    /// put there.
    pub paste: String,
}

/// A walkthrough, as its file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walkthrough {
    /// The name under which it is chosen.
    pub name: String,
    pub title: String,
    /// One line on what it makes.
    pub summary: String,
    /// The guide that it follows.
    pub source: String,
    /// What it says beside the pages.
    pub words: Words,
    /// What it says at the end.
    pub closing: String,
    /// The user's name.
    pub user: Proposed<String>,
    /// The user's path.
    pub path: Proposed<String>,
    /// Key and console.
    pub access: AccessProposal,
    /// What it gives the user in any case.
    pub grants: Grants,
    /// Groups, policies and boundary can't be changed by the person.
    pub fixed: bool,
    pub choices: Vec<Choice>,
    pub variables: Vec<Variable>,
    pub hand_over: HandOverProposal,
    /// Where each value stands, by its key: `user.name`.
    pub locations: BTreeMap<String, SourceLocation>,
}

/// The name of the walkthrough that guides nobody.
pub const PLAIN: &str = "plain";

impl ResolvedWalkthrough {
    pub fn plain() -> Self {
        let plain = Walkthrough::plain();
        plain.resolve(&Responses::defaults(&plain), &Bindings::default())
    }
}

impl Walkthrough {
    /// No guide: every page as the console has it.
    pub fn plain() -> Self {
        Self {
            name: PLAIN.to_owned(),
            summary: "No guide: a user, its access and its permissions as you choose them.".to_owned(),
            access: AccessProposal {
                key: Proposed { value: true, fixed: false },
                reset: Proposed { value: true, fixed: false },
                ..AccessProposal::default()
            },
            ..Self::default()
        }
    }

    /// Where a key's value stands, or that of the table around it.
    pub fn location(&self, key: &str) -> Option<&SourceLocation> {
        let mut key = key;
        loop {
            if let Some(location) = self.locations.get(key) {
                return Some(location);
            }
            key = key.rsplit_once('.')?.0;
        }
    }

    /// Where the value of a key stands that these words speak of: of a list the item that they name, in an answer's own table where
    /// that has it.
    pub fn location_of(&self, key: &str, words: &str) -> Option<&SourceLocation> {
        let named = self.locations.iter().filter(|(known, _)| {
            let item = known.split_once(key).and_then(|(before, rest)| {
                let is_key = before.is_empty() || before.ends_with('.');
                rest.strip_prefix('.').filter(|item| is_key && !item.is_empty())
            });
            item.is_some_and(|item| words.contains(item))
        });
        named.map(|(_, location)| location).next().or_else(|| self.location(key))
    }

    /// The key that answers which file the person supplies, where one is asked for.
    pub fn key_of_asked_file(&self) -> Option<String> {
        let asked = self.locations.keys().find_map(|key| key.strip_suffix(".ask"))?;
        Some(format!("{asked}.file"))
    }

    /// Everything that may be given: its own, and each answer's.
    pub fn all_grants(&self) -> impl Iterator<Item = &Grants> {
        std::iter::once(&self.grants)
            .chain(self.choices.iter().flat_map(|choice| choice.answers.iter().map(|answer| &answer.grants)))
    }
}
