//! The command line as it is declared and read. In: the words that were typed. Out: [`Arguments`], or a refusal.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser};

use super::account::AccountOptions;
use super::commands::Command;
use super::commands::walk::Walk;
use super::mistyped;
use super::reserved;
use super::tell::refuse;

/// Command lines, each with what it does.
pub const EXAMPLES: &str = "\
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
iamwalk help undo                       what a command takes
iamwalk help walkthroughs               how to write a walkthrough";

/// What the program ends with.
pub const EXIT_CODES: &str = "\
0 done   1 failed, nothing remains   2 refused before the first call
3 something remains (it is listed), or the key is not verified
130 left, nothing was made   129, 143 ended by a signal";

/// What stands below the options in the help.
fn after_help() -> String {
    let indented = |text: &str| text.lines().map(|line| format!("\n  {line}")).collect::<String>();
    format!("Examples:{}\n\nExit codes:{}", indented(EXAMPLES), indented(EXIT_CODES))
}

/// Walks you through creating an AWS IAM user, and saves its key as a profile that is proven to work.
#[derive(Clone, Debug, Parser)]
#[command(
    version,
    disable_help_subcommand = true,
    override_usage = "iamwalk [OPTIONS] [WALKTHROUGH]\n       iamwalk COMMAND",
    after_help = after_help()
)]
pub struct Arguments {
    /// The account of the walk, or what stands before a command.
    #[command(flatten)]
    pub account: AccountOptions,

    #[command(flatten)]
    pub walk: Walk,

    /// What else can be done
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// How the whole command line is declared.
pub fn declared() -> clap::Command {
    Arguments::command()
}

/// What was typed.
///
/// # Errors
/// The exit code, after the reason or the help that was asked for is printed.
pub fn read(words: &[OsString]) -> Result<Arguments, u8> {
    if let Some(arguments) = just_a_walk(words) {
        return Ok(arguments);
    }
    // Declared once: that takes longer than to read what was typed.
    let mut declared = declared();
    let matches = match declared.try_get_matches_from_mut(words) {
        Ok(matches) => matches,
        Err(error) => return Err(refused(&error, words)),
    };
    if let Some(words) = misplaced(&declared, &matches) {
        return Err(refuse(words));
    }
    Arguments::from_arg_matches(&matches).map_err(|error| printed(&error))
}

/// The walk without a command, which most starts are: to declare every command would be a good part of the time to the first
/// frame. `None` for whatever it can't read: the whole of the command line says what is wrong with it.
fn just_a_walk(words: &[OsString]) -> Option<Arguments> {
    #[derive(Parser)]
    #[command(disable_help_flag = true)]
    struct JustAWalk {
        #[command(flatten)]
        account: AccountOptions,
        #[command(flatten)]
        walk: Walk,
    }
    let JustAWalk { account, walk } = JustAWalk::try_parse_from(words).ok()?;
    let is_command = walk.walkthrough.as_deref().is_some_and(reserved::is_reserved);
    (!is_command).then_some(Arguments { account, walk, command: None })
}

/// A first word that is nearly a command explains an error better than what the words after it are for a walkthrough.
fn refused(error: &clap::Error, words: &[OsString]) -> u8 {
    let partly = declared().ignore_errors(true).try_get_matches_from(words).ok();
    let Some(partly) = partly.filter(|_| error.use_stderr()) else { return printed(error) };
    let unknown = matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(option)) if option == "--practice");
    let said = match partly.subcommand_name() {
        Some(name) if unknown => not_practised(name),
        Some(_) => None,
        None => partly.get_one::<String>("walkthrough").and_then(|name| mistyped::refusal(name)),
    };
    said.map_or_else(|| printed(error), refuse)
}

/// Prints what clap has to say.
fn printed(error: &clap::Error) -> u8 {
    let _ = error.print();
    u8::try_from(error.exit_code()).unwrap_or(2)
}

/// What stands before a command and means nothing to it.
fn misplaced(declared: &clap::Command, matches: &ArgMatches) -> Option<String> {
    let name = matches.subcommand_name()?;
    let is_given = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    if is_given("walkthrough") {
        return Some("Give a walkthrough or a command, not both: iamwalk WALKTHROUGH, or iamwalk COMMAND.".to_owned());
    }
    let has = |command: &clap::Command, id: &str| command.get_arguments().any(|argument| argument.get_id() == id);
    let of_the_account = AccountOptions::augment_args(clap::Command::new("account"));
    for argument in declared.get_arguments().filter(|argument| is_given(argument.get_id().as_str())) {
        let id = argument.get_id().as_str();
        let option = format!("--{}", argument.get_long().unwrap_or(id));
        match declared.find_subcommand(name).is_some_and(|command| has(command, id)) {
            true if has(&of_the_account, id) => {}
            true => return Some(format!("Write {option} after the command: iamwalk {name} {option}")),
            false if id == "practice" && not_practised(name).is_some() => return not_practised(name),
            false => return Some(format!("“iamwalk {name}” does not take {option}.")),
        }
    }
    None
}

/// Why a command over runs does not take `--practice`.
fn not_practised(command: &str) -> Option<String> {
    let reads_runs = ["runs", "undo"].contains(&command);
    reads_runs.then(|| format!("Practice is not recorded: “iamwalk {command}” does not take --practice."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Arguments, u8> {
        read(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn practice_stands_alone() {
        declared().debug_assert();
        for line in [
            "iamwalk --practice --profile x",
            "iamwalk --practice --endpoint-url http://127.0.0.1",
            "iamwalk add-key bob --practice --profile x",
        ] {
            assert_eq!(parsed(line).err(), Some(2), "{line}");
        }
    }

    #[test]
    fn an_option_of_the_account_may_stand_before_a_command_that_takes_it() {
        for line in ["iamwalk --profile x undo r", "iamwalk --region eu-west-1 add-key bob", "iamwalk --practice add-key bob"] {
            assert!(parsed(line).is_ok(), "{line}");
        }
        for line in ["iamwalk --profile x list", "iamwalk list --profile x", "iamwalk --yes undo r", "iamwalk koding list"] {
            assert_eq!(parsed(line).err(), Some(2), "{line}");
        }
        let before = AccountOptions { practice: true, ..AccountOptions::default() };
        let Ok(Arguments { account, .. }) = parsed("iamwalk --profile x") else { panic!("it is right") };
        assert!(account.or(&before).is_err());
    }
}
