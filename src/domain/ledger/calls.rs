//! The calls that a ledger asks for.

use super::{Dispatch, Ledger, StepState, UndoMove};
use crate::domain::call::{Call, Lost, Perform, Window};
use crate::domain::operation::{KeyRef, Made, Nature, Old, Operation};
use crate::domain::password::PasswordPolicy;
use crate::domain::secret::SecretId;
use crate::domain::step_id::StepId;

impl Ledger {
    /// The call of a step that is to be sent or looked up now.
    pub fn call(&self, dispatch: Dispatch, policy: &PasswordPolicy) -> Option<Call> {
        if dispatch.reconcile_first {
            return self.reconcile(dispatch.step, true);
        }
        let step = self.plan.step(dispatch.step)?;
        let operation = self.resolved(step);
        if self.is_to_be_read(dispatch.step) {
            return Some(Call::Read { step: dispatch.step, operation });
        }
        // Others may have made newer things of the same names: a user that was there is always compared.
        let may_be_newer = self.is_replayed || self.plan.subject(step).is_some_and(|subject| subject.existing.is_some());
        let owned = if may_be_newer { self.owned_by(step, &Made::Link) } else { Vec::new() };
        Some(Call::Perform(Box::new(Perform {
            step: dispatch.step,
            was_lost: self.was_lost(dispatch.step),
            window: self.window(dispatch.step),
            old: self.old(dispatch.step),
            owned,
            gives: self.given_by(&operation),
            policy: policy.clone(),
            secret: match step.operation.key() {
                Some(KeyRef::MadeBy(key)) => Some(SecretId::Of(*key)),
                _ => None,
            },
            operation,
        })))
    }

    /// The call of what undo does next. `spares_saved`: a key that a profile of this machine holds is left alone, since the run
    /// is to be finished and not undone.
    pub fn undo_call(&self, next: UndoMove, spares_saved: bool) -> Option<Call> {
        match next {
            UndoMove::Survey(step, thing) => Some(Call::Survey { step, thing }),
            UndoMove::Reconcile(step) => self.reconcile(step, spares_saved),
            UndoMove::Again(step) => self.call(Dispatch { step, reconcile_first: false }, &PasswordPolicy::default()),
            UndoMove::Call(step, operation, owned) => {
                // The profiles of a rotation hold the key of before by now; one that holds the new one goes on with it.
                let spares_saved = spares_saved || self.saves_profiles();
                Some(Call::Undo { step, operation, owned, spares_saved })
            }
        }
    }

    fn reconcile(&self, id: StepId, spares_saved: bool) -> Option<Call> {
        let step = self.plan.step(id)?;
        let lost = Lost {
            free_at: self.free_at(id),
            // What the step itself made is not known: only the things of steps before it are.
            owned: self.owned_by(step, &Made::Link),
            window: self.window(id),
            old: self.old(id),
            spares_saved,
        };
        Some(Call::Reconcile { step: id, operation: self.resolved(step), lost })
    }

    /// The ARNs of the policies that the plan attaches to the group that this operation makes.
    fn given_by(&self, operation: &Operation) -> Vec<String> {
        let Operation::CreateGroup(made) = operation else { return Vec::new() };
        let attached = self.plan.steps().iter().filter_map(|step| match &step.operation {
            Operation::AttachGroupPolicy(attach) if attach.group == made.group => Some(attach.policy.arn.clone()),
            _ => None,
        });
        attached.collect()
    }

    /// What stood there before a step.
    pub(super) fn old(&self, id: StepId) -> Old {
        self.entries.get(id.0).and_then(|entry| entry.old.clone()).unwrap_or_default()
    }

    /// Whether somebody else had made a step's thing meanwhile.
    pub(super) fn is_found(&self, id: StepId) -> bool {
        matches!(self.state(id), Some(StepState::Found(_)))
    }

    /// When the tries were sent whose answers were lost.
    fn window(&self, id: StepId) -> Window {
        let sent = self.entries.get(id.0).map(|entry| entry.doubt.lost_at.clone()).unwrap_or_default();
        Window { sent, is_old: self.is_replayed }
    }

    /// Whether the step changes a thing that the run did not make, and it was not read yet how that is.
    fn is_to_be_read(&self, id: StepId) -> bool {
        let (Some(step), Some(entry)) = (self.plan.step(id), self.entries.get(id.0)) else { return false };
        let target = step.operation.target();
        let is_own = |made: &crate::domain::step::Step| {
            made.operation.makes_entity() && made.operation.target() == target && !self.is_found(made.id)
        };
        step.operation.nature() != Nature::Makes && !self.plan.steps().iter().any(is_own) && entry.old.is_none()
    }
}
