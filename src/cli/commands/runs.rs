//! `iamwalk runs`: what was made so far, and what was not finished.

use clap::{Args, Subcommand};
use iamwalk::domain::journal::{Due, Run};
use iamwalk::services::inquiry;
use iamwalk::services::journal::Runs as Journals;

use crate::cli::account::{AccountOptions, CallerOptions};
use crate::cli::compose::{compose, runtime};
use crate::cli::tell::{refuse, tell};

/// The runs so far.
#[derive(Clone, Debug, Args)]
pub struct Runs {
    /// More of one run
    #[command(subcommand)]
    of: Option<One>,
}

/// More of one run.
#[derive(Clone, Debug, Subcommand)]
enum One {
    /// Show each step of a run, what remains of it, and the commands that remove that
    Show {
        /// The run, as “iamwalk runs” names it
        #[arg(value_name = "ID")]
        run: String,
    },
}

impl Runs {
    /// Lists them, or shows one.
    pub fn run(&self) -> u8 {
        match &self.of {
            None => list(),
            Some(One::Show { run }) => show(run),
        }
    }
}

fn list() -> u8 {
    let listed = match Journals::own().list() {
        Ok(listed) => listed,
        Err(fault) => return refuse(fault.what()),
    };
    if listed.is_empty() {
        tell("No runs so far. (Practice is not recorded.)");
        return 0;
    }
    for one in listed {
        let id = &one.id;
        match one.run {
            Ok(Some(run)) => {
                let state = if one.is_busy { "under way" } else { run.state() };
                let own = &run.beginning;
                let at = own.endpoint.as_ref().map(|endpoint| format!(" at {endpoint}")).unwrap_or_default();
                tell(&format!("{id}  {state:<11}  {}  {}{at}  {}", own.account, run.user(), own.task.words()));
                if let Some(due) = run.due() {
                    tell(&format!("    {}; {}", due.words(), use_since(&run, &due)));
                    tell(&format!("    iamwalk rotate-key --finish {id}"));
                }
            }
            Ok(None) => tell(&format!("{id}  made no call")),
            Err(why) => tell(&format!("{id}  unreadable: {why}")),
        }
    }
    0
}

/// Whether an old key was used since its rotation, as IAM tells whoever made that.
fn use_since(run: &Run, due: &Due) -> String {
    let account = AccountOptions { practice: false, caller: CallerOptions::of(run) };
    let Ok(runtime) = runtime() else { return String::new() };
    let (options, services) = compose(&account, &std::env::temp_dir());
    let asked = runtime.block_on(inquiry::sight_of(&options.source, &services.settings, &due.key));
    runtime.shutdown_background();
    match asked {
        Ok(seen) => match due.used_since(&seen.sight) {
            Some(true) => "it was used since: something still needs it".to_owned(),
            Some(false) => "not used since, as far as IAM shows".to_owned(),
            None => "whether it was used since can't be seen".to_owned(),
        },
        Err(_) => "whether it was used since can't be asked now".to_owned(),
    }
}

fn show(id: &str) -> u8 {
    if let Ok(Some(lines)) = Journals::own().earlier(id) {
        tell("A development version wrote this before the format was settled: it is neither finished nor undone. Its lines:");
        lines.iter().for_each(|line| tell(line));
        return 0;
    }
    match Journals::own().read(id) {
        Ok(run) => {
            run.lines().iter().for_each(|line| tell(line));
            remains(&run, &format!("To undo it: iamwalk undo {id}; or by hand, in this order:"));
            0
        }
        Err(fault) => refuse(fault.what()),
    }
}

/// What remains of a run, with the commands that remove it.
fn remains(run: &Run, heading: &str) {
    tell("");
    if run.is_gone() {
        tell("Nothing of this run remains in the account.");
        run.ledger.gone_lines().iter().for_each(|line| tell(line));
        return;
    }
    tell(heading);
    for remainder in run.ledger.remains() {
        remainder.lines(&run.cli_options()).iter().for_each(|line| tell(line));
    }
    for (words, why) in run.ledger.kept() {
        tell(&format!("  = {words}: it stayed, {why}"));
    }
    run.ledger.gone_lines().iter().for_each(|line| tell(line));
}
