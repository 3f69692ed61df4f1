//! The place of a step in its plan, by which secrets, records and answers name it.

use serde::{Deserialize, Serialize};

/// A step's place in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StepId(pub usize);
