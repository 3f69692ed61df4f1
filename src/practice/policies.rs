//! The account's own managed policies, with IAM's rules: names, sizes, versions, and what can't be deleted while it is used.

use super::account::{Account, check_tags};
use super::entities::{OwnPolicy, PolicyVersion};
use super::refusal::{ApiError, conflict, exists, malformed, no_such, quota, validation};
use crate::domain::name::{GroupName, at_most};
use crate::domain::policy::{self, INLINE_SIZE, MANAGED_SIZE, Purpose};
use crate::domain::tag::{Tag, repeated_exactly};

/// Customer managed policies in the account.
pub const POLICIES_LIMIT: usize = 1500;
/// Versions of a policy.
pub const VERSIONS_LIMIT: usize = 5;

/// What `CreatePolicy` is given.
#[derive(Clone, Debug)]
pub struct PolicyToMake<'a> {
    pub name: &'a str,
    pub path: &'a str,
    pub description: &'a str,
    pub document: &'a str,
    pub tags: Vec<Tag>,
}

impl Account {
    fn own_policy(&mut self, arn: &str) -> Result<&mut OwnPolicy, ApiError> {
        self.policies.get_mut(arn).ok_or_else(|| no_such("policy with ARN", arn))
    }

    /// `CreatePolicy`.
    ///
    /// # Errors
    /// `ValidationError`, `InvalidInput`, `MalformedPolicyDocument`, `LimitExceeded`, `EntityAlreadyExists`.
    pub fn create_policy(&mut self, new: PolicyToMake<'_>) -> Result<&OwnPolicy, ApiError> {
        // The rules of a policy's name are those of a group's.
        GroupName::new(new.name).map_err(|_| {
            validation("The specified value for policyName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-")
        })?;
        let in_path = |c: char| c.is_ascii_alphanumeric() || ".,+@=_-/".contains(c);
        if !(new.path.starts_with('/') && new.path.ends_with('/') && new.path.len() <= 512 && new.path.chars().all(in_path)) {
            return Err(validation("The specified value for path is invalid."));
        }
        at_most(new.description, 1000, "description").map_err(|_| {
            validation("Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 1000")
        })?;
        check_tags(&new.tags, repeated_exactly)?;
        self.check_document(new.document)?;
        if self.policies.values().any(|policy| policy.name.eq_ignore_ascii_case(new.name)) {
            return Err(exists("A policy called", new.name));
        }
        if self.policies.len() >= POLICIES_LIMIT {
            return Err(quota("PoliciesPerAccount", POLICIES_LIMIT));
        }
        let arn = self.arn("policy", new.path, new.name);
        let version = PolicyVersion { id: "v1".to_owned(), document: new.document.to_owned(), created: self.now };
        let policy = OwnPolicy {
            name: new.name.to_owned(),
            arn: arn.clone(),
            id: self.new_id("ANPA"),
            description: new.description.to_owned(),
            tags: new.tags,
            default: version.id.clone(),
            versions: vec![version],
            numbered: 1,
            created: self.now,
        };
        Ok(self.policies.entry(arn).or_insert(policy))
    }

    /// `PutUserPolicy`: a policy of the same name is replaced.
    ///
    /// # Errors
    /// `NoSuchEntity`, `MalformedPolicyDocument`, `LimitExceeded`.
    pub fn put_user_policy(&mut self, user: &str, name: &str, document: &str) -> Result<(), ApiError> {
        let size = self.check_grammar(document, true)?;
        let user = self.user_mut(user)?;
        let others = user.inline.iter().filter(|(known, _)| *known != name).map(|(_, text)| policy::size(text));
        if others.sum::<usize>() + size > INLINE_SIZE {
            let message = format!("Maximum policy size of {INLINE_SIZE} bytes exceeded for user {}", user.name);
            return Err(ApiError { message, ..quota("UserPolicySize", INLINE_SIZE) });
        }
        user.inline.insert(name.to_owned(), document.to_owned());
        Ok(())
    }

