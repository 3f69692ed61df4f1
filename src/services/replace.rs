//! Replaces a file that is not ours: whole or not at all, and only while it still is what was read.
//!
//! In: what the file will hold. Out: the file is replaced by a rename within its real folder, or written in place where a
//! rename is not possible and the person agreed. The temporary file is born 0600, bears our name, and is locked while it is
//! in use, so that a later start can tell a leftover from another program's work.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::private_file;

/// How the temporary files begin, and end.
const PREFIX: &str = ".iamwalk-";
const SUFFIX: &str = ".tmp";

/// How many links are followed.
const LINKS: usize = 40;

/// A file as it was read.
#[derive(Debug)]
pub(super) struct Found {
    /// The file behind all links.
    pub real: PathBuf,
    /// What it holds; `None` where there is none.
    pub bytes: Option<Zeroizing<Vec<u8>>>,
    metadata: Option<Metadata>,
}

/// The result of a replacement.
#[derive(Debug)]
pub(super) enum Replaced {
    /// It holds what it should.
    Done,
    /// Somebody else has changed it: nothing was written.
    Changed,
    /// It can't be replaced by a rename that keeps its owner and place: nothing was written.
    NoRename(io::Error),
}

impl Found {
    /// Reads a file behind whatever links.
    ///
    /// # Errors
    /// What the system says; that there is none is no error.
    pub fn read(path: &Path) -> io::Result<Self> {
        let real = behind_links(path)?;
        // A device would be renamed over, and a pipe would be waited for.
        if fs::metadata(&real).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(io::Error::other("it is no regular file"));
        }
        match File::open(&real) {
            Ok(mut file) => {
                let metadata = file.metadata()?;
                let length = usize::try_from(metadata.len()).unwrap_or_default();
                let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
                file.read_to_end(&mut bytes)?;
                Ok(Self { real, bytes: Some(bytes), metadata: Some(metadata) })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self { real, bytes: None, metadata: None }),
            Err(error) => Err(error),
        }
    }

    /// Its bytes; none where there is no file.
    pub fn content(&self) -> &[u8] {
        self.bytes.as_ref().map_or(&[], |bytes| bytes)
    }

    fn folder(&self) -> &Path {
        self.real.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// Why it can't be written at all, if so.
    pub fn is_out_of_reach(&self) -> Option<&'static str> {
        self.real.starts_with("/nix/store").then_some("it lies in the Nix store, which nothing may change")
    }

    /// The folder of the git work tree that it lies in.
    pub fn work_tree(&self) -> Option<PathBuf> {
        let folder = self.folder().canonicalize().unwrap_or_else(|_| self.folder().to_owned());
        work_tree(&folder).map(Path::to_owned)
    }

    #[cfg(unix)]
    fn mode(&self) -> Option<u32> {
        use std::os::unix::fs::PermissionsExt;
        self.metadata.as_ref().map(|metadata| metadata.permissions().mode() & 0o7777)
    }

    /// Whether others on this machine can read it.
    #[cfg(unix)]
    pub fn is_open_to_others(&self) -> bool {
        self.mode().is_some_and(|mode| mode & 0o077 != 0)
    }

    #[cfg(not(unix))]
    pub fn is_open_to_others(&self) -> bool {
        false
    }

    /// Whether its owner has protected it against writing.
    pub fn is_protected(&self) -> bool {
        self.metadata.as_ref().is_some_and(|metadata| metadata.permissions().readonly())
    }

    /// Whether it can only be written in place: it has further names, which a rename would part, or is mounted by itself, as
    /// containers have it.
    #[cfg(unix)]
    pub fn is_fixed(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        self.metadata.as_ref().is_some_and(|metadata| metadata.nlink() > 1) || self.is_mounted()
    }

    #[cfg(not(unix))]
    pub fn is_fixed(&self) -> bool {
        false
    }

    /// Linux lists what is mounted; elsewhere the rename will tell.
    #[cfg(unix)]
    fn is_mounted(&self) -> bool {
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        mounts.lines().any(|line| line.split(' ').nth(4).is_some_and(|at| Path::new(at) == self.real))
    }

    /// Replaces it by a rename. `closes`: afterwards only its owner can read it.
    ///
    /// # Errors
    /// What the system says; nothing was changed.
    pub fn replace(&self, after: &[u8], closes: bool) -> io::Result<Replaced> {
        let folder = self.folder();
        if !folder.exists() {
            private_file::folder(folder)?;
        }
        let mut file = match tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder) {
            Ok(file) => file,
            Err(error) if self.bytes.is_some() && error.kind() == io::ErrorKind::PermissionDenied => {
                return Ok(Replaced::NoRename(error));
            }
            Err(error) => return Err(error),
        };
        // A file system without locks: then leftovers there stay.
        let _ = file.as_file().try_lock();
        file.write_all(after)?;
        if let Err(error) = self.dress(file.as_file(), closes) {
            return Ok(Replaced::NoRename(error));
        }
        file.as_file().sync_all()?;
        if !self.is_unchanged()? {
            return Ok(Replaced::Changed);
        }
        match file.persist(&self.real) {
            Ok(_) => {}
            // A file that is mounted by itself into a container.
            Err(error) if matches!(error.error.kind(), io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices) => {
                return Ok(Replaced::NoRename(error.error));
            }
            Err(error) => return Err(error.error),
        }
        // It is replaced, whether the folder can be written through or not.
        let _ = private_file::sync_folder(folder);
        Ok(Replaced::Done)
    }

    /// Writes it in place; a crash of the machine in the middle leaves half a file.
    ///
    /// # Errors
    /// What the system says; the file holds what it held, as far as that could be put back.
    pub fn overwrite(&self, after: &[u8], closes: bool) -> io::Result<Replaced> {
        if !self.is_unchanged()? {
            return Ok(Replaced::Changed);
        }
        let mut file = File::options().write(true).open(&self.real)?;
        if closes {
            self.dress(&file, closes)?;
        }
        if let Err(error) = fill(&mut file, after) {
            let _ = fill(&mut file, self.content());
            return Err(error);
        }
        Ok(Replaced::Done)
    }

    /// Owner and mode as they were.
    #[cfg(unix)]
    fn dress(&self, file: &File, closes: bool) -> io::Result<()> {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        let (Some(metadata), Some(mode)) = (&self.metadata, self.mode()) else { return Ok(()) };
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (metadata.uid(), metadata.gid()) {
            fchown(file, Some(metadata.uid()), Some(metadata.gid()))?;
        }
        file.set_permissions(fs::Permissions::from_mode(if closes { mode & 0o700 } else { mode }))
    }

    #[cfg(not(unix))]
    fn dress(&self, _: &File, _: bool) -> io::Result<()> {
        Ok(())
    }

    fn is_unchanged(&self) -> io::Result<bool> {
        let now = match fs::read(&self.real) {
            Ok(bytes) => Some(Zeroizing::new(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(now == self.bytes)
    }
}

/// Writes a file from its beginning, and through to the disk.
fn fill(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

/// The file behind all links, whether it is there or not: a link of a dotfile manager stays a link.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut real = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&real) {
            Ok(target) => real = real.parent().unwrap_or(Path::new("")).join(target),
            // Not a link, or nothing at all.
            Err(_) => return Ok(fs::canonicalize(&real).unwrap_or(real)),
        }
    }
    Err(io::Error::other("its links go round in a circle"))
}

/// The git work tree around a folder.
pub(super) fn work_tree(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| folder.join(".git").exists())
}

/// Removes what a killed program left in a folder: files of our name that nobody holds.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        if is_ours
            && entry.file_type().is_ok_and(|kind| kind.is_file())
            && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Replaces a file of our own; with it its folder is made.
///
/// # Errors
/// What the system says.
pub(super) fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    private_file::folder(path.parent().unwrap_or(Path::new(".")))?;
    let own = Found { real: path.to_owned(), bytes: None, metadata: None };
    let mut file = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(own.folder())?;
    let _ = file.as_file().try_lock();
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    private_file::sync_folder(own.folder())
}
