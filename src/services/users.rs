//! Questions about the users of an account: the list, the credential report, the account's details, one user's credentials, and
//! whose keys the person's own profiles hold.

mod report;

use std::time::Duration;

use aws_sdk_iam::types::{EntityType, ReportStateType, UserDetail};

use super::facts::Tell;
use super::failure::Call;
use super::gateway::{Gateway, moment};
use super::holdings::ROWS;
use super::key_search;
use super::profile_files::profiles;
use super::sts::sts_client;
use crate::domain::answers::PolicyChoice;
use crate::domain::facts::{KeySight, LookupResult};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::key_id::{self, KeyKind};
use crate::domain::operation::KeyStatus;
use crate::domain::tag::Tag;
use crate::domain::users::{CredentialReport, HeldKey, KeyOwner, KeyUse, ListedUser, UserCredentials, UserDetails, UserKey};

/// How often, and how far apart, it is asked whether the report is there; IAM needs some seconds.
const REPORT_TRIES: u32 = 40;
const REPORT_PAUSE: Duration = Duration::from_millis(500);

impl Gateway {
    pub(super) async fn users(&self, tell: Tell<'_>) -> Result<(), Fault> {
        let mut pages = self.iam.list_users().max_items(ROWS).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Call::read("iam:ListUsers").failed(error))?;
            let row = |user: &aws_sdk_iam::types::User| ListedUser {
                name: user.user_name().to_owned(),
                path: user.path().to_owned(),
                id: user.user_id().to_owned(),
                arn: user.arn().to_owned(),
                created: moment(user.create_date()),
                signed_in: user.password_last_used().map(moment),
            };
            tell(Ok(LookupResult::Users(page.users().iter().map(row).collect())));
        }
        tell(Ok(LookupResult::End));
        Ok(())
    }

    /// IAM's credential report, which it makes anew where the last is older than four hours.
    pub(super) async fn credential_report(&self) -> Result<CredentialReport, Fault> {
        let call = Call::read("iam:GenerateCredentialReport");
        for _ in 0..REPORT_TRIES {
            let answer = self.iam.generate_credential_report().send().await.map_err(|error| call.clone().failed(error))?;
            if answer.state() == Some(&ReportStateType::Complete) {
                break;
            }
            tokio::time::sleep(REPORT_PAUSE).await;
        }
        let call = Call::read("iam:GetCredentialReport");
        let answer = self.iam.get_credential_report().send().await.map_err(|error| call.clone().failed(error))?;
        let text = answer.content().and_then(|content| std::str::from_utf8(content.as_ref()).ok());
        let made = answer.generated_time().map(moment);
        let read = text.zip(made).and_then(|(text, made)| report::read(text, made));
        read.ok_or_else(|| call.fault(FaultKind::Torn, false))
    }

    pub(super) async fn user_details(&self, tell: Tell<'_>) -> Result<(), Fault> {
        let details = self.iam.get_account_authorization_details().filter(EntityType::User).max_items(ROWS);
        let mut pages = details.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Call::read("iam:GetAccountAuthorizationDetails").failed(error))?;
            tell(Ok(LookupResult::UserDetails(page.user_detail_list().iter().map(details_of).collect())));
        }
        tell(Ok(LookupResult::End));
        Ok(())
    }

    /// Keys, password, MFA devices and groups of one user. What may not be seen is left out.
    ///
    /// # Errors
    /// Why nothing of it can be seen.
    pub(super) async fn credentials_of(&self, user: &str) -> Result<UserCredentials, Fault> {
        let mut refused = None;
        let found = UserCredentials {
            keys: seen(self.user_keys(user).await, &mut refused),
            has_password: seen(self.has_password(user).await, &mut refused),
            mfa: seen(self.mfa_devices_of(user).await, &mut refused),
            groups: seen(self.groups_of_user(user).await, &mut refused),
        };
        match refused {
            Some(fault) if found.is_empty() || fault.kind != FaultKind::Denied => Err(fault),
            _ => Ok(found),
        }
    }

    async fn user_keys(&self, user: &str) -> Result<Vec<UserKey>, Fault> {
        let mut keys = Vec::new();
        for key in self.keys_of(user).await?.unwrap_or_default() {
            let id = key.access_key_id().unwrap_or_default().to_owned();
            let used = match self.last_used(&id).await {
                Ok(Some(at)) => KeyUse::At(moment(&at)),
                Ok(None) => KeyUse::Never,
                Err(_) => KeyUse::Unknown,
            };
            let status = super::iam::status(&key);
            keys.push(UserKey { id: Some(id), status, created: key.create_date().map(moment), used });
        }
        Ok(keys)
    }

    async fn mfa_devices_of(&self, user: &str) -> Result<Vec<String>, Fault> {
        let devices = self.iam.list_mfa_devices().user_name(user).send().await;
        let devices = devices.map_err(|error| Call::read("iam:ListMFADevices").on(user).failed(error))?;
        Ok(devices.mfa_devices().iter().map(|device| device.serial_number().to_owned()).collect())
    }

    /// Whose keys the person's own profiles hold, as far as they are of this account.
    pub(super) async fn held_keys(&self) -> Result<Vec<HeldKey>, Fault> {
        let profiles = profiles::list(&self.files)?;
        let mut held = Vec::new();
        let mut denied = None;
        for profile in &profiles {
            // The users of another account can't be found by this caller; and what is no key's id may be a secret.
            let is_of_account = |key: &&String| {
                key_id::kind(key) == Some(KeyKind::LongTerm)
                    && key_id::account(key).is_none_or(|account| account == self.caller.account)
            };
            let Some(key) = profile.key.as_ref().filter(is_of_account) else { continue };
            let call = Call::read("iam:GetAccessKeyLastUsed").on(key);
            let answer = self.iam.get_access_key_last_used().access_key_id(key).send().await;
            match answer.map_err(|error| call.failed(error)) {
                Ok(answer) => {
                    let user = answer.user_name().map(str::to_owned);
                    held.extend(user.map(|user| HeldKey { profile: profile.name.clone(), user }));
                }
                // A key that is gone is nobody's; AWS says of one that it does not know that it may not be seen.
                Err(fault) if fault.kind == FaultKind::NotFound => {}
                Err(fault) if fault.kind == FaultKind::Denied => denied = Some(fault),
                Err(fault) => return Err(fault),
            }
        }
        if let Some(fault) = denied.filter(|_| held.is_empty()) {
            return Err(fault);
        }
        Ok(held)
    }
}

