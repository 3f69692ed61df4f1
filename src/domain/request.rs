//! A request: complete and valid answers, and nothing else. Only a request becomes a plan.

use super::answers::{Access, Answers, Permissions, UserDetails};
use super::facts::{Existence, Fact, Facts};
use super::name::same_name;
use super::password::PasswordPolicy;
use super::tag::{TAGS_LIMIT, Tag};

/// The page on which a finding is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PageId {
    /// Which guide, and who calls.
    Walkthrough,
    /// Name and path.
    User,
    /// Key and console.
    Access,
    /// Groups and policies.
    Permissions,
    /// Tags.
    Tags,
}

/// A reason why the answers can't become a plan, or should be thought over, with the page that mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Where it is mended.
    pub page: PageId,
    /// What and why.
    pub words: String,
}

fn objection(page: PageId, words: impl Into<String>) -> Objection {
    Objection { page, words: words.into() }
}

/// Complete answers.
#[derive(Clone, Debug)]
pub struct Request {
    /// Name and path.
    pub user: UserDetails,
    /// Key and console.
    pub access: Access,
    /// Groups and policies.
    pub permissions: Permissions,
    /// Tags on the user.
    pub tags: Vec<Tag>,
}

/// The managed policy that lets users change their own password.
pub const CHANGE_PASSWORD: &str = "IAMUserChangePassword";

impl Request {
    /// Takes the answers that are complete.
    ///
    /// # Errors
    /// The first page that was not answered yet.
    pub fn of(answers: &Answers) -> Result<Self, PageId> {
        Ok(Self {
            user: answers.user.clone().ok_or(PageId::User)?,
            access: answers.access.clone().ok_or(PageId::Access)?,
            permissions: answers.permissions.clone().ok_or(PageId::Permissions)?,
            tags: answers.tags.clone().ok_or(PageId::Tags)?,
        })
    }

    /// Whether [`CHANGE_PASSWORD`] has to be attached: a forced reset without it locks the user out, unless the account lets
    /// all users change their password (IAM User Guide, `id_users_create`). Unknown counts as "has to".
    pub fn needs_change_password(&self, policy: Option<&PasswordPolicy>) -> bool {
        let reset = self.access.console.as_ref().is_some_and(|console| console.reset);
        reset
            && !policy.is_some_and(|p| p.users_may_change)
            && !self.permissions.attached.iter().any(|chosen| chosen.name == CHANGE_PASSWORD)
    }

    /// What stands against making this now, as far as the facts are known. "Could not be checked" is no objection.
    pub fn objections(&self, facts: &Facts) -> Vec<Objection> {
        let mut found = Vec::new();
        let name = self.user.name.as_str();
        let listed = facts.users.as_ref().is_some_and(|users| users.items.iter().any(|user| same_name(user, name)));
        let looked_up = facts.user.get(name).and_then(Fact::known) == Some(&Existence::Taken);
        if listed || looked_up {
            found.push(objection(PageId::User, format!("A user “{name}” exists already (names are compared ignoring case).")));
        }
        let quotas = facts.quotas();
        if quotas.users >= quotas.users_limit {
            found.push(objection(PageId::User, format!("The account holds {} users, its quota.", quotas.users)));
        }
        if let Some(group) = &self.permissions.new_group {
            let group = group.name.as_str();
            let listed = facts.groups.as_ref().is_some_and(|groups| groups.items.iter().any(|g| same_name(g, group)));
            let looked_up = facts.group.get(group).and_then(Fact::known) == Some(&Existence::Taken);
            if listed || looked_up {
                found.push(objection(
                    PageId::Permissions,
                    format!("A group “{group}” exists already: choose it from the list of groups, or type another name."),
                ));
            }
            if quotas.groups >= quotas.groups_limit {
                found.push(objection(PageId::Permissions, format!("The account holds {} groups, its quota.", quotas.groups)));
            }
        }
        let policy = facts.password_policy.as_ref().and_then(Fact::known);
        let attached = self.permissions.attached.len() + usize::from(self.needs_change_password(policy));
        if attached > quotas.policies_per_user {
            found.push(objection(
                PageId::Permissions,
                format!(
                    "{attached} policies would be attached to the user{}; the quota is {}. Put some on a group.",
                    if self.needs_change_password(policy) { " (with IAMUserChangePassword)" } else { "" },
                    quotas.policies_per_user
                ),
            ));
        }
        if let (Some(console), Some(policy)) = (&self.access.console, policy)
            && let Some(Err(words)) = console.own_password.as_ref().map(|own| policy.check(own.expose()))
        {
            found.push(objection(PageId::Access, words));
        }
        let description = self.access.key.as_ref().is_some_and(|key| key.description.is_some());
        if self.tags.len() + usize::from(description) > TAGS_LIMIT {
            found.push(objection(PageId::Tags, "50 tags are the limit, and the key's description is one of them."));
        }
        found
    }
}
