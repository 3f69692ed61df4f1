//! What all phases share: the caller, what was looked up, where files go.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::effect::{Effect, Realm};
use super::tasks::Task;
use crate::domain::caller::{Origins, Source};
use crate::domain::dry_run::Origin;
use crate::domain::facts::{Fact, Facts, Question};
use crate::domain::journal::{LATER, Run};
use crate::domain::ledger::Ledger;
use crate::domain::moment::Moment;
use crate::domain::name::UserName;
use crate::domain::operation::quoted;
use crate::domain::record::Beginning;
use crate::domain::secret::Vault;
use crate::domain::unsent::{KeptField, Unsent};
use crate::domain::walkthrough::{Bindings, Walkthrough, WalkthroughFault};

/// Where files of the hand-over go, for the person to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutputPaths {
    pub credentials: String,
    /// The folder of csv files.
    pub folder: String,
    /// That folder lies in a git work tree.
    pub in_work_tree: bool,
}

/// What the conversation begins with.
#[derive(Clone, Debug)]
pub struct StartOptions {
    /// Whose credentials, by the command line.
    pub source: Source,
    /// `--endpoint-url`.
    pub endpoint: Option<String>,
    pub task: &'static Task,
    /// `--user`.
    pub user: Option<String>,
    /// What the command line says of fields on the pages.
    pub given: Vec<KeptField>,
    /// The walkthrough that the command line names, with its settings.
    pub walkthrough: Option<Arc<Walkthrough>>,
    /// Where files go on AWS.
    pub paths: OutputPaths,
    /// Where files go in practice.
    pub practice_paths: OutputPaths,
    /// `--presenter`: others are watching, so no secret is drawn or sent through the terminal.
    pub presenter: bool,
    /// The conversation is held in lines, which stay where they are printed.
    pub in_lines: bool,
    /// Any number, by which waits are spread.
    pub seed: u64,
}

/// With whose credentials calls are made, and where to.
#[derive(Debug)]
pub struct SignIn {
    /// Whose credentials the command line named.
    pub origin: Source,
    /// Whose credentials are used now.
    pub source: Source,
    /// Which connection this is; answers of older ones are dropped.
    pub epoch: u32,
    pub region: String,
    /// AWS's clock at the sign-in.
    pub clock: Moment,
    /// The endpoint, where it is not AWS's.
    pub endpoint: Option<String>,
    pub origins: Origins,
    /// The endpoint that the command line named; commands that the person is told need it too.
    pub(super) flag: Option<String>,
    /// The person allowed calls in clear text.
    pub(super) clear_text: bool,
}

#[derive(Debug, Default)]
pub struct EarlierRuns {
    /// Runs of earlier starts that were not brought to an end, and were not offered yet.
    pub unfinished: Vec<Run>,
    /// Those that only another caller can resume: they are offered again when somebody else calls.
    pub refused: Vec<Run>,
    /// Answers that were not sent.
    pub(super) unsent: Option<Unsent>,
    /// The person has the key of the earlier run that is being opened: it is kept.
    pub(super) keeps_key: bool,
    /// A task of this start has changed the practice account, which ends with the program.
    pub(super) practised: bool,
    /// The users that runs of this start were about: the account's reports on all users are older.
    pub(super) changed: BTreeSet<UserName>,
}

/// What all phases share.
#[derive(Debug)]
pub struct Context {
    /// With whose credentials calls are made, and where to.
    pub sign_in: SignIn,
    /// What was looked up over this connection.
    pub facts: Facts,
    /// Where files go.
    pub(super) paths: [OutputPaths; 2],
    /// The walkthroughs among which the person chooses.
    pub walkthroughs: Vec<Arc<Walkthrough>>,
    /// Those of the person's own that can't be used, in words.
    pub unread_walkthroughs: Option<String>,
    /// The secrets of the run.
    pub vault: Vault,
    /// Turns while something goes on.
    pub ticks: u64,
    /// The name under which later starts find the run; none in practice, whose records end with the program.
    pub run: Option<String>,
    /// The run as one command, where it can be said as one.
    pub(super) again: Option<String>,
    pub earlier: EarlierRuns,
    /// Others are watching: no secret is drawn or sent through the terminal.
    pub presenter: bool,
    /// The conversation is held in lines: what is shown stays.
    pub in_lines: bool,
    /// Somebody answers questions. Without, a run that does not go on by itself ends the program.
    pub interactive: bool,
    pub(super) dice: u64,
}

impl Context {
    /// Whether this is the practice account.
    pub fn is_practice(&self) -> bool {
        self.sign_in.source == Source::Practice
    }

    /// Whether answers are kept until they are sent: not in practice, and not where nobody answers.
    pub(super) fn keeps_answers(&self) -> bool {
        self.interactive && !self.is_practice()
    }

    /// Whose files and journals are worked on.
    pub(super) fn realm(&self) -> Realm {
        if self.is_practice() { Realm::Practice } else { Realm::Aws }
    }

    /// What walkthroughs may be told of the account.
    pub(super) fn bindings(&self) -> Bindings {
        let caller = self.facts.caller();
        Bindings {
            account: caller.map(|caller| caller.account.clone()),
            partition: caller.map(|caller| caller.partition.id().to_owned()),
            region: caller.map(|_| self.sign_in.region.clone()),
            user: None,
        }
    }

