//! Operations: everything that a run can do, each one IAM write, or what it needs on this machine between two of them.
//!
//! One file an IAM noun. An operation says there, side by side, all that the program has to know of it; [`Described`] has no
//! default bodies, so that nothing is forgotten. How it is sent, read and looked up stands in `services::iam`. Undo is an
//! operation like any other.

mod access_key;
mod attachment;
mod cli;
mod entity;
mod evidence;
mod group;
mod inline_policy;
mod local;
mod managed_policy;
mod other_credential;
mod password;
mod tags;
mod user;

use serde::{Deserialize, Serialize};

use super::name::UserName;
use super::password::PasswordPolicy;

pub use access_key::{CreateAccessKey, DeleteAccessKey, KeyRef, KeyStatus, UpdateAccessKey, key_file};
pub use attachment::{AttachGroupPolicy, AttachUserPolicy, DetachGroupPolicy, DetachUserPolicy};
pub use cli::{Cli, quoted};
pub(super) use cli::{ascii_json, tags_json};
pub use entity::{Entity, Owned};
pub use evidence::Evidence;
pub use group::{AddUserToGroup, CreateGroup, DeleteGroup, RemoveUserFromGroup};
pub use inline_policy::{DeleteUserPolicy, PutUserPolicy};
pub use local::{ProveAccessKey, RestoreProfile, SaveProfile, Through};
pub use managed_policy::{CreatePolicy, CreatePolicyVersion, DeletePolicy, RestorePolicyVersion};
pub use other_credential::{UpdateServiceSpecificCredential, UpdateSigningCertificate, UpdateSshPublicKey};
pub use password::{CreateLoginProfile, DeleteLoginProfile, UpdateLoginProfile, login_file, password_length};
pub use tags::{DescribeAccessKey, UntagUser};
pub use user::{CreateUser, DeleteUser};

/// Hands the list of all operations to a macro, each after what it needs to be there: a life from the first to the last. A new
/// operation is added here, and is missed by the compiler everywhere else.
macro_rules! each_operation {
    ($with:ident) => {
        $with! {
            CreateGroup, CreatePolicy, CreatePolicyVersion, CreateUser, AttachGroupPolicy, AddUserToGroup, AttachUserPolicy,
            PutUserPolicy, CreateLoginProfile, UpdateLoginProfile, CreateAccessKey, ProveAccessKey, SaveProfile, RestoreProfile,
            UpdateAccessKey, DescribeAccessKey, UpdateSshPublicKey, UpdateSigningCertificate,
            UpdateServiceSpecificCredential, UntagUser, DeleteAccessKey, DeleteLoginProfile, DeleteUserPolicy, DetachUserPolicy, RemoveUserFromGroup,
            DetachGroupPolicy, DeleteUser, RestorePolicyVersion, DeletePolicy, DeleteGroup,
        }
    };
}

pub(crate) use each_operation;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// It makes a user, group or policy, on which others then work.
    Makes,
    /// It adds a part with an id of its own, or a secret: sending it twice makes two, or is an error.
    Adds,
    /// It links two things that are there; sending it twice is as good as once.
    Links,
    /// It sets a value; sending it twice is as good as once.
    Sets,
    /// It takes something away, and needs [`Evidence`].
    Removes,
    /// It works on this machine alone.
    Local,
}

/// What is done when the answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenLost {
    ReconcileFirst,
    SendAgain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// The secret of an access key.
    Key,
    Password,
}

/// What an operation made, with the ids by which it is known afterwards. Never a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Made {
    Group {
        /// `AGPA…`.
        id: String,
    },
    User {
        /// `AIDA…`.
        id: String,
        arn: String,
    },
    Policy {
        /// `ANPA…`.
        id: String,
    },
    Version {
        /// `v2`.
        version: String,
    },
    /// A console password; the vault holds it under the step.
    Password,
    /// The same where there was none, by which it is told from a later one.
    LoginProfile {
        /// In seconds since 1970.
        created: i64,
    },
    /// An access key; the vault holds its secret under the step.
    Key {
        /// `AKIA…`.
        id: String,
        /// An earlier answer was lost, and it could not be made sure that no key of that call is there as well.
        #[serde(default, rename = "unswept", skip_serializing_if = "std::ops::Not::not")]
        possible_duplicate: bool,
    },
    /// An attachment, a membership, a tag, a value: nothing with an id of its own.
    Link,
    /// A profile that does not work, and not because of the key.
    Unproven { why: String },
}

/// What stood there before an operation, as far as undo has to restore it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Old {
    #[default]
    Nothing,
    /// A document, or the value of a tag.
    Text(String),
    Status(KeyStatus),
    /// The ids of the keys that the user had.
    Keys(Vec<String>),
}

/// What takes an operation back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inverse {
    By(Operation),
    /// What it made has an id that came with an answer that was lost.
    Unknown,
    /// It has changed nothing.
    Nothing,
    /// Nothing does, and why.
    Never(&'static str),
}

/// What every operation says of itself. There are no defaults: an operation that forgets one of these does not compile.
pub trait Described {
    /// Its own call, as the permission that it needs.
    const PERMISSION: &'static str;
    const NATURE: Nature;
    /// What is done when its answer was lost.
    const WHEN_LOST: WhenLost;
    const BRINGS: Option<SecretKind>;

