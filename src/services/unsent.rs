//! Answers that were not sent, as a file in the state folder that only its owner may read. It is there for seven days at most.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{private_file, state};
use crate::domain::unsent::Unsent;

/// How long the answers are offered.
const LASTS: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The file. Nothing is lost but answers where it can't be written or read, and they can be given again: so nothing is said of it.
#[derive(Clone, Debug)]
pub struct UnsentFile(Option<PathBuf>);

impl UnsentFile {
    /// The person's own: `iamwalk/unsent.json` in the state folder.
    pub fn own() -> Self {
        Self(state::folder().map(|folder| folder.join("unsent.json")))
    }

    /// Another file.
    pub fn at(path: &Path) -> Self {
        Self(Some(path.to_owned()))
    }

    /// Keeps these answers in place of earlier ones.
    pub fn keep(&self, unsent: &Unsent) {
        let Some(path) = &self.0 else { return };
        let (Some(folder), Ok(text)) = (path.parent(), serde_json::to_vec(unsent)) else { return };
        let new = path.with_extension("new");
        let _ = std::fs::remove_file(&new);
        let written = private_file::folder(folder).and_then(|()| private_file::create(&new, &text));
        if written.and_then(|()| std::fs::rename(&new, path)).is_err() {
            let _ = std::fs::remove_file(&new);
        }
    }

    /// The answers that are kept. Those that are too old, or of another format, are removed.
    pub fn read(&self) -> Option<Unsent> {
        let path = self.0.as_ref()?;
        let saved = std::fs::metadata(path).ok()?.modified().ok()?;
        let is_old = SystemTime::now().duration_since(saved).is_ok_and(|age| age > LASTS);
        let read = std::fs::read(path).ok().filter(|_| !is_old);
        let unsent = read.and_then(|text| serde_json::from_slice(&text).ok());
        if unsent.is_none() {
            self.forget();
        }
        unsent
    }

    pub fn forget(&self) {
        if let Some(path) = &self.0 {
            let _ = std::fs::remove_file(path);
        }
    }
}
