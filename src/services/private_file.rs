//! Files that only their owner may read: new ones, never over an existing one.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Creates a file that only the owner may read (0600 from its first moment) and writes it through to the disk.
///
/// # Errors
/// `AlreadyExists`, or what the system says. A file that could not be written whole is removed again.
pub fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    owner_only(&mut options);
    let mut file = options.open(path)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written
}

/// Opens a log for appending, readable by its owner only.
///
/// # Errors
/// What the system says.
pub(super) fn append(path: &Path) -> io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    owner_only(&mut options);
    options.open(path)
}

/// Creates a file for appending, readable by its owner only.
///
/// # Errors
/// `AlreadyExists`, or what the system says.
pub(super) fn append_new(path: &Path) -> io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.append(true).create_new(true);
    owner_only(&mut options);
    options.open(path)
}

/// A path as a person types it, with `~` for their home. `None`: there is no home.
pub(super) fn from_home(path: &Path) -> Option<PathBuf> {
    match path.strip_prefix("~") {
        Ok(rest) => dirs::home_dir().map(|home| home.join(rest)),
        Err(_) => Some(path.to_owned()),
    }
}

/// Makes a folder that only its owner may enter (0700), with the folders above it.
///
/// # Errors
/// What the system says.
pub fn folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a folder's own entries through to the disk: only then a new file in it survives a power cut.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    std::fs::File::open(path)?.sync_all()
}

// Windows has no such call, and needs none.
#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

// On Windows the folders of a user inherit rights for that user alone.
#[cfg(not(unix))]
fn owner_only(_: &mut OpenOptions) {}

/// The system's reason in words a person can act on.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AlreadyExists => "there is a file of that name already".to_owned(),
        io::ErrorKind::NotFound => "the folder does not exist".to_owned(),
        io::ErrorKind::NotADirectory => "a file stands where a folder has to be".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not write there".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => error.to_string(),
    }
}
