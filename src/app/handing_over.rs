//! *Hand-over*: the secret reaches its owner: saved as a profile, written as the console's csv, copied, or revealed; and the
//! key is proven to work meanwhile.

mod leaving;
mod menu;

pub use menu::{Act, Item};

use super::dialog::Dialog;
use super::effect::{Copied, Csv, Effect};
use super::event::{CopyWay, Event, Key, Wake};
use super::field::FieldId;
use super::form::Form;
use super::keymap::{Command, command};
use super::{Context, Out, Phase, entry};
use crate::domain::call::Answer;
use crate::domain::hand_over::{Progress, check_profile, profile_for};
use crate::domain::journal::Delivery;
use crate::domain::ledger::{Ledger, Pause, StepState};
use crate::domain::password::PasswordPolicy;
use crate::domain::region;
use crate::domain::secret::SecretId;
use crate::domain::step::{Made, Step, StepId};
use crate::domain::undo::quoted;
use crate::domain::walkthrough::Walkthrough;

/// How far the proof of the new key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// There is no key to prove.
    None,
    /// Under way.
    Proving(Progress),
    /// The ARN as which the key answers.
    Proven(String),
    /// Why not.
    Failed(String),
}

/// A word on how the last act went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It went well.
    Good(String),
    /// It did not.
    Bad(String),
}

/// The hand-over.
#[derive(Debug)]
pub struct HandingOver {
    user: String,
    ledger: Ledger,
    guide: &'static Walkthrough,
    key: Option<(StepId, String)>,
    password: Option<StepId>,
    url: Option<String>,
    region: String,
    proof: Proof,
    saved: Option<String>,
    key_csv: Option<String>,
    password_csv: Option<String>,
    revealed: bool,
    /// Whether the password was ever shown: who has seen it may have it.
    password_seen: bool,
    /// The same of the key's secret; copying counts as well.
    key_shown: bool,
    /// What was copied last, in words.
    copying: &'static str,
    /// The highlighted line of the menu.
    pub at: usize,
    /// How the last act went.
    pub said: Option<Said>,
}

impl HandingOver {
    pub(super) fn open(ledger: Ledger, guide: &'static Walkthrough, context: &mut Context, out: &mut Out) -> Phase {
        let user = ledger.plan().user().map(ToString::to_string).unwrap_or_default();
        // What an earlier start handed over is not in the vault.
        let is_here = |step: &StepId| context.vault.get(SecretId::Of(*step)).is_some();
        let key = ledger.plan().key_step().filter(is_here).and_then(|step| match ledger.made(step) {
            Some(Made::Key { id, .. }) => Some((step, id.clone())),
            _ => None,
        });
        let password = ledger.plan().password_step().filter(is_here);
        let alias = context.facts.alias.as_ref().and_then(|fact| fact.known()).cloned().flatten();
        let url = context
            .facts
            .caller()
            .filter(|_| password.is_some())
            .and_then(|caller| caller.partition.sign_in_url(alias.as_deref().unwrap_or(&caller.account)));
        let proof = if key.is_some() { Proof::Proving(Progress::default()) } else { Proof::None };
        let mut new = Self {
            user,
            ledger,
            guide,
            key,
            password,
            url,
            region: context.region.clone(),
            proof,
            saved: None,
            key_csv: None,
            password_csv: None,
            revealed: false,
            password_seen: false,
            key_shown: false,
            copying: "",
            at: 0,
            said: None,
        };
        new.prove(out);
        Phase::HandingOver(Box::new(new))
    }

    fn prove(&mut self, out: &mut Out) {
        if let Some((step, id)) = &self.key {
            self.proof = Proof::Proving(Progress::default());
            out.effects.push(Effect::Prove { key_id: id.clone(), secret: SecretId::Of(*step), user: self.user.clone() });
        }
    }

