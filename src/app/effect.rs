//! What the conversation wants done: values that a test can compare. Secrets are named by handle.

use std::time::Duration;

use super::creating::Course;
use super::event::Wake;
use crate::domain::call::Call;
use crate::domain::caller::Source;
use crate::domain::facts::Question;
use crate::domain::hand_over::{Consent, Destination, KeyForm, Outcome};
use crate::domain::record::Beginning;
use crate::domain::record::Record;
use crate::domain::secret::SecretId;
use crate::domain::unsent::Unsent;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    /// Something that everybody may see.
    Text(String),
    Secret(SecretId),
    /// A whole key in a form that a shell or a file takes.
    Key {
        form: KeyForm,
        profile: String,
        id: String,
        secret: SecretId,
    },
}

/// A csv file of the hand-over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Csv {
    /// Key id and secret, as the console has it.
    Key { id: String, secret: SecretId },
    /// The same with the user's name, for `aws configure import`.
    Import { id: String, secret: SecretId },
    /// User, password and where to sign in.
    Password { password: SecretId, url: String },
}

/// Whose files and journals an effect is about. Those of practice never meet the person's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Realm {
    /// AWS: the person's own files, and journals on the disk.
    Aws,
    /// Practice: a folder for trying, and journals in memory.
    Practice,
}

/// One thing to do. The runtime does it and reports by an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Find the caller of these credentials.
    Connect {
        epoch: u32,
        source: Source,
        /// The person allowed calls in clear text to another machine.
        clear_text: bool,
    },
    /// Ask for a fact.
    Lookup { epoch: u32, question: Question },
    /// A run begins, and with it its journal.
    Begin(Realm, Box<Beginning>),
    /// The run's journal is closed again, for whoever works on it.
    Close,
    /// From here on this key signs the calls, in place of the caller's own that is about to stop. `secret`: of the run; one of an
    /// earlier start lies in a profile.
    SignWith { key_id: String, secret: SecretId },
    /// Make these calls of the run, at once; that they are sent is on the disk before.
    Call(Vec<Call>),
    /// Write this down.
    Record(Vec<Record>),
    /// Tell these lines on the ordinary screen; then let the person type this word, where there is one.
    Confirm {
        lines: Vec<String>,
        /// What has to be typed to go on.
        word: Option<String>,
    },
    /// Find out what earlier runs left for others that nobody uses any more.
    FindFreed,
    /// Look for runs of earlier starts.
    FindRuns,
    /// Look for runs of this account that were about this user.
    FindRunsOf { realm: Realm, account: String, user: String },
    /// Keep these answers for the next start, in place of earlier ones.
    KeepAnswers(Box<Unsent>),
    /// Look for answers that were not sent.
    FindAnswers,
    /// Remove them: they are sent, or not wanted.
    ForgetAnswers,
    /// Open the record of an earlier run, to continue with it.
    Open { run: String, course: Course },
    /// Never offer this run again.
    Forget(String),
    /// Report after a while.
    WakeIn(Duration, Wake),
    Copy {
        what: Copied,
        /// The terminal's clipboard will do where the system has none.
        through_terminal: bool,
    },
    /// Clear the clipboard, if it still holds what was copied last.
    ClearClipboard,
    /// Find out what saving a key would do to the person's files.
    PreviewSave { realm: Realm, key_id: String, to: Destination },
    /// Save a key as a profile.
    Save {
        realm: Realm,
        key_id: String,
        secret: SecretId,
        to: Destination,
        /// What the person has seen and agreed to.
        consent: Option<Box<Consent>>,
    },
    /// Remove what a killed program left beside the person's files.
    Sweep(Realm),
    /// Write a csv file.
    Write {
        /// Among whose files.
        realm: Realm,
        user: String,
        csv: Csv,
        /// Where to, as the person typed it; the current folder where they did not.
        to: Option<String>,
        /// Over a file that is there.
        over: bool,
    },
    /// Read the walkthroughs: the built-in ones, and the person's own.
    FindWalkthroughs,
    /// Write a text without a secret to a file of this name in the current folder, never over one that is there.
    WriteText {
        /// Among whose files.
        realm: Realm,
        name: String,
        text: String,
    },
    /// Find out whether files of these names can be written there, without writing them.
    FindOutputPaths(Realm, Vec<(Option<String>, String)>),
    /// Print the result to standard output.
    PrintResult {
        outcome: Box<Outcome>,
        /// The secret that goes out with it.
        secret: Option<SecretId>,
        json: bool,
    },
    /// Give the terminal back until the person comes again.
    Suspend,
    /// Prove the new key.
    Prove {
        /// In whose files a profile is saved.
        realm: Realm,
        key_id: String,
        secret: SecretId,
        /// The user it must answer as.
        user: String,
        /// Through this saved profile; by itself where it is saved nowhere yet.
        profile: Option<String>,
    },
    /// End the program.
    Leave(Farewell),
}

impl Effect {
    /// What it is, without what it is about: for the log. (Its Debug would keep that of the whole domain in the program.)
    pub fn name(&self) -> &'static str {
        match self {
            Self::Connect { .. } => "Connect",
            Self::Lookup { .. } => "Lookup",
            Self::Begin(..) => "Begin",
            Self::Close => "Close",
            Self::SignWith { .. } => "SignWith",
            Self::Call(..) => "Call",
            Self::Record(..) => "Record",
            Self::Confirm { .. } => "Confirm",
            Self::FindFreed => "FindFreed",
            Self::FindRuns => "FindRuns",
            Self::FindRunsOf { .. } => "FindRunsOf",
            Self::KeepAnswers(..) => "KeepAnswers",
            Self::FindAnswers => "FindAnswers",
            Self::ForgetAnswers => "ForgetAnswers",
            Self::Open { .. } => "Open",
            Self::Forget(..) => "Forget",
            Self::WakeIn(..) => "WakeIn",
            Self::Copy { .. } => "Copy",
            Self::ClearClipboard => "ClearClipboard",
            Self::PreviewSave { .. } => "PreviewSave",
            Self::Save { .. } => "Save",
            Self::Sweep(..) => "Sweep",
            Self::Write { .. } => "Write",
            Self::FindWalkthroughs => "FindWalkthroughs",
            Self::WriteText { .. } => "WriteText",
            Self::FindOutputPaths(..) => "FindOutputPaths",
            Self::PrintResult { .. } => "PrintResult",
            Self::Suspend => "Suspend",
            Self::Prove { .. } => "Prove",
            Self::Leave(..) => "Leave",
        }
    }
}

/// What is printed to the ordinary screen at the end, and the exit code (`reference`: DESIGN section 5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Farewell {
    pub code: u8,
    /// The short account; never a secret.
    pub lines: Vec<String>,
    /// A text for standard output alone: that of a dry run.
    pub result: Option<String>,
    /// What the person wants printed below it, unwrapped: its label and its handle.
    pub secrets: Vec<(&'static str, SecretId)>,
}

impl Farewell {
    /// One without secrets.
    pub fn new(code: u8, lines: Vec<String>) -> Self {
        Self { code, lines, result: None, secrets: Vec::new() }
    }
}
