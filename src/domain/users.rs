//! The users of an account as a list shows them: who there is, and what is known of each one's sign-in, keys and groups.
//!
//! In: IAM's list of users, and what three sources add where the caller may ask them: the credential report, the account's
//! details, and calls about one user. Out: an [`Overview`] for each.

pub mod listing;

use std::collections::BTreeMap;

use super::answers::PolicyChoice;
use super::moment::Moment;
use super::operation::KeyStatus;
use super::tag::Tag;

/// Users about whom it is asked at once, where each has to be asked about.
pub const USERS_AT_ONCE: usize = 4;

/// From this age on a key stands out, in days (IAM User Guide, "Rotate access keys": every 90 days or less).
pub const OLD_KEY: i64 = 90;

/// A user, as IAM's list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedUser {
    pub name: String,
    pub path: String,
    /// `AIDA…`.
    pub id: String,
    pub arn: String,
    pub created: Moment,
    /// The last sign-in with the password.
    pub signed_in: Option<Moment>,
}

/// When somebody called with a key last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// Never, as far as IAM knows; it may be some hours behind.
    Never,
    At(Moment),
    /// It may not be seen.
    Unknown,
}

/// An access key of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserKey {
    /// `AKIA…`; the credential report does not tell it.
    pub id: Option<String>,
    pub status: KeyStatus,
    pub created: Option<Moment>,
    pub used: KeyUse,
}

/// The credential report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialReport {
    /// When IAM made it: it makes no newer one for four hours.
    pub made: Moment,
    /// By name.
    pub users: BTreeMap<String, ReportedUser>,
    pub root: Option<ReportedUser>,
}

impl CredentialReport {
    /// What stands out of the root user (IAM User Guide, "Root user best practices").
    pub fn of_root(&self) -> Vec<&'static str> {
        let Some(root) = &self.root else { return Vec::new() };
        let has_key = root.keys.iter().any(|key| key.status == KeyStatus::Active);
        let key = has_key.then_some("The root user has an access key that works: delete it.");
        let mfa = (!root.has_mfa).then_some("The root user has no MFA device: add one.");
        key.into_iter().chain(mfa).collect()
    }
}

/// What the report says of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedUser {
    pub has_password: bool,
    pub has_mfa: bool,
    pub keys: Vec<UserKey>,
}

/// What the account's details say of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserDetails {
    pub name: String,
    pub groups: Vec<String>,
    /// Managed policies attached to the user itself.
    pub attached: Vec<PolicyChoice>,
    /// The names of its own policies.
    pub inline: Vec<String>,
    pub tags: Vec<Tag>,
}

/// What calls about one user say; what may not be asked is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserCredentials {
    pub keys: Option<Vec<UserKey>>,
    /// Whether it has a console password.
    pub has_password: Option<bool>,
    /// The serial numbers of its MFA devices.
    pub mfa: Option<Vec<String>>,
    pub groups: Option<Vec<String>>,
}

impl UserCredentials {
    /// Whether nothing of it could be told.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What else a user can sign with, besides access keys and a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherKind {
    /// An SSH public key, for CodeCommit.
    SshKey,
    /// A signing certificate.
    Certificate,
    /// A credential of one service (CodeCommit, Keyspaces, Bedrock …), by its host.
    OfService(String),
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherCredential {
    pub kind: OtherKind,
    /// `APKA…`, a certificate's id, `ACCA…`.
    pub id: String,
    pub status: KeyStatus,
    /// When it was made; IAM does not record its use.
    pub created: Option<Moment>,
}

/// All of them that a user has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherCredentials {
    pub found: Vec<OtherCredential>,
    /// Which kinds can't be listed, and why.
    pub gaps: Vec<String>,
}

impl OtherKind {
    pub fn words(&self) -> String {
        match self {
            Self::SshKey => "SSH public key".to_owned(),
            Self::Certificate => "signing certificate".to_owned(),
            Self::OfService(service) => format!("credential of {service}"),
        }
    }
}

