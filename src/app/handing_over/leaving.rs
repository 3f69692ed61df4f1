//! Leaving the hand-over: asked first where a secret would be lost, with the offer to delete a key that nobody can use; a
//! program that was asked to end deletes it by itself. And the short account of what was made.

use std::ops::ControlFlow::{Break, Continue};

use super::{Finished, HandingOver, Proof, Said, WRITING};
use crate::app::creating::ending::GRACE;
use crate::app::dialog::{self, Dialog};
use crate::app::effect::{Effect, Farewell};
use crate::app::event::{Signal, Wake};
use crate::app::transition::{Transition, Turn, leave};
use crate::app::{Context, Out};
use crate::domain::fault::Fault;
use crate::domain::ledger::StepState;
use crate::domain::operation::{SecretKind, quoted};
use crate::domain::record::Delivery;
use crate::domain::record::End;
use crate::domain::record::Record;
use crate::domain::secret::SecretId;
use crate::domain::step_id::StepId;

/// What happens to a key that nobody received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyFate {
    Kept,
    Deleting,
    /// It was deleted: its id.
    Deleted(String),
}

/// Where the hand-over ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Out of the program.
    Leaves,
    /// On the first page: the practice account lives as long as the program.
    Back,
    /// The program was asked to end, as soon as a key that nobody has is deleted.
    Told(Signal),
}

impl Exit {
    pub(super) fn is_told(self) -> bool {
        matches!(self, Self::Told(_))
    }
}

impl HandingOver {
    /// Whether the secret access key has reached nobody for certain.
    pub(super) fn key_is_open(&self) -> bool {
        let in_file = self.saving.saved.is_some() || self.written.key_csv || self.written.import_csv;
        self.secrets.key.is_some() && !in_file && !self.exposure.key_taken.arrived && !self.exposure.prints
    }

    /// The same of a generated password.
    pub(super) fn password_is_open(&self) -> bool {
        self.secrets.password.is_some()
            && !self.secrets.own_password
            && !self.written.password_csv
            && !self.exposure.password_taken.arrived
            && !self.exposure.prints
    }

    /// What leaving now would lose, and what happens to it then.
    pub(in crate::app) fn at_stake(&self) -> Option<(&'static str, &'static str)> {
        match (self.key_is_open(), self.password_is_open()) {
            (true, _) => Some(("A key is not saved.", "the key is deleted")),
            (false, true) => Some(("A password is not saved.", "nobody will know it")),
            (false, false) if self.writing > 0 => Some(("Something is being written.", "it may be cut off")),
            (false, false) => None,
        }
    }

    /// Leaves for there, asking first where a secret would be lost.
    pub(super) fn done_for(mut self: Box<Self>, exit: Exit, context: &Context, out: &mut Out) -> Turn<Self> {
        self.exit = exit;
        self.done(context, out)
    }

    /// Leaves the program at once: nothing would be lost.
    pub(in crate::app) fn quit(mut self: Box<Self>, context: &Context, out: &mut Out) -> Turn<Self> {
        // “Back” may have been chosen before, and not confirmed.
        self.exit = Exit::Leaves;
        self.leave(context, out)
    }

    /// Leaves, asking first where a secret would be lost.
    pub(super) fn done(mut self: Box<Self>, context: &Context, out: &mut Out) -> Turn<Self> {
        if self.writing > 0 {
            self.menu.said = Some(Said::Good(WRITING.to_owned()));
            return Continue(self);
        }
        let (key, password) = (self.key_is_open(), self.password_is_open());
        let may_have = if key { self.exposure.key_taken.seen } else { self.exposure.password_taken.seen };
        let title = match (key, password) {
            (true, _) if self.exposure.key_taken.copied => "Has the secret access key arrived?",
            (true, _) => "The secret access key was not saved",
            (false, true) if self.exposure.password_taken.copied => "Has the console password arrived?",
            (false, true) => "The console password was not saved",
            (false, false) if self.exit == Exit::Back => "Go back now?",
            (false, false) => "Leave now?",
        };
        let proving = matches!(self.proof, Proof::Proving(..)) && self.saving.saved.is_some();
        let lost: Vec<String> = [
            (proving, "It is still being proven that the new key works; that takes some seconds."),
            (self.is_unfinished(), "The key's description is not set yet. Leave now and it may stay unset."),
            (key, "The secret access key can't be seen again: AWS does not keep it. Without its secret nobody can use the key."),
            (password, "The console password can't be seen again; an administrator would have to set a new one."),
        ]
        .into_iter()
        .filter(|(is_lost, _)| *is_lost)
        .map(|(_, words)| words.to_owned())
        .collect();
        if lost.is_empty() {
            return self.leave(context, out);
        }
        out.dialog = Some(Dialog::unsaved(title, lost, (may_have, key, self.exit == Exit::Back)));
        Continue(self)
    }

