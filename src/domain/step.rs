//! A step: one effect of the plan, as data: what it does, in words and as a call, and what it needs first.

use serde::{Deserialize, Serialize};

use super::answers::PolicyChoice;
use super::name::{GroupName, Path, PolicyName, UserName};
use super::step_id::StepId;
use super::tag::Tag;

/// One IAM call that changes the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Make a group.
    CreateGroup {
        /// Its name.
        group: GroupName,
    },
    /// Attach a managed policy to a group.
    AttachGroupPolicy {
        /// The group.
        group: GroupName,
        /// The policy.
        policy: PolicyChoice,
    },
    /// Make a managed policy of the account's own. Its ARN is known before: it follows from account, path and name.
    CreatePolicy {
        /// Its name and ARN.
        policy: PolicyChoice,
        /// Its description; IAM lets nobody change it later.
        description: String,
        /// Its document.
        document: String,
        /// Its tags.
        tags: Vec<Tag>,
    },
    /// Give a policy that was there a new document, as a new version that is in force at once.
    CreatePolicyVersion {
        /// The policy.
        policy: PolicyChoice,
        /// The new document.
        document: String,
        /// The version that was in force when the plan was made; undo puts it back.
        before: String,
    },
    /// Make the user, with its tags.
    CreateUser {
        /// Its name.
        user: UserName,
        /// Its path.
        path: Path,
        /// Its tags.
        tags: Vec<Tag>,
        /// Its permissions boundary.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        boundary: Option<PolicyChoice>,
    },
    /// Put the user into a group.
    AddUserToGroup {
        /// The user.
        user: UserName,
        /// The group.
        group: GroupName,
    },
    /// Attach a managed policy to the user.
    AttachUserPolicy {
        /// The user.
        user: UserName,
        /// The policy.
        policy: PolicyChoice,
    },
    /// Give the user a policy of its own.
    PutUserPolicy {
        /// The user.
        user: UserName,
        /// The policy's name.
        name: PolicyName,
        /// Its document.
        document: String,
    },
    /// Give the user a console password: what the vault holds for this step, else one is generated when the step runs.
    CreateLoginProfile {
        /// The user.
        user: UserName,
        /// A new password must be chosen at the first sign-in.
        reset: bool,
    },
    /// Make the access key; its secret goes into the vault under this step.
    CreateAccessKey {
        /// The user.
        user: UserName,
    },
    /// Describe the key that another step made: a tag on the user, its key the access key id.
    DescribeAccessKey {
        /// The user.
        user: UserName,
        /// The step that makes the key.
        key: StepId,
        /// The description.
        description: String,
    },
}

impl Action {
    /// The call as the permission it needs.
    pub fn permission(&self) -> &'static str {
        match self {
            Self::CreateGroup { .. } => "iam:CreateGroup",
            Self::AttachGroupPolicy { .. } => "iam:AttachGroupPolicy",
            Self::CreatePolicy { .. } => "iam:CreatePolicy",
            Self::CreatePolicyVersion { .. } => "iam:CreatePolicyVersion",
            Self::CreateUser { .. } => "iam:CreateUser",
            Self::AddUserToGroup { .. } => "iam:AddUserToGroup",
            Self::AttachUserPolicy { .. } => "iam:AttachUserPolicy",
            Self::PutUserPolicy { .. } => "iam:PutUserPolicy",
            Self::CreateLoginProfile { .. } => "iam:CreateLoginProfile",
            Self::CreateAccessKey { .. } => "iam:CreateAccessKey",
            Self::DescribeAccessKey { .. } => "iam:TagUser",
        }
    }

    /// What it does, in a few words.
    pub fn words(&self) -> String {
        match self {
            Self::CreateGroup { group } => format!("Create the group {group}"),
            Self::AttachGroupPolicy { group, policy } => format!("Attach {} to the group {group}", policy.name),
            Self::CreatePolicy { policy, .. } => format!("Create the policy {}", policy.name),
            Self::CreatePolicyVersion { policy, .. } => format!("Give the policy {} a new version", policy.name),
            Self::CreateUser { user, path, tags, boundary } => {
                let mut words = format!("Create the user {user}");
                if path.as_str() != "/" {
                    words.push_str(&format!(" in {path}"));
                }
                match tags.len() {
                    0 => {}
                    1 => words.push_str(" with 1 tag"),
                    n => words.push_str(&format!(" with {n} tags")),
                }
                if let Some(policy) = boundary {
                    words.push_str(&format!(", bounded by {}", policy.name));
                }
                words
            }
            Self::AddUserToGroup { user, group } => format!("Add {user} to the group {group}"),
            Self::AttachUserPolicy { user, policy } => format!("Attach {} to {user}", policy.name),
            Self::PutUserPolicy { user, name, .. } => format!("Give {user} the inline policy {name}"),
            Self::CreateLoginProfile { user, reset: true } => {
                format!("Set a console password for {user}, to be changed at the first sign-in")
            }
            Self::CreateLoginProfile { user, reset: false } => format!("Set a console password for {user}"),
            Self::CreateAccessKey { user } => format!("Create an access key for {user}"),
            Self::DescribeAccessKey { .. } => "Describe the access key (a tag on the user)".to_owned(),
        }
    }

    /// The user whom it is about.
    pub fn user(&self) -> Option<&UserName> {
        match self {
            Self::CreateGroup { .. }
            | Self::AttachGroupPolicy { .. }
            | Self::CreatePolicy { .. }
            | Self::CreatePolicyVersion { .. } => None,
            Self::CreateUser { user, .. }
            | Self::AddUserToGroup { user, .. }
            | Self::AttachUserPolicy { user, .. }
            | Self::PutUserPolicy { user, .. }
            | Self::CreateLoginProfile { user, .. }
            | Self::CreateAccessKey { user }
            | Self::DescribeAccessKey { user, .. } => Some(user),
        }
    }

    /// The group that it makes or changes.
    pub fn group(&self) -> Option<&GroupName> {
        match self {
            Self::CreateGroup { group } | Self::AttachGroupPolicy { group, .. } | Self::AddUserToGroup { group, .. } => {
                Some(group)
            }
            _ => None,
        }
    }

    /// The policy that it makes or changes.
    pub fn policy(&self) -> Option<&PolicyChoice> {
        match self {
            Self::CreatePolicy { policy, .. } | Self::CreatePolicyVersion { policy, .. } => Some(policy),
            _ => None,
        }
    }

    /// Whether both change the same user, group or policy: IAM may refuse such calls while the other is under way.
    pub fn shares_entity(&self, other: &Self) -> bool {
        let same = |one: Option<&str>, other: Option<&str>| one.is_some() && one == other;
        same(self.user().map(UserName::as_str), other.user().map(UserName::as_str))
            || same(self.group().map(GroupName::as_str), other.group().map(GroupName::as_str))
            || same(self.policy().map(|policy| policy.arn.as_str()), other.policy().map(|policy| policy.arn.as_str()))
    }

    /// Whether sending it twice makes two things or an error: such calls are sent once, and looked up when unclear.
    pub fn is_create(&self) -> bool {
        matches!(
            self,
            Self::CreateGroup { .. }
                | Self::CreatePolicy { .. }
                | Self::CreatePolicyVersion { .. }
                | Self::CreateUser { .. }
                | Self::CreateLoginProfile { .. }
                | Self::CreateAccessKey { .. }
        )
    }

    /// Whether it makes the access key.
    pub fn is_key(&self) -> bool {
        matches!(self, Self::CreateAccessKey { .. })
    }

    /// Whether it changes a thing that may have been there before the run.
    pub fn changes_entity(&self) -> bool {
        matches!(self, Self::AttachGroupPolicy { .. } | Self::CreatePolicyVersion { .. })
    }

    /// Whether it makes something that other steps then change.
    pub fn makes_entity(&self) -> bool {
        matches!(self, Self::CreateGroup { .. } | Self::CreatePolicy { .. } | Self::CreateUser { .. })
    }
}

