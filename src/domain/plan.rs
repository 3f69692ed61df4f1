//! The plan: every effect of a request, in an order in which it can run. Review, progress, undo and the short account at
//! the end are views of this one value.

use serde::{Deserialize, Serialize};

use super::answers::{ConsoleChange, ConsoleWish, GivenUp, InlinePolicy, NewPolicy, OldKey, PolicyChoice, PolicyUse, Rotation};
use super::caller::Caller;
use super::document::same_document;
use super::facts::{Fact, Facts, KeyHolder, KeyPlace, PolicySight};
use super::name::{Path, PolicyName, UserName};
use super::operation::{
    AddUserToGroup, AttachGroupPolicy, AttachUserPolicy, CreateAccessKey, CreateGroup, CreateLoginProfile, CreatePolicy,
    CreatePolicyVersion, CreateUser, DeleteAccessKey, DeleteLoginProfile, DescribeAccessKey, Described, Entity, Evidence, KeyRef,
    KeyStatus, Operation, Owned, ProveAccessKey, PutUserPolicy, SaveProfile, SecretKind, Through, UpdateAccessKey,
    UpdateLoginProfile, UpdateServiceSpecificCredential, UpdateSigningCertificate, UpdateSshPublicKey,
};
use super::permissions::effective;
use super::request::{CHANGE_PASSWORD, Request};
use super::secret::{Secret, SecretId, Vault};
use super::step::Step;
use super::step_id::{StepId, SubjectId};
use super::users::{OtherCredential, OtherKind};

/// Somebody whom a plan is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Subject {
    pub user: UserName,
    /// What is known of a user that was there before; `None` where the plan makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub existing: Option<Existing>,
}

/// A user that was there before the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Existing {
    /// `AIDA…`; it is compared before each call on the user.
    pub id: String,
    pub path: Path,
}

impl Subject {
    pub fn existing(holder: &KeyHolder) -> Self {
        let existing = Existing { id: holder.id.clone(), path: holder.path.clone() };
        Self { user: holder.user.clone(), existing: Some(existing) }
    }

    /// The user as it is known by its id; `None` where the plan makes it.
    pub fn owned(&self) -> Option<Owned> {
        let existing = self.existing.as_ref()?;
        Some(Owned::new(Entity::User(self.user.clone()), existing.id.clone()))
    }
}

/// How everything is denied to a user: policies are looked at with each request, those of open sessions too (IAM User Guide,
/// "Policy evaluation logic").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deny {
    /// By a managed policy.
    Attached(PolicyChoice),
    /// By an inline policy of this name, where no further one can be attached.
    Inline(PolicyName),
}

const DENY_ALL: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;

/// Which step brings which secret for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Yield {
    /// The step; the vault holds the secret under it.
    pub step: StepId,
    pub subject: SubjectId,
    pub kind: SecretKind,
}

/// The steps of a task, and whom they are about. Made by [`Plan::of`], and read back from a journal by [`Plan::restored`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    subjects: Vec<Subject>,
    steps: Vec<Step>,
}

