//! Looks at what a create did whose answer was lost or torn, and at what is there before something found is changed.
//!
//! The ownership rule: it is ours when the read just before said "not there", what is there now equals what was sent with
//! nothing else hanging on it, and it was not made before that read by AWS's own clock. What can't be proven ours is never
//! deleted, only named.

use aws_smithy_types::DateTime;

use super::failure::{Call, absent_is_none};
use super::gateway::{Gateway, once, sent};
use super::profile_files::profiles;
use super::undo::Standing;
use crate::domain::answers::PolicyChoice;
use crate::domain::call::Window;
use crate::domain::document::same_document;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::name::{GroupName, Path, UserName};
use crate::domain::step::{Action, Before, Made, Owned, Sight};
use crate::domain::tag::Tag;
use crate::domain::usage::entities;

/// A policy, as far as it proves anything.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) default: String,
    pub(super) attachments: i32,
    created: Option<DateTime>,
    description: String,
    tags: Vec<aws_sdk_iam::types::Tag>,
}

impl Gateway {
    /// What the lost call of a create left. `free_at` is when the name was last seen free, by AWS's clock; `owned` are the
    /// run's own things on which it was made; `window` is when it was sent; with `spares_saved` a key that a profile of this
    /// machine holds is left alone.
    ///
    /// A key whose secret nobody has is of no use to anybody: it is deleted here.
    ///
    /// # Errors
    /// `Exists` for a thing that can't be proven ours; else why the look failed.
    pub async fn look(
        &self,
        action: &Action,
        free_at: Option<i64>,
        owned: &[Owned],
        window: &Window,
        spares_saved: bool,
    ) -> Result<Sight, Fault> {
        for thing in owned {
            if self.standing_of(thing).await? == Standing::Other {
                // What it would hang on is gone, and it with that.
                return Ok(Sight::Nothing);
            }
        }
        let made = match action {
            Action::CreateUser { user, path, tags, boundary } => {
                self.look_at_user(user, path, tags, boundary.as_ref(), free_at).await?
            }
            Action::CreateGroup { group } => self.look_at_group(group, free_at).await?,
            Action::CreatePolicy { policy, description, document, tags } => {
                self.look_at_policy(policy, description, document, tags, free_at).await?
            }
            Action::CreatePolicyVersion { policy, document, before } => self.look_at_version(policy, document, before).await?,
            Action::CreateLoginProfile { user, .. } => {
                // The user is of this run and had no password: the one that is there is the one that was sent.
                let call = Call::read("iam:GetLoginProfile").on(user.as_str());
                let answer = self.iam.get_login_profile().user_name(user.as_str()).send().await;
                absent_is_none(answer.map_err(|error| call.failed(error)))?.map(|_| Made::Password)
            }
            // The user is of this run and had no key: what key came then came with a lost answer.
            Action::CreateAccessKey { user } => {
                return Ok(if self.remove_keys_but(user, None, window, spares_saved).await? {
                    Sight::Removed
                } else {
                    Sight::Nothing
                });
            }
            _ => None,
        };
        Ok(made.map_or(Sight::Nothing, Sight::Ours))
    }

    /// How it is before a step changes a thing that the run did not make.
    ///
    /// # Errors
    /// Why that can't be read, or that it is no longer as it was when the plan was made.
    pub async fn read(&self, action: &Action) -> Result<Before, Fault> {
        match action {
            Action::AttachGroupPolicy { group, policy } => {
                let name = group.as_str();
                let absent = || Call::read("iam:GetGroup").on(name).fault(FaultKind::NotFound, false);
                let id = self.group_id(name).await?.ok_or_else(absent)?;
                if self.attached_to_group(name).await?.iter().any(|attached| attached.arn == policy.arn) {
                    return Ok(Before::Same(Made::Link));
                }
                let users = entities(&self.members(name).await?.unwrap_or_default());
                Ok(Before::Other { thing: Owned::Group { name: name.to_owned(), id }, users })
            }
            Action::CreatePolicyVersion { policy, before, document } => {
                let found = self.policy(&policy.arn).await?;
                if found.default != *before {
                    // Somebody made the same version meanwhile.
                    if same_document(&self.document(&policy.arn, &found.default).await?, document) {
                        return Ok(Before::Same(Made::Version { version: found.default }));
                    }
                    let words =
                        format!("{} has version {} in force, not {before}. Go back and look again.", policy.name, found.default);
                    return Err(Fault::local(words));
                }
                // Who may not see it takes everybody for new later, and takes nothing away.
                let users = match self.users_of_policy(&policy.arn).await {
                    Err(fault) if fault.kind == FaultKind::Denied => Vec::new(),
                    users => entities(&users?),
                };
                Ok(Before::Other { thing: Owned::Policy { arn: policy.arn.clone(), id: found.id }, users })
            }
            // Nothing else changes what was there.
            _ => Ok(Before::Same(Made::Link)),
        }
    }

