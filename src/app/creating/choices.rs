//! The choices of a run that does not go on by itself.

use std::ops::ControlFlow::{Break, Continue};

use super::{Course, Creating, Origin};
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::transition::{Transition, Turn};
use crate::app::{Context, Out};

/// What the person can choose when nothing is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunChoice {
    /// Take the credentials again from where they came from, and go on.
    Renew,
    /// Go on with keys that are pasted.
    Paste,
    /// Send the failed and unclear steps again.
    Retry,
    /// Go on after the person's own stop; nothing failed.
    GoOn,
    /// Undo what this run made.
    Undo,
    Leave,
    /// Back to the review; nothing remains.
    Review,
    /// Back to the first page; nothing remains of an earlier run.
    Start,
}

impl RunChoice {
    pub fn words(self) -> &'static str {
        match self {
            Self::Renew => "Go on: I have signed in again (“aws login”, “aws sso login”)",
            Self::Paste => "Paste new keys for this session, and go on",
            Self::Retry => "Retry what failed or is unclear",
            Self::GoOn => "Go on",
            Self::Undo => "Undo everything this run made",
            Self::Leave => "Leave",
            Self::Review => "Back to Review",
            Self::Start => "Back to the first page",
        }
    }
}

impl Creating {
    /// What can be chosen now; nothing while calls are under way.
    pub fn choices(&self) -> Vec<RunChoice> {
        if self.is_moving() {
            return Vec::new();
        }
        if self.account.is_connecting {
            return vec![RunChoice::Leave];
        }
        if self.account.is_foreign {
            return vec![RunChoice::Renew, RunChoice::Paste, RunChoice::Leave];
        }
        let remains = !self.ledger.remains().is_empty();
        let back = if matches!(self.origin, Origin::Pages(_)) { RunChoice::Review } else { RunChoice::Start };
        let again = match (self.course, self.ledger.has_failed()) {
            _ if self.ledger.needs_credentials() => vec![RunChoice::Renew, RunChoice::Paste],
            (Course::Undoing, _) => vec![],
            (Course::Making, true) => vec![RunChoice::Retry],
            (Course::Making, false) if !self.undo.renewing.is_empty() => vec![RunChoice::Retry],
            (Course::Making, false) => vec![RunChoice::GoOn],
        };
        let rest = match self.course {
            _ if remains => [RunChoice::Undo, RunChoice::Leave],
            _ => [back, RunChoice::Leave],
        };
        again.into_iter().chain(rest).collect()
    }

    pub(super) fn press(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        match self.choices().get(self.at) {
            Some(RunChoice::Renew) => {
                self.said = Some("Checking your credentials …".to_owned());
                out.effects.extend(context.connect(self.account.source.clone()));
                Continue(self)
            }
            Some(RunChoice::Paste) => {
                out.dialog = Some(Dialog::paste());
                Continue(self)
            }
            Some(RunChoice::Retry | RunChoice::GoOn) => self.again(context, out),
            Some(RunChoice::Undo) => self.take_back(context, out),
            Some(RunChoice::Review | RunChoice::Start) => {
                out.effects.extend(self.recorded_end());
                if let Origin::Pages(asking) = self.origin {
                    return Break(Transition::Review(*asking));
                }
                // Its journal is no longer useful here, and free for another program.
                out.effects.push(Effect::Close);
                Break(Transition::StartAfresh(self.ledger.plan().user().cloned()))
            }
            Some(RunChoice::Leave) => self.end(context, out),
            None => Continue(self),
        }
    }
}
