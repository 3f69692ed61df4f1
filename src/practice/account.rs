//! An IAM account in memory, with IAM's rules: names, quotas, conflicts. Pure: no clock but `now`, no randomness but what it is given.
//!
//! Source of the rules: the IAM API model, the IAM User Guide's quotas, and AWS's messages. Policies are not evaluated: whoever
//! has a key of the account may call everything.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue;
use super::entities::{Group, OwnPolicy, User};
use super::refusal::{ApiError, conflict, exists, invalid_input, no_such, not_attachable, quota, validation};
use crate::domain::catalogue::is_attachable;
use crate::domain::name::{GroupName, Path, RuleBroken, UserName};
use crate::domain::password::PasswordPolicy;
use crate::domain::tag::{TAGS_LIMIT, Tag, check_key, check_value, repeated};

pub const GROUPS_PER_USER: usize = 10;
/// Managed policies per user or group.
pub const POLICIES_PER_ENTITY: usize = 10;
pub const USERS_LIMIT: usize = 5000;
pub const GROUPS_LIMIT: usize = 300;

/// Fills bytes for ids, keys and secrets.
pub type Entropy = Box<dyn FnMut(&mut [u8]) + Send>;

/// The account. Names are kept in lower case as keys: IAM compares them ignoring case.
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// The alias, if any.
    pub alias: Option<String>,
    /// The account's own password policy, if any.
    pub password_policy: Option<PasswordPolicy>,
    pub users: BTreeMap<String, User>,
    pub groups: BTreeMap<String, Group>,
    /// The account's own managed policies, by ARN.
    pub policies: BTreeMap<String, OwnPolicy>,
    /// The newest credential report, and when it was made.
    pub report: Option<(i64, String)>,
    /// How many calls with a new key are refused before it works.
    pub key_lag: u32,
    /// The clock, in seconds since 1970; set before each call.
    pub now: i64,
    entropy: Entropy,
}

