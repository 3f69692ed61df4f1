//! The answers that a ledger takes: of steps, of reads before them, of looks at lost creates.

use std::time::Duration;

use super::{LOSSES, Ledger, MAX_RECONCILIATIONS, Pause, StepState};
use crate::domain::call::{Before, Reconciled};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::operation::{Made, Nature, WhenLost};
use crate::domain::step_id::StepId;

impl Ledger {
    /// Notes AWS's clock at the sending of a step, before its answer is taken: of a lost answer that is all that is known.
    pub fn sent_at(&mut self, id: StepId, clock: Option<i64>) {
        if let (Some(entry), Some(clock)) = (self.entries.get_mut(id.0), clock) {
            entry.doubt.lost_at.push(clock);
        }
    }

    /// Takes the answer to a sent step. When the step is to be sent (or looked up) again after a pause, the pause; `jitter`
    /// lengthens it by so many percent, lest all who were refused together come back together.
    pub fn settle(&mut self, id: StepId, answer: Result<Made, Fault>, jitter: u32) -> Option<Duration> {
        let step = self.plan.step(id)?;
        let (stops, is_create) = (step.stops, step.operation.is_create());
        let is_looked_up = step.operation.when_lost() == WhenLost::ReconcileFirst;
        // A proof has waited by itself.
        let may_lag = step.operation.nature() != Nature::Local && self.waits_for_own_create(id);
        let entry = self.entries.get_mut(id.0)?;
        let mut fault = match answer {
            Ok(made) => {
                entry.done(made);
                return None;
            }
            Err(fault) => fault,
        };
        // After a lost call "exists already" may speak of what that call made, later than anybody looked.
        fault.unclear |= is_create && entry.doubt.was_lost && fault.kind == FaultKind::Exists;
        entry.refused(fault.unclear);
        entry.doubt.losses += u32::from(fault.unclear);
        match fault.kind {
            FaultKind::Throttled => self.at_once = (self.at_once / 2).max(1),
            FaultKind::Busy => self.one_by_one = true,
            _ => {}
        }
        let entry = self.entries.get_mut(id.0)?;
        let pause = if is_looked_up && fault.unclear {
            (entry.doubt.losses < LOSSES).then(|| Pause::before_reconciling(&fault))
        } else {
            Pause::before_retry(&fault, entry.tries, may_lag)
        };
        if let Some(pause) = pause.filter(|_| !self.halted) {
            let pause = pause.with_jitter(jitter);
            entry.state = StepState::Waiting;
            entry.doubt.reconcile_first = is_looked_up && fault.unclear;
            entry.pause = Some(pause.clone());
            return Some(pause.lasts);
        }
        if stops {
            self.halted = true;
        }
        entry.state = if entry.doubt.maybe_applied { StepState::Unclear(fault) } else { StepState::Failed(fault) };
        None
    }

    /// Takes what was read before a step changes a thing that the run did not make. When it is to be read again after a
    /// pause, the pause.
    pub fn read(&mut self, id: StepId, found: Result<Before, Fault>, jitter: u32) -> Option<Duration> {
        match found {
            Ok(before) => {
                let entry = self.entries.get_mut(id.0)?;
                entry.state = match before {
                    Before::Same(made) => StepState::Found(made),
                    Before::Other { thing, users, old } => {
                        entry.before = thing;
                        entry.old = Some(old);
                        entry.users_before = users;
                        StepState::Waiting
                    }
                };
                None
            }
            // A read has no effect, whatever became of it.
            Err(fault) => self.settle(id, Err(Fault { unclear: false, ..fault }), jitter),
        }
    }

    /// IAM may not see for some seconds what this very run has just created.
    fn waits_for_own_create(&self, id: StepId) -> bool {
        self.plan.step(id).is_some_and(|step| {
            step.needs.iter().any(|need| {
                matches!(self.state(*need), Some(StepState::Done(_)))
                    && self.plan.step(*need).is_some_and(|needed| needed.operation.is_create())
            })
        })
    }

    /// A pause is over.
    pub fn resume(&mut self, id: StepId) {
        if let Some(entry) = self.entries.get_mut(id.0) {
            entry.pause = None;
        }
    }

    /// Takes what a look at an unclear create found. When IAM shows nothing of it, it is looked up again after a pause,
    /// [`MAX_RECONCILIATIONS`] times in all.
    pub fn reconciled(&mut self, id: StepId, found: Result<Reconciled, Fault>, jitter: u32) -> Option<Duration> {
        let halted = self.halted;
        let entry = self.entries.get_mut(id.0)?;
        match found {
            Ok(Reconciled::Ours(made)) => entry.done(made),
            Ok(Reconciled::Removed) => entry.never_was(),
            Ok(Reconciled::Nothing) => {
                entry.doubt.reconciliations += 1;
                if entry.doubt.reconciliations >= MAX_RECONCILIATIONS {
                    entry.never_was();
                } else {
                    let pause = Pause::between_reconciliations().with_jitter(jitter);
                    entry.state = StepState::Waiting;
                    entry.pause = (!halted).then(|| pause.clone());
                    return Some(pause.lasts);
                }
            }
            Err(fault) => {
                self.halted = true;
                // A look that finds what is not ours settles it: it is named and never touched. One that failed leaves it unclear.
                entry.doubt.maybe_applied = fault.kind != FaultKind::Exists;
                entry.doubt.unproven = !entry.doubt.maybe_applied;
                entry.state = if entry.doubt.maybe_applied { StepState::Unclear(fault) } else { StepState::Failed(fault) };
            }
        }
        None
    }
}
