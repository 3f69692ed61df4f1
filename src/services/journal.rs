//! The journals of runs as files: one a run, in the state folder, readable by their owner only, appended and never changed.
//!
//! A journal stays locked while a program works on its run, so that two programs never do. What is in it is
//! `domain::journal`'s.

use std::fs::{File, OpenOptions};
use std::future::Future;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use tokio::sync::oneshot;

use super::{private_file, state};
use crate::domain::fault::Fault;
use crate::domain::journal::{Run, Unreadable};
use crate::domain::record::Beginning;
use crate::domain::record::Record;
use crate::domain::record::line;

const SUFFIX: &str = "jsonl";

/// How often, and how far apart, a lock is tried that another program may hold only to look.
const LOCK_TRIES: u32 = 5;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// The folder of journals, and which of them this program works on. Clones share both.
#[derive(Clone, Debug)]
pub struct Runs {
    folder: Option<PathBuf>,
    current: Arc<Mutex<Option<String>>>,
}

/// A journal in the folder.
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
        Self { folder: state::folder().map(|folder| folder.join("runs")), current: Arc::default() }
    }

    /// Those of another folder.
    pub fn within(folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()), current: Arc::default() }
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
        let Some(folder) = self.folder.as_deref() else { return Ok(Vec::new()) };
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
            let mut text = Vec::new();
            file.read_to_end(&mut text).ok()?;
            Some(Listed { id, run: Run::read(&text), is_busy })
        };
        let mut listed: Vec<Listed> = paths.into_iter().filter_map(read).collect();
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
        let (path, mut file) = self.find(id, OpenOptions::new().read(true))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(|error| unreadable(&path, &error))?;
        let is_earlier = matches!(Run::read(&text), Err(Unreadable::Earlier));
        Ok(is_earlier.then(|| String::from_utf8_lossy(&text).lines().map(str::to_owned).collect()))
    }

    /// Opens a run's journal to go on with it, and locks it.
    ///
    /// # Errors
    /// There is none of this name, another program works on it, or it can't be read.
    pub fn open(&self, id: &str) -> Result<(Run, Journal), Fault> {
        let (path, mut file) = self.find(id, OpenOptions::new().read(true).append(true))?;
        lock(&file)?;
        let (run, torn) = read(id, &path, &mut file)?;
        let opened = Opened { file, heading: Some(torn) };
        Ok((run, Journal::of(path, State::Opened(opened))))
    }

    /// Reads a run's journal, to look at it.
    ///
    /// # Errors
    /// There is none of this name, or it can't be read.
    pub fn read(&self, id: &str) -> Result<Run, Fault> {
        let (path, mut file) = self.find(id, OpenOptions::new().read(true))?;
        read(id, &path, &mut file).map(|(run, _)| run)
    }

    fn find(&self, id: &str, how: &OpenOptions) -> Result<(PathBuf, File), Fault> {
        let missing = || Fault::local(format!("There is no run {id}. “iamwalk runs” lists them."));
        let is_name = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let folder = self.folder.as_deref().filter(|_| is_name).ok_or_else(missing)?;
        let path = folder.join(id).with_extension(SUFFIX);
        match how.open(&path) {
            Ok(file) => Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(missing()),
            Err(error) => Err(unreadable(&path, &error)),
        }
    }

    /// The journal of a new run; its file is made with the first records.
    ///
    /// # Errors
    /// There is no folder for it.
    pub fn begin(&self, beginning: Beginning) -> Result<Journal, Fault> {
        let folder = self.folder.clone().ok_or_else(|| {
            Fault::local("No folder for the record of this run was found: set HOME. Nothing was sent.".to_owned())
        })?;
        let begun = today();
        let mut random = [0; 2];
        // Two runs of the same second need different names; without random numbers the second is refused by its file.
        let _ = getrandom::fill(&mut random);
        let digits: String = begun.chars().filter(char::is_ascii_digit).take("20261122063601".len()).collect();
        let (day, time) = digits.split_at(digits.len().min(8));
        let run = format!("{day}-{time}-{:02x}{:02x}", random[0], random[1]);
        self.works_on(&run);
        let path = folder.join(&run).with_extension(SUFFIX);
        let state = State::New(Box::new(Beginning { run, begun, ..beginning }));
        Ok(Journal::of(path, state))
    }
}

/// A journal's run, and whether its last line is torn.
fn read(id: &str, path: &Path, file: &mut File) -> Result<(Run, bool), Fault> {
    let mut text = Vec::new();
    file.read_to_end(&mut text).map_err(|error| unreadable(path, &error))?;
    let run = Run::read(&text).map_err(|why| Fault::local(format!("The journal {} can't be used. {why}", path.display())))?;
    let run = run.ok_or_else(|| Fault::local(format!("The run {id} made no call: there is nothing to go on with.")))?;
    Ok((run, text.last() != Some(&b'\n')))
}

/// This machine's time, as runs are told apart by it: finer than a second.
fn today() -> String {
    DateTime::from(SystemTime::now()).fmt(Format::DateTime).unwrap_or_default()
}

fn unreadable(path: &Path, error: &io::Error) -> Fault {
    Fault::local(format!("{} can't be read: {}.", path.display(), private_file::reason(error)))
}

