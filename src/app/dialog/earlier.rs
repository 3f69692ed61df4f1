//! Questions about earlier starts: a run that was not finished, or that left something for later, and answers that were not sent.

use super::{Asked, Dialog};
use crate::domain::facts::KeySight;
use crate::domain::journal::{Due, Run};
use crate::domain::record::TaskId;
use crate::domain::unsent::Unsent;

const LATER: &str = "Later";
/// The answer that finishes an earlier run.
pub(in crate::app) const FINISH: &str = "Finish it";
/// The answer that finishes an earlier run with the key that somebody has.
pub(in crate::app) const KEEP: &str = "Finish it, and keep the key";
/// The answer that takes an earlier run back.
pub(in crate::app) const UNDO: &str = "Undo it";
/// The answer that shows an earlier run.
pub(in crate::app) const SHOW: &str = "Show it";
/// The answer that offers an earlier run no more.
pub(in crate::app) const FORGET: &str = "Forget it (“iamwalk runs” still lists it)";
const UNFINISHED: &[&str] = &[LATER, FINISH, UNDO, SHOW, FORGET];
const KEY_SHOWN: &[&str] = &[LATER, KEEP, REPLACE, UNDO, SHOW, FORGET];
const HALF_UNDONE: &[&str] = &[LATER, UNDO, SHOW, FORGET];
const OF_ANOTHER: &[&str] = &[LATER, SHOW, FORGET];
/// The answer that finishes an earlier run with a new key in place of one that was shown.
pub(in crate::app) const REPLACE: &str = "Finish it with a new key; the old one is deleted";
/// The answer that deletes an old key which was left for later.
pub(in crate::app) const FORGET_OLD: &str = "Delete the old key now";
const BEYOND_UNDO: &[&str] = &[LATER, FINISH, SHOW, FORGET];
const DUE: &[&str] = &[LATER, FORGET_OLD, UNDO, SHOW, FORGET];
const DUE_IN_USE: &[&str] = &[LATER, UNDO, SHOW, FORGET];

impl Dialog {
    /// What becomes of an old key that a rotation has left for later. `sight`: what IAM says of it now.
    pub fn due(run: Run, due: &Due, sight: Option<&KeySight>) -> Self {
        let own = &run.beginning;
        let mut words = vec![format!("The key of {} was rotated by the run of {}: {}.", run.user(), own.begun_at(), due.words())];
        let used = sight.and_then(|sight| due.used_since(sight));
        let holder = sight.and_then(|sight| sight.places.first()).map(|place| place.profile.clone());
        let by_id = format!("To delete it all the same: iamwalk rotate-key --finish {}", own.run);
        let (word, choices) = match (used, holder) {
            (None, _) => (format!("Whether it was used since can't be seen. {by_id}"), DUE_IN_USE),
            (Some(true), _) => (format!("It was used since: something still needs it. {by_id}"), DUE_IN_USE),
            (Some(false), Some(profile)) => (format!("The profile {profile} still holds it. {by_id}"), DUE_IN_USE),
            (Some(false), None) => ("It was not used since, as far as IAM shows.".to_owned(), DUE),
        };
        words.push(word);
        Self { choices: choices.to_vec(), ..Self::new(Asked::Unfinished(Box::new(run)), "An old key is due", words) }
    }

    /// Go on with answers of an earlier start?
    pub fn unsent(unsent: Unsent) -> Self {
        let user = if unsent.user.is_empty() { "a user" } else { unsent.user.as_str() };
        let what = match unsent.task {
            TaskId::CreateUser if unsent.user.is_empty() => "a new user".to_owned(),
            TaskId::CreateUser => format!("the new user {user}"),
            TaskId::AddKey => format!("an access key for {user}"),
            TaskId::ConsoleAccess => format!("a change of {user}'s console access"),
            TaskId::RotateKey => format!("the rotation of a key of {user}"),
            TaskId::Revoke => format!("the revocation of {user}'s access"),
            TaskId::RevokeKey => format!("the deactivation of a key of {user}"),
        };
        let words = vec![format!("You filled in pages for {what} (walkthrough {}). Nothing was sent.", unsent.walkthrough)];
        let choices = vec!["Go on with them", "Discard them"];
        Self { choices, ..Self::new(Asked::Unsent(Box::new(unsent)), "Answers that were not sent", words) }
    }

    /// What happens to a run of an earlier start. `refusal`: why this caller can't continue with it.
    pub fn unfinished(run: Run, refusal: Option<String>) -> Self {
        let own = &run.beginning;
        let mut words = vec![format!(
            "The run of {} for the user {} in account {} is {}.",
            own.begun_at(),
            run.user(),
            own.account,
            run.state()
        )];
        let choices = match &refusal {
            Some(words_of_refusal) => {
                words.push(words_of_refusal.clone());
                OF_ANOTHER
            }
            None if run.is_half_undone() => {
                words.push("Part of it is undone already. You can undo the rest.".to_owned());
                HALF_UNDONE
            }
            None if let Some(beyond) = run.ledger.is_beyond_undo() => {
                words.push(beyond);
                BEYOND_UNDO
            }
            None => {
                words.push(
                    "Finish creates what is missing and reissues secrets nobody received. Undo deletes what the run created."
                        .to_owned(),
                );
                match run.open_key() {
                    Some((id, true)) => {
                        words.push(format!("The secret of its key {id} was shown or copied: keep that key if somebody has it."));
                        KEY_SHOWN
                    }
                    Some((id, false)) => {
                        words.push(format!("Its key {id} was never saved: it would be deleted, and a new one made."));
                        UNFINISHED
                    }
                    None => UNFINISHED,
                }
            }
        };
        Self {
            choices: choices.to_vec(),
            ..Self::new(Asked::Unfinished(Box::new(run)), "An earlier run was not finished", words)
        }
    }

    /// What a run of an earlier start made.
    pub fn shown(run: Run) -> Self {
        let words = run.lines();
        Self { choices: vec!["Back"], ..Self::new(Asked::Shown(Box::new(run)), "What it made", words) }
    }
}
