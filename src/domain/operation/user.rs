//! Users.

use serde::{Deserialize, Serialize};

use super::{Cli, Described, Entity, Evidence, Inverse, Made, Nature, Old, SecretKind, WhenLost, ascii_json, quoted, tags_json};
use crate::domain::answers::PolicyChoice;
use crate::domain::name::{Path, UserName};
use crate::domain::password::PasswordPolicy;
use crate::domain::tag::Tag;

/// Make the user, with its tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateUser {
    pub user: UserName,
    pub path: Path,
    pub tags: Vec<Tag>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<PolicyChoice>,
}

impl Described for CreateUser {
    const PERMISSION: &'static str = "iam:CreateUser";
    const NATURE: Nature = Nature::Makes;
    const WHEN_LOST: WhenLost = WhenLost::ReconcileFirst;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        let mut words = format!("Create the user {}", self.user);
        if self.path.as_str() != "/" {
            words.push_str(&format!(" in {}", self.path));
        }
        match self.tags.len() {
            0 => {}
            1 => words.push_str(" with 1 tag"),
            n => words.push_str(&format!(" with {n} tags")),
        }
        if let Some(policy) = &self.boundary {
            words.push_str(&format!(", bounded by {}", policy.name));
        }
        words
    }

    fn more_rights(&self) -> Vec<&'static str> {
        let tagging = (!self.tags.is_empty()).then_some("iam:TagUser");
        let bounding = self.boundary.as_ref().map(|_| "iam:PutUserPermissionsBoundary");
        tagging.into_iter().chain(bounding).collect()
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
        Inverse::By(DeleteUser { user: self.user.clone(), evidence }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        let mut rest = String::new();
        if !self.tags.is_empty() {
            rest += &format!(" --tags={}", quoted(&ascii_json(&tags_json(&self.tags))));
        }
        if let Some(boundary) = &self.boundary {
            rest += &format!(" --permissions-boundary={}", quoted(&boundary.arn));
        }
        let name = quoted(self.user.as_str());
        vec![
            Cli::Iam(format!("create-user --user-name={name} --path={}{rest}", quoted(self.path.as_str()))),
            Cli::Wait(format!("wait user-exists --user-name={name}")),
        ]
    }

    fn shown_by(&self) -> String {
        format!("get-user --user-name={}", quoted(self.user.as_str()))
    }
}

/// Delete a user that nothing is attached to any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteUser {
    pub user: UserName,
    /// Why it may go.
    pub evidence: Evidence,
}

impl Described for DeleteUser {
    const PERMISSION: &'static str = "iam:DeleteUser";
    const NATURE: Nature = Nature::Removes;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Delete the user {}", self.user)
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

    fn inverse(&self, _made: &Made, _: &Old, _: Evidence) -> Inverse {
        Inverse::Never("A user that is created again has another unique id.")
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!("delete-user --user-name={}", quoted(self.user.as_str())))]
    }

    fn shown_by(&self) -> String {
        format!("get-user --user-name={}", quoted(self.user.as_str()))
    }
}