/// A profile of this machine, and whose key it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldKey {
    pub profile: String,
    pub user: String,
}

/// Whose an access key is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyOwner {
    /// The account, where STS or the id itself tells it.
    pub account: Option<String>,
    /// STS tells it, and not the id alone.
    pub is_told: bool,
    /// The user of the caller's account who has it.
    pub user: Option<String>,
    /// The key as the user has it.
    pub key: Option<UserKey>,
    /// The service and the region of the last call with it.
    pub last_call: Option<(String, String)>,
    /// What could not be found out, and why.
    pub gaps: Vec<String>,
}

/// All that is known of the users.
#[derive(Clone, Debug, Default)]
pub struct Sources<'a> {
    pub report: Option<&'a CredentialReport>,
    pub details: &'a [UserDetails],
    /// By name.
    pub credentials: BTreeMap<&'a str, &'a UserCredentials>,
    pub held: &'a [HeldKey],
}

/// A user with what is known of it; `None` where nobody said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    pub user: ListedUser,
    pub has_password: Option<bool>,
    pub has_mfa: Option<bool>,
    pub keys: Option<Vec<UserKey>>,
    pub groups: Option<Vec<String>>,
    /// How many policies it has itself: managed and its own.
    pub policies: Option<usize>,
    /// The profiles of this machine that hold its keys.
    pub profiles: Vec<String>,
}

/// What stands out of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A key that works and is so many days old.
    OldKey(i64),
    /// A key that works and was never used.
    UnusedKey,
    /// A console password, and no MFA device.
    NoMfa,
}

impl Notice {
    /// In a few words.
    pub fn words(&self) -> String {
        match self {
            Self::OldKey(days) => format!("key of {days} days"),
            Self::UnusedKey => "key never used".to_owned(),
            Self::NoMfa => "console without MFA".to_owned(),
        }
    }
}

/// An overview of each user, in the list's order.
pub fn overviews(users: &[ListedUser], sources: &Sources<'_>) -> Vec<Overview> {
    let details: BTreeMap<&str, &UserDetails> = sources.details.iter().map(|one| (one.name.as_str(), one)).collect();
    let mut held: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for one in sources.held {
        held.entry(&one.user).or_default().push(one.profile.clone());
    }
    let of_one = |user: &ListedUser| {
        let reported = sources.report.and_then(|report| report.users.get(&user.name));
        let details = details.get(user.name.as_str());
        // What was asked about this very user is newer than the report, and knows the keys' ids.
        let own = sources.credentials.get(user.name.as_str()).copied().cloned().unwrap_or_default();
        Overview {
            has_password: own.has_password.or(reported.map(|one| one.has_password)),
            has_mfa: own.mfa.map(|devices| !devices.is_empty()).or(reported.map(|one| one.has_mfa)),
            keys: own.keys.or_else(|| reported.map(|one| one.keys.clone())),
            groups: own.groups.or_else(|| details.map(|one| one.groups.clone())),
            policies: details.map(|one| one.attached.len() + one.inline.len()),
            profiles: held.get(user.name.as_str()).cloned().unwrap_or_default(),
            user: user.clone(),
        }
    };
    users.iter().map(of_one).collect()
}

impl Overview {
    /// What stands out, with AWS's clock at `now`.
    pub fn notices(&self, now: Moment) -> Vec<Notice> {
        let mut notices = Vec::new();
        for key in self.keys.iter().flatten().filter(|key| key.status == KeyStatus::Active) {
            let days = key.created.map(|created| created.days_until(now));
            notices.extend(days.filter(|days| *days >= OLD_KEY).map(Notice::OldKey));
            notices.extend((key.used == KeyUse::Never).then_some(Notice::UnusedKey));
        }
        if self.has_password == Some(true) && self.has_mfa == Some(false) {
            notices.push(Notice::NoMfa);
        }
        notices
    }

    /// The age of its oldest key that works, in days.
    pub fn oldest_key(&self, now: Moment) -> Option<i64> {
        let active = self.keys.iter().flatten().filter(|key| key.status == KeyStatus::Active);
        active.filter_map(|key| key.created).map(|created| created.days_until(now)).max()
    }

