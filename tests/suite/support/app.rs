//! The conversation without a terminal: keys in, effects out, answers given by hand or by a practice gateway.

use std::sync::Arc;

use iamwalk::app::batch::BatchOptions;
use iamwalk::app::effect::{Effect, Farewell};
use iamwalk::app::event::{Connected, Event, Key, Wake};
use iamwalk::app::{App, OutputPaths, StartOptions, update};
use iamwalk::domain::call::Call;
use iamwalk::domain::caller::{Origins, Source};
use iamwalk::domain::facts::{LookupResult, Question};
use iamwalk::domain::hand_over::{Destination, SavePreview, Saving};
use iamwalk::domain::moment::Moment;
use iamwalk::domain::record::Record;
use iamwalk::domain::secret::Vault;
use iamwalk::domain::unsent::Unsent;
use iamwalk::domain::walkthrough::{BUILT_IN, Walkthrough};
use iamwalk::faces::full_screen::{Theme, draw};
use iamwalk::practice::Practice;
use iamwalk::services::connect::{Connection, connect};
use iamwalk::services::gateway::Gateway;
use iamwalk::services::profile_files::ProfileFiles;
use iamwalk::services::settings::{Settings, Waits};
use iamwalk::view::View;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{block_on, block_on_at_once, settings};

/// What saving would do where nothing stands against it.
pub fn untroubled(to: &Destination) -> SavePreview {
    SavePreview {
        destination: to.clone(),
        files: Vec::new(),
        replaces: false,
        asks: Vec::new(),
        notes: Vec::new(),
        open_to_others: Vec::new(),
        in_place: Vec::new(),
    }
}

/// A profile was saved, and all went well.
pub fn saved(profile: &str) -> Event {
    let to = Destination { profile: profile.to_owned(), region: "us-east-1".to_owned(), output: None };
    Event::Saved { to, answer: Ok(Saving::Done { warnings: Vec::new(), kept: Vec::new() }) }
}

/// A conversation under test.
pub struct Talk {
    pub app: App,
    pub vault: Vault,
    /// Effects that were not performed yet, oldest first.
    pub open: Vec<Effect>,
    pub left: Option<Farewell>,
    /// What a journal would hold.
    pub journal: Vec<Record>,
    /// The answers that the next start would offer.
    pub kept: Option<Unsent>,
    connection: Option<Connection>,
    /// No wait of a call takes time.
    at_once: bool,
    /// The files of practice, where there are any.
    files: Option<tempfile::TempDir>,
}

fn start(source: Source) -> StartOptions {
    let paths = |credentials: &str, folder: &str| OutputPaths {
        credentials: credentials.to_owned(),
        folder: folder.to_owned(),
        in_work_tree: false,
    };
    StartOptions {
        task: &iamwalk::app::tasks::create_user::TASK,
        source,
        endpoint: None,
        user: None,
        given: Vec::new(),
        walkthrough: None,
        paths: paths("~/.aws/credentials", "~/work"),
        practice_paths: paths("/tmp/practice/credentials", "/tmp/practice"),
        presenter: false,
        in_lines: false,
        seed: 7,
    }
}

impl Talk {
    /// A conversation whose effects stay open until the test answers them.
    pub fn open(source: Source) -> Self {
        let vault = Vault::default();
        let (app, open) = App::open(start(source), vault.clone());
        Self { app, vault, open, left: None, journal: Vec::new(), kept: None, connection: None, at_once: false, files: None }
    }

    /// The same with an endpoint of the command line's.
    pub fn open_at(source: Source, endpoint: &str) -> Self {
        let vault = Vault::default();
        let options = StartOptions { endpoint: Some(endpoint.to_owned()), ..start(source) };
        let (app, open) = App::open(options, vault.clone());
        Self { app, vault, open, left: None, journal: Vec::new(), kept: None, connection: None, at_once: false, files: None }
    }

    /// A conversation over the practice account.
    pub fn practice() -> Self {
        Self::open(Source::Practice)
    }

    /// The same with the profile that the files of practice begin with.
    pub fn practice_with_profile() -> Self {
        Self::with_profile(Source::Practice)
    }

    /// The same as another caller, for whom the practice account stands in.
    pub fn with_profile(source: Source) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (name, id, secret) = iamwalk::practice::OLD_KEY;
        let text = format!("[{name}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        std::fs::write(ProfileFiles::within(folder.path()).credentials, text).unwrap();
        Self { files: Some(folder), ..Self::open(source) }
    }

