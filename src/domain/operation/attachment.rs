//! What managed policies are attached to: groups and users.

use serde::{Deserialize, Serialize};

use super::{Cli, Described, Entity, Evidence, Inverse, Made, Nature, Old, SecretKind, WhenLost, quoted};
use crate::domain::answers::PolicyChoice;
use crate::domain::name::{GroupName, UserName};
use crate::domain::password::PasswordPolicy;

/// Attach a managed policy to a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachGroupPolicy {
    pub group: GroupName,
    pub policy: PolicyChoice,
}

impl Described for AttachGroupPolicy {
    const PERMISSION: &'static str = "iam:AttachGroupPolicy";
    const NATURE: Nature = Nature::Links;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Attach {} to the group {}", self.policy.name, self.group)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec![]
    }

    fn target(&self) -> Entity {
        Entity::Group(self.group.clone())
    }

    fn beside(&self) -> Option<Entity> {
        None
    }

    fn resource(&self) -> Entity {
        self.target()
    }

    fn evidence(&self) -> Option<&Evidence> {
        None
    }

    fn inverse(&self, _: &Made, _: &Old, evidence: Evidence) -> Inverse {
        Inverse::By(DetachGroupPolicy { group: self.group.clone(), policy: self.policy.clone(), evidence }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!(
            "attach-group-policy --group-name={} --policy-arn={}",
            quoted(self.group.as_str()),
            quoted(&self.policy.arn)
        ))]
    }

    fn shown_by(&self) -> String {
        format!("list-attached-group-policies --group-name={}", quoted(self.group.as_str()))
    }
}

/// Take a policy off a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetachGroupPolicy {
    pub group: GroupName,
    pub policy: PolicyChoice,
    /// Why it may be taken off.
    pub evidence: Evidence,
}

impl Described for DetachGroupPolicy {
    const PERMISSION: &'static str = "iam:DetachGroupPolicy";
    const NATURE: Nature = Nature::Removes;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Take {} off the group {}", self.policy.name, self.group)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec![]
    }

    fn target(&self) -> Entity {
        Entity::Group(self.group.clone())
    }

    fn beside(&self) -> Option<Entity> {
        None
    }

    fn resource(&self) -> Entity {
        self.target()
    }

    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }

    fn inverse(&self, _: &Made, _: &Old, _: Evidence) -> Inverse {
        Inverse::By(AttachGroupPolicy { group: self.group.clone(), policy: self.policy.clone() }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!(
            "detach-group-policy --group-name={} --policy-arn={}",
            quoted(self.group.as_str()),
            quoted(&self.policy.arn)
        ))]
    }

    fn shown_by(&self) -> String {
        format!("list-attached-group-policies --group-name={}", quoted(self.group.as_str()))
    }
}

/// Attach a managed policy to the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachUserPolicy {
    pub user: UserName,
    pub policy: PolicyChoice,
}

impl Described for AttachUserPolicy {
    const PERMISSION: &'static str = "iam:AttachUserPolicy";
    const NATURE: Nature = Nature::Links;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Attach {} to {}", self.policy.name, self.user)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec![]
    }

    fn target(&self) -> Entity {
        Entity::User(self.user.clone())
    }

    fn beside(&self) -> Option<Entity> {
        None
    }

    fn resource(&self) -> Entity {
        self.target()
    }

    fn evidence(&self) -> Option<&Evidence> {
        None
    }

    fn inverse(&self, _: &Made, _: &Old, evidence: Evidence) -> Inverse {
        Inverse::By(DetachUserPolicy { user: self.user.clone(), policy: self.policy.clone(), evidence }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!(
            "attach-user-policy --user-name={} --policy-arn={}",
            quoted(self.user.as_str()),
            quoted(&self.policy.arn)
        ))]
    }

    fn shown_by(&self) -> String {
        format!("list-attached-user-policies --user-name={}", quoted(self.user.as_str()))
    }
}

/// Take a policy off the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetachUserPolicy {
    pub user: UserName,
    pub policy: PolicyChoice,
    /// Why it may be taken off.
    pub evidence: Evidence,
}

impl Described for DetachUserPolicy {
    const PERMISSION: &'static str = "iam:DetachUserPolicy";
    const NATURE: Nature = Nature::Removes;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Take {} off {}", self.policy.name, self.user)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec![]
    }

    fn target(&self) -> Entity {
        Entity::User(self.user.clone())
    }

    fn beside(&self) -> Option<Entity> {
        None
    }

    fn resource(&self) -> Entity {
        self.target()
    }

    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }

    fn inverse(&self, _: &Made, _: &Old, _: Evidence) -> Inverse {
        Inverse::By(AttachUserPolicy { user: self.user.clone(), policy: self.policy.clone() }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!(
            "detach-user-policy --user-name={} --policy-arn={}",
            quoted(self.user.as_str()),
            quoted(&self.policy.arn)
        ))]
    }

    fn shown_by(&self) -> String {
        format!("list-attached-user-policies --user-name={}", quoted(self.user.as_str()))
    }
}
