//! *Hand-over*: the secret reaches its owner: saved as a profile, written as a csv, copied, or revealed; and the key is proven
//! to work meanwhile.

mod batch;
mod copying;
mod files;
mod leaving;
mod menu;
mod noting;
mod proving;
mod saving;
mod telling;

pub use menu::{Act, Item};
pub use proving::Proof;

use std::ops::ControlFlow::Continue;
use std::sync::Arc;

use super::dialog::{Around, Dialog};
use super::effect::{Csv, Effect};
use super::event::{Event, Key, Wake};
use super::keymap::{KeyCommand, command};
use super::tasks::Task;
use super::transition::Turn;
use super::{Context, Out, entry};
use crate::domain::call::CallAnswer;
use crate::domain::hand_over::{Destination, Progress, profile_for};
use crate::domain::ledger::{Ledger, StepState};
use crate::domain::operation::{Made, Operation, SecretKind};
use crate::domain::secret::SecretId;
use crate::domain::step::Step;
use crate::domain::step_id::StepId;
use crate::domain::walkthrough::ResolvedWalkthrough;

use batch::BatchProgress;
use copying::Exposure;
use files::CsvFiles;
use leaving::{Exit, KeyFate};
use saving::ProfileSaving;

pub(super) use saving::{check_save, refresh_dialog};

/// While a file is being written nothing else is done with the key.
const WRITING: &str = "It is still being written …";

/// As what the walkthrough proposes to save the key.
pub(super) fn destination(walkthrough: &ResolvedWalkthrough, user: &str, context: &Context) -> Destination {
    let proposed = &walkthrough.hand_over;
    let or = |value: &str, other: String| if value.is_empty() { other } else { value.to_owned() };
    Destination {
        profile: or(&proposed.profile, profile_for(user)),
        region: or(&proposed.region, context.sign_in.region.clone()),
        output: Some(proposed.output.clone()).filter(|output| !output.is_empty()),
    }
}

/// A word on how the last act went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It went well.
    Good(String),
    Bad(String),
}

/// The profiles in which the run itself has saved the key.
fn saved_by(ledger: &Ledger) -> Vec<String> {
    let saved = |(step, state): (&Step, &StepState)| match &step.operation {
        Operation::SaveProfile(save) if matches!(state, StepState::Done(_)) => Some(save.profile.clone()),
        _ => None,
    };
    ledger.rows().filter_map(saved).collect()
}

/// The ARN as which the key has answered in the run itself, where that proves it.
fn proven_by(ledger: &Ledger, context: &Context) -> Option<String> {
    let proves = |(step, state): (&Step, &StepState)| {
        matches!(step.operation, Operation::ProveAccessKey(_)) && matches!(state, StepState::Done(_))
    };
    let (step, _) = ledger.rows().find(|row| proves(*row))?;
    let user = step.operation.target();
    Some(user.arn(context.facts.caller()?, ledger.plan().path_of(&user).as_ref()))
}

/// The secrets that were made, by the steps that brought them.
#[derive(Debug)]
struct Secrets {
    key: Option<(StepId, String)>,
    password: Option<StepId>,
    /// The password is the person's own: they have it already.
    own_password: bool,
    url: Option<String>,
}

/// A run whose calls are made.
pub(super) struct Finished {
    pub(super) task: &'static Task,
    pub(super) ledger: Ledger,
    pub(super) walkthrough: Arc<ResolvedWalkthrough>,
    /// The password was the person's own.
    pub(super) own_password: bool,
}

#[derive(Debug)]
pub struct HandingOver {
    pub task: &'static Task,
    user: String,
    ledger: Ledger,
    walkthrough: Arc<ResolvedWalkthrough>,
    secrets: Secrets,
    proof: Proof,
    /// The key itself has answered.
    works: bool,
    saving: ProfileSaving,
    written: CsvFiles,
    /// So many files are being written: until they are there nothing else is done with the key.
    writing: u32,
    exposure: Exposure,
    fate: KeyFate,
    exit: Exit,
    /// How far the orders of a walk without questions are.
    batch: BatchProgress,
    menu: Menu,
}

/// The menu, and how the last act went.
#[derive(Debug, Default)]
struct Menu {
    /// The highlighted line.
    at: usize,
    said: Option<Said>,
}

impl HandingOver {
    /// Opens the hand-over of what was made: the key is proven, and what saving it would do is looked up.
    pub(super) fn open(finished: Finished, context: &Context, out: &mut Out) -> Box<Self> {
        let mut new = Self::new(finished, context);
        if !matches!(new.proof, Proof::Proven(_)) {
            new.prove(context, out);
        }
        new.preview_save(context, out);
        // The run itself may have saved the key.
        if new.saving.saved.is_some() {
            new.go_to_open(context);
        }
        new
    }

