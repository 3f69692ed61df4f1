//! How a run ends that does not go to the hand-over: by choice, by a signal; with what remains, and how that is removed.

use std::ops::ControlFlow::{Break, Continue};
use std::time::Duration;

use super::{Course, Creating, Origin};
use crate::app::effect::{Effect, Farewell};
use crate::app::event::{Signal, Wake};
use crate::app::transition::{Transition, Turn, leave};
use crate::app::{Context, Out};
use crate::domain::ledger::StepState;
use crate::domain::operation::SecretKind;
use crate::domain::record::End;
use crate::domain::record::Record;
use crate::domain::record::TaskId;
use crate::domain::secret::SecretId;
use crate::domain::step_id::StepId;

const STAYS: &str = "This stays, since others use it:";

/// How long calls under way are awaited when the program was asked to end; a write's own limit is 10 s.
pub(in crate::app) const GRACE: Duration = Duration::from_secs(12);

impl Creating {
    /// The program was asked to end: nothing new starts, and what is under way is awaited, though not for ever.
    pub(in crate::app) fn told_to_end(mut self: Box<Self>, signal: Signal, context: &mut Context, out: &mut Out) -> Turn<Self> {
        self.ledger.stop();
        // A terminal that goes away says so in several ways, and none of them is impatience.
        if self.ending.is_some() && signal == Signal::HangUp {
            return Continue(self);
        }
        let is_impatient = self.ending.replace(signal).is_some();
        if is_impatient {
            return self.end(context, out);
        }
        if !self.is_in_flight() {
            return self.end_without_key(context, out);
        }
        out.effects.push(Effect::WakeIn(GRACE, Wake::EndNow));
        Continue(self)
    }

    /// Ends; a key that was made meanwhile is deleted first, since nobody has its secret.
    pub(super) fn end_without_key(self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let is_made = |step: StepId| self.ledger.made(step).is_some() && context.vault.get(SecretId::Of(step)).is_some();
        match self
            .ending
            .filter(|_| self.course == Course::Making && self.ledger.plan().yielding(SecretKind::Key).is_some_and(is_made))
        {
            Some(signal) => Break(Transition::EndHandOver(self.finished(), signal)),
            None => self.end(context, out),
        }
    }

    /// Ends a run of an earlier start that is complete now.
    pub(super) fn end_complete(self: Box<Self>, out: &mut Out) -> Turn<Self> {
        if self.ledger.open_later().next().is_none() {
            out.effects.push(Effect::Record(vec![Record::Ended(End::Finished)]));
        }
        leave(Farewell::new(0, std::iter::once(format!("{}.", self.task.past)).chain(self.ledger.gone_lines()).collect()))
    }

    pub(in crate::app) fn end(self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        out.effects.extend(self.recorded_end());
        let mut farewell = self.farewell(context);
        if let Some(signal) = self.ending {
            farewell.code = signal.code(farewell.code);
        }
        leave(farewell)
    }

    /// Where nothing remains but what others use the run is over; what remains is offered again at the next start.
    pub(super) fn recorded_end(&self) -> Option<Effect> {
        let rows = self.ledger.rows().filter_map(|(step, state)| match state {
            StepState::Kept(users) => Some(Record::Kept(step.id, users.clone())),
            _ => None,
        });
        let mut records: Vec<Record> = rows.collect();
        // What can't be undone was not undone: who stopped a run after it can finish it.
        let is_back =
            (self.course == Course::Undoing || self.ledger.gone_for_good().is_empty()) && self.ledger.is_beyond_undo().is_none();
        if is_back && !self.is_in_flight() && self.ledger.remains().is_empty() {
            records.push(Record::Ended(End::Undone));
        }
        (!records.is_empty()).then_some(Effect::Record(records))
    }

    /// What stays since others use it, a line each.
    pub(super) fn stays(&self) -> Vec<String> {
        self.ledger.kept().into_iter().map(|(words, why)| format!("  = {words}: {why}")).collect()
    }

