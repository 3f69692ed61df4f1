//! What the person has seen of the conversation: a key acts on that and on nothing else (DESIGN, "Nothing is done blind").

use std::mem::discriminant;
use std::ops::ControlFlow::Continue;

use super::dialog::Asked;
use super::effect::Effect;
use super::event::{Event, Key, Signal};
use super::field::Control;
use super::{App, Phase, take};
use crate::domain::secret::Secret;

/// How often Ctrl-C is pressed on the card before something is lost.
const PRESSES: u8 = 2;

/// Where the conversation stands, as far as a key's meaning depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standpoint {
    phase: std::mem::Discriminant<Phase>,
    page: usize,
    is_running: bool,
    dialog: Option<(std::mem::Discriminant<Asked>, String)>,
    /// The highlighted entry, which answers may move.
    at: usize,
    /// The field that has the keys, and the highlighted row of a list.
    row: Option<(usize, String)>,
}

impl Standpoint {
    /// Whether the same page or question is in front, whatever is highlighted.
    pub fn is_same_place(&self, other: &Self) -> bool {
        let place = |own: &Self| Self { at: 0, row: None, ..own.clone() };
        place(self) == place(other)
    }

    /// Whether the same page or question is open, whether or not it has gone on meanwhile.
    pub fn is_same_page(&self, other: &Self) -> bool {
        Self { is_running: other.is_running, ..self.clone() }.is_same_place(other)
    }
}

impl App {
    /// Where the conversation stands now.
    pub fn standpoint(&self) -> Standpoint {
        let (page, at, is_running) = match &self.phase {
            Phase::Asking(asking) => (asking.at(), 0, false),
            Phase::Users(users) => (usize::from(users.open().is_some()), users.open().map_or(0, |open| open.at), false),
            Phase::Reviewing(reviewing) => (0, reviewing.at, false),
            Phase::Creating(creating) => (0, creating.at, creating.is_moving()),
            Phase::HandingOver(handing_over) => (0, handing_over.at(), false),
            _ => (0, 0, false),
        };
        let dialog = self.dialog.as_ref().map(|dialog| (discriminant(&dialog.asked), dialog.title.clone()));
        let at = self.dialog.as_ref().map_or(at, |dialog| dialog.at);
        let row = self.form().map(|form| {
            let table = form.focused().and_then(|field| match &field.control {
                Control::Table(table) => table.highlighted().map(|row| row.key.clone()),
                _ => None,
            });
            (form.focus, table.unwrap_or_default())
        });
        Standpoint { phase: discriminant(&self.phase), page, is_running, dialog, at, row }
    }

    /// What leaving now would lose, for the card that stands in place of a page; `None`: nothing.
    pub fn at_stake(&self) -> Option<(&'static str, &'static str)> {
        match &self.phase {
            Phase::HandingOver(handing_over) => handing_over.at_stake(),
            Phase::Creating(_) => Some(("A run is under way.", "it is stopped, and you are told what remains")),
            _ => None,
        }
    }

    /// Whether Ctrl-C was pressed already while only the card is to be seen.
    pub fn is_pressed_on_card(&self) -> bool {
        self.card_presses > 0
    }

    /// A key while only the card is to be seen: Ctrl-C leaves, and nothing else means anything.
    pub(super) fn key_on_card(&mut self, key: Key) -> Vec<Effect> {
        if key != Key::Ctrl('c') {
            return Vec::new();
        }
        self.card_presses += 1;
        if self.at_stake().is_some() && self.card_presses < PRESSES {
            return Vec::new();
        }
        self.dialog = None;
        self.card_presses = 0;
        match &self.phase {
            Phase::HandingOver(handing_over) if handing_over.at_stake().is_none() => {
                self.advance(|phase, context, out| match phase {
                    Phase::HandingOver(handing_over) => handing_over.quit(context, out).map_continue(Phase::HandingOver),
                    other => Continue(other),
                })
            }
            _ => take(self, Event::Signal(Signal::Interrupt)),
        }
    }

    /// Keys that came at once, as a paste of a terminal that does not say so: they may write, and never act. A line end at the
    /// very end of what goes into a line is Enter, and a Tab is Tab. Where a secret among it ends: in the field that it was written to.
    pub(super) fn burst(&mut self, text: &Secret) -> Vec<Effect> {
        let form = match (&self.dialog, &self.phase) {
            (Some(dialog), _) => Some(&dialog.form),
            (None, _) => self.form(),
        };
        let Some(form) = form else { return Vec::new() };
        let (is_typing, control) = (form.is_typing(), form.focused().map(|field| &field.control));
        if matches!(control, Some(Control::Document(_))) {
            return take(self, Event::Paste(text.clone()));
        }
        if !is_typing && !matches!(control, Some(Control::Table(_))) {
            return Vec::new();
        }
        let line = text.expose().trim_end_matches(['\n', '\t']);
        let last = text.expose()[line.len()..].chars();
        let is_one_line = !line.contains('\n') && last.clone().count() == 1;
        let mut effects = if line.is_empty() { Vec::new() } else { take(self, Event::Paste(Secret::new(line.to_owned()))) };
        // A dialog that changes something is answered by a key that was meant.
        let asked = self.dialog.as_ref().map(|dialog| &dialog.asked);
        let changes = match asked {
            Some(asked) => matches!(asked, Asked::SaveAs(_) | Asked::WriteTo),
            None => matches!(self.phase, Phase::WritingPolicy(_)),
        };
        if is_typing && is_one_line && !changes {
            self.refresh();
            let key = if last.eq(['\t']) { Key::Tab } else { Key::Enter };
            effects.extend(take(self, Event::Key(key)));
        }
        effects
    }
}
