//! The ledger of a run: what happened to each step of the plan. It decides what may be sent next, what is tried again, and
//! what undo has to undo; it sends nothing itself.

mod answers;
mod calls;
mod keeping;
mod remains;
mod replay;
mod retry;
mod undo;

use std::collections::BTreeMap;

use super::fault::{Fault, FaultKind};
use super::operation::{DescribeAccessKey, KeyRef, Made, Nature, Old, Operation, Owned, ProveAccessKey, SaveProfile, WhenLost};
use super::plan::Plan;
use super::step::Step;
use super::step_id::StepId;
use super::usage::Use;

pub use remains::Remainder;
pub use retry::Pause;

/// How many calls are under way at once (`reference/iam.md` A5); halved each time IAM throttles.
pub const AT_ONCE: usize = 8;

/// How often the answer to a create may be lost before the person is asked; in between it is looked up and sent again.
const LOSSES: u32 = 3;

/// How often IAM has to say that nothing of a lost create is there: its lists lag, and a late call may still arrive.
const MAX_RECONCILIATIONS: u32 = 3;

#[derive(Clone, Debug, PartialEq)]
pub enum StepState {
    /// Not sent (or known not to have happened).
    Waiting,
    /// Sent, not answered.
    Sent,
    Done(Made),
    /// Was so already; undo leaves it alone.
    Found(Made),
    /// Refused, without effect.
    Failed(Fault),
    /// The answer was lost or torn: it may have happened.
    Unclear(Fault),
    /// Made by this run, and undone.
    Undone,
    /// Made by this run, and it could not be undone.
    UndoFailed(Fault),
    /// Made by this run, and it stays: these use it.
    Kept(Vec<String>),
}

impl StepState {
    pub fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Waiting => ("·", "waiting"),
            Self::Sent => ("…", "sent"),
            Self::Done(_) => ("✓", "done"),
            Self::Found(_) => ("✓", "was so already"),
            Self::Failed(_) => ("✗", "failed"),
            Self::Unclear(_) => ("?", "unclear: it may have happened"),
            Self::Undone => ("↶", "undone"),
            Self::UndoFailed(_) => ("✗", "still there"),
            Self::Kept(_) => ("=", "stays"),
        }
    }

    /// Whether it was to be undone.
    pub fn is_back(&self) -> bool {
        matches!(self, Self::Undone | Self::UndoFailed(_) | Self::Kept(_))
    }

    /// Why it stays although it was to be undone: who uses it.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Kept(users) => Some(format!("used by {}", users.join(", "))),
            _ => None,
        }
    }

    /// Why it failed, is unclear, or is still there.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Failed(fault) | Self::Unclear(fault) | Self::UndoFailed(fault) => Some(fault),
            _ => None,
        }
    }
}

/// Where the run as a whole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
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
    /// Look first who uses this thing, which the step makes or changes.
    Survey(StepId, Owned),
    /// Look first whether this create happened.
    Reconcile(StepId),
    /// Attach again what this undo has just detached: the thing stays after all.
    Again(StepId),
    /// Do this, if these things are still those that the run knows.
    Call(StepId, Operation, Vec<Owned>),
}

/// What is not known of a step since an answer was lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Doubt {
    /// Its answer was lost so often since the last decision of the person.
    losses: u32,
    /// So often in a row IAM showed nothing of a lost create.
    reconciliations: u32,
    /// What the lost call did has to be looked up before it is sent again.
    reconcile_first: bool,
    /// An earlier answer was lost: until the step is done or looked up, it may have happened, whatever a later try says.
    maybe_applied: bool,
    /// An answer was lost at any time: a late call may still take effect after a look that found nothing.
    was_lost: bool,
    /// When it was sent and its answer lost, by AWS's clock.
    lost_at: Vec<i64>,
    /// A thing of its name is there that can't be proven to be of the lost call.
    unproven: bool,
}

#[derive(Clone, Debug)]
struct Entry {
    state: StepState,
    /// How often it was sent since the last decision of the person.
    tries: u32,
    /// Waits before it is sent or looked up.
    pause: Option<Pause>,
    /// What it made, kept while undo has not succeeded.
    made: Option<Made>,
    /// When its name was last seen free, by AWS's clock.
    free_at: Option<i64>,
    /// The thing that it changes and the run did not make; it was not so already.
    before: Option<Owned>,
    /// What stood there before it; `None` until that was read.
    old: Option<Old>,
    /// Who had that thing's permissions when the run first read it, by unique ids.
    users_before: Vec<String>,
    /// This undo has detached it; where its group stays after all it is attached again.
    detached: bool,
    /// So often IAM has refused to delete it since something is still attached to it.
    conflicts: u32,
    /// It is of an earlier start: IAM has long known of it.
    is_old: bool,
    /// What is not known of it since an answer was lost.
    doubt: Doubt,
}

