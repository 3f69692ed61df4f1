//! `iamwalk runs`: what was made so far, and what was not finished.

use clap::{Args, Subcommand};
use iamwalk::domain::journal::Run;
use iamwalk::services::journal::Runs as Journals;

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
                tell(&format!("{id}  {state:<11}  {}  {}{at}", own.account, run.user()));
                if let Some(due) = run.due() {
                    tell(&format!("    {}: iamwalk rotate-key --finish {id}", due.words()));
                }
            }
            Ok(None) => tell(&format!("{id}  made no call")),
            Err(why) => tell(&format!("{id}  unreadable: {why}")),
        }
    }
    0
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
