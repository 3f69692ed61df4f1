//! The folder for the files of practice: named at the start, made with the first of them.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder that nobody else has, below the system's folder for temporary files.
pub struct Scratch(PathBuf);

impl Scratch {
    /// With any number in its name.
    pub fn new(number: u64) -> Self {
        Self(std::env::temp_dir().join(format!("iamwalk-practice-{:08x}", number as u32)))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What was saved in practice stays for the person to look at; a folder with nothing but a lock goes.
    pub fn keep_if_used(self) -> Option<PathBuf> {
        let entries = fs::read_dir(&self.0).ok()?;
        if entries.flatten().any(|entry| entry.path().is_file()) {
            return Some(self.0);
        }
        // What can't be removed is a lock without a word in it.
        let _ = fs::remove_dir_all(&self.0);
        None
    }
}
