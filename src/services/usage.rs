//! Who uses a group or a policy, and what a user has: lists of IAM, asked for before something is changed or undone.

use super::failure::{Call, absent_is_none};
use super::gateway::Gateway;
use super::iam::Ownership;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::operation::{Entity, Owned};
use crate::domain::usage::Use;

impl Gateway {
    /// Who uses a thing now, and what depends on it; nothing where it is gone, or a newer thing bears its name.
    ///
    /// # Errors
    /// Why that can't be seen.
    pub async fn survey(&self, thing: &Owned) -> Result<Vec<Use>, Fault> {
        if self.ownership_of(thing).await? != Ownership::Same {
            return Ok(Vec::new());
        }
        match &thing.entity {
            Entity::Group(name) => {
                let name = name.as_str();
                let mut uses = self.members(name).await?.unwrap_or_default();
                let attached = self.attached_to_group(name).await?;
                uses.extend(attached.iter().map(|policy| Use::part(&policy.arn, format!("the policy {} on it", policy.name))));
                let inline = self.inline_of_group(name).await?;
                uses.extend(inline.iter().map(|policy| Use::part(policy, format!("the inline policy {policy} on it"))));
                Ok(uses)
            }
            Entity::Policy(arn) => {
                let mut uses = self.users_of_policy(arn).await?;
                let call = Call::read("iam:ListPolicyVersions").on(arn);
                let answer = self.iam.list_policy_versions().policy_arn(arn).send().await.map_err(|error| call.failed(error))?;
                let others = answer.versions().iter().filter(|version| !version.is_default_version());
                let others = others.filter_map(|version| version.version_id());
                uses.extend(others.map(|id| Use::part(id, format!("its version {id}, which is not the default"))));
                Ok(uses)
            }
            Entity::User(name) => self.what_user_has(name.as_str()).await,
        }
    }

    /// The users of a group; `None` where there is no such group.
    pub(super) async fn members(&self, group: &str) -> Result<Option<Vec<Use>>, Fault> {
        let mut uses = Vec::new();
        let mut pages = self.iam.get_group().group_name(group).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Call::read("iam:GetGroup").on(group).failed(error));
            let Some(page) = absent_is_none(page)? else { return Ok(None) };
            uses.extend(page.users().iter().map(|user| Use::entity("user", user.user_name(), user.user_id())));
        }
        Ok(Some(uses))
    }

    /// The users, groups and roles that have a policy or are bounded by it, and the users of those groups.
    pub(super) async fn users_of_policy(&self, arn: &str) -> Result<Vec<Use>, Fault> {
        let mut uses = Vec::new();
        let mut groups = Vec::new();
        let mut pages = self.iam.list_entities_for_policy().policy_arn(arn).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Call::read("iam:ListEntitiesForPolicy").on(arn).failed(error))?;
            let entity =
                |kind, name: Option<&str>, id: Option<&str>| Use::entity(kind, name.unwrap_or_default(), id.unwrap_or_default());
            uses.extend(page.policy_users().iter().map(|user| entity("user", user.user_name(), user.user_id())));
            uses.extend(page.policy_roles().iter().map(|role| entity("role", role.role_name(), role.role_id())));
            uses.extend(page.policy_groups().iter().map(|group| entity("group", group.group_name(), group.group_id())));
            groups.extend(page.policy_groups().iter().filter_map(|group| group.group_name().map(str::to_owned)));
        }
        for group in groups {
            uses.extend(self.members(&group).await?.unwrap_or_default().into_iter().map(Use::through_group));
        }
        Ok(uses)
    }

    /// What keeps IAM from deleting a user. What may not be listed is left out: IAM's own refusal names its kind.
    async fn what_user_has(&self, name: &str) -> Result<Vec<Use>, Fault> {
        let mut uses = Vec::new();
        let keys = self.iam.list_access_keys().user_name(name).send().await;
        let keys = keys.map_err(|error| Call::read("iam:ListAccessKeys").on(name).failed(error))?;
        let ids = keys.access_key_metadata().iter().filter_map(|key| key.access_key_id());
        uses.extend(ids.map(|id| Use::part(id, format!("the access key {id}"))));
        let login = self.iam.get_login_profile().user_name(name).send().await;
        let login = absent_is_none(login.map_err(|error| Call::read("iam:GetLoginProfile").on(name).failed(error)))?;
        uses.extend(login.map(|_| Use::part("password", "a console password".to_owned())));
        let groups = self.groups_of_user(name).await?;
        uses.extend(groups.iter().map(|group| Use::part(group, format!("its place in the group {group}"))));
        let attached = self.attached_to_user(name).await?;
        uses.extend(attached.iter().map(|policy| Use::part(&policy.arn, format!("the policy {}", policy.name))));
        let inline = self.inline_of_user(name).await?;
        uses.extend(inline.iter().map(|policy| Use::part(policy, format!("the inline policy {policy}"))));
        let devices = self.iam.list_mfa_devices().user_name(name).send().await;
        match devices.map_err(|error| Call::read("iam:ListMFADevices").on(name).failed(error)) {
            Ok(devices) => uses.extend(
                devices
                    .mfa_devices()
                    .iter()
                    .map(|one| Use::part(one.serial_number(), format!("the MFA device {}", one.serial_number()))),
            ),
            Err(fault) if fault.kind == FaultKind::Denied => {}
            Err(fault) => return Err(fault),
        }
        Ok(uses)
    }
}
