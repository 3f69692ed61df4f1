//! What takes a step back: the call, and the AWS CLI command that does the same by hand.

use super::step::{Action, Made};

/// The call that removes what a step of ours made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undo {
    /// Delete the group.
    DeleteGroup {
        /// Its name.
        group: String,
    },
    /// Take a policy off a group.
    DetachGroupPolicy {
        /// The group.
        group: String,
        /// The policy's ARN.
        arn: String,
    },
    /// Delete the policy.
    DeletePolicy {
        /// Its ARN.
        arn: String,
    },
    /// Put the version back that was in force, and delete ours.
    RestorePolicyVersion {
        /// The policy's ARN.
        arn: String,
        /// Our version.
        ours: String,
        /// The one that was in force before.
        before: String,
    },
    /// Delete the user.
    DeleteUser {
        /// Its name.
        user: String,
    },
    /// Take the user out of a group.
    RemoveUserFromGroup {
        /// The user.
        user: String,
        /// The group.
        group: String,
    },
    /// Take a policy off the user.
    DetachUserPolicy {
        /// The user.
        user: String,
        /// The policy's ARN.
        arn: String,
    },
    /// Take the user's own policy away.
    DeleteUserPolicy {
        /// The user.
        user: String,
        /// The policy's name.
        name: String,
    },
    /// Take the console password away.
    DeleteLoginProfile {
        /// The user.
        user: String,
    },
    /// Delete the access key.
    DeleteAccessKey {
        /// The user.
        user: String,
        /// The key id.
        key: String,
    },
    /// Take the key's description off the user.
    UntagUser {
        /// The user.
        user: String,
        /// The tag's key: the access key id.
        key: String,
    },
}

impl Undo {
    /// What takes this action back, given what it made. `key` is the id of the key that a description stands for.
    pub fn of(action: &Action, made: &Made, key: Option<&str>) -> Option<Self> {
        Some(match (action, made) {
            (Action::CreateGroup { group }, _) => Self::DeleteGroup { group: group.to_string() },
            (Action::AttachGroupPolicy { group, policy }, _) => {
                Self::DetachGroupPolicy { group: group.to_string(), arn: policy.arn.clone() }
            }
            (Action::CreatePolicy { policy, .. }, _) => Self::DeletePolicy { arn: policy.arn.clone() },
            (Action::CreatePolicyVersion { policy, before, .. }, Made::Version { version }) => {
                Self::RestorePolicyVersion { arn: policy.arn.clone(), ours: version.clone(), before: before.clone() }
            }
            (Action::CreatePolicyVersion { .. }, _) => return None,
            (Action::CreateUser { user, .. }, _) => Self::DeleteUser { user: user.to_string() },
            (Action::AddUserToGroup { user, group }, _) => {
                Self::RemoveUserFromGroup { user: user.to_string(), group: group.to_string() }
            }
            (Action::AttachUserPolicy { user, policy }, _) => {
                Self::DetachUserPolicy { user: user.to_string(), arn: policy.arn.clone() }
            }
            (Action::PutUserPolicy { user, name, .. }, _) => {
                Self::DeleteUserPolicy { user: user.to_string(), name: name.to_string() }
            }
            (Action::CreateLoginProfile { user, .. }, _) => Self::DeleteLoginProfile { user: user.to_string() },
            (Action::CreateAccessKey { user }, Made::Key { id, .. }) => {
                Self::DeleteAccessKey { user: user.to_string(), key: id.clone() }
            }
            (Action::CreateAccessKey { .. }, _) => return None,
            (Action::DescribeAccessKey { user, .. }, _) => Self::UntagUser { user: user.to_string(), key: key?.to_owned() },
        })
    }

    /// The permission it needs.
    pub fn permission(&self) -> &'static str {
        match self {
            Self::DeleteGroup { .. } => "iam:DeleteGroup",
            Self::DetachGroupPolicy { .. } => "iam:DetachGroupPolicy",
            Self::DeletePolicy { .. } => "iam:DeletePolicy",
            Self::RestorePolicyVersion { .. } => "iam:SetDefaultPolicyVersion",
            Self::DeleteUser { .. } => "iam:DeleteUser",
            Self::RemoveUserFromGroup { .. } => "iam:RemoveUserFromGroup",
            Self::DetachUserPolicy { .. } => "iam:DetachUserPolicy",
            Self::DeleteUserPolicy { .. } => "iam:DeleteUserPolicy",
            Self::DeleteLoginProfile { .. } => "iam:DeleteLoginProfile",
            Self::DeleteAccessKey { .. } => "iam:DeleteAccessKey",
            Self::UntagUser { .. } => "iam:UntagUser",
        }
    }

    /// The AWS CLI command that does the same, with `options` (profile, endpoint) behind it. Values stand after `=`, since a
    /// legal name may begin with `-`.
    pub fn command(&self, options: &str) -> String {
        let command = match self {
            Self::DeleteGroup { group } => format!("aws iam delete-group --group-name={}", quoted(group)),
            Self::DetachGroupPolicy { group, arn } => {
                format!("aws iam detach-group-policy --group-name={} --policy-arn={}", quoted(group), quoted(arn))
            }
            Self::DeletePolicy { arn } => format!("aws iam delete-policy --policy-arn={}", quoted(arn)),
            Self::RestorePolicyVersion { arn, ours, before } => {
                let arn = quoted(arn);
                format!(
                    "aws iam set-default-policy-version --policy-arn={arn} --version-id={before}{options} && \
                     aws iam delete-policy-version --policy-arn={arn} --version-id={ours}"
                )
            }
            Self::DeleteUser { user } => format!("aws iam delete-user --user-name={}", quoted(user)),
            Self::RemoveUserFromGroup { user, group } => {
                format!("aws iam remove-user-from-group --user-name={} --group-name={}", quoted(user), quoted(group))
            }
            Self::DetachUserPolicy { user, arn } => {
                format!("aws iam detach-user-policy --user-name={} --policy-arn={}", quoted(user), quoted(arn))
            }
            Self::DeleteUserPolicy { user, name } => {
                format!("aws iam delete-user-policy --user-name={} --policy-name={}", quoted(user), quoted(name))
            }
            Self::DeleteLoginProfile { user } => format!("aws iam delete-login-profile --user-name={}", quoted(user)),
            Self::DeleteAccessKey { user, key } => {
                format!("aws iam delete-access-key --user-name={} --access-key-id={}", quoted(user), quoted(key))
            }
            Self::UntagUser { user, key } => {
                format!("aws iam untag-user --user-name={} --tag-keys={}", quoted(user), quoted(key))
            }
        };
        command + options
    }
}

/// As one word for a POSIX shell.
pub fn quoted(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"+=,.@_-/:".contains(&b);
    if !text.is_empty() && text.bytes().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_survive_every_legal_name() {
        let undo = Undo::DeleteUser { user: "-a+=,.@_".to_owned() };
        assert_eq!(undo.command(" --profile=x"), "aws iam delete-user --user-name=-a+=,.@_ --profile=x");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
