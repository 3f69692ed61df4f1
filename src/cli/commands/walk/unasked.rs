//! A walk without questions, `--yes` and `--dry-run`: progress on standard error, the result on standard output.

use std::sync::Arc;

use iamwalk::app::unattended::Orders;
use iamwalk::app::{App, Opening};
use iamwalk::domain::dry_run::FORMS;
use iamwalk::domain::walkthrough::Walkthrough;

use super::Walk;
use crate::cli::account::Account;
use crate::cli::unattended;

/// Walks.
pub fn walk(walk: &Walk, account: &Account, walkthrough: Option<Arc<Walkthrough>>) -> u8 {
    let proposes = walkthrough.as_ref().is_some_and(|guide| !guide.hand_over.profile.is_empty());
    let orders = Orders {
        // A key that goes nowhere else becomes a profile.
        saves: proposes || (walk.csv.is_none() && !walk.secret_to_stdout),
        csv: walk.csv.as_deref().map(unattended::folder_or_file),
        replace: walk.replace,
        accept_existing: walk.accept_existing,
        keep_on_failure: walk.keep_on_failure,
        secret_to_stdout: walk.secret_to_stdout,
        json: walk.output == "json",
        dry_run: walk.dry_run.as_ref().and_then(|word| FORMS.into_iter().find(|form| form.word() == word)),
    };
    unattended::run(account, |opening, vault| {
        App::unattended(Opening { walkthrough, presenter: walk.presenter, ..opening }, vault, orders)
    })
}
