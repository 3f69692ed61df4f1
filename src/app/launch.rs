//! The beginnings of the conversation: on the full screen, without questions, and with undoing an earlier run.

use std::ops::ControlFlow::{Break, Continue};
use std::sync::Arc;

use super::batch::{Batch, BatchOptions};
use super::context::{EarlierRuns, SignIn};
use super::creating::{Agreement, Course};
use super::effect::Effect;
use super::resuming::Resuming;
use super::starting::Starting;
use super::transition::Transition;
use super::{App, Context, Phase, StartOptions};
use crate::domain::caller::{Origins, Source};
use crate::domain::facts::{Facts, Question};
use crate::domain::journal::Run;
use crate::domain::moment::Moment;
use crate::domain::secret::Vault;
use crate::domain::walkthrough::Walkthrough;

impl App {
    /// Begins the conversation: its state, and what to do first (nothing before the first frame).
    pub fn open(options: StartOptions, vault: Vault) -> (Self, Vec<Effect>) {
        let mut context = Context {
            sign_in: SignIn {
                origins: Origins::default(),
                origin: options.source.clone(),
                source: options.source.clone(),
                epoch: 0,
                region: String::new(),
                clock: Moment(0),
                endpoint: options.endpoint.clone(),
                flag: options.endpoint,
                clear_text: false,
            },
            facts: Facts::default(),
            paths: [options.paths, options.practice_paths],
            walkthroughs: Vec::new(),
            unread_walkthroughs: None,
            vault,
            ticks: 0,
            run: None,
            again: None,
            earlier: EarlierRuns::default(),
            presenter: options.presenter,
            in_lines: options.in_lines,
            interactive: true,
            dice: options.seed,
        };
        // What the command line names comes first, and stands for a built-in one of its name with other settings.
        context.walkthroughs.extend(options.walkthrough.clone());
        // The others are read after the first frame.
        context.take_walkthroughs(vec![Ok(Arc::new(Walkthrough::plain()))]);
        let practice = options.source == Source::Practice;
        let mut effects = context.connect(options.source);
        effects.extend([Effect::Sweep(context.realm()), Effect::FindWalkthroughs]);
        if !practice {
            effects.extend(context.ask([Question::Profiles]));
            effects.extend([Effect::FindRuns, Effect::FindAnswers]);
        }
        let walkthrough = options.walkthrough.unwrap_or_else(|| Arc::new(Walkthrough::plain()));
        let mut starting = Starting::new(options.task, walkthrough, options.user.as_deref());
        starting.asking().give(options.given);
        let phase = Phase::Starting(Box::new(starting));
        let mut app = Self {
            context,
            phase,
            dialog: None,
            behind: None,
            notices: Vec::new(),
            peek: 0,
            card_presses: 0,
            ticking: false,
            batch: None,
        };
        app.refresh();
        (app, effects)
    }

    /// Begins with the list of users; the start is behind it.
    pub fn users(options: StartOptions, vault: Vault) -> (Self, Vec<Effect>) {
        let (mut app, mut effects) = Self::open(options, vault);
        effects.extend(app.advance(|phase, _, _| match phase {
            Phase::Starting(starting) => Break(Transition::Users(starting.into_asking())),
            other => Continue(other),
        }));
        app.refresh();
        (app, effects)
    }

    /// Begins a walk without questions.
    pub fn batch(options: StartOptions, vault: Vault, batch: BatchOptions) -> (Self, Vec<Effect>) {
        let (mut app, mut effects) = Self::open(options, vault);
        effects.retain(|effect| matches!(effect, Effect::Connect { .. }));
        app.context.interactive = false;
        app.batch = Some(Batch::new(batch));
        (app, effects)
    }

    /// Begins with undoing an earlier run, on the ordinary screen. `word`: what the person has to type once it was told what
    /// goes and what stays.
    pub fn undo(options: StartOptions, run: Run, vault: Vault, word: Option<String>) -> (Self, Vec<Effect>) {
        let (mut app, _) = Self::open(options.clone(), vault);
        app.context.interactive = false;
        app.phase = Phase::Resuming(Box::new(Resuming::new(run, Course::Undoing, Agreement::Told(word))));
        let effects = app.context.connect(options.source);
        (app, effects)
    }

    /// Begins with what an earlier run left for later, on the ordinary screen; it was agreed to.
    pub fn finish(options: StartOptions, run: Run, vault: Vault) -> (Self, Vec<Effect>) {
        let (mut app, _) = Self::open(options.clone(), vault);
        app.context.interactive = false;
        app.phase = Phase::Resuming(Box::new(Resuming::new(run, Course::Making, Agreement::Given)));
        let effects = app.context.connect(options.source);
        (app, effects)
    }
}
