//! What is only a note of a run, the description of its key: it is sent while the secret is handed over.

use super::HandingOver;
use crate::app::effect::Effect;
use crate::app::event::Wake;
use crate::app::{Context, Out};
use crate::domain::call::CallAnswer;
use crate::domain::password::PasswordPolicy;
use crate::domain::step_id::StepId;

impl HandingOver {
    pub(super) fn send(&mut self, out: &mut Out) {
        let ready = self.ledger.dispatch();
        let policy = PasswordPolicy::default();
        let calls: Vec<_> = ready.into_iter().filter_map(|dispatch| self.ledger.call(dispatch, &policy)).collect();
        if !calls.is_empty() {
            out.effects.push(Effect::Call(calls));
        }
    }

    /// Takes the answer to its call, or to the read before that.
    pub(super) fn noted(&mut self, step: StepId, answer: CallAnswer, context: &mut Context, out: &mut Out) {
        let pause = match answer {
            CallAnswer::Performed(answer) => self.ledger.settle(step, answer, context.jitter()),
            CallAnswer::Read(answer) => self.ledger.read(step, answer, context.jitter()),
            CallAnswer::Reconciled(_) | CallAnswer::Surveyed { .. } | CallAnswer::Undone(_) => None,
        };
        match pause {
            Some(pause) => out.effects.push(Effect::WakeIn(pause, Wake::Resume(step))),
            None => self.send(out),
        }
    }
}
