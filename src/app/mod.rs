//! The conversation: an enum of phases, moved forward by consuming itself. [`update`] is the only writer; it takes an event
//! and returns effects, and performs nothing.

mod again;
pub mod asking;
pub mod batch;
mod context;
pub mod creating;
mod current;
pub mod dialog;
mod dialog_actions;
pub mod editor;
pub mod effect;
pub mod event;
pub mod field;
pub mod form;
pub mod handing_over;
mod help;
pub mod keymap;
mod launch;
mod leaving;
pub mod pages;
pub mod policy_draft;
pub mod policy_page;
pub mod resuming;
pub mod reviewing;
mod row;
mod seen;
pub mod starting;
pub mod table;
pub mod tasks;
pub mod text;
mod transition;
mod unfinished_runs;
mod unsent;
pub mod users;

use std::ops::ControlFlow::{self, Break, Continue};
use std::time::Duration;

use crate::domain::facts::{Fact, Question};
use crate::domain::fault::{Fault, FaultKind};

pub use context::{Context, OutputPaths, StartOptions};

use asking::Asking;
use batch::Batch;
use creating::Creating;
use dialog::{Asked, Dialog, DialogOutcome};
use dialog_actions::in_dialog;
use effect::Effect;
use event::{Connected, Event, Key, Target, Wake, Wrote};
use form::Form;
use handing_over::HandingOver;
use leaving::account_of;
use policy_page::PolicyPage;
use resuming::Resuming;
use reviewing::Reviewing;
pub use seen::Standpoint;
use starting::Starting;
use transition::{Transition, leave};
use users::Users;

/// How long a highlighted row rests before what stands beside it is fetched.
const REST: Duration = Duration::from_millis(150);
/// The lines that a page key scrolls.
const PAGE: isize = 8;
/// How far one can scroll away; no page is longer, and no listing but of the longest documents.
const FAR: isize = 2000;
/// The pace of the moving sign.
pub const TICK: Duration = Duration::from_millis(120);

/// Where the conversation stands.
#[derive(Debug)]
pub enum Phase {
    /// At the start: what is to be done, with which walkthrough, and the caller.
    Starting(Box<Starting>),
    /// On a page of questions.
    Asking(Box<Asking>),
    WritingPolicy(Box<PolicyPage>),
    /// The users that there are.
    Users(Box<Users>),
    /// Everything at a glance, before anything is made.
    Reviewing(Box<Reviewing>),
    /// The record of an earlier run is being opened; the start stands where it was.
    LoadingRun(Box<Starting>),
    /// A run of an earlier start waits for its caller.
    Resuming(Box<Resuming>),
    /// The calls are made, or undone.
    Creating(Box<Creating>),
    /// The secret reaches its owner.
    HandingOver(Box<HandingOver>),
    Left,
}

#[derive(Debug)]
pub struct App {
    /// What all phases share.
    pub context: Context,
    pub phase: Phase,
    /// A question in front of the page.
    pub dialog: Option<Dialog>,
    /// The question that help is open over.
    behind: Option<Dialog>,
    /// What is to be told once no other question is open.
    notices: Vec<Dialog>,
    /// How many lines the person has scrolled away from where the cursor is.
    pub peek: isize,
    /// How often Ctrl-C was pressed while the terminal was too small for a page.
    card_presses: u8,
    /// Whether a tick is under way.
    ticking: bool,
    /// Nobody answers questions: what the command line says instead, and how far that is.
    pub batch: Option<Batch>,
}

impl App {
    fn refresh(&mut self) {
        match &mut self.phase {
            Phase::Starting(starting) => starting.refresh(&self.context),
            Phase::Asking(asking) => asking.refresh(&self.context),
            Phase::WritingPolicy(page) => page.refresh(&self.context),
            Phase::Users(users) => users.refresh(&self.context),
            Phase::Reviewing(reviewing) => reviewing.refresh(&self.context),
            Phase::Creating(creating) => creating.refresh(&self.context),
            _ => {}
        }
        if let Some(dialog) = &mut self.dialog {
            handing_over::refresh_dialog(dialog);
        }
    }

    fn scroll(&mut self, rows: isize) {
        self.peek = (self.peek + rows).clamp(-FAR, FAR);
    }

