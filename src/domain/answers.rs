//! What the person has answered so far, page by page. A page's part is there once that page was accepted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::access::UseCase;
use super::name::{GroupName, Path, PolicyName, UserName};
use super::page::PageId;
use super::secret::Secret;
use super::tag::Tag;

#[derive(Clone, Debug)]
pub enum PageAnswer {
    /// The name of the walkthrough that guides the rest.
    Walkthrough(String),
    /// Name and path.
    User(UserDetails),
    Existing(ExistingUser),
    /// Key and console.
    Access(Access),
    /// What happens to the console access of a user that exists.
    Console(ConsoleChange),
    Rotation(Rotation),
    Revocation(Revocation),
    /// Groups and policies.
    Permissions(Permissions),
    Tags(Vec<Tag>),
}

impl PageAnswer {
    pub fn page(&self) -> PageId {
        match self {
            Self::Walkthrough(_) => PageId::Walkthrough,
            Self::User(_) | Self::Existing(_) => PageId::User,
            Self::Access(_) | Self::Console(_) | Self::Rotation(_) | Self::Revocation(_) => PageId::Access,
            Self::Permissions(_) => PageId::Permissions,
            Self::Tags(_) => PageId::Tags,
        }
    }
}

/// What was accepted, by page; going back never takes an answer away.
#[derive(Clone, Debug, Default)]
pub struct Answers(BTreeMap<PageId, PageAnswer>);

impl Answers {
    /// Takes a page's answer in.
    pub fn take(&mut self, answer: PageAnswer) {
        self.0.insert(answer.page(), answer);
    }

    pub fn get(&self, page: PageId) -> Option<&PageAnswer> {
        self.0.get(&page)
    }

    /// Forgets what a page was accepted with: it is filled in again.
    pub fn forget(&mut self, page: PageId) {
        self.0.remove(&page);
    }

    /// Name and path.
    pub fn user(&self) -> Option<&UserDetails> {
        match self.get(PageId::User) {
            Some(PageAnswer::User(user)) => Some(user),
            _ => None,
        }
    }

    /// The name of the user whom it is about.
    pub fn user_name(&self) -> Option<&str> {
        match self.get(PageId::User) {
            Some(PageAnswer::User(user)) => Some(user.name.as_str()),
            Some(PageAnswer::Existing(existing)) => Some(existing.user.as_str()),
            _ => None,
        }
    }

    /// The key that a user gives up for the new one.
    pub fn given_up(&self) -> Option<&GivenUp> {
        match self.get(PageId::User) {
            Some(PageAnswer::Existing(existing)) => existing.gives_up.as_ref(),
            _ => None,
        }
    }

    /// Key and console.
    pub fn access(&self) -> Option<&Access> {
        match self.get(PageId::Access) {
            Some(PageAnswer::Access(access)) => Some(access),
            _ => None,
        }
    }

    /// What happens to the console access of a user that exists.
    pub fn console_change(&self) -> Option<&ConsoleChange> {
        match self.get(PageId::Access) {
            Some(PageAnswer::Console(change)) => Some(change),
            _ => None,
        }
    }

    /// How a key is rotated.
    pub fn rotation(&self) -> Option<&Rotation> {
        match self.get(PageId::Access) {
            Some(PageAnswer::Rotation(rotation)) => Some(rotation),
            _ => None,
        }
    }

    /// How a user's access is revoked.
    pub fn revocation(&self) -> Option<&Revocation> {
        match self.get(PageId::Access) {
            Some(PageAnswer::Revocation(revocation)) => Some(revocation),
            _ => None,
        }
    }

    /// The key from which a task starts.
    pub fn found_key(&self) -> Option<&str> {
        match self.get(PageId::User) {
            Some(PageAnswer::Existing(existing)) => existing.key.as_deref(),
            _ => None,
        }
    }

    /// The console password that is wanted.
    pub fn console(&self) -> Option<&ConsoleWish> {
        match self.console_change() {
            Some(ConsoleChange::Give(wish) | ConsoleChange::Replace(wish)) => Some(wish),
            Some(ConsoleChange::TakeAway { .. }) => None,
            None => self.access()?.console.as_ref(),
        }
    }

