//! `iamwalk users`: the users of the account, with what stands out. It only reads. In a terminal it is a page, from which tasks start;
//! elsewhere, or where a form is named, it prints.

use std::io::{IsTerminal, Write, stderr, stdin, stdout};

use clap::{Args, ValueEnum};
use iamwalk::app::{App, StartOptions};
use iamwalk::domain::users::{listing, overviews};
use iamwalk::services::inquiry;

use crate::cli::account::AccountOptions;
use crate::cli::compose::{compose, runtime};
use crate::cli::conversation;
use crate::cli::face::FaceOptions;
use crate::cli::tell::{print, refuse};

/// How the list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    /// A table to read
    Text,
    Json,
    Csv,
}

/// The users of the account.
#[derive(Clone, Debug, Args)]
pub struct Users {
    /// Print them, in this form [default: a page to go through in a terminal, text elsewhere]
    #[arg(long, value_enum)]
    output: Option<Output>,

    #[command(flatten)]
    account: AccountOptions,

    #[command(flatten)]
    face: FaceOptions,
}

impl Users {
    /// Lists them. `before`: the options that stand before the command.
    pub fn run(&self, before: &AccountOptions) -> u8 {
        let account = match self.account.or(before) {
            Ok(account) => account,
            Err(words) => return refuse(words),
        };
        let output = match self.output {
            None if stdin().is_terminal() && stdout().is_terminal() => {
                return conversation::run(&account, &self.face, "iamwalk users --output text", |options, vault| {
                    App::users(StartOptions { presenter: self.face.presenter, ..options }, vault)
                });
            }
            output => output.unwrap_or(Output::Text),
        };
        let runtime = match runtime() {
            Ok(runtime) => runtime,
            Err(error) => return refuse(format!("The program could not start: {error}.")),
        };
        // Nothing is written: practice needs no folder.
        let (options, services) = compose(&account, &std::env::temp_dir());
        let tells = stderr().is_terminal();
        let asked = |done, count| {
            if tells {
                let end = if done == count { "\n" } else { "" };
                let _ = write!(stderr(), "\rAsked about {done} of {count} users.{end}");
            }
        };
        let listed = runtime.block_on(inquiry::users(&options.source, &services.settings, &asked));
        runtime.shutdown_background();
        match listed {
            Ok((head, facts)) => {
                let users = overviews(facts.users(), &facts.user_sources());
                let text = match output {
                    Output::Text => listing::text(&head, &users),
                    Output::Json => listing::json(&head, &users),
                    Output::Csv => listing::csv(&head, &users),
                };
                print(text.as_bytes())
            }
            Err(fault) => refuse(fault.to_string()),
        }
    }
}