    pub(in crate::app) fn answered(mut self: Box<Self>, choice: &str, context: &mut Context, out: &mut Out) -> Turn<Self> {
        match choice {
            dialog::ARRIVED | dialog::ARRIVED_BACK => {
                // What was asked about; the other is asked about by itself.
                let asked = if self.key_is_open() { &mut self.exposure.key_taken } else { &mut self.exposure.password_taken };
                asked.arrived = true;
                if self.password_is_open() {
                    return self.done(context, out);
                }
                self.leave(context, out)
            }
            dialog::DELETE | dialog::DELETE_BACK => self.delete(context, out),
            dialog::SAVE | dialog::SAVE_BACK => {
                // Where to is as it was: out of the program, or back to the first page.
                self.saving.leaves = true;
                self.save(self.saving.destination.clone(), None, context, out);
                Continue(self)
            }
            dialog::UNDO_ALL => Break(self.given_up()),
            _ => self.leave(context, out),
        }
    }

    /// To the undo of the run; its secrets stay until that is agreed to.
    fn given_up(mut self) -> Transition {
        self.ledger.stop();
        let own_password = self.secrets.own_password;
        let run = Finished { task: self.task, ledger: self.ledger, walkthrough: self.walkthrough, own_password };
        Transition::Revoke(run, self.written.files)
    }

    /// The program was asked to end: a key whose secret nobody has is deleted first, since nobody could ever use it.
    pub(in crate::app) fn told_to_end(mut self: Box<Self>, signal: Signal, context: &mut Context, out: &mut Out) -> Turn<Self> {
        // Nothing is printed to a terminal that goes.
        (self.exposure.revealed, self.exposure.prints) = (None, false);
        // A terminal that goes away says so in several ways, and none of them is impatience.
        if self.exit.is_told() && signal == Signal::HangUp {
            return Continue(self);
        }
        if std::mem::replace(&mut self.exit, Exit::Told(signal)).is_told() {
            return self.leave(context, out);
        }
        out.effects.push(Effect::WakeIn(GRACE, Wake::EndNow));
        self.end_on(context, out)
    }

    /// Goes on to the end once nothing is being written: what is being written may be where the secret arrives.
    fn end_on(self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        match (self.writing > 0 || self.fate == KeyFate::Deleting, self.key_is_open()) {
            (true, _) => Continue(self),
            (false, true) => self.delete(context, out),
            (false, false) => self.leave(context, out),
        }
    }

    pub(super) fn written(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        self.writing = self.writing.saturating_sub(1);
        if self.exit.is_told() { self.end_on(context, out) } else { Continue(self) }
    }

    fn delete(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        // The guard may have been open while something was written.
        if self.writing > 0 || !self.key_is_open() {
            return Continue(self);
        }
        self.fate = KeyFate::Deleting;
        self.menu.said = None;
        self.ledger.retry_undo();
        self.delete_on(context, out)
    }

    /// The key, then its description, which is only a tag.
    pub(super) fn delete_on(self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let plan = self.ledger.plan();
        let key = plan.yielding(SecretKind::Key);
        let after = key.filter(|_| !self.exit.is_told()).into_iter().flat_map(|key| plan.noted_after(key));
        let next = key.into_iter().chain(after).find_map(|step| self.ledger.next_undo_among(&[step]));
        match next.and_then(|next| self.ledger.undo_call(next, false)) {
            Some(call) => out.effects.push(Effect::Call(vec![call])),
            None => return self.was_deleted(context, out),
        }
        Continue(self)
    }

