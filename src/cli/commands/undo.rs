//! `iamwalk undo RUN`: shows what it undoes and what stays, asks for the user's name unless `--yes`, and undoes it.

use std::io::{IsTerminal, stdin};

use clap::Args;
use iamwalk::app::App;
use iamwalk::app::effect::Farewell;
use iamwalk::domain::caller::Source;
use iamwalk::domain::journal::Run;
use iamwalk::domain::record::End;
use iamwalk::domain::record::Record;
use iamwalk::domain::secret::Vault;
use iamwalk::runtime::run;
use iamwalk::services::journal::{Journal, Runs};

use crate::cli::account::{AccountOptions, CallerOptions};
use crate::cli::compose::{compose, runtime};
use crate::cli::inputs;
use crate::cli::tell::{refuse, tell};
use iamwalk::faces::progress_lines::ProgressLines;

/// A run to undo.
#[derive(Clone, Debug, Args)]
pub struct Undo {
    /// The run, as “iamwalk runs” names it
    #[arg(value_name = "ID")]
    run: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    caller: CallerOptions,
}

impl Undo {
    /// Takes it back. `before`: the options that stand before the command.
    pub fn run(&self, before: &AccountOptions) -> u8 {
        let id = self.run.as_str();
        let (found, journal) = match Runs::own().open(id) {
            Ok(opened) => opened,
            Err(fault) => return refuse(fault.what()),
        };
        if let Some(words) = found.ledger.is_beyond_undo() {
            return refuse(words);
        }
        let later = Runs::own().list().unwrap_or_default().into_iter().filter_map(|listed| listed.run.ok().flatten());
        if let Some(words) = later.into_iter().find_map(|later| found.is_relied_on_by(&later)) {
            return refuse(words);
        }
        // What it made is told with the plan of its undo.
        found.heading().iter().for_each(|line| tell(line));
        if !found.is_gone() && !self.yes && !stdin().is_terminal() {
            return refuse("Nothing was sent. Without a terminal to ask on, add “--yes” to agree.");
        }
        let word = if found.user().is_empty() { id } else { found.user() };
        let word = (!self.yes).then(|| word.to_owned());
        let farewell = take_back(&self.caller.or(&before.caller), found, journal, word);
        farewell.lines.iter().for_each(|line| tell(line));
        farewell.code
    }
}

fn take_back(caller: &CallerOptions, found: Run, journal: Journal, word: Option<String>) -> Farewell {
    let failed = |words: String| Farewell::new(2, vec![words]);
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return failed(format!("The program could not start: {error}.")),
    };
    if found.is_gone() {
        let written = runtime.block_on(journal.write(vec![Record::Ended(End::Undone)], true));
        let gone = "Nothing of this run remains in the account.".to_owned();
        // What was done for good is no failure of undo, and is not undone either.
        let done = found.ledger.gone_lines();
        let code = if done.is_empty() { 0 } else { 3 };
        let lines = std::iter::once(gone).chain(done).chain(written.err().map(|fault| fault.what()));
        return Farewell::new(code, lines.collect());
    }
    // What the command line does not say is as it was in the run.
    let account = AccountOptions { practice: false, caller: caller.or(&CallerOptions::of(&found)) };
    let (options, mut services) = compose(&account, &std::env::temp_dir());
    debug_assert_ne!(options.source, Source::Practice);
    services.journal = Some(journal);
    let farewell = runtime.block_on(async {
        run(&mut ProgressLines::to_stdout(), inputs::signals, services, App::undo(options, found, Vault::default(), word)).await
    });
    runtime.shutdown_background();
    farewell
}
