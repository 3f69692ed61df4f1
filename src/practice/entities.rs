//! What an account holds: users with what belongs to them, groups, its own policies.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::secret::Secret;
use crate::domain::tag::Tag;
use crate::domain::users::OtherKind;

#[derive(Clone, Debug)]
pub struct User {
    /// The name as it was given.
    pub name: String,
    pub path: String,
    /// `AIDA…`.
    pub id: String,
    /// Seconds since 1970.
    pub created: i64,
    /// The tags, in the order given.
    pub tags: Vec<Tag>,
    /// ARNs of attached managed policies.
    pub attached: BTreeSet<String>,
    /// Its own policies: names and documents.
    pub inline: BTreeMap<String, String>,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// The console password.
    pub login: Option<Login>,
    /// The last sign-in with it, in seconds since 1970.
    pub signed_in: Option<i64>,
    /// The serial numbers of its MFA devices, and since when it has them.
    pub mfa: BTreeMap<String, i64>,
    pub keys: Vec<AccessKey>,
    pub others: Vec<OtherCredential>,
}

/// An SSH public key, a signing certificate or a credential of one service.
#[derive(Clone, Debug)]
pub struct OtherCredential {
    pub kind: OtherKind,
    pub id: String,
    /// Whether it works.
    pub active: bool,
    /// Seconds since 1970.
    pub created: i64,
}

/// A console password.
#[derive(Clone, Debug)]
pub struct Login {
    /// The password; never sent back.
    pub password: Secret,
    /// Must be changed at the first sign-in.
    pub reset: bool,
    /// Seconds since 1970.
    pub created: i64,
}

#[derive(Clone, Debug)]
pub struct AccessKey {
    /// `AKIA…`, 20 characters.
    pub id: String,
    /// 40 characters; sent once.
    pub secret: Secret,
    /// Whether it works.
    pub active: bool,
    /// Seconds since 1970.
    pub created: i64,
    /// How many calls are still refused: a new key takes a moment to be known everywhere.
    pub unknown_for: u32,
    /// When, with which service and in which region it was last used.
    pub last_used: Option<(i64, String, String)>,
}

#[derive(Clone, Debug)]
pub struct Group {
    /// The name as it was given.
    pub name: String,
    pub path: String,
    /// `AGPA…`.
    pub id: String,
    /// Seconds since 1970.
    pub created: i64,
    /// Lower-case names of its users.
    pub members: BTreeSet<String>,
    /// ARNs of attached managed policies.
    pub attached: BTreeSet<String>,
}

/// A managed policy of the account's own.
#[derive(Clone, Debug)]
pub struct OwnPolicy {
    pub name: String,
    pub arn: String,
    /// `ANPA…`.
    pub id: String,
    /// Its description; nobody can change it.
    pub description: String,
    pub tags: Vec<Tag>,
    /// The default version.
    pub default: String,
    /// All versions, the oldest first.
    pub versions: Vec<PolicyVersion>,
    /// The number of the newest version ever made: numbers are not used twice.
    pub numbered: u32,
    /// Seconds since 1970.
    pub created: i64,
}

impl OwnPolicy {
    pub fn version(&self, id: &str) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.id == id)
    }
}

#[derive(Clone, Debug)]
pub struct PolicyVersion {
    /// `v1`.
    pub id: String,
    pub document: String,
    /// Seconds since 1970.
    pub created: i64,
}
