//! The pages of questions, by name.

use serde::{Deserialize, Serialize};

/// The page on which a finding is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageId {
    /// Which guide, and the caller.
    Walkthrough,
    /// Name and path.
    User,
    /// Key and console.
    Access,
    /// Groups and policies.
    Permissions,
    Tags,
}
