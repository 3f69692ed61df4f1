//! What users and groups have: groups, managed policies, policies of their own. IAM's quotas keep each list within one
//! answer of a thousand rows.

use super::failure::Call;
use super::gateway::Gateway;
use crate::domain::answers::PolicyChoice;
use crate::domain::fault::Fault;

/// The most rows that IAM gives at once.
pub(super) const ROWS: i32 = 1000;

/// A policy as lists of attachments have it.
fn attached(policies: &[aws_sdk_iam::types::AttachedPolicy]) -> Vec<PolicyChoice> {
    let row = |policy: &aws_sdk_iam::types::AttachedPolicy| PolicyChoice {
        name: policy.policy_name().unwrap_or_default().to_owned(),
        arn: policy.policy_arn().unwrap_or_default().to_owned(),
    };
    policies.iter().map(row).collect()
}

impl Gateway {
    pub(super) async fn groups_of_user(&self, user: &str) -> Result<Vec<String>, Fault> {
        let answer = self.iam.list_groups_for_user().user_name(user).max_items(ROWS).send().await;
        let answer = answer.map_err(|error| Call::read("iam:ListGroupsForUser").on(user).failed(error))?;
        Ok(answer.groups().iter().map(|group| group.group_name().to_owned()).collect())
    }

    /// The managed policies of a user.
    pub(super) async fn attached_to_user(&self, user: &str) -> Result<Vec<PolicyChoice>, Fault> {
        let answer = self.iam.list_attached_user_policies().user_name(user).max_items(ROWS).send().await;
        let answer = answer.map_err(|error| Call::read("iam:ListAttachedUserPolicies").on(user).failed(error))?;
        Ok(attached(answer.attached_policies()))
    }

    /// The names of a user's own policies.
    pub(super) async fn inline_of_user(&self, user: &str) -> Result<Vec<String>, Fault> {
        let answer = self.iam.list_user_policies().user_name(user).max_items(ROWS).send().await;
        let answer = answer.map_err(|error| Call::read("iam:ListUserPolicies").on(user).failed(error))?;
        Ok(answer.policy_names().to_vec())
    }

    /// The managed policies of a group.
    pub(super) async fn attached_to_group(&self, group: &str) -> Result<Vec<PolicyChoice>, Fault> {
        let answer = self.iam.list_attached_group_policies().group_name(group).max_items(ROWS).send().await;
        let answer = answer.map_err(|error| Call::read("iam:ListAttachedGroupPolicies").on(group).failed(error))?;
        Ok(attached(answer.attached_policies()))
    }

    /// The names of a group's own policies.
    pub(super) async fn inline_of_group(&self, group: &str) -> Result<Vec<String>, Fault> {
        let answer = self.iam.list_group_policies().group_name(group).max_items(ROWS).send().await;
        let answer = answer.map_err(|error| Call::read("iam:ListGroupPolicies").on(group).failed(error))?;
        Ok(answer.policy_names().to_vec())
    }
}
