//! A step: one operation at its place in a plan.

use serde::{Deserialize, Serialize};

use super::operation::Operation;
use super::step_id::{StepId, SubjectId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub id: StepId,
    pub operation: Operation,
    /// Whom it is about; none for what all share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectId>,
    /// The steps that have to be done before.
    pub needs: Vec<StepId>,
    /// Whether its failure stops the run; the key's description only leaves a note.
    pub stops: bool,
    /// It waits until the person takes the run up again, at the run's due date or before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub later: bool,
}

impl Step {
    /// What it does, and whether that is later.
    pub fn words(&self) -> String {
        let later = if self.later { "Later: " } else { "" };
        format!("{later}{}", self.operation.words())
    }
}
