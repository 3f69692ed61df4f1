//! What the account has of a name, as far as the facts go.

use super::{Existence, Fact, Facts, PolicySight};
use crate::domain::answers::NewPolicy;
use crate::domain::caller::Caller;
use crate::domain::catalogue::PolicyKind;
use crate::domain::name::{GroupName, same_name};
use crate::domain::operation::Operation;

impl Facts {
    /// The ARN of the account's own policy of this name, wherever its path puts it (names are compared ignoring case), where the
    /// list has one.
    pub fn own_policy(&self, name: &str) -> Option<String> {
        let mut own = self.policies().iter().filter(|policy| policy.kind() == PolicyKind::Customer);
        own.find(|policy| same_name(&policy.name, name)).map(|policy| policy.arn.clone())
    }

    /// The ARN of a policy that is made in this caller's account: that of the account's own of this name, else one without a
    /// path.
    pub fn arn_of(&self, policy: &NewPolicy, caller: &Caller) -> String {
        self.own_policy(policy.name.as_str())
            .unwrap_or_else(|| caller.partition.iam(&caller.account, &format!("policy/{}", policy.name)))
    }

    /// Whether the account's list of groups has one of this name (names are compared ignoring case).
    pub fn lists_group(&self, name: &GroupName) -> bool {
        self.groups().iter().any(|group| same_name(group, name.as_str()))
    }

    /// Whether there is a group of this name, as far as is known.
    pub fn has_group(&self, name: &GroupName) -> bool {
        match self.group(name.as_str()) {
            Some(Fact::Known(found)) => found == Existence::Taken,
            _ => self.lists_group(name),
        }
    }

    /// When the name of a create was last seen free, by AWS's clock.
    pub fn free_at(&self, operation: &Operation) -> Option<i64> {
        let fact = match operation {
            Operation::CreatePolicy(create) => {
                return match self.policy(&create.policy.arn).and_then(Fact::into_known) {
                    Some(PolicySight::FreeAt(seconds)) => Some(*seconds),
                    _ => None,
                };
            }
            Operation::CreateUser(create) => self.user(create.user.as_str()),
            Operation::CreateGroup(create) => self.group(create.group.as_str()),
            _ => None,
        };
        match fact.and_then(Fact::into_known) {
            Some(Existence::FreeAt(seconds)) => Some(seconds),
            _ => None,
        }
    }
}