    /// What undo will do, and what it will leave.
    pub(super) fn foretold(&self) -> Vec<String> {
        let mut lines = vec!["Undo, in this order:".to_owned()];
        let going = self.ledger.remains();
        lines.extend(going.iter().enumerate().map(|(i, remainder)| format!("{:>3}. {}", i + 1, remainder.foretold())));
        let stays = self.stays();
        if !stays.is_empty() {
            lines.extend([String::new(), STAYS.to_owned()]);
            lines.extend(stays);
        }
        let gone = self.ledger.gone_lines();
        if !gone.is_empty() {
            lines.push(String::new());
            lines.extend(gone);
        }
        lines
    }

    /// What stays, and how it goes later.
    fn kept(&self, context: &Context) -> Vec<String> {
        let stays = self.stays();
        if stays.is_empty() {
            return stays;
        }
        let mut lines = vec![STAYS.to_owned()];
        lines.extend(stays);
        lines.extend(context.run.as_ref().map(|run| format!("When nobody uses it any more, remove it with: iamwalk undo {run}")));
        lines
    }

    /// The short account: what remains, and how it is removed.
    pub(in crate::app) fn farewell(&self, context: &Context) -> Farewell {
        let remains = self.ledger.remains();
        let kept = self.kept(context);
        if context.is_practice() && (!remains.is_empty() || !kept.is_empty()) {
            let lines = vec!["This was practice: the account ends with the program, and nothing remains.".to_owned()];
            return Farewell::new(1, lines);
        }
        if let Some(words) = self.ledger.is_beyond_undo().filter(|_| remains.is_empty()) {
            let how = context
                .run
                .as_ref()
                .map(|run| format!("It is recorded as run {run}. To finish it: iamwalk rotate-key --finish {run}"));
            return Farewell::new(3, std::iter::once(words).chain(how).collect());
        }
        if remains.is_empty() {
            let failed = self.ledger.rows().any(|(_, state)| matches!(state, StepState::Failed(_)));
            let undone = self.ledger.rows().any(|(_, state)| *state == StepState::Undone);
            // To undo an earlier run is what was asked for.
            let is_wanted = matches!(self.origin, Origin::Earlier) && self.course == Course::Undoing;
            let code = match (is_wanted, failed || undone) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => 130,
            };
            let gone = self.ledger.gone_lines();
            let (code, mut lines) = match (kept.is_empty(), gone.is_empty()) {
                (true, true) => (code, vec!["Nothing of this run remains in the account.".to_owned()]),
                (true, false) => (3, vec!["Nothing that this run made remains in the account.".to_owned()]),
                (false, _) => (3, kept),
            };
            lines.extend(gone);
            lines.extend(self.undo.freed.iter().flatten().cloned());
            if self.ledger.has_missed() {
                lines.push("Some of it was not found: it was deleted or renamed since.".to_owned());
            }
            if !self.undo.files.is_empty() {
                lines.push("These local files still contain the deleted key or password:".to_owned());
                lines.extend(self.undo.files.iter().map(|file| format!("  {file}")));
            }
            return Farewell::new(code, lines);
        }
        let failed = self.ledger.rows().filter_map(|(step, state)| match state {
            StepState::Failed(fault) | StepState::Unclear(fault) => {
                let (sign, word) = state.words();
                Some(format!("{sign} {}: {word}. {fault}", step.operation.words()))
            }
            _ => None,
        });
        let mut lines: Vec<String> = failed.filter(|_| !context.interactive).collect();
        lines.push(match self.task.id {
            TaskId::Revoke | TaskId::RevokeKey => "What was stopped stays stopped. It could be taken back so:".to_owned(),
            _ => "This run left resources in the account. To remove them, in this order:".to_owned(),
        });
        lines.extend(remains.iter().flat_map(|remainder| remainder.lines(&context.cli_options())));
        lines.extend(context.run.as_ref().map(|run| {
            format!("It is recorded as run {run}: the next start of iamwalk offers to finish or undo it. Or: iamwalk undo {run}")
        }));
        lines.extend(kept);
        lines.extend(self.ledger.gone_lines());
        lines.extend(self.undo.freed.iter().flatten().cloned());
        Farewell::new(3, lines)
    }
}
