//! The secret on the screen and in the clipboard: for a while, and by which way.

use std::ops::ControlFlow::Continue;

use std::time::Duration;

use super::{HandingOver, Said};
use crate::app::effect::{Copied, Effect};
use crate::app::event::{CopyWay, Wake};
use crate::app::transition::Turn;
use crate::app::{Context, Out};
use crate::domain::hand_over::{KEY_FORMS, sign_in_instructions};
use crate::domain::operation::Operation;
use crate::domain::record::{Delivery, Record};
use crate::domain::secret::SecretId;
use crate::domain::step::Step;
use crate::domain::step_id::StepId;

/// So many seconds a revealed secret stays on the screen.
const REVEALED_FOR: u8 = 30;
const SECOND: Duration = Duration::from_secs(1);

/// How long a copied secret stays in the system's clipboard.
const COPIED_FOR: Duration = Duration::from_secs(45);

/// The way of a secret to its owner, beside files.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taken {
    /// It was copied: by that alone it has not arrived.
    pub(super) copied: bool,
    /// It was shown or copied: somebody may have it.
    pub(super) seen: bool,
    /// The person said that it has arrived, or had it printed.
    pub(super) arrived: bool,
}

/// Of what something is that is copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Copying {
    /// Everybody may see it.
    #[default]
    Open,
    /// The key's secret is in it.
    Key,
    Password,
}

/// The ways of the secrets beside files: screen, clipboard, ordinary screen.
#[derive(Debug, Default)]
pub(super) struct Exposure {
    /// So many seconds more the secrets are to be seen.
    pub(super) revealed: Option<u8>,
    /// So often was a secret revealed.
    pub(super) reveals: u32,
    /// So often was a secret copied.
    pub(super) copies: u32,
    /// What was copied last, in words, and of what it is.
    pub(super) copying: (&'static str, Copying),
    /// It is on its way.
    pub(super) is_copying: bool,
    pub(super) key_taken: Taken,
    pub(super) password_taken: Taken,
    /// The person wants the secrets printed once the full screen is closed.
    pub(super) prints: bool,
}

impl HandingOver {
    /// Where the walkthrough wants what to be pasted, the place of the secret marked.
    pub fn paste(&self) -> Option<String> {
        self.pasted("(the secret: c copies it)")
    }

    /// The same with these words in the secret's place.
    pub(super) fn pasted(&self, place: &str) -> Option<String> {
        let (_, id) = self.secrets.key.as_ref()?;
        let text = self.walkthrough.hand_over.paste.trim_end();
        (!text.is_empty()).then(|| text.replace("{{key-id}}", id).replace("{{secret}}", place))
    }

    /// Shows the secrets for a while, or hides them again.
    ///
    /// What is printed among lines stays there: nothing counts down.
    pub(in crate::app) fn reveal(&mut self, context: &Context, out: &mut Out) {
        if self.exposure.revealed.take().is_some() && !context.in_lines {
            return;
        }
        self.exposure.reveals += 1;
        self.exposure.revealed = Some(if context.in_lines { 1 } else { REVEALED_FOR });
        out.effects.push(Effect::WakeIn(SECOND, Wake::Mask(self.exposure.reveals)));
        self.exposure.password_taken.seen = self.secrets.password.is_some();
        self.seen(out);
    }

    /// A second of a reveal is over; with the last one the secrets are hidden again.
    pub(super) fn second_passed(&mut self, out: &mut Out) {
        self.exposure.revealed = self.exposure.revealed.and_then(|left| left.checked_sub(1)).filter(|left| *left > 0);
        if self.exposure.revealed.is_some() {
            out.effects.push(Effect::WakeIn(SECOND, Wake::Mask(self.exposure.reveals)));
        }
    }

