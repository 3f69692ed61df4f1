//! What was looked up: each fact is keyed by its question, fetched in the background and never waited for by a page.

mod getters;
mod holder;
mod learning;
mod names;

use std::collections::BTreeMap;

use super::answers::PolicyChoice;
use super::caller::Caller;
use super::catalogue::ManagedPolicy;
use super::fault::Fault;
use super::password::PasswordPolicy;
use super::right::{Right, Verdict};
use super::users::{CredentialReport, HeldKey, KeyOwner, ListedUser, OtherCredentials, UserCredentials, UserDetails};

pub use holder::{KEYS_LIMIT, KeyHolder, KeySeen, LastUse};

/// Something that is worth knowing and has to be asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// The person's own profiles in `~/.aws`.
    Profiles,
    /// The account's alias.
    Alias,
    /// The account's password policy.
    PasswordPolicy,
    /// The account's quotas.
    Quotas,
    Users,
    CredentialReport,
    /// The groups, policies and tags of all users, by the account's authorization details.
    UserDetails,
    /// The keys, password, MFA devices and groups of this user.
    CredentialsOf(String),
    /// What else this user can sign with.
    OtherCredentials(String),
    /// Whose keys the person's own profiles hold.
    HeldKeys,
    /// Whose this access key is, and where on this machine it is named.
    Key(String),
    /// Whether this very user exists, and since when that is known.
    User(String),
    /// A user that exists, with its keys.
    Holder(String),
    /// Whether this very group exists.
    Group(String),
    Groups,
    GroupPolicies(String),
    /// Whether the account has a policy with this ARN, and which.
    Policy(String),
    /// What this user may do, to be copied.
    PermissionsOf(String),
    /// The text of this file of the person's.
    File(String),
    Policies,
    /// Whether the caller has these rights, by IAM's simulation.
    Rights(Vec<Right>),
    /// The document of the policy with this ARN, in this version.
    Document {
        /// The policy's ARN.
        arn: String,
        /// `v3`; empty for the one in force.
        version: String,
    },
}

/// What came back to a question. Lists come page by page.
#[derive(Clone, Debug, PartialEq)]
pub enum LookupResult {
    /// The profiles, each with a word on what it holds.
    Profiles(Vec<OwnProfile>),
    Alias(Option<String>),
    /// The password policy (AWS's default where the account has none).
    PasswordPolicy(PasswordPolicy),
    Quotas(Quotas),
    /// A page of users.
    Users(Vec<ListedUser>),
    CredentialReport(Box<CredentialReport>),
    /// A page of users with their groups and policies.
    UserDetails(Vec<UserDetails>),
    CredentialsOf(Box<UserCredentials>),
    OtherCredentials(OtherCredentials),
    HeldKeys(Vec<HeldKey>),
    Key(Box<KeySight>),
    /// Whether the user or group of the question exists.
    Existence(Existence),
    /// A user with its keys; `None` where there is none of this name.
    Holder(Option<Box<KeyHolder>>),
    Groups(Vec<String>),
    GroupPolicies(GroupHoldings),
    Policy(PolicySight),
    PermissionsOf(Box<UserPermissions>),
    File(String),
    Policies(Vec<ManagedPolicy>),
    /// A policy document, decoded.
    Document(String),
    /// What the simulation says of each right.
    Verdicts(Vec<Verdict>),
    /// The last page of a list has come.
    End,
}

/// Whose an access key is, and where on this machine it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySight {
    pub owner: KeyOwner,
    /// The profiles that hold it.
    pub places: Vec<KeyPlace>,
    /// Lines of files and variables of the environment that name it.
    pub named: Vec<String>,
}

/// A profile that holds a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPlace {
    pub profile: String,
    /// Why no other key can be put there, or would be used there.
    pub hinders: Option<String>,
    /// The profiles whose roles are assumed with it.
    pub roles: Vec<RoleProfile>,
}

/// A profile that assumes a role with the credentials of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleProfile {
    pub profile: String,
    /// It asks for the code of an MFA device.
    pub asks_for_code: bool,
}

/// A profile in the person's own files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnProfile {
    pub name: String,
    /// Where its credentials come from: "keys", "SSO", "role …", "credential_process", ….
    pub holds: String,
    pub region: Option<String>,
    /// The id of the access key in it.
    pub key: Option<String>,
}

/// Whether a name is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existence {
    Taken,
    /// It was not there when AWS's clock (its `Date` header) said this, in seconds since 1970.
    FreeAt(i64),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupHoldings {
    pub policies: Vec<PolicyChoice>,
    /// The names of its own.
    pub inline: Vec<String>,
}

/// Whether a policy of the account's own is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicySight {
    /// It was not there when AWS's clock said this, in seconds since 1970.
    FreeAt(i64),
    There(PolicyInfo),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInfo {
    /// The default version.
    pub version: String,
    /// How many versions there are; five at most.
    pub versions: usize,
    /// How many users, groups and roles have it.
    pub attachments: usize,
    /// The document of the default version.
    pub document: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPermissions {
    pub groups: Vec<String>,
    /// Its managed policies.
    pub attached: Vec<PolicyChoice>,
    /// The policies of its own: name, and document or why that can't be read.
    pub inline: Vec<(String, Result<String, String>)>,
    pub boundary: Option<PolicyChoice>,
}

/// The account's quotas that the wizard meets, as `GetAccountSummary` gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Managed policies attached to one user.
    pub policies_per_user: usize,
    /// Managed policies attached to one group.
    pub policies_per_group: usize,
    pub groups_per_user: usize,
    /// Users there are.
    pub users: usize,
    /// Users there can be.
    pub users_limit: usize,
    /// Groups there are.
    pub groups: usize,
    /// Groups there can be.
    pub groups_limit: usize,
}

impl Default for Quotas {
    /// AWS's defaults (IAM User Guide, `reference_iam-quotas`), in force until the account's own are known.
    fn default() -> Self {
        Self {
            policies_per_user: 10,
            policies_per_group: 10,
            groups_per_user: 10,
            users: 0,
            users_limit: 5000,
            groups: 0,
            groups_limit: 300,
        }
    }
}

/// A fact: asked and not answered yet, known, refused, or failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<T> {
    /// Asked; no answer yet.
    Pending,
    Known(T),
    /// The caller may not know it.
    Denied(Fault),
    Failed(Fault),
}

impl<T> Fact<T> {
    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    /// The value itself, where it is known.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Why it is not known, where the question was answered with a refusal or a failure.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Denied(fault) | Self::Failed(fault) => Some(fault),
            _ => None,
        }
    }

    /// Whether an answer is still on its way.
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Pending)
    }

    /// The same with another value.
    fn map<U>(&self, value: impl FnOnce() -> Option<U>) -> Option<Fact<U>> {
        Some(match self {
            Self::Known(_) => Fact::Known(value()?),
            Self::Pending => Fact::Pending,
            Self::Denied(fault) => Fact::Denied(fault.clone()),
            Self::Failed(fault) => Fact::Failed(fault.clone()),
        })
    }
}

/// What has come to a question so far. A list arrives page by page, and can be used meanwhile.
#[derive(Clone, Debug)]
struct Found {
    result: Option<LookupResult>,
    /// Pending until all has come.
    end: Fact<()>,
}

/// All that was looked up for one caller. A change of the caller starts a new one.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The caller; `None` until the first answer.
    pub caller: Option<Fact<Caller>>,
    found: BTreeMap<Question, Found>,
    /// How often something was learned or forgotten.
    changes: u64,
}
