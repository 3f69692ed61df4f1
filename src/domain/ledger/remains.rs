//! What a run left in the account, and the AWS CLI commands that remove it.

use super::{Ledger, StepState};
use crate::domain::operation::{Inverse, Made, Nature, Operation};
use crate::domain::step::Step;

impl Ledger {
    /// What of this run is, or may be, still there, with the AWS CLI command that removes it; in the order of removal.
    pub fn remains(&self) -> Vec<Remainder> {
        self.plan
            .steps()
            .iter()
            .zip(&self.entries)
            .rev()
            .filter_map(|(step, entry)| {
                // What it has removed is not left in the account.
                let has_removed = step.operation.nature() == Nature::Removes;
                if self.is_gone_since(step) || self.is_final(step) {
                    return None;
                }
                let (made, certain) = match &entry.state {
                    StepState::Done(_) if has_removed => return None,
                    StepState::Done(_) | StepState::UndoFailed(_) => (entry.made.as_ref(), entry.made.is_some()),
                    StepState::Sent | StepState::Unclear(_) => (None, false),
                    StepState::Waiting if entry.doubt.maybe_applied => (None, false),
                    // Somebody else's, as far as can be told: named, with a command that only looks.
                    _ if entry.doubt.unproven => {
                        let operation = self.resolved(step);
                        return Some(Remainder { operation, undo: None, certain: false, is_proven: false });
                    }
                    _ => return None,
                };
                let undo = match self.inverse(step, made.unwrap_or(&Made::Link)) {
                    Inverse::By(operation) => Some(operation),
                    Inverse::Nothing => return None,
                    // What was done for good is nothing that could be removed; whether it was has to be seen.
                    Inverse::Never(_) if certain => return None,
                    Inverse::Never(_) | Inverse::Unknown => None,
                };
                Some(Remainder { operation: self.resolved(step), undo, certain, is_proven: true })
            })
            .collect()
    }
}

impl Ledger {
    /// What this run has done and nothing takes back, each with why.
    pub fn gone_for_good(&self) -> Vec<(String, &'static str)> {
        let gone = |(step, state): (&Step, &StepState)| {
            let made = if let StepState::Done(made) = state { made } else { return None };
            match self.inverse(step, made) {
                Inverse::Never(why) => Some((step.operation.words(), why)),
                Inverse::By(_) | Inverse::Nothing | Inverse::Unknown => None,
            }
        };
        self.rows().filter_map(gone).collect()
    }

    /// The same, a line each below a head; nothing where there is none.
    pub fn gone_lines(&self) -> Vec<String> {
        let gone = self.gone_for_good();
        let head = (!gone.is_empty()).then(|| "This was done, and can't be undone:".to_owned());
        head.into_iter().chain(gone.into_iter().map(|(words, why)| format!("  - {words}. {why}"))).collect()
    }
}

/// Something that a run left in the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remainder {
    operation: Operation,
    undo: Option<Operation>,
    certain: bool,
    is_proven: bool,
}

impl Remainder {
    /// What it is and how it is removed: a shell comment and, where there is one, a command.
    pub fn lines(&self, options: &str) -> Vec<String> {
        let made = format!("  # made by: {}{}", self.words(), self.doubt());
        let command = Some(self.command(options)).filter(|command| !command.is_empty());
        let back = || format!("  # {}", self.foretold());
        vec![made, command.map_or_else(back, |command| format!("  {command}"))]
    }

    /// What undo does with it, in words.
    pub fn foretold(&self) -> String {
        match &self.undo {
            Some(undo) => format!("{}{}", undo.words(), self.doubt()),
            None => format!("Look whether this was done: {}", self.words()),
        }
    }

    /// The step that made it, in words.
    pub fn words(&self) -> String {
        self.operation.words()
    }

    /// What has to be known of it besides; empty where it is known to be there.
    pub fn doubt(&self) -> &'static str {
        match (self.certain, self.is_proven) {
            (true, _) => "",
            (false, true) => " (unclear: may not be there)",
            (false, false) => " (not proven to be of this run: look at it before you delete it)",
        }
    }

    /// The AWS CLI command that removes it; for what has an id that was in the lost answer, the one that lists such things.
    pub fn command(&self, options: &str) -> String {
        match &self.undo {
            Some(undo) => undo.command(options),
            None => format!("aws iam {}{options}", self.operation.shown_by()),
        }
    }
}