    /// Asks for what stands on the screen now and is not known yet.
    fn look_up(&mut self) -> Vec<Effect> {
        match &mut self.phase {
            // Until somebody calls there is nobody to ask.
            Phase::Asking(asking) if self.context.facts.caller().is_some() => {
                let questions = asking.questions(&self.context);
                self.context.ask(questions)
            }
            Phase::Users(users) if self.context.facts.caller().is_some() => self.context.ask(users.questions(&self.context)),
            Phase::WritingPolicy(page) => {
                let (once, again) = page.questions(&self.context);
                let mut effects = self.context.ask(once);
                effects.extend(self.context.ask_again(again.into_iter().collect()));
                effects
            }
            _ => Vec::new(),
        }
    }

    /// Leaves the phase for what comes next.
    fn go_to(&mut self, next: Transition) -> Vec<Effect> {
        self.advance(|_, _, _| Break(next))
    }

    /// Moves the phase forward by consuming it.
    fn advance(&mut self, step: impl FnOnce(Phase, &mut Context, &mut Out) -> ControlFlow<Transition, Phase>) -> Vec<Effect> {
        let mut out = Out::default();
        let phase = std::mem::replace(&mut self.phase, Phase::Left);
        let mut turn = step(phase, &mut self.context, &mut out);
        self.phase = loop {
            match turn {
                Continue(phase) => break phase,
                Break(transition) => turn = transition.enter(&mut self.context, &mut out),
            }
        };
        if let Some(dialog) = out.dialog {
            self.dialog = Some(dialog);
        }
        out.effects
    }
}

/// What a phase wants done besides its own change.
#[derive(Debug, Default)]
pub struct Out {
    effects: Vec<Effect>,
    dialog: Option<Dialog>,
}

/// The only writer: takes an event in, says what is to be done.
pub fn update(app: &mut App, event: Event) -> Vec<Effect> {
    let (phase, page) = (std::mem::discriminant(&app.phase), app.page_place());
    let mut effects = take(app, event);
    if app.dialog.is_none() {
        app.dialog = app.behind.take();
    }
    if app.dialog.is_none() && !app.notices.is_empty() {
        app.dialog = Some(app.notices.remove(0));
    }
    // A question about what is over.
    let is_deleting = matches!(&app.phase, Phase::HandingOver(handing_over) if handing_over.is_ending());
    let is_over = |dialog: &Option<Dialog>| matches!(dialog, Some(Dialog { asked: Asked::Stop, .. })) && !app.is_moving();
    if is_deleting || is_over(&app.dialog) || is_over(&app.behind) {
        (app.dialog, app.behind) = (None, None);
    }
    effects.extend(app.offer_next());
    if std::mem::discriminant(&app.phase) != phase {
        app.peek = 0;
    }
    app.refresh();
    effects.extend(app.look_up());
    if app.page_place() != page || std::mem::discriminant(&app.phase) != phase {
        effects.extend(app.keep_answers());
    }
    effects.extend(batch::drive(app));
    // One tick is under way while something moves, and none otherwise.
    if app.is_moving() && !app.ticking {
        app.ticking = true;
        effects.push(Effect::WakeIn(TICK, Wake::Tick));
    }
    effects
}