impl Gateway {
    /// Whose a key is, and where on this machine it is named.
    ///
    /// # Errors
    /// The person's own files can't be read.
    pub(super) async fn key_sight(&self, id: &str) -> Result<KeySight, Fault> {
        let named = key_search::in_profile_files(id, &self.files).into_iter().map(|place| place.to_string());
        let variables = self.files.of.as_ref().map(|environment| environment.naming(id)).unwrap_or_default();
        let variables = variables.into_iter().map(|name| format!("the environment variable {name}"));
        let named = named.chain(variables).collect();
        Ok(KeySight { owner: self.owner_of(id).await, places: self.files.places_of(id)?, named })
    }

    /// Whose a key is: its account by STS, and in the caller's own account its user by IAM.
    pub async fn owner_of(&self, id: &str) -> KeyOwner {
        let mut owner = KeyOwner { account: key_id::account(id), ..KeyOwner::default() };
        let call = Call::read("sts:GetAccessKeyInfo");
        let sts = sts_client(&self.config, &self.configured, &self.guard);
        match sts.get_access_key_info().access_key_id(id).send().await.map_err(|error| call.failed(error)) {
            Ok(answer) if answer.account().is_some() => {
                owner.account = answer.account().map(str::to_owned);
                owner.is_told = true;
            }
            Ok(_) => {}
            Err(fault) => owner.gaps.push(fault.what()),
        }
        let is_here = owner.account.as_ref().is_none_or(|account| *account == self.caller.account);
        if !is_here || key_id::kind(id) != Some(KeyKind::LongTerm) {
            return owner;
        }
        let call = Call::read("iam:GetAccessKeyLastUsed");
        let answer = self.iam.get_access_key_last_used().access_key_id(id).send().await;
        let answer = match answer.map_err(|error| call.failed(error)) {
            Ok(answer) => answer,
            // Nobody has it.
            Err(fault) if fault.kind == FaultKind::NotFound => return owner,
            Err(fault) => {
                owner.gaps.push(fault.what());
                return owner;
            }
        };
        let last = answer.access_key_last_used();
        let known = |text: &str| Some(text.to_owned()).filter(|text| text != "N/A");
        owner.last_call = last.and_then(|last| known(last.service_name()).zip(known(last.region())));
        let Some(user) = answer.user_name() else { return owner };
        owner.user = Some(user.to_owned());
        match self.user_keys(user).await {
            Ok(keys) => owner.key = keys.into_iter().find(|key| key.id.as_deref() == Some(id)),
            Err(fault) => owner.gaps.push(fault.what()),
        }
        owner
    }
}

fn details_of(user: &UserDetail) -> UserDetails {
    let choice = |arn: &str| PolicyChoice { name: arn.rsplit('/').next().unwrap_or(arn).to_owned(), arn: arn.to_owned() };
    let arns = user.attached_managed_policies().iter().filter_map(|policy| policy.policy_arn());
    UserDetails {
        name: user.user_name().unwrap_or_default().to_owned(),
        groups: user.group_list().to_vec(),
        attached: arns.map(choice).collect(),
        inline: user.user_policy_list().iter().filter_map(|policy| policy.policy_name().map(str::to_owned)).collect(),
        tags: user.tags().iter().map(|tag| Tag { key: tag.key().to_owned(), value: tag.value().to_owned() }).collect(),
    }
}

/// What may be seen; the first refusal is kept.
fn seen<T>(answer: Result<T, Fault>, refused: &mut Option<Fault>) -> Option<T> {
    match answer {
        Ok(found) => Some(found),
        Err(fault) => {
            refused.get_or_insert(fault);
            None
        }
    }
}

/// The status of a key in the report.
const fn status(active: bool) -> KeyStatus {
    if active { KeyStatus::Active } else { KeyStatus::Inactive }
}