impl Plan {
    /// Plans a request for this caller's account, as far as the facts are known: what already exists is used.
    pub fn of(request: &Request, caller: &Caller, facts: &Facts) -> Self {
        let subject = Subject { user: request.user.name.clone(), existing: None };
        let mut plan = Self { subjects: vec![subject], steps: Vec::new() };
        let (user, chosen) = (&request.user.name, &request.permissions);
        let all = effective(chosen, facts);
        // Each new policy with the step that makes it; none where the account has it.
        let made: Vec<_> = chosen.policies.iter().map(|new| (new, plan.make_policy(new, caller, facts))).collect();
        let used = |wanted: PolicyUse| made.iter().filter(move |(new, _)| new.used == wanted).map(|(_, made)| made);
        let (boundary, bounding) = match used(PolicyUse::Boundary).next() {
            Some((policy, step)) => (Some(policy.clone()), step.iter().copied().collect()),
            None => (all.boundary, vec![]),
        };
        let (path, tags) = (request.user.path.clone(), request.tags.clone());
        let made_user = plan.add(CreateUser { user: user.clone(), path, tags, boundary }, bounding);
        if let Some(new) = &chosen.new_group {
            let group = &new.name;
            let made_group: Vec<StepId> =
                if facts.has_group(group) { vec![] } else { vec![plan.add(CreateGroup { group: group.clone() }, vec![])] };
            let existing = new.policies.iter().map(|policy| (policy.clone(), None));
            // The user joins a group that is whole: another run that meets the group with a user in it has nothing to add.
            let mut whole = made_group.clone();
            for (policy, step) in used(PolicyUse::Group).cloned().chain(existing) {
                let needs = made_group.iter().copied().chain(step).collect();
                whole.push(plan.add(AttachGroupPolicy { group: group.clone(), policy }, needs));
            }
            let needs = std::iter::once(made_user).chain(whole).collect();
            plan.add(AddUserToGroup { user: user.clone(), group: group.clone() }, needs);
        }
        for group in all.groups {
            plan.add(AddUserToGroup { user: user.clone(), group }, vec![made_user]);
        }
        let existing = all.attached.into_iter().map(|policy| (policy, None));
        for (policy, step) in used(PolicyUse::User).cloned().chain(existing) {
            plan.add(AttachUserPolicy { user: user.clone(), policy }, std::iter::once(made_user).chain(step).collect());
        }
        for InlinePolicy { name, document } in all.inline {
            plan.add(PutUserPolicy { user: user.clone(), name, document }, vec![made_user]);
        }
        if request.needs_change_password(facts) {
            plan.attach_change_password(user, caller, vec![made_user]);
        }
        if let Some(console) = &request.access.console {
            plan.add(CreateLoginProfile { user: user.clone(), reset: console.reset }, vec![made_user]);
        }
        if let Some(key) = &request.access.key {
            plan.add_key(user, key.description.as_ref());
        }
        plan
    }

    /// A key for a user that exists; the one that is given up for it is deactivated first, and deleted as the last step before.
    /// `None` where that one is not there, or may be in use and its id was not typed.
    pub fn of_key(holder: &KeyHolder, given_up: Option<&GivenUp>, description: Option<&String>) -> Option<Self> {
        let mut plan = Self { subjects: vec![Subject::existing(holder)], steps: Vec::new() };
        if let Some(given) = given_up {
            plan.give_up(holder, given)?;
        }
        plan.add_key(&holder.user, description);
        Some(plan)
    }

    /// Deactivates a key, and deletes it. `None` where it is not there, or may be in use and its id was not typed.
    fn give_up(&mut self, holder: &KeyHolder, given: &GivenUp) -> Option<StepId> {
        let seen = holder.key(&given.key)?;
        let owned = Subject::existing(holder).owned()?;
        let evidence = Evidence::of_key(owned, &seen.id, seen.may_be_in_use(), given)?;
        let (user, key) = (holder.user.clone(), seen.id.clone());
        let off = UpdateAccessKey { user: user.clone(), key: key.clone(), status: KeyStatus::Inactive };
        let needs = match seen.status {
            KeyStatus::Active => vec![self.add(off, vec![])],
            KeyStatus::Inactive => vec![],
        };
        Some(self.add(DeleteAccessKey { user, key, evidence }, needs))
    }

