//! Who uses a group or a policy, as undo has to know before it takes something away that others may use.
//!
//! In: what IAM lists for the thing now, what it listed when the run first read it, and what the run itself made. Out: those
//! who would lose something. Users are told apart by their unique ids: a newer user of the same name is somebody else.

use std::collections::BTreeSet;

/// What hangs together with a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UseKind {
    /// A user, group or role that has it, or is bounded by it.
    Entity,
    /// A user who has a policy through a group.
    Member,
    /// Something on the thing itself that keeps IAM from deleting it: a policy of a group, a version of a policy, a key of a
    /// user.
    Part,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    pub kind: UseKind,
    /// A user's, group's or role's unique id; a policy's ARN; a version's or key's id.
    pub id: String,
    /// In words: "the user amara".
    pub words: String,
}

impl Use {
    /// A user, group or role: `kind` is its word.
    pub fn entity(kind: &str, name: &str, id: &str) -> Self {
        Self { kind: UseKind::Entity, id: id.to_owned(), words: format!("the {kind} {name}") }
    }

    #[must_use]
    pub fn through_group(self) -> Self {
        Self { kind: UseKind::Member, ..self }
    }

    /// Something on the thing itself.
    pub fn part(id: &str, words: String) -> Self {
        Self { kind: UseKind::Part, id: id.to_owned(), words }
    }
}

/// The ids of all users, groups and roles among them.
pub fn entities(uses: &[Use]) -> Vec<String> {
    uses.iter().filter(|one| one.kind != UseKind::Part).map(|one| one.id.clone()).collect()
}

/// Those who would lose something: not the run's own, and not who had it before. Each once, in words.
pub fn others(uses: &[Use], own: &BTreeSet<String>) -> Vec<String> {
    let mut words: Vec<String> = uses.iter().filter(|one| !own.contains(&one.id)).map(|one| one.words.clone()).collect();
    words.sort();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runs_own_are_no_others() {
        let uses = [Use::entity("user", "a1", "AIDA1"), Use::entity("user", "a2", "AIDA2"), Use::entity("user", "a2", "AIDA2")];
        let own = BTreeSet::from(["AIDA1".to_owned()]);
        assert_eq!(others(&uses, &own), ["the user a2"]);
        assert_eq!(entities(&uses), ["AIDA1", "AIDA2", "AIDA2"]);
    }
}
