//! Evidence: without it nothing can be removed.

use serde::{Deserialize, Serialize};

use super::entity::Owned;
use crate::domain::answers::GivenUp;

/// The proof that something may be removed: by their unique ids, the things on which it is done are the run's own, or are those
/// that a person confirmed. Sending compares the ids first.
///
/// Nobody outside the domain can make one out of thin air:
///
/// ```compile_fail
/// use iamwalk::domain::operation::{DeleteUser, Evidence};
/// let user = iamwalk::domain::name::UserName::new("somebody").unwrap();
/// let _ = DeleteUser { user, evidence: Evidence::ours(Vec::new()) };
/// ```
///
/// ```compile_fail
/// use iamwalk::domain::operation::{DeleteUser, Evidence};
/// let user = iamwalk::domain::name::UserName::new("somebody").unwrap();
/// let _ = DeleteUser { user, evidence: Evidence(Vec::new()) };
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence(Vec<Owned>);

impl Evidence {
    /// The ledger says that these are the run's own. None: the thing's own id, which stands in the call, is unique.
    pub(in crate::domain) fn ours(things: Vec<Owned>) -> Self {
        Self(things)
    }

    /// The person typed the name of this thing; `None` where the word is another.
    pub fn confirmed(thing: Owned, typed: &str) -> Option<Self> {
        let name = match &thing.entity {
            super::Entity::User(name) => name.as_str(),
            super::Entity::Group(name) => name.as_str(),
            super::Entity::Policy(arn) => arn.rsplit('/').next().unwrap_or(arn),
        };
        (name == typed).then(|| Self(vec![thing]))
    }

    /// The person chose this key of that user; one that may be in use only by typing its id. `None` where that is not so.
    pub(in crate::domain) fn of_key(user: Owned, key: &str, may_be_in_use: bool, given: &GivenUp) -> Option<Self> {
        let is_meant = given.key == key && (given.typed == key || !may_be_in_use);
        is_meant.then(|| Self(vec![user]))
    }

    /// A key of that user that this run has replaced by another, which is proven to work.
    pub(in crate::domain) fn of_replaced(user: Owned) -> Self {
        Self(vec![user])
    }

    /// The things whose ids are compared before anything is sent.
    pub fn things(&self) -> &[Owned] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::name::UserName;
    use crate::domain::operation::Entity;

    #[test]
    fn a_word_confirms_only_the_thing_that_it_names() {
        let bob = || Owned::new(Entity::User(UserName::new("bob").unwrap()), "AIDA1");
        assert_eq!(Evidence::confirmed(bob(), "bob").unwrap().things(), [bob()]);
        assert!(Evidence::confirmed(bob(), "Bob").is_none() && Evidence::confirmed(bob(), "").is_none());
        let policy = Owned::new(Entity::Policy("arn:aws:iam::111122223333:policy/team/Logs".to_owned()), "ANPA1");
        assert!(Evidence::confirmed(policy, "Logs").is_some());
    }
}
