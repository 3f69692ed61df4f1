//! What undo leaves, since others use it. The run's own users are no others; neither is who had a found thing when the run first
//! read it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Ledger, Pause, StepState, UndoMove};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::operation::{Entity, Made, Operation, Owned};
use crate::domain::step::Step;
use crate::domain::step_id::StepId;
use crate::domain::usage::{Use, UseKind, others};

/// How often IAM may refuse to delete a thing that nobody is seen to use.
const CONFLICTS: u32 = 4;

impl Ledger {
    /// The things that have to be checked before anything of them is undone, each with a step on it.
    fn shared_things(&self) -> Vec<(StepId, Owned)> {
        let mut things: Vec<(StepId, Owned)> = Vec::new();
        for step in self.plan.steps().iter().filter(|step| self.is_to_be_undone(step.id)) {
            let thing = self.shared_thing(step).filter(|thing| things.iter().all(|(_, known)| known.id != thing.id));
            things.extend(thing.map(|thing| (step.id, thing)));
        }
        things
    }

    /// The group or policy that a step makes or changes, as far as its id is known.
    fn shared_thing(&self, step: &Step) -> Option<Owned> {
        let entry = self.entries.get(step.id.0)?;
        let is_shared = match step.operation.target() {
            Entity::Group(_) | Entity::Policy(_) => true,
            // What a user has besides matters only where IAM refuses to delete it.
            Entity::User(_) => step.operation.makes_entity() && entry.conflicts > 0,
        };
        let made = entry.made.as_ref().unwrap_or(&Made::Link);
        self.owned_by(step, made).into_iter().next().filter(|_| is_shared)
    }

    fn is_to_be_undone(&self, id: StepId) -> bool {
        self.entries.get(id.0).is_some_and(|entry| match entry.state {
            StepState::Done(_) => true,
            StepState::Waiting | StepState::Unclear(_) => entry.doubt.maybe_applied,
            _ => false,
        })
    }

    /// The next thing that undo has to check.
    pub(super) fn next_survey(&self) -> Option<UndoMove> {
        let open = self.shared_things().into_iter().find(|(_, thing)| !self.usage.contains_key(&thing.id));
        open.map(|(step, thing)| UndoMove::Survey(step, thing))
    }

    /// Takes who uses a thing. When it is to be checked again after a pause, the pause.
    pub fn surveyed(&mut self, id: StepId, thing: &Owned, answer: Result<Vec<Use>, Fault>, jitter: u32) -> Option<Duration> {
        let entry = self.entries.get_mut(id.0)?;
        entry.pause = None;
        if let Err(fault) = &answer {
            entry.tries += 1;
            let pause = Pause::before_retry(fault, entry.tries, false).map(|pause| pause.with_jitter(jitter));
            entry.pause.clone_from(&pause);
            if let Some(pause) = pause {
                return Some(pause.lasts);
            }
        }
        entry.tries = 0;
        self.usage.insert(thing.id.clone(), answer);
        if self.next_survey().is_none() {
            self.keep();
        }
        None
    }

    /// Looks at everything once more before the first call: the person may have thought for long. What was to stay stays.
    pub fn look_again(&mut self) {
        self.usage.clear();
    }

    /// Marks what stays.
    fn keep(&mut self) {
        let users = self.entries.iter().filter_map(|entry| match &entry.made {
            Some(Made::User { id, .. }) => Some(id.clone()),
            _ => None,
        });
        let own: BTreeSet<String> = users.collect();
        let steps: Vec<Step> = self.plan.steps().iter().filter(|step| self.is_to_be_undone(step.id)).cloned().collect();
        // Groups first: a policy that is attached to a group that stays, stays with it.
        for step in &steps {
            self.keep_group(step, &own);
        }
        for step in &steps {
            let Entity::Policy(policy) = step.operation.target() else { continue };
            let before = self.entries.get(step.id.0).map(|entry| entry.users_before.clone()).unwrap_or_default();
            let known = own.iter().cloned().chain(before).chain(self.groups_that_lose(&policy)).collect();
            self.keep_if_used(step, &known, matches!(step.operation, Operation::CreatePolicy(_)));
            self.leave_with_its_group(step);
        }
        for step in steps.iter().filter(|step| matches!(step.operation, Operation::CreateUser(_))) {
            self.leave_user(step);
        }
    }