/// The same text for IAM: names are compared ignoring case.
fn key_of(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn broken(field: &str, rule: &RuleBroken) -> ApiError {
    match rule {
        RuleBroken::Empty { .. } => validation(format!(
            "1 validation error detected: Value at '{field}' failed to satisfy constraint: Member must have length greater than or equal to 1"
        )),
        RuleBroken::TooLong { limit, .. } => validation(format!(
            "1 validation error detected: Value at '{field}' failed to satisfy constraint: Member must have length less than or equal to {limit}"
        )),
        _ => validation(format!(
            "The specified value for {field} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
        )),
    }
}

impl Account {
    pub fn new(id: &str, entropy: Entropy) -> Self {
        Self {
            id: id.to_owned(),
            alias: None,
            password_policy: None,
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            policies: BTreeMap::new(),
            report: None,
            key_lag: 0,
            now: 0,
            entropy,
        }
    }

    /// Sets the clock. The users who are there before its first call, and what they have, are so many seconds older.
    pub fn set_clock(&mut self, now: i64) {
        if self.now == 0 {
            for user in self.users.values_mut() {
                let of_keys = user.keys.iter_mut().flat_map(|key| {
                    let used = key.last_used.as_mut().map(|(at, ..)| at);
                    std::iter::once(&mut key.created).chain(used)
                });
                let of_password = user.login.iter_mut().map(|login| &mut login.created).chain(user.signed_in.as_mut());
                let of_others = user.others.iter_mut().map(|other| &mut other.created);
                let moments = of_keys.chain(of_password).chain(user.mfa.values_mut()).chain(of_others);
                std::iter::once(&mut user.created).chain(moments).for_each(|at| *at += now);
            }
        }
        self.now = now;
    }

    /// `prefix` and characters of `alphabet`, `length` in all.
    pub(super) fn random(&mut self, prefix: &str, alphabet: &[u8], length: usize) -> String {
        let mut bytes = vec![0; length.saturating_sub(prefix.len())];
        (self.entropy)(&mut bytes);
        prefix.chars().chain(bytes.iter().map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()]))).collect()
    }

    pub(super) fn new_id(&mut self, prefix: &str) -> String {
        self.random(prefix, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 21)
    }

    /// The ARN of a user or group.
    pub fn arn(&self, kind: &str, path: &str, name: &str) -> String {
        format!("arn:aws:iam::{}:{kind}{path}{name}", self.id)
    }

    /// The user, where there is one.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn user(&self, name: &str) -> Result<&User, ApiError> {
        self.users.get(&key_of(name)).ok_or_else(|| no_such("user with name", name))
    }

    pub(super) fn user_mut(&mut self, name: &str) -> Result<&mut User, ApiError> {
        self.users.get_mut(&key_of(name)).ok_or_else(|| no_such("user with name", name))
    }

    /// The group, where there is one.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn group(&self, name: &str) -> Result<&Group, ApiError> {
        self.groups.get(&key_of(name)).ok_or_else(|| no_such("group with name", name))
    }

    fn group_mut(&mut self, name: &str) -> Result<&mut Group, ApiError> {
        self.groups.get_mut(&key_of(name)).ok_or_else(|| no_such("group with name", name))
    }

    /// `CreateUser`.
    ///
    /// # Errors
    /// `ValidationError`, `InvalidInput`, `EntityAlreadyExists`, `LimitExceeded`.
    pub fn create_user(&mut self, name: &str, path: &str, tags: Vec<Tag>) -> Result<&User, ApiError> {
        UserName::new(name).map_err(|rule| broken("userName", &rule))?;
        let path = checked_path(path)?;
        check_tags(&tags, repeated)?;
        if self.users.contains_key(&key_of(name)) {
            return Err(exists("User with name", name));
        }
        if self.users.len() >= USERS_LIMIT {
            return Err(quota("UsersPerAccount", USERS_LIMIT));
        }
        let user = User {
            name: name.to_owned(),
            path,
            id: self.new_id("AIDA"),
            created: self.now,
            tags,
            attached: BTreeSet::new(),
            inline: BTreeMap::new(),
            boundary: None,
            login: None,
            signed_in: None,
            mfa: BTreeMap::new(),
            keys: Vec::new(),
            others: Vec::new(),
        };
        Ok(self.users.entry(key_of(name)).or_insert(user))
    }

    /// `DeleteUser`.
    ///
    /// # Errors
    /// `NoSuchEntity`, `DeleteConflict` while anything is attached to it.
    pub fn delete_user(&mut self, name: &str) -> Result<(), ApiError> {
        let user = self.user(name)?;
        if self.groups.values().any(|group| group.members.contains(&key_of(name))) {
            return Err(conflict("remove users from group"));
        }
        if !user.attached.is_empty() {
            return Err(conflict("detach all policies"));
        }
        if !user.inline.is_empty() {
            return Err(conflict("delete policies"));
        }
        if !user.keys.is_empty() {
            return Err(conflict("delete access keys"));
        }
        if user.login.is_some() {
            return Err(conflict("delete login profile"));
        }
        if !user.mfa.is_empty() {
            return Err(conflict("delete MFA device"));
        }
        if !user.others.is_empty() {
            return Err(conflict("remove referenced objects"));
        }
        self.users.remove(&key_of(name));
        Ok(())
    }

    /// `CreateGroup`.
    ///
    /// # Errors
    /// `ValidationError`, `EntityAlreadyExists`, `LimitExceeded`.
    pub fn create_group(&mut self, name: &str, path: &str) -> Result<&Group, ApiError> {
        GroupName::new(name).map_err(|rule| broken("groupName", &rule))?;
        let path = checked_path(path)?;
        if self.groups.contains_key(&key_of(name)) {
            return Err(exists("Group with name", name));
        }
        if self.groups.len() >= GROUPS_LIMIT {
            return Err(quota("GroupsPerAccount", GROUPS_LIMIT));
        }
        let group = Group {
            name: name.to_owned(),
            path,
            id: self.new_id("AGPA"),
            created: self.now,
            members: BTreeSet::new(),
            attached: BTreeSet::new(),
        };
        Ok(self.groups.entry(key_of(name)).or_insert(group))
    }

    /// `DeleteGroup`.
    ///
    /// # Errors
    /// `NoSuchEntity`, `DeleteConflict` while it has users or policies.
    pub fn delete_group(&mut self, name: &str) -> Result<(), ApiError> {
        let group = self.group(name)?;
        if !group.members.is_empty() {
            return Err(conflict("remove users from group"));
        }
        if !group.attached.is_empty() {
            return Err(conflict("detach all policies"));
        }
        self.groups.remove(&key_of(name));
        Ok(())
    }

    /// `AddUserToGroup`; adding twice is no error.
    ///
    /// # Errors
    /// `NoSuchEntity`, `LimitExceeded`.
    pub fn add_user_to_group(&mut self, user: &str, group: &str) -> Result<(), ApiError> {
        self.user(user)?;
        let key = key_of(user);
        let joined = self.groups.values().filter(|g| g.members.contains(&key)).count();
        let group = self.group_mut(group)?;
        if !group.members.contains(&key) && joined >= GROUPS_PER_USER {
            return Err(quota("GroupsPerUser", GROUPS_PER_USER));
        }
        group.members.insert(key);
        Ok(())
    }

    /// `RemoveUserFromGroup`; who is not in it is no error.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn remove_user_from_group(&mut self, user: &str, group: &str) -> Result<(), ApiError> {
        self.user(user)?;
        self.group_mut(group)?.members.remove(&key_of(user));
        Ok(())
    }

    pub(super) fn attachable(&self, arn: &str) -> Result<(), ApiError> {
        if self.policies.contains_key(arn) {
            return Ok(());
        }
        let missing = || ApiError { message: format!("Policy {arn} does not exist or is not attachable."), ..no_such("", "") };
        let policy = catalogue::aws_policy(arn).ok_or_else(missing)?;
        if is_attachable(&policy.arn) { Ok(()) } else { Err(not_attachable(arn)) }
    }

    /// `AttachUserPolicy`; attaching twice is no error.
    ///
    /// # Errors
    /// `NoSuchEntity`, `PolicyNotAttachable`, `LimitExceeded`.
    pub fn attach_user_policy(&mut self, user: &str, arn: &str) -> Result<(), ApiError> {
        self.user(user)?;
        self.attachable(arn)?;
        attach(&mut self.user_mut(user)?.attached, arn, "PoliciesPerUser")
    }

    /// `AttachGroupPolicy`; attaching twice is no error.
    ///
    /// # Errors
    /// `NoSuchEntity`, `PolicyNotAttachable`, `LimitExceeded`.
    pub fn attach_group_policy(&mut self, group: &str, arn: &str) -> Result<(), ApiError> {
        self.group(group)?;
        self.attachable(arn)?;
        attach(&mut self.group_mut(group)?.attached, arn, "PoliciesPerGroup")
    }

    /// `DetachUserPolicy`.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn detach_user_policy(&mut self, user: &str, arn: &str) -> Result<(), ApiError> {
        let removed = self.user_mut(user)?.attached.remove(arn);
        if removed { Ok(()) } else { Err(no_such("attached policy", arn)) }
    }

    /// `DetachGroupPolicy`.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn detach_group_policy(&mut self, group: &str, arn: &str) -> Result<(), ApiError> {
        let removed = self.group_mut(group)?.attached.remove(arn);
        if removed { Ok(()) } else { Err(no_such("attached policy", arn)) }
    }

    /// How many users a policy bounds.
    pub fn bounded_by(&self, arn: &str) -> usize {
        self.users.values().filter(|user| user.boundary.as_deref() == Some(arn)).count()
    }

    /// How many users and groups have a policy.
    pub fn attachments(&self, arn: &str) -> usize {
        self.users.values().filter(|user| user.attached.contains(arn)).count()
            + self.groups.values().filter(|group| group.attached.contains(arn)).count()
    }

    /// `TagUser`: sets or overwrites; all or nothing.
    ///
    /// # Errors
    /// `NoSuchEntity`, `InvalidInput`, `LimitExceeded`.
    pub fn tag_user(&mut self, user: &str, tags: Vec<Tag>) -> Result<(), ApiError> {
        check_tags(&tags, repeated)?;
        let user = self.user_mut(user)?;
        let mut all = user.tags.clone();
        for tag in tags {
            match all.iter_mut().find(|old| old.key.eq_ignore_ascii_case(&tag.key)) {
                Some(old) => *old = tag,
                None => all.push(tag),
            }
        }
        if all.len() > TAGS_LIMIT {
            return Err(quota("TagsPerUser", TAGS_LIMIT));
        }
        user.tags = all;
        Ok(())
    }

    /// `UntagUser`: keys that are not there are no error.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn untag_user(&mut self, user: &str, keys: &[String]) -> Result<(), ApiError> {
        self.user_mut(user)?.tags.retain(|tag| !keys.iter().any(|key| key.eq_ignore_ascii_case(&tag.key)));
        Ok(())
    }
}