    /// Console access of a user that exists. `may_change`: the account lets its users change their passwords. `None` where the name that
    /// was typed to take it away is another.
    pub fn of_console(holder: &KeyHolder, change: &ConsoleChange, caller: &Caller, may_change: bool) -> Option<Self> {
        let (subject, user) = (Subject::existing(holder), holder.user.clone());
        let owned = subject.owned();
        let mut plan = Self { subjects: vec![subject], steps: Vec::new() };
        let lets_change = |plan: &mut Self, wish: &ConsoleWish| {
            let needs = wish.reset && !may_change;
            needs.then(|| plan.attach_change_password(&user, caller, vec![])).into_iter().collect::<Vec<_>>()
        };
        match change {
            ConsoleChange::Give(wish) => {
                let needs = lets_change(&mut plan, wish);
                plan.add(CreateLoginProfile { user: user.clone(), reset: wish.reset }, needs);
            }
            ConsoleChange::Replace(wish) => {
                let needs = lets_change(&mut plan, wish);
                plan.add(UpdateLoginProfile { user: user.clone(), reset: wish.reset }, needs);
            }
            ConsoleChange::TakeAway { typed } => {
                let evidence = Evidence::confirmed(owned?, typed)?;
                plan.add(DeleteLoginProfile { user, created: None, evidence }, vec![]);
            }
        }
        Some(plan)
    }

    /// A second key in the place of one: made, proven, saved in each of the profiles and proven through it; then the old one goes.
    /// `None` where that key is not there, or may not go so.
    pub fn of_rotation(holder: &KeyHolder, wish: &Rotation, places: &[KeyPlace]) -> Option<Self> {
        let (subject, user) = (Subject::existing(holder), holder.user.clone());
        let owned = subject.owned()?;
        let old = holder.key(&wish.key)?;
        let mut plan = Self { subjects: vec![subject], steps: Vec::new() };
        if let Some(given) = &wish.gives_up {
            plan.give_up(holder, given)?;
        }
        plan.add_key(&user, None);
        let made = plan.steps.last()?.id;
        let key = KeyRef::MadeBy(made);
        let proof = |through| ProveAccessKey { user: user.clone(), key: key.clone(), through };
        let mut last = plan.add(proof(None), vec![made]);
        for place in places.iter().filter(|place| wish.profiles.contains(&place.profile)) {
            let (profile, replaces) = (place.profile.clone(), old.id.clone());
            let save = SaveProfile { user: user.clone(), key: key.clone(), profile: profile.clone(), replaces };
            last = plan.add(save, vec![made, last]);
            last = plan.add(proof(Some(Through::Profile(profile.clone()))), vec![made, last]);
            for role in place.roles.iter().filter(|role| !role.asks_for_code) {
                let through = Through::RoleOf { profile: role.profile.clone(), source: profile.clone() };
                last = plan.add(proof(Some(through)), vec![made, last]);
            }
        }
        if old.status == KeyStatus::Active {
            let off = UpdateAccessKey { user: user.clone(), key: old.id.clone(), status: KeyStatus::Inactive };
            last = plan.add(off, vec![made, last]);
            plan.steps[last.0].later = wish.old_key == OldKey::Leave;
        }
        let gone = DeleteAccessKey { user, key: old.id.clone(), evidence: Evidence::of_replaced(owned) };
        let gone = plan.add(gone, vec![made, last]);
        plan.steps[gone.0].later = wish.old_key != OldKey::Delete;
        Some(plan)
    }

    /// All that lets a user in, stopped: everything denied first, then each key and other credential made inactive, then the
    /// password deleted. `None` where another name was typed.
    pub fn of_revocation(
        holder: &KeyHolder,
        deny: Option<Deny>,
        others: &[OtherCredential],
        has_password: bool,
        typed: &str,
    ) -> Option<Self> {
        let (subject, user) = (Subject::existing(holder), holder.user.clone());
        let evidence = Evidence::confirmed(subject.owned()?, typed)?;
        let mut plan = Self { subjects: vec![subject], steps: Vec::new() };
        let denied = match deny {
            None => Vec::new(),
            Some(Deny::Attached(policy)) => vec![plan.add(AttachUserPolicy { user: user.clone(), policy }, vec![])],
            Some(Deny::Inline(name)) => {
                vec![plan.add(PutUserPolicy { user: user.clone(), name, document: DENY_ALL.to_owned() }, vec![])]
            }
        };
        for key in &holder.keys {
            let off = UpdateAccessKey { user: user.clone(), key: key.id.clone(), status: KeyStatus::Inactive };
            plan.add(off, denied.clone());
        }
        for other in others {
            let (user, id, status) = (user.clone(), other.id.clone(), KeyStatus::Inactive);
            match other.kind {
                OtherKind::SshKey => plan.add(UpdateSshPublicKey { user, id, status }, denied.clone()),
                OtherKind::Certificate => plan.add(UpdateSigningCertificate { user, id, status }, denied.clone()),
                OtherKind::OfService(_) => plan.add(UpdateServiceSpecificCredential { user, id, status }, denied.clone()),
            };
        }
        if has_password {
            let all = plan.steps.iter().map(|step| step.id).collect();
            plan.add(DeleteLoginProfile { user, created: None, evidence }, all);
        }
        Some(plan)
    }

