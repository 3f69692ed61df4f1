//! A walk without questions, `--yes` and `--dry-run`: progress on standard error, the result on standard output.

use std::io::{Write, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use iamwalk::app::App;
use iamwalk::app::effect::Farewell;
use iamwalk::app::unattended::Orders;
use iamwalk::domain::dry_run::FORMS;
use iamwalk::domain::sanitise::clean;
use iamwalk::domain::secret::Vault;
use iamwalk::domain::walkthrough::Walkthrough;
use iamwalk::runtime::run;
use iamwalk::services::csv_file;

use super::Walk;
use crate::cli::account::Account;
use crate::cli::compose::{Fallen, compose, keep_if_used, private_scratch, runtime};
use crate::cli::lines::Lines;
use crate::cli::tell::refuse;
use crate::cli::{inputs, screen};

/// Walks.
pub fn walk(walk: &Walk, account: &Account, walkthrough: Option<Arc<Walkthrough>>) -> u8 {
    let proposes = walkthrough.as_ref().is_some_and(|guide| !guide.hand_over.profile.is_empty());
    let orders = Orders {
        // A key that goes nowhere else becomes a profile.
        saves: proposes || (walk.csv.is_none() && !walk.secret_to_stdout),
        csv: walk.csv.as_ref().map(|csv| match csv_file::is_folder(csv) {
            true => format!("{}/", csv.trim_end_matches('/')),
            false => csv.clone(),
        }),
        replace: walk.replace,
        accept_existing: walk.accept_existing,
        keep_on_failure: walk.keep_on_failure,
        secret_to_stdout: walk.secret_to_stdout,
        json: walk.output == "json",
        dry_run: walk.dry_run.as_ref().and_then(|word| FORMS.into_iter().find(|form| form.word() == word)),
    };
    let scratch = match private_scratch() {
        Ok(scratch) => scratch,
        Err(error) => {
            return refuse(format!("No temporary folder could be made: {error}. Set TMPDIR to a folder that you may write to."));
        }
    };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(format!("The program could not start: {error}.")),
    };
    let (mut opening, services) = compose(account, scratch.path());
    opening.walkthrough = walkthrough;
    opening.presenter = walk.presenter;
    screen::catch_falls();
    let fallen = Fallen::of(&services);
    let ended = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let opened = App::unattended(opening, Vault::default(), orders);
            run(&mut Lines::to_stderr(), inputs::signals, services, opened).await
        })
    }));
    let farewell = ended.unwrap_or_else(|_| fallen.farewell(&runtime));
    runtime.shutdown_background();
    let code = told(&farewell);
    if account.practice
        && let Some(path) = keep_if_used(scratch)
    {
        eprintln!("The files of practice are in {}", path.display());
    }
    code
}

/// The short account goes to standard error, a dry run to standard output.
fn told(farewell: &Farewell) -> u8 {
    farewell.lines.iter().for_each(|line| eprintln!("{}", clean(line)));
    if let Some(text) = &farewell.result
        && stdout().lock().write_all(text.as_bytes()).is_err()
    {
        return 1;
    }
    farewell.code
}