    /// What it does, in a few words.
    fn words(&self) -> String;
    /// The permissions that it needs besides its own on the same target (IAM's service authorization reference).
    fn more_rights(&self) -> Vec<&'static str>;
    /// The user, group or policy that it makes or changes.
    fn target(&self) -> Entity;
    /// Another that IAM may find busy meanwhile: the group that a user joins.
    fn beside(&self) -> Option<Entity>;
    /// What IAM authorizes it on (service authorization reference).
    fn resource(&self) -> Entity;
    /// Why it may remove what it removes; only what removes has any.
    fn evidence(&self) -> Option<&Evidence>;
    /// What undoes it, given what it made, what stood there before, and the proof that it is ours.
    fn inverse(&self, made: &Made, old: &Old, evidence: Evidence) -> Inverse;
    /// The same by the AWS CLI; `policy` is what a password that a script makes must meet.
    fn cli(&self, policy: &PasswordPolicy) -> Vec<Cli>;
    /// The AWS CLI call that only shows what is there of it.
    fn shown_by(&self) -> String;
}

macro_rules! define {
    ($($name:ident),* $(,)?) => {
        /// One operation, as data.
        #[allow(missing_docs, reason = "each is documented where it is defined")]
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Operation {
            $($name($name)),*
        }

        #[allow(missing_docs, reason = "each is documented where it is defined")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($name),*
        }

        impl Kind {
            /// All that there are.
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }

        $(impl From<$name> for Operation {
            fn from(operation: $name) -> Self {
                Self::$name(operation)
            }
        })*

        impl Operation {
            pub fn kind(&self) -> Kind {
                match self {
                    $(Self::$name(_) => Kind::$name),*
                }
            }

            /// Its own call, as the permission that it needs.
            pub fn permission(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $name::PERMISSION),*
                }
            }

            pub fn nature(&self) -> Nature {
                match self {
                    $(Self::$name(_) => $name::NATURE),*
                }
            }

            /// What is done when its answer was lost.
            pub fn when_lost(&self) -> WhenLost {
                match self {
                    $(Self::$name(_) => $name::WHEN_LOST),*
                }
            }

            pub fn brings(&self) -> Option<SecretKind> {
                match self {
                    $(Self::$name(_) => $name::BRINGS),*
                }
            }

            /// What it does, in a few words.
            pub fn words(&self) -> String {
                match self {
                    $(Self::$name(operation) => operation.words()),*
                }
            }

            /// The permissions that it needs on its target; the first is its own call. None on this machine.
            pub fn rights(&self) -> Vec<&'static str> {
                if self.nature() == Nature::Local {
                    return Vec::new();
                }
                let more = match self {
                    $(Self::$name(operation) => operation.more_rights()),*
                };
                std::iter::once(self.permission()).chain(more).collect()
            }

            /// The user, group or policy that it makes or changes.
            pub fn target(&self) -> Entity {
                match self {
                    $(Self::$name(operation) => operation.target()),*
                }
            }

            /// Another that IAM may find busy meanwhile: the group that a user joins.
            pub fn beside(&self) -> Option<Entity> {
                match self {
                    $(Self::$name(operation) => operation.beside()),*
                }
            }

            /// What IAM authorizes it on.
            pub fn resource(&self) -> Entity {
                match self {
                    $(Self::$name(operation) => operation.resource()),*
                }
            }

            /// Why it may remove what it removes; only what removes has any.
            pub fn evidence(&self) -> Option<&Evidence> {
                match self {
                    $(Self::$name(operation) => operation.evidence()),*
                }
            }

            /// What undoes it, given what it made, what stood there before, and the proof that it is ours.
            pub fn inverse(&self, made: &Made, old: &Old, evidence: Evidence) -> Inverse {
                match self {
                    $(Self::$name(operation) => operation.inverse(made, old, evidence)),*
                }
            }

            /// The same by the AWS CLI; `policy` is what a password that a script makes must meet.
            pub fn cli(&self, policy: &PasswordPolicy) -> Vec<Cli> {
                match self {
                    $(Self::$name(operation) => operation.cli(policy)),*
                }
            }

            /// The AWS CLI call that only shows what is there of it.
            pub fn shown_by(&self) -> String {
                match self {
                    $(Self::$name(operation) => operation.shown_by()),*
                }
            }
        }
    };
}
each_operation!(define);

impl Operation {
    /// The user whom it is about.
    pub fn user(&self) -> Option<UserName> {
        match self.target() {
            Entity::User(user) => Some(user),
            Entity::Group(_) | Entity::Policy(_) => None,
        }
    }

    /// Whether it makes a user, group or policy, on which other steps then work.
    pub fn makes_entity(&self) -> bool {
        self.nature() == Nature::Makes
    }

    /// Whether sending it twice makes two things or an error: such calls are sent once, and looked up when unclear.
    pub fn is_create(&self) -> bool {
        matches!(self.nature(), Nature::Makes | Nature::Adds)
    }

    /// Whether both work on the same user, group or policy: IAM may refuse such calls while the other is under way.
    pub fn shares_entity(&self, other: &Self) -> bool {
        let of = |one: &Self| [Some(one.target()), one.beside()].into_iter().flatten().collect::<Vec<_>>();
        let theirs = of(other);
        of(self).iter().any(|entity| theirs.contains(entity))
    }

    /// The AWS CLI command that does the same, with `options` (profile, endpoint) behind each call.
    pub fn command(&self, options: &str) -> String {
        let calls = self.cli(&PasswordPolicy::default()).into_iter();
        calls.filter_map(|line| line.call(options)).collect::<Vec<_>>().join(" && ")
    }
}
