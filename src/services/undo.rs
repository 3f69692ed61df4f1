//! The calls that take a step back, each after a look at whether the thing is still the run's own. What "not there" means (gone,
//! never made, not shown yet) the ledger decides.

use super::failure::{Call, absent_is_none};
use super::gateway::{Gateway, once, sent};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::step::Owned;
use crate::domain::undo::Undo;

/// What bears the name of a thing of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The thing itself.
    Same,
    /// A newer one.
    Other,
    /// Nothing.
    Absent,
}

impl Gateway {
    /// Takes one step back, if each of `owned` still has the id that IAM gave it: a newer thing of the same name is not ours,
    /// and ours is then gone.
    ///
    /// # Errors
    /// Why it is still there; `NotFound` where nothing of that name is.
    pub async fn undo(&self, undo: &Undo, owned: &[Owned]) -> Result<(), Fault> {
        for thing in owned {
            match self.standing_of(thing).await? {
                Standing::Same => {}
                Standing::Other => return Ok(()),
                Standing::Absent => return Err(Call::read(undo.permission()).fault(FaultKind::NotFound, false)),
            }
        }
        let permission = undo.permission();
        let on_user = |user: &str| self.write(permission, "user", None, user);
        let on_group = |group: &str| self.write(permission, "group", None, group);
        match undo {
            Undo::DeleteGroup { group } => sent!(on_group(group), self.iam.delete_group().group_name(group)),
            Undo::DetachGroupPolicy { group, arn } => {
                sent!(on_group(group), self.iam.detach_group_policy().group_name(group).policy_arn(arn))
            }
            Undo::DeletePolicy { arn } => sent!(Self::write_policy(permission, arn), self.iam.delete_policy().policy_arn(arn)),
            Undo::RestorePolicyVersion { arn, ours, before } => self.restore_policy_version(arn, ours, before).await,
            Undo::DeleteUser { user } => sent!(on_user(user), self.iam.delete_user().user_name(user)),
            Undo::RemoveUserFromGroup { user, group } => {
                sent!(on_group(group), self.iam.remove_user_from_group().user_name(user).group_name(group))
            }
            Undo::DetachUserPolicy { user, arn } => {
                sent!(on_user(user), self.iam.detach_user_policy().user_name(user).policy_arn(arn))
            }
            Undo::DeleteUserPolicy { user, name } => {
                sent!(on_user(user), self.iam.delete_user_policy().user_name(user).policy_name(name))
            }
            Undo::DeleteLoginProfile { user } => sent!(on_user(user), self.iam.delete_login_profile().user_name(user)),
            Undo::DeleteAccessKey { user, key } => {
                sent!(on_user(user), self.iam.delete_access_key().user_name(user).access_key_id(key))
            }
            Undo::UntagUser { user, key } => sent!(on_user(user), self.iam.untag_user().user_name(user).tag_keys(key)),
        }
    }

    /// Our version goes; the one before is put in force again only where ours still is.
    async fn restore_policy_version(&self, arn: &str, ours: &str, before: &str) -> Result<(), Fault> {
        if self.policy(arn).await?.default == ours {
            let call = Self::write_policy("iam:SetDefaultPolicyVersion", arn);
            sent!(call, self.iam.set_default_policy_version().policy_arn(arn).version_id(before))?;
        }
        let call = Self::write_policy("iam:DeletePolicyVersion", arn);
        sent!(call, self.iam.delete_policy_version().policy_arn(arn).version_id(ours))
    }

    /// Whether the thing of this name is the one that this run made.
    pub(super) async fn standing_of(&self, thing: &Owned) -> Result<Standing, Fault> {
        let found = match thing {
            Owned::User { name, .. } => {
                let call = Call::read("iam:GetUser").on(name);
                let answer = self.iam.get_user().user_name(name).send().await.map_err(|error| call.failed(error));
                absent_is_none(answer)?.and_then(|answer| answer.user().map(|user| user.user_id().to_owned()))
            }
            Owned::Group { name, .. } => self.group_id(name).await?,
            Owned::Policy { arn, .. } => absent_is_none(self.policy(arn).await)?.map(|policy| policy.id),
        };
        Ok(match found {
            None => Standing::Absent,
            Some(found) if found == thing.id() => Standing::Same,
            Some(_) => Standing::Other,
        })
    }

    /// The unique id of the group of this name.
    pub(super) async fn group_id(&self, name: &str) -> Result<Option<String>, Fault> {
        let call = Call::read("iam:GetGroup").on(name);
        let answer = self.iam.get_group().group_name(name).max_items(1).send().await;
        let answer = absent_is_none(answer.map_err(|error| call.failed(error)))?;
        Ok(answer.and_then(|answer| answer.group().map(|group| group.group_id().to_owned())))
    }
}