    /// The profiles of its files: names and the ids of their keys.
    pub fn profiles(&self) -> Vec<(String, Option<String>)> {
        let files = ProfileFiles::within(self.files.as_ref().unwrap().path());
        files.list().unwrap().into_iter().map(|own| (own.name, own.key)).collect()
    }

    fn settings(&self, connector: impl aws_smithy_runtime_api::client::http::HttpConnector + 'static) -> Settings {
        let settings = settings(connector);
        match &self.files {
            Some(folder) => Settings { practice_files: ProfileFiles::within(folder.path()), ..settings },
            None => settings,
        }
    }

    /// The same with a walkthrough that the command line names.
    pub fn guided(walkthrough: Walkthrough) -> Self {
        let vault = Vault::default();
        let options = StartOptions { walkthrough: Some(Arc::new(walkthrough)), ..start(Source::Practice) };
        let (app, open) = App::open(options, vault.clone());
        Self { app, vault, open, left: None, journal: Vec::new(), kept: None, connection: None, at_once: false, files: None }
    }

    /// The same without questions.
    pub fn batch(walkthrough: Walkthrough, batch: BatchOptions) -> Self {
        let vault = Vault::default();
        let options = StartOptions { walkthrough: Some(Arc::new(walkthrough)), ..start(Source::Practice) };
        let (app, open) = App::batch(options, vault.clone(), batch);
        Self { app, vault, open, left: None, journal: Vec::new(), kept: None, connection: None, at_once: false, files: None }
    }

