//! Standard output: the result of a walk without questions.

use std::io::{Write, stdout};

/// Prints a text whole. A reader that is gone is a failure here: the text may hold a secret that is nowhere else.
///
/// # Errors
/// Why not, in words.
pub fn print(text: &str) -> Result<(), String> {
    let mut out = stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| error.to_string())
}
