//! `iamwalk users`: the users of the account, with what stands out. It only reads. In a terminal it is a page, from which tasks start;
//! elsewhere, or where a form is named, it prints.

use std::io::{IsTerminal, Write, stderr, stdin, stdout};
use std::sync::{Mutex, PoisonError};

use clap::{Args, ValueEnum};
use futures_util::{StreamExt, future, stream};
use iamwalk::app::{App, StartOptions};
use iamwalk::domain::facts::{Facts, Question};
use iamwalk::domain::fault::Fault;
use iamwalk::domain::moment::Moment;
use iamwalk::domain::secret::Vault;
use iamwalk::domain::users::listing::{self, Head};
use iamwalk::domain::users::overviews;
use iamwalk::services::connect::{Connection, connect};
use iamwalk::services::gateway::Gateway;

use crate::cli::account::AccountOptions;
use crate::cli::compose::{compose, runtime};
use crate::cli::conversation;
use crate::cli::face::FaceOptions;
use crate::cli::tell::{print, refuse};

/// Calls about single users at once.
const AT_ONCE: usize = 4;

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
        let listed = runtime.block_on(async {
            let Connection { gateway, caller, .. } = connect(&options.source, &services.settings, &Vault::default()).await?;
            list(&gateway, caller.account).await
        });
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

/// Asks for everything; each user by itself where the caller may not have the reports.
///
/// # Errors
/// Why the users can't be listed.
async fn list(gateway: &Gateway, account: String) -> Result<(Head, Facts), Fault> {
    let facts = Mutex::new(Facts::default());
    let ask = async |question: Question| {
        let learn = |answer| facts.lock().unwrap_or_else(PoisonError::into_inner).learn(question.clone(), answer);
        gateway.ask(&question, &learn).await;
    };
    future::join4(ask(Question::Users), ask(Question::CredentialReport), ask(Question::UserDetails), ask(Question::HeldKeys))
        .await;
    let mut gaps = Vec::new();
    let (names, lacks) = {
        let facts = facts.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = |question: &Question| facts.end(question).and_then(|end| end.fault().cloned());
        if let Some(fault) = refused(&Question::Users) {
            return Err(fault);
        }
        let lacking = [Question::CredentialReport, Question::UserDetails].iter().filter_map(refused).collect::<Vec<_>>();
        gaps.extend(lacking.iter().map(|fault| format!("{} Each user is asked about instead.", fault.what())));
        gaps.extend(refused(&Question::HeldKeys).map(|fault| format!("Your profiles: {}", fault.what())));
        (facts.users().iter().map(|user| user.name.clone()).collect::<Vec<_>>(), !lacking.is_empty())
    };
    if lacks {
        let (count, tells) = (names.len(), stderr().is_terminal());
        let mut answers =
            stream::iter(names.into_iter().map(|name| ask(Question::CredentialsOf(name)))).buffer_unordered(AT_ONCE);
        let mut done = 0;
        while answers.next().await.is_some() {
            done += 1;
            if tells {
                let _ = write!(stderr(), "\rAsked about {done} of {count} users.");
            }
        }
        if tells {
            let _ = writeln!(stderr());
        }
    }
    let facts = facts.into_inner().unwrap_or_else(PoisonError::into_inner);
    gaps.extend(facts.hidden_users().map(|(name, fault)| format!("{name}: {}", fault.what())));
    let report_made = facts.credential_report().map(|report| report.made);
    Ok((Head { account, at: Moment(gateway.clock().unwrap_or_default()), report_made, gaps }, facts))
}
