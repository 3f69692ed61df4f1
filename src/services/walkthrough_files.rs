//! Walkthroughs and policy documents from files: by name or path, with what lies beside them, and never more than a walkthrough
//! can need.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::private_file;
use crate::domain::fault::Fault;
use crate::domain::walkthrough::{
    BUILT_IN, DOCUMENT_LIMIT, FILE_LIMIT, ReadContext, Setting, Walkthrough, WalkthroughFault, built_in, nearest, read,
};

/// The folder of the person's own walkthroughs; `None` without a home.
pub fn own_folder() -> Option<PathBuf> {
    dirs::config_dir().map(|folder| folder.join("iamwalk").join("walkthroughs"))
}

/// Whether this is a path, and no name: it has a `/`, or ends in `.toml`.
pub fn is_path(name: &str) -> bool {
    name.contains('/') || name.ends_with(".toml") || (cfg!(windows) && name.contains('\\'))
}

/// What a walkthrough is checked against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Against<'a> {
    /// The names of AWS's managed policies, to find slips of the hand by; may be empty.
    pub aws_policies: &'a [&'a str],
    /// The partition of its documents; `None` where the caller's will decide.
    pub partition: Option<&'a str>,
    /// It may be for a server of one's own, whose regions may have any name.
    pub own_server: bool,
}

/// The walkthrough of this name or path, with settings of the command line. Built-in names win over the person's own.
///
/// # Errors
/// That there is none, or everything that is wrong with it.
pub fn find(name: &str, settings: &[Setting], against: Against<'_>) -> Result<Walkthrough, Vec<WalkthroughFault>> {
    if is_path(name) {
        return load(Path::new(name), settings, against);
    }
    if let Some(found) = built_in(name, settings, &supplied) {
        return found;
    }
    let own = own_folder().map(|folder| folder.join(format!("{name}.toml")));
    if let Some(path) = own.as_ref().filter(|path| path.symlink_metadata().is_ok()) {
        return load(path, settings, against);
    }
    let names = names();
    let is_here = Path::new(&format!("{name}.toml")).exists();
    let words = match nearest(name, names.iter().map(String::as_str)) {
        Some(near) if !is_here => format!("There is no walkthrough of this name. Did you mean “{near}”?"),
        _ => {
            let own = own.map(|path| format!(" There is no {} either.", path.display())).unwrap_or_default();
            let here = if is_here { format!("./{name}.toml") } else { format!("./{name}") };
            let names = names.join(", ");
            format!("There is no walkthrough of this name. There are: {names}.{own} A path has a “/”: {here}")
        }
    };
    Err(vec![WalkthroughFault { source: name.to_owned(), place: None, words }])
}

/// The names that can be called without a path: of the built-in walkthroughs, and of the person's own files.
pub fn names() -> Vec<String> {
    BUILT_IN.iter().map(|walkthrough| walkthrough.name.clone()).chain(own_names()).collect()
}

/// The files of the person's own walkthroughs, by name.
fn own_paths() -> Vec<PathBuf> {
    let Some(entries) = own_folder().and_then(|folder| fs::read_dir(folder).ok()) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    paths
}

fn own_names() -> Vec<String> {
    own_paths().iter().filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}

/// The person's own walkthroughs, by name; each as it was read.
pub fn own() -> Vec<Result<Arc<Walkthrough>, Vec<WalkthroughFault>>> {
    own_paths().iter().map(|path| load(path, &[], Against::default()).map(Arc::new)).collect()
}

/// The built-in walkthroughs, then the person's own.
pub fn all() -> Vec<Result<Arc<Walkthrough>, Vec<WalkthroughFault>>> {
    BUILT_IN.iter().cloned().map(Ok).chain(own()).collect()
}

/// The walkthrough in this file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(path: &Path, settings: &[Setting], against: Against<'_>) -> Result<Walkthrough, Vec<WalkthroughFault>> {
    let source = path.display().to_string();
    let text = text_of(path, FILE_LIMIT, "a walkthrough")
        .map_err(|words| vec![WalkthroughFault { source: source.clone(), place: None, words }])?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = |file: &str| beside(folder, file);
    read(
        &name,
        &source,
        &text,
        settings,
        &ReadContext {
            beside: &beside,
            supplied: &supplied,
            aws_policies: against.aws_policies,
            partition: against.partition,
            own_server: against.own_server,
        },
    )
}

/// A file beside a walkthrough: a vendor's file must not make a person send what else lies on their disk.
fn beside(folder: &Path, file: &str) -> Result<String, String> {
    let path = Path::new(file);
    let leaves = path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir));
    if file.is_empty() || leaves {
        return Err(format!("“{file}” leaves the walkthrough's folder: put the file beside it, and name it without “..”."));
    }
    let path = folder.join(path);
    let unread = |error: std::io::Error| format!("{} can't be read: {}.", path.display(), why(&error));
    let (real, folder) = (path.canonicalize().map_err(unread)?, folder.canonicalize().map_err(unread)?);
    if !real.starts_with(&folder) {
        return Err(format!("{} is a link out of the walkthrough's folder: put the file itself there.", path.display()));
    }
    text_of(&path, DOCUMENT_LIMIT, "a policy document")
}

fn supplied(path: &str) -> Result<String, String> {
    document(path).map_err(|fault| fault.what())
}

/// A policy document in a file that the person names; `~` is their home.
///
/// # Errors
/// Why it can't be read, with the path.
pub fn document(path: &str) -> Result<String, Fault> {
    let path = private_file::from_home(Path::new(path))
        .ok_or_else(|| Fault::local("No home folder was found for “~”: type the whole path."))?;
    text_of(&path, DOCUMENT_LIMIT, "a policy document").map_err(Fault::local)
}

/// A text of at most `limit` bytes.
fn text_of(path: &Path, limit: usize, what: &str) -> Result<String, String> {
    let unread = |error: std::io::Error| format!("{} can't be read: {}.", path.display(), why(&error));
    // Before it is opened: a pipe would make the program wait.
    let data = fs::metadata(path).map_err(unread)?;
    if !data.is_file() {
        return Err(format!("{} is no file.", path.display()));
    }
    let too_large = |size: u64| format!("{} has {size} bytes; {what} has up to {limit}.", path.display());
    if data.len() > limit as u64 {
        return Err(too_large(data.len()));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes)).map_err(unread)?;
    if bytes.len() > limit {
        return Err(too_large(bytes.len() as u64));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        format!("{} is not UTF-8 (byte {}): save it as UTF-8.", path.display(), error.utf8_error().valid_up_to())
    })?;
    match text.strip_prefix('\u{feff}') {
        Some(rest) => Ok(rest.to_owned()),
        None => Ok(text),
    }
}

fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        _ => private_file::reason(error),
    }
}

/// Writes a new walkthrough, never over a file that is there.
///
/// # Errors
/// Why it could not be written, with the path.
pub fn create(path: &Path, text: &str) -> Result<(), String> {
    private_file::create(path, text.as_bytes())
        .map_err(|error| format!("{} could not be written: {}.", path.display(), private_file::reason(&error)))
}
