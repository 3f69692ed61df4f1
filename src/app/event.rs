//! What can happen to the conversation: one closed enum. Nothing in it holds a secret but a key press and a paste.

use std::fmt;
use std::sync::Arc;

use super::creating::Course;
use super::effect::Csv;
use crate::domain::call::CallAnswer;
use crate::domain::caller::{Caller, Origins};
use crate::domain::facts::{LookupResult, OwnProfile, Question};
use crate::domain::fault::Fault;
use crate::domain::hand_over::{Destination, Progress, SavePreview, Saving};
use crate::domain::journal::Run;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::domain::step_id::StepId;
use crate::domain::unsent::Unsent;
use crate::domain::walkthrough::{Walkthrough, WalkthroughFault};

/// A key, as the terminal named it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Char(char),
    Ctrl(char),
    /// A function key.
    F(u8),
    Enter,
    Tab,
    BackTab,
    Esc,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Backspace,
    Delete,
}

impl fmt::Debug for Key {
    // A typed character may be one of a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// A place on the screen that can be clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A field of the page or dialog.
    Field(usize),
    /// A row of a field: an option of a choice, a row of a table.
    Row {
        field: usize,
        /// The row, counted as the field counts.
        row: usize,
    },
    /// An entry of the menu, a block of the review, a button of a dialog.
    Entry(usize),
}

/// How a text got to the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyWay {
    /// The system's clipboard.
    System,
    /// The terminal, by OSC 52: it can't say whether it took it.
    Terminal {
        /// What keeps a multiplexer from passing it on.
        hindrance: Option<String>,
    },
    /// Nowhere: the system has no clipboard here, and the terminal's is not to be used.
    Nowhere,
}

/// The result of writing a csv.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrote {
    Done {
        path: String,
        /// What has to be known of that place.
        caution: Option<String>,
    },
    /// There is such a file already.
    Exists(String),
    /// It could not be written.
    Failed(Fault),
}

/// Why the program has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT from outside (Ctrl-C in the terminal is a key).
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGHUP, or the terminal is gone.
    HangUp,
    /// A fault of the program itself.
    Crash,
}

impl Signal {
    /// The exit code of a program that this ends (DESIGN section 5); `code` is what it would be without.
    pub fn code(self, code: u8) -> u8 {
        match (self, code) {
            (Self::Terminate, _) => 143,
            (Self::HangUp, _) => 129,
            (Self::Interrupt | Self::Crash, 3) => 3,
            // Everything was done, and nothing is lost.
            (Self::Interrupt, 0) => 0,
            (Self::Interrupt, _) => 130,
            (Self::Crash, _) => 1,
        }
    }
}

/// Something whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The moving sign of work that goes on.
    Tick,
    /// The highlighted row has rested long enough to fetch what stands beside it.
    Rested(u64),
    /// A step's pause is over.
    Resume(StepId),
    /// The pause of an undo call is over.
    UndoAgain,
    /// What is under way was awaited long enough: the program ends.
    EndNow,
    /// The secret was shown for long enough, by the number of the reveal.
    Mask(u32),
    /// The clipboard held the secret long enough, by the number of the copy.
    ClearClipboard(u32),
}

impl Event {
    /// Whether it is something that the person did with keys or mouse, and that acts on what is in front of them. Ctrl-C leaves
    /// whatever it is.
    pub fn is_pressed(&self) -> bool {
        match self {
            Self::Key(key) => *key != Key::Ctrl('c'),
            Self::Paste(_)
            | Self::Burst(_)
            | Self::Click(_)
            | Self::Fill { .. }
            | Self::Pick { .. }
            | Self::Clear(_)
            | Self::GoTo(_)
            | Self::Accept => true,
            _ => false,
        }
    }
}

/// A caller that can make calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    pub caller: Caller,
    pub region: String,
    /// AWS's clock.
    pub clock: Moment,
    /// Where they go, where that is not AWS.
    pub endpoint: Option<String>,
    pub origins: Origins,
}

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    Key(Key),
    /// A pasted text: never keys.
    Paste(Secret),
    /// Characters and line ends that came at once.
    Burst(Secret),
    /// A key while the terminal is too small for a page.
    OnCard(Key),
    /// A key, or a text, while what it would act on is scrolled out of sight.
    Unseen,
    Click(Target),
    /// This text in place of what a field holds, as somebody says it who answers one question after the other. Where a secret in it
    /// ends: in the field.
    Fill {
        field: usize,
        text: Secret,
    },
    /// These rows of a field, by their places among those that are shown.
    Pick {
        field: usize,
        rows: Vec<usize>,
    },
    /// Nothing in place of what this field holds.
    Clear(usize),
    /// To this field.
    GoTo(usize),
    /// What stands on the page, or in the question, is the answer.
    Accept,
    /// The wheel, in rows; negative is up.
    Wheel(i32),
    FocusLost,
    /// The terminal has another size.
    Resized,
    /// A wait is over.
    Woke(Wake),
    /// The caller, or why there is none.
    Connected {
        /// Which attempt: an older one's answer is dropped.
        epoch: u32,
        answer: Result<Connected, Fault>,
    },
    Learned {
        epoch: u32,
        question: Question,
        /// What came back.
        answer: Result<LookupResult, Fault>,
    },
    /// A run's call was answered.
    Answered {
        step: StepId,
        /// AWS's clock when it was sent.
        sent: Option<i64>,
        /// What came back.
        answer: CallAnswer,
    },
    /// The run has a name, under which it is recorded.
    Began(String),
    /// Answers of an earlier start that were not sent.
    Unsent(Option<Box<Unsent>>),
    /// The walkthroughs, each as it was read.
    Walkthroughs(Vec<Result<Arc<Walkthrough>, Vec<WalkthroughFault>>>),
    /// Where files are to go, in the order in which that was asked; or why one can't be written.
    OutputPaths(Result<Vec<String>, String>),
    ResultPrinted {
        secret: bool,
        answer: Result<(), String>,
    },
    /// A text without a secret was written to a file, or not.
    TextWritten(Wrote),
    /// Whether the person agreed to what was told.
    Confirmed(bool),
    /// What earlier runs left for others, and nobody uses any more; a line each.
    Freed(Vec<String>),
    /// The runs that were about a user, each with how it stands.
    RunsOf {
        user: String,
        runs: Vec<(String, &'static str)>,
    },
    /// The runs of earlier starts that were not brought to an end.
    Unfinished(Vec<Run>),
    /// The record of an earlier run is open, or why not.
    Opened {
        course: Course,
        answer: Result<Box<Run>, Fault>,
    },
    /// The record of a run could not be written; nothing depends on it now, but the person has to know.
    NotRecorded(Fault),
    Copied(CopyWay),
    /// The clipboard no longer holds what was copied.
    ClipboardCleared,
    /// What saving would do, and which profiles are there.
    SavePreviewed {
        to: Destination,
        /// What it would do, or why it can't be done.
        answer: Result<Box<SavePreview>, Fault>,
        profiles: Vec<OwnProfile>,
    },
    /// The profile was saved, or why not, or what has to be agreed to first.
    Saved {
        to: Destination,
        answer: Result<Saving, Fault>,
    },
    /// A csv was written, or not.
    Wrote {
        csv: Csv,
        answer: Wrote,
    },
    /// The program is put into the background.
    Suspended,
    /// A try of the proof.
    Proving {
        profile: Option<String>,
        progress: Progress,
    },
    /// The proof is through.
    Proven {
        profile: Option<String>,
        /// The ARN, or why not.
        answer: Result<String, Fault>,
    },
    /// The program was asked to end.
    Signal(Signal),
}
