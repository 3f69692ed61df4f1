//! The loop: takes input and answers, lets `app` decide, performs its effects, shows when nothing waits. It decides nothing.
//!
//! Input (started just before the first frame), the face that shows the conversation and services are arguments, so that a test
//! supplies all three.

mod calls;
mod delivery;
mod reports;

pub use calls::InFlight;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::effect::{Effect, Farewell, Realm};
use crate::app::event::{Connected, CopyWay, Event, Signal};
use crate::app::{App, update};
use crate::domain::caller::Source;
use crate::domain::facts::{LookupResult, Question};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::moment::Moment;
use crate::domain::secret::{SecretId, Vault};
use crate::faces::{Face, Input};
use crate::services::clipboard::Clipboard;
use crate::services::connect::{Connection, connect};
use crate::services::gateway::Gateway;
use crate::services::journal::{Journal, Runs};
use crate::services::profile_files::ProfileFiles;
use crate::services::profile_files::profiles;
use crate::services::settings::Settings;
use crate::services::terminal_copy::Multiplexer;
use crate::services::terminal_loan::{Lender, Loan};
use crate::services::unsent::UnsentFile;
use crate::services::walkthrough_files;
use crate::view::View;
use reports::{Report, Reports};

/// What is kept on this machine.
#[derive(Clone, Debug)]
pub struct Stores {
    /// The two files of profiles; `None` without a home folder.
    pub profiles: Option<ProfileFiles>,
    /// The folder of csv files.
    pub folder: PathBuf,
    pub runs: Runs,
}

/// Writes a text to the terminal's clipboard (OSC 52); called from the drawing thread only.
pub type TerminalCopy = Box<dyn FnMut(&str) -> io::Result<()>>;

/// Tells lines on the ordinary screen, and lets the person type a word where there is one: whether it was that word.
pub type Confirm = fn(&[String], Option<&str>) -> bool;

/// Everything outside that effects need.
pub struct Services {
    pub settings: Settings,
    /// The system's clipboard.
    pub clipboard: Clipboard,
    /// The terminal's clipboard.
    pub terminal_copy: TerminalCopy,
    /// What stands between the program and the terminal.
    pub multiplexer: Multiplexer,
    pub aws: Stores,
    pub practice: Stores,
    /// How the person agrees on the ordinary screen.
    pub confirm: Confirm,
    /// The journal of the run that the program begins with, where it resumes an earlier one.
    pub journal: Option<Journal>,
    /// Answers that were not sent.
    pub unsent: UnsentFile,
    /// How many calls of the run are under way.
    pub in_flight: InFlight,
    /// Where a task fell over a fault of the program, if one did.
    pub fell_at: fn() -> Option<String>,
}

struct Runtime {
    services: Services,
    vault: Vault,
    reports: Reports,
    /// The connection of the newest epoch.
    connection: Arc<Mutex<(u32, Option<Connection>)>>,
    /// Why there is no journal for the run, where one was wanted; nothing is sent without.
    no_journal: Option<Fault>,
    /// Why the new key can't sign in the place of the caller's own, which the next calls stop: they are refused.
    no_signer: Option<Fault>,
    /// Records that are being written, and that the program's end waits for.
    writing: Vec<JoinHandle<()>>,
    /// The proof of the key that is under way, or was the last.
    proof: Option<JoinHandle<()>>,
}

#[derive(Debug)]
pub struct Inputs {
    pub heard: UnboundedReceiver<Input>,
    /// Whether the terminal is somebody else's meanwhile, whose keys are not ours; also before the first frame.
    pub lent: watch::Sender<bool>,
}

