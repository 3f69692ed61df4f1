//! Where on this machine an access key is named: by path and line. What stands in the line is told to nobody.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::profile_files::{ProfileFiles, profiles};
use crate::domain::profile_file::FileKind;

/// Files that are looked into at most.
const FILES: usize = 100_000;
/// How much of a file is looked into.
const BYTES: u64 = 1024 * 1024;
/// How long all of it takes at most.
const TIME: Duration = Duration::from_secs(10);

/// A line of a file in which a key is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub path: PathBuf,
    /// Counted from 1.
    pub line: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.path.display(), self.line)
    }
}

/// What was found below a folder.
#[derive(Debug, Default)]
pub struct Search {
    pub places: Vec<Place>,
    /// The files that were looked into.
    pub files: usize,
    /// Files of which only the beginning was, since they are longer than 1 MiB.
    pub cut: Vec<PathBuf>,
    /// Links, which are not followed.
    pub links: usize,
    /// Files and folders that could not be read.
    pub unread: usize,
    /// Why it ended before everything was looked into, and where.
    pub stopped: Option<String>,
}

/// The profiles that hold this key; none where AWS's tools can't read the files.
pub fn profiles_with(id: &str, files: &ProfileFiles) -> Vec<String> {
    let all = profiles::list(files).unwrap_or_default();
    all.into_iter().filter(|profile| profile.key.as_deref() == Some(id)).map(|profile| profile.name).collect()
}

/// The lines of the two profile files that name this key.
pub fn in_profile_files(id: &str, files: &ProfileFiles) -> Vec<Place> {
    let both = [FileKind::Credentials, FileKind::Config].into_iter();
    both.filter_map(|kind| lines(files.path(kind), id).ok()).flat_map(|(places, _)| places).collect()
}

/// The files below a folder that name this key: regular files only; links are not followed, and other file systems are not entered.
pub fn below(folder: &Path, id: &str) -> Search {
    let (mut search, begun) = (Search::default(), Instant::now());
    let Some(device) = device(folder) else {
        search.unread = 1;
        return search;
    };
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            search.unread += 1;
            continue;
        };
        let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for path in entries {
            let why = match () {
                () if search.files >= FILES => format!("{FILES} files"),
                () if begun.elapsed() >= TIME => format!("{} s", TIME.as_secs()),
                () => String::new(),
            };
            if !why.is_empty() {
                search.stopped = Some(format!("after {why}, at {}", path.display()));
                return search;
            }
            let Ok(metadata) = path.symlink_metadata() else {
                search.unread += 1;
                continue;
            };
            if metadata.is_dir() && self::device(&path) == Some(device) {
                folders.push(path);
            } else if metadata.is_file() {
                search.files += 1;
                match lines(&path, id) {
                    Ok((places, is_cut)) => {
                        search.places.extend(places);
                        search.cut.extend(is_cut.then_some(path));
                    }
                    Err(_) => search.unread += 1,
                }
            } else if metadata.is_symlink() {
                search.links += 1;
            }
        }
    }
    search
}

/// The lines that name a key, and whether the file is longer than what was read. What was read is wiped: it may hold secrets.
fn lines(path: &Path, id: &str) -> io::Result<(Vec<Place>, bool)> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    // As large as it can get: a buffer that grows leaves copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(usize::try_from(length.min(BYTES)).unwrap_or_default() + 1));
    file.take(BYTES).read_to_end(&mut text)?;
    let names = |line: &[u8]| line.windows(id.len()).any(|bytes| bytes == id.as_bytes());
    let lines = text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| names(line));
    let places = lines.map(|(at, _)| Place { path: path.to_owned(), line: at + 1 }).collect();
    Ok((places, length > BYTES))
}

#[cfg(unix)]
fn device(path: &Path) -> Option<u64> {
    fs::symlink_metadata(path)
        .ok()
        .or_else(|| fs::metadata(path).ok())
        .map(|metadata| std::os::unix::fs::MetadataExt::dev(&metadata))
}

/// Windows mounts other file systems by links, which are not followed.
#[cfg(not(unix))]
fn device(path: &Path) -> Option<u64> {
    path.exists().then_some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "AKIAQNZGKIQY56JQ7WML";

    #[test]
    fn only_regular_files_are_looked_into_and_lines_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("below")).unwrap();
        fs::write(at("below/app.py"), format!("a\r\nkey = '{ID}'\n\n{ID}")).unwrap();
        fs::write(at("other"), "AKIAQNZGKIQY56JQ7WM\nL").unwrap();
        fs::write(at("bytes"), [b"\xff\xfe\0".as_slice(), ID.as_bytes()].concat()).unwrap();
        let mut long = vec![b'x'; BYTES as usize];
        long.extend(ID.as_bytes());
        fs::write(at("long"), long).unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(at("below"), at("link")).unwrap();
            std::os::unix::fs::symlink(at("below/app.py"), at("file-link")).unwrap();
            std::os::unix::fs::symlink(folder.path(), at("below/circle")).unwrap();
            std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap();
        }
        let search = below(folder.path(), ID);
        let places: Vec<_> = search.places.iter().map(|one| (one.path.clone(), one.line)).collect();
        assert_eq!(places, [(at("bytes"), 1), (at("below/app.py"), 2), (at("below/app.py"), 4)]);
        assert_eq!((search.files, search.cut, search.unread, search.stopped), (4, vec![at("long")], 0, None));
        assert_eq!(search.links, if cfg!(unix) { 3 } else { 0 });
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        assert_eq!(below(Path::new("/nowhere"), ID).unread, 1);
    }
}
