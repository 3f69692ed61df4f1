//! The users' access keys, with IAM's rules: two keys a user, and who a key is. Secrets stay in the account.

use super::account::Account;
use super::entities::AccessKey;
use super::refusal::{ApiError, no_such, quota, unknown_token, validation};
use crate::domain::secret::Secret;

/// Keys per user, active or not.
pub const KEYS_LIMIT: usize = 2;

fn is_active(status: &str) -> Result<bool, ApiError> {
    match status {
        "Active" => Ok(true),
        "Inactive" => Ok(false),
        _ => Err(validation(
            "Value at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]",
        )),
    }
}

impl Account {
    /// `CreateAccessKey`.
    ///
    /// # Errors
    /// `NoSuchEntity`, `LimitExceeded`.
    pub fn create_access_key(&mut self, user: &str) -> Result<&AccessKey, ApiError> {
        if self.user(user)?.keys.len() >= KEYS_LIMIT {
            return Err(quota("AccessKeysPerUser", KEYS_LIMIT));
        }
        let key = AccessKey {
            id: self.random("AKIA", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 20),
            secret: Secret::new(self.random("", b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+", 40)),
            active: true,
            created: self.now,
            unknown_for: self.key_lag,
            last_used: None,
        };
        let keys = &mut self.user_mut(user)?.keys;
        keys.push(key);
        Ok(&keys[keys.len() - 1])
    }

    /// `UpdateAccessKey`.
    ///
    /// # Errors
    /// `NoSuchEntity`, `ValidationError` for another status than `Active` and `Inactive`.
    pub fn update_access_key(&mut self, user: &str, id: &str, status: &str) -> Result<(), ApiError> {
        let active = is_active(status)?;
        let keys = &mut self.user_mut(user)?.keys;
        let key = keys.iter_mut().find(|key| key.id == id).ok_or_else(|| no_such("Access Key with id", id))?;
        key.active = active;
        Ok(())
    }

    /// `UpdateSSHPublicKey`, `UpdateSigningCertificate`, `UpdateServiceSpecificCredential`.
    ///
    /// # Errors
    /// As for [`Account::update_access_key`].
    pub fn update_other_credential(&mut self, user: &str, id: &str, status: &str) -> Result<(), ApiError> {
        let active = is_active(status)?;
        let others = &mut self.user_mut(user)?.others;
        let other = others.iter_mut().find(|other| other.id == id).ok_or_else(|| no_such("credential with id", id))?;
        other.active = active;
        Ok(())
    }

    /// `DeleteAccessKey`.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn delete_access_key(&mut self, user: &str, id: &str) -> Result<(), ApiError> {
        let keys = &mut self.user_mut(user)?.keys;
        let before = keys.len();
        keys.retain(|key| key.id != id);
        if keys.len() < before { Ok(()) } else { Err(no_such("Access Key with id", id)) }
    }

    /// Who has this key, noting the use.
    ///
    /// # Errors
    /// `InvalidClientTokenId`: unknown, inactive, or too new.
    pub fn authenticate(&mut self, key_id: &str, service: &str, region: &str) -> Result<String, ApiError> {
        let now = self.now;
        let user = self.users.values_mut().find(|user| user.keys.iter().any(|key| key.id == key_id)).ok_or_else(unknown_token)?;
        for key in user.keys.iter_mut().filter(|key| key.id == key_id) {
            if !key.active {
                return Err(unknown_token());
            }
            if key.unknown_for > 0 {
                key.unknown_for -= 1;
                return Err(unknown_token());
            }
            key.last_used = Some((now, service.to_owned(), region.to_owned()));
        }
        Ok(user.name.clone())
    }
}
