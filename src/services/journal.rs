//! The journals of runs as files: one a run, in the state folder, readable by their owner only, appended and never changed. Those
//! of practice are in memory, and end with the program.
//!
//! A journal stays locked while a program works on its run, so that two programs never do. What is in it is
//! `domain::journal`'s.

mod write_ahead;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

pub use write_ahead::Journal;
use write_ahead::{Opened, State, Target};

use super::{private_file, state};
use crate::domain::fault::Fault;
use crate::domain::journal::{Run, Unreadable};
use crate::domain::record::{Beginning, Record, line};

const SUFFIX: &str = "jsonl";

/// How often, and how far apart, a lock is tried that another program may hold only to look.
const LOCK_TRIES: u32 = 5;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Where journals are kept, and which of them this program works on. Clones share both.
#[derive(Clone, Debug)]
pub struct Runs {
    kept: Kept,
    current: Arc<Mutex<Option<String>>>,
}

/// What a journal in memory holds.
type Text = Arc<Mutex<Vec<u8>>>;

#[derive(Clone, Debug)]
enum Kept {
    /// In this folder; the platform may have none.
    Files(Option<PathBuf>),
    /// By their runs' names. A text that a journal is being written to has a second owner.
    Memory(Arc<Mutex<BTreeMap<String, Text>>>),
}

#[derive(Debug)]
pub struct Listed {
    /// The run's name.
    pub id: String,
    /// What it tells; `None` where no call was made.
    pub run: Result<Option<Run>, Unreadable>,
    /// Another program works on it now.
    pub is_busy: bool,
}

impl Runs {
    /// The person's own: `iamwalk/runs` in the state folder, or where the platform has none in the local data folder.
    pub fn own() -> Self {
        Self::of(Kept::Files(state::folder().map(|folder| folder.join("runs"))))
    }

    /// Those of another folder.
    pub fn within(folder: &Path) -> Self {
        Self::of(Kept::Files(Some(folder.to_owned())))
    }

    /// Those of practice: none yet, and gone with the program.
    pub fn in_memory() -> Self {
        Self::of(Kept::Memory(Arc::default()))
    }

    fn of(kept: Kept) -> Self {
        Self { kept, current: Arc::default() }
    }

    /// The run that this program works on, or worked on last.
    pub fn current(&self) -> Option<String> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From here on the program works on this run.
    pub fn works_on(&self, id: &str) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(id.to_owned());
    }

    /// All journals, the oldest first. Without a folder there are none.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn list(&self) -> Result<Vec<Listed>, Fault> {
        let mut listed = match &self.kept {
            Kept::Files(None) => Vec::new(),
            Kept::Files(Some(folder)) => list_files(folder)?,
            Kept::Memory(texts) => list_memory(&texts.lock().unwrap_or_else(PoisonError::into_inner)),
        };
        // Names are of whole seconds; of one second's runs the record itself says which was first.
        listed.sort_by_key(|one| {
            let begun = one.run.as_ref().ok().and_then(Option::as_ref).map(|run| run.beginning.begun.clone());
            (one.id.get(..15).map(str::to_owned), begun, one.id.clone())
        });
        Ok(listed)
    }

    /// The lines of a journal in a format of before the first release; `None` where it is none.
    ///
    /// # Errors
    /// There is none of this name, or it can't be read.
    pub fn earlier(&self, id: &str) -> Result<Option<Vec<String>>, Fault> {
        let (_, text) = self.text(id)?;
        let is_earlier = matches!(Run::read(&text), Err(Unreadable::Earlier));
        Ok(is_earlier.then(|| String::from_utf8_lossy(&text).lines().map(str::to_owned).collect()))
    }

    /// Opens a run's journal to continue with it, and locks it.
    ///
    /// # Errors
    /// There is none of this name, another program works on it, or it can't be read.
    pub fn open(&self, id: &str) -> Result<(Run, Journal), Fault> {
        match &self.kept {
            Kept::Files(folder) => {
                let path = path_of(folder.as_deref(), id)?;
                let mut file = opened(id, &path, OpenOptions::new().read(true).append(true))?;
                lock(&file)?;
                let text = text_of(&path, &mut file)?;
                let run = run_of(id, &path.display().to_string(), &text)?;
                let heading = Some(text.last() != Some(&b'\n'));
                let state = State::Opened(Opened { file, heading });
                Ok((run, Journal::to(Target::File { path, state })))
            }
            Kept::Memory(texts) => {
                let text = texts.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned().ok_or_else(|| missing(id))?;
                // Its place in the list, and this one here.
                until_free(|| Arc::strong_count(&text) == 2)?;
                let mut bytes = text.lock().unwrap_or_else(PoisonError::into_inner);
                let run = run_of(id, id, &bytes)?;
                bytes.extend(line(&Record::Resumed(today())).unwrap_or_default().into_bytes());
                drop(bytes);
                Ok((run, Journal::to(Target::Memory(text))))
            }
        }
    }

    /// Reads a run's journal, to look at it.
    ///
    /// # Errors
    /// There is none of this name, or it can't be read.
    pub fn read(&self, id: &str) -> Result<Run, Fault> {
        let (name, text) = self.text(id)?;
        run_of(id, &name, &text)
    }

    /// What a journal holds, and how it is called where its run's name is not enough.
    fn text(&self, id: &str) -> Result<(String, Vec<u8>), Fault> {
        match &self.kept {
            Kept::Files(folder) => {
                let path = path_of(folder.as_deref(), id)?;
                let text = text_of(&path, &mut opened(id, &path, OpenOptions::new().read(true))?)?;
                Ok((path.display().to_string(), text))
            }
            Kept::Memory(texts) => {
                let texts = texts.lock().unwrap_or_else(PoisonError::into_inner);
                let text = texts.get(id).ok_or_else(|| missing(id))?;
                Ok((id.to_owned(), text.lock().unwrap_or_else(PoisonError::into_inner).clone()))
            }
        }
    }

    /// The journal of a new run; its file is made with the first records.
    ///
    /// # Errors
    /// There is no folder for it.
    pub fn begin(&self, beginning: Beginning) -> Result<Journal, Fault> {
        let begun = today();
        let mut random = [0; 2];
        // Two runs of the same second need different names; without random numbers the second is refused by its file.
        let _ = getrandom::fill(&mut random);
        let digits: String = begun.chars().filter(char::is_ascii_digit).take("20261122063601".len()).collect();
        let (day, time) = digits.split_at(digits.len().min(8));
        let run = format!("{day}-{time}-{:02x}{:02x}", random[0], random[1]);
        let beginning = Beginning { run: run.clone(), begun, ..beginning };
        let target = match &self.kept {
            Kept::Files(None) => {
                let words = "No folder for the record of this run was found: set HOME. Nothing was sent.";
                return Err(Fault::local(words.to_owned()));
            }
            Kept::Files(Some(folder)) => {
                Target::File { path: folder.join(&run).with_extension(SUFFIX), state: State::New(Box::new(beginning)) }
            }
            Kept::Memory(texts) => {
                let begun = line(&Record::Begun(beginning)).unwrap_or_default();
                let text = Arc::new(Mutex::new(begun.into_bytes()));
                texts.lock().unwrap_or_else(PoisonError::into_inner).insert(run.clone(), Arc::clone(&text));
                Target::Memory(text)
            }
        };
        self.works_on(&run);
        Ok(Journal::to(target))
    }
}