    pub(super) fn undone(
        mut self: Box<Self>,
        step: StepId,
        answer: Result<(), Fault>,
        context: &mut Context,
        out: &mut Out,
    ) -> Turn<Self> {
        match self.ledger.undone(step, answer, context.jitter()) {
            Some(pause) => {
                out.effects.push(Effect::WakeIn(pause, Wake::UndoAgain));
                Continue(self)
            }
            None => self.delete_on(context, out),
        }
    }

    fn was_deleted(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        self.fate = KeyFate::Kept;
        let state = self.ledger.plan().yielding(SecretKind::Key).and_then(|key| self.ledger.state(key));
        if let Some(StepState::UndoFailed(fault)) = state {
            self.menu.said = Some(Said::Bad(format!("The key could not be deleted. {fault}")));
            return if self.exit.is_told() { self.leave(context, out) } else { Continue(self) };
        }
        if let Some((step, id)) = self.secrets.key.take() {
            context.vault.forget(SecretId::Of(step));
            self.fate = KeyFate::Deleted(id);
            self.proof = Proof::None;
        }
        if !self.exit.is_told() && self.password_is_open() {
            return self.done(context, out);
        }
        self.leave(context, out)
    }

    /// Leaves: the run is over, and what nobody received is given up expressly. One that was asked to end is not over: the next
    /// start offers to finish it.
    pub(in crate::app) fn leave(mut self: Box<Self>, context: &Context, out: &mut Out) -> Turn<Self> {
        self.ledger.stop();
        let is_told = self.exit.is_told();
        let taken = self.exposure.key_taken.arrived || self.exposure.prints;
        let key = match (self.secrets.key.is_some(), taken, self.key_is_open()) {
            (true, true, _) => Some(Delivery::KeyTaken),
            (true, false, true) => Some(Delivery::KeyGivenUp).filter(|_| !is_told),
            _ => None,
        };
        let password = match (self.secrets.password.is_some() && !self.written.password_csv, self.password_is_open()) {
            (true, false) => Some(Delivery::PasswordSeen),
            (true, true) => Some(Delivery::PasswordGivenUp).filter(|_| !is_told),
            _ => None,
        };
        let key = self.key_step().zip(key);
        let password = self.secrets.password.zip(password);
        let mut records: Vec<Record> = key.into_iter().chain(password).map(|(step, how)| Record::Delivered(step, how)).collect();
        // What is left for later keeps the run open.
        let is_open = self.ledger.open_later().next().is_some();
        if !is_told && !is_open {
            records.push(Record::Ended(End::Finished));
        }
        if !records.is_empty() {
            out.effects.push(Effect::Record(records));
        }
        if self.exit == Exit::Back {
            out.effects.push(Effect::Close);
            self.ledger.plan().forget_secrets(&context.vault);
            return Break(Transition::StartAfresh(self.ledger.plan().user().cloned()));
        }
        let mut farewell = self.farewell(context);
        if let Exit::Told(signal) = self.exit {
            farewell.code = signal.code(farewell.code);
        } else if self.exposure.prints {
            let key = self.secrets.key.as_ref().map(|(step, _)| ("Secret access key", SecretId::Of(*step)));
            farewell.secrets = key.into_iter().chain(self.password().map(|id| ("Console password", id))).collect();
        }
        leave(farewell)
    }

    /// How the run is undone, and how the same is done again.
    fn way_back(&self, context: &Context) -> Vec<String> {
        let complete = !self.key_is_open() && !matches!(self.fate, KeyFate::Deleted(_));
        let gone = self.ledger.gone_lines();
        let undo =
            context.run.as_ref().filter(|_| complete).map(|run| match (gone.is_empty(), self.ledger.remains().is_empty()) {
                (true, _) => format!("Recorded as run {run}. To undo all of it: iamwalk undo {run}"),
                (false, false) => format!("Recorded as run {run}. To undo the rest: iamwalk undo {run}"),
                (false, true) => format!("Recorded as run {run}."),
            });
        let again = context.again.as_ref().filter(|_| complete).map(|again| {
            let profile = self.saving.saved.as_ref().map(|profile| format!(" --save-profile={}", quoted(profile)));
            format!("The same without questions: {again}{}", profile.unwrap_or_default())
        });
        gone.into_iter().chain(self.left_for_later(context)).chain(undo).chain(again).collect()
    }