    /// A key that may be in other hands, deactivated. `None` where the user does not have it.
    pub fn of_found_key(holder: &KeyHolder, key: &str) -> Option<Self> {
        let mut plan = Self { subjects: vec![Subject::existing(holder)], steps: Vec::new() };
        let key = holder.key(key)?.id.clone();
        plan.add(UpdateAccessKey { user: holder.user.clone(), key, status: KeyStatus::Inactive }, vec![]);
        Some(plan)
    }

    fn attach_change_password(&mut self, user: &UserName, caller: &Caller, needs: Vec<StepId>) -> StepId {
        let policy = PolicyChoice { name: CHANGE_PASSWORD.to_owned(), arn: caller.partition.managed_policy(CHANGE_PASSWORD) };
        self.add(AttachUserPolicy { user: user.clone(), policy }, needs)
    }

    /// The key is the last step of its user that may stop a run: a failure before it leaves no secret that somebody must receive.
    /// It waits for the user's own steps and for those that all share, and for nobody else's.
    fn add_key(&mut self, user: &UserName, description: Option<&String>) {
        let own = self.subject_named(user);
        let waits_for = |step: &&Step| step.subject.is_none() || step.subject == own;
        let needs = self.steps.iter().filter(waits_for).map(|step| step.id).collect();
        let key = self.add(CreateAccessKey { user: user.clone() }, needs);
        if let Some(description) = description {
            let (user, description) = (user.clone(), description.clone());
            let described = self.add(DescribeAccessKey { user, key: KeyRef::MadeBy(key), description }, vec![key]);
            self.steps[described.0].stops = false;
        }
    }

    /// The steps that a new policy needs: none where the account has the same, a new version where it has another.
    fn make_policy(&mut self, new: &NewPolicy, caller: &Caller, facts: &Facts) -> (PolicyChoice, Option<StepId>) {
        let policy = PolicyChoice { name: new.name.to_string(), arn: facts.arn_of(new, caller) };
        let document = new.document.clone();
        let operation: Operation = match facts.policy(&policy.arn).and_then(Fact::into_known) {
            Some(PolicySight::There(there)) if same_document(&there.document, &document) => return (policy, None),
            Some(PolicySight::There(there)) => {
                CreatePolicyVersion { policy: policy.clone(), document, before: there.version.clone() }.into()
            }
            _ => CreatePolicy { policy: policy.clone(), description: new.description.clone(), document, tags: new.tags.clone() }
                .into(),
        };
        let step = self.add(operation, vec![]);
        (policy, Some(step))
    }

    /// The plan of an earlier run, as its journal has it; `None` where a step would need a later one, or is about nobody.
    pub fn restored(subjects: Vec<Subject>, steps: Vec<Step>) -> Option<Self> {
        let sound = |(i, step): (usize, &Step)| {
            let is_of_somebody = step.subject.is_none_or(|subject| subject.0 < subjects.len());
            step.id == StepId(i) && step.needs.iter().all(|need| need.0 < i) && is_of_somebody
        };
        steps.iter().enumerate().all(sound).then_some(Self { subjects, steps })
    }

    /// Whom it is about.
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// Whom a step is about; `None` for what all share.
    pub fn subject(&self, step: &Step) -> Option<&Subject> {
        self.subjects.get(step.subject?.0)
    }

