//! What the conversation wants done: values that a test can compare. Secrets are named by handle.

use std::time::Duration;

use super::event::Wake;
use crate::domain::caller::Source;
use crate::domain::facts::Question;
use crate::domain::ledger::Ledger;
use crate::domain::password::PasswordPolicy;
use crate::domain::secret::SecretId;
use crate::domain::step::{Action, StepId};
use crate::domain::undo::Undo;

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
    /// Make a step's call.
    Perform {
        /// Which.
        step: StepId,
        /// What it does.
        action: Action,
        /// The access key that a description is for.
        key: Option<String>,
        /// What a generated password must meet.
        policy: PasswordPolicy,
    },
    /// Look at what a lost create did.
    Look {
        /// Which.
        step: StepId,
        /// What it was.
        action: Action,
        /// When its name was last seen free.
        free_at: Option<i64>,
    },
    /// Take a step back.
    Undo {
        /// Which.
        step: StepId,
        /// By which call.
        undo: Undo,
    },
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

impl Effect {
    /// The call of a step of this ledger.
    pub(super) fn perform(ledger: &Ledger, step: StepId, policy: &PasswordPolicy) -> Option<Self> {
        let action = ledger.plan().step(step)?.action.clone();
        let key = ledger.key_described_by(&action).map(str::to_owned);
        Some(Self::Perform { step, action, key, policy: policy.clone() })
    }
}

/// What is printed to the ordinary screen at the end, and the exit code (`reference`: DESIGN section 5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Farewell {
    /// The exit code.
    pub code: u8,
    /// The short account; never a secret.
    pub lines: Vec<String>,
}