    /// The short account.
    fn farewell(&self, context: &Context) -> Farewell {
        let account = context.facts.caller().map(|caller| caller.account.clone()).unwrap_or_default();
        let mut lines = vec![format!("{} in account {account}{}", self.task.past, if context.interactive { ":" } else { "." })];
        // Without questions each step was told as it was done.
        if context.interactive {
            lines.extend(self.done_words().map(|words| format!("  ✓ {words}")));
        }
        lines.extend(self.notes().into_iter().map(|note| format!("  ! {note}")));
        lines.extend(self.deliveries(context));
        lines.extend(self.kept());
        if context.interactive {
            lines.extend(self.secrets.url.as_ref().map(|url| format!("Sign-in URL: {url}")));
            if self.password_is_open() && !self.exit.is_told() {
                lines.push("The console password is lost: nobody saved it. An administrator sets a new one.".to_owned());
            }
        }
        match (&self.fate, &self.secrets.key) {
            (KeyFate::Deleted(id), _) => lines.push(format!("The key {id} was deleted: nobody had received its secret.")),
            (_, Some((_, id))) if self.exposure.prints => lines.push(format!("Access key ID: {id}")),
            _ => {}
        }
        let unproven = self.secrets.key.is_some() && !matches!(self.proof, Proof::Proven(_));
        match &self.proof {
            Proof::Proven(arn) => lines.push(format!("Verified: the key answers as {arn}")),
            Proof::None => {}
            Proof::Failed(words) => lines.push(format!("Not verified: {words}")),
            Proof::Proving(_) => lines.push("Not verified yet: you left before the key had answered.".to_owned()),
        }
        if context.interactive {
            lines.extend(self.way_back(context));
        } else {
            lines.extend(self.left_for_later(context));
            let run = context.run.as_ref().filter(|_| !self.ledger.remains().is_empty() && !self.key_is_open());
            lines.extend(run.map(|run| format!("To undo it: iamwalk undo {run}")));
        }
        if context.interactive && !self.walkthrough.closing.trim().is_empty() {
            lines.push(String::new());
            lines.extend(self.walkthrough.closing.trim().lines().map(str::to_owned));
            lines.push(String::new());
        }
        if context.is_practice() {
            lines.push("This was practice: nothing was made on AWS, and the account is gone.".to_owned());
        } else if let (Some(profile), Proof::Proven(_)) = (&self.saving.saved, &self.proof) {
            lines.push({
                let endpoint = context.endpoint_option();
                format!("Next: aws sts get-caller-identity --profile={}{endpoint}", quoted(profile))
            });
        }
        let (open, incomplete) = (self.key_is_open(), matches!(self.fate, KeyFate::Deleted(_)));
        if (open || incomplete) && !context.is_practice() {
            lines.extend(self.secrets.key.as_ref().map(|(_, id)| {
                format!(
                    "The secret was not saved. If nobody has it, delete the key: aws iam delete-access-key --user-name={} --access-key-id={id}{}",
                    quoted(&self.user),
                    context.cli_options()
                )
            }));
            let offers = if self.exit.is_told() { " The next start of iamwalk offers to finish it." } else { "" };
            lines.extend(
                context
                    .run
                    .as_ref()
                    .map(|run| format!("It is recorded as run {run}.{offers} To undo all of it: iamwalk undo {run}")),
            );
        }
        // Without questions nobody was asked whether it may be left so.
        let undone = !context.interactive && (self.password_is_open() || !self.is_batch_done());
        Farewell::new(if unproven || open || incomplete || undone { 3 } else { 0 }, lines)
    }
}