    /// `DeleteUserPolicy`.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn delete_user_policy(&mut self, user: &str, name: &str) -> Result<(), ApiError> {
        let removed = self.user_mut(user)?.inline.remove(name);
        removed.map(drop).ok_or_else(|| no_such("user policy with name", name))
    }

    /// Bounds a user, as `CreateUser` does.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn bound_user(&mut self, user: &str, boundary: &str) -> Result<(), ApiError> {
        self.attachable(boundary)?;
        self.user_mut(user)?.boundary = Some(boundary.to_owned());
        Ok(())
    }

    /// `CreatePolicyVersion`.
    ///
    /// # Errors
    /// `NoSuchEntity`, `MalformedPolicyDocument`, `LimitExceeded`.
    pub fn create_policy_version(&mut self, arn: &str, document: &str, set_as_default: bool) -> Result<PolicyVersion, ApiError> {
        self.check_document(document)?;
        let now = self.now;
        let policy = self.own_policy(arn)?;
        if policy.versions.len() >= VERSIONS_LIMIT {
            return Err(quota("VersionsPerPolicy", VERSIONS_LIMIT));
        }
        policy.numbered += 1;
        let version = PolicyVersion { id: format!("v{}", policy.numbered), document: document.to_owned(), created: now };
        policy.versions.push(version.clone());
        if set_as_default {
            policy.default.clone_from(&version.id);
        }
        Ok(version)
    }

    /// `SetDefaultPolicyVersion`.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn set_default_policy_version(&mut self, arn: &str, version: &str) -> Result<(), ApiError> {
        let policy = self.own_policy(arn)?;
        if policy.version(version).is_none() {
            return Err(no_such("policy version", version));
        }
        policy.default = version.to_owned();
        Ok(())
    }

    /// `DeletePolicyVersion`.
    ///
    /// # Errors
    /// `NoSuchEntity`, `DeleteConflict` for the default version.
    pub fn delete_policy_version(&mut self, arn: &str, version: &str) -> Result<(), ApiError> {
        let policy = self.own_policy(arn)?;
        if policy.version(version).is_none() {
            return Err(no_such("policy version", version));
        }
        if policy.default == version {
            return Err(ApiError { message: "Cannot delete the default version of a policy.".to_owned(), ..conflict("") });
        }
        policy.versions.retain(|one| one.id != version);
        Ok(())
    }

    /// `DeletePolicy`.
    ///
    /// # Errors
    /// `NoSuchEntity`, `DeleteConflict` while it is attached or has other versions.
    pub fn delete_policy(&mut self, arn: &str) -> Result<(), ApiError> {
        let attached = self.attachments(arn) + self.bounded_by(arn);
        let versions = self.own_policy(arn)?.versions.len();
        if attached > 0 {
            return Err(ApiError { message: "Cannot delete a policy attached to entities.".to_owned(), ..conflict("") });
        }
        if versions > 1 {
            let message =
                "This policy has more than one version. Before you delete a policy, you must delete the policy's versions.";
            return Err(ApiError { message: message.to_owned(), ..conflict("") });
        }
        self.policies.remove(arn);
        Ok(())
    }
}

impl Account {
    /// What IAM refuses of a managed policy's document.
    fn check_document(&self, document: &str) -> Result<(), ApiError> {
        if self.check_grammar(document, false)? > MANAGED_SIZE { Err(quota("PolicySize", MANAGED_SIZE)) } else { Ok(()) }
    }

    /// What IAM refuses of a document: its characters, its grammar. Its size, which is limited differently for each kind.
    fn check_grammar(&self, document: &str, inline: bool) -> Result<usize, ApiError> {
        let purpose = Purpose { inline, partition: Some("aws"), account: Some(&self.id) };
        let reading = policy::read(document, &purpose);
        match reading.refusal() {
            _ if document.is_empty() => Err(validation(
                "Value at 'policyDocument' failed to satisfy constraint: Member must have length greater than or equal to 1",
            )),
            Some(fault) if fault.is_validation() => Err(validation(fault.iam.clone())),
            Some(fault) => Err(malformed(fault.iam.clone())),
            None => Ok(reading.size),
        }
    }
}
