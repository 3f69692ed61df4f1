//! Leaving the hand-over: asked first where a secret would be lost, with a short account of what was made.

use super::{HandingOver, Proof};
use crate::app::dialog::Dialog;
use crate::app::effect::Farewell;
use crate::app::{Context, Out, Phase};
use crate::domain::journal::{Delivery, End, Record};
use crate::domain::ledger::StepState;
use crate::domain::undo::quoted;

impl HandingOver {
    /// Whether the secret access key has reached no file.
    fn key_is_unsaved(&self) -> bool {
        self.key.is_some() && self.saved.is_none() && self.key_csv.is_none()
    }

    /// Leaves, asking first where a secret would be lost.
    pub(super) fn done(self: Box<Self>, context: &Context, out: &mut Out) -> Phase {
        let key = self.key_is_unsaved();
        let password = self.password.is_some() && self.password_csv.is_none() && !self.password_seen;
        let title = match (key, password) {
            (true, _) => "The secret access key was not saved",
            (false, true) => "The console password was not saved",
            (false, false) => "Leave now?",
        };
        let proving = self.is_proving() && self.saved.is_some();
        let lost: Vec<String> = [
            (proving, "It is still being proven that the new key works; that takes some seconds."),
            (self.is_unfinished(), "The key's description is not set yet; who leaves now may leave the key without one."),
            (key, "The secret access key can't be seen again: AWS does not keep it. The key itself stays in the account."),
            (password, "The console password can't be seen again; an administrator would have to set a new one."),
        ]
        .into_iter()
        .filter(|(is_lost, _)| *is_lost)
        .map(|(_, words)| words.to_owned())
        .collect();
        if lost.is_empty() {
            return self.leave(context, out);
        }
        out.dialog = Some(Dialog::unsaved(title, lost));
        Phase::HandingOver(self)
    }

    /// Leaves: the run is over, and what nobody received is given up expressly.
    pub(in crate::app) fn leave(self: Box<Self>, context: &Context, out: &mut Out) -> Phase {
        let key = self.key_is_unsaved().then_some(Delivery::KeyGivenUp);
        let password = match (self.password, &self.password_csv, self.password_seen) {
            (Some(_), None, true) => Some(Delivery::PasswordSeen),
            (Some(_), None, false) => Some(Delivery::PasswordGivenUp),
            _ => None,
        };
        let mut records: Vec<Record> = key.into_iter().chain(password).map(Record::Delivered).collect();
        records.push(Record::Ended(End::Finished));
        out.effects.extend(context.record(records));
        let farewell = self.farewell(context);
        out.leave(farewell)
    }

    /// The short account.
    pub(in crate::app) fn farewell(&self, context: &Context) -> Farewell {
        let account = context.facts.caller().map(|caller| caller.account.clone()).unwrap_or_default();
        let mut lines = vec![format!("Made in account {account}:")];
        let made = self.ledger.rows().filter(|(_, state)| matches!(state, StepState::Done(_) | StepState::Found(_)));
        lines.extend(made.map(|(step, _)| format!("  ✓ {}", step.action.words())));
        lines.extend(self.notes().into_iter().map(|note| format!("  ! {note}")));
        lines.extend(self.deliveries(context));
        let unproven = self.key.is_some() && !matches!(self.proof, Proof::Proven(_));
        match &self.proof {
            Proof::Proven(arn) => lines.push(format!("Verified: the key answers as {arn}")),
            Proof::None => {}
            Proof::Failed(words) => lines.push(format!("Not verified: {words}")),
            Proof::Proving(_) => lines.push("Not verified yet: you left before the key had answered.".to_owned()),
        }
        if context.is_practice() {
            lines.push("This was practice: nothing was made on AWS, and the account is gone.".to_owned());
        } else if let Some(profile) = &self.saved {
            lines.push({
                let endpoint = context.endpoint_option();
                format!("Next: aws sts get-caller-identity --profile={}{endpoint}", quoted(profile))
            });
        }
        let unsaved = self.key_is_unsaved();
        if unsaved && !context.is_practice() {
            lines.push(match &self.key {
                Some((_, id)) => format!(
                    "The secret was not saved. If nobody has it, delete the key: aws iam delete-access-key --user-name={} --access-key-id={id}{}",
                    quoted(&self.user),
                    context.cli_options()
                ),
                None => String::new(),
            });
            lines.extend(
                context
                    .run
                    .as_ref()
                    .map(|run| format!("It is recorded as run {run}. To take all of it back: iamwalk undo {run}")),
            );
        }
        Farewell { code: if unproven || unsaved { 3 } else { 0 }, lines }
    }
}
