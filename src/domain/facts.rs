//! What was looked up: each fact is keyed by its question, fetched in the background and never waited for by a page.

use std::collections::BTreeMap;

use super::answers::PolicyChoice;
use super::caller::Caller;
use super::catalogue::ManagedPolicy;
use super::document::pretty;
use super::fault::{Fault, FaultKind};
use super::password::PasswordPolicy;
use super::preflight::{Right, Verdict};

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
    /// The names of all users.
    Users,
    /// Whether this very user exists, and since when that is known.
    User(String),
    /// Whether this very group exists.
    Group(String),
    /// All groups.
    Groups,
    /// What this group holds.
    GroupPolicies(String),
    /// Whether the account has a policy with this ARN, and which.
    Policy(String),
    /// What this user may do, to be copied.
    PermissionsOf(String),
    /// The text of this file of the person's.
    File(String),
    /// All managed policies.
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
pub enum Finding {
    /// The profiles, each with a word on what it holds.
    Profiles(Vec<OwnProfile>),
    /// The alias, if there is one.
    Alias(Option<String>),
    /// The password policy (AWS's default where the account has none).
    PasswordPolicy(PasswordPolicy),
    /// The quotas.
    Quotas(Quotas),
    /// A page of user names.
    Users(Vec<String>),
    /// Whether the user or group of the question exists.
    Existence(Existence),
    /// A page of groups.
    Groups(Vec<String>),
    /// What the group holds.
    GroupPolicies(GroupHoldings),
    /// What is there of a policy.
    Policy(PolicySight),
    /// What a user may do.
    PermissionsOf(Box<UserPermissions>),
    /// The text of a file.
    File(String),
    /// A page of managed policies.
    Policies(Vec<ManagedPolicy>),
    /// A policy document, decoded.
    Document(String),
    /// What the simulation says of each right.
    Verdicts(Vec<Verdict>),
    /// The last page of a list has come.
    End,
}

/// A profile in the person's own files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnProfile {
    /// Its name.
    pub name: String,
    /// Where its credentials come from: "keys", "SSO", "role …", "credential_process", ….
    pub holds: String,
    /// Its region, where it has one.
    pub region: Option<String>,
}

/// Whether a name is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existence {
    /// It is there.
    Taken,
    /// It was not there when AWS's clock (its `Date` header) said this, in seconds since 1970.
    FreeAt(i64),
}

/// What a group holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupHoldings {
    /// Its managed policies.
    pub policies: Vec<PolicyChoice>,
    /// The names of its own.
    pub inline: Vec<String>,
}

/// Whether a policy of the account's own is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicySight {
    /// It was not there when AWS's clock said this, in seconds since 1970.
    FreeAt(i64),
    /// It is there.
    There(PolicyStanding),
}

/// A policy that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyStanding {
    /// The version in force.
    pub version: String,
    /// How many versions there are; five at most.
    pub versions: usize,
    /// How many users, groups and roles have it.
    pub attachments: usize,
    /// The document in force.
    pub document: String,
}

/// What a user may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPermissions {
    /// Its groups.
    pub groups: Vec<String>,
    /// Its managed policies.
    pub attached: Vec<PolicyChoice>,
    /// The policies of its own: name, and document or why that can't be read.
    pub inline: Vec<(String, Result<String, String>)>,
    /// Its permissions boundary.
    pub boundary: Option<PolicyChoice>,
}

/// The account's quotas that the wizard meets, as `GetAccountSummary` gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Managed policies attached to one user.
    pub policies_per_user: usize,
    /// Managed policies attached to one group.
    pub policies_per_group: usize,
    /// Groups of one user.
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
    /// Known.
    Known(T),
    /// The caller may not know it.
    Denied(Fault),
    /// The question failed.
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
}

/// A list that arrives page by page: what is here can be used, `end` says whether more comes.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<T> {
    /// What has arrived.
    pub items: Vec<T>,
    /// Pending until the last page has come.
    pub end: Fact<()>,
}

impl<T> Default for Listing<T> {
    fn default() -> Self {
        Self { items: Vec::new(), end: Fact::Pending }
    }
}