    /// Groups and policies.
    pub fn permissions(&self) -> Option<&Permissions> {
        match self.get(PageId::Permissions) {
            Some(PageAnswer::Permissions(permissions)) => Some(permissions),
            _ => None,
        }
    }

    pub fn tags(&self) -> Option<&[Tag]> {
        match self.get(PageId::Tags) {
            Some(PageAnswer::Tags(tags)) => Some(tags),
            _ => None,
        }
    }
}

/// A user that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingUser {
    pub user: UserName,
    pub gives_up: Option<GivenUp>,
    /// The key of this user from which the task starts: `AKIA…`.
    pub key: Option<String>,
}

/// An access key that is deleted, so that there is room for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// `AKIA…`.
    pub key: String,
    /// The id as the person typed it; empty where it was only chosen.
    pub typed: String,
}

/// A second key in place of one that the user has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// `AKIA…`: the key that is replaced.
    pub key: String,
    /// The profiles of this machine that hold it and get the new one.
    pub profiles: Vec<String>,
    pub old_key: OldKey,
    /// The id of the old key, as the person typed it; empty where it was not asked.
    pub typed: String,
    /// The other key of a user that has two.
    pub gives_up: Option<GivenUp>,
}

/// What happens to a key once another is proven in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldKey {
    /// It works no longer, and is deleted later.
    Deactivate,
    /// It is deleted for good.
    Delete,
    /// It works on, and is deactivated and deleted later.
    Leave,
}

/// Everything that lets a user in, stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Everything is denied first: that stops sessions, too.
    pub denies: bool,
    /// The user's name, as the person typed it.
    pub typed: String,
}

/// Name and path of the new user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserDetails {
    pub name: UserName,
    /// The path; `/` unless given.
    pub path: Path,
}

/// Which ways into the account the user gets; none at all is legal.
#[derive(Clone, Debug)]
pub struct Access {
    pub key: Option<KeyWish>,
    pub console: Option<ConsoleWish>,
}

/// An access key that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyWish {
    pub use_case: UseCase,
    /// The description tag; `None` for none.
    pub description: Option<String>,
}

/// A console password that is wanted.
#[derive(Clone, Debug)]
pub struct ConsoleWish {
    /// The person's own password, or `None` for a generated one.
    pub own_password: Option<Secret>,
    /// The user must choose a new one at the first sign-in.
    pub reset: bool,
}

/// What happens to the console access of a user that exists.
#[derive(Clone, Debug)]
pub enum ConsoleChange {
    /// The user has no password, and gets one.
    Give(ConsoleWish),
    /// The user has a password, and gets another.
    Replace(ConsoleWish),
    TakeAway {
        /// The user's name, as the person typed it.
        typed: String,
    },
}

/// What the user may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// Existing groups to join.
    pub groups: Vec<GroupName>,
    /// A group to make and join.
    pub new_group: Option<NewGroup>,
    /// Policies attached to the user.
    pub attached: Vec<PolicyChoice>,
    /// Policies of the account's own to make.
    pub policies: Vec<NewPolicy>,
    /// Policies of the user itself.
    pub inline: Vec<InlinePolicy>,
    pub boundary: Option<PolicyChoice>,
    /// The user whose permissions are copied.
    pub copy_from: Option<UserName>,
}

/// Who gets a policy that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyUse {
    User,
    Group,
    /// The user, as its permissions boundary.
    Boundary,
}

/// A managed policy of the account's own that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPolicy {
    pub name: PolicyName,
    /// Its description; empty for none.
    pub description: String,
    pub tags: Vec<Tag>,
    pub document: String,
    pub used: PolicyUse,
    /// Where the account has one of this name with another document, that gets a new version.
    pub new_version: bool,
}

/// A policy that is the user's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlinePolicy {
    pub name: PolicyName,
    pub document: String,
}

/// A group that is made for this user, or, where there is one of its name, joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    pub name: GroupName,
    /// The policies attached to it, where it does not have them.
    pub policies: Vec<PolicyChoice>,
}

/// A managed policy that was chosen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PolicyChoice {
    /// Its name, for people.
    pub name: String,
    /// Its ARN, for calls.
    pub arn: String,
}
