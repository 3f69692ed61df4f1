//! Looks at what a create did whose answer was lost or torn.
//!
//! The ownership rule: it is ours when the read just before said "not there", what is there now equals what was sent with
//! nothing else hanging on it, and it was not made before that read by AWS's own clock. What can't be proven ours is never
//! deleted, only named.

use aws_smithy_types::DateTime;

use super::failure::Call;
use super::gateway::{Gateway, once};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::name::{GroupName, Path, UserName};
use crate::domain::step::{Action, Made};
use crate::domain::tag::Tag;

impl Gateway {
    /// What the lost call of a create left: `Some` is ours and stays, `None` means that nothing of it is there any more.
    /// `free_at` is when the name was last seen free, by AWS's clock.
    ///
    /// A key whose secret nobody has is of no use to anybody: it is deleted here.
    ///
    /// # Errors
    /// `Exists` for a thing that can't be proven ours; else why the look failed.
    pub async fn look(&self, action: &Action, free_at: Option<i64>) -> Result<Option<Made>, Fault> {
        match action {
            Action::CreateUser { user, path, tags } => self.look_at_user(user, path, tags, free_at).await,
            Action::CreateGroup { group } => self.look_at_group(group, free_at).await,
            Action::CreateLoginProfile { user, .. } => {
                // The user is of this run and had no password: the one that is there is the one that was sent.
                let call = Call::read("iam:GetLoginProfile").on(user.as_str());
                let answer = self.iam.get_login_profile().user_name(user.as_str()).send().await;
                Ok(absent_is_none(answer.map_err(|error| call.failed(error)))?.map(|_| Made::Password))
            }
            Action::CreateAccessKey { user } => self.drop_lost_key(user).await.map(|()| None),
            _ => Ok(None),
        }
    }

    async fn look_at_user(
        &self,
        user: &UserName,
        path: &Path,
        tags: &[Tag],
        free_at: Option<i64>,
    ) -> Result<Option<Made>, Fault> {
        let call = Call::read("iam:GetUser").on(user.as_str());
        let answer = self.iam.get_user().user_name(user.as_str()).send().await;
        let Some(answer) = absent_is_none(answer.map_err(|error| call.clone().failed(error)))? else { return Ok(None) };
        let not_ours = || call.clone().fault(FaultKind::Exists, false);
        let found = answer.user().ok_or_else(not_ours)?;
        let same_tags = found.tags().len() == tags.len()
            && tags.iter().all(|tag| found.tags().iter().any(|t| t.key() == tag.key && t.value() == tag.value));
        let name = user.as_str();
        let keys = self.iam.list_access_keys().user_name(name).send().await;
        let keys = keys.map_err(|error| Call::read("iam:ListAccessKeys").on(name).failed(error))?;
        let groups = self.iam.list_groups_for_user().user_name(name).send().await;
        let groups = groups.map_err(|error| Call::read("iam:ListGroupsForUser").on(name).failed(error))?;
        let attached = self.iam.list_attached_user_policies().user_name(name).send().await;
        let attached = attached.map_err(|error| Call::read("iam:ListAttachedUserPolicies").on(name).failed(error))?;
        let bare = keys.access_key_metadata().is_empty() && groups.groups().is_empty() && attached.attached_policies().is_empty();
        let equal = found.user_name() == name && found.path() == path.as_str() && same_tags && bare;
        if equal && is_not_before(found.create_date(), free_at) {
            Ok(Some(Made::User { id: found.user_id().to_owned(), arn: found.arn().to_owned() }))
        } else {
            Err(not_ours())
        }
    }

    async fn look_at_group(&self, group: &GroupName, free_at: Option<i64>) -> Result<Option<Made>, Fault> {
        let name = group.as_str();
        let call = Call::read("iam:GetGroup").on(name);
        let answer = self.iam.get_group().group_name(name).send().await;
        let Some(answer) = absent_is_none(answer.map_err(|error| call.clone().failed(error)))? else { return Ok(None) };
        let not_ours = || call.clone().fault(FaultKind::Exists, false);
        let found = answer.group().ok_or_else(not_ours)?;
        let attached = self.group_is_bare(name).await?;
        if found.group_name() == name && answer.users().is_empty() && attached && is_not_before(found.create_date(), free_at) {
            Ok(Some(Made::Group { id: found.group_id().to_owned() }))
        } else {
            Err(not_ours())
        }
    }

    async fn group_is_bare(&self, name: &str) -> Result<bool, Fault> {
        let answer = self.iam.list_attached_group_policies().group_name(name).send().await;
        let answer = answer.map_err(|error| Call::read("iam:ListAttachedGroupPolicies").on(name).failed(error))?;
        Ok(answer.attached_policies().is_empty())
    }

    /// The user is of this run and had no key, so a single key is that of the lost answer; more than one can't be told apart.
    async fn drop_lost_key(&self, user: &UserName) -> Result<(), Fault> {
        let name = user.as_str();
        let call = Call::read("iam:ListAccessKeys").on(name);
        let answer = self.iam.list_access_keys().user_name(name).send().await.map_err(|error| call.clone().failed(error))?;
        match answer.access_key_metadata() {
            [] => Ok(()),
            [key] => {
                let id = key.access_key_id().unwrap_or_default();
                let delete = self.write("iam:DeleteAccessKey", "user", None, name);
                let sent = self
                    .iam
                    .delete_access_key()
                    .user_name(name)
                    .access_key_id(id)
                    .customize()
                    .config_override(once())
                    .send()
                    .await;
                absent_is_none(sent.map_err(|error| delete.failed(error))).map(|_| ())
            }
            _ => Err(call.fault(FaultKind::Exists, false)),
        }
    }
}

/// Made after the name was seen free. Without such a sight, or without AWS's clock at it, nothing is proven.
fn is_not_before(created: &DateTime, free_at: Option<i64>) -> bool {
    free_at.is_some_and(|free_at| free_at > 0 && created.secs() >= free_at)
}

/// "Not there" is an answer to a look, and success for a delete.
pub(super) fn absent_is_none<T>(answer: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(fault) if fault.kind == FaultKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}