impl Entry {
    fn done(&mut self, made: Made) {
        self.doubt.lost_at.pop();
        self.doubt.maybe_applied = false;
        self.doubt.reconcile_first = false;
        self.is_old = false;
        self.made = Some(made.clone());
        self.state = StepState::Done(made);
    }

    /// It was refused; where that is `unclear`, its answer was lost.
    fn refused(&mut self, unclear: bool) {
        if unclear {
            self.lost();
        } else {
            self.doubt.lost_at.pop();
        }
    }

    /// What it did is not known.
    fn lost(&mut self) {
        (self.doubt.maybe_applied, self.doubt.was_lost) = (true, true);
    }

    /// Nothing of it is there: it can be sent.
    fn never_was(&mut self) {
        self.state = StepState::Waiting;
        self.doubt.reconcile_first = false;
        self.doubt.maybe_applied = false;
        self.doubt.reconciliations = 0;
    }
}

/// A step that is to be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dispatch {
    pub step: StepId,
    /// Look first what an earlier, lost call did.
    pub reconcile_first: bool,
}

/// What happened to each step of a plan.
#[derive(Clone, Debug)]
pub struct Ledger {
    plan: Plan,
    entries: Vec<Entry>,
    at_once: usize,
    /// IAM said that a change was under way already: from then on one call at a time goes to each thing.
    one_by_one: bool,
    halted: bool,
    /// What is for later is done now.
    is_taken_up: bool,
    /// An earlier start made some of it: IAM has long known of that, and others may have changed it since.
    is_replayed: bool,
    /// Something was not found under its name when it was to be undone.
    not_found: bool,
    /// Who uses the things of the run, by the things' unique ids, as this undo has seen it.
    usage: BTreeMap<String, Result<Vec<Use>, Fault>>,
}

impl Ledger {
    /// A ledger in which every step waits.
    pub fn new(plan: Plan) -> Self {
        let entry = Entry {
            state: StepState::Waiting,
            tries: 0,
            pause: None,
            made: None,
            free_at: None,
            before: None,
            old: None,
            users_before: Vec::new(),
            detached: false,
            conflicts: 0,
            doubt: Doubt::default(),
            is_old: false,
        };
        let entries = vec![entry; plan.steps().len()];
        Self {
            entries,
            plan,
            at_once: AT_ONCE,
            one_by_one: false,
            halted: false,
            is_taken_up: false,
            is_replayed: false,
            not_found: false,
            usage: BTreeMap::new(),
        }
    }

    /// The same, with when each step's name was last seen free: the read by which a lost create is proven ours.
    pub fn with_free_names(plan: Plan, free_at: impl Fn(&Operation) -> Option<i64>) -> Self {
        let mut new = Self::new(plan);
        for (entry, step) in new.entries.iter_mut().zip(new.plan.steps()) {
            entry.free_at = free_at(&step.operation);
        }
        new
    }

    /// Takes when the names of what was not made yet were seen free now: an earlier start's sight proves nothing any more.
    pub fn see(&mut self, free_at: impl Fn(&Operation) -> Option<i64>) {
        for (entry, step) in self.entries.iter_mut().zip(self.plan.steps()) {
            if step.operation.makes_entity() && !entry.doubt.maybe_applied && entry.made.is_none() {
                entry.free_at = free_at(&step.operation);
            }
        }
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub fn rows(&self) -> impl DoubleEndedIterator<Item = (&Step, &StepState)> {
        self.plan.steps().iter().zip(self.entries.iter().map(|entry| &entry.state))
    }

    pub fn state(&self, id: StepId) -> Option<&StepState> {
        self.entries.get(id.0).map(|entry| &entry.state)
    }

    pub fn made(&self, id: StepId) -> Option<&Made> {
        match self.state(id)? {
            StepState::Done(made) | StepState::Found(made) => Some(made),
            _ => None,
        }
    }

    /// When the name of a step's thing was last seen free, by AWS's clock.
    pub fn free_at(&self, id: StepId) -> Option<i64> {
        self.entries.get(id.0)?.free_at
    }

    /// The pause in which a step waits to be sent or looked up again.
    pub fn pause(&self, id: StepId) -> Option<&Pause> {
        self.entries.get(id.0)?.pause.as_ref()
    }

    /// Whether the answer to an earlier try of this step was lost.
    pub fn was_lost(&self, id: StepId) -> bool {
        self.entries.get(id.0).is_some_and(|entry| entry.doubt.was_lost)
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
            let step = &self.plan.steps()[index];
            let met = step.needs.iter().all(|need| self.made(*need).is_some()) && (self.is_taken_up || !step.later);
            let ready = met && self.entries[index].state == StepState::Waiting && self.entries[index].pause.is_none();
            if free > 0 && ready && !(self.one_by_one && self.is_busy_with(index)) {
                let entry = &mut self.entries[index];
                entry.state = StepState::Sent;
                entry.tries += u32::from(!entry.doubt.reconcile_first);
                sent.push(Dispatch { step: StepId(index), reconcile_first: entry.doubt.reconcile_first });
                free -= 1;
            }
        }
        sent
    }

