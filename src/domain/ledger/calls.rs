//! The calls that a ledger asks for.

use super::{Dispatch, Ledger, StepState, UndoMove};
use crate::domain::call::{Call, Perform, Window};
use crate::domain::password::PasswordPolicy;
use crate::domain::step::{Action, Made};
use crate::domain::step_id::StepId;

impl Ledger {
    /// The call of a step that is to be sent or looked up now.
    pub fn call(&self, dispatch: Dispatch, policy: &PasswordPolicy) -> Option<Call> {
        if dispatch.look_first {
            return self.look(dispatch.step, true);
        }
        let action = self.plan.step(dispatch.step)?.action.clone();
        if self.is_to_be_read(dispatch.step) {
            return Some(Call::Read { step: dispatch.step, action });
        }
        Some(Call::Perform(Box::new(Perform {
            step: dispatch.step,
            key: self.key_described_by(&action).map(str::to_owned),
            was_lost: self.was_lost(dispatch.step),
            window: self.window(dispatch.step),
            owned: if self.is_replayed {
                self.plan.step(dispatch.step).map_or_else(Vec::new, |step| self.owned_by(step, &Made::Link))
            } else {
                Vec::new()
            },
            gives: self.given_by(&action),
            policy: policy.clone(),
            action,
        })))
    }

    /// The call of what undo does next. `spares_saved`: a key that a profile of this machine holds is left alone, since the run
    /// is to be finished and not taken back.
    pub fn undo_call(&self, next: UndoMove, spares_saved: bool) -> Option<Call> {
        match next {
            UndoMove::Survey(step, thing) => Some(Call::Survey { step, thing }),
            UndoMove::Look(step) => self.look(step, spares_saved),
            UndoMove::Again(step) => self.call(Dispatch { step, look_first: false }, &PasswordPolicy::default()),
            UndoMove::Call(step, undo, owned) => Some(Call::Undo { step, undo, owned, spares_saved }),
        }
    }

    fn look(&self, id: StepId, spares_saved: bool) -> Option<Call> {
        let step = self.plan.step(id)?;
        // What the step itself made is not known: only the things of steps before it are.
        let owned = self.owned_by(step, &Made::Link);
        let window = self.window(id);
        let action = step.action.clone();
        Some(Call::Look { step: id, action, free_at: self.free_at(id), owned, window, spares_saved })
    }

    /// The ARNs of the policies that the plan attaches to the group that this action makes.
    fn given_by(&self, action: &Action) -> Vec<String> {
        let Action::CreateGroup { group: made } = action else { return Vec::new() };
        let attached = self.plan.steps().iter().filter_map(|step| match &step.action {
            Action::AttachGroupPolicy { group, policy } if group == made => Some(policy.arn.clone()),
            _ => None,
        });
        attached.collect()
    }

    /// Whether somebody else had made a step's thing meanwhile.
    pub(super) fn is_found(&self, id: StepId) -> bool {
        matches!(self.state(id), Some(StepState::Found(_)))
    }

    /// When the tries were sent whose answers were lost.
    fn window(&self, id: StepId) -> Window {
        let sent = self.entries.get(id.0).map(|entry| entry.lost_at.clone()).unwrap_or_default();
        Window { sent, is_old: self.is_replayed }
    }

    /// Whether the step changes a thing that the run did not make, and it was not read yet how that is.
    fn is_to_be_read(&self, id: StepId) -> bool {
        let (Some(step), Some(entry)) = (self.plan.step(id), self.entries.get(id.0)) else { return false };
        let is_own = step
            .needs
            .iter()
            .filter_map(|need| self.plan.step(*need))
            .any(|need| need.action.makes_entity() && need.action.shares_entity(&step.action) && !self.is_found(need.id));
        step.action.changes_entity() && !is_own && entry.before.is_none()
    }
}
