//! *Create*: the run. Steps are sent as the ledger lets them, each answer is entered, and a stopped run ends in a choice:
//! retry, undo, or leave.

use std::time::Duration;

use super::asking::Asking;
use super::dialog::Dialog;
use super::effect::{Effect, Farewell};
use super::event::{Event, Key, Wake};
use super::handing_over::HandingOver;
use super::keymap::{Command, command};
use super::reviewing::Reviewing;
use super::{Context, Out, Phase, entry};
use crate::domain::facts::{Existence, Fact};
use crate::domain::ledger::{Ledger, Standing, StepState, UndoMove};
use crate::domain::password::PasswordPolicy;
use crate::domain::plan::Plan;
use crate::domain::request::Request;
use crate::domain::step::{Action, StepId};

/// What the run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Making.
    Making,
    /// Taking back, one call after the other.
    Undoing,
}

/// What the person can choose when nothing is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Send the failed and unclear steps again.
    Retry,
    /// Go on after the person's own stop; nothing failed.
    GoOn,
    /// Take back what this run made.
    Undo,
    /// Leave it as it is.
    Leave,
    /// Back to the review; nothing remains.
    Review,
}

impl Choice {
    /// Its words in the menu.
    pub fn words(self) -> &'static str {
        match self {
            Self::Retry => "Retry what failed or is unclear",
            Self::GoOn => "Go on",
            Self::Undo => "Undo: take back what this run made",
            Self::Leave => "Leave",
            Self::Review => "Back to Review",
        }
    }
}

/// How often an undo call is made again that IAM refuses for the moment (a password just set can't be deleted at once).
const UNDO_TRIES: u32 = 10;
const UNDO_PAUSE: Duration = Duration::from_secs(2);

/// A run.
#[derive(Debug)]
pub struct Creating {
    asking: Asking,
    request: Request,
    /// What happened to each step.
    pub ledger: Ledger,
    policy: PasswordPolicy,
    /// Making or taking back.
    pub course: Course,
    /// The highlighted choice.
    pub at: usize,
    undo_in_flight: bool,
    /// How often the undo call under way was refused for the moment.
    undo_tries: u32,
    /// The person wants undo to pause after the call under way.
    undo_pauses: bool,
}

impl Creating {
    pub(super) fn start(asking: Asking, request: Request, plan: Plan, context: &mut Context, out: &mut Out) -> Phase {
        plan.stow(&request, &context.vault);
        let policy = context.facts.password_policy.as_ref().and_then(Fact::known).cloned().unwrap_or_default();
        let new = Self {
            asking,
            request,
            ledger: Ledger::new(plan),
            policy,
            course: Course::Making,
            at: 0,
            undo_in_flight: false,
            undo_tries: 0,
            undo_pauses: false,
        };
        Box::new(new).go_on(context, out)
    }

    /// Whether calls are under way.
    pub fn is_moving(&self) -> bool {
        self.undo_in_flight || (self.course == Course::Making && self.ledger.standing() == Standing::Running)
    }

    /// What can be chosen now; nothing while calls are under way.
    pub fn choices(&self) -> Vec<Choice> {
        if self.is_moving() {
            return Vec::new();
        }
        let remains = !self.ledger.remains().is_empty();
        let again = if self.ledger.has_failed() { Choice::Retry } else { Choice::GoOn };
        match self.course {
            Course::Making if remains => vec![again, Choice::Undo, Choice::Leave],
            Course::Making => vec![again, Choice::Review, Choice::Leave],
            Course::Undoing if remains => vec![Choice::Undo, Choice::Leave],
            Course::Undoing => vec![Choice::Review, Choice::Leave],
        }
    }

