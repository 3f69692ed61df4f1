//! A user that exists, with its access keys, as a task for it needs them before the first call.

use crate::domain::name::{Path, UserName};
use crate::domain::operation::{KeyStatus, quoted};

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

impl KeySeen {
    /// In words: "AKIA… (active, 412 days old, last used 3 days ago)".
    pub fn words(&self) -> String {
        let days = |days: i64| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
        let status = self.status.word().to_lowercase();
        let used = match self.used {
            LastUse::Never => "never used".to_owned(),
            LastUse::DaysAgo(0) => "last used today".to_owned(),
            LastUse::DaysAgo(ago) => format!("last used {} ago", days(ago)),
            LastUse::Unknown => "its last use can't be seen".to_owned(),
        };
        format!("{} ({status}, {} old, {used})", self.id, days(self.days))
    }
}

impl KeyHolder {
    /// Why it can get no further key, and what helps; `options` (profile, endpoint) belong to AWS CLI commands.
    pub fn is_full(&self, options: &str) -> Option<String> {
        if self.keys.len() < KEYS_LIMIT {
            return None;
        }
        let keys: Vec<String> = self.keys.iter().map(KeySeen::words).collect();
        let user = quoted(self.user.as_str());
        Some(format!(
            "{} has {KEYS_LIMIT} access keys, IAM's limit: {}. Delete one that nobody uses: aws iam delete-access-key \
             --user-name={user} --access-key-id=…{options}",
            self.user,
            keys.join(" and ")
        ))
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
