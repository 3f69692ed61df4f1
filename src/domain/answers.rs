//! What the person has answered so far, page by page. A page's part is there once that page was accepted.

use serde::{Deserialize, Serialize};

use super::access::UseCase;
use super::name::{GroupName, Path, PolicyName, UserName};
use super::page::PageId;
use super::secret::Secret;
use super::tag::Tag;

/// The parts that were accepted; going back never takes one away.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The name of the walkthrough that guides the rest.
    pub walkthrough: Option<String>,
    /// Name and path.
    pub user: Option<UserDetails>,
    /// Key and console.
    pub access: Option<Access>,
    /// Groups and policies.
    pub permissions: Option<Permissions>,
    /// Tags on the user.
    pub tags: Option<Vec<Tag>>,
}

impl Answers {
    /// Whether a page was accepted.
    pub fn has(&self, page: PageId) -> bool {
        match page {
            PageId::Walkthrough => self.walkthrough.is_some(),
            PageId::User => self.user.is_some(),
            PageId::Access => self.access.is_some(),
            PageId::Permissions => self.permissions.is_some(),
            PageId::Tags => self.tags.is_some(),
        }
    }

    /// Forgets what a page was accepted with: it is filled in anew.
    pub fn forget(&mut self, page: PageId) {
        match page {
            PageId::Walkthrough => self.walkthrough = None,
            PageId::User => self.user = None,
            PageId::Access => self.access = None,
            PageId::Permissions => self.permissions = None,
            PageId::Tags => self.tags = None,
        }
    }
}

/// Name and path of the new user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserDetails {
    /// The name.
    pub name: UserName,
    /// The path; `/` unless given.
    pub path: Path,
}

/// Which ways into the account the user gets; none at all is legal.
#[derive(Clone, Debug)]
pub struct Access {
    /// An access key.
    pub key: Option<KeyWish>,
    /// A console password.
    pub console: Option<ConsoleWish>,
}

/// An access key that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyWish {
    /// What for.
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
    /// The permissions boundary.
    pub boundary: Option<PolicyChoice>,
    /// The user whose permissions are copied.
    pub copy_from: Option<UserName>,
}

/// Who gets a policy that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyUse {
    /// The user.
    User,
    /// The new group.
    Group,
    /// The user, as its permissions boundary.
    Boundary,
}

/// A managed policy of the account's own that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPolicy {
    /// Its name.
    pub name: PolicyName,
    /// Its description; empty for none.
    pub description: String,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Its document.
    pub document: String,
    /// Who gets it.
    pub used: PolicyUse,
    /// Where the account has one of this name with another document, that gets a new version.
    pub new_version: bool,
}

/// A policy that is the user's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlinePolicy {
    /// Its name.
    pub name: PolicyName,
    /// Its document.
    pub document: String,
}

/// A group that is made for this user, or, where there is one of its name, joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// Its name.
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
