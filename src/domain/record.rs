//! What is written down of a run, before and after each call.
//!
//! One line of JSON a record, appended and never changed. It holds what proves things ours (account, endpoint, unique ids) and
//! never a secret. Files and locks are `services::journal`'s.

use serde::{Deserialize, Serialize};

use super::operation::{Made, Old, Owned};
use super::plan::Subject;
use super::step::Step;
use super::step_id::StepId;

/// The version of the format. A journal of a newer one is left alone; one of an earlier one, which no release wrote, is only listed.
pub const VERSION: u32 = 2;

/// The first record: what the run is, and its whole plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    /// The format's version.
    pub iamwalk: u32,
    pub task: TaskId,
    /// The name of the run: `20261122-063601-7f3a`.
    pub run: String,
    /// When it began, as RFC 3339 in UTC.
    pub begun: String,
    /// The account's twelve digits.
    pub account: String,
    /// `aws`, `aws-cn`, …
    pub partition: String,
    pub caller: String,
    /// The profile whose credentials made the calls, where one was named.
    pub profile: Option<String>,
    /// Where the calls went, where that was not AWS.
    pub endpoint: Option<String>,
    /// The region of the calls; the partition follows from it.
    pub region: Option<String>,
    /// Whom it is about.
    pub subjects: Vec<Subject>,
    pub steps: Vec<Step>,
    /// For each step when its name was last seen free, by AWS's clock.
    pub free_at: Vec<Option<i64>>,
    /// From when the steps that are for later are due, in seconds since 1970; `None` without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<i64>,
}

impl Beginning {
    /// When it began, in whole seconds.
    pub fn begun_at(&self) -> String {
        match self.begun.split_once('.') {
            Some((seconds, _)) => format!("{seconds}Z"),
            None => self.begun.clone(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskId {
    CreateUser,
    /// Add a key to a user that exists.
    AddKey,
    /// Give, replace or take away the console password of a user that exists.
    ConsoleAccess,
    /// Replace a key of a user that exists by another.
    RotateKey,
    /// Stop all that lets a user in.
    Revoke,
    /// Deactivate a key that was found in the open.
    RevokeKey,
}

impl TaskId {
    /// What a run of it is, in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::CreateUser => "user created",
            Self::AddKey => "key added",
            Self::ConsoleAccess => "console access changed",
            Self::RotateKey => "key rotated",
            Self::Revoke => "access revoked",
            Self::RevokeKey => "key deactivated",
        }
    }
}

/// How a secret reached its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// The key was saved as a profile.
    Saved {
        profile: String,
        file: String,
    },
    KeyCsv {
        file: String,
    },
    PasswordCsv {
        file: String,
    },
    /// The key's secret was shown or copied: somebody may have it.
    KeyShown,
    /// The person said that the key's secret has arrived, or had it printed.
    KeyTaken,
    /// The person saw the password, and left with it.
    PasswordSeen,
    /// The person left without the key's secret, expressly.
    KeyGivenUp,
    /// The person left without the password, expressly.
    PasswordGivenUp,
}

impl Delivery {
    /// Whether a file holds the key or the password.
    pub fn is_file(&self) -> bool {
        matches!(self, Self::Saved { .. } | Self::KeyCsv { .. } | Self::PasswordCsv { .. })
    }

    pub fn words(&self) -> String {
        match self {
            Self::Saved { profile, file } => format!("The key was saved as profile “{profile}” in {file}"),
            Self::KeyCsv { file } => format!("The key was written to {file}"),
            Self::PasswordCsv { file } => format!("The password was written to {file}"),
            Self::KeyShown => "The key's secret was shown or copied".to_owned(),
            Self::KeyTaken => "The key's secret was taken from the screen or the clipboard".to_owned(),
            Self::PasswordSeen => "The password was shown".to_owned(),
            Self::KeyGivenUp => "The key's secret was given up".to_owned(),
            Self::PasswordGivenUp => "The password was given up".to_owned(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Everything was made and handed over, or expressly given up.
    Finished,
    /// Nothing of it remains.
    Undone,
    /// The person wants to hear no more of it.
    Forgotten,
}

/// One line of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    /// The first line.
    Begun(Beginning),
    /// AWS's clock, in seconds since 1970, before the calls that follow.
    Clock(i64),
    Sent(Vec<StepId>),
    /// It is about to be looked up (and, a key that nobody can use, removed) what this step's lost call did.
    Looking(StepId),
    /// This thing, which was there before the run, will be changed; it was not so already, and what undo restores.
    Changes(StepId, Owned, Old),
    /// Who had its permissions then, by their unique ids.
    UsedBy(StepId, Vec<String>),
    Made(StepId, Made),
    Found(StepId, Made),
    Failed {
        step: StepId,
        why: String,
        /// It may have happened anyway.
        unclear: bool,
    },
    /// What the lost call made was removed, or there was nothing of it.
    Removed(StepId),
    /// What is there can't be proven to be of the lost call; it is left alone.
    Unproven(StepId),
    /// This step is about to be undone.
    Undoing(StepId),
    /// Undone.
    Undone(StepId),
    /// Others use what the step made or changed, so it stays; who, in words.
    Kept(StepId, Vec<String>),
    /// It could not be undone.
    UndoFailed {
        step: StepId,
        why: String,
    },
    /// The secret of this step reached its owner.
    Delivered(StepId, Delivery),
    /// A later start went on with it.
    Resumed(String),
    Ended(End),
}

/// One record as its line.
///
/// # Errors
/// None that the records of this module can meet.
pub fn line(record: &Record) -> Result<String, serde_json::Error> {
    serde_json::to_string(record).map(|text| text + "\n")
}
