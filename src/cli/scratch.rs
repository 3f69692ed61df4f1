//! The folder for the files of practice: named at the start, made with the first of them.

use std::fs;
use std::path::{Path, PathBuf};

use iamwalk::practice::OLD_KEY;
use iamwalk::services::profile_files::ProfileFiles;

/// The profile that the files of practice begin with: something to rotate.
pub fn profile() -> String {
    let (name, id, secret) = OLD_KEY;
    format!("[{name}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n")
}

/// A folder that nobody else has, below the system's folder for temporary files.
pub struct Scratch(PathBuf);

impl Scratch {
    /// With any number in its name.
    pub fn new(number: u64) -> Self {
        Self(std::env::temp_dir().join(format!("iamwalk-practice-{:08x}", number as u32)))
    }

    fn credentials(&self) -> PathBuf {
        ProfileFiles::within(&self.0).credentials
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What was saved in practice stays for the person to look at; a folder with nothing but a lock goes.
    pub fn keep_if_used(self) -> Option<PathBuf> {
        let entries = fs::read_dir(&self.0).ok()?;
        let is_as_it_was =
            |path: &Path| *path == self.credentials() && fs::read(path).is_ok_and(|text| text == profile().as_bytes());
        if entries.flatten().map(|entry| entry.path()).any(|path| path.is_file() && !is_as_it_was(&path)) {
            return Some(self.0);
        }
        // What can't be removed is a lock without a word in it.
        let _ = fs::remove_dir_all(&self.0);
        None
    }
}