fn attach(attached: &mut BTreeSet<String>, arn: &str, what: &str) -> Result<(), ApiError> {
    if !attached.contains(arn) && attached.len() >= POLICIES_PER_ENTITY {
        return Err(quota(what, POLICIES_PER_ENTITY));
    }
    attached.insert(arn.to_owned());
    Ok(())
}

fn checked_path(path: &str) -> Result<String, ApiError> {
    Path::new(path).map(|path| path.as_str().to_owned()).map_err(|_| {
        validation("The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
    })
}

/// Lengths and characters are of the API model, and so a validation error; that the prefix `aws:` is AWS's own is IAM's rule.
fn check_tag(tag: &Tag) -> Result<(), ApiError> {
    check_key(&tag.key).and_then(|()| check_value(&tag.value)).map_err(|rule| match rule {
        RuleBroken::Rule(_) => invalid_input(rule.to_string()),
        _ => validation(rule.to_string()),
    })
}

/// What IAM refuses of tags; `repeated` says which keys are alike to it.
pub(super) fn check_tags(tags: &[Tag], repeated: fn(&[Tag]) -> Option<usize>) -> Result<(), ApiError> {
    if tags.len() > TAGS_LIMIT {
        return Err(validation("Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50"));
    }
    for tag in tags {
        check_tag(tag)?;
    }
    match repeated(tags) {
        Some(_) => Err(invalid_input("Duplicate tag keys found.")),
        None => Ok(()),
    }
}