fn list_files(folder: &Path) -> Result<Vec<Listed>, Fault> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, &error)),
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|suffix| suffix == SUFFIX));
    paths.sort();
    let read = |path: PathBuf| {
        let id = path.file_stem()?.to_str()?.to_owned();
        let mut file = File::open(&path).ok()?;
        let is_busy = matches!(file.try_lock_shared(), Err(std::fs::TryLockError::WouldBlock));
        let text = text_of(&path, &mut file).ok()?;
        Some(Listed { id, run: Run::read(&text), is_busy })
    };
    Ok(paths.into_iter().filter_map(read).collect())
}

fn list_memory(texts: &BTreeMap<String, Text>) -> Vec<Listed> {
    let list = |(id, text): (&String, &Text)| {
        let run = Run::read(&text.lock().unwrap_or_else(PoisonError::into_inner));
        Listed { id: id.clone(), run, is_busy: Arc::strong_count(text) > 1 }
    };
    texts.iter().map(list).collect()
}

fn path_of(folder: Option<&Path>, id: &str) -> Result<PathBuf, Fault> {
    let is_name = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let folder = folder.filter(|_| is_name).ok_or_else(|| missing(id))?;
    Ok(folder.join(id).with_extension(SUFFIX))
}

fn opened(id: &str, path: &Path, how: &OpenOptions) -> Result<File, Fault> {
    how.open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => missing(id),
        _ => unreadable(path, &error),
    })
}

fn text_of(path: &Path, file: &mut File) -> Result<Vec<u8>, Fault> {
    let mut text = Vec::new();
    file.read_to_end(&mut text).map_err(|error| unreadable(path, &error))?;
    Ok(text)
}

/// A journal's run. `name`: of the journal.
fn run_of(id: &str, name: &str, text: &[u8]) -> Result<Run, Fault> {
    let run = Run::read(text).map_err(|why| Fault::local(format!("The journal {name} can't be used. {why}")))?;
    run.ok_or_else(|| Fault::local(format!("The run {id} made no call: there is nothing to finish or undo.")))
}

fn missing(id: &str) -> Fault {
    Fault::local(format!("There is no run {id}. “iamwalk runs” lists them."))
}

fn busy() -> Fault {
    Fault::local("Another iamwalk works on this run now. Wait until it has ended.")
}

/// This machine's time, as runs are told apart by it: finer than a second.
fn today() -> String {
    DateTime::from(SystemTime::now()).fmt(Format::DateTime).unwrap_or_default()
}

fn unreadable(path: &Path, error: &io::Error) -> Fault {
    Fault::local(format!("{} can't be read: {}.", path.display(), private_file::reason(error)))
}

fn lock(file: &File) -> Result<(), Fault> {
    // A file system without locks is no reason to refuse undo.
    until_free(|| !matches!(file.try_lock(), Err(std::fs::TryLockError::WouldBlock)))
}

fn until_free(is_free: impl Fn() -> bool) -> Result<(), Fault> {
    for attempt in 0..LOCK_TRIES {
        if attempt > 0 {
            std::thread::sleep(LOCK_PAUSE);
        }
        if is_free() {
            return Ok(());
        }
    }
    Err(busy())
}