impl Owned {
    /// The unique id.
    pub fn id(&self) -> &str {
        let (Self::User { id, .. } | Self::Group { id, .. } | Self::Policy { id, .. }) = self;
        id
    }

    /// What it is, in words.
    pub fn words(&self) -> String {
        match self {
            Self::User { name, .. } => format!("The user {name}"),
            Self::Group { name, .. } => format!("The group {name}"),
            Self::Policy { arn, .. } => format!("The policy {arn}"),
        }
    }
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its place.
    pub id: StepId,
    /// What it does.
    pub action: Action,
    /// The steps that have to be done before.
    pub needs: Vec<StepId>,
    /// Whether its failure stops the run; the key's description only leaves a note.
    pub stops: bool,
}

/// What a step made, with the ids by which it is known afterwards. Never a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Made {
    /// A group.
    Group {
        /// `AGPA…`.
        id: String,
    },
    /// A user.
    User {
        /// `AIDA…`.
        id: String,
        /// Its ARN.
        arn: String,
    },
    /// A policy.
    Policy {
        /// `ANPA…`.
        id: String,
    },
    /// A version of a policy that was there.
    Version {
        /// `v2`.
        version: String,
    },
    /// A console password; the vault holds it under the step.
    Password,
    /// An access key; the vault holds its secret under the step.
    Key {
        /// `AKIA…`.
        id: String,
        /// An earlier answer was lost, and it could not be made sure that no key of that call is there as well.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unswept: bool,
    },
    /// An attachment, a membership, a tag: nothing with an id of its own.
    Link,
}

/// How it was before a step changes something that the run did not make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Before {
    /// So already: there is nothing to do, and nothing to take back.
    Same(Made),
    /// Otherwise; undo makes it so again, as long as this is still the same thing.
    Other {
        /// The thing.
        thing: Owned,
        /// The unique ids of those who have its permissions now: whoever comes later must not lose what the step gives.
        users: Vec<String>,
    },
}

/// What is there after a create whose answer was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// What the lost call made; it is proven ours, and stays.
    Ours(Made),
    /// What the lost call made was of no use to anybody (a key without its secret), and was removed.
    Removed,
    /// Nothing of it.
    Nothing,
}

/// A thing that this run made, or changed, with the unique id that IAM gave it: a newer thing of the same name has another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Owned {
    /// A user.
    User {
        /// Its name.
        name: String,
        /// `AIDA…`.
        id: String,
    },
    /// A group.
    Group {
        /// Its name.
        name: String,
        /// `AGPA…`.
        id: String,
    },
    /// A policy.
    Policy {
        /// Its ARN.
        arn: String,
        /// `ANPA…`.
        id: String,
    },
}
