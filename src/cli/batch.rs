//! A task without questions: progress on standard error, the result on standard output.

use std::io::{Write, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};

use iamwalk::app::effect::{Effect, Farewell};
use iamwalk::app::{App, StartOptions};
use iamwalk::domain::sanitise::clean;
use iamwalk::domain::secret::Vault;
use iamwalk::faces::progress_lines::ProgressLines;
use iamwalk::runtime::run as converse;

use super::account::AccountOptions;
use super::compose::{CrashReport, compose, runtime, seed};
use super::scratch::{Scratch, profile};
use super::tell::refuse;
use super::{inputs, screen};

/// Runs it as `begin` opens it; the exit code.
pub fn run(account: &AccountOptions, begin: impl FnOnce(StartOptions, Vault) -> (App, Vec<Effect>)) -> u8 {
    let scratch = Scratch::new(seed());
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(format!("The program could not start: {error}.")),
    };
    let (options, mut services) = compose(account, scratch.path());
    services.settings.practice_profile = profile();
    screen::catch_falls();
    let crash = CrashReport::of(&services);
    let ended = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let opened = begin(options, Vault::default());
            converse(&mut ProgressLines::to_stderr(), inputs::signals, services, opened).await
        })
    }));
    let farewell = ended.unwrap_or_else(|_| crash.farewell(&runtime));
    runtime.shutdown_background();
    let code = told(&farewell);
    if account.practice
        && let Some(path) = scratch.keep_if_used()
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