    /// Takes walkthroughs in, the built-in ones first. Built-in names win, and so does what the command line named.
    pub(super) fn take_walkthroughs(&mut self, found: Vec<Result<Arc<Walkthrough>, Vec<WalkthroughFault>>>) {
        let mut unread = Vec::new();
        for found in found {
            match found {
                Ok(walkthrough) if self.walkthroughs.iter().any(|known| known.name == walkthrough.name) => {}
                Ok(walkthrough) => self.walkthroughs.push(walkthrough),
                Err(faults) => unread.extend(faults.first().map(|fault| fault.source.clone())),
            }
        }
        let files = unread.join(", ");
        self.unread_walkthroughs = (!unread.is_empty()).then(|| format!("Can't be used: {files}. “iamwalk check” tells why."));
    }

    /// A run begins. Where nobody calls there is none.
    pub(super) fn begin(&self, task: &Task, ledger: &Ledger) -> Option<Effect> {
        let caller = self.facts.caller()?;
        let profile = match &self.sign_in.source {
            Source::Profile(name) => Some(name.clone()),
            _ => None,
        };
        let endpoint = self.sign_in.endpoint.clone();
        let region = Some(self.sign_in.region.clone());
        let own = Beginning::of(task.id, ledger, &caller.account, caller.partition.id(), &caller.arn);
        let due = ledger.open_later().next().map(|_| self.sign_in.clock.after_days(LATER).0);
        let beginning = Beginning { profile, endpoint, region, due, ..own };
        Some(Effect::Begin(self.realm(), Box::new(beginning)))
    }

    /// That a key which is to go signs the calls themselves: it would end them on the way.
    pub(super) fn signs_with(&self, key: &str) -> Option<String> {
        let signs = self.sign_in.origins.keys.all().any(|own| own == key);
        signs.then(|| {
            format!("Your own calls are signed with {key}, so it can't be given up. Choose another profile to call with.")
        })
    }

    /// By how many percent, up to 30, a wait is lengthened (a linear congruential generator, Knuth's constants).
    pub(super) fn jitter(&mut self) -> u32 {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.dice >> 33) % 31) as u32
    }

    /// Where files go.
    pub fn paths(&self) -> &OutputPaths {
        &self.paths[usize::from(self.is_practice())]
    }

    /// What an AWS CLI command needs besides, to be made as this caller and at this endpoint.
    pub fn cli_options(&self) -> String {
        let profile = match &self.sign_in.source {
            Source::Profile(name) => format!(" --profile={}", quoted(name)),
            _ => String::new(),
        };
        profile + &self.endpoint_option()
    }

    /// Where a dry run would be run; `None` while the caller is not known.
    pub(super) fn dry_run(&self) -> Option<Origin> {
        Some(Origin {
            account: self.facts.caller()?.account.clone(),
            region: self.sign_in.region.clone(),
            policy: self.facts.password_policy().and_then(Fact::into_known).cloned().unwrap_or_default(),
            options: self.cli_options(),
        })
    }

    /// The endpoint as an option of the AWS CLI, where the command line named one.
    pub fn endpoint_option(&self) -> String {
        self.sign_in.flag.as_ref().map(|url| format!(" --endpoint-url={}", quoted(url))).unwrap_or_default()
    }

    /// Connects with other credentials: all that was looked up is no longer useful.
    pub(super) fn connect(&mut self, source: Source) -> Vec<Effect> {
        self.sign_in.epoch += 1;
        self.facts.of_another_caller();
        self.sign_in.endpoint = self.sign_in.flag.clone().filter(|_| source != Source::Practice);
        self.sign_in.source = source.clone();
        vec![Effect::Connect { epoch: self.sign_in.epoch, source, clear_text: self.sign_in.clear_text }]
    }

    /// Connects again with the same credentials. Somebody may have made a profile meanwhile.
    pub(super) fn connect_again(&mut self) -> Vec<Effect> {
        let mut effects = self.connect(self.sign_in.source.clone());
        effects.extend(self.ask([Question::Profiles]));
        effects
    }

    /// Asks again, after a run that changed the account; what is still on its way of the old one is not taken in.
    pub(super) fn look_up_again(&mut self, questions: impl IntoIterator<Item = Question>) -> Vec<Effect> {
        self.sign_in.epoch += 1;
        self.facts.of_changed_account();
        self.ask(questions.into_iter().chain([Question::Profiles]))
    }

    /// Asks what was not asked before.
    pub(super) fn ask(&mut self, questions: impl IntoIterator<Item = Question>) -> Vec<Effect> {
        let epoch = self.sign_in.epoch;
        let mut effects = Vec::new();
        for question in questions {
            if self.facts.ask(&question) {
                effects.push(Effect::Lookup { epoch, question });
            }
        }
        effects
    }

    /// Asks again what was asked before. A list that is still arriving is not asked for a second time: the pages of the two
    /// would mix.
    pub(super) fn ask_again(&mut self, questions: Vec<Question>) -> Vec<Effect> {
        for question in &questions {
            if !(question.has_pages() && self.facts.waits_for(|open| open == question)) {
                self.facts.forget(question);
            }
        }
        self.ask(questions)
    }
}