    async fn look_at_user(
        &self,
        user: &UserName,
        path: &Path,
        tags: &[Tag],
        boundary: Option<&PolicyChoice>,
        free_at: Option<i64>,
    ) -> Result<Option<Made>, Fault> {
        let name = user.as_str();
        let call = Call::read("iam:GetUser").on(name);
        let answer = self.iam.get_user().user_name(name).send().await;
        let Some(answer) = absent_is_none(answer.map_err(|error| call.clone().failed(error)))? else { return Ok(None) };
        let not_ours = || call.clone().fault(FaultKind::Exists, false);
        let found = answer.user().ok_or_else(not_ours)?;
        let equal = found.user_name() == name && found.path() == path.as_str() && same_tags(found.tags(), tags);
        let bound = found.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn());
        let equal = equal && bound == boundary.map(|policy| policy.arn.as_str());
        if !equal || !is_not_before(Some(found.create_date()), free_at) || !self.user_is_bare(name).await? {
            return Err(not_ours());
        }
        Ok(Some(Made::User { id: found.user_id().to_owned(), arn: found.arn().to_owned() }))
    }

    /// Whether nothing hangs on the user: neither keys nor groups nor policies nor a password.
    async fn user_is_bare(&self, name: &str) -> Result<bool, Fault> {
        let keys = self.iam.list_access_keys().user_name(name).send().await;
        let keys = keys.map_err(|error| Call::read("iam:ListAccessKeys").on(name).failed(error))?;
        let nothing = self.groups_of_user(name).await?.is_empty()
            && self.attached_to_user(name).await?.is_empty()
            && self.inline_of_user(name).await?.is_empty();
        let login = self.iam.get_login_profile().user_name(name).send().await;
        let login = absent_is_none(login.map_err(|error| Call::read("iam:GetLoginProfile").on(name).failed(error)))?;
        Ok(nothing && keys.access_key_metadata().is_empty() && login.is_none())
    }

    async fn look_at_group(&self, group: &GroupName, free_at: Option<i64>) -> Result<Option<Made>, Fault> {
        let name = group.as_str();
        let call = Call::read("iam:GetGroup").on(name);
        let answer = self.iam.get_group().group_name(name).send().await;
        let Some(answer) = absent_is_none(answer.map_err(|error| call.clone().failed(error)))? else { return Ok(None) };
        let not_ours = || call.clone().fault(FaultKind::Exists, false);
        let found = answer.group().ok_or_else(not_ours)?;
        let bare = answer.users().is_empty()
            && self.attached_to_group(name).await?.is_empty()
            && self.inline_of_group(name).await?.is_empty();
        if found.group_name() == name && bare && is_not_before(Some(found.create_date()), free_at) {
            Ok(Some(Made::Group { id: found.group_id().to_owned() }))
        } else {
            Err(not_ours())
        }
    }

    /// `GetPolicy`.
    pub(super) async fn policy(&self, arn: &str) -> Result<Found, Fault> {
        let call = Call::read("iam:GetPolicy").on(arn);
        let answer = self.iam.get_policy().policy_arn(arn).send().await.map_err(|error| call.clone().failed(error))?;
        let policy = answer.policy().ok_or_else(|| call.fault(FaultKind::Torn, false))?;
        Ok(Found {
            id: policy.policy_id().unwrap_or_default().to_owned(),
            default: policy.default_version_id().unwrap_or_default().to_owned(),
            attachments: policy.attachment_count().unwrap_or_default(),
            created: policy.create_date().copied(),
            description: policy.description().unwrap_or_default().to_owned(),
            tags: policy.tags().to_vec(),
        })
    }

    async fn look_at_policy(
        &self,
        policy: &PolicyChoice,
        description: &str,
        document: &str,
        tags: &[Tag],
        free_at: Option<i64>,
    ) -> Result<Option<Made>, Fault> {
        let Some(found) = absent_is_none(self.policy(&policy.arn).await)? else { return Ok(None) };
        let equal = found.description == description && found.attachments == 0 && same_tags(&found.tags, tags);
        let proven = equal
            && is_not_before(found.created.as_ref(), free_at)
            && same_document(&self.document(&policy.arn, &found.default).await?, document);
        if proven {
            Ok(Some(Made::Policy { id: found.id }))
        } else {
            Err(Call::read("iam:GetPolicy").on(&policy.arn).fault(FaultKind::Exists, false))
        }
    }

    /// Ours is the version in force, later than the one before, with our document; the numbers of versions only grow.
    async fn look_at_version(&self, policy: &PolicyChoice, document: &str, before: &str) -> Result<Option<Made>, Fault> {
        let found = self.policy(&policy.arn).await?;
        if found.default == before {
            return Ok(None);
        }
        let number = |version: &str| version.trim_start_matches('v').parse::<u64>().unwrap_or_default();
        let later = number(&found.default) > number(before);
        if later && same_document(&self.document(&policy.arn, &found.default).await?, document) {
            Ok(Some(Made::Version { version: found.default }))
        } else {
            Err(Call::read("iam:GetPolicy").on(&policy.arn).fault(FaultKind::Exists, false))
        }
    }

    /// Removes the user's access key other than `ours`: the one that a lost answer told of. Says whether there was one. A key
    /// that was not made in the `window` is somebody else's.
    ///
    /// # Errors
    /// `Exists` where more than one is there: they can't be told apart, and are left alone.
    pub(super) async fn remove_keys_but(
        &self,
        user: &UserName,
        ours: Option<&str>,
        window: &Window,
        spares_saved: bool,
    ) -> Result<bool, Fault> {
        let name = user.as_str();
        let call = Call::read("iam:ListAccessKeys").on(name);
        let answer = self.iam.list_access_keys().user_name(name).send().await.map_err(|error| call.clone().failed(error));
        let Some(answer) = absent_is_none(answer)? else { return Ok(false) };
        let others = answer.access_key_metadata().iter().filter(|key| key.access_key_id() != ours);
        // Without AWS's clock at the sending, only a key of this very start can be taken for the lost one.
        let undated = window.sent.is_empty();
        if undated && window.is_old && others.clone().next().is_some() {
            return Err(call.fault(FaultKind::Exists, false));
        }
        let made_then = |created: Option<&DateTime>| undated || created.is_some_and(|date| window.holds(date.secs()));
        let lost: Vec<&str> = others.filter(|key| made_then(key.create_date())).filter_map(|key| key.access_key_id()).collect();
        match lost[..] {
            [] => Ok(false),
            [id] => {
                if spares_saved && let Some(fault) = self.saved(id) {
                    return Err(fault);
                }
                let delete = self.write("iam:DeleteAccessKey", "user", None, name);
                let request = self.iam.delete_access_key().user_name(name).access_key_id(id);
                absent_is_none(sent!(delete, request)).map(|_| true)
            }
            _ => Err(call.fault(FaultKind::Exists, false)),
        }
    }

    /// That a profile of the person's own holds this key: an earlier start saved it, and did not live to write that down.
    pub(super) fn saved(&self, id: &str) -> Option<Fault> {
        let profile = profiles::holder_of(id, &self.files)?;
        let words = format!("The key {id} is in your profile “{profile}”, so it is not deleted. Undo the run, or forget it.");
        Some(Fault::local(words))
    }
}

/// Made after the name was seen free. Without such a sight, or without AWS's clock at it, nothing is proven.
fn is_not_before(created: Option<&DateTime>, free_at: Option<i64>) -> bool {
    match (created, free_at) {
        (Some(created), Some(free_at)) => free_at > 0 && created.secs() >= free_at,
        _ => false,
    }
}

fn same_tags(found: &[aws_sdk_iam::types::Tag], sent: &[Tag]) -> bool {
    found.len() == sent.len() && sent.iter().all(|tag| found.iter().any(|t| t.key() == tag.key && t.value() == tag.value))
}
