//! The places of steps and people in a plan, by which secrets, records and answers name them.

use serde::{Deserialize, Serialize};

/// A step's place in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StepId(pub usize);

/// The place of somebody among those whom a plan is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SubjectId(pub usize);
