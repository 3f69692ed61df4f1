//! What is said of a run that is handed over: what was done, where the key is, what is left for later, what did not go through.

use super::HandingOver;
use super::leaving::KeyFate;
use crate::app::Context;
use crate::domain::journal::LATER;
use crate::domain::ledger::{Pause, StepState};
use crate::domain::operation::{Made, Operation, quoted};
use crate::domain::record::TaskId;
use crate::domain::step::Step;

impl HandingOver {
    /// What was done, in words.
    pub fn done_words(&self) -> impl Iterator<Item = String> {
        self.ledger.rows().filter_map(|(step, state)| match state {
            StepState::Done(_) => Some(step.operation.words()),
            StepState::Found(_) => Some(format!("{}: {}", step.operation.words(), state.words().1)),
            _ => None,
        })
    }

    /// What was saved so far, in words.
    pub fn deliveries(&self, context: &Context) -> Vec<String> {
        let mut lines = Vec::new();
        let saves = self.saving.saves.iter();
        lines.extend(saves.map(|profile| format!("Saved as profile “{profile}” in {}", context.paths().credentials)));
        lines.extend(self.written.files.iter().map(|path| format!("Written to {path}")));
        lines
    }

    /// How the profile that was saved last is used.
    pub fn usage(&self, context: &Context) -> Option<String> {
        let profile = quoted(self.saving.saved.as_ref()?);
        let on_aws = if context.is_practice() { "On AWS you would now use it with" } else { "Use it with" };
        Some(format!("{on_aws}: aws --profile {profile}{} …", context.endpoint_option()))
    }

    /// Why what may be left out is not done yet.
    pub fn pause(&self) -> Option<String> {
        self.ledger.plan().steps().iter().find_map(|step| self.ledger.pause(step.id)).map(Pause::words)
    }

    /// What the run has left for later, and how that is done.
    pub fn left_for_later(&self, context: &Context) -> Option<String> {
        let deletes = |step: &Step| match &step.operation {
            Operation::DeleteAccessKey(delete) => Some(delete.key.clone()),
            _ => None,
        };
        // Without the new key nothing takes the old one's place.
        if matches!(self.fate, KeyFate::Deleted(_)) || self.key_is_open() {
            return None;
        }
        let is_rotation = self.task.id == TaskId::RotateKey;
        let mut rows = self.ledger.rows().rev().filter(|(_, state)| is_rotation && matches!(state, StepState::Done(_)));
        let Some(key) = self.ledger.open_later().find_map(deletes) else {
            return rows.find_map(|(step, _)| deletes(step)).map(|key| format!("The old key {key} is deleted."));
        };
        let still_works = self.ledger.open_later().any(|step| matches!(step.operation, Operation::UpdateAccessKey(_)));
        let state = if still_works { "still works" } else { "is deactivated" };
        let how = match &context.run {
            Some(run) => {
                let date = context.sign_in.clock.after_days(LATER).date();
                format!(
                    "Delete it once nothing misses it; you are reminded from {date} on. Or: iamwalk rotate-key --finish {run}"
                )
            }
            None => "On AWS you would be reminded to delete it.".to_owned(),
        };
        Some(format!("The old key {key} {state}. {how}"))
    }

    /// Steps that did not stop the run, and failed or are still under way.
    pub fn notes(&self) -> Vec<String> {
        let note = |(step, state): (&Step, &StepState)| match state {
            StepState::Waiting if step.later => None,
            StepState::Done(Made::Unproven { why }) => Some(format!("Not so: {}. {why}", step.operation.words())),
            StepState::Waiting | StepState::Sent => Some(format!("Not done yet: {}.", step.operation.words())),
            StepState::Failed(fault) | StepState::Unclear(fault) => {
                Some(format!("Not done: {}. {fault}", step.operation.words()))
            }
            StepState::Done(Made::Key { possible_duplicate: true, .. }) => Some(format!(
                "An earlier answer was lost, so a second key may exist. Check with “aws iam list-access-keys --user-name={}”.",
                quoted(&self.user)
            )),
            _ => None,
        };
        self.ledger.rows().filter_map(note).collect()
    }
}
