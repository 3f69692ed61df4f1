//! Undoing: what this run made, or the steps of an earlier start whose secret nobody received.

use std::ops::ControlFlow::{Break, Continue};
use std::sync::Arc;

use super::{Agreement, Course, Creating, Origin};
use crate::app::dialog::Dialog;
use crate::app::effect::{Effect, Farewell};
use crate::app::handing_over::Finished;
use crate::app::transition::{Transition, Turn, leave};
use crate::app::{Context, Out};
use crate::domain::ledger::{StepState, UndoMove};
use crate::domain::step_id::StepId;
use crate::domain::walkthrough::ResolvedWalkthrough;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Undoing {
    Idle,
    /// The person is asked to agree.
    Asking,
    /// Looking up what earlier runs have left that nobody uses any more.
    LookingUp,
    /// A call is under way.
    Sent,
    /// Waiting before a call is made again.
    Pausing,
}

/// Undoing, as far as it is.
#[derive(Debug)]
pub(super) struct Undo {
    pub(super) state: Undoing,
    pub(super) agreement: Agreement,
    /// Earlier runs left this for others, and nobody uses it any more; in words, once that was looked up.
    pub(super) freed: Option<Vec<String>>,
    /// The person wants undo to pause after the call under way.
    pub(super) pauses: bool,
    /// Steps of an earlier start whose secret nobody received: they are undone first, and created again.
    pub(super) renewing: Vec<StepId>,
    /// What the files of this machine hold of an earlier run.
    pub(super) files: Vec<String>,
}

impl Undo {
    pub(super) fn new(agreement: Agreement) -> Self {
        Self { state: Undoing::Idle, agreement, freed: None, pauses: false, renewing: Vec::new(), files: Vec::new() }
    }
}

impl Creating {
    /// One undo call at a time, from the last step to the first.
    pub(super) fn undo_on(&mut self, out: &mut Out) {
        self.undo.state = Undoing::Idle;
        // What was sent before the undo is awaited first.
        if self.ledger.in_flight() > 0 {
            return;
        }
        if std::mem::take(&mut self.undo.pauses) {
            return;
        }
        let next = match self.course {
            Course::Undoing => self.ledger.next_undo(),
            Course::Making => self.ledger.next_undo_among(&self.undo.renewing),
        };
        let changes = next.as_ref().is_some_and(|next| !matches!(next, UndoMove::Survey(..)));
        if changes && self.course == Course::Undoing && self.asks_first(out) {
            self.undo.state = Undoing::Asking;
            return;
        }
        let spares_saved = self.course == Course::Making;
        match next.and_then(|next| self.ledger.undo_call(next, spares_saved)) {
            Some(call) => {
                self.undo.state = Undoing::Sent;
                out.effects.push(Effect::Call(vec![call]));
            }
            None if self.course == Course::Making => self.renewed(),
            None => {}
        }
    }

    /// Asks for the person's agreement, where that is still to be had.
    fn asks_first(&mut self, out: &mut Out) -> bool {
        match &self.undo.agreement {
            Agreement::Asked => {
                out.dialog = Some(Dialog::undo(self.foretold()));
                true
            }
            Agreement::Told(word) => {
                let lines = std::iter::once(String::new()).chain(self.foretold()).collect();
                out.effects.push(Effect::Confirm { lines, word: word.clone() });
                true
            }
            Agreement::Given => false,
        }
    }

    /// What the person said: it continues with a new look at everything, or stops before the first change.
    pub(in crate::app) fn agreed(mut self: Box<Self>, agrees: bool, context: &mut Context, out: &mut Out) -> Turn<Self> {
        self.undo.state = Undoing::Idle;
        match (agrees, context.interactive) {
            (true, _) => {
                self.undo.agreement = Agreement::Given;
                // Nobody keeps the secrets of what goes.
                if matches!(self.origin, Origin::HandOver) {
                    self.ledger.plan().forget_secrets(&context.vault);
                }
                self.ledger.look_again();
                self.go_on(context, out)
            }
            (false, true) if matches!(self.origin, Origin::HandOver) => {
                self.ledger.look_again();
                Break(Transition::HandOver(self.finished()))
            }
            (false, true) => Continue(self),
            (false, false) => leave(Farewell::new(2, vec!["Nothing was changed.".to_owned()])),
        }
    }

    /// What nobody received is undone: it is created again, unless some of it is still there. A description that is still there
    /// is only a tag.
    pub(super) fn renewed(&mut self) {
        let is_secret = |id: &&StepId| self.ledger.plan().step(**id).is_some_and(|step| step.stops);
        let still_there = |id: &StepId| matches!(self.ledger.state(*id), Some(StepState::UndoFailed(_)));
        if self.undo.renewing.iter().filter(is_secret).any(still_there) {
            self.said = Some("A key or password that nobody received is not deleted yet, so no new one is issued.".to_owned());
            return;
        }
        for id in std::mem::take(&mut self.undo.renewing) {
            self.ledger.renew(id);
        }
        self.ledger.retry();
    }

    /// Undoes what this run made.
    pub(in crate::app) fn take_back(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        self.course = Course::Undoing;
        // Who has agreed once is not asked again where some of it failed.
        if !context.interactive {
            self.undo.agreement = Agreement::Given;
        }
        self.undo.freed = None;
        self.undo.renewing.clear();
        self.again(context, out)
    }

    /// Undoes a run that was complete, since nobody has its secret.
    /// `files`: what holds the key that goes.
    pub(in crate::app) fn revoke(finished: Finished, files: Vec<String>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let walkthrough = Arc::new(ResolvedWalkthrough::plain());
        let mut new = Self::new(finished.task, walkthrough, finished.ledger, context);
        new.undo.files = files;
        Box::new(new).take_back(context, out)
    }
}
