//! `iamwalk [WALKTHROUGH]`: the walk, on the full screen or without questions.

use clap::Args;
use iamwalk::app::{App, StartOptions};

use crate::cli::account::AccountOptions;
use crate::cli::hand_over::HandOver;
use crate::cli::tell::refuse;
use crate::cli::{batch, conversation, mistyped, walkthrough};

/// The walk.
#[derive(Clone, Debug, Default, Args)]
pub struct Walk {
    /// Fill in the name of the new user
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,

    /// The walkthrough to follow: a name (see “iamwalk list”), or the path of a file
    #[arg(value_name = "WALKTHROUGH")]
    pub walkthrough: Option<String>,

    /// Answer a key of the walkthrough's format: --set hand-over.output=json
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,

    /// Join an existing group although it gives more than the walkthrough lists [with --yes]
    #[arg(long, requires = "yes")]
    pub accept_existing: bool,

    #[command(flatten)]
    pub hand_over: HandOver,
}

impl Walk {
    /// Walks.
    pub fn run(&self, account: &AccountOptions) -> u8 {
        if let Some(words) = self.walkthrough.as_deref().and_then(mistyped::refusal) {
            return refuse(words);
        }
        let walkthrough = match walkthrough::chosen(self, account) {
            Ok(walkthrough) => walkthrough,
            Err(faults) => return walkthrough::refuse(&faults),
        };
        let proposes = walkthrough.as_ref().is_some_and(|walkthrough| !walkthrough.hand_over.profile.is_empty());
        let (user, presenter) = (self.user.clone(), self.hand_over.unattended.face.presenter);
        match self.hand_over.asks_nothing() {
            true => batch::run(account, |options, vault| {
                let batch_options = self.hand_over.batch_options(proposes, self.accept_existing);
                App::batch(StartOptions { walkthrough, presenter, ..options }, vault, batch_options)
            }),
            false => conversation::run(
                account,
                &self.hand_over.unattended.face,
                "iamwalk WALKTHROUGH --yes --user NAME",
                |options, vault| App::open(StartOptions { walkthrough, user, presenter, ..options }, vault),
            ),
        }
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| "A setting looks like “user.name=bob”.".to_owned())?;
    Ok((key.trim().to_owned(), value.to_owned()))
}
