//! The calls of a run, as data: what is sent, what came back, and what the journal says of both.

use super::fault::{Fault, FaultKind};
use super::operation::{Made, Old, Operation, Owned, SecretKind};
use super::password::PasswordPolicy;
use super::record::Record;
use super::secret::SecretId;
use super::step_id::StepId;
use super::usage::Use;

/// When the calls were sent whose answers were lost, by AWS's clock: what was made at another time is of somebody else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Each sending, in seconds since 1970.
    pub sent: Vec<i64>,
    /// An earlier start sent some of them: in between anybody may have made a key as well.
    pub is_old: bool,
}

/// How long after it was sent, in seconds, a call may take effect; AWS's clock shows whole seconds.
const LATE: i64 = 120;

impl Window {
    /// Whether what was made then can be of one of the calls.
    pub fn holds(&self, created: i64) -> bool {
        self.sent.iter().any(|sent| (sent - 1..=sent + LATE).contains(&created))
    }
}

/// How it was before a step changes something that the run did not make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Before {
    /// So already: there is nothing to do, and nothing to undo.
    Same(Made),
    /// Otherwise; undo makes it so again, as long as this is still the same thing.
    Other {
        /// The thing; none where the step makes it.
        thing: Option<Owned>,
        /// The unique ids of those who have its permissions now: whoever comes later must not lose what the step gives.
        users: Vec<String>,
        /// What undo restores.
        old: Old,
    },
}

/// What is there after a create whose answer was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reconciled {
    /// What the lost call made; it is proven ours, and stays.
    Ours(Made),
    /// What the lost call made was useless to everybody (a key without its secret), and was removed.
    Removed,
    Nothing,
}

/// What a step's call needs besides the operation itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Perform {
    /// The step, under which a secret goes into the vault.
    pub step: StepId,
    /// What it does; of earlier steps' things it has the ids.
    pub operation: Operation,
    /// An earlier try was lost: a key that it made late is removed.
    pub was_lost: bool,
    /// When the lost tries were sent.
    pub window: Window,
    /// What stood there before the first try.
    pub old: Old,
    /// The things on which it is made, where others may have made newer ones of their names meanwhile: they are checked first.
    pub owned: Vec<Owned>,
    /// The ARNs of the policies that a group is to get: one that somebody made meanwhile is joined if it gives no more.
    pub gives: Vec<String>,
    /// What a generated password must meet.
    pub policy: PasswordPolicy,
    /// Where the secret of the key lies that it is about; one of an earlier start lies in a profile.
    pub secret: Option<SecretId>,
}

impl Perform {
    /// The operation and nothing else: what takes a step back needs no more.
    pub fn plain(operation: Operation) -> Self {
        Self {
            step: StepId(0),
            operation,
            was_lost: false,
            window: Window::default(),
            old: Old::Nothing,
            owned: Vec::new(),
            gives: Vec::new(),
            policy: PasswordPolicy::default(),
            secret: None,
        }
    }
}

/// What is known of a call whose answer was lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// When its name was last seen free, by AWS's clock.
    pub free_at: Option<i64>,
    /// The run's own things on which it was made.
    pub owned: Vec<Owned>,
    pub window: Window,
    /// What stood there before it.
    pub old: Old,
    /// A key that one of the person's profiles holds is left alone.
    pub spares_saved: bool,
}

/// One thing to ask of IAM that may change the account.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// Make a step's call.
    Perform(Box<Perform>),
    /// Read how it is before a thing is changed that the run did not make.
    Read { step: StepId, operation: Operation },
    /// Look at what a lost call did.
    Reconcile { step: StepId, operation: Operation, lost: Lost },
    /// Look who uses a thing, before anything of it is undone.
    Survey { step: StepId, thing: Owned },
    /// Take a step back.
    Undo {
        step: StepId,
        operation: Operation,
        /// The things that must still be those that the run knows.
        owned: Vec<Owned>,
        /// A key that one of the person's profiles holds is left alone.
        spares_saved: bool,
    },
}

impl Call {
    pub fn step(&self) -> StepId {
        match self {
            Self::Perform(perform) => perform.step,
            Self::Read { step, .. } | Self::Reconcile { step, .. } | Self::Survey { step, .. } | Self::Undo { step, .. } => *step,
        }
    }