    /// A policy that is on a group of the run that could not be checked can't be deleted either.
    fn leave_with_its_group(&mut self, step: &Step) {
        let is_made = matches!(step.operation, Operation::CreatePolicy(_)) && self.is_to_be_undone(step.id);
        let Some(Ok(uses)) = self.shared_thing(step).filter(|_| is_made).and_then(|policy| self.usage.get(&policy.id)) else {
            return;
        };
        let fault = self.plan.steps().iter().find_map(|group| {
            let StepState::UndoFailed(fault) = self.state(group.id)? else { return None };
            let id = self.shared_thing(group)?;
            uses.iter().any(|one| one.id == id.id).then(|| fault.clone())
        });
        if let (Some(fault), Some(entry)) = (fault, self.entries.get_mut(step.id.0)) {
            entry.state = StepState::UndoFailed(fault);
        }
    }

    /// The ids of the groups from which this undo takes a policy, or which it deletes.
    fn groups_that_lose(&self, arn: &str) -> Vec<String> {
        let loses = |step: &&Step| match &step.operation {
            Operation::CreateGroup(_) => true,
            Operation::AttachGroupPolicy(attach) => attach.policy.arn == arn,
            _ => false,
        };
        // One that could not be checked is the run's own anyway.
        let goes = |step: &&Step| {
            let state = self.state(step.id);
            self.is_to_be_undone(step.id) || matches!(state, Some(StepState::Undone | StepState::UndoFailed(_)))
        };
        let steps = self.plan.steps().iter().filter(loses).filter(goes);
        steps.filter_map(|step| self.shared_thing(step)).map(|group| group.id.clone()).collect()
    }

    /// A user that IAM did not delete, since it has something that the run did not make.
    fn leave_user(&mut self, step: &Step) {
        let Some(Ok(uses)) = self.shared_thing(step).and_then(|user| self.usage.get(&user.id)) else { return };
        let has = others(uses, &BTreeSet::new());
        if has.is_empty() {
            return;
        }
        let user = step.operation.target().words();
        let words = format!("{user} still has {}. Remove that, then undo again.", has.join(", "));
        if let Some(entry) = self.entries.get_mut(step.id.0) {
            entry.state = StepState::UndoFailed(Fault::local(words));
        }
    }

    /// A group that the run made stays whole; of one that it found only what the run attached.
    fn keep_group(&mut self, step: &Step, own: &BTreeSet<String>) {
        if !matches!(step.operation.target(), Entity::Group(_)) || !self.is_to_be_undone(step.id) {
            return;
        }
        let before = self.entries.get(step.id.0).map(|entry| (entry.before.is_some(), entry.users_before.clone()));
        let (is_found, before) = before.unwrap_or_default();
        let attached = self.plan.steps().iter().filter_map(|other| match &other.operation {
            Operation::AttachGroupPolicy(attach) if other.operation.target() == step.operation.target() => {
                Some(attach.policy.arn.clone())
            }
            _ => None,
        });
        let known: BTreeSet<String> = own.iter().cloned().chain(before).chain(attached).collect();
        self.keep_if_used(step, &known, !is_found);
    }

    /// Marks a step whose thing others use than these. Of what the run made `whole`, what is attached to the thing itself counts as well,
    /// and it is the groups that have it, not their users.
    fn keep_if_used(&mut self, step: &Step, known: &BTreeSet<String>, whole: bool) {
        let Some(thing) = self.shared_thing(step) else { return };
        let is_policy = matches!(step.operation, Operation::CreatePolicy(_));
        let state = match self.usage.get(&thing.id) {
            Some(Ok(uses)) => {
                let passes = if whole { UseKind::Member } else { UseKind::Part };
                let uses: Vec<Use> = uses.iter().filter(|one| one.kind != passes).cloned().collect();
                let others = others(&uses, known);
                (!others.is_empty()).then_some(StepState::Kept(others))
            }
            // IAM itself deletes no policy that is used.
            Some(Err(fault)) if is_policy && fault.kind == FaultKind::Denied => None,
            Some(Err(fault)) => Some(StepState::UndoFailed(fault.clone())),
            None => None,
        };
        if let (Some(state), Some(entry)) = (state, self.entries.get_mut(step.id.0)) {
            entry.state = state;
        }
    }

