//! Sessions that were opened with an MFA code: a code works once, and a connection may be made again.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;

/// They are kept in memory, by what they are of. Clones share them.
#[derive(Clone, Default)]
pub struct Sessions(Arc<Mutex<BTreeMap<String, Credentials>>>);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

impl Sessions {
    pub(super) fn get(&self, of: &str) -> Option<Credentials> {
        let soon = SystemTime::now() + Duration::from_secs(60);
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(of).filter(|session| session.expiry().is_none_or(|expiry| expiry > soon)).cloned()
    }

    pub(super) fn keep(&self, of: String, session: Credentials) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(of, session);
    }
}
