//! Policies that live in a user.

use serde::{Deserialize, Serialize};

use super::{Cli, Described, Entity, Evidence, Inverse, Made, Nature, Old, SecretKind, WhenLost, quoted};
use crate::domain::name::{PolicyName, UserName};
use crate::domain::password::PasswordPolicy;
use crate::domain::sanitise::ascii;

/// Give the user a policy of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutUserPolicy {
    pub user: UserName,
    pub name: PolicyName,
    pub document: String,
}

impl Described for PutUserPolicy {
    const PERMISSION: &'static str = "iam:PutUserPolicy";
    const NATURE: Nature = Nature::Sets;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Give {} the inline policy {}", self.user, self.name)
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

    fn inverse(&self, _: &Made, old: &Old, evidence: Evidence) -> Inverse {
        let (user, name) = (self.user.clone(), self.name.clone());
        match old {
            Old::Text(document) => Inverse::By(Self { user, name, document: document.clone() }.into()),
            Old::Nothing | Old::Status(_) | Old::Keys(_) => Inverse::By(DeleteUserPolicy { user, name, evidence }.into()),
        }
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!(
            "put-user-policy --user-name={} --policy-name={} --policy-document={}",
            quoted(self.user.as_str()),
            quoted(self.name.as_str()),
            quoted(&ascii(self.document.trim()))
        ))]
    }

    fn shown_by(&self) -> String {
        format!("get-user-policy --user-name={} --policy-name={}", quoted(self.user.as_str()), quoted(self.name.as_str()))
    }
}

/// Take the user's own policy away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteUserPolicy {
    pub user: UserName,
    pub name: PolicyName,
    /// Why it may go.
    pub evidence: Evidence,
}

impl Described for DeleteUserPolicy {
    const PERMISSION: &'static str = "iam:DeleteUserPolicy";
    const NATURE: Nature = Nature::Removes;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Take the inline policy {} from {}", self.name, self.user)
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

    fn inverse(&self, _: &Made, old: &Old, _: Evidence) -> Inverse {
        match old {
            Old::Text(document) => {
                Inverse::By(PutUserPolicy { user: self.user.clone(), name: self.name.clone(), document: document.clone() }.into())
            }
            Old::Nothing | Old::Status(_) | Old::Keys(_) => Inverse::Never("Its document was not read before."),
        }
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!(
            "delete-user-policy --user-name={} --policy-name={}",
            quoted(self.user.as_str()),
            quoted(self.name.as_str())
        ))]
    }

    fn shown_by(&self) -> String {
        format!("get-user-policy --user-name={} --policy-name={}", quoted(self.user.as_str()), quoted(self.name.as_str()))
    }
}
