//! A journal that is being written: records come in, lines go to the end of its file or of its place in memory.

use std::fs::File;
use std::future::Future;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::mpsc::{Sender, channel};

use tokio::sync::oneshot;

use super::{Text, lock, today};
use crate::domain::fault::Fault;
use crate::domain::record::{Beginning, Record, line};
use crate::services::private_file;

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
    target: Target,
    /// Results that could not be written: they come before what is written next.
    owed: Vec<Record>,
}

/// Where the lines go.
#[derive(Debug)]
pub(super) enum Target {
    File {
        path: PathBuf,
        state: State,
    },
    /// Practice's: it ends with the program.
    Memory(Text),
}

#[derive(Debug)]
pub(super) enum State {
    /// No file yet.
    New(Box<Beginning>),
    Opened(Opened),
}

#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: File,
    /// A later start's own first record is still to be written; behind a line end, where the last line is torn.
    pub(super) heading: Option<bool>,
}

impl Journal {
    pub(super) fn to(target: Target) -> Self {
        let (sender, requests) = channel::<Request>();
        let mut writer = Writer { target, owed: Vec::new() };
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
        self.target.append(&all, through).map_err(|error| {
            all.truncate(if keeps { all.len() } else { owed });
            self.owed = all;
            self.target.fault(&error)
        })
    }
}

impl Target {
    fn fault(&self, error: &io::Error) -> Fault {
        let reason = private_file::reason(error);
        Fault::local(match self {
            Self::File { path, .. } => format!(
                "The record of this run can't be written to {}: {reason}. Make room there, or set XDG_STATE_HOME to a folder \
                 that can be written.",
                path.display(),
            ),
            Self::Memory(_) => format!("The record of this run can't be written: {reason}."),
        })
    }

    fn append(&mut self, records: &[Record], through: bool) -> io::Result<()> {
        match self {
            Self::File { path, state } => state.append(path, records, through),
            Self::Memory(text) => write(&mut *text.lock().unwrap_or_else(PoisonError::into_inner), String::new(), records),
        }
    }
}

impl State {
    fn append(&mut self, path: &Path, records: &[Record], through: bool) -> io::Result<()> {
        let mut text = String::new();
        if let Self::New(beginning) = self {
            text += &line(&Record::Begun((**beginning).clone()))?;
            let folder = path.parent().unwrap_or(Path::new("."));
            private_file::folder(folder)?;
            let file = private_file::append_new(path)?;
            let _ = lock(&file);
            let written = write(&file, text, records).and_then(|()| file.sync_all());
            match written.and_then(|()| private_file::sync_folder(folder)) {
                Ok(()) => *self = Self::Opened(Opened { file, heading: None }),
                // Nothing is sent: the next try starts over.
                Err(error) => {
                    let _ = std::fs::remove_file(path);
                    return Err(error);
                }
            }
            return Ok(());
        }
        let Self::Opened(opened) = self else { return Ok(()) };
        if let Some(torn) = opened.heading {
            text += if torn { "\n" } else { "" };
            text += &line(&Record::Resumed(today()))?;
        }
        let length = opened.file.metadata()?.len();
        let written = write(&opened.file, text, records).and_then(|()| if through { opened.file.sync_data() } else { Ok(()) });
        match written {
            Ok(()) => opened.heading = None,
            // A full disk may have taken half a line: what was not written whole was not written.
            Err(_) => opened.file.set_len(length)?,
        }
        written
    }
}

/// All lines in one write.
fn write(mut target: impl Write, mut text: String, records: &[Record]) -> io::Result<()> {
    for record in records {
        text.push_str(&line(record)?);
    }
    target.write_all(text.as_bytes())
}