    /// What is written down before these calls are sent; `clock` is AWS's.
    pub fn intents(calls: &[Self], clock: Option<i64>) -> Vec<Record> {
        let sent: Vec<StepId> = calls.iter().filter(|call| matches!(call, Self::Perform(_))).map(Self::step).collect();
        let makes_key =
            |call: &Self| matches!(call, Self::Perform(perform) if perform.operation.brings() == Some(SecretKind::Key));
        let clock = clock.filter(|_| calls.iter().any(makes_key)).map(Record::Clock);
        let sent = (!sent.is_empty()).then_some(Record::Sent(sent));
        let mut records: Vec<Record> = clock.into_iter().chain(sent).collect();
        records.extend(calls.iter().filter_map(|call| match call {
            Self::Perform(_) | Self::Read { .. } | Self::Survey { .. } => None,
            Self::Reconcile { step, .. } => Some(Record::Looking(*step)),
            Self::Undo { step, .. } => Some(Record::Undoing(*step)),
        }));
        records
    }

    /// The answer of a call that was not sent.
    pub fn refused(&self, fault: Fault) -> CallAnswer {
        match self {
            Self::Perform(_) => CallAnswer::Performed(Err(fault)),
            Self::Read { .. } => CallAnswer::Read(Err(fault)),
            Self::Reconcile { .. } => CallAnswer::Reconciled(Err(fault)),
            Self::Survey { thing, .. } => CallAnswer::Surveyed { thing: thing.clone(), answer: Err(fault) },
            Self::Undo { .. } => CallAnswer::Undone(Err(fault)),
        }
    }

    /// Whether its answer brings a secret: what it made is on the disk before anybody sees that.
    pub fn brings_secret(&self) -> bool {
        matches!(self, Self::Perform(perform) if perform.operation.brings().is_some())
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub enum CallAnswer {
    /// What a step's call came to.
    Performed(Result<Made, Fault>),
    /// How it is before the step.
    Read(Result<Before, Fault>),
    /// What is there of a lost create.
    Reconciled(Result<Reconciled, Fault>),
    /// Who uses a thing.
    Surveyed {
        thing: Owned,
        /// Who, or why that can't be seen.
        answer: Result<Vec<Use>, Fault>,
    },
    /// Whether it is gone.
    Undone(Result<(), Fault>),
}

impl CallAnswer {
    /// The same, with its fault changed, where it is one.
    #[must_use]
    pub fn with_fault(self, change: impl FnOnce(Fault) -> Fault) -> Self {
        match self {
            Self::Performed(answer) => Self::Performed(answer.map_err(change)),
            Self::Read(answer) => Self::Read(answer.map_err(change)),
            Self::Reconciled(answer) => Self::Reconciled(answer.map_err(change)),
            Self::Surveyed { thing, answer } => Self::Surveyed { thing, answer: answer.map_err(change) },
            Self::Undone(answer) => Self::Undone(answer.map_err(change)),
        }
    }

    /// What is written down of it; nothing where it says nothing new.
    pub fn records(&self, step: StepId) -> Vec<Record> {
        let failed = |fault: &Fault, unclear| Record::Failed { step, why: fault.to_string(), unclear };
        match self {
            Self::Performed(Ok(made)) | Self::Reconciled(Ok(Reconciled::Ours(made))) => vec![Record::Made(step, made.clone())],
            Self::Performed(Err(fault)) => vec![failed(fault, fault.unclear)],
            Self::Read(Ok(Before::Same(made))) => vec![Record::Found(step, made.clone())],
            Self::Read(Ok(Before::Other { thing, users, old })) => {
                let changes = thing.clone().map(|thing| Record::Changes(step, thing, old.clone()));
                changes.into_iter().chain([Record::UsedBy(step, users.clone())]).collect()
            }
            Self::Read(Err(fault)) => vec![failed(fault, false)],
            Self::Reconciled(Ok(Reconciled::Removed)) => vec![Record::Removed(step)],
            Self::Reconciled(Err(fault)) if fault.kind == FaultKind::Exists => vec![Record::Unproven(step)],
            Self::Reconciled(Ok(Reconciled::Nothing) | Err(_)) | Self::Surveyed { .. } => Vec::new(),
            Self::Undone(Ok(())) => vec![Record::Undone(step)],
            Self::Undone(Err(fault)) => vec![Record::UndoFailed { step, why: fault.to_string() }],
        }
    }
}