    /// Performs what is open until it is so far.
    pub fn settle_until(
        &mut self,
        connector: &(impl aws_smithy_runtime_api::client::http::HttpConnector + Clone + 'static),
        so_far: impl Fn(&Self) -> bool,
    ) {
        while !so_far(self) && !self.open.is_empty() {
            let effect = self.open.remove(0);
            self.perform(effect, connector.clone());
        }
    }

    /// A conversation that knows the caller and what a password must meet, and has looked up nothing else.
    pub fn connected(connector: impl aws_smithy_runtime_api::client::http::HttpConnector + Clone + 'static) -> Self {
        let mut talk = Self::practice();
        for _ in 0..2 {
            for effect in std::mem::take(&mut talk.open) {
                if matches!(&effect, Effect::Connect { .. } | Effect::Lookup { question: Question::PasswordPolicy, .. }) {
                    talk.perform(effect, connector.clone());
                }
            }
        }
        talk.open.clear();
        talk.at_once = true;
        talk
    }

    /// Tells it something.
    pub fn tell(&mut self, event: Event) {
        for effect in update(&mut self.app, event) {
            match effect {
                Effect::Leave(farewell) => self.left = Some(farewell),
                effect => self.open.push(effect),
            }
        }
    }

    /// Presses keys; what a person does by labels is in `person`.
    pub fn press(&mut self, keys: &[Key]) {
        for key in keys {
            self.tell(Event::Key(*key));
        }
    }

    /// Performs what is open against `practice`, until nothing is; waits pass at once.
    pub fn settle(&mut self, practice: &Practice) {
        self.settle_over(practice.clone());
    }

    /// Performs what is open now, and nothing that comes of it.
    pub fn step(&mut self, practice: &Practice) {
        for effect in std::mem::take(&mut self.open) {
            self.perform(effect, practice.clone());
        }
    }

    /// The same over any HTTP client.
    pub fn settle_over(&mut self, connector: impl aws_smithy_runtime_api::client::http::HttpConnector + Clone + 'static) {
        for _ in 0..500 {
            if self.open.is_empty() {
                return;
            }
            for effect in std::mem::take(&mut self.open) {
                self.perform(effect, connector.clone());
            }
        }
        panic!("it never settles: {:?}", self.open);
    }

    /// Makes all further calls over another HTTP client; the conversation does not notice.
    pub fn reconnect(&mut self, connector: impl aws_smithy_runtime_api::client::http::HttpConnector + 'static) {
        self.connection = Some(block_on(connect(&Source::Practice, &self.settings(connector), &self.vault)).unwrap());
    }

    fn gateway(&self) -> Gateway {
        self.connection.as_ref().expect("connected").gateway.clone()
    }

    fn perform(&mut self, effect: Effect, connector: impl aws_smithy_runtime_api::client::http::HttpConnector + 'static) {
        match effect {
            Effect::Connect { epoch, source, .. } => {
                let vault = self.vault.clone();
                // The practice account stands in for AWS.
                let source = if source == Source::Chain { Source::Practice } else { source };
                let answer = block_on(connect(&source, &self.settings(connector), &vault)).map(|connection| {
                    let who = Connected {
                        caller: connection.caller.clone(),
                        region: connection.region.clone(),
                        clock: Moment(connection.gateway.clock().unwrap_or_default()),
                        endpoint: None,
                        origins: Origins::default(),
                    };
                    self.connection = Some(connection);
                    who
                });
                self.tell(Event::Connected { epoch, answer });
            }
            Effect::Lookup { question: Question::Profiles, epoch } => {
                self.tell(Event::Learned { epoch, question: Question::Profiles, answer: Ok(LookupResult::Profiles(Vec::new())) });
            }
            Effect::Lookup { epoch, question } => {
                let answers = std::sync::Mutex::new(Vec::new());
                block_on(self.gateway().ask(&question, &|answer| answers.lock().unwrap().push(answer)));
                for mut answer in answers.into_inner().unwrap() {
                    // Where the files lie is another place in each run.
                    if let Ok(LookupResult::Key(sight)) = &mut answer {
                        sight.named.iter_mut().for_each(|named| "/tmp/practice/credentials:2".clone_into(named));
                    }
                    self.tell(Event::Learned { epoch, question: question.clone(), answer });
                }
            }
            Effect::Begin(_, beginning) => self.journal.push(Record::Begun(*beginning)),
            Effect::Record(records) => self.journal.extend(records),
            Effect::KeepAnswers(unsent) => self.kept = Some(*unsent),
            Effect::ForgetAnswers => self.kept = None,
            Effect::FindAnswers => {
                let unsent = self.kept.clone().map(Box::new);
                self.tell(Event::Unsent(unsent));
            }
            Effect::FindRunsOf { user, .. } => self.tell(Event::RunsOf { user, runs: Vec::new() }),
            Effect::FindRuns | Effect::Forget(_) | Effect::Sweep(_) | Effect::Close | Effect::SignWith { .. } => {}
            Effect::FindFreed => self.tell(Event::Freed(Vec::new())),
            Effect::FindWalkthroughs => self.tell(Event::Walkthroughs(BUILT_IN.iter().cloned().map(Ok).collect())),
            Effect::PreviewSave { to, .. } => {
                let answer = Ok(Box::new(untroubled(&to)));
                self.tell(Event::SavePreviewed { to, answer, profiles: Vec::new() });
            }
            Effect::Call(calls) => {
                let clock = self.gateway().clock();
                self.journal.extend(Call::intents(&calls, clock));
                for call in calls {
                    let gateway = self.gateway();
                    let answer = gateway.call(&call, &self.vault);
                    let answer = if self.at_once { block_on_at_once(answer) } else { block_on(answer) };
                    self.journal.extend(answer.records(call.step()));
                    self.tell(Event::Answered { step: call.step(), sent: clock, answer });
                }
            }
            Effect::WakeIn(_, wake) => {
                // The moving sign would move for ever, and what is shown or copied for a while would be gone at once.
                if !matches!(wake, Wake::Tick | Wake::Mask(_) | Wake::ClearClipboard(_)) {
                    self.tell(Event::Woke(wake));
                }
            }
            Effect::Prove { key_id, secret, user, profile, .. } => {
                let secret = self.vault.get(secret).unwrap();
                let waits = Waits { every: std::time::Duration::ZERO, at_most: std::time::Duration::ZERO };
                let answer = block_on(self.gateway().verify(&key_id, &secret, &user, waits, &|_| {}));
                self.tell(Event::Proven { profile, answer });
            }
            other => panic!("not for this test: {other:?}"),
        }
    }

    /// The screen as text.
    pub fn screen(&self, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| drop(draw(&View::of(&self.app), Theme::new(true), frame))).unwrap();
        let buffer = terminal.backend().buffer().clone();
        let rows = (0..height).map(|y| {
            let row: String = (0..width).map(|x| buffer[(x, y)].symbol()).collect();
            row.trim_end().to_owned()
        });
        rows.collect::<Vec<_>>().join("\n")
    }
}