    /// What can be copied, in words.
    pub(super) fn copies(&self) -> Vec<(&'static str, Copied)> {
        let mut copies = Vec::new();
        if let Some((step, id)) = &self.secrets.key {
            let secret = SecretId::Of(*step);
            copies.push(("The secret access key", Copied::Secret(secret)));
            copies.push(("The access key ID", Copied::Text(id.clone())));
            copies.extend(KEY_FORMS.map(|(form, words)| {
                (words, Copied::Key { form, profile: self.saving.destination.profile.clone(), id: id.clone(), secret })
            }));
        }
        copies.extend(self.password().map(|password| ("The console password", Copied::Secret(password))));
        if let Some(url) = &self.secrets.url {
            let is_reset = |step: &Step| match &step.operation {
                Operation::CreateLoginProfile(set) => set.reset,
                Operation::UpdateLoginProfile(set) => set.reset,
                _ => false,
            };
            let must_change = self.ledger.plan().steps().iter().any(is_reset);
            copies.push(("The sign-in URL", Copied::Text(url.clone())));
            let letter = sign_in_instructions(&self.user, url, must_change);
            copies.push(("Instructions for another person, without the password", Copied::Text(letter)));
        }
        copies
    }

    pub(in crate::app) fn copy(mut self: Box<Self>, at: usize, context: &Context, out: &mut Out) -> Turn<Self> {
        let Some((words, what)) = self.copies().into_iter().nth(at) else { return Continue(self) };
        let subject = match &what {
            Copied::Text(_) => Copying::Open,
            Copied::Secret(id) if Some(*id) == self.password() => Copying::Password,
            Copied::Secret(_) | Copied::Key { .. } => Copying::Key,
        };
        (self.exposure.copying, self.exposure.is_copying) = ((words, subject), true);
        // Among lines an escape sequence is noise at best, and the secret itself at worst.
        let through_terminal = !context.in_lines && (!context.presenter || subject == Copying::Open);
        out.effects.push(Effect::Copy { what, through_terminal });
        Continue(self)
    }

    /// Says by which way it was copied, and what follows.
    pub(super) fn copied(&mut self, way: CopyWay, out: &mut Out) {
        self.exposure.is_copying = false;
        let (what, subject) = self.exposure.copying;
        let is_secret = subject != Copying::Open;
        if way != CopyWay::Nowhere {
            match subject {
                Copying::Open => {}
                Copying::Key => {
                    self.exposure.key_taken.copied = true;
                    self.seen(out);
                }
                Copying::Password => (self.exposure.password_taken.copied, self.exposure.password_taken.seen) = (true, true),
            }
            self.exposure.copies += u32::from(is_secret);
        }
        self.menu.said = Some(match way {
            CopyWay::System if is_secret => {
                out.effects.push(Effect::WakeIn(COPIED_FOR, Wake::ClearClipboard(self.exposure.copies)));
                let seconds = COPIED_FOR.as_secs();
                Said::Good(format!("{what} is in the clipboard for {seconds} s, or until iamwalk ends. Paste it now."))
            }
            CopyWay::System => Said::Good(format!("{what} is in the clipboard.")),
            CopyWay::Terminal { hindrance: Some(words) } => Said::Bad(words),
            CopyWay::Terminal { hindrance: None } => Said::Good(format!(
                "{what} was sent to your terminal's clipboard (OSC 52), and stays there: it can't be cleared from here. Not every \
                 terminal takes it: paste to see."
            )),
            CopyWay::Nowhere => Said::Bad(
                "There is no clipboard here but the terminal's, and nothing goes through the terminal now. Save it instead."
                    .to_owned(),
            ),
        });
    }

    /// Somebody may have the key's secret from here on: a later start must not take it for lost.
    pub(super) fn seen(&mut self, out: &mut Out) {
        if self.secrets.key.is_some() && !std::mem::replace(&mut self.exposure.key_taken.seen, true) {
            out.effects.extend(self.key_step().map(|key| Effect::Record(vec![Record::Delivered(key, Delivery::KeyShown)])));
        }
    }

    pub(super) fn key_step(&self) -> Option<StepId> {
        self.secrets.key.as_ref().map(|(step, _)| *step)
    }
}