/// Runs the conversation to its end. A face or an input that is gone counts as the terminal hung up.
pub async fn run(
    face: &mut dyn Face,
    listen: impl FnOnce() -> Inputs,
    mut services: Services,
    opened: (App, Vec<Effect>),
) -> Farewell {
    let (sender, mut reports) = unbounded_channel();
    let (mut app, effects) = opened;
    let (lender, wishes) = unbounded_channel();
    services.settings.lender = Lender::new(lender);
    let own = Reports { to: sender, fell_at: services.fell_at };
    let vault = app.context.vault.clone();
    let mut runtime = Runtime {
        services,
        vault,
        reports: own,
        connection: Arc::default(),
        no_journal: None,
        no_signer: None,
        writing: Vec::new(),
        proof: None,
    };
    // Who sees the first frame may send a signal, and that must find its listener; everything that takes time comes later.
    let Inputs { heard, lent } = listen();
    let mut input = Some(heard);
    let mut is_shown = true;
    // How many programs have the terminal now.
    let mut borrowers = 0_usize;
    is_shown &= runtime.reports.noted(face.show(&View::of(&app)));
    lent.send_replace(false);
    tokio::spawn(lend(wishes, runtime.reports.clone()));
    let mut standpoint = app.standpoint();
    effects.into_iter().for_each(|effect| runtime.perform(effect));
    loop {
        let (taken, typed) = next(&mut reports, &mut input).await;
        let mut events = Vec::new();
        for report in taken {
            match report {
                Report::Wish(loan) => {
                    borrowers += 1;
                    if borrowers == 1 {
                        lent.send_replace(true);
                        is_shown &= runtime.reports.noted(face.lend(&loan.words));
                    }
                    runtime.reports.grant(loan);
                }
                Report::Returned => {
                    borrowers -= 1;
                    if borrowers == 0 {
                        is_shown &= runtime.reports.noted(face.take_back());
                        lent.send_replace(false);
                    }
                }
                report => events.push((runtime.event_of(report), false)),
            }
        }
        let typed: Vec<Event> = typed.into_iter().flat_map(|typed| face.input(typed)).collect();
        // Ctrl-C is for whoever has the terminal.
        let is_borrowers = |event: &Event| borrowers > 0 && matches!(event, Event::Signal(Signal::Interrupt) | Event::Key(_));
        events.extend(typed.into_iter().filter(|event| !is_borrowers(event)).map(|event| (event, true)));
        let (mut is_moved, mut is_pressed) = (false, false);
        for (event, is_typed) in events {
            // What was pressed is about what was seen.
            if is_typed && event.is_pressed() && (is_moved || !app.standpoint().is_same_place(&standpoint)) {
                continue;
            }
            // A click is about a row that was seen there, and a key before it may have moved that.
            if is_pressed && matches!(event, Event::Click(_)) {
                continue;
            }
            is_pressed |= is_typed && event.is_pressed();
            for effect in update(&mut app, event) {
                match effect {
                    Effect::Leave(farewell) => {
                        runtime.finish().await;
                        return farewell;
                    }
                    Effect::Suspend => is_shown &= runtime.reports.noted(face.suspend(borrowers == 0)),
                    effect => runtime.perform(effect),
                }
            }
            is_moved |= !is_typed && app.standpoint() != standpoint;
        }
        if is_shown && borrowers == 0 {
            is_shown &= runtime.reports.noted(face.show(&View::of(&app)));
            standpoint = app.standpoint();
        }
    }
}

/// Passes wishes for the terminal on to the loop, which has it.
async fn lend(mut wishes: UnboundedReceiver<Loan>, reports: Reports) {
    while let Some(loan) = wishes.recv().await {
        reports.send(Report::Wish(loan));
    }
}

/// Waits for something to happen, then takes everything that has happened: answers before keys. An input that has ended is
/// listened to no more.
async fn next(
    reports: &mut UnboundedReceiver<Report>,
    input: &mut Option<UnboundedReceiver<Input>>,
) -> (Vec<Report>, Vec<Option<Input>>) {
    let mut taken = Vec::new();
    let mut typed = Vec::new();
    tokio::select! {
        biased;
        Some(report) = reports.recv() => taken.push(report),
        input = heard(input) => typed.push(input),
    }
    while let Ok(report) = reports.try_recv() {
        taken.push(report);
    }
    while let Some(Ok(input)) = input.as_mut().map(UnboundedReceiver::try_recv) {
        typed.push(Some(input));
    }
    if typed.iter().any(Option::is_none) {
        *input = None;
    }
    (taken, typed)
}

async fn heard(input: &mut Option<UnboundedReceiver<Input>>) -> Option<Input> {
    match input {
        Some(input) => input.recv().await,
        None => std::future::pending().await,
    }
}

impl Runtime {
    fn event_of(&mut self, report: Report) -> Event {
        match report {
            Report::Event(event) => event,
            Report::TerminalCopy { text, hindrance } => {
                let _ = (self.services.terminal_copy)(text.expose());
                Event::Copied(CopyWay::Terminal { hindrance })
            }
            Report::Opened { course, run, journal } => {
                self.services.journal = Some(journal);
                Event::Opened { course, answer: Ok(run) }
            }
            // The loop's own.
            Report::Wish(_) | Report::Returned => Event::Resized,
        }
    }

    fn stores(&self, realm: Realm) -> &Stores {
        match realm {
            Realm::Aws => &self.services.aws,
            Realm::Practice => &self.services.practice,
        }
    }

