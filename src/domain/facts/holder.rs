//! A user that exists, with its access keys, as a task for it needs them before the first call.

use crate::domain::answers::GivenUp;
use crate::domain::moment::{ago, days};
use crate::domain::name::{Path, UserName};
use crate::domain::operation::KeyStatus;

/// Access keys that a user can have, active or not (IAM quotas).
pub const KEYS_LIMIT: usize = 2;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHolder {
    /// Its name, as the account spells it.
    pub user: UserName,
    /// `AIDA…`.
    pub id: String,
    pub path: Path,
    pub keys: Vec<KeySeen>,
}

/// An access key of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySeen {
    /// `AKIA…`.
    pub id: String,
    /// Whether it works.
    pub status: KeyStatus,
    /// How old it is, in whole days by AWS's clock.
    pub days: i64,
    pub used: LastUse,
}

/// When a key was used last; IAM may be some hours behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LastUse {
    /// Never, as far as IAM knows.
    Never,
    /// So many whole days ago.
    DaysAgo(i64),
    /// It may not be seen.
    Unknown,
}

/// A key used within so many days, or whose last use can't be seen, is given up only with its id typed.
const IN_USE: i64 = 90;

impl KeySeen {
    /// Whether somebody may still use it.
    pub fn may_be_in_use(&self) -> bool {
        match self.used {
            // IAM may be some hours behind.
            LastUse::Never => self.days < 1,
            LastUse::DaysAgo(ago) => ago <= IN_USE,
            LastUse::Unknown => true,
        }
    }

    /// In words: "AKIA… (active, 412 days old, last used 3 days ago)".
    pub fn words(&self) -> String {
        let status = self.status.word().to_lowercase();
        format!("{} ({status}, {} old, {})", self.id, days(self.days), self.used.words())
    }
}

impl LastUse {
    pub fn words(&self) -> String {
        match *self {
            Self::Never => "never used".to_owned(),
            Self::DaysAgo(days) => format!("last used {}", ago(days)),
            Self::Unknown => "its last use can't be seen".to_owned(),
        }
    }
}

impl KeyHolder {
    /// Whether it can get no further key unless one is given up.
    pub fn is_full(&self) -> bool {
        self.keys.len() >= KEYS_LIMIT
    }

    /// That a name which was typed to agree is not spelled as the account spells it; IAM itself ignores case.
    pub fn misspelled(&self, typed: &str) -> Option<String> {
        let user = &self.user;
        (user.as_str() != typed).then(|| format!("“{typed}” is not how the account spells the user: type {user} to agree."))
    }

    pub fn key(&self, id: &str) -> Option<&KeySeen> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Why this key is not given up for a new one.
    pub fn hinders(&self, given: Option<&GivenUp>) -> Option<String> {
        let keys = || self.keys.iter().map(KeySeen::words).collect::<Vec<_>>().join(" and ");
        match given {
            None if !self.is_full() => None,
            None => Some(format!(
                "{} has {KEYS_LIMIT} access keys, IAM's limit: {}. Choose which one to give up on the page User, or add --give-up KEY-ID.",
                self.user,
                keys()
            )),
            Some(_) if !self.is_full() => Some(format!("{} can have another key: none has to be given up.", self.user)),
            Some(given) => match self.key(&given.key) {
                None => Some(format!("{} has no access key {}, but {}.", self.user, given.key, keys())),
                Some(key) if key.may_be_in_use() && given.typed != key.id => {
                    Some(format!("Type the ID of {} to give it up: it can't be had back.", key.words()))
                }
                Some(_) => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_told_with_its_age_and_last_use() {
        let key = |days, used| KeySeen { id: "AKIA1".to_owned(), status: KeyStatus::Inactive, days, used }.words();
        assert_eq!(key(412, LastUse::DaysAgo(1)), "AKIA1 (inactive, 412 days old, last used 1 day ago)");
        assert_eq!(key(1, LastUse::Never), "AKIA1 (inactive, 1 day old, never used)");
        assert_eq!(key(0, LastUse::DaysAgo(0)), "AKIA1 (inactive, 0 days old, last used today)");
    }
}