    pub(super) fn new(finished: Finished, context: &Context) -> Box<Self> {
        let Finished { task, ledger, walkthrough, own_password } = finished;
        let user = ledger.plan().user().map(ToString::to_string).unwrap_or_default();
        // What an earlier start handed over is not in the vault.
        let is_here = |step: &StepId| context.vault.get(SecretId::Of(*step)).is_some();
        let key = ledger.plan().yielding(SecretKind::Key).filter(is_here).and_then(|step| match ledger.made(step) {
            Some(Made::Key { id, .. }) => Some((step, id.clone())),
            _ => None,
        });
        let password = ledger.plan().yielding(SecretKind::Password).filter(is_here);
        let url = context
            .facts
            .caller()
            .filter(|_| password.is_some())
            .and_then(|caller| caller.partition.sign_in_url(context.facts.alias().unwrap_or(&caller.account)));
        let proof = match (&key, proven_by(&ledger, context)) {
            (None, _) => Proof::None,
            (Some(_), Some(arn)) => Proof::Proven(arn),
            (Some(_), None) => Proof::Proving(Progress::default()),
        };
        let (destination, region_is_said) = (destination(&walkthrough, &user, context), !walkthrough.hand_over.region.is_empty());
        let saves = saved_by(&ledger);
        let saved = saves.last().cloned();
        let saving = ProfileSaving { saves, saved, ..ProfileSaving::of(destination, region_is_said) };
        Box::new(Self {
            task,
            user,
            ledger,
            walkthrough,
            secrets: Secrets { key, password, own_password, url },
            proof,
            works: false,
            saving,
            written: CsvFiles::default(),
            writing: 0,
            exposure: Exposure::default(),
            fate: KeyFate::Kept,
            exit: Exit::Leaves,
            batch: BatchProgress::default(),
            menu: Menu::default(),
        })
    }

    /// What happened to each step.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The profiles in which the key is saved.
    pub fn saves(&self) -> &[String] {
        &self.saving.saves
    }

    pub fn user(&self) -> &str {
        &self.user
    }

    /// The guide's words.
    pub fn walkthrough(&self) -> &ResolvedWalkthrough {
        &self.walkthrough
    }

    /// The key id, and the handle of its secret.
    pub fn key_made(&self) -> Option<(&str, SecretId)> {
        self.secrets.key.as_ref().map(|(step, id)| (id.as_str(), SecretId::Of(*step)))
    }

    pub fn password(&self) -> Option<SecretId> {
        self.secrets.password.map(SecretId::Of)
    }

    /// Where the user signs in.
    pub fn url(&self) -> Option<&str> {
        self.secrets.url.as_deref()
    }

    /// The highlighted line of the menu.
    pub fn at(&self) -> usize {
        self.menu.at
    }

    /// How the last act went.
    pub fn said(&self) -> Option<&Said> {
        self.menu.said.as_ref()
    }

    /// Whether secrets are shown.
    pub fn is_revealed(&self) -> bool {
        self.exposure.revealed.is_some()
    }

    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// Whether something goes on: the proof, or the key's deletion.
    pub fn is_moving(&self) -> bool {
        self.is_ending() || self.writing > 0 || matches!(self.proof, Proof::Proving(..))
    }

    /// Whether the last act has no result yet.
    pub fn is_under_way(&self) -> bool {
        self.is_moving() || self.exposure.is_copying || self.saving.saves_next || self.is_unfinished()
    }

    /// Whether it ends, or the key is being deleted: no question is open then.
    pub fn is_ending(&self) -> bool {
        self.fate == KeyFate::Deleting || self.exit.is_told()
    }

    /// Whether the key is being deleted.
    pub fn is_deleting(&self) -> bool {
        self.fate == KeyFate::Deleting
    }

    /// Highlights what saves a secret that is still open, or else the end.
    fn go_to_open(&mut self, context: &Context) {
        self.go_to(
            context,
            match (self.key_is_open(), self.password_is_open()) {
                (true, _) => Act::Save,
                (false, true) => Act::PasswordCsv,
                (false, false) => Act::Done,
            },
        );
    }

    /// What is to be known of the files that were written.
    pub fn file_cautions(&self) -> &[String] {
        &self.written.cautions
    }

    /// Where the profile files are kept as they were, in words.
    pub fn kept(&self) -> Option<String> {
        (!self.saving.kept.is_empty()).then(|| format!("As it was before: {}", self.saving.kept.join(", ")))
    }

    /// Whether what may be left out is still being done.
    fn is_unfinished(&self) -> bool {
        self.ledger.rows().any(|(step, state)| matches!(state, StepState::Waiting | StepState::Sent) && !step.later)
    }

    pub(super) fn key(mut self: Box<Self>, key: Key, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let items = self.items(context);
        match command(key, false) {
            _ if self.is_ending() => return Continue(self),
            Some(KeyCommand::Back | KeyCommand::Leave) => return self.done_for(Exit::Leaves, context, out),
            Some(_) => return Continue(self),
            None => {}
        }
        match key {
            Key::Up | Key::BackTab => self.menu.at = self.menu.at.saturating_sub(1),
            Key::Down | Key::Tab => self.menu.at = (self.menu.at + 1).min(items.len() - 1),
            Key::Enter => {
                if let Some(item) = items.get(self.menu.at) {
                    return self.act(item.act, context, out);
                }
            }
            Key::Char(c) => {
                if let Some(at) = items.iter().position(|item| item.key == c) {
                    self.menu.at = at;
                    return self.act(items[at].act, context, out);
                }
            }
            _ => {}
        }
        Continue(self)
    }

