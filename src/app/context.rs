//! What all phases share: who calls, what was looked up, where files go.

use super::effect::Effect;
use crate::domain::caller::Source;
use crate::domain::facts::{Fact, Facts, Question};
use crate::domain::secret::Vault;
use crate::domain::undo::quoted;

/// Where files of the hand-over go, for the person to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The credentials file.
    pub credentials: String,
    /// The folder of csv files.
    pub folder: String,
}

/// What the conversation begins with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Whose credentials, by the command line.
    pub source: Source,
    /// `--endpoint-url`.
    pub endpoint: Option<String>,
    /// `--user`.
    pub user: Option<String>,
    /// Where files go on AWS.
    pub places: Places,
    /// Where files go in practice.
    pub practice_places: Places,
}

/// What all phases share.
#[derive(Debug)]
pub struct Context {
    /// Whose credentials the command line named.
    pub origin: Source,
    /// Whose credentials are used now.
    pub source: Source,
    /// Which connection this is; answers of older ones are dropped.
    pub epoch: u32,
    /// What was looked up over this connection.
    pub facts: Facts,
    /// The region of the calls.
    pub region: String,
    /// The endpoint, where it is not AWS's.
    pub endpoint: Option<String>,
    /// The endpoint that the command line named; commands that the person is told need it too.
    pub(super) flag: Option<String>,
    /// The person allowed calls in clear text.
    pub(super) clear_text: bool,
    /// Where files go.
    pub(super) places: [Places; 2],
    /// The secrets of the run.
    pub vault: Vault,
    /// Turns while something goes on.
    pub ticks: u64,
}

impl Context {
    /// Whether this is the practice account.
    pub fn is_practice(&self) -> bool {
        self.source == Source::Practice
    }

    /// Where files go.
    pub fn places(&self) -> &Places {
        &self.places[usize::from(self.is_practice())]
    }

    /// What an AWS CLI command needs besides, to be made as this caller and at this endpoint.
    pub fn cli_options(&self) -> String {
        let profile = match &self.source {
            Source::Profile(name) => format!(" --profile={}", quoted(name)),
            _ => String::new(),
        };
        profile + &self.endpoint_option()
    }

    /// The endpoint as an option of the AWS CLI, where the command line named one.
    pub fn endpoint_option(&self) -> String {
        self.flag.as_ref().map(|url| format!(" --endpoint-url={}", quoted(url))).unwrap_or_default()
    }

    /// Connects with other credentials: all that was looked up is of no more use.
    pub(super) fn connect(&mut self, source: Source) -> Vec<Effect> {
        self.epoch += 1;
        let profiles = std::mem::take(&mut self.facts.profiles);
        self.facts = Facts { caller: Some(Fact::Pending), profiles, ..Facts::default() };
        self.endpoint = self.flag.clone().filter(|_| source != Source::Practice);
        self.source = source.clone();
        vec![Effect::Connect { epoch: self.epoch, source, clear_text: self.clear_text }]
    }

    /// Asks what was not asked before.
    pub(super) fn ask(&mut self, questions: impl IntoIterator<Item = Question>) -> Vec<Effect> {
        let epoch = self.epoch;
        let mut effects = Vec::new();
        for question in questions {
            if self.facts.ask(&question) {
                effects.push(Effect::Ask { epoch, question });
            }
        }
        effects
    }

    /// Asks again what was asked before.
    pub(super) fn ask_again(&mut self, questions: Vec<Question>) -> Vec<Effect> {
        for question in &questions {
            self.facts.forget(question);
        }
        self.ask(questions)
    }
}
