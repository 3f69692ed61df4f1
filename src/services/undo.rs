//! The calls that take a step back. "Not there" counts as done: somebody else was quicker, or the lost call never happened.

use super::gateway::Gateway;
use super::look::absent_is_none;
use crate::domain::fault::Fault;
use crate::domain::undo::Undo;

impl Gateway {
    /// Takes one step back. Deletes are idempotent, so the SDK's standard retry holds.
    ///
    /// # Errors
    /// Why it is still there.
    pub async fn undo(&self, undo: &Undo) -> Result<(), Fault> {
        let permission = undo.permission();
        let on_user = |user: &str| self.write(permission, "user", None, user);
        let on_group = |group: &str| self.write(permission, "group", None, group);
        let answer = match undo {
            Undo::DeleteGroup { group } => {
                let sent = self.iam.delete_group().group_name(group).send().await;
                sent.map(|_| ()).map_err(|error| on_group(group).failed(error))
            }
            Undo::DetachGroupPolicy { group, arn } => {
                let sent = self.iam.detach_group_policy().group_name(group).policy_arn(arn).send().await;
                sent.map(|_| ()).map_err(|error| on_group(group).failed(error))
            }
            Undo::DeleteUser { user } => {
                let sent = self.iam.delete_user().user_name(user).send().await;
                sent.map(|_| ()).map_err(|error| on_user(user).failed(error))
            }
            Undo::RemoveUserFromGroup { user, group } => {
                let sent = self.iam.remove_user_from_group().user_name(user).group_name(group).send().await;
                sent.map(|_| ()).map_err(|error| on_group(group).failed(error))
            }
            Undo::DetachUserPolicy { user, arn } => {
                let sent = self.iam.detach_user_policy().user_name(user).policy_arn(arn).send().await;
                sent.map(|_| ()).map_err(|error| on_user(user).failed(error))
            }
            Undo::DeleteLoginProfile { user } => {
                let sent = self.iam.delete_login_profile().user_name(user).send().await;
                sent.map(|_| ()).map_err(|error| on_user(user).failed(error))
            }
            Undo::DeleteAccessKey { user, key } => {
                let sent = self.iam.delete_access_key().user_name(user).access_key_id(key).send().await;
                sent.map(|_| ()).map_err(|error| on_user(user).failed(error))
            }
            Undo::UntagUser { user, key } => {
                let sent = self.iam.untag_user().user_name(user).tag_keys(key).send().await;
                sent.map(|_| ()).map_err(|error| on_user(user).failed(error))
            }
        };
        absent_is_none(answer).map(|_| ())
    }
}
