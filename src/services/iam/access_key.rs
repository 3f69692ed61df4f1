//! Access keys. A key whose answer was lost is live, and nobody has its secret: it is found and deleted, if it is proven ours.

use std::time::Duration;

use aws_sdk_iam::types::{AccessKeyMetadata, StatusType};
use aws_smithy_types::DateTime;

use super::{OnIam, sent_again};
use crate::domain::call::{Before, Lost, Perform, Reconciled, Window};
use crate::domain::facts::{KeyHolder, KeySeen, LastUse};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::name::{Path, UserName};
use crate::domain::operation::{CreateAccessKey, DeleteAccessKey, Described, KeyStatus, Made, Old, UpdateAccessKey};
use crate::domain::secret::{Secret, SecretId, Vault};
use crate::services::failure::{Call, absent_is_none};
use crate::services::gateway::{Gateway, once, sent};
use crate::services::profile_files::profiles;

/// How often, and how far apart, a key that a lost call made late is looked for.
const SWEEPS: u32 = 3;
const SWEEP_PAUSE: Duration = Duration::from_secs(1);

/// The length of every secret access key.
const SECRET_LENGTH: usize = 40;

impl OnIam for CreateAccessKey {
    /// Accepts a key only when it is whole: the decoder gives half a secret, or none, without an error.
    async fn send(&self, gateway: &Gateway, call: &Perform, vault: &Vault) -> Result<Made, Fault> {
        let write = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.create_access_key().user_name(self.user.as_str());
        let sent = request.customize().config_override(once()).send().await;
        let answer = sent.map_err(|error| write.clone().failed(error))?;
        let key = answer.access_key().filter(|key| {
            key.access_key_id().len() >= 16 && key.secret_access_key().len() == SECRET_LENGTH && key.create_date().is_some()
        });
        let Some(key) = key else { return Err(write.fault(FaultKind::Torn, true)) };
        vault.put(SecretId::Of(call.step), Secret::new(key.secret_access_key().to_owned()));
        let id = key.access_key_id().to_owned();
        let possible_duplicate = call.was_lost && !gateway.sweep(&self.user, &id, &call.window, &call.old).await;
        Ok(Made::Key { id, possible_duplicate })
    }

    /// The keys that are there before are nobody's of this run.
    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        let keys = gateway.keys_of(self.user.as_str()).await?.unwrap_or_default();
        let ids = keys.iter().filter_map(|key| key.access_key_id().map(str::to_owned)).collect();
        gateway.before(self.target(), Old::Keys(ids)).await
    }

    async fn reconcile(&self, gateway: &Gateway, lost: &Lost) -> Result<Reconciled, Fault> {
        match gateway.remove_lost_key(&self.user, None, &lost.window, &lost.old, lost.spares_saved).await? {
            true => Ok(Reconciled::Removed),
            false => Ok(Reconciled::Nothing),
        }
    }
}

