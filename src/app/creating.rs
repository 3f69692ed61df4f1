//! *Create*: the run. Steps are sent as the ledger lets them, each answer is entered, and a stopped run ends in a choice:
//! retry, undo, or leave. A run of an earlier start resumes here as well.

mod choices;
pub(super) mod ending;
mod undoing;

use std::ops::ControlFlow::{Break, Continue};
use std::sync::Arc;
use std::time::Duration;

use super::again::as_one_command;
use super::asking::Asking;
use super::dialog::Dialog;
use super::effect::Effect;
use super::event::{Event, Key, Signal, Wake};
use super::handing_over::Finished;
use super::keymap::{KeyCommand, command};
use super::tasks::Task;
use super::transition::{Transition, Turn};
use super::{Context, Out, entry};
use crate::domain::call::{Call, CallAnswer, Reconciled};
use crate::domain::caller::Source;
use crate::domain::facts::Fact;
use crate::domain::journal::Run;
use crate::domain::ledger::{Ledger, RunStatus};
use crate::domain::operation::{KeyStatus, Made, Operation, SecretKind};
use crate::domain::password::PasswordPolicy;
use crate::domain::plan::Plan;
use crate::domain::record::Record;
use crate::domain::secret::SecretId;
use crate::domain::step_id::StepId;
use crate::domain::walkthrough::ResolvedWalkthrough;

pub use choices::RunChoice;
use undoing::{Undo, Undoing};

/// What the run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    Making,
    /// Undoing, one call after the other.
    Undoing,
}

/// Who has to agree before undo changes anything; who uses what is checked first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Nobody: it was ordered.
    Given,
    /// The person, who is shown what goes and what stays.
    Asked,
    /// The same on the ordinary screen; the person then types this word, where there is one.
    Told(Option<String>),
}

/// Where a run comes from.
#[derive(Debug)]
enum Origin {
    Pages(Box<Asking>),
    /// An earlier start: there is no review to go back to.
    Earlier,
    /// A hand-over in which nobody could receive the secret.
    HandOver,
}

/// The account of a run, and whether whoever calls now is of it.
#[derive(Debug)]
struct RunAccount {
    id: String,
    /// Whose credentials it began with: to sign in again means these.
    source: Source,
    /// Whoever calls now is of another account: nothing is sent, lest it be done there.
    is_foreign: bool,
    /// The caller is being looked up: until then nothing is sent.
    is_connecting: bool,
}

#[derive(Debug)]
pub struct Creating {
    pub task: &'static Task,
    walkthrough: Arc<ResolvedWalkthrough>,
    origin: Origin,
    /// What happened to each step.
    pub ledger: Ledger,
    policy: PasswordPolicy,
    /// Making or undoing.
    pub course: Course,
    /// The highlighted choice.
    pub at: usize,
    /// Why the run does not go on, beyond the steps' own faults.
    pub said: Option<String>,
    undo: Undo,
    account: RunAccount,
    /// Nothing new starts while the person is asked whether to stop.
    is_held: bool,
    /// The console password is the person's own.
    own_password: bool,
    /// The program was asked to end, as soon as nothing is under way.
    ending: Option<Signal>,
}

impl Creating {
    fn new(task: &'static Task, walkthrough: Arc<ResolvedWalkthrough>, ledger: Ledger, context: &Context) -> Self {
        Self {
            task,
            walkthrough,
            origin: Origin::HandOver,
            ledger,
            policy: context.facts.password_policy().and_then(Fact::into_known).cloned().unwrap_or_default(),
            course: Course::Making,
            at: 0,
            said: None,
            undo: Undo::new(if context.interactive { Agreement::Asked } else { Agreement::Given }),
            account: RunAccount {
                id: context.facts.caller().map(|caller| caller.account.clone()).unwrap_or_default(),
                source: context.sign_in.source.clone(),
                is_foreign: false,
                is_connecting: false,
            },
            is_held: false,
            own_password: false,
            ending: None,
        }
    }

