//! Access keys.

use serde::{Deserialize, Serialize};

use super::{Cli, Described, Entity, Evidence, Inverse, Made, Nature, Old, SecretKind, WhenLost, quoted};
use crate::domain::name::UserName;
use crate::domain::password::PasswordPolicy;
use crate::domain::step_id::StepId;

/// Whether a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyStatus {
    Active,
    /// It does not, until it is activated.
    Inactive,
}

impl KeyStatus {
    /// What sets it, in a word.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Self::Active => "Activate",
            Self::Inactive => "Deactivate",
        }
    }

    /// IAM's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
        }
    }
}

/// An access key, by its id, or by the step that makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyRef {
    /// `AKIA…`.
    Known(String),
    MadeBy(StepId),
}

impl KeyRef {
    /// Its id, where that is known.
    pub fn known(&self) -> Option<&str> {
        match self {
            Self::Known(id) => Some(id),
            Self::MadeBy(_) => None,
        }
    }
}

impl super::Operation {
    /// The key that another step of the run makes and that this one is about.
    pub fn key(&self) -> Option<&KeyRef> {
        match self {
            Self::DescribeAccessKey(describe) => Some(&describe.key),
            Self::ProveAccessKey(prove) => Some(&prove.key),
            Self::SaveProfile(save) => Some(&save.key),
            _ => None,
        }
    }
}

/// Where a script puts the key.
pub fn key_file(user: &str) -> String {
    format!("./{user}_accessKeys.json")
}

/// Make the access key; its secret goes into the vault under this step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateAccessKey {
    pub user: UserName,
}

impl Described for CreateAccessKey {
    const PERMISSION: &'static str = "iam:CreateAccessKey";
    const NATURE: Nature = Nature::Adds;
    const WHEN_LOST: WhenLost = WhenLost::ReconcileFirst;
    const BRINGS: Option<SecretKind> = Some(SecretKind::Key);

    fn words(&self) -> String {
        format!("Create an access key for {}", self.user)
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

    fn inverse(&self, made: &Made, _: &Old, evidence: Evidence) -> Inverse {
        let Made::Key { id, .. } = made else { return Inverse::Unknown };
        Inverse::By(DeleteAccessKey { user: self.user.clone(), key: id.clone(), evidence }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        let file = quoted(&key_file(self.user.as_str()));
        vec![Cli::Iam(format!("create-access-key --user-name={} --output=json > {file}", quoted(self.user.as_str())))]
    }

    fn shown_by(&self) -> String {
        format!("list-access-keys --user-name={}", quoted(self.user.as_str()))
    }
}

/// Let an access key work, or no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateAccessKey {
    pub user: UserName,
    pub key: String,
    pub status: KeyStatus,
}

impl Described for UpdateAccessKey {
    const PERMISSION: &'static str = "iam:UpdateAccessKey";
    const NATURE: Nature = Nature::Sets;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("{} the access key {} of {}", self.status.verb(), self.key, self.user)
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

    fn inverse(&self, _: &Made, old: &Old, _: Evidence) -> Inverse {
        match old {
            Old::Status(status) => Inverse::By(Self { user: self.user.clone(), key: self.key.clone(), status: *status }.into()),
            Old::Nothing | Old::Text(_) | Old::Keys(_) => Inverse::Unknown,
        }
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!(
            "update-access-key --user-name={} --access-key-id={} --status={}",
            quoted(self.user.as_str()),
            quoted(&self.key),
            self.status.word()
        ))]
    }

    fn shown_by(&self) -> String {
        format!("list-access-keys --user-name={}", quoted(self.user.as_str()))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteAccessKey {
    pub user: UserName,
    pub key: String,
    /// Why it may go.
    pub evidence: Evidence,
}

impl Described for DeleteAccessKey {
    const PERMISSION: &'static str = "iam:DeleteAccessKey";
    const NATURE: Nature = Nature::Removes;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Delete the access key {} of {}", self.key, self.user)
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
        Inverse::Never("Its secret is gone with it.")
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!(
            "delete-access-key --user-name={} --access-key-id={}",
            quoted(self.user.as_str()),
            quoted(&self.key)
        ))]
    }

    fn shown_by(&self) -> String {
        format!("list-access-keys --user-name={}", quoted(self.user.as_str()))
    }
}
