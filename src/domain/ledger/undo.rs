//! Undo: serial, from the last step to the first, only what this run made, and only while that is still the run's own.

use std::time::Duration;

use super::{Entry, Ledger, MAX_RECONCILIATIONS, Pause, StepState, UndoMove};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::operation::{Evidence, Inverse, KeyRef, Made, Operation, Owned, WhenLost};
use crate::domain::plan::Subject;
use crate::domain::step::Step;
use crate::domain::step_id::StepId;

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
        if self.is_gone_since(step) || self.is_final(step) {
            return None;
        }
        let made = match &entry.state {
            StepState::Done(made) => made,
            StepState::Unclear(_) | StepState::Waiting if !entry.doubt.maybe_applied => return None,
            StepState::Unclear(_) | StepState::Waiting if step.operation.when_lost() == WhenLost::ReconcileFirst => {
                return Some(UndoMove::Reconcile(id));
            }
            StepState::Unclear(_) | StepState::Waiting => &Made::Link,
            _ => return None,
        };
        match self.inverse(step, made) {
            Inverse::By(operation) => Some(UndoMove::Call(id, operation, self.touched_by(step, made))),
            Inverse::Unknown | Inverse::Nothing | Inverse::Never(_) => None,
        }
    }

    /// Whether the run itself has deleted since what this step has set: the status of a key that was given up.
    pub(super) fn is_gone_since(&self, step: &Step) -> bool {
        let Operation::UpdateAccessKey(set) = &step.operation else { return false };
        let deletes = |(other, state): (&Step, &StepState)| {
            let is_of_key = matches!(&other.operation, Operation::DeleteAccessKey(delete) if delete.key == set.key);
            is_of_key && matches!(state, StepState::Done(_) | StepState::Found(_))
        };
        self.rows().any(deletes)
    }

    /// Whether a step has to stay: the run has deleted the key of before, so that the new one alone lets the user in; or it belongs to
    /// a new key that a profile still holds.
    pub(super) fn is_final(&self, step: &Step) -> bool {
        let key = match (&step.operation, step.operation.key()) {
            (Operation::CreateAccessKey(_), _) => Some(step.id),
            (Operation::SaveProfile(_), _) => None,
            (_, Some(KeyRef::MadeBy(key))) => Some(*key),
            _ => None,
        };
        self.replaced_for_good().is_some() || key.is_some_and(|key| self.is_still_saved(key))
    }

    /// The new key that has taken the place of one that this run has deleted, or may have deleted.
    fn replaced_for_good(&self) -> Option<StepId> {
        let makes =
            |id: &&StepId| self.plan.step(**id).is_some_and(|step| matches!(step.operation, Operation::CreateAccessKey(_)));
        let deletes = |(step, entry): (&Step, &Entry)| {
            let may_be = match entry.state {
                StepState::Done(_) | StepState::Found(_) | StepState::Sent => true,
                _ => entry.doubt.maybe_applied,
            };
            let is_delete = may_be && matches!(step.operation, Operation::DeleteAccessKey(_));
            step.needs.iter().find(makes).copied().filter(|_| is_delete)
        };
        self.plan.steps().iter().zip(&self.entries).find_map(deletes)
    }

    /// Whether a profile still holds the key of this step, since the key of before could not be put back there.
    fn is_still_saved(&self, key: StepId) -> bool {
        let stays = |state: &StepState| matches!(state, StepState::UndoFailed(_));
        let saves = |step: &Step| matches!(&step.operation, Operation::SaveProfile(save) if save.key == KeyRef::MadeBy(key));
        self.rows().any(|(step, state)| saves(step) && stays(state))
    }

    /// Whether it puts a new key into profiles by itself.
    pub(super) fn saves_profiles(&self) -> bool {
        self.plan.steps().iter().any(|step| matches!(step.operation, Operation::SaveProfile(_)))
    }

    /// Whether a profile of this machine got the key of this step, or may have got it.
    pub fn may_be_saved(&self, key: StepId) -> bool {
        let may = |state: &StepState| {
            !matches!(state, StepState::Waiting | StepState::Failed(_) | StepState::Undone | StepState::Kept(_))
        };
        self.rows().any(|(step, state)| {
            matches!(&step.operation, Operation::SaveProfile(save) if save.key == KeyRef::MadeBy(key)) && may(state)
        })
    }

    /// Why it can't be undone, where it can't; the new key stays.
    pub fn is_beyond_undo(&self) -> Option<String> {
        let Some(Made::Key { id, .. }) = self.entries.get(self.replaced_for_good()?.0)?.made.as_ref() else { return None };
        let is_sure = self.gone_for_good().iter().any(|(_, why)| !why.is_empty());
        let may = if is_sure { "is deleted" } else { "may be deleted" };
        Some(format!("The old key {may}, which can't be undone. The new one, {id}, stays as it is."))
    }

    /// What takes a step back that has made this.
    pub(super) fn inverse(&self, step: &Step, made: &Made) -> Inverse {
        self.resolved(step).inverse(made, &self.old(step.id), Evidence::ours(self.touched_by(step, made)))
    }

    /// The things that are compared before a step is undone.
    fn touched_by(&self, step: &Step, made: &Made) -> Vec<Owned> {
        // A key's id, which its description bears too, is unique by itself.
        let by_key = matches!(step.operation, Operation::CreateAccessKey(_) | Operation::DescribeAccessKey(_));
        if by_key { Vec::new() } else { self.owned_by(step, made) }
    }

    /// The run's own things that a step makes or changes, as far as their ids are known.
    pub(super) fn owned_by(&self, step: &Step, made: &Made) -> Vec<Owned> {
        let touched: Vec<_> = std::iter::once(step.operation.target()).chain(step.operation.beside()).collect();
        let entity = |own: &Step| {
            let of = match own.id == step.id {
                true => Some(made),
                false => self.entries.get(own.id.0)?.made.as_ref(),
            };
            let target = own.operation.target();
            let (Made::User { id, .. } | Made::Group { id } | Made::Policy { id }) = of? else { return None };
            (own.operation.makes_entity() && touched.contains(&target)).then(|| Owned::new(target, id.clone()))
        };
        let mut owned: Vec<Owned> = self.plan.steps().iter().filter_map(entity).collect();
        let subject = self.plan.subject(step).and_then(Subject::owned);
        let before = self.entries.get(step.id.0).and_then(|entry| entry.before.clone());
        for thing in subject.into_iter().chain(before) {
            if !owned.contains(&thing) {
                owned.push(thing);
            }
        }
        owned
    }

    /// Takes the answer to an undo call. When the call is to be made again after a pause, the pause.
    pub fn undone(&mut self, id: StepId, answer: Result<(), Fault>, jitter: u32) -> Option<Duration> {
        let entry = self.entries.get_mut(id.0)?;
        entry.pause = None;
        match answer {
            Ok(()) => {
                entry.doubt.maybe_applied = false;
                entry.state = StepState::Undone;
                entry.detached = matches!(self.plan.step(id).map(|step| &step.operation), Some(Operation::AttachGroupPolicy(_)));
                self.gone_with(id);
                None
            }
            // Not there: as good as gone, unless IAM only does not show yet what this very run has made.
            Err(fault)
                if fault.kind == FaultKind::NotFound
                    && (entry.is_old || entry.doubt.reconciliations + 1 >= MAX_RECONCILIATIONS) =>
            {
                self.not_found = true;
                self.undone(id, Ok(()), jitter)
            }
            Err(fault) if fault.kind == FaultKind::Conflict => self.conflicted(id, fault, jitter),
            Err(fault) => {
                entry.tries += 1;
                entry.doubt.reconciliations += u32::from(fault.kind == FaultKind::NotFound);
                let pause = Pause::before_undo(&fault, entry.tries).map(|pause| pause.with_jitter(jitter));
                entry.pause.clone_from(&pause);
                if pause.is_none() {
                    entry.state = StepState::UndoFailed(fault);
                }
                pause.map(|pause| pause.lasts)
            }
        }
    }

    /// What could not be checked can't be undone either.
    pub fn undo_given_up(&mut self, id: StepId) {
        if let Some(entry) = self.entries.get_mut(id.0)
            && let StepState::Unclear(fault) = &entry.state
        {
            entry.state = StepState::UndoFailed(fault.clone());
        }
    }

    /// What was attached to something that is gone is gone with it: IAM deletes nothing that still has something attached.
    fn gone_with(&mut self, id: StepId) {
        let Some(gone) = self.plan.step(id).map(|step| &step.operation).filter(|operation| operation.makes_entity()) else {
            return;
        };
        for (entry, step) in self.entries.iter_mut().zip(self.plan.steps()) {
            if gone.shares_entity(&step.operation) && matches!(entry.state, StepState::UndoFailed(_) | StepState::Unclear(_)) {
                entry.state = StepState::Undone;
                entry.doubt.maybe_applied = false;
            }
        }
    }

    /// Lets a step that was undone be created again. A password that was replaced for good is replaced once more.
    pub fn renew(&mut self, id: StepId) {
        let is_set = matches!(self.plan.step(id).map(|step| &step.operation), Some(Operation::UpdateLoginProfile(_)));
        if let Some(entry) = self.entries.get_mut(id.0).filter(|entry| entry.state.is_back() || is_set) {
            entry.made = None;
            entry.never_was();
            // Another key is proven anew.
            let proves =
                |step: &Step| matches!(&step.operation, Operation::ProveAccessKey(prove) if prove.key == KeyRef::MadeBy(id));
            for (entry, _) in self.entries.iter_mut().zip(self.plan.steps()).filter(|(_, step)| proves(step)) {
                entry.made = None;
                entry.never_was();
            }
        }
    }

    /// Lets undo try again what it could not undo.
    pub fn retry_undo(&mut self) {
        self.stop();
        self.usage.clear();
        for entry in &mut self.entries {
            (entry.doubt.reconciliations, entry.tries, entry.conflicts, entry.detached) = (0, 0, 0, false);
            entry.state = match (&entry.state, &entry.made) {
                (StepState::UndoFailed(_) | StepState::Kept(_), Some(made)) => StepState::Done(made.clone()),
                (StepState::UndoFailed(fault), None) => StepState::Unclear(fault.clone()),
                (state, _) => state.clone(),
            };
        }
    }
}