    /// Begins the run that was planned on these pages.
    pub(super) fn start(asking: Asking, plan: Plan, context: &mut Context, out: &mut Out) -> Turn<Self> {
        context.again = as_one_command(&asking, &plan, context);
        let own_password = asking.answers().console().and_then(|console| console.own_password.as_ref());
        plan.store_own_password(own_password, &context.vault);
        let own_password = own_password.is_some();
        let ledger = Ledger::with_free_names(plan, |operation| context.facts.free_at(operation));
        out.effects.extend(context.begin(asking.task(), &ledger));
        if context.keeps_answers() {
            out.effects.push(Effect::ForgetAnswers);
        }
        let (task, walkthrough) = (asking.task(), Arc::clone(asking.walkthrough()));
        let origin = Origin::Pages(Box::new(asking));
        Box::new(Self { origin, own_password, ..Self::new(task, walkthrough, ledger, context) }).go_on(context, out)
    }

    /// Resumes a run of an earlier start.
    pub(super) fn resume(run: Run, course: Course, agreement: Agreement, context: &mut Context, out: &mut Out) -> Turn<Self> {
        (context.run, context.again) = (Some(run.beginning.run.clone()), None);
        let renewing = if course == Course::Making { run.lost_secrets() } else { Vec::new() };
        // What another run left there is not this one's.
        run.ledger.plan().forget_secrets(&context.vault);
        let files = if course == Course::Undoing { run.files() } else { Vec::new() };
        // What was begun of it is finished, too.
        let is_agreed = agreement == Agreement::Given;
        let is_due = is_agreed || run.due().is_some() || run.ledger.is_beyond_undo().is_some();
        let task = Task::of(run.beginning.task);
        let mut new = Self {
            origin: Origin::Earlier,
            course,
            undo: Undo { renewing, files, ..Undo::new(agreement) },
            ..Self::new(task, Arc::new(ResolvedWalkthrough::plain()), run.ledger, context)
        };
        // What is left for later is all that is left, or waits on.
        if course == Course::Making && is_due {
            new.ledger.take_up();
        }
        new.ledger.retry_undo();
        if course == Course::Making && new.undo.renewing.is_empty() {
            new.ledger.retry();
        }
        Box::new(new).go_on(context, out)
    }

    /// The run as the hand-over takes it.
    fn finished(self) -> Finished {
        Finished { task: self.task, ledger: self.ledger, walkthrough: self.walkthrough, own_password: self.own_password }
    }

    /// Whether calls are under way.
    pub fn is_moving(&self) -> bool {
        let making = self.course == Course::Making && self.undo.renewing.is_empty();
        !matches!(self.undo.state, Undoing::Idle | Undoing::Asking) || (making && self.ledger.status() == RunStatus::Running)
    }

    /// Brings in whether the caller is being looked up.
    pub(super) fn refresh(&mut self, context: &Context) {
        self.account.is_connecting = context.facts.caller.as_ref().is_some_and(Fact::is_pending);
        self.at = self.at.min(self.choices().len().saturating_sub(1));
    }

    /// What earlier runs left for others, and nobody uses any more; in words.
    pub fn freed(&self) -> &[String] {
        self.undo.freed.as_deref().unwrap_or_default()
    }

    /// Whether the program was asked to end.
    pub fn is_ending(&self) -> bool {
        self.ending.is_some()
    }

    fn is_in_flight(&self) -> bool {
        self.undo.state == Undoing::Sent || self.ledger.in_flight() > 0
    }

