//! The calls of a run. Comes in: a step's action, and the vault. Goes out: what was made, with its ids; the secret goes into
//! the vault.

use std::time::Duration;

use super::failure::Call as Read;
use super::gateway::{Gateway, once, sent};
use super::undo::Standing;
use crate::domain::answers::PolicyChoice;
use crate::domain::call::{Answer, Call, Perform, Window};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::name::{GroupName, Path, UserName};
use crate::domain::password::PasswordPolicy;
use crate::domain::secret::{Secret, SecretId, Vault};
use crate::domain::step::{Action, Made};
use crate::domain::step_id::StepId;
use crate::domain::tag::Tag;
use crate::domain::undo::Undo;

/// How often, and how far apart, a key that a lost call made late is looked for.
const SWEEPS: u32 = 3;
const SWEEP_PAUSE: Duration = Duration::from_secs(1);

/// The length of every secret access key.
const SECRET_LENGTH: usize = 40;

pub(super) fn sdk_tag(tag: &Tag) -> Option<aws_sdk_iam::types::Tag> {
    aws_sdk_iam::types::Tag::builder().key(&tag.key).value(&tag.value).build().ok()
}

impl Gateway {
    /// Makes a call of a run.
    pub async fn call(&self, call: &Call, vault: &Vault) -> Answer {
        self.answer_to(call, vault).await.with_fault(|fault| self.configured.endpoints.named(fault))
    }

    async fn answer_to(&self, call: &Call, vault: &Vault) -> Answer {
        match call {
            Call::Perform(perform) => match self.perform(perform, vault).await {
                Err(fault) if fault.kind == FaultKind::Exists && !perform.was_lost => self.join(perform, fault).await,
                answer => Answer::Performed(answer),
            },
            Call::Read { action, .. } => Answer::Read(self.read(action).await),
            Call::Look { action, free_at, owned, window, spares_saved, .. } => {
                Answer::Looked(self.look(action, *free_at, owned, window, *spares_saved).await)
            }
            Call::Survey { thing, .. } => Answer::Surveyed { thing: thing.clone(), answer: self.survey(thing).await },
            Call::Undo { undo, owned, spares_saved, .. } => {
                let spared = match undo {
                    Undo::DeleteAccessKey { key, .. } if *spares_saved => self.saved(key),
                    _ => None,
                };
                Answer::Undone(match spared {
                    Some(fault) => Err(fault),
                    None => self.undo(undo, owned).await,
                })
            }
        }
    }

    /// Makes a step's call.
    ///
    /// Where the secrets end: a new key's secret and a generated password in the vault, under the step.
    ///
    /// # Errors
    /// The fault, which says whether the call may have taken effect all the same.
    pub async fn perform(&self, call: &Perform, vault: &Vault) -> Result<Made, Fault> {
        for thing in &call.owned {
            match self.standing_of(thing).await? {
                Standing::Same => {}
                // It may have been made a moment ago.
                Standing::Absent => return Err(Read::read(call.action.permission()).fault(FaultKind::NotFound, false)),
                Standing::Other => {
                    let words = format!("{} is not the one that this run made. Nothing was changed on it.", thing.words());
                    return Err(Fault::local(words));
                }
            }
        }
        match &call.action {
            Action::CreateGroup { group } => self.create_group(group).await,
            Action::CreatePolicy { policy, description, document, tags } => {
                self.create_policy(policy, description, document, tags).await
            }
            Action::CreatePolicyVersion { policy, document, .. } => self.create_policy_version(policy, document).await,
            Action::CreateUser { user, path, tags, boundary } => self.create_user(user, path, tags, boundary.as_ref()).await,
            Action::AttachGroupPolicy { group, policy } => {
                let write = self.write("iam:AttachGroupPolicy", "group", None, group.as_str());
                let request = self.iam.attach_group_policy().group_name(group.as_str()).policy_arn(&policy.arn);
                sent!(write, request).map(|()| Made::Link)
            }
            Action::AddUserToGroup { user, group } => {
                let write = self.write("iam:AddUserToGroup", "group", None, group.as_str());
                let request = self.iam.add_user_to_group().user_name(user.as_str()).group_name(group.as_str());
                sent!(write, request).map(|()| Made::Link)
            }
            Action::AttachUserPolicy { user, policy } => {
                let write = self.write("iam:AttachUserPolicy", "user", None, user.as_str());
                let request = self.iam.attach_user_policy().user_name(user.as_str()).policy_arn(&policy.arn);
                sent!(write, request).map(|()| Made::Link)
            }
            Action::PutUserPolicy { user, name, document } => {
                let write = self.write("iam:PutUserPolicy", "user", None, user.as_str());
                let request = self.iam.put_user_policy().user_name(user.as_str()).policy_name(name.as_str());
                sent!(write, request.policy_document(document)).map(|()| Made::Link)
            }
            Action::CreateLoginProfile { user, reset } => {
                self.create_login_profile(call.step, user, *reset, &call.policy, vault).await
            }
            Action::CreateAccessKey { user } => self.create_access_key(call, user, vault).await,
            Action::DescribeAccessKey { user, description, .. } => {
                let write = self.write("iam:TagUser", "user", None, user.as_str());
                let tag = call.key.as_ref().and_then(|key| sdk_tag(&Tag { key: key.clone(), value: description.clone() }));
                let request = self.iam.tag_user().user_name(user.as_str()).set_tags(tag.map(|tag| vec![tag]));
                sent!(write, request).map(|()| Made::Link)
            }
        }
    }