    fn subject_named(&self, user: &UserName) -> Option<SubjectId> {
        self.subjects.iter().position(|subject| subject.user == *user).map(SubjectId)
    }

    /// The user whom it is about, where that is one.
    pub fn user(&self) -> Option<&UserName> {
        self.subjects.first().map(|subject| &subject.user)
    }

    fn add(&mut self, operation: impl Into<Operation>, needs: Vec<StepId>) -> StepId {
        let (id, operation) = (StepId(self.steps.len()), operation.into());
        let subject = operation.user().and_then(|user| self.subject_named(&user));
        self.steps.push(Step { id, operation, subject, needs, stops: true, later: false });
        id
    }

    /// The steps, each after all that it needs.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.get(id.0)
    }

    /// The path of a user, whether the plan makes it or it was there.
    pub fn path_of(&self, entity: &Entity) -> Option<Path> {
        let made = self.steps.iter().find_map(|step| match &step.operation {
            Operation::CreateUser(create) if create.target() == *entity => Some(create.path.clone()),
            _ => None,
        });
        let existing = || {
            let subject = self.subjects.iter().find(|subject| Entity::User(subject.user.clone()) == *entity)?;
            subject.existing.as_ref().map(|existing| existing.path.clone())
        };
        made.or_else(existing)
    }

    /// The steps that bring a secret, each with whom it is for.
    pub fn yields(&self) -> impl Iterator<Item = Yield> {
        let brings = |step: &Step| Some(Yield { step: step.id, subject: step.subject?, kind: step.operation.brings()? });
        self.steps.iter().filter_map(brings)
    }

    /// The first step that brings such a secret.
    pub fn yielding(&self, kind: SecretKind) -> Option<StepId> {
        self.yields().find(|one| one.kind == kind).map(|one| one.step)
    }

    /// The steps that need this one and whose failure is only a note: the description of a key goes with the key.
    pub fn noted_after(&self, id: StepId) -> impl Iterator<Item = StepId> {
        self.steps.iter().filter(move |step| !step.stops && step.needs.contains(&id)).map(|step| step.id)
    }

    /// Puts the person's own password where the step that sends it will look. What an earlier plan's steps left there goes:
    /// an old password must not be taken for a generated one.
    pub fn store_own_password(&self, own_password: Option<&Secret>, vault: &Vault) {
        self.forget_secrets(vault);
        if let (Some(step), Some(own)) = (self.yielding(SecretKind::Password), own_password) {
            vault.put(SecretId::Of(step), own.clone());
        }
    }

    /// Wipes what its steps have left in the vault, or those of an earlier plan under the same numbers.
    pub fn forget_secrets(&self, vault: &Vault) {
        self.steps.iter().for_each(|step| vault.forget(SecretId::Of(step.id)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::name::GroupName;

    /// Of a class, a key waits for its own user's steps and for those that all share.
    #[test]
    fn a_key_waits_for_its_own_user_and_for_what_all_share() {
        let user = |name: &str| UserName::new(name).unwrap();
        let subject = |name: &str| Subject { user: user(name), existing: None };
        let mut plan = Plan { subjects: vec![subject("ann"), subject("bob")], steps: Vec::new() };
        let group = GroupName::new("class").unwrap();
        let shared = plan.add(CreateGroup { group: group.clone() }, vec![]);
        let made = ["ann", "bob"].map(|name| {
            let create = CreateUser { user: user(name), path: Path::new("/").unwrap(), tags: Vec::new(), boundary: None };
            let made = plan.add(create, vec![]);
            plan.add(AddUserToGroup { user: user(name), group: group.clone() }, vec![made, shared]);
            made
        });
        for (name, own) in [("ann", made[0]), ("bob", made[1])] {
            plan.add_key(&user(name), None);
            let key = plan.steps.last().unwrap();
            assert_eq!(key.needs, [shared, own, StepId(own.0 + 1)], "{name}");
        }
    }
}
