//! Runs of earlier starts: when they are offered, and what opening one comes to.

use std::ops::ControlFlow::Continue;

use super::creating::{Agreement, Course};
use super::dialog::Dialog;
use super::effect::Effect;
use super::transition::Transition;
use super::{App, Phase};
use crate::domain::facts::{Fact, Question};
use crate::domain::fault::Fault;
use crate::domain::journal::Run;

impl App {
    /// Asks what happens to a run of an earlier start.
    pub(super) fn offer(&mut self, run: Run) {
        let refusal = match self.context.facts.caller() {
            Some(caller) => run.refuses(&caller.account, self.context.sign_in.endpoint.as_deref()),
            None => Some("Not signed in. Choose a profile here to finish or undo it.".to_owned()),
        };
        if refusal.is_some() && !self.context.earlier.refused.iter().any(|one| one.beginning.run == run.beginning.run) {
            self.context.earlier.refused.push(run.clone());
        }
        self.dialog = Some(match run.due().filter(|_| refusal.is_none()) {
            Some(due) => {
                let sight = self.context.facts.key(&due.key).and_then(Fact::into_known);
                Dialog::due(run, &due, sight)
            }
            None => Dialog::unfinished(run, refusal),
        });
    }

    /// Offers the next run of an earlier start, where nothing is in its way: on the first page, once the caller is known.
    pub(super) fn offer_next(&mut self) -> Vec<Effect> {
        let at_start = matches!(self.phase, Phase::Starting(_));
        let known = self.context.facts.caller.as_ref().is_some_and(|fact| !fact.is_pending());
        let free = self.dialog.is_none() && at_start && known && !self.context.is_practice();
        let now = self.context.sign_in.clock;
        // What is for later and not due yet waits.
        self.context.earlier.unfinished.retain(|run| run.due().is_none_or(|due| due.at.is_none_or(|at| at <= now)));
        if free && !self.context.earlier.unfinished.is_empty() {
            // Whether the old key was used since is looked up first.
            let due = self.context.earlier.unfinished[0].due().map(|due| Question::Key(due.key));
            if due.as_ref().is_some_and(|question| self.context.facts.caller().is_some() && self.context.facts.is_open(question))
            {
                return self.context.ask(due);
            }
            let run = self.context.earlier.unfinished.remove(0);
            self.offer(run);
        } else if free {
            self.offer_unsent();
        }
        Vec::new()
    }

    /// The record of an earlier run is open, or why not.
    pub(super) fn opened(&mut self, course: Course, answer: Result<Box<Run>, Fault>) -> Vec<Effect> {
        let keeps_key = std::mem::take(&mut self.context.earlier.keeps_key);
        if !matches!(self.phase, Phase::LoadingRun(_)) {
            return Vec::new();
        }
        // It was read again: another program may have brought it to an end meanwhile.
        let over = "Another iamwalk has ended this run in the meantime.";
        let run = answer.map_err(|fault| fault.what()).and_then(|run| match course {
            _ if run.is_over() => Err(over.to_owned()),
            Course::Making if run.is_half_undone() => Err("Another iamwalk has undone some of this run.".to_owned()),
            _ => Ok(run),
        });
        match run {
            Ok(mut run) => {
                if keeps_key {
                    run.keep_key();
                }
                let resume = Transition::Resume { run: *run, course, agreement: Agreement::Asked };
                self.go_to(resume)
            }
            Err(words) => {
                self.notices.push(Dialog::notice("This run can't be resumed", words));
                self.advance(|phase, _, out| match phase {
                    Phase::LoadingRun(starting) => {
                        out.effects.push(Effect::Close);
                        Continue(Phase::Starting(starting))
                    }
                    other => Continue(other),
                })
            }
        }
    }
}