    async fn create_group(&self, group: &GroupName) -> Result<Made, Fault> {
        let call = self.write("iam:CreateGroup", "group", None, group.as_str());
        let sent = self.iam.create_group().group_name(group.as_str()).customize().config_override(once()).send().await;
        let answer = sent.map_err(|error| call.clone().failed(error))?;
        let made = answer.group().ok_or_else(|| call.fault(FaultKind::Torn, true))?;
        Ok(Made::Group { id: made.group_id().to_owned() })
    }

    async fn create_policy(&self, policy: &PolicyChoice, description: &str, document: &str, tags: &[Tag]) -> Result<Made, Fault> {
        let call = Self::write_policy("iam:CreatePolicy", &policy.arn);
        let tags: Vec<_> = tags.iter().filter_map(sdk_tag).collect();
        let sent = self
            .iam
            .create_policy()
            .policy_name(&policy.name)
            .set_path(policy_path(policy))
            .set_description((!description.is_empty()).then(|| description.to_owned()))
            .policy_document(document)
            .set_tags((!tags.is_empty()).then_some(tags))
            .customize()
            .config_override(once())
            .send()
            .await;
        let answer = sent.map_err(|error| call.clone().failed(error))?;
        let id = answer.policy().and_then(|made| made.policy_id()).ok_or_else(|| call.fault(FaultKind::Torn, true))?;
        Ok(Made::Policy { id: id.to_owned() })
    }

    async fn create_policy_version(&self, policy: &PolicyChoice, document: &str) -> Result<Made, Fault> {
        let call = Self::write_policy("iam:CreatePolicyVersion", &policy.arn);
        let sent = self
            .iam
            .create_policy_version()
            .policy_arn(&policy.arn)
            .policy_document(document)
            .set_as_default(true)
            .customize()
            .config_override(once())
            .send()
            .await;
        let answer = sent.map_err(|error| call.clone().failed(error))?;
        let version = answer.policy_version().and_then(|made| made.version_id());
        Ok(Made::Version { version: version.ok_or_else(|| call.fault(FaultKind::Torn, true))?.to_owned() })
    }

    async fn create_user(
        &self,
        user: &UserName,
        path: &Path,
        tags: &[Tag],
        boundary: Option<&PolicyChoice>,
    ) -> Result<Made, Fault> {
        let call = self.write("iam:CreateUser", "user", Some(path), user.as_str());
        let tags: Vec<_> = tags.iter().filter_map(sdk_tag).collect();
        let sent = self
            .iam
            .create_user()
            .user_name(user.as_str())
            .path(path.as_str())
            .set_permissions_boundary(boundary.map(|policy| policy.arn.clone()))
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
    async fn create_access_key(&self, made_by: &Perform, user: &UserName, vault: &Vault) -> Result<Made, Fault> {
        let call = self.write("iam:CreateAccessKey", "user", None, user.as_str());
        let sent = self.iam.create_access_key().user_name(user.as_str()).customize().config_override(once()).send().await;
        let answer = sent.map_err(|error| call.clone().failed(error))?;
        let key = answer.access_key().filter(|key| {
            key.access_key_id().len() >= 16 && key.secret_access_key().len() == SECRET_LENGTH && key.create_date().is_some()
        });
        let Some(key) = key else { return Err(call.fault(FaultKind::Torn, true)) };
        vault.put(SecretId::Of(made_by.step), Secret::new(key.secret_access_key().to_owned()));
        let id = key.access_key_id().to_owned();
        let unswept = made_by.was_lost && !self.sweep(user, &id, &made_by.window).await;
        Ok(Made::Key { id, unswept })
    }

    /// Removes a key that a lost call made late. The new key is good whatever becomes of that, so a failure is only told.
    async fn sweep(&self, user: &UserName, ours: &str, window: &Window) -> bool {
        for _ in 0..SWEEPS {
            if self.remove_keys_but(user, Some(ours), window, true).await.is_ok() {
                return true;
            }
            tokio::time::sleep(SWEEP_PAUSE).await;
        }
        false
    }
}

/// The path of a policy, as it stands in its ARN.
fn policy_path(policy: &PolicyChoice) -> Option<String> {
    let resource = policy.arn.split(":policy").nth(1)?;
    resource.strip_suffix(policy.name.as_str()).map(str::to_owned)
}
