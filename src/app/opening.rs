//! The beginnings of the conversation: on the full screen, without questions, and with taking an earlier run back.

use std::sync::Arc;

use super::context::{EarlierRuns, SignIn};
use super::creating::{Agreement, Course};
use super::effect::Effect;
use super::resuming::Resuming;
use super::starting::Starting;
use super::unattended::{Orders, Unattended};
use super::{App, Context, Opening, Phase};
use crate::domain::caller::Source;
use crate::domain::facts::{Facts, Question};
use crate::domain::journal::Run;
use crate::domain::secret::Vault;
use crate::domain::walkthrough::Walkthrough;

impl App {
    /// Begins the conversation: its state, and what to do first (nothing before the first frame).
    pub fn open(opening: Opening, vault: Vault) -> (Self, Vec<Effect>) {
        let mut context = Context {
            sign_in: SignIn {
                origin: opening.source.clone(),
                source: opening.source.clone(),
                epoch: 0,
                region: String::new(),
                endpoint: opening.endpoint.clone(),
                flag: opening.endpoint,
                clear_text: false,
            },
            facts: Facts::default(),
            places: [opening.places, opening.practice_places],
            walkthroughs: Vec::new(),
            unread_walkthroughs: None,
            vault,
            ticks: 0,
            run: None,
            earlier: EarlierRuns::default(),
            presenter: opening.presenter,
            attended: true,
            dice: opening.seed,
        };
        // What the command line names comes first, and stands for a built-in one of its name with other settings.
        context.walkthroughs.extend(opening.walkthrough.clone());
        // The others are read after the first frame.
        context.take_walkthroughs(vec![Ok(Arc::new(Walkthrough::plain()))]);
        let practice = opening.source == Source::Practice;
        let mut effects = context.connect(opening.source);
        effects.extend([Effect::Sweep(context.realm()), Effect::FindWalkthroughs]);
        if !practice {
            effects.extend(context.ask([Question::Profiles]));
            effects.extend([Effect::FindRuns, Effect::FindAnswers]);
        }
        let guide = opening.walkthrough.unwrap_or_else(|| Arc::new(Walkthrough::plain()));
        let phase = Phase::Starting(Box::new(Starting::new(opening.task, guide, opening.user.as_deref())));
        let mut app = Self {
            context,
            phase,
            dialog: None,
            notices: Vec::new(),
            peek: 0,
            card_presses: 0,
            ticking: false,
            unattended: None,
        };
        app.refresh();
        (app, effects)
    }

    /// Begins a walk without questions.
    pub fn unattended(opening: Opening, vault: Vault, orders: Orders) -> (Self, Vec<Effect>) {
        let (mut app, mut effects) = Self::open(opening, vault);
        effects.retain(|effect| matches!(effect, Effect::Connect { .. }));
        app.context.attended = false;
        app.unattended = Some(Unattended::new(orders));
        (app, effects)
    }

    /// Begins with taking back an earlier run, on the ordinary screen. `word`: what the person has to type once it was told what
    /// goes and what stays.
    pub fn undo(opening: Opening, run: Run, vault: Vault, word: Option<String>) -> (Self, Vec<Effect>) {
        let (mut app, _) = Self::open(opening.clone(), vault);
        app.context.attended = false;
        app.phase = Phase::Resuming(Box::new(Resuming::new(run, Course::Undoing, Agreement::Told(word))));
        let effects = app.context.connect(opening.source);
        (app, effects)
    }
}
