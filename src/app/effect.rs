//! What the conversation wants done: values that a test can compare. Secrets are named by handle.

use std::time::Duration;

use super::creating::Course;
use super::event::Wake;
use crate::domain::call::Call;
use crate::domain::caller::Source;
use crate::domain::facts::Question;
use crate::domain::journal::{Beginning, Record};
use crate::domain::secret::SecretId;

/// What is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    /// Something that everybody may see.
    Text(String),
    /// A secret of the vault.
    Secret(SecretId),
}

/// A csv file of the console's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Csv {
    /// Key id and secret.
    Key {
        /// The key id.
        id: String,
        /// Its secret.
        secret: SecretId,
    },
    /// User, password and where to sign in.
    Password {
        /// The password.
        password: SecretId,
        /// Where to sign in.
        url: String,
    },
}

/// One thing to do. The runtime does it and reports by an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Find out who calls with these credentials.
    Connect {
        /// Which attempt this is.
        epoch: u32,
        /// Whose credentials.
        source: Source,
        /// The person allowed calls in clear text to another machine.
        clear_text: bool,
    },
    /// Ask for a fact.
    Ask {
        /// Of which connection.
        epoch: u32,
        /// What.
        question: Question,
    },
    /// A run begins: with what its journal begins; without one in practice, which is recorded nowhere.
    Begin(Option<Box<Beginning>>),
    /// Make these calls of the run, at once; that they are sent is on the disk before.
    Call(Vec<Call>),
    /// Write this down.
    Record(Vec<Record>),
    /// Look for runs of earlier starts.
    FindRuns,
    /// Open the record of an earlier run, to go on with it.
    Open {
        /// The run.
        run: String,
        /// What is wanted of it.
        course: Course,
    },
    /// Never offer this run again.
    Forget(String),
    /// Report after a while.
    WakeIn(Duration, Wake),
    /// Copy to the clipboard.
    Copy(Copied),
    /// Save a profile.
    Save {
        /// Its name.
        profile: String,
        /// The key id.
        key_id: String,
        /// Its secret.
        secret: SecretId,
        /// The region.
        region: String,
    },
    /// Write a csv file.
    Write {
        /// For which user.
        user: String,
        /// Which.
        csv: Csv,
    },
    /// Prove the new key.
    Prove {
        /// The key id.
        key_id: String,
        /// Its secret.
        secret: SecretId,
        /// The user it must answer as.
        user: String,
    },
    /// End the program.
    Leave(Farewell),
}

/// What is printed to the ordinary screen at the end, and the exit code (`reference`: DESIGN section 5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Farewell {
    /// The exit code.
    pub code: u8,
    /// The short account; never a secret.
    pub lines: Vec<String>,
}