    /// Whether a call on the same user, group or policy is under way.
    fn is_busy_with(&self, index: usize) -> bool {
        let operation = &self.plan.steps()[index].operation;
        self.rows().any(|(step, state)| *state == StepState::Sent && step.operation.shares_entity(operation))
    }

    /// How many calls are under way.
    pub fn in_flight(&self) -> usize {
        self.entries.iter().filter(|entry| entry.state == StepState::Sent).count()
    }

    /// Nothing new starts from here on; what is under way is still awaited.
    pub fn stop(&mut self) {
        self.halted = true;
        for entry in &mut self.entries {
            entry.pause = None;
        }
    }

    /// Where the run stands.
    pub fn status(&self) -> RunStatus {
        let settled = |entry: &Entry, step: &Step| match entry.state {
            StepState::Done(_) | StepState::Found(_) => true,
            // The secret is handed over whatever becomes of what may be left out.
            StepState::Undone | StepState::UndoFailed(_) | StepState::Kept(_) => false,
            StepState::Waiting if step.later => !self.is_taken_up && !entry.doubt.maybe_applied,
            _ => !step.stops,
        };
        if self.entries.iter().zip(self.plan.steps()).all(|(entry, step)| settled(entry, step)) {
            RunStatus::Complete
        } else if self.halted && self.in_flight() == 0 {
            RunStatus::Stopped
        } else {
            RunStatus::Running
        }
    }

    /// What is for later is done from here on.
    pub fn take_up(&mut self) {
        self.is_taken_up = true;
    }

    /// The steps that are for later and were not done.
    pub fn open_later(&self) -> impl Iterator<Item = &Step> {
        let is_open = |state: &StepState| !matches!(state, StepState::Done(_) | StepState::Found(_));
        self.rows().filter(move |(step, state)| step.later && is_open(state)).map(|(step, _)| step)
    }

    /// Lets the failed and unclear steps, and those never sent, have another go. Creates whose answer was lost are looked up first.
    pub fn retry(&mut self) {
        self.halted = false;
        self.at_once = AT_ONCE;
        for (entry, step) in self.entries.iter_mut().zip(self.plan.steps()) {
            (entry.tries, entry.doubt.losses, entry.doubt.reconciliations, entry.pause, entry.doubt.unproven) =
                (0, 0, 0, None, false);
            if matches!(entry.state, StepState::Failed(_) | StepState::Unclear(_)) {
                entry.state = StepState::Waiting;
            }
            entry.doubt.reconcile_first = entry.state == StepState::Waiting
                && entry.doubt.maybe_applied
                && step.operation.when_lost() == WhenLost::ReconcileFirst;
            // What may have happened keeps what was read before it.
            if !entry.doubt.maybe_applied && entry.state == StepState::Waiting {
                (entry.before, entry.old) = (None, None);
            }
        }
    }

    /// Whether a step failed or is unclear; after a person's own stop none need be.
    pub fn has_failed(&self) -> bool {
        self.rows().any(|(_, state)| matches!(state, StepState::Failed(_) | StepState::Unclear(_)))
    }

    /// Whether a step was refused because there are no credentials, or none that AWS takes any more.
    pub fn needs_credentials(&self) -> bool {
        let of_credentials = |kind: &FaultKind| {
            matches!(kind, FaultKind::Expired | FaultKind::NoCredentials | FaultKind::UnknownKey | FaultKind::WrongSecret)
        };
        // A new key that is not proven says nothing of the caller's.
        let is_call = |step: &Step| step.operation.nature() != Nature::Local;
        self.rows().any(|(step, state)| is_call(step) && state.fault().is_some_and(|fault| of_credentials(&fault.kind)))
    }

    /// Whether something was not found under its name when it was to be undone.
    pub fn has_missed(&self) -> bool {
        self.not_found
    }

    /// What a step does, with the ids of what earlier steps made.
    pub fn resolved(&self, step: &Step) -> Operation {
        let known = |key: &KeyRef| match key {
            KeyRef::MadeBy(step) => match self.entries.get(step.0).and_then(|entry| entry.made.as_ref()) {
                Some(Made::Key { id, .. }) => KeyRef::Known(id.clone()),
                _ => key.clone(),
            },
            KeyRef::Known(_) => key.clone(),
        };
        match &step.operation {
            Operation::DescribeAccessKey(one) => DescribeAccessKey { key: known(&one.key), ..one.clone() }.into(),
            Operation::ProveAccessKey(one) => ProveAccessKey { key: known(&one.key), ..one.clone() }.into(),
            Operation::SaveProfile(one) => SaveProfile { key: known(&one.key), ..one.clone() }.into(),
            operation => operation.clone(),
        }
    }
}