    /// When it was last seen: a sign-in, or a call with a key.
    pub fn last_seen(&self) -> Option<Moment> {
        let used = self.keys.iter().flatten().filter_map(|key| match key.used {
            KeyUse::At(at) => Some(at),
            KeyUse::Never | KeyUse::Unknown => None,
        });
        used.chain(self.user.signed_in).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const NOW: Moment = Moment(1_000 * DAY);

    fn user(name: &str) -> ListedUser {
        let at = |day: i64| Moment(day * DAY);
        ListedUser {
            name: name.to_owned(),
            path: "/".to_owned(),
            id: format!("AIDA{name}"),
            arn: String::new(),
            created: at(1),
            signed_in: Some(at(900)),
        }
    }

    fn key(id: Option<&str>, status: KeyStatus, created: i64, used: KeyUse) -> UserKey {
        UserKey { id: id.map(str::to_owned), status, created: Some(Moment(created * DAY)), used }
    }

    #[test]
    fn what_was_asked_about_one_user_goes_before_the_report() {
        let reported =
            ReportedUser { has_password: true, has_mfa: false, keys: vec![key(None, KeyStatus::Active, 10, KeyUse::Never)] };
        let users = BTreeMap::from([("ann".to_owned(), reported.clone()), ("bob".to_owned(), reported)]);
        let report = CredentialReport { made: NOW, users, root: None };
        let own = UserCredentials {
            keys: Some(vec![key(Some("AKIA1"), KeyStatus::Inactive, 10, KeyUse::At(Moment(950 * DAY)))]),
            mfa: Some(vec!["arn:aws:iam::1:mfa/phone".to_owned()]),
            ..UserCredentials::default()
        };
        let credentials = BTreeMap::from([("bob", &own)]);
        let held = [HeldKey { profile: "work".to_owned(), user: "bob".to_owned() }];
        let sources = Sources { report: Some(&report), credentials, held: &held, ..Sources::default() };
        let all = overviews(&[user("ann"), user("bob"), user("eve")], &sources);
        assert_eq!(all[0].notices(NOW), [Notice::OldKey(990), Notice::UnusedKey, Notice::NoMfa]);
        assert_eq!((all[0].oldest_key(NOW), all[0].last_seen()), (Some(990), Some(Moment(900 * DAY))));
        assert_eq!((all[1].notices(NOW), all[1].has_password), (Vec::new(), Some(true)));
        assert_eq!((all[1].last_seen(), all[1].profiles.as_slice()), (Some(Moment(950 * DAY)), &["work".to_owned()][..]));
        assert_eq!((&all[2].keys, all[2].has_mfa, all[2].notices(NOW).len()), (&None, None, 0));
    }

    #[test]
    fn a_root_user_with_a_key_or_without_mfa_stands_out() {
        let root = |has_mfa, status| {
            let keys = vec![key(None, status, 10, KeyUse::Never)];
            let root = Some(ReportedUser { has_password: true, has_mfa, keys });
            CredentialReport { made: NOW, users: BTreeMap::new(), root }.of_root().len()
        };
        let counts = [root(true, KeyStatus::Inactive), root(true, KeyStatus::Active), root(false, KeyStatus::Active)];
        assert_eq!(counts, [0, 1, 2]);
    }

    #[test]
    fn a_key_of_89_days_does_not_stand_out() {
        let of = |age: i64| {
            let keys = Some(vec![key(None, KeyStatus::Active, 1_000 - age, KeyUse::At(NOW))]);
            let own = UserCredentials { keys, ..UserCredentials::default() };
            let sources = Sources { credentials: BTreeMap::from([("ann", &own)]), ..Sources::default() };
            overviews(&[user("ann")], &sources).remove(0).notices(NOW)
        };
        assert_eq!((of(89), of(90)), (vec![], vec![Notice::OldKey(90)]));
    }
}