    /// Sends what can be sent; goes to the hand-over when everything is done.
    fn go_on(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Phase {
        if self.course == Course::Undoing {
            self.undo_on(context, out);
            return Phase::Creating(self);
        }
        for dispatch in self.ledger.dispatch() {
            out.effects.extend(if dispatch.look_first {
                self.look(dispatch.step, context)
            } else {
                Effect::perform(&self.ledger, dispatch.step, &self.policy)
            });
        }
        if self.ledger.standing() == Standing::Complete {
            return HandingOver::open(self.request, self.ledger, self.asking.guide(), context, out);
        }
        Phase::Creating(self)
    }

    /// The look at what a lost create did.
    fn look(&self, step: StepId, context: &Context) -> Option<Effect> {
        let action = self.ledger.plan().step(step)?.action.clone();
        Some(Effect::Look { step, free_at: free_at(&action, context), action })
    }

    /// One undo call at a time, from the last step to the first.
    fn undo_on(&mut self, context: &Context, out: &mut Out) {
        self.undo_in_flight = true;
        if std::mem::take(&mut self.undo_pauses) {
            self.undo_in_flight = false;
            return;
        }
        match self.ledger.next_undo() {
            Some(UndoMove::Call(step, undo)) => out.effects.push(Effect::Undo { step, undo }),
            Some(UndoMove::Look(step)) => out.effects.extend(self.look(step, context)),
            None => self.undo_in_flight = false,
        }
    }

    /// No further call is started.
    #[must_use]
    pub(super) fn stopped(mut self: Box<Self>) -> Self {
        self.ledger.stop();
        *self
    }

    pub(super) fn key(mut self: Box<Self>, key: Key, context: &mut Context, out: &mut Out) -> Phase {
        match command(key, false) {
            Some(Command::Back | Command::Leave) if self.is_moving() => match self.course {
                Course::Making => out.dialog = Some(Dialog::stop()),
                Course::Undoing => self.undo_pauses = true,
            },
            _ => match key {
                Key::Up | Key::BackTab => self.at = self.at.saturating_sub(1),
                Key::Down | Key::Tab => self.at = (self.at + 1).min(self.choices().len().saturating_sub(1)),
                Key::Enter => return self.press(context, out),
                // Leaving is one of the choices; it is shown, not assumed.
                Key::Ctrl('c') | Key::Esc => self.at = self.choices().len().saturating_sub(1),
                _ => {}
            },
        }
        Phase::Creating(self)
    }

    fn press(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Phase {
        match self.choices().get(self.at) {
            Some(Choice::Retry | Choice::GoOn) => {
                self.ledger.retry();
                self.at = 0;
                self.go_on(context, out)
            }
            Some(Choice::Undo) => {
                self.ledger.retry_undo();
                self.course = Course::Undoing;
                self.at = 0;
                self.go_on(context, out)
            }
            Some(Choice::Review) => Reviewing::open(self.asking, context, out),
            Some(Choice::Leave) => {
                let farewell = self.farewell(context);
                out.leave(farewell)
            }
            None => Phase::Creating(self),
        }
    }

    pub(super) fn on(mut self: Box<Self>, event: Event, context: &mut Context, out: &mut Out) -> Phase {
        match event {
            Event::Stepped { step, answer } => {
                if let Some(pause) = self.ledger.settle(step, answer) {
                    out.effects.push(Effect::WakeIn(pause, Wake::Resume(step)));
                }
                self.go_on(context, out)
            }
            Event::Woke(Wake::Resume(step)) => {
                self.ledger.resume(step);
                // An undo has begun meanwhile: it goes its own pace.
                if self.course == Course::Undoing { Phase::Creating(self) } else { self.go_on(context, out) }
            }
            Event::Woke(Wake::UndoAgain) => self.go_on(context, out),
            Event::Looked { step, answer } => {
                self.ledger.looked(step, answer);
                if self.course == Course::Undoing {
                    // What could not be looked at can't be taken back either; what is not ours is left alone.
                    if let Some(StepState::Unclear(fault)) = self.ledger.state(step).cloned() {
                        self.ledger.undone(step, Err(fault));
                    }
                }
                self.go_on(context, out)
            }
            Event::Undone { answer: Err(fault), .. } if fault.is_passing() && self.undo_tries < UNDO_TRIES => {
                self.undo_tries += 1;
                out.effects.push(Effect::WakeIn(UNDO_PAUSE, Wake::UndoAgain));
                Phase::Creating(self)
            }
            Event::Undone { step, answer } => {
                self.undo_tries = 0;
                self.ledger.undone(step, answer);
                self.go_on(context, out)
            }
            Event::Click(target) => match entry(target) {
                Some(at) => {
                    self.at = at;
                    self.press(context, out)
                }
                None => Phase::Creating(self),
            },
            _ => Phase::Creating(self),
        }
    }

    /// The short account: what remains, and how it is removed.
    pub(super) fn farewell(&self, context: &Context) -> Farewell {
        let remains = self.ledger.remains();
        if remains.is_empty() {
            let failed = self.ledger.rows().any(|(_, state)| matches!(state, StepState::Failed(_) | StepState::Undone));
            let code = if failed { 1 } else { 130 };
            return Farewell { code, lines: vec!["Nothing of this run remains in the account.".to_owned()] };
        }
        if context.is_practice() {
            let lines = vec!["This was practice: the account ends with the program, and nothing remains.".to_owned()];
            return Farewell { code: 1, lines };
        }
        let mut lines = vec!["This run left something in the account. To remove it, in this order:".to_owned()];
        for remainder in remains {
            let certain = if remainder.certain { "" } else { " (unclear: may not be there)" };
            lines.push(format!("  # made by: {}{certain}", remainder.words));
            lines.push(format!("  {}{}", remainder.command, context.cli_options()));
        }
        Farewell { code: 3, lines }
    }
}

/// When the name of a create was last seen free, by AWS's clock.
fn free_at(action: &Action, context: &Context) -> Option<i64> {
    let fact = match action {
        Action::CreateUser { user, .. } => context.facts.user.get(user.as_str()),
        Action::CreateGroup { group } => context.facts.group.get(group.as_str()),
        _ => None,
    };
    match fact.and_then(Fact::known) {
        Some(Existence::FreeAt(seconds)) => Some(*seconds),
        _ => None,
    }
}