impl OnIam for UpdateAccessKey {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.update_access_key().user_name(self.user.as_str()).access_key_id(&self.key);
        sent!(call, request.status(StatusType::from(self.status.word()))).map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        let keys = gateway.keys_of(self.user.as_str()).await?.unwrap_or_default();
        let Some(key) = keys.iter().find(|key| key.access_key_id() == Some(&self.key)) else {
            // What is gone works no longer.
            if self.status == KeyStatus::Inactive {
                return Ok(Before::Same(Made::Link));
            }
            return Err(Call::read("iam:ListAccessKeys").on(self.user.as_str()).fault(FaultKind::NotFound, false));
        };
        match status(key) == self.status {
            true => Ok(Before::Same(Made::Link)),
            false => gateway.before(self.target(), Old::Status(status(key))).await,
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl OnIam for DeleteAccessKey {
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let call = gateway.write(Self::PERMISSION, &self.resource(), None);
        let request = gateway.iam.delete_access_key().user_name(self.user.as_str()).access_key_id(&self.key);
        let answer: Result<(), Fault> = sent!(call, request);
        if answer.as_ref().err().is_none_or(|fault| fault.kind == FaultKind::NotFound) {
            gateway.files.forget_copies(&self.key);
        }
        answer.map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        let keys = gateway.keys_of(self.user.as_str()).await?.unwrap_or_default();
        match keys.iter().any(|key| key.access_key_id() == Some(&self.key)) {
            true => gateway.before(self.target(), Old::Nothing).await,
            false => {
                gateway.files.forget_copies(&self.key);
                Ok(Before::Same(Made::Link))
            }
        }
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl Gateway {
    /// The keys of a user, which has two at most; `None` where there is no such user.
    pub(in crate::services) async fn keys_of(&self, user: &str) -> Result<Option<Vec<AccessKeyMetadata>>, Fault> {
        let call = Call::read("iam:ListAccessKeys").on(user);
        let answer = self.iam.list_access_keys().user_name(user).send().await.map_err(|error| call.failed(error));
        Ok(absent_is_none(answer)?.map(|answer| answer.access_key_metadata().to_vec()))
    }

    /// Removes the key that a lost answer told of: one that the user has besides `ours` and those that it had before. Says whether
    /// there was one. A key that was not made in the `window` is somebody else's.
    ///
    /// A user of the run's own had no key, and nobody else has made one. Others may use a user that was there (`old` has the keys
    /// that it had): only one new key, never used, is then proven ours.
    ///
    /// # Errors
    /// `Exists` where what is there can't be proven ours: it is named, and left alone.
    async fn remove_lost_key(
        &self,
        user: &UserName,
        ours: Option<&str>,
        window: &Window,
        old: &Old,
        spares_saved: bool,
    ) -> Result<bool, Fault> {
        let name = user.as_str();
        let call = Call::read("iam:ListAccessKeys").on(name);
        let Some(keys) = self.keys_of(name).await? else { return Ok(false) };
        let known: &[String] = match old {
            Old::Keys(known) => known,
            Old::Nothing | Old::Text(_) | Old::Status(_) => &[],
        };
        let is_shared = matches!(old, Old::Keys(_));
        let is_new = |id: &str| Some(id) != ours && !known.iter().any(|known| known == id);
        let others: Vec<_> = keys.iter().filter(|key| key.access_key_id().is_some_and(is_new)).collect();
        // Without AWS's clock at the sending, only a key of this very start, on a user of its own, can be taken for the lost one.
        let undated = window.sent.is_empty();
        if undated && (window.is_old || is_shared) && !others.is_empty() {
            return Err(not_proven(call, &others, is_shared));
        }
        let made_then = |key: &AccessKeyMetadata| undated || key.create_date().is_some_and(|date| window.holds(date.secs()));
        let lost: Vec<_> = others.iter().copied().filter(|key| made_then(key)).collect();
        match lost[..] {
            [] if is_shared && !others.is_empty() => Err(not_proven(call, &others, true)),
            [] => Ok(false),
            [_] if is_shared && others.len() > 1 => Err(not_proven(call, &others, true)),
            [key] => {
                let id = key.access_key_id().unwrap_or_default();
                if spares_saved && let Some(fault) = self.saved(id) {
                    return Err(fault);
                }
                if is_shared && self.last_used(id).await?.is_some() {
                    return Err(not_proven(call, &lost, true));
                }
                let delete = self.write("iam:DeleteAccessKey", &CreateAccessKey { user: user.clone() }.target(), None);
                let request = self.iam.delete_access_key().user_name(name).access_key_id(id);
                absent_is_none(sent!(delete, request)).map(|_| true)
            }
            _ => Err(not_proven(call, &lost, is_shared)),
        }
    }

    /// A user with its keys; `None` where there is none of this name.
    pub(in crate::services) async fn holder(&self, name: &str) -> Result<Option<KeyHolder>, Fault> {
        let call = Call::read("iam:GetUser").on(name);
        let answer = self.iam.get_user().user_name(name).send().await.map_err(|error| call.clone().failed(error));
        let Some(answer) = absent_is_none(answer)? else { return Ok(None) };
        let found = answer.user().ok_or_else(|| call.clone().fault(FaultKind::Torn, false))?;
        let odd = |_| call.clone().fault(FaultKind::Torn, false);
        let (user, path) = (UserName::new(found.user_name()).map_err(odd)?, Path::new(found.path()).map_err(odd)?);
        let days = |at: Option<&DateTime>| at.map_or(0, |at| (self.guard.clock.now() - at.secs()).max(0) / 86_400);
        let mut keys = Vec::new();
        for key in self.keys_of(name).await?.unwrap_or_default() {
            let id = key.access_key_id().unwrap_or_default().to_owned();
            let used = match self.last_used(&id).await {
                Ok(Some(at)) => LastUse::DaysAgo(days(Some(&at))),
                Ok(None) => LastUse::Never,
                Err(_) => LastUse::Unknown,
            };
            keys.push(KeySeen { id, status: status(&key), days: days(key.create_date()), used });
        }
        Ok(Some(KeyHolder { user, id: found.user_id().to_owned(), path, keys }))
    }

    /// When somebody called with a key last, as far as IAM knows.
    pub(in crate::services) async fn last_used(&self, id: &str) -> Result<Option<DateTime>, Fault> {
        let call = Call::read("iam:GetAccessKeyLastUsed").on(id);
        let answer = self.iam.get_access_key_last_used().access_key_id(id).send().await.map_err(|error| call.failed(error))?;
        Ok(answer.access_key_last_used().and_then(|used| used.last_used_date().copied()))
    }

    /// Removes a key that a lost call made late. The new key is good whatever happens to that, so a failure is only told.
    async fn sweep(&self, user: &UserName, ours: &str, window: &Window, old: &Old) -> bool {
        for _ in 0..SWEEPS {
            if self.remove_lost_key(user, Some(ours), window, old, true).await.is_ok() {
                return true;
            }
            tokio::time::sleep(SWEEP_PAUSE).await;
        }
        false
    }

    /// That a profile of the person's own holds this key: an earlier start saved it, and did not live to write that down.
    pub(super) fn saved(&self, id: &str) -> Option<Fault> {
        let profile = profiles::holder_of(id, &self.files)?;
        let words = format!(
            "The key {id} is in your profile “{profile}”, so it is not deleted. Put another key there, or forget the run."
        );
        Some(Fault::local(words))
    }
}

pub(in crate::services) fn status(key: &AccessKeyMetadata) -> KeyStatus {
    match key.status() {
        Some(StatusType::Inactive) => KeyStatus::Inactive,
        _ => KeyStatus::Active,
    }
}

/// Keys of which none can be taken for the lost one; on a user that others use too they are named.
fn not_proven(call: Call, keys: &[&AccessKeyMetadata], is_shared: bool) -> Fault {
    let fault = call.fault(FaultKind::Exists, false);
    let ids: Vec<&str> = keys.iter().filter_map(|key| key.access_key_id()).collect();
    match is_shared {
        true => fault.saying(format!("New there: {}. Nothing proves which is of this run", ids.join(", "))),
        false => fault,
    }
}