    /// The gateway of whoever calls now.
    fn gateway(&self) -> Result<Gateway, Fault> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = connection.1.as_ref().ok_or_else(|| Fault::of(FaultKind::NoCredentials))?;
        Ok(connection.gateway.clone())
    }

    fn perform(&mut self, effect: Effect) {
        tracing::info!(effect = effect.name());
        let reports = self.reports.clone();
        match effect {
            Effect::Connect { epoch, source, clear_text } => self.connect(epoch, source, clear_text),
            Effect::Lookup { epoch, question } => self.ask(epoch, question),
            Effect::Begin(realm, beginning) => self.begin(realm, *beginning),
            Effect::Close => self.services.journal = None,
            Effect::SignWith { key_id, secret } => self.sign_with(&key_id, secret),
            Effect::Call(calls) => self.call(calls),
            Effect::Record(records) => self.record(records),
            Effect::Confirm { lines, word } => self.confirm(lines, word),
            Effect::FindFreed => self.find_freed(),
            Effect::FindRuns => self.find_runs(),
            Effect::FindRunsOf { realm, account, user } => self.find_runs_of(realm, account, user),
            // Small, and not waited for by the disk: quick enough for the loop, and in the order in which it was decided.
            Effect::KeepAnswers(unsent) => self.services.unsent.keep(&unsent),
            Effect::ForgetAnswers => self.services.unsent.forget(),
            Effect::FindAnswers => self.reports.event(Event::Unsent(self.services.unsent.read().map(Box::new))),
            Effect::Open { run, course } => self.open_run(run, course),
            Effect::Forget(run) => self.forget_run(run),
            Effect::WakeIn(after, wake) => {
                reports.clone().spawn(async move {
                    tokio::time::sleep(after).await;
                    reports.event(Event::Woke(wake));
                });
            }
            Effect::Copy { what, through_terminal } => self.copy(what, through_terminal),
            Effect::ClearClipboard => self.uncopy(),
            Effect::PreviewSave { realm, key_id, to } => self.preview_save(realm, key_id, to),
            Effect::Save { realm, key_id, secret, to, consent } => self.save(realm, key_id, secret, to, consent),
            Effect::Sweep(realm) => self.sweep(realm),
            Effect::Write { realm, user, csv, to, over } => self.write(realm, user, csv, to, over),
            Effect::Prove { realm, key_id, secret, user, profile } => self.prove(realm, key_id, secret, user, profile),
            Effect::FindWalkthroughs => {
                drop(reports.clone().spawn(async move {
                    let found = tokio::task::spawn_blocking(walkthrough_files::all).await.unwrap_or_default();
                    reports.event(Event::Walkthroughs(found));
                }));
            }
            Effect::FindOutputPaths(realm, files) => self.find_output_paths(realm, files),
            Effect::PrintResult { outcome, secret, json } => self.tell(&outcome, secret, json),
            Effect::WriteText { realm, name, text } => self.list(realm, name, text),
            // The loop's own.
            Effect::Leave(_) | Effect::Suspend => {}
        }
    }

    fn connect(&self, epoch: u32, source: Source, clear_text: bool) {
        let (settings, vault) = (Settings { clear_text, ..self.services.settings.clone() }, self.vault.clone());
        let (reports, slot) = (self.reports.clone(), Arc::clone(&self.connection));
        // Until somebody calls, nobody does: no question must be answered for the caller of before.
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = (epoch, None);
        let on_crash = move |fault| Event::Connected { epoch, answer: Err(fault) };
        reports.clone().spawn_answering(on_crash, async move {
            let answer = connect(&source, &settings, &vault).await.map(|connection| {
                let who = Connected {
                    caller: connection.caller.clone(),
                    region: connection.region.clone(),
                    clock: Moment(connection.gateway.clock().unwrap_or_default()),
                    endpoint: connection.endpoint.clone(),
                    origins: connection.origins.clone(),
                };
                let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
                if slot.0 == epoch {
                    slot.1 = Some(connection);
                }
                who
            });
            reports.event(Event::Connected { epoch, answer });
        });
    }

    /// Where it can't be, the calls that come next are not sent: they would stop the key that signs them.
    fn sign_with(&mut self, key_id: &str, secret: SecretId) {
        let mut slot = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(connection) = &mut slot.1 else { return };
        match connection.gateway.signing_with(key_id, self.vault.get(secret)) {
            Ok(gateway) => connection.gateway = gateway,
            Err(fault) => self.no_signer = Some(fault),
        }
    }

    fn ask(&self, epoch: u32, question: Question) {
        let (gateway, files, reports) = (self.gateway(), self.services.settings.files.clone(), self.reports.clone());
        let asked = question.clone();
        let on_crash = move |fault| Event::Learned { epoch, question: asked, answer: Err(fault) };
        reports.clone().spawn_answering(on_crash, async move {
            let tell = |answer: Result<LookupResult, Fault>| {
                reports.event(Event::Learned { epoch, question: question.clone(), answer });
            };
            match gateway {
                Ok(gateway) => gateway.ask(&question, &tell).await,
                // The person's own files need no connection.
                Err(_) if question == Question::Profiles => {
                    tell(profiles::list(&files).map(LookupResult::Profiles));
                }
                Err(_) if let Question::File(path) = &question => tell(walkthrough_files::document(path).map(LookupResult::File)),
                Err(fault) => tell(Err(fault)),
            }
        });
    }
}
