//! The one type that holds a secret, and the vault that keeps the secrets of a run until they are handed over.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use super::step_id::StepId;

/// A secret text: a secret access key, a password, an MFA code.
///
/// Where it ends: every copy of ours shares one buffer, which is overwritten when the last is dropped. `Debug` never shows
/// it, and there is no `Display`: whoever needs the text says [`Secret::expose`] and is easily found.
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Takes a text over; the caller's `String` becomes the buffer, nothing is copied.
    pub fn new(text: String) -> Self {
        Self(Arc::new(Zeroizing::new(text)))
    }

    /// The text itself. For a call's input, a file, the clipboard or a revealed field, and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Which secret is meant: events and effects carry this handle, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretId {
    /// What this step of the plan makes or sends: the secret access key, or the console password.
    Of(StepId),
    /// The secret access key that the person pasted for this session.
    CallerKey,
    /// The session token that belongs to it.
    CallerToken,
    /// The MFA code just typed.
    MfaCode,
}

/// The secrets of a run, in memory only. Clones share one store.
///
/// Where they end: wiped when the vault's last clone is dropped, when replaced, or by [`Vault::forget`].
#[derive(Clone, Default)]
pub struct Vault(Arc<Mutex<BTreeMap<SecretId, Secret>>>);

impl Vault {
    /// Stores a secret, wiping an older one of the same handle.
    pub fn put(&self, id: SecretId, secret: Secret) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, secret);
    }

    /// The secret behind a handle.
    pub fn get(&self, id: SecretId) -> Option<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    pub fn forget(&self, id: SecretId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let vault = Vault::default();
        vault.put(SecretId::CallerKey, Secret::new("wJalrXUtnFEMI".to_owned()));
        let shown = format!("{:?} {vault:?}", vault.get(SecretId::CallerKey));
        assert!(!shown.contains("wJalr"), "{shown}");
        assert_eq!(vault.get(SecretId::CallerKey).unwrap().expose(), "wJalrXUtnFEMI");
        vault.forget(SecretId::CallerKey);
        assert!(vault.get(SecretId::CallerKey).is_none());
    }
}