    fn act(mut self: Box<Self>, act: Act, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let proposal = self.proposal();
        (self.menu.said, self.saving.leaves) = (None, false);
        match (act, self.secrets.key.clone(), self.password()) {
            _ if self.writing > 0 && act.writes() => self.menu.said = Some(Said::Good(WRITING.to_owned())),
            (Act::Save, ..) => self.save(self.saving.destination.clone(), None, context, out),
            (Act::SaveAs, ..) => {
                let around = Around {
                    profiles: self.saving.profiles.clone(),
                    partition: context.facts.caller().map(|caller| caller.partition.id().to_owned()).unwrap_or_default(),
                    own_server: context.sign_in.endpoint.is_some(),
                };
                out.dialog = Some(Dialog::save_as(proposal, around, &context.paths().credentials));
            }
            (Act::KeyCsv, Some((step, id)), _) => {
                self.write(Csv::Key { id, secret: SecretId::Of(step) }, None, false, context, out)
            }
            (Act::PasswordCsv, _, Some(password)) => self.write(self.password_file(password), None, false, context, out),
            (Act::WriteTo, ..) => out.dialog = Some(Dialog::write_to(&self.csvs(), 0, &context.paths().folder)),
            (Act::Reveal, ..) if context.in_lines => out.dialog = Some(Dialog::reveal()),
            (Act::Reveal, ..) => self.reveal(context, out),
            (Act::Print, ..) => self.exposure.prints = !self.exposure.prints,
            (Act::Describe, ..) => self.describe(out),
            (Act::Copy, ..) => out.dialog = Some(Dialog::copy(self.copies().into_iter().map(|(words, _)| words))),
            (Act::Prove, ..) => self.prove(context, out),
            (Act::Back, ..) => return self.done_for(Exit::Back, context, out),
            (Act::Done, ..) => return self.done_for(Exit::Leaves, context, out),
            _ => {}
        }
        Continue(self)
    }

    /// Sends the description of the key once more; its earlier failure left only a note.
    fn describe(&mut self, out: &mut Out) {
        self.ledger.retry();
        self.send(out);
    }

    pub(super) fn on(mut self: Box<Self>, event: Event, context: &mut Context, out: &mut Out) -> Turn<Self> {
        match event {
            Event::Proving { profile, progress } => self.proving(&profile, progress),
            Event::Proven { profile, answer } => {
                let is_saved = profile.is_some() && profile == self.saving.saved;
                self.proven(profile, answer);
                if is_saved && std::mem::take(&mut self.saving.leaves) && matches!(self.proof, Proof::Proven(_)) {
                    return self.done(context, out);
                }
            }
            Event::SavePreviewed { to, answer, profiles } if to == self.saving.destination => {
                self.saving.profiles = profiles;
                self.save_previewed(answer, context, out);
            }
            Event::Saved { to, answer } => {
                self.was_saved(to, answer, context, out);
                return self.written(context, out);
            }
            Event::Answered { step, answer: CallAnswer::Undone(answer), .. } => return self.undone(step, answer, context, out),
            // The description, which is the only step that can be left to do here.
            Event::Answered { step, answer: answer @ (CallAnswer::Performed(_) | CallAnswer::Read(_)), .. } => {
                self.noted(step, answer, context, out);
            }
            Event::Woke(Wake::Resume(step)) => {
                self.ledger.resume(step);
                self.send(out);
            }
            Event::Woke(Wake::UndoAgain) if self.fate == KeyFate::Deleting => return self.delete_on(context, out),
            Event::Woke(Wake::EndNow) if self.exit.is_told() => return self.leave(context, out),
            Event::Woke(Wake::Mask(turn)) if turn == self.exposure.reveals => self.second_passed(out),
            Event::Woke(Wake::ClearClipboard(turn)) if turn == self.exposure.copies => out.effects.push(Effect::ClearClipboard),
            Event::ClipboardCleared => self.menu.said = Some(Said::Good("The clipboard was cleared.".to_owned())),
            Event::Wrote { csv, answer } => {
                self.wrote(csv, answer, context, out);
                return self.written(context, out);
            }
            Event::ResultPrinted { secret, answer } => {
                self.was_told(secret, answer);
                return self.written(context, out);
            }
            Event::Copied(way) => self.copied(way, out),
            Event::FocusLost => self.exposure.revealed = None,
            Event::Click(target) if !self.is_ending() => {
                let items = self.items(context);
                if let Some(at) = entry(target).filter(|at| *at < items.len()) {
                    self.menu.at = at;
                    return self.act(items[at].act, context, out);
                }
            }
            _ => {}
        }
        Continue(self)
    }

    /// Highlights a line of the menu.
    fn go_to(&mut self, context: &Context, act: Act) {
        let items = self.items(context);
        self.menu.at = items.iter().position(|item| item.act == act).unwrap_or(0);
    }
}
