//! What a run does on this machine: a key is proven, saved in the place of another, and put back.

use super::{OnIam, sent_again};
use crate::domain::call::{Before, Lost, Perform, Reconciled};
use crate::domain::fault::Fault;
use crate::domain::operation::{Described, KeyRef, Made, Old, ProveAccessKey, RestoreProfile, SaveProfile, Through};
use crate::domain::secret::Vault;
use crate::services::gateway::Gateway;
use crate::services::profile_files::NewKey;

impl Gateway {
    /// The key that a step is about, with its secret from the vault, or from a profile where an earlier start saved it.
    fn new_key(&self, key: &KeyRef, call: &Perform, vault: &Vault) -> Result<NewKey, Fault> {
        let id = key.known().ok_or_else(|| Fault::local("The new key's ID is not known."))?.to_owned();
        let secret = call.secret.and_then(|handle| vault.get(handle)).or_else(|| self.files.secret_of(&id));
        let secret = secret.ok_or_else(|| secret_is_gone(&id))?;
        Ok(NewKey { id, secret })
    }
}

fn secret_is_gone(id: &str) -> Fault {
    Fault::local(format!("The secret of the key {id} is neither in memory nor in your profiles. Undo the run, and rotate again."))
}

impl OnIam for ProveAccessKey {
    /// Where the secret ends: in the SDK's credentials of this proof.
    async fn send(&self, gateway: &Gateway, call: &Perform, vault: &Vault) -> Result<Made, Fault> {
        let (user, waits) = (self.user.as_str(), gateway.waits);
        match &self.through {
            None => {
                let key = gateway.new_key(&self.key, call, vault)?;
                gateway.verify(&key.id, &key.secret, user, waits, &|_| {}).await.map(|_| Made::Link)
            }
            Some(Through::Profile(profile)) => {
                let id = self.key.known().unwrap_or_default();
                if !gateway.files.has(profile, id) {
                    return Err(Fault::local(format!("The profile “{profile}” does not hold the key {id} any more.")));
                }
                gateway.verify_profile(&gateway.files, profile, user, waits, &|_| {}).await.map(|_| Made::Link)
            }
            Some(Through::RoleOf { profile, source }) => gateway.verify_role(profile, source).await,
        }
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        gateway.before(self.target(), Old::Nothing).await
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl OnIam for SaveProfile {
    /// Where the secret ends: in the profile's file.
    async fn send(&self, gateway: &Gateway, call: &Perform, vault: &Vault) -> Result<Made, Fault> {
        let key = gateway.new_key(&self.key, call, vault)?;
        let (files, profile, from) = (gateway.files.clone(), self.profile.clone(), self.replaces.clone());
        on_disk(move || files.swap(&profile, &from, &key, true)).await.map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        if !gateway.files.has(&self.profile, &self.replaces) {
            let words = format!("The profile “{}” holds another key by now. It is left as it is.", self.profile);
            return Err(Fault::local(words));
        }
        gateway.before(self.target(), Old::Nothing).await
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

impl OnIam for RestoreProfile {
    /// Where the secret ends: in the profile's file. A profile that holds another key by now is left as it is, and no profile gets a
    /// key that IAM does not accept.
    async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
        let (files, profile, from, id) = (gateway.files.clone(), self.profile.clone(), self.replaces.clone(), self.key.clone());
        if !files.has(&profile, &from) {
            return Ok(Made::Link);
        }
        let secret = files.secret_of(&id).ok_or_else(|| {
            Fault::local(format!("The secret of the key {id} is not on this machine any more: the profile keeps the new key."))
        })?;
        // No profile gets a key that is gone, or that does not work yet again.
        let stays = |why: &str| Fault::local(format!("The key {id} {why}, so the profile “{profile}” keeps the new one."));
        let keys = gateway.keys_of(self.user.as_str()).await?.unwrap_or_default();
        if !keys.iter().any(|key| key.access_key_id() == Some(&id)) {
            return Err(stays("is gone by now"));
        }
        let proof = gateway.verify(&id, &secret, self.user.as_str(), gateway.waits, &|_| {}).await;
        proof.map_err(|_| stays("does not work again"))?;
        // From here on the profile itself has the secret.
        on_disk(move || files.swap(&profile, &from, &NewKey { id: id.clone(), secret }, false).map(|()| files.forget_copies(&id)))
            .await
            .map(|()| Made::Link)
    }

    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
        gateway.before(self.target(), Old::Nothing).await
    }

    async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
        sent_again()
    }
}

/// Waits for the disk elsewhere.
async fn on_disk(work: impl FnOnce() -> Result<(), Fault> + Send + 'static) -> Result<(), Fault> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Fault::local("The file could not be written.")))
}
