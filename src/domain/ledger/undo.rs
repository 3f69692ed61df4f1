//! Undo: serial, from the last step to the first, only what this run made, and only while that is still the run's own.

use std::time::Duration;

use super::{LOOKS, Ledger, Pause, StepState, UndoMove};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::step::{Action, Made, Owned, Step};
use crate::domain::step_id::StepId;
use crate::domain::undo::Undo;

impl Ledger {
    /// What undo does next: it looks who uses what, then the last step that may still be there, and so on back to the first.
    /// `None` when it is through.
    pub fn next_undo(&self) -> Option<UndoMove> {
        let last = || (0..self.entries.len()).rev().find_map(|index| self.undo_move(StepId(index)));
        self.next_survey().or_else(|| self.next_again()).or_else(last)
    }

    /// The same among these steps alone.
    pub fn next_undo_among(&self, steps: &[StepId]) -> Option<UndoMove> {
        (0..self.entries.len()).rev().map(StepId).filter(|id| steps.contains(id)).find_map(|id| self.undo_move(id))
    }

    fn undo_move(&self, id: StepId) -> Option<UndoMove> {
        let (entry, step) = (self.entries.get(id.0)?, self.plan.step(id)?);
        let made = match &entry.state {
            StepState::Done(made) => made,
            StepState::Unclear(_) | StepState::Waiting if !entry.may_be => return None,
            StepState::Unclear(_) | StepState::Waiting if step.action.is_create() => return Some(UndoMove::Look(id)),
            StepState::Unclear(_) | StepState::Waiting => &Made::Link,
            _ => return None,
        };
        // A key's id is unique by itself.
        let by_key = matches!(step.action, Action::CreateAccessKey { .. } | Action::DescribeAccessKey { .. });
        let owned = if by_key { Vec::new() } else { self.owned_by(step, made) };
        Some(UndoMove::Call(id, self.undo_of(step, made)?, owned))
    }

    /// The run's own things that a step makes or changes, as far as their ids are known.
    pub(super) fn owned_by(&self, step: &Step, made: &Made) -> Vec<Owned> {
        let entity = |own: &Step| {
            let of = match own.id == step.id {
                true => Some(made),
                false => self.entries.get(own.id.0)?.made.as_ref(),
            };
            match (&own.action, of?) {
                (Action::CreateUser { user, .. }, Made::User { id, .. }) if step.action.user() == Some(user) => {
                    Some(Owned::User { name: user.to_string(), id: id.clone() })
                }
                (Action::CreateGroup { group }, Made::Group { id }) if step.action.group() == Some(group) => {
                    Some(Owned::Group { name: group.to_string(), id: id.clone() })
                }
                (Action::CreatePolicy { policy, .. }, Made::Policy { id }) if step.action.policy() == Some(policy) => {
                    Some(Owned::Policy { arn: policy.arn.clone(), id: id.clone() })
                }
                _ => None,
            }
        };
        let mut owned: Vec<Owned> = self.plan.steps().iter().filter_map(entity).collect();
        owned.extend(self.entries.get(step.id.0).and_then(|entry| entry.before.clone()));
        owned
    }

    /// Takes the answer to an undo call. When the call is to be made again after a pause, the pause.
    pub fn undone(&mut self, id: StepId, answer: Result<(), Fault>, jitter: u32) -> Option<Duration> {
        let entry = self.entries.get_mut(id.0)?;
        entry.pause = None;
        match answer {
            Ok(()) => {
                entry.may_be = false;
                entry.state = StepState::Undone;
                entry.detached = matches!(self.plan.step(id).map(|step| &step.action), Some(Action::AttachGroupPolicy { .. }));
                self.gone_with(id);
                None
            }
            // Not there: as good as gone, unless IAM only does not show yet what this very run has made.
            Err(fault) if fault.kind == FaultKind::NotFound && (entry.is_old || entry.looks + 1 >= LOOKS) => {
                self.not_found = true;
                self.undone(id, Ok(()), jitter)
            }
            Err(fault) if fault.kind == FaultKind::Conflict => self.conflicted(id, fault, jitter),
            Err(fault) => {
                entry.tries += 1;
                entry.looks += u32::from(fault.kind == FaultKind::NotFound);
                let pause = Pause::before_undo(&fault, entry.tries).map(|pause| pause.with_jitter(jitter));
                entry.pause.clone_from(&pause);
                if pause.is_none() {
                    entry.state = StepState::UndoFailed(fault);
                }
                pause.map(|pause| pause.lasts)
            }
        }
    }

    /// What could not be looked at can't be taken back either.
    pub fn undo_given_up(&mut self, id: StepId) {
        if let Some(entry) = self.entries.get_mut(id.0)
            && let StepState::Unclear(fault) = &entry.state
        {
            entry.state = StepState::UndoFailed(fault.clone());
        }
    }

    /// What hung on something that is gone is gone with it: IAM deletes nothing that something still hangs on.
    fn gone_with(&mut self, id: StepId) {
        let Some(gone) = self.plan.step(id).map(|step| &step.action).filter(|action| action.makes_entity()) else { return };
        for (entry, step) in self.entries.iter_mut().zip(self.plan.steps()) {
            if gone.shares_entity(&step.action) && matches!(entry.state, StepState::UndoFailed(_) | StepState::Unclear(_)) {
                entry.state = StepState::Undone;
                entry.may_be = false;
            }
        }
    }

    /// Lets a step that was taken back be made anew.
    pub fn renew(&mut self, id: StepId) {
        if let Some(entry) = self.entries.get_mut(id.0).filter(|entry| entry.state.is_back()) {
            entry.made = None;
            entry.never_was();
        }
    }

    /// Lets undo try again what it could not take back.
    pub fn retry_undo(&mut self) {
        self.stop();
        self.usage.clear();
        for entry in &mut self.entries {
            (entry.looks, entry.tries, entry.conflicts, entry.detached) = (0, 0, 0, false);
            entry.state = match (&entry.state, &entry.made) {
                (StepState::UndoFailed(_) | StepState::Kept(_), Some(made)) => StepState::Done(made.clone()),
                (StepState::UndoFailed(fault), None) => StepState::Unclear(fault.clone()),
                (state, _) => state.clone(),
            };
        }
    }

    pub(super) fn undo_of(&self, step: &Step, made: &Made) -> Option<Undo> {
        Undo::of(&step.action, made, self.key_described_by(&step.action))
    }
}