    /// Sends what can be sent; goes to the hand-over when everything is done.
    fn go_on(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        if self.ending.is_some() {
            return if self.is_in_flight() { Continue(self) } else { self.end_without_key(context, out) };
        }
        if self.course == Course::Undoing || !self.undo.renewing.is_empty() {
            self.undo_on(out);
        }
        if self.course == Course::Undoing {
            if self.undo.state == Undoing::Idle && (!context.interactive || self.ledger.remains().is_empty()) {
                if self.undo.freed.is_none() && !context.is_practice() {
                    self.undo.state = Undoing::LookingUp;
                    out.effects.push(Effect::FindFreed);
                    return Continue(self);
                }
                // Without anybody to choose the program ends, once what happened to the last step is shown.
                out.effects.extend(match context.interactive {
                    true => self.recorded_end(),
                    false => Some(Effect::WakeIn(Duration::ZERO, Wake::EndNow)),
                });
            }
            return Continue(self);
        }
        if self.undo.renewing.is_empty() {
            let ready = if self.is_held { Vec::new() } else { self.ledger.dispatch() };
            let calls: Vec<_> = ready.into_iter().filter_map(|dispatch| self.ledger.call(dispatch, &self.policy)).collect();
            if !calls.is_empty() {
                out.effects.extend(self.sign_with_new_key(&calls, context));
                out.effects.push(Effect::Call(calls));
            }
            if self.ledger.status() == RunStatus::Complete {
                // There is nothing to hand over, and nobody to hand it to.
                if !context.interactive && matches!(self.origin, Origin::Earlier) {
                    return self.end_complete(out);
                }
                return Break(Transition::HandOver(self.finished()));
            }
        }
        Continue(self)
    }

    /// Before the key stops that signs the calls, the new one takes over: it is proven by then.
    fn sign_with_new_key(&self, calls: &[Call], context: &mut Context) -> Option<Effect> {
        let own = context.sign_in.origins.keys.own.clone()?;
        let stops = |call: &Call| match call {
            Call::Perform(perform) => match &perform.operation {
                Operation::UpdateAccessKey(set) => set.key == own && set.status == KeyStatus::Inactive,
                Operation::DeleteAccessKey(delete) => delete.key == own,
                _ => false,
            },
            _ => false,
        };
        let step = self.ledger.plan().yielding(SecretKind::Key).filter(|_| calls.iter().any(stops))?;
        let Some(Made::Key { id, .. }) = self.ledger.made(step) else { return None };
        context.sign_in.origins.keys.own = Some(id.clone());
        Some(Effect::SignWith { key_id: id.clone(), secret: SecretId::Of(step) })
    }

    /// The person wants it to go on.
    pub(super) fn released(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        self.is_held = false;
        self.go_on(context, out)
    }

    /// No further call is started; where all that matters is done the secret is handed over.
    pub(super) fn stopped(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        self.ledger.stop();
        self.is_held = false;
        self.go_on(context, out)
    }

    pub(super) fn key(mut self: Box<Self>, key: Key, context: &mut Context, out: &mut Out) -> Turn<Self> {
        match command(key, false) {
            Some(KeyCommand::Back | KeyCommand::Leave) if self.is_moving() => match self.undo.state {
                Undoing::LookingUp => {}
                Undoing::Idle | Undoing::Asking => {
                    self.is_held = true;
                    out.dialog = Some(Dialog::stop());
                }
                Undoing::Sent => self.undo.pauses = true,
                Undoing::Pausing => {
                    self.undo.pauses = true;
                    return self.go_on(context, out);
                }
            },
            _ => match key {
                Key::Up | Key::BackTab => self.at = self.at.saturating_sub(1),
                Key::Down | Key::Tab => self.at = (self.at + 1).min(self.choices().len().saturating_sub(1)),
                Key::Enter => return self.press(context, out),
                Key::Ctrl('c') if self.ledger.remains().is_empty() && !self.choices().is_empty() => {
                    return self.end(context, out);
                }
                // Leaving is one of the choices; it is shown, not assumed.
                Key::Ctrl('c') | Key::Esc => self.at = self.choices().len().saturating_sub(1),
                _ => {}
            },
        }
        Continue(self)
    }

