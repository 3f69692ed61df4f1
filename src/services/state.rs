//! The folder of what iamwalk itself keeps: journals, backups, the lock on profile files.

use std::path::PathBuf;

/// `iamwalk` in the state folder, or where the platform has none in the local data folder. `None` without a home.
pub fn folder() -> Option<PathBuf> {
    dirs::state_dir().or_else(dirs::data_local_dir).map(|folder| folder.join("iamwalk"))
}
