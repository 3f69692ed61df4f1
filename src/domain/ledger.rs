//! The ledger of a run: what happened to each step of the plan. It decides what may be sent next, what is tried again, and
//! what undo has to take back; it sends nothing itself.

use std::time::Duration;

use super::fault::{Fault, FaultKind};
use super::plan::Plan;
use super::step::{Action, Made, Step, StepId};
use super::undo::{Undo, quoted};

/// How many calls are under way at once (`reference/iam.md` A5); halved each time IAM throttles.
pub const AT_ONCE: usize = 8;

/// How often a step is sent before its refusal stands.
const TRIES: u32 = 6;

/// What is known of one step.
#[derive(Clone, Debug, PartialEq)]
pub enum StepState {
    /// Not sent (or known not to have happened).
    Waiting,
    /// Sent, not answered.
    Sent,
    /// Made by this run.
    Done(Made),
    /// Was so already; undo leaves it alone.
    Found(Made),
    /// Refused, without effect.
    Failed(Fault),
    /// The answer was lost or torn: it may have happened.
    Unclear(Fault),
    /// Made by this run, and taken back.
    Undone,
    /// Made by this run, and it could not be taken back.
    UndoFailed(Fault),
}

/// Where the run as a whole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Steps are under way or can be sent.
    Running,
    /// Nothing is under way and nothing new starts: a failure, an unclear answer, or the person's stop.
    Stopped,
    /// Everything that had to happen has happened.
    Complete,
}

/// What undo does next.
#[derive(Clone, Debug, PartialEq)]
pub enum UndoMove {
    /// Look first whether this create happened.
    Look(StepId),
    /// Make this call.
    Call(StepId, Undo),
}

#[derive(Clone, Debug)]
struct Entry {
    state: StepState,
    /// How often it was sent since the last decision of the person.
    tries: u32,
    /// Waits for its pause to end before it is sent again.
    pausing: bool,
    /// What the lost call did has to be looked up before it is sent again.
    look_first: bool,
    /// An earlier answer was lost: until the step is done or looked up, it may have happened, whatever a later try says.
    may_be: bool,
    /// What it made, kept while undo has not succeeded.
    made: Option<Made>,
}

impl Entry {
    fn done(&mut self, made: Made) {
        self.may_be = false;
        self.made = Some(made.clone());
        self.state = StepState::Done(made);
    }
}

/// A step that is to be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// Which one.
    pub step: StepId,
    /// Look first what an earlier, lost call did.
    pub look_first: bool,
}

/// What happened to each step of a plan.
#[derive(Clone, Debug)]
pub struct Ledger {
    plan: Plan,
    entries: Vec<Entry>,
    at_once: usize,
    halted: bool,
}

impl Ledger {
    /// A ledger in which every step waits.
    pub fn new(plan: Plan) -> Self {
        let entry = Entry { state: StepState::Waiting, tries: 0, pausing: false, look_first: false, may_be: false, made: None };
        Self { entries: vec![entry; plan.steps().len()], plan, at_once: AT_ONCE, halted: false }
    }

