//! A permission on a thing, and what IAM's simulation says of it.

/// A permission that the plan needs, and on what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// `iam:CreateUser`.
    pub permission: &'static str,
    pub resource: String,
}

/// What IAM's simulation says of a right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allowed,
    /// The caller lacks it, and why.
    Refused(&'static str),
    /// The simulation would have to know more than can be told it.
    Unknown,
}
