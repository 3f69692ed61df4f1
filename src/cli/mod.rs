//! The command line: what was asked for, and which command does it. The only place where everything meets.

mod account;
mod batch;
mod commands;
mod compose;
mod full_screen;
mod hand_over;
mod harden;
mod inputs;
mod screen;
mod tell;
mod walkthrough;

use std::process::ExitCode;

use clap::Parser;

use iamwalk::services::log;

use account::AccountOptions;
use commands::Command;
use commands::walk::Walk;
use tell::refuse;

const EXAMPLES: &str = "\
Examples:
  iamwalk --practice                      try everything; needs no account, sends nothing
  iamwalk                                 with the credentials that the AWS SDKs find
  iamwalk koding --practice               with a walkthrough (“iamwalk list” has them)
  iamwalk --profile admin --user bob      with a profile of yours, for a user bob
  iamwalk koding --yes --user u1 --save-profile work     without questions
  iamwalk koding --user u1 --dry-run=aws-cli             the same as a script; only reads
  iamwalk --endpoint-url http://127.0.0.1:5000   against a server of your own
  iamwalk add-key bob --yes               a key for a user that exists, without questions
  iamwalk runs                            what was made so far, and what was not finished
  iamwalk undo 20261122-063601-7f3a       undo a run

Exit codes:
  0 done   1 failed, nothing remains   2 refused before the first call
  3 something remains (it is listed), or the key is not verified
  130 left, nothing was made   129, 143 ended by a signal";

/// Walks you through creating an AWS IAM user, and saves its key as a profile that is proven to work.
#[derive(Clone, Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    account: AccountOptions,

    #[command(flatten)]
    walk: Walk,

    /// What else can be done
    #[command(subcommand)]
    command: Option<Command>,
}

/// Does what the command line asks for, and ends in its exit code.
pub fn main() -> ExitCode {
    let Arguments { account, walk, command } = Arguments::parse();
    harden::disable_core_dumps();
    log::start();
    ExitCode::from(match command {
        None => walk.run(&account),
        Some(_) if walk.walkthrough.is_some() => {
            refuse("Give a walkthrough or a command, not both: iamwalk WALKTHROUGH, or iamwalk COMMAND.")
        }
        Some(ref command) if account.practice && !command.is_a_task() => {
            refuse("--practice can't be combined with this command.")
        }
        Some(command) => command.run(&account),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn practice_stands_alone() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
        assert!(Arguments::try_parse_from(["iamwalk", "--practice", "--profile", "x"]).is_err());
        assert!(Arguments::try_parse_from(["iamwalk", "--practice", "--endpoint-url", "http://127.0.0.1"]).is_err());
    }
}
