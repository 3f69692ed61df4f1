//! What a run left in the account, and the AWS CLI commands that remove it.

use super::{Ledger, StepState};
use crate::domain::step::{Action, Made};
use crate::domain::undo::{Undo, quoted};

impl Ledger {
    /// What of this run is, or may be, still there, with the AWS CLI command that removes it; in the order of removal.
    pub fn remains(&self) -> Vec<Remainder> {
        self.plan
            .steps()
            .iter()
            .zip(&self.entries)
            .rev()
            .filter_map(|(step, entry)| {
                let (made, certain) = match &entry.state {
                    StepState::Done(_) | StepState::UndoFailed(_) => (entry.made.as_ref(), entry.made.is_some()),
                    StepState::Sent | StepState::Unclear(_) => (None, false),
                    StepState::Waiting if entry.may_be => (None, false),
                    // Somebody else's, as far as can be told: named, with a command that only looks.
                    _ if entry.unproven => {
                        return Some(Remainder { action: step.action.clone(), undo: None, certain: false, is_proven: false });
                    }
                    _ => return None,
                };
                let undo = self.undo_of(step, made.unwrap_or(&Made::Link));
                Some(Remainder { action: step.action.clone(), undo, certain, is_proven: true })
            })
            .collect()
    }
}

/// Something that a run left in the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remainder {
    action: Action,
    undo: Option<Undo>,
    certain: bool,
    is_proven: bool,
}

impl Remainder {
    /// What it is and how it is removed, a shell comment and a command.
    pub fn lines(&self, options: &str) -> [String; 2] {
        [format!("  # made by: {}{}", self.words(), self.doubt()), format!("  {}", self.command(options))]
    }

    /// The step that made it, in words.
    pub fn words(&self) -> String {
        self.action.words()
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
        match (&self.undo, &self.action) {
            (Some(undo), _) => undo.command(options),
            (None, Action::CreatePolicyVersion { policy, .. }) => {
                format!("aws iam list-policy-versions --policy-arn={}{options}", quoted(&policy.arn))
            }
            (None, Action::CreatePolicy { policy, .. }) => {
                format!("aws iam get-policy --policy-arn={}{options}", quoted(&policy.arn))
            }
            (None, Action::CreateGroup { group }) => {
                format!("aws iam get-group --group-name={}{options}", quoted(group.as_str()))
            }
            (None, Action::CreateUser { user, .. }) => {
                format!("aws iam get-user --user-name={}{options}", quoted(user.as_str()))
            }
            (None, action) => {
                let user = action.user().map(|user| quoted(user.as_str())).unwrap_or_default();
                format!("aws iam list-access-keys --user-name={user}{options}")
            }
        }
    }
}