    /// The plan that this ledger is of.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Each step with its state.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = (&Step, &StepState)> {
        self.plan.steps().iter().zip(self.entries.iter().map(|entry| &entry.state))
    }

    /// The state of one step.
    pub fn state(&self, id: StepId) -> Option<&StepState> {
        self.entries.get(id.0).map(|entry| &entry.state)
    }

    /// What a step made or found.
    pub fn made(&self, id: StepId) -> Option<&Made> {
        match self.state(id)? {
            StepState::Done(made) | StepState::Found(made) => Some(made),
            _ => None,
        }
    }

    /// Whether the step waits for a pause to end (IAM asked for one).
    pub fn is_pausing(&self, id: StepId) -> bool {
        self.entries.get(id.0).is_some_and(|entry| entry.pausing)
    }

    /// Marks the steps that can be sent now as sent, and names them: all their needs are met, none waits for a pause, and no
    /// more than the limit is under way.
    pub fn dispatch(&mut self) -> Vec<Dispatch> {
        if self.halted {
            return Vec::new();
        }
        let mut free = self.at_once.saturating_sub(self.in_flight());
        let mut sent = Vec::new();
        for index in 0..self.entries.len() {
            let met = self.plan.steps()[index].needs.iter().all(|need| self.made(*need).is_some());
            let entry = &mut self.entries[index];
            if free > 0 && met && entry.state == StepState::Waiting && !entry.pausing {
                entry.state = StepState::Sent;
                entry.tries += 1;
                sent.push(Dispatch { step: StepId(index), look_first: entry.look_first });
                free -= 1;
            }
        }
        sent
    }

    fn in_flight(&self) -> usize {
        self.entries.iter().filter(|entry| entry.state == StepState::Sent).count()
    }

    /// Takes the answer to a sent step. When the step is to be sent again after a pause, the pause.
    pub fn settle(&mut self, id: StepId, answer: Result<Made, Fault>) -> Option<Duration> {
        let stops = self.plan.step(id)?.stops;
        let may_lag = self.waits_for_own_create(id);
        let entry = self.entries.get_mut(id.0)?;
        let fault = match answer {
            Ok(made) => {
                entry.done(made);
                return None;
            }
            Err(fault) => fault,
        };
        entry.may_be |= fault.unclear;
        if fault.kind == FaultKind::Throttled {
            self.at_once = (self.at_once / 2).max(1);
        }
        let again = fault.is_passing() || (fault.kind == FaultKind::NotFound && may_lag);
        if again && !fault.unclear && entry.tries < TRIES && !self.halted {
            entry.state = StepState::Waiting;
            entry.pausing = true;
            // 0.5, 1, 2, 4, 4 s: what IAM's own consistency takes (reference/iam.md A4).
            return Some(Duration::from_millis(250 << entry.tries.min(4)));
        }
        if stops {
            self.halted = true;
        }
        entry.state = if entry.may_be { StepState::Unclear(fault) } else { StepState::Failed(fault) };
        None
    }

    /// IAM may not see for some seconds what this very run has just created.
    fn waits_for_own_create(&self, id: StepId) -> bool {
        self.plan.step(id).is_some_and(|step| {
            step.needs.iter().any(|need| {
                matches!(self.state(*need), Some(StepState::Done(_)))
                    && self.plan.step(*need).is_some_and(|needed| needed.action.is_create())
            })
        })
    }

    /// A pause is over.
    pub fn resume(&mut self, id: StepId) {
        if let Some(entry) = self.entries.get_mut(id.0) {
            entry.pausing = false;
        }
    }

    /// Takes what a look at an unclear create found: `Some` is ours, `None` means that nothing of the lost call is left.
    pub fn looked(&mut self, id: StepId, found: Result<Option<Made>, Fault>) {
        let Some(entry) = self.entries.get_mut(id.0) else { return };
        match found {
            Ok(Some(made)) => entry.done(made),
            Ok(None) => {
                entry.state = StepState::Waiting;
                entry.look_first = false;
                entry.may_be = false;
            }
            Err(fault) => {
                self.halted = true;
                // A look that finds what is not ours settles it: it is named and never touched. One that failed leaves it unclear.
                entry.may_be = fault.kind != FaultKind::Exists;
                entry.state = if entry.may_be { StepState::Unclear(fault) } else { StepState::Failed(fault) };
            }
        }
    }

    /// Nothing new starts from here on; what is under way is still awaited.
    pub fn stop(&mut self) {
        self.halted = true;
        for entry in &mut self.entries {
            entry.pausing = false;
        }
    }

    /// Where the run stands.
    pub fn standing(&self) -> Standing {
        let settled = |entry: &Entry, step: &Step| match entry.state {
            StepState::Done(_) | StepState::Found(_) => true,
            StepState::Failed(_) | StepState::Unclear(_) => !step.stops,
            // A stop leaves out what may be left out; the secret is handed over all the same.
            StepState::Waiting => self.halted && !step.stops,
            _ => false,
        };
        if self.entries.iter().zip(self.plan.steps()).all(|(entry, step)| settled(entry, step)) {
            Standing::Complete
        } else if self.halted && self.in_flight() == 0 {
            Standing::Stopped
        } else {
            Standing::Running
        }
    }

    /// Lets the failed and unclear steps, and those never sent, have another go. Creates whose answer was lost are looked up first.
    pub fn retry(&mut self) {
        self.halted = false;
        self.at_once = AT_ONCE;
        for (entry, step) in self.entries.iter_mut().zip(self.plan.steps()) {
            entry.tries = 0;
            entry.pausing = false;
            match entry.state {
                StepState::Failed(_) => entry.state = StepState::Waiting,
                StepState::Unclear(_) => {
                    entry.look_first = step.action.is_create();
                    entry.state = StepState::Waiting;
                }
                _ => {}
            }
        }
    }

    /// What undo does next: the last step that may still be there, and so on back to the first. `None` when it is through.
    pub fn next_undo(&self) -> Option<UndoMove> {
        self.plan.steps().iter().zip(&self.entries).rev().find_map(|(step, entry)| match &entry.state {
            StepState::Done(made) => self.undo_of(step, made).map(|undo| UndoMove::Call(step.id, undo)),
            StepState::Unclear(_) | StepState::Waiting if !entry.may_be => None,
            StepState::Unclear(_) | StepState::Waiting if step.action.is_create() => Some(UndoMove::Look(step.id)),
            StepState::Unclear(_) | StepState::Waiting => {
                self.undo_of(step, &Made::Link).map(|undo| UndoMove::Call(step.id, undo))
            }
            _ => None,
        })
    }

    /// Takes the answer to an undo call or to a look that undo asked for.
    pub fn undone(&mut self, id: StepId, answer: Result<(), Fault>) {
        if let Some(entry) = self.entries.get_mut(id.0) {
            entry.may_be &= answer.is_err();
            let gone = answer.is_ok();
            entry.state = answer.map_or_else(StepState::UndoFailed, |()| StepState::Undone);
            if gone {
                self.gone_with(id);
            }
        }
    }

    /// What hung on something that is gone is gone with it: IAM deletes nothing that something still hangs on.
    fn gone_with(&mut self, id: StepId) {
        for (entry, step) in self.entries.iter_mut().zip(self.plan.steps()) {
            if step.needs.contains(&id) && matches!(entry.state, StepState::UndoFailed(_) | StepState::Unclear(_)) {
                entry.state = StepState::Undone;
                entry.may_be = false;
            }
        }
    }

    /// Whether a step failed or is unclear; after a person's own stop none need be.
    pub fn has_failed(&self) -> bool {
        self.rows().any(|(_, state)| matches!(state, StepState::Failed(_) | StepState::Unclear(_)))
    }

    /// Lets undo try again what it could not take back.
    pub fn retry_undo(&mut self) {
        for entry in &mut self.entries {
            if let StepState::UndoFailed(fault) = &entry.state {
                entry.state = match &entry.made {
                    Some(made) => StepState::Done(made.clone()),
                    None => StepState::Unclear(fault.clone()),
                };
            }
        }
    }

    fn undo_of(&self, step: &Step, made: &Made) -> Option<Undo> {
        Undo::of(&step.action, made, self.key_described_by(&step.action))
    }

    /// The id of the access key that an action describes, once that is made.
    pub fn key_described_by(&self, action: &Action) -> Option<&str> {
        let Action::DescribeAccessKey { key, .. } = action else { return None };
        match self.entries.get(key.0)?.made.as_ref()? {
            Made::Key { id } => Some(id),
            _ => None,
        }
    }

    /// What of this run is, or may be, still there, with the AWS CLI command that removes it; in the order of removal.
    pub fn remains(&self) -> Vec<Remainder> {
        self.plan
            .steps()
            .iter()
            .zip(&self.entries)
            .rev()
            .filter_map(|(step, entry)| {
                let (made, certain) = match &entry.state {
                    StepState::Done(_) | StepState::UndoFailed(_) => (entry.made.as_ref(), entry.made.is_some()),
                    StepState::Sent | StepState::Unclear(_) => (None, false),
                    StepState::Waiting if entry.may_be => (None, false),
                    _ => return None,
                };
                let undo = self.undo_of(step, made.unwrap_or(&Made::Link));
                let command = match (undo, &step.action) {
                    (Some(undo), _) => undo.command(),
                    // Which key it is was in the lost answer.
                    (None, action) => format!("aws iam list-access-keys --user-name={}", quoted(action.user())),
                };
                Some(Remainder { words: step.action.words(), command, certain })
            })
            .collect()
    }
}

/// Something that a run left in the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remainder {
    /// The step that made it, in words.
    pub words: String,
    /// The AWS CLI command that removes it; for a key whose id is not known, the one that lists the user's keys.
    pub command: String,
    /// Whether it is known to be there.
    pub certain: bool,
}