fn lock(file: &File) -> Result<(), Fault> {
    for _ in 1..LOCK_TRIES {
        match file.try_lock() {
            Err(std::fs::TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            // A file system without locks is no reason to refuse undo.
            _ => return Ok(()),
        }
    }
    match file.try_lock() {
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(Fault::local("Another iamwalk works on this run now. Wait until it has ended."))
        }
        _ => Ok(()),
    }
}

/// A journal that is written, by a thread of its own and in the order of the requests. It is closed, and free for another
/// program, when its last clone is dropped.
#[derive(Clone, Debug)]
pub struct Journal(Sender<Request>);

/// Records to write, and whom to tell.
#[derive(Debug)]
struct Request {
    records: Vec<Record>,
    /// On the disk, not only with the system.
    through: bool,
    /// What can't be written now comes ahead of the next.
    keeps: bool,
    told: oneshot::Sender<Result<(), Fault>>,
}

#[derive(Debug)]
struct Writer {
    path: PathBuf,
    state: State,
    /// Results that could not be written: they come before what is written next.
    owed: Vec<Record>,
}

#[derive(Debug)]
enum State {
    /// No file yet.
    New(Box<Beginning>),
    Opened(Opened),
}

#[derive(Debug)]
struct Opened {
    file: File,
    /// A later start's own first record is still to be written; behind a line end, where the last line is torn.
    heading: Option<bool>,
}

impl Journal {
    fn of(path: PathBuf, state: State) -> Self {
        let (sender, requests) = channel::<Request>();
        let mut writer = Writer { path, state, owed: Vec::new() };
        // Without a thread every request is answered with a failure: the channel is closed.
        let _ = std::thread::Builder::new().name("journal".to_owned()).spawn(move || {
            while let Ok(Request { records, through, keeps, told }) = requests.recv() {
                let _ = told.send(writer.take(records, through, keeps));
            }
        });
        Self(sender)
    }

    /// Appends records. `through`: they are on the disk, not only with the system, when this is ready. The request is made at
    /// once, not when the answer is waited for.
    ///
    /// # Errors
    /// What could not be written, and why.
    pub fn write(&self, records: Vec<Record>, through: bool) -> impl Future<Output = Result<(), Fault>> + Send + use<> {
        self.put(records, through, false)
    }

    /// The same for what has happened already: what can't be written now is written ahead of the next records.
    ///
    /// # Errors
    /// What could not be written, and why.
    pub fn note(&self, records: Vec<Record>, through: bool) -> impl Future<Output = Result<(), Fault>> + Send + use<> {
        self.put(records, through, true)
    }

    fn put(&self, records: Vec<Record>, through: bool, keeps: bool) -> impl Future<Output = Result<(), Fault>> + Send + use<> {
        let (told, answer) = oneshot::channel();
        // A closed channel drops the request, and with it the answer.
        let _ = self.0.send(Request { records, through, keeps, told });
        async { answer.await.unwrap_or_else(|_| Err(Fault::local("The record of this run could not be written."))) }
    }
}

impl Writer {
    fn take(&mut self, records: Vec<Record>, through: bool, keeps: bool) -> Result<(), Fault> {
        let mut all = std::mem::take(&mut self.owed);
        let owed = all.len();
        all.extend(records);
        if all.is_empty() {
            return Ok(());
        }
        self.append(&all, through).map_err(|error| {
            all.truncate(if keeps { all.len() } else { owed });
            self.owed = all;
            Fault::local(format!(
                "The record of this run can't be written to {}: {}. Make room there, or set XDG_STATE_HOME to a folder that \
                 can be written.",
                self.path.display(),
                private_file::reason(&error)
            ))
        })
    }

    fn append(&mut self, records: &[Record], through: bool) -> io::Result<()> {
        let mut text = String::new();
        if let State::New(beginning) = &self.state {
            text += &line(&Record::Begun((**beginning).clone()))?;
            let folder = self.path.parent().unwrap_or(Path::new("."));
            private_file::folder(folder)?;
            let file = private_file::append_new(&self.path)?;
            let _ = lock(&file);
            let written = write(&file, &mut text, records).and_then(|()| file.sync_all());
            match written.and_then(|()| private_file::sync_folder(folder)) {
                Ok(()) => self.state = State::Opened(Opened { file, heading: None }),
                // Nothing is sent: the next try begins anew.
                Err(error) => {
                    let _ = std::fs::remove_file(&self.path);
                    return Err(error);
                }
            }
            return Ok(());
        }
        let State::Opened(opened) = &mut self.state else { return Ok(()) };
        if let Some(torn) = opened.heading {
            text += if torn { "\n" } else { "" };
            text += &line(&Record::Resumed(today()))?;
        }
        let length = opened.file.metadata()?.len();
        let written =
            write(&opened.file, &mut text, records).and_then(|()| if through { opened.file.sync_data() } else { Ok(()) });
        match written {
            Ok(()) => opened.heading = None,
            // A full disk may have taken half a line: what was not written whole was not written.
            Err(_) => opened.file.set_len(length)?,
        }
        written
    }
}

fn write(mut file: &File, text: &mut String, records: &[Record]) -> io::Result<()> {
    for record in records {
        text.push_str(&line(record)?);
    }
    file.write_all(text.as_bytes())
}