fn take(app: &mut App, event: Event) -> Vec<Effect> {
    match event {
        Event::Resized => Vec::new(),
        Event::OnCard(key) => app.key_on_card(key),
        // Back to what the keys are about.
        Event::Unseen => {
            app.peek = 0;
            Vec::new()
        }
        Event::Burst(text) => app.burst(&text),
        Event::Woke(Wake::Tick) => {
            app.context.ticks += 1;
            app.ticking = false;
            Vec::new()
        }
        Event::Connected { epoch, answer } if epoch == app.context.sign_in.epoch => connected(app, answer),
        Event::Learned { epoch, question, answer } if epoch == app.context.sign_in.epoch => {
            if let Err(fault) = &answer {
                ask_about_clear_text(app, fault);
            }
            let file = if let Question::File(path) = &question { Some(path.clone()) } else { None };
            app.context.facts.learn(question, answer);
            if let (Some(path), Phase::WritingPolicy(page)) = (file, &mut app.phase) {
                page.file_read(&path, &app.context);
            }
            app.refresh();
            app.advance(|phase, context, out| match phase {
                Phase::Starting(starting) => starting.learned(out).map_continue(Phase::Starting),
                Phase::Asking(asking) => asking.learned(out).map_continue(Phase::Asking),
                Phase::Reviewing(reviewing) => reviewing.learned(context, out).map_continue(Phase::Reviewing),
                Phase::Resuming(resuming) => resuming.go_on(context, out).map_continue(Phase::Resuming),
                other => Continue(other),
            })
        }
        // Of an older connection.
        Event::Connected { .. } | Event::Learned { .. } => Vec::new(),
        Event::Signal(signal) => {
            let mut effects: Vec<Effect> = app.keep_answers().into_iter().collect();
            effects.extend(app.advance(|phase, context, out| match phase {
                Phase::Creating(creating) => creating.told_to_end(signal, context, out).map_continue(Phase::Creating),
                Phase::HandingOver(handing_over) => {
                    handing_over.told_to_end(signal, context, out).map_continue(Phase::HandingOver)
                }
                phase => {
                    let mut farewell = account_of(&phase, context);
                    farewell.code = signal.code(farewell.code);
                    leave(farewell)
                }
            }));
            effects
        }
        Event::Unsent(unsent) => {
            app.context.earlier.unsent = unsent.map(|unsent| *unsent);
            Vec::new()
        }
        Event::Suspended | Event::Key(Key::Ctrl('z')) => {
            // What is shown must not stay on the screen meanwhile.
            let mut effects = take(app, Event::FocusLost);
            effects.push(Effect::Suspend);
            effects
        }
        Event::Began(run) => {
            app.context.run = Some(run).filter(|_| !app.context.is_practice());
            Vec::new()
        }
        Event::Unfinished(runs) => {
            app.context.earlier.unfinished = runs;
            Vec::new()
        }
        Event::Walkthroughs(found) => {
            app.context.take_walkthroughs(found);
            Vec::new()
        }
        Event::OutputPaths(answer) => {
            if let Some(batch) = &mut app.batch {
                batch.paths = Some(Some(answer));
            }
            Vec::new()
        }
        Event::TextWritten(answer) => {
            app.notices.push(match answer {
                Wrote::Done { path, caution } => Dialog::notice(
                    "Written",
                    [Some(format!("It is in {path}")), caution].into_iter().flatten().collect::<Vec<_>>().join(". "),
                ),
                Wrote::Exists(path) => Dialog::notice("Not written", format!("{path} already exists: move or delete it first.")),
                Wrote::Failed(fault) => Dialog::notice("Not written", fault.what()),
            });
            Vec::new()
        }
        Event::Opened { course, answer } => app.opened(course, answer),
        Event::NotRecorded(fault) => {
            app.notices.push(Dialog::notice("The records of runs", fault.what()));
            Vec::new()
        }
        Event::Key(key @ (Key::PageUp | Key::PageDown)) if app.dialog.is_some() || !on_list(app) => {
            app.scroll(if key == Key::PageUp { -PAGE } else { PAGE });
            Vec::new()
        }
        Event::Key(key) if app.dialog.is_some() => {
            app.peek = 0;
            let open = app.dialog.as_ref().filter(|open| !matches!(open.asked, Asked::Help));
            if open.is_some_and(|open| keymap::command(key, open.is_typing()) == Some(keymap::KeyCommand::Help)) {
                let help = help::help_of_dialog(app);
                app.behind = app.dialog.replace(help);
                return Vec::new();
            }
            in_dialog(app, |dialog| dialog.key(key))
        }
        Event::Click(target) if app.dialog.is_some() => in_dialog(app, |dialog| dialog.click(target)),
        Event::Accept if app.dialog.is_some() => in_dialog(app, |dialog| DialogOutcome::Given(dialog.at)),
        event @ (Event::Fill { .. } | Event::Pick { .. } | Event::Clear(_) | Event::GoTo(_)) if app.dialog.is_some() => {
            in_dialog(app, |dialog| dialog.on(event))
        }
        Event::Paste(text) if app.dialog.is_some() => in_dialog(app, |dialog| dialog.take_paste(text.expose())),
        Event::Wheel(rows) if app.dialog.is_some() || !on_list(app) => {
            app.scroll(rows as isize);
            Vec::new()
        }
        Event::Key(key) => {
            (app.peek, app.card_presses) = (0, 0);
            key_pressed(app, key)
        }
        other => app.advance(|phase, context, out| match phase {
            Phase::Starting(starting) => starting.on(other, context, out).map_continue(Phase::Starting),
            Phase::Asking(asking) => asking.on(other, context, out).map_continue(Phase::Asking),
            Phase::WritingPolicy(page) => page.on(other, context).map_continue(Phase::WritingPolicy),
            Phase::Users(users) => users.on(other, context, out).map_continue(Phase::Users),
            Phase::Reviewing(reviewing) => reviewing.on(other, context, out).map_continue(Phase::Reviewing),
            Phase::Creating(creating) => creating.on(other, context, out).map_continue(Phase::Creating),
            Phase::HandingOver(handing_over) => handing_over.on(other, context, out).map_continue(Phase::HandingOver),
            waiting @ (Phase::LoadingRun(_) | Phase::Resuming(_) | Phase::Left) => Continue(waiting),
        }),
    }
}