    pub(super) fn on(mut self: Box<Self>, event: Event, context: &mut Context, out: &mut Out) -> Turn<Self> {
        match event {
            Event::Answered { step, sent, answer } => {
                let is_key =
                    self.ledger.plan().yielding(SecretKind::Key) == Some(step) && matches!(answer, CallAnswer::Performed(_));
                self.ledger.sent_at(step, sent.filter(|_| is_key));
                self.answered(step, answer, context, out)
            }
            Event::Woke(Wake::Resume(step)) => {
                self.ledger.resume(step);
                // An undo has begun meanwhile: it goes its own pace.
                if self.course == Course::Undoing || !self.undo.renewing.is_empty() {
                    return Continue(self);
                }
                self.go_on(context, out)
            }
            Event::Woke(Wake::UndoAgain) if self.undo.state == Undoing::Pausing => self.go_on(context, out),
            Event::Woke(Wake::EndNow) => self.end(context, out),
            Event::Confirmed(agrees) => self.agreed(agrees, context, out),
            Event::Freed(lines) if self.undo.state == Undoing::LookingUp => {
                self.undo.freed = Some(lines);
                self.go_on(context, out)
            }
            Event::Click(target) => match entry(target) {
                Some(at) => {
                    self.at = at;
                    self.press(context, out)
                }
                None => Continue(self),
            },
            _ => Continue(self),
        }
    }

    fn answered(mut self: Box<Self>, step: StepId, answer: CallAnswer, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let jitter = context.jitter();
        let undoing = self.undo.state == Undoing::Sent;
        let found_nothing = matches!(answer, CallAnswer::Reconciled(Ok(Reconciled::Nothing)));
        let is_look = matches!(answer, CallAnswer::Reconciled(_));
        let pause = match answer {
            // What undo had detached, and attaches again.
            CallAnswer::Performed(answer) if undoing => self.ledger.attached_again(step, answer, jitter),
            CallAnswer::Performed(answer) => self.ledger.settle(step, answer, jitter),
            CallAnswer::Surveyed { thing, answer } => self.ledger.surveyed(step, &thing, answer, jitter),
            CallAnswer::Read(answer) => self.ledger.read(step, answer, jitter),
            CallAnswer::Reconciled(answer) => self.ledger.reconciled(step, answer, jitter),
            CallAnswer::Undone(answer) => self.ledger.undone(step, answer, jitter),
        };
        match pause {
            Some(pause) if undoing => {
                self.undo.state = Undoing::Pausing;
                out.effects.push(Effect::WakeIn(pause, Wake::UndoAgain));
                if self.ending.is_none() && !self.undo.pauses {
                    return Continue(self);
                }
            }
            Some(pause) => out.effects.push(Effect::WakeIn(pause, Wake::Resume(step))),
            None => {
                // It is settled now that nothing of the lost call is there.
                out.effects.extend(found_nothing.then(|| Effect::Record(vec![Record::Removed(step)])));
                if undoing {
                    self.undo.state = Undoing::Idle;
                    if is_look {
                        self.ledger.undo_given_up(step);
                    }
                }
            }
        }
        self.go_on(context, out)
    }

    /// The caller of the new credentials is known: only somebody of the same account goes on.
    pub(super) fn connected(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let account = context.facts.caller().map(|caller| caller.account.clone()).unwrap_or_default();
        self.account.is_foreign = account != self.account.id;
        if self.account.is_foreign {
            self.said = Some(format!("These credentials are of account {account}; this run is in account {}.", self.account.id));
            return Continue(self);
        }
        self.again(context, out)
    }

    /// The new credentials do not help either.
    pub(super) fn not_connected(mut self: Box<Self>, words: String) -> Turn<Self> {
        self.said = Some(words);
        Continue(self)
    }

    /// Does once more what did not go through.
    fn again(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        (self.at, self.said, self.is_held) = (0, None, false);
        match self.course {
            Course::Making if self.undo.renewing.is_empty() => self.ledger.retry(),
            _ => self.ledger.retry_undo(),
        }
        self.go_on(context, out)
    }
}
