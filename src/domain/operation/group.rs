//! Groups and who is in them.

use serde::{Deserialize, Serialize};

use super::{Cli, Described, Entity, Evidence, Inverse, Made, Nature, Old, SecretKind, WhenLost, quoted};
use crate::domain::name::{GroupName, UserName};
use crate::domain::password::PasswordPolicy;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateGroup {
    pub group: GroupName,
}

impl Described for CreateGroup {
    const PERMISSION: &'static str = "iam:CreateGroup";
    const NATURE: Nature = Nature::Makes;
    const WHEN_LOST: WhenLost = WhenLost::ReconcileFirst;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Create the group {}", self.group)
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
        Inverse::By(DeleteGroup { group: self.group.clone(), evidence }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!("create-group --group-name={}", quoted(self.group.as_str())))]
    }

    fn shown_by(&self) -> String {
        format!("get-group --group-name={}", quoted(self.group.as_str()))
    }
}

/// Delete a group that nobody uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteGroup {
    pub group: GroupName,
    /// Why it may go.
    pub evidence: Evidence,
}

impl Described for DeleteGroup {
    const PERMISSION: &'static str = "iam:DeleteGroup";
    const NATURE: Nature = Nature::Removes;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Delete the group {}", self.group)
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

    fn inverse(&self, _made: &Made, _: &Old, _: Evidence) -> Inverse {
        Inverse::Never("A group that is created again has another unique id.")
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!("delete-group --group-name={}", quoted(self.group.as_str())))]
    }

    fn shown_by(&self) -> String {
        format!("get-group --group-name={}", quoted(self.group.as_str()))
    }
}

/// Put the user into a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddUserToGroup {
    pub user: UserName,
    pub group: GroupName,
}

impl Described for AddUserToGroup {
    const PERMISSION: &'static str = "iam:AddUserToGroup";
    const NATURE: Nature = Nature::Links;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Add {} to the group {}", self.user, self.group)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec![]
    }

    fn target(&self) -> Entity {
        Entity::User(self.user.clone())
    }

    fn beside(&self) -> Option<Entity> {
        Some(Entity::Group(self.group.clone()))
    }

    fn resource(&self) -> Entity {
        Entity::Group(self.group.clone())
    }

    fn evidence(&self) -> Option<&Evidence> {
        None
    }

    fn inverse(&self, _: &Made, _: &Old, evidence: Evidence) -> Inverse {
        Inverse::By(RemoveUserFromGroup { user: self.user.clone(), group: self.group.clone(), evidence }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!(
            "add-user-to-group --user-name={} --group-name={}",
            quoted(self.user.as_str()),
            quoted(self.group.as_str())
        ))]
    }

    fn shown_by(&self) -> String {
        format!("list-groups-for-user --user-name={}", quoted(self.user.as_str()))
    }
}

/// Take the user out of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveUserFromGroup {
    pub user: UserName,
    pub group: GroupName,
    /// Why the user may be taken out.
    pub evidence: Evidence,
}

impl Described for RemoveUserFromGroup {
    const PERMISSION: &'static str = "iam:RemoveUserFromGroup";
    const NATURE: Nature = Nature::Removes;
    const WHEN_LOST: WhenLost = WhenLost::SendAgain;
    const BRINGS: Option<SecretKind> = None;

    fn words(&self) -> String {
        format!("Take {} out of the group {}", self.user, self.group)
    }

    fn more_rights(&self) -> Vec<&'static str> {
        vec![]
    }

    fn target(&self) -> Entity {
        Entity::User(self.user.clone())
    }

    fn beside(&self) -> Option<Entity> {
        Some(Entity::Group(self.group.clone()))
    }

    fn resource(&self) -> Entity {
        Entity::Group(self.group.clone())
    }

    fn evidence(&self) -> Option<&Evidence> {
        Some(&self.evidence)
    }

    fn inverse(&self, _: &Made, _: &Old, _: Evidence) -> Inverse {
        Inverse::By(AddUserToGroup { user: self.user.clone(), group: self.group.clone() }.into())
    }

    fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
        vec![Cli::Iam(format!(
            "remove-user-from-group --user-name={} --group-name={}",
            quoted(self.user.as_str()),
            quoted(self.group.as_str())
        ))]
    }

    fn shown_by(&self) -> String {
        format!("list-groups-for-user --user-name={}", quoted(self.user.as_str()))
    }
}