    /// The user that was made.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The guide's words.
    pub fn guide(&self) -> &'static Walkthrough {
        self.guide
    }

    /// The key id, and the handle of its secret.
    pub fn key_made(&self) -> Option<(&str, SecretId)> {
        self.key.as_ref().map(|(step, id)| (id.as_str(), SecretId::Of(*step)))
    }

    /// The handle of the password.
    pub fn password(&self) -> Option<SecretId> {
        self.password.map(SecretId::Of)
    }

    /// Where the user signs in.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Whether secrets are shown.
    pub fn is_revealed(&self) -> bool {
        self.revealed
    }

    /// How far the proof is.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// Whether the proof is under way.
    pub fn is_proving(&self) -> bool {
        matches!(self.proof, Proof::Proving(..))
    }

    /// What was saved so far, in words.
    pub fn deliveries(&self, context: &Context) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(profile) = &self.saved {
            lines.push(format!("Saved as profile “{profile}” in {}", context.places().credentials));
        }
        lines.extend(self.key_csv.iter().chain(&self.password_csv).map(|path| format!("Written to {path}")));
        lines
    }

    /// Whether what may be left out is still being done.
    fn is_unfinished(&self) -> bool {
        self.ledger.rows().any(|(_, state)| matches!(state, StepState::Waiting | StepState::Sent))
    }

    /// Why what may be left out is not done yet.
    pub fn pause(&self) -> Option<String> {
        self.ledger.plan().steps().iter().find_map(|step| self.ledger.pause(step.id)).map(Pause::words)
    }

    /// Steps that did not stop the run, and failed or are still under way.
    pub fn notes(&self) -> Vec<String> {
        let note = |(step, state): (&Step, &StepState)| match state {
            StepState::Waiting | StepState::Sent => Some(format!("Not done yet: {}.", step.action.words())),
            StepState::Failed(fault) | StepState::Unclear(fault) => Some(format!("Not done: {}. {fault}", step.action.words())),
            StepState::Done(Made::Key { unswept: true, .. }) => Some(format!(
                "An earlier answer was lost, and it could not be checked whether its key is there as well: look with “aws iam \
                 list-access-keys --user-name={}”.",
                quoted(&self.user)
            )),
            _ => None,
        };
        self.ledger.rows().filter_map(note).collect()
    }

    pub(super) fn key(mut self: Box<Self>, key: Key, context: &mut Context, out: &mut Out) -> Phase {
        let items = self.items(context);
        match command(key, false) {
            Some(Command::Back | Command::Leave) => return self.done(context, out),
            Some(_) => return Phase::HandingOver(self),
            None => {}
        }
        match key {
            Key::Up | Key::BackTab => self.at = self.at.saturating_sub(1),
            Key::Down | Key::Tab => self.at = (self.at + 1).min(items.len() - 1),
            Key::Enter => {
                if let Some(item) = items.get(self.at) {
                    return self.act(item.act, context, out);
                }
            }
            Key::Char(c) => {
                if let Some(at) = items.iter().position(|item| item.key == c) {
                    self.at = at;
                    return self.act(items[at].act, context, out);
                }
            }
            _ => {}
        }
        Phase::HandingOver(self)
    }

    fn act(mut self: Box<Self>, act: Act, context: &mut Context, out: &mut Out) -> Phase {
        let proposal = self.proposal();
        self.said = None;
        self.copying = match act {
            Act::CopyId => "The access key ID",
            Act::CopySecret => "The secret access key",
            Act::CopyPassword => "The console password",
            Act::CopyUrl => "The sign-in URL",
            _ => self.copying,
        };
        match (act, &self.key, self.password()) {
            (Act::Save, ..) => {
                let (profile, region) = (profile_for(&self.user), self.region.clone());
                return self.save(profile, region, out);
            }
            (Act::SaveAs, ..) => out.dialog = Some(Dialog::save_as(&proposal, &self.region, &context.places().credentials)),
            (Act::KeyCsv, Some((step, id)), _) => {
                let csv = Csv::Key { id: id.clone(), secret: SecretId::Of(*step) };
                out.effects.push(Effect::Write { user: self.user.clone(), csv });
            }
            (Act::PasswordCsv, _, Some(password)) => {
                let csv = Csv::Password { password, url: self.url.clone().unwrap_or_default() };
                out.effects.push(Effect::Write { user: self.user.clone(), csv });
            }
            (Act::Reveal, ..) => {
                self.revealed = !self.revealed;
                self.password_seen = true;
                self.shown(context, out);
            }
            (Act::Describe, ..) => self.describe(out),
            (Act::CopyId, Some((_, id)), _) => out.effects.push(Effect::Copy(Copied::Text(id.clone()))),
            (Act::CopySecret, Some((step, _)), _) => {
                out.effects.push(Effect::Copy(Copied::Secret(SecretId::Of(*step))));
                self.shown(context, out);
            }
            (Act::CopyPassword, _, Some(password)) => out.effects.push(Effect::Copy(Copied::Secret(password))),
            (Act::CopyUrl, ..) => out.effects.extend(self.url.clone().map(|url| Effect::Copy(Copied::Text(url)))),
            (Act::Prove, ..) => self.prove(out),
            (Act::Done, ..) => return self.done(context, out),
            _ => {}
        }
        Phase::HandingOver(self)
    }

    /// Somebody may have the key's secret from here on: a later start must not take it for lost.
    fn shown(&mut self, context: &Context, out: &mut Out) {
        if self.key.is_some() && !std::mem::replace(&mut self.key_shown, true) {
            out.effects.extend(context.delivered(Delivery::KeyShown));
        }
    }

    /// Sends the description of the key once more; its earlier failure left only a note.
    fn describe(&mut self, out: &mut Out) {
        self.ledger.retry();
        self.send(out);
    }

    fn send(&mut self, out: &mut Out) {
        let ready = self.ledger.dispatch();
        let policy = PasswordPolicy::default();
        let calls: Vec<_> = ready.into_iter().filter_map(|dispatch| self.ledger.call(dispatch, &policy)).collect();
        if !calls.is_empty() {
            out.effects.push(Effect::Call(calls));
        }
    }

    /// Saves under this name.
    pub(super) fn save(self: Box<Self>, profile: String, region: String, out: &mut Out) -> Phase {
        if let Some((step, id)) = &self.key {
            out.effects.push(Effect::Save { profile, key_id: id.clone(), secret: SecretId::Of(*step), region });
        }
        Phase::HandingOver(self)
    }

    pub(super) fn on(mut self: Box<Self>, event: Event, context: &mut Context, out: &mut Out) -> Phase {
        match event {
            Event::Proving(progress) if self.is_proving() => self.proof = Proof::Proving(progress),
            Event::Proven(Ok(arn)) => self.proof = Proof::Proven(arn),
            Event::Proven(Err(fault)) => self.proof = Proof::Failed(fault.to_string()),
            Event::Saved { profile, answer: Ok(warning) } => {
                let on_aws = if context.is_practice() { "On AWS you would now use it with" } else { "Use it with" };
                self.said = Some(match warning {
                    None => Said::Good(format!("{on_aws}: aws --profile {profile}{} …", context.endpoint_option())),
                    Some(words) => Said::Bad(words),
                });
                let file = context.places().credentials.clone();
                out.effects.extend(context.delivered(Delivery::Saved { profile: profile.clone(), file }));
                self.saved = Some(profile);
                self.go_to(context, Act::Done);
            }
            Event::Saved { answer: Err(fault), .. } => {
                self.said = Some(Said::Bad(fault.what()));
                self.go_to(context, Act::SaveAs);
            }
            // The description, which is the only step that can be left to do here.
            Event::Answered { step, answer: Answer::Performed(answer), .. } => {
                if let Some(pause) = self.ledger.settle(step, answer, context.jitter()) {
                    out.effects.push(Effect::WakeIn(pause, Wake::Resume(step)));
                }
            }
            Event::Woke(Wake::Resume(step)) => {
                self.ledger.resume(step);
                self.send(out);
            }
            Event::Wrote(Ok(path)) => {
                let (slot, delivery): (_, fn(String) -> Delivery) = if path.ends_with("_accessKeys.csv") {
                    (&mut self.key_csv, |file| Delivery::KeyCsv { file })
                } else {
                    (&mut self.password_csv, |file| Delivery::PasswordCsv { file })
                };
                out.effects.extend(context.delivered(delivery(path.clone())));
                *slot = Some(path);
                self.go_to(context, Act::Done);
            }
            Event::Wrote(Err(fault)) => self.said = Some(Said::Bad(fault.what())),
            Event::Copied(CopyWay::System) => {
                self.said = Some(Said::Good(format!("{} is in the clipboard, until something else is copied.", self.copying)));
            }
            Event::Copied(CopyWay::Terminal) => {
                self.said = Some(Said::Good(format!(
                    "{} was sent to your terminal's clipboard (OSC 52). Not every terminal takes it: paste to see.",
                    self.copying
                )));
            }
            Event::FocusLost => self.revealed = false,
            Event::Click(target) => {
                let items = self.items(context);
                if let Some(at) = entry(target).filter(|at| *at < items.len()) {
                    self.at = at;
                    return self.act(items[at].act, context, out);
                }
            }
            _ => {}
        }
        Phase::HandingOver(self)
    }

    /// Highlights a line of the menu.
    fn go_to(&mut self, context: &Context, act: Act) {
        let items = self.items(context);
        self.at = items.iter().position(|item| item.act == act).unwrap_or(0);
    }

    /// The profile name to propose: another one after a refusal.
    fn proposal(&self) -> String {
        let name = profile_for(&self.user);
        if matches!(self.said, Some(Said::Bad(_))) { format!("{name}-2") } else { name }
    }
}

/// What is wrong with the fields of "save as".
pub(super) fn check_save(form: &Form) -> Option<(FieldId, String)> {
    let profile = check_profile(form.text(FieldId::Profile)).err().map(|rule| (FieldId::Profile, rule.to_string()));
    profile.or_else(|| region::check(form.text(FieldId::Region)).err().map(|words| (FieldId::Region, words)))
}

/// The rule that is broken, as one types.
pub(super) fn refresh_dialog(dialog: &mut Dialog) {
    if matches!(dialog.asked, super::dialog::Asked::SaveAs)
        && let Some(rule) = check_profile(dialog.form.text(FieldId::Profile)).err()
        && let Some(field) = dialog.form.field_mut(FieldId::Profile)
    {
        field.error = Some(rule.to_string());
    }
}
