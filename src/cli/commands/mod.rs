//! What can be done besides walking through, one file a command: its arguments, and what it does.

mod add_key;
mod check;
mod completions;
mod console_access;
mod help;
mod list;
mod man;
mod new;
mod practice;
mod revoke;
mod rotate_key;
mod runs;
mod show;
mod undo;
mod users;
pub mod walk;
mod where_is;

use clap::Subcommand;

use super::account::AccountOptions;

/// What can be done besides walking through.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// List the walkthroughs
    List(list::List),
    /// Show what a walkthrough asks and makes
    Show(show::Show),
    /// Check the file of a walkthrough: every fault with its place and what helps
    Check(check::Check),
    /// Write a commented walkthrough to begin with
    New(new::New),
    /// List the runs so far: what they made, and which were not finished
    Runs(runs::Runs),
    /// Undo what a run made: shows it, and asks for the user's name first
    Undo(undo::Undo),
    /// Add an access key to a user that exists, and save it as a profile that is proven to work
    AddKey(add_key::AddKey),
    /// List the users of the account, and what stands out: old keys, unused keys, console access without MFA
    Users(users::Users),
    /// Find out whose an access key is, and where on this machine it is named
    Where(where_is::Where),
    /// Replace an access key by a new one that is proven to work, in every profile that holds it, with nothing broken
    RotateKey(rotate_key::RotateKey),
    /// Stop all that lets a user in; or, with --key, one access key that was found in the open
    Revoke(revoke::Revoke),
    /// Give a user that exists a console password, replace it, or take it away
    ConsoleAccess(console_access::ConsoleAccess),
    /// The practice account by itself
    Practice(practice::Practice),
    /// Print a script that completes iamwalk's command line in your shell
    Completions(completions::Completions),
    /// Print the manual page
    Man(man::Man),
    /// Print the help of a command, or how to write a walkthrough (iamwalk help walkthroughs)
    Help(help::Help),
}

impl Command {
    /// Does it; the exit code. `before`: the options that stand before the command.
    pub fn run(&self, before: &AccountOptions) -> u8 {
        match self {
            Self::List(list) => list.run(),
            Self::Show(show) => show.run(),
            Self::Check(check) => check.run(before),
            Self::New(new) => new.run(),
            Self::Runs(runs) => runs.run(),
            Self::Undo(undo) => undo.run(before),
            Self::AddKey(add_key) => add_key.run(before),
            Self::Users(users) => users.run(before),
            Self::Where(key) => key.run(before),
            Self::RotateKey(rotate) => rotate.run(before),
            Self::Revoke(revoke) => revoke.run(before),
            Self::ConsoleAccess(change) => change.run(before),
            Self::Practice(practice) => practice.run(),
            Self::Completions(completions) => completions.run(),
            Self::Man(man) => man.run(),
            Self::Help(help) => help.run(),
        }
    }
}
