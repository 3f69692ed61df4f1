//! The csv files of the hand-over: the console's own formats, readable by their owner only, never over an existing file.

use std::path::{Path, PathBuf};

use super::private_file;
use crate::domain::fault::Fault;

/// Writes a csv into `folder`. Where the secret ends: in that file.
///
/// # Errors
/// Why it could not be written, with the path.
pub fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, Fault> {
    let path = folder.join(name);
    private_file::create(&path, text.as_bytes())
        .map_err(|error| Fault::local(format!("{} could not be written: {}.", path.display(), private_file::reason(&error))))?;
    Ok(path)
}
