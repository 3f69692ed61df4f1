//! What the person has answered so far, page by page. A page's part is there once that page was accepted.

use serde::{Deserialize, Serialize};

use super::access::UseCase;
use super::name::{GroupName, Path, UserName};
use super::secret::Secret;
use super::tag::Tag;
use super::walkthrough::Walkthrough;

/// The parts that were accepted; going back never takes one away.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Which walkthrough guides the rest.
    pub walkthrough: Option<&'static Walkthrough>,
    /// Name and path.
    pub user: Option<UserDetails>,
    /// Key and console.
    pub access: Option<Access>,
    /// Groups and policies.
    pub permissions: Option<Permissions>,
    /// Tags on the user.
    pub tags: Option<Vec<Tag>>,
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
}

/// A group that is made for this user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// Its name.
    pub name: GroupName,
    /// The policies attached to it.
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
