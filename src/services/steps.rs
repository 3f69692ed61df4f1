//! A step's call. Comes in: the action, and the vault. Goes out: what was made, with its ids; the secret goes into the vault.

use super::failure::Call;
use super::gateway::{Gateway, once};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::name::{Path, UserName};
use crate::domain::password::PasswordPolicy;
use crate::domain::secret::{Secret, SecretId, Vault};
use crate::domain::step::{Action, Made, StepId};
use crate::domain::tag::Tag;

/// The length of every secret access key.
const SECRET_LENGTH: usize = 40;

pub(super) fn sdk_tag(tag: &Tag) -> Option<aws_sdk_iam::types::Tag> {
    aws_sdk_iam::types::Tag::builder().key(&tag.key).value(&tag.value).build().ok()
}

impl Gateway {
    /// Makes a step's call. `key` is the id of the access key that a description is for; `policy` decides what a generated
    /// password looks like.
    ///
    /// Where the secrets end: a new key's secret and a generated password in the vault, under `step`.
    ///
    /// # Errors
    /// The fault, which says whether the call may have taken effect all the same.
    pub async fn perform(
        &self,
        step: StepId,
        action: &Action,
        key: Option<&str>,
        policy: &PasswordPolicy,
        vault: &Vault,
    ) -> Result<Made, Fault> {
        match action {
            Action::CreateGroup { group } => {
                let call = self.write("iam:CreateGroup", "group", None, group.as_str());
                let sent = self.iam.create_group().group_name(group.as_str()).customize().config_override(once()).send().await;
                let answer = sent.map_err(|error| call.clone().failed(error))?;
                let made = answer.group().ok_or_else(|| call.fault(FaultKind::Torn, true))?;
                Ok(Made::Group { id: made.group_id().to_owned() })
            }
            Action::CreateUser { user, path, tags } => self.create_user(user, path, tags).await,
            Action::AttachGroupPolicy { group, policy } => {
                let call = self.write("iam:AttachGroupPolicy", "group", None, group.as_str());
                let sent = self.iam.attach_group_policy().group_name(group.as_str()).policy_arn(&policy.arn).send().await;
                sent.map(|_| Made::Link).map_err(|error| call.failed(error))
            }
            Action::AddUserToGroup { user, group } => {
                let call = self.write("iam:AddUserToGroup", "group", None, group.as_str());
                let sent = self.iam.add_user_to_group().user_name(user.as_str()).group_name(group.as_str()).send().await;
                sent.map(|_| Made::Link).map_err(|error| call.failed(error))
            }
            Action::AttachUserPolicy { user, policy } => {
                let call = self.write("iam:AttachUserPolicy", "user", None, user.as_str());
                let sent = self.iam.attach_user_policy().user_name(user.as_str()).policy_arn(&policy.arn).send().await;
                sent.map(|_| Made::Link).map_err(|error| call.failed(error))
            }
            Action::CreateLoginProfile { user, reset } => self.create_login_profile(step, user, *reset, policy, vault).await,
            Action::CreateAccessKey { user } => self.create_access_key(step, user, vault).await,
            Action::DescribeAccessKey { user, description, .. } => {
                let call = self.write("iam:TagUser", "user", None, user.as_str());
                let tag = key.and_then(|key| sdk_tag(&Tag { key: key.to_owned(), value: description.clone() }));
                let sent = self.iam.tag_user().user_name(user.as_str()).set_tags(tag.map(|tag| vec![tag])).send().await;
                sent.map(|_| Made::Link).map_err(|error| call.failed(error))
            }
        }
    }

    async fn create_user(&self, user: &UserName, path: &Path, tags: &[Tag]) -> Result<Made, Fault> {
        let call = self.write("iam:CreateUser", "user", Some(path), user.as_str());
        let tags: Vec<_> = tags.iter().filter_map(sdk_tag).collect();
        let sent = self
            .iam
            .create_user()
            .user_name(user.as_str())
            .path(path.as_str())
            .set_tags((!tags.is_empty()).then_some(tags))
            .customize()
            .config_override(once())
            .send()
            .await;
        let answer = sent.map_err(|error| call.clone().failed(error))?;
        let made = answer.user().ok_or_else(|| call.fault(FaultKind::Torn, true))?;
        Ok(Made::User { id: made.user_id().to_owned(), arn: made.arn().to_owned() })
    }

    async fn create_login_profile(
        &self,
        step: StepId,
        user: &UserName,
        reset: bool,
        policy: &PasswordPolicy,
        vault: &Vault,
    ) -> Result<Made, Fault> {
        let call = self.write("iam:CreateLoginProfile", "user", None, user.as_str());
        let password = match vault.get(SecretId::Of(step)) {
            Some(password) => password,
            None => {
                let made = policy.generate(getrandom::fill);
                let made =
                    made.map_err(|_| Fault::local("This machine gives no random numbers, so no password can be generated."))?;
                vault.put(SecretId::Of(step), made.clone());
                made
            }
        };
        let sent = self
            .iam
            .create_login_profile()
            .user_name(user.as_str())
            .password(password.expose())
            .password_reset_required(reset)
            .customize()
            .config_override(once())
            .send()
            .await;
        sent.map(|_| Made::Password).map_err(|error| call.failed(error))
    }

    /// Accepts a key only when it is whole: the decoder gives half a secret, or none, without an error.
    async fn create_access_key(&self, step: StepId, user: &UserName, vault: &Vault) -> Result<Made, Fault> {
        let call: Call = self.write("iam:CreateAccessKey", "user", None, user.as_str());
        let sent = self.iam.create_access_key().user_name(user.as_str()).customize().config_override(once()).send().await;
        let answer = sent.map_err(|error| call.clone().failed(error))?;
        match answer.access_key() {
            Some(key)
                if key.access_key_id().len() >= 16
                    && key.secret_access_key().len() == SECRET_LENGTH
                    && key.create_date().is_some() =>
            {
                vault.put(SecretId::Of(step), Secret::new(key.secret_access_key().to_owned()));
                Ok(Made::Key { id: key.access_key_id().to_owned() })
            }
            _ => Err(call.fault(FaultKind::Torn, true)),
        }
    }
}