/// Whether wheel and page keys are a list's own.
fn on_list(app: &App) -> bool {
    app.form().and_then(Form::focused).is_some_and(|field| matches!(field.control, field::Control::Table(_)))
}

/// Keys that mean the same everywhere, then the phase's own.
fn key_pressed(app: &mut App, key: Key) -> Vec<Effect> {
    let typing = app.form().is_some_and(Form::is_typing);
    if keymap::command(key, typing) == Some(keymap::KeyCommand::Leave) && app.loses_nothing() {
        return app.leave();
    }
    if keymap::command(key, typing) == Some(keymap::KeyCommand::Help) {
        if let Phase::Reviewing(reviewing) = &mut app.phase {
            reviewing.withdraw();
        }
        app.dialog = Some(help::help(app));
        return Vec::new();
    }
    app.advance(|phase, context, out| match phase {
        Phase::Starting(starting) => starting.key(key, context, out).map_continue(Phase::Starting),
        Phase::Asking(asking) => asking.key(key, context, out).map_continue(Phase::Asking),
        Phase::WritingPolicy(page) => page.key(key, context, out).map_continue(Phase::WritingPolicy),
        Phase::Users(users) => users.key(key, context, out).map_continue(Phase::Users),
        Phase::Reviewing(reviewing) => reviewing.key(key, context, out).map_continue(Phase::Reviewing),
        Phase::Creating(creating) => creating.key(key, context, out).map_continue(Phase::Creating),
        Phase::HandingOver(handing_over) => handing_over.key(key, context, out).map_continue(Phase::HandingOver),
        Phase::Resuming(resuming) => resuming.key(key).map_continue(Phase::Resuming),
        waiting @ (Phase::LoadingRun(_) | Phase::Left) => Continue(waiting),
    })
}

fn connected(app: &mut App, answer: Result<Connected, Fault>) -> Vec<Effect> {
    match answer {
        Ok(connected) => {
            app.context.facts.caller = Some(Fact::Known(connected.caller));
            app.context.sign_in.region = connected.region;
            app.context.sign_in.clock = connected.clock;
            app.context.sign_in.endpoint = connected.endpoint;
            app.context.sign_in.origins = connected.origins;
            // Somebody else calls: what the one before could not resume, this one may.
            let refused = std::mem::take(&mut app.context.earlier.refused);
            app.context.earlier.unfinished.extend(refused);
            let questions: Vec<_> = match app.phase {
                // A run needs no lists.
                Phase::Creating(_) | Phase::Resuming(_) => vec![Question::PasswordPolicy, Question::Alias],
                _ => app.needs(),
            };
            let mut effects = app.context.ask(questions);
            effects.extend(app.advance(|phase, context, out| match phase {
                Phase::Reviewing(reviewing) => reviewing.connected().map_continue(Phase::Reviewing),
                Phase::Creating(creating) => creating.connected(context, out).map_continue(Phase::Creating),
                Phase::Resuming(resuming) => resuming.go_on(context, out).map_continue(Phase::Resuming),
                other => Continue(other),
            }));
            effects
        }
        Err(fault) => {
            if app.context.interactive {
                ask_about_clear_text(app, &fault);
            }
            if let (FaultKind::MfaNeeded(serial), true) = (&fault.kind, app.context.interactive) {
                app.dialog = Some(Dialog::mfa(serial));
            }
            let words = if app.context.interactive { fault.to_string() } else { fault.batch_words() };
            app.context.facts.caller = Some(Fact::Failed(fault));
            app.advance(|phase, context, _| match phase {
                Phase::Creating(creating) => creating.not_connected(words).map_continue(Phase::Creating),
                Phase::Resuming(resuming) => resuming.not_connected(words, context).map_continue(Phase::Resuming),
                other => Continue(other),
            })
        }
    }
}

/// Nothing is sent in clear text unless the person says so.
fn ask_about_clear_text(app: &mut App, fault: &Fault) {
    if let (FaultKind::ClearText(address), None) = (&fault.kind, &app.dialog) {
        app.dialog = Some(Dialog::clear_text(address));
    }
}

/// The rows that the wheel or a click speaks of, for phases with a menu.
fn entry(target: Target) -> Option<usize> {
    match target {
        Target::Entry(at) => Some(at),
        _ => None,
    }
}
