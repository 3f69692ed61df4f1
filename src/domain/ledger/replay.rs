//! A ledger as a journal tells it.

use super::{Ledger, StepState};
use crate::domain::fault::Fault;
use crate::domain::plan::Plan;
use crate::domain::record::Record;

impl Ledger {
    /// The ledger after these records. What was sent and never answered is unclear. Nothing starts by itself.
    pub fn replayed(plan: Plan, free_at: &[Option<i64>], records: &[Record]) -> Self {
        let mut ledger = Self::new(plan);
        ledger.halted = true;
        ledger.is_replayed = true;
        let mut clock = None;
        for (entry, free_at) in ledger.entries.iter_mut().zip(free_at) {
            entry.free_at = *free_at;
        }
        for record in records {
            match record {
                Record::Clock(seconds) => clock = Some(*seconds),
                // What an earlier start sent and nobody answered stays so, whatever a later one did.
                Record::Resumed(_) => ledger.unanswered(),
                _ => ledger.replay(record, clock),
            }
        }
        ledger.unanswered();
        for entry in &mut ledger.entries {
            entry.is_old = true;
        }
        ledger
    }

    fn unanswered(&mut self) {
        for entry in self.entries.iter_mut().filter(|entry| entry.state == StepState::Sent) {
            entry.lost();
            entry.state = StepState::Unclear(Fault::local("The program ended before the answer came."));
        }
    }

    fn replay(&mut self, record: &Record, clock: Option<i64>) {
        let steps = match record {
            Record::Sent(steps) => steps.as_slice(),
            Record::Looking(step)
            | Record::Changes(step, ..)
            | Record::UsedBy(step, _)
            | Record::Made(step, _)
            | Record::Found(step, _)
            | Record::Failed { step, .. }
            | Record::Removed(step)
            | Record::Unproven(step)
            | Record::Undoing(step)
            | Record::Undone(step)
            | Record::Kept(step, _)
            | Record::UndoFailed { step, .. } => std::slice::from_ref(step),
            _ => return,
        };
        for step in steps {
            let Some(entry) = self.entries.get_mut(step.0) else { continue };
            match record {
                Record::Sent(_) => {
                    entry.state = StepState::Sent;
                    entry.made = None;
                    entry.doubt.lost_at.extend(clock);
                }
                Record::Looking(_) => {
                    entry.lost();
                    entry.state = StepState::Unclear(Fault::local("The program ended while it was looked up."));
                }
                Record::Changes(_, before, old) => (entry.before, entry.old) = (Some(before.clone()), Some(old.clone())),
                Record::UsedBy(_, users) => entry.users_before.clone_from(users),
                Record::Made(_, made) => entry.done(made.clone()),
                Record::Found(_, made) => entry.state = StepState::Found(made.clone()),
                Record::Failed { why, unclear, .. } => {
                    entry.refused(*unclear);
                    let fault = Fault::local(why.clone());
                    entry.state = if entry.doubt.maybe_applied { StepState::Unclear(fault) } else { StepState::Failed(fault) };
                }
                Record::Removed(_) => {
                    entry.never_was();
                }
                Record::Unproven(_) => {
                    (entry.doubt.maybe_applied, entry.doubt.unproven) = (false, true);
                    entry.state =
                        StepState::Failed(Fault::local("Something of its name is there that is not proven to be of this run."));
                }
                // Undone or not: until it is known, it is still to be undone.
                Record::Undoing(_) => {
                    entry.state = StepState::UndoFailed(Fault::local("The program ended before the answer came."));
                }
                Record::Kept(_, users) => entry.state = StepState::Kept(users.clone()),
                Record::UndoFailed { why, .. } => {
                    entry.state = StepState::UndoFailed(Fault::local(why.clone()));
                }
                _ => drop(self.undone(*step, Ok(()), 0)),
            }
        }
    }
}
