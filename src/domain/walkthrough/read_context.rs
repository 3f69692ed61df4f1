//! What a walkthrough is read with, and how much of it.

/// The largest walkthrough, in bytes.
pub const FILE_LIMIT: usize = 256 * 1024;
/// The largest policy document that a file or a person supplies, in bytes: IAM takes far less, white space not counted.
pub const DOCUMENT_LIMIT: usize = 128 * 1024;

pub struct ReadContext<'a> {
    /// Reads a file that lies beside it, or says why that can't be read.
    pub beside: &'a dyn Fn(&str) -> Result<String, String>,
    /// Reads a file that the person named, or says why that can't be read.
    pub supplied: &'a dyn Fn(&str) -> Result<String, String>,
    /// The names of AWS's managed policies; empty where they are not at hand.
    pub aws_policies: &'a [&'a str],
    /// The partition for which its documents are checked; `None` where the caller's will decide.
    pub partition: Option<&'a str>,
    /// It may be for a server of one's own, whose regions may have any name.
    pub own_server: bool,
}
