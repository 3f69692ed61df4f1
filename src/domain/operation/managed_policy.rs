//! Managed policies of the account's own, and their versions.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Cli, Described, Entity, Evidence, Inverse, Made, Nature, Old, SecretKind, WhenLost, ascii_json, quoted, tags_json};
use crate::domain::answers::PolicyChoice;
use crate::domain::password::PasswordPolicy;
use crate::domain::sanitise::ascii;
use crate::domain::tag::Tag;

/// Make a managed policy of the account's own. Its ARN is known before: it follows from account, path and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatePolicy {
    /// Its name and ARN.
    pub policy: PolicyChoice,
    /// Its description; IAM lets nobody change it later.
    pub description: String,
    pub document: String,
    pub tags: Vec<Tag>,
}

impl Described for CreatePolicy {
    const PERMISSION: &'static str = "iam:CreatePolicy";
    const NATURE: Nature = Nature::Makes;
    const WHEN_LOST: WhenLost = WhenLost::ReconcileFirst;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Create the policy {}", self.policy.name)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        match self.tags.is_empty() {
            true => vec![],
            false => vec!["iam:TagPolicy"],
        }
    }

    fn target(&self) -> Entity {
        Entity::Policy(self.policy.arn.clone())
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
        Inverse::By(DeletePolicy { policy: self.policy.clone(), evidence }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        let mut rest = String::new();
        if !self.description.is_empty() {
            rest += &format!(" --cli-input-json={}", quoted(&ascii_json(&json!({ "Description": self.description }))));
        }
        if !self.tags.is_empty() {
            rest += &format!(" --tags={}", quoted(&ascii_json(&tags_json(&self.tags))));
        }
        let (name, document) = (quoted(&self.policy.name), quoted(&ascii(self.document.trim())));
        vec![
            Cli::Iam(format!("create-policy --policy-name={name}{rest} --policy-document={document}")),
            Cli::Wait(format!("wait policy-exists --policy-arn={}", quoted(&self.policy.arn))),
        ]
    }

    fn shown_by(&self) -> String {
        format!("get-policy --policy-arn={}", quoted(&self.policy.arn))
    }
}

/// Delete a policy that nobody uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletePolicy {
    pub policy: PolicyChoice,
    /// Why it may go.
    pub evidence: Evidence,
}

impl Described for DeletePolicy {
    const PERMISSION: &'static str = "iam:DeletePolicy";
    const NATURE: Nature = Nature::Removes;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Delete the policy {}", self.policy.name)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec![]
    }

    fn target(&self) -> Entity {
        Entity::Policy(self.policy.arn.clone())
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

    fn inverse(&self, _made: &Made, _: &Old, _: Evidence) -> Inverse {
        Inverse::Never("A policy that is created again has another unique id.")
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!("delete-policy --policy-arn={}", quoted(&self.policy.arn)))]
    }

    fn shown_by(&self) -> String {
        format!("get-policy --policy-arn={}", quoted(&self.policy.arn))
    }
}

/// Give a policy that was there a new document, as a new version that is in force at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatePolicyVersion {
    pub policy: PolicyChoice,
    pub document: String,
    /// The version that was in force when the plan was made; undo puts it back.
    pub before: String,
}

impl Described for CreatePolicyVersion {
    const PERMISSION: &'static str = "iam:CreatePolicyVersion";
    const NATURE: Nature = Nature::Adds;
    const WHEN_LOST: WhenLost = WhenLost::ReconcileFirst;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Give the policy {} a new version", self.policy.name)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec![]
    }

    fn target(&self) -> Entity {
        Entity::Policy(self.policy.arn.clone())
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

    fn inverse(&self, made: &Made, _: &Old, evidence: Evidence) -> Inverse {
        let Made::Version { version } = made else { return Inverse::Unknown };
        let (policy, ours, before) = (self.policy.clone(), version.clone(), self.before.clone());
        Inverse::By(RestorePolicyVersion { policy, ours, before, evidence }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!(
            "create-policy-version --policy-arn={} --set-as-default --policy-document={}",
            quoted(&self.policy.arn),
            quoted(&ascii(self.document.trim()))
        ))]
    }

    fn shown_by(&self) -> String {
        format!("list-policy-versions --policy-arn={}", quoted(&self.policy.arn))
    }
}

/// Put the version back that was in force, and delete ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestorePolicyVersion {
    pub policy: PolicyChoice,
    pub ours: String,
    /// The one that was in force before.
    pub before: String,
    /// Why ours may go.
    pub evidence: Evidence,
}

impl Described for RestorePolicyVersion {
    const PERMISSION: &'static str = "iam:SetDefaultPolicyVersion";
    const NATURE: Nature = Nature::Removes;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Make version {} the default of the policy {} again", self.before, self.policy.name)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec!["iam:DeletePolicyVersion"]
    }

    fn target(&self) -> Entity {
        Entity::Policy(self.policy.arn.clone())
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
        Inverse::Never("The numbers of versions only grow.")
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        let arn = quoted(&self.policy.arn);
        vec![
            Cli::Iam(format!("set-default-policy-version --policy-arn={arn} --version-id={}", self.before)),
            Cli::Iam(format!("delete-policy-version --policy-arn={arn} --version-id={}", self.ours)),
        ]
    }

    fn shown_by(&self) -> String {
        format!("list-policy-versions --policy-arn={}", quoted(&self.policy.arn))
    }
}
