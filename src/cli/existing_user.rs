//! The commands about a user that exists: the walkthrough `plain` with their answers, with questions or without.

use std::sync::Arc;

use iamwalk::app::tasks::Task;
use iamwalk::app::{App, StartOptions};
use iamwalk::domain::name::UserName;
use iamwalk::domain::unsent::KeptField;
use iamwalk::domain::walkthrough::{PLAIN, Setting};
use iamwalk::services::walkthrough_files::{self, Against};

use super::account::AccountOptions;
use super::hand_over::HandOver;
use super::tell::refuse;
use super::{batch, conversation, walkthrough};

/// What a command has said.
pub struct Said {
    pub task: &'static Task,
    pub settings: Vec<Setting>,
    /// Answers that no walkthrough can give.
    pub given: Vec<KeptField>,
    /// The key is to be saved as a profile.
    pub saves: bool,
    /// The command that asks nothing, for who has no terminal.
    pub without_questions: &'static str,
}

/// The user's name, or the exit code of a refusal.
pub fn name(typed: &str) -> Result<UserName, u8> {
    UserName::new(typed).map_err(|rule| refuse(format!("The user “{typed}”: {rule}")))
}

/// Does it; the exit code.
pub fn run(said: Said, account: &AccountOptions, hand_over: &HandOver) -> u8 {
    let against = Against { own_server: walkthrough::may_be_elsewhere(account), ..Against::default() };
    let walkthrough = match walkthrough_files::find(PLAIN, &said.settings, against) {
        Ok(walkthrough) => Arc::new(walkthrough),
        Err(faults) => return walkthrough::refuse(&faults),
    };
    let presenter = hand_over.unattended.face.presenter;
    let begun =
        |options| StartOptions { task: said.task, walkthrough: Some(walkthrough), presenter, given: said.given, ..options };
    match hand_over.asks_nothing() {
        true => {
            let batch_options = hand_over.batch_options(said.saves, false);
            batch::run(account, |options, vault| App::batch(begun(options), vault, batch_options))
        }
        false => conversation::run(account, &hand_over.unattended.face, said.without_questions, |options, vault| {
            App::open(begun(options), vault)
        }),
    }
}
