//! A request: complete and valid answers, and nothing else. Only a request becomes a plan.

use super::answers::{Access, Answers, Permissions, UserDetails};
use super::facts::{Fact, Facts};
use super::page::PageId;
use super::permissions::effective;
use super::tag::Tag;

/// Complete answers.
#[derive(Clone, Debug)]
pub struct Request {
    /// Name and path.
    pub user: UserDetails,
    /// Key and console.
    pub access: Access,
    /// Groups and policies.
    pub permissions: Permissions,
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
            user: answers.user().cloned().ok_or(PageId::User)?,
            access: answers.access().cloned().ok_or(PageId::Access)?,
            permissions: answers.permissions().cloned().ok_or(PageId::Permissions)?,
            tags: answers.tags().map(<[Tag]>::to_vec).ok_or(PageId::Tags)?,
        })
    }

    /// Whether [`CHANGE_PASSWORD`] has to be attached: a forced reset without it locks the user out, unless the account lets
    /// all users change their password (IAM User Guide, `id_users_create`). Unknown counts as "has to".
    pub fn needs_change_password(&self, facts: &Facts) -> bool {
        let reset = self.access.console.as_ref().is_some_and(|console| console.reset);
        reset
            && !facts.password_policy().and_then(Fact::into_known).is_some_and(|policy| policy.users_may_change)
            && !effective(&self.permissions, facts).attached.iter().any(|chosen| chosen.name == CHANGE_PASSWORD)
    }
}
