//! The csv files of the hand-over: readable by their owner only, and over an existing file only when that is wanted.

use std::path::{Path, PathBuf};

use super::{private_file, replace};
use crate::domain::fault::Fault;

#[derive(Debug)]
pub enum Written {
    Done {
        path: PathBuf,
        /// The git work tree that it lies in.
        work_tree: Option<PathBuf>,
    },
    /// There is such a file already, and nothing was written.
    Exists(PathBuf),
}

/// Writes a csv: into `to` where that is a folder, else as that file; into `folder` where nothing is said. Where the secret
/// ends: in that file.
///
/// # Errors
/// Why it could not be written, with the path.
pub fn write(folder: &Path, to: Option<&str>, name: &str, text: &str, over: bool) -> Result<Written, Fault> {
    let path = place(folder, to, name)?;
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let folder = path.parent().unwrap_or(Path::new(".")).display();
            Fault::local(format!("The folder {folder} does not exist. Make it, or choose another."))
        }
        _ => Fault::local(format!("{} could not be written: {}.", path.display(), private_file::reason(&error))),
    };
    let there = path.symlink_metadata().is_ok();
    match (there, over) {
        (true, false) => return Ok(Written::Exists(path)),
        (true, true) => replace::keep(&path, text.as_bytes()).map_err(failed)?,
        (false, _) => private_file::create(&path, text.as_bytes()).map_err(failed)?,
    }
    let absolute = path.canonicalize().unwrap_or_else(|_| path.clone());
    let work_tree = absolute.parent().and_then(replace::work_tree).map(Path::to_owned);
    Ok(Written::Done { path, work_tree })
}

/// How many files of one name are kept beside each other.
const BESIDE: u32 = 99;

/// Writes a text under a name, or, where there are files of that name, under one with a number: never over one.
///
/// # Errors
/// Why it could not be written, with the path.
pub fn write_beside(folder: &Path, name: &str, text: &str) -> Result<Written, Fault> {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let mut written = write(folder, None, name, text, false)?;
    for number in 2..=BESIDE {
        if let Written::Done { .. } = written {
            break;
        }
        written = write(folder, None, &format!("{stem}-{number}.{end}"), text, false)?;
    }
    Ok(written)
}

/// Whether a path as a person types it is a folder that is there, or says that it is one.
pub fn is_folder(typed: &str) -> bool {
    typed.ends_with('/') || private_file::from_home(Path::new(typed)).is_some_and(|path| path.is_dir())
}

/// Finds out whether a file of this name could be written, and where: that none is there, and that the folder takes one.
///
/// # Errors
/// Why not, with the path.
pub fn prove(folder: &Path, to: Option<&str>, name: &str) -> Result<PathBuf, Fault> {
    let path = place(folder, to, name)?;
    if path.symlink_metadata().is_ok() {
        return Err(Fault::local(format!("{} already exists: move it, or write to another place.", path.display())));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match tempfile::Builder::new().prefix(".iamwalk-").tempfile_in(folder) {
        Ok(_) => Ok(path),
        Err(error) => Err(Fault::local(format!("{} can't be written: {}.", path.display(), private_file::reason(&error)))),
    }
}

/// Where a file of this name goes.
fn place(folder: &Path, to: Option<&str>, name: &str) -> Result<PathBuf, Fault> {
    let typed = to.map(str::trim).filter(|to| !to.is_empty());
    let Some(typed) = typed else { return Ok(folder.join(name)) };
    let path = private_file::from_home(Path::new(typed))
        .map(|path| folder.join(path))
        .ok_or_else(|| Fault::local("No home folder was found for “~”: type the whole path."))?;
    Ok(if path.is_dir() || typed.ends_with('/') { path.join(name) } else { path })
}

/// Removes what a program left that was killed while it wrote over a csv.
pub fn sweep(folder: &Path) {
    replace::sweep(folder);
}

/// Whether a folder lies in a git work tree.
pub fn is_in_work_tree(folder: &Path) -> bool {
    folder.canonicalize().is_ok_and(|folder| replace::work_tree(&folder).is_some())
}
