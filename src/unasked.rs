//! A walk without questions, `--yes` and `--dry-run`: progress on standard error, the result on standard output.

use std::io::{Write, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};

use iamwalk::app::App;
use iamwalk::app::effect::Farewell;
use iamwalk::app::unattended::Orders;
use iamwalk::domain::dry_run::FORMS;
use iamwalk::domain::sanitise::clean;
use iamwalk::domain::secret::Vault;
use iamwalk::runtime::run;
use iamwalk::services::csv_file;

use crate::args::Args;
use crate::lines::Lines;
use crate::{Fallen, compose, guides, inputs, keep_if_used, private_scratch};

/// Walks.
pub fn walk(args: &Args) -> u8 {
    let walkthrough = match guides::chosen(args) {
        Ok(walkthrough) => walkthrough,
        Err(faults) => return guides::refuse(&faults),
    };
    let proposes = walkthrough.as_ref().is_some_and(|guide| !guide.hand_over.profile.is_empty());
    let orders = Orders {
        // A key that goes nowhere else becomes a profile.
        saves: proposes || (args.csv.is_none() && !args.secret_to_stdout),
        csv: args.csv.as_ref().map(|csv| match csv_file::is_folder(csv) {
            true => format!("{}/", csv.trim_end_matches('/')),
            false => csv.clone(),
        }),
        replace: args.replace,
        accept_existing: args.accept_existing,
        keep_on_failure: args.keep_on_failure,
        secret_to_stdout: args.secret_to_stdout,
        json: args.output == "json",
        dry_run: args.dry_run.as_ref().and_then(|word| FORMS.into_iter().find(|form| form.word() == word)),
    };
    let failed = |words: String| {
        eprintln!("{words}");
        2
    };
    let scratch = match private_scratch() {
        Ok(scratch) => scratch,
        Err(error) => {
            return failed(format!("No temporary folder could be made: {error}. Set TMPDIR to a folder that you may write to."));
        }
    };
    let runtime = match crate::runtime() {
        Ok(runtime) => runtime,
        Err(error) => return failed(format!("The program could not start: {error}.")),
    };
    let (mut opening, services) = compose(args, scratch.path());
    opening.walkthrough = walkthrough;
    // The walkthrough has it among its settings.
    opening.user = None;
    crate::screen::catch_falls();
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
    if args.practice
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