/// All that was looked up for one caller. A change of the caller starts a new one.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Who calls; `None` until the first answer.
    pub caller: Option<Fact<Caller>>,
    /// The person's own profiles.
    pub profiles: Vec<OwnProfile>,
    /// The account's alias.
    pub alias: Option<Fact<Option<String>>>,
    /// The account's password policy.
    pub password_policy: Option<Fact<PasswordPolicy>>,
    /// The account's quotas.
    pub quotas: Option<Fact<Quotas>>,
    /// All users' names.
    pub users: Option<Listing<String>>,
    /// Whether one user exists.
    pub user: BTreeMap<String, Fact<Existence>>,
    /// Whether one group exists.
    pub group: BTreeMap<String, Fact<Existence>>,
    /// All groups.
    pub groups: Option<Listing<String>>,
    /// What a group holds.
    pub group_policies: BTreeMap<String, Fact<GroupHoldings>>,
    /// Policies of the account's own by their ARN.
    pub policy: BTreeMap<String, Fact<PolicySight>>,
    /// What users may do.
    pub permissions_of: BTreeMap<String, Fact<UserPermissions>>,
    /// Files of the person's by their path.
    pub files: BTreeMap<String, Fact<String>>,
    /// All managed policies.
    pub policies: Option<Listing<ManagedPolicy>>,
    /// Documents by the policy's ARN, laid out for reading.
    pub documents: BTreeMap<String, Fact<String>>,
    /// What the simulation said, by the rights that were asked for.
    pub rights: BTreeMap<Vec<Right>, Fact<Vec<Verdict>>>,
}

fn sort<T>(fault: Fault) -> Fact<T> {
    if fault.kind == FaultKind::Denied { Fact::Denied(fault) } else { Fact::Failed(fault) }
}

fn settle<T>(answer: Result<T, Fault>) -> Fact<T> {
    answer.map_or_else(sort, Fact::Known)
}