    /// Who uses the group that a step made, where that is why it stays.
    fn group_stays(&self, step: &Step) -> Option<&StepState> {
        let made = self.plan.steps().iter().find(|made| {
            matches!(made.operation, Operation::CreateGroup(_)) && made.operation.target() == step.operation.target()
        })?;
        self.state(made.id).filter(|state| matches!(state, StepState::Kept(_)))
    }

    /// What this undo has detached from a group that stays after all: it is attached again.
    pub(super) fn next_again(&self) -> Option<UndoMove> {
        let again = |step: &&Step| self.entries[step.id.0].detached && self.group_stays(step).is_some();
        self.plan.steps().iter().find(again).map(|step| UndoMove::Again(step.id))
    }

    /// Takes the answer to an attachment that was made again. When that is to be tried again after a pause, the pause.
    pub fn attached_again(&mut self, id: StepId, answer: Result<Made, Fault>, jitter: u32) -> Option<Duration> {
        let stays = self.plan.step(id).and_then(|step| self.group_stays(step)).cloned();
        let entry = self.entries.get_mut(id.0)?;
        match answer {
            Ok(made) => {
                entry.done(made);
                entry.detached = false;
                entry.state = stays.unwrap_or_else(|| entry.state.clone());
                None
            }
            Err(fault) => {
                entry.tries += 1;
                entry.pause = Pause::before_retry(&fault, entry.tries, false).map(|pause| pause.with_jitter(jitter));
                if entry.pause.is_none() {
                    (entry.detached, entry.state) = (false, StepState::Failed(fault));
                }
                entry.pause.as_ref().map(|pause| pause.lasts)
            }
        }
    }

    /// IAM refuses to delete a thing: somebody uses it, or what was just removed still counts. The first time it is looked at
    /// once more at once, later after a pause.
    pub(super) fn conflicted(&mut self, id: StepId, fault: Fault, jitter: u32) -> Option<Duration> {
        let entry = self.entries.get_mut(id.0)?;
        entry.conflicts += 1;
        let conflicts = entry.conflicts;
        if conflicts > CONFLICTS {
            entry.state = StepState::UndoFailed(fault);
            return None;
        }
        if conflicts > 1 {
            entry.pause = Some(Pause::before_deleting(&fault).with_jitter(jitter));
        }
        let lasts = entry.pause.as_ref().map(|pause| pause.lasts);
        if let Some(thing) = self.plan.step(id).and_then(|step| self.shared_thing(step)) {
            self.usage.remove(&thing.id);
        }
        lasts
    }

    /// What stays since others use it, in words, with the calls that would undo it; in the order of removal.
    pub fn kept(&self) -> Vec<(String, String)> {
        let rows = self.plan.steps().iter().zip(&self.entries).rev();
        rows.filter_map(|(step, entry)| Some((step.operation.words(), entry.state.reason()?))).collect()
    }

    /// Whether a thing that stays is used by nobody any more who did not use it before the run.
    pub fn is_free(&self, thing: &Owned, uses: &[Use]) -> bool {
        let steps = self.plan.steps().iter().zip(&self.entries);
        let on_it = steps.filter(|(step, _)| self.shared_thing(step).as_ref() == Some(thing));
        let before: BTreeSet<&String> = on_it.flat_map(|(_, entry)| &entry.users_before).collect();
        uses.iter().all(|one| one.kind == UseKind::Part || before.contains(&one.id))
    }

    pub fn kept_things(&self) -> Vec<Owned> {
        let mut things: Vec<Owned> = Vec::new();
        for step in self.plan.steps().iter().filter(|step| matches!(self.state(step.id), Some(StepState::Kept(_)))) {
            things.extend(self.shared_thing(step).filter(|thing| !things.contains(thing)));
        }
        things
    }
}