impl Facts {
    /// The caller, where known.
    pub fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref().and_then(Fact::known)
    }

    /// The quotas, AWS's defaults until the account's are known.
    pub fn quotas(&self) -> Quotas {
        self.quotas.as_ref().and_then(Fact::known).copied().unwrap_or_default()
    }

    /// Notes that a question is on its way. `false` when it was asked before: nothing is asked twice.
    pub fn ask(&mut self, question: &Question) -> bool {
        fn first<T>(slot: &mut Option<Fact<T>>) -> bool {
            let first = slot.is_none();
            slot.get_or_insert(Fact::Pending);
            first
        }
        fn first_list<T>(slot: &mut Option<Listing<T>>) -> bool {
            let first = slot.is_none();
            slot.get_or_insert_with(Listing::default);
            first
        }
        fn first_in<K: Ord + Clone, T>(map: &mut BTreeMap<K, Fact<T>>, key: &K) -> bool {
            let first = !map.contains_key(key);
            map.entry(key.clone()).or_insert(Fact::Pending);
            first
        }
        match question {
            Question::Profiles => true,
            Question::Alias => first(&mut self.alias),
            Question::PasswordPolicy => first(&mut self.password_policy),
            Question::Quotas => first(&mut self.quotas),
            Question::Users => first_list(&mut self.users),
            Question::Groups => first_list(&mut self.groups),
            Question::Policies => first_list(&mut self.policies),
            Question::User(name) => first_in(&mut self.user, name),
            Question::Group(name) => first_in(&mut self.group, name),
            Question::GroupPolicies(name) => first_in(&mut self.group_policies, name),
            Question::Policy(arn) => first_in(&mut self.policy, arn),
            Question::PermissionsOf(user) => first_in(&mut self.permissions_of, user),
            Question::File(path) => first_in(&mut self.files, path),
            Question::Document { arn, .. } => first_in(&mut self.documents, arn),
            Question::Rights(rights) => first_in(&mut self.rights, rights),
        }
    }

    /// Takes an answer in.
    pub fn learn(&mut self, question: Question, answer: Result<Finding, Fault>) {
        match (question, answer) {
            (Question::Profiles, Ok(Finding::Profiles(found))) => self.profiles = found,
            (Question::Alias, answer) => {
                self.alias = Some(settle(answer.map(|f| if let Finding::Alias(alias) = f { alias } else { None })));
            }
            (Question::PasswordPolicy, Ok(Finding::PasswordPolicy(policy))) => self.password_policy = Some(Fact::Known(policy)),
            (Question::PasswordPolicy, Err(fault)) => self.password_policy = Some(sort(fault)),
            (Question::Quotas, Ok(Finding::Quotas(quotas))) => self.quotas = Some(Fact::Known(quotas)),
            (Question::Quotas, Err(fault)) => self.quotas = Some(sort(fault)),
            (Question::Users, answer) => {
                let list = self.users.get_or_insert_default();
                match answer {
                    Ok(Finding::Users(page)) => list.items.extend(page),
                    other => list.end = settle(other.map(|_| ())),
                }
            }
            (Question::Groups, answer) => {
                let list = self.groups.get_or_insert_default();
                match answer {
                    Ok(Finding::Groups(page)) => list.items.extend(page),
                    other => list.end = settle(other.map(|_| ())),
                }
            }
            (Question::Policies, answer) => {
                let list = self.policies.get_or_insert_default();
                match answer {
                    Ok(Finding::Policies(page)) => {
                        list.items.extend(page.into_iter().filter(ManagedPolicy::is_attachable));
                    }
                    other => list.end = settle(other.map(|_| ())),
                }
            }
            (Question::User(name), Ok(Finding::Existence(found))) => {
                self.user.insert(name, Fact::Known(found));
            }
            (Question::User(name), Err(fault)) => {
                self.user.insert(name, sort(fault));
            }
            (Question::Group(name), Ok(Finding::Existence(found))) => {
                self.group.insert(name, Fact::Known(found));
            }
            (Question::Group(name), Err(fault)) => {
                self.group.insert(name, sort(fault));
            }
            (Question::GroupPolicies(name), Ok(Finding::GroupPolicies(found))) => {
                self.group_policies.insert(name, Fact::Known(found));
            }
            (Question::GroupPolicies(name), Err(fault)) => {
                self.group_policies.insert(name, sort(fault));
            }
            (Question::Policy(arn), Ok(Finding::Policy(sight))) => {
                self.policy.insert(arn, Fact::Known(sight));
            }
            (Question::Policy(arn), Err(fault)) => {
                self.policy.insert(arn, sort(fault));
            }
            (Question::PermissionsOf(user), Ok(Finding::PermissionsOf(found))) => {
                self.permissions_of.insert(user, Fact::Known(*found));
            }
            (Question::PermissionsOf(user), Err(fault)) => {
                self.permissions_of.insert(user, sort(fault));
            }
            (Question::File(path), Ok(Finding::File(text))) => {
                self.files.insert(path, Fact::Known(text));
            }
            (Question::File(path), Err(fault)) => {
                self.files.insert(path, sort(fault));
            }
            (Question::Document { arn, .. }, Ok(Finding::Document(text))) => {
                self.documents.insert(arn, Fact::Known(pretty(&text)));
            }
            (Question::Document { arn, .. }, Err(fault)) => {
                self.documents.insert(arn, sort(fault));
            }
            (Question::Rights(rights), Ok(Finding::Verdicts(verdicts))) => {
                self.rights.insert(rights, Fact::Known(verdicts));
            }
            (Question::Rights(rights), Err(fault)) => {
                self.rights.insert(rights, sort(fault));
            }
            // An answer that is not one to its question can't be made by the gateway; it teaches nothing.
            _ => {}
        }
    }

    /// Forgets what this question brought, so that it can be asked again.
    pub fn forget(&mut self, question: &Question) {
        match question {
            Question::Profiles => self.profiles.clear(),
            Question::Alias => self.alias = None,
            Question::PasswordPolicy => self.password_policy = None,
            Question::Quotas => self.quotas = None,
            Question::Users => self.users = None,
            Question::Groups => self.groups = None,
            Question::Policies => self.policies = None,
            Question::User(name) => drop(self.user.remove(name)),
            Question::Group(name) => drop(self.group.remove(name)),
            Question::GroupPolicies(name) => drop(self.group_policies.remove(name)),
            Question::Policy(arn) => drop(self.policy.remove(arn)),
            Question::PermissionsOf(user) => drop(self.permissions_of.remove(user)),
            Question::File(path) => drop(self.files.remove(path)),
            Question::Document { arn, .. } => drop(self.documents.remove(arn)),
            Question::Rights(rights) => drop(self.rights.remove(rights)),
        }
    }

    /// Whether a question is on its way.
    pub fn is_pending(&self) -> bool {
        fn any<K, T>(map: &BTreeMap<K, Fact<T>>) -> bool {
            map.values().any(Fact::is_pending)
        }
        fn one<T>(fact: Option<&Fact<T>>) -> bool {
            fact.is_some_and(Fact::is_pending)
        }
        fn list<T>(listing: Option<&Listing<T>>) -> bool {
            listing.is_some_and(|listing| listing.end.is_pending())
        }
        one(self.caller.as_ref())
            || one(self.alias.as_ref())
            || one(self.password_policy.as_ref())
            || one(self.quotas.as_ref())
            || list(self.users.as_ref())
            || list(self.groups.as_ref())
            || list(self.policies.as_ref())
            || any(&self.user)
            || any(&self.group)
            || any(&self.group_policies)
            || any(&self.policy)
            || any(&self.permissions_of)
            || any(&self.files)
            || any(&self.documents)
            || any(&self.rights)
    }

    /// A managed policy by its name, as far as the list has arrived.
    pub fn policy_named(&self, name: &str) -> Option<&ManagedPolicy> {
        self.policies.as_ref()?.items.iter().find(|policy| policy.name == name)
    }
}
