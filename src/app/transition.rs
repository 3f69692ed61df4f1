//! How one phase leads to the next. A phase ends its turn where it is, or with a [`Transition`], which names what comes next and
//! holds what that is made of; only this file knows how each phase is opened. (The picture is crux's: a child ends with a
//! transition, and its parent composes.)

use std::ops::ControlFlow::{self, Break, Continue};
use std::sync::Arc;

use super::asking::Asking;
use super::creating::{Agreement, Course, Creating};
use super::effect::{Effect, Farewell};
use super::event::Signal;
use super::handing_over::{Finished, HandingOver};
use super::policy_draft::Draft;
use super::policy_page::PolicyPage;
use super::resuming::Resuming;
use super::reviewing::Reviewing;
use super::starting::Starting;
use super::tasks::create_user;
use super::users::Users;
use super::{Context, Out, Phase};
use crate::domain::journal::Run;
use crate::domain::name::UserName;
use crate::domain::plan::Plan;
use crate::domain::walkthrough::Walkthrough;

/// What a phase's turn comes to: it stays, or it is over.
pub(super) type Turn<P> = ControlFlow<Transition, Box<P>>;

/// What comes after a phase.
pub(super) enum Transition {
    /// The start as it was left, with the pages behind it.
    Start(Asking),
    /// The start as if the program had just begun, after a run that changed the account, and maybe this user.
    StartAfresh(Option<UserName>),
    Page(Asking),
    /// The users that there are, with the pages behind.
    Users(Asking),
    /// A policy of these pages, as far as it is written.
    Policy {
        asking: Box<Asking>,
        draft: Draft,
        index: usize,
    },
    Review(Asking),
    /// The run that was planned on these pages.
    Create(Asking, Plan),
    /// A run of an earlier start, which first waits for what must be known.
    Resume {
        run: Run,
        course: Course,
        agreement: Agreement,
    },
    /// The same run, now that everything is known.
    GoOn {
        run: Run,
        course: Course,
        agreement: Agreement,
    },
    /// The secrets of a run that is complete.
    HandOver(Finished),
    /// The same, while the program was asked to end.
    EndHandOver(Finished, Signal),
    /// Undo of a run that was complete: nobody has its secret. The lines say which files hold the key.
    Revoke(Finished, Vec<String>),
    Leave(Farewell),
}

impl Transition {
    /// Opens what comes next, which may lead further at once.
    pub(super) fn enter(self, context: &mut Context, out: &mut Out) -> ControlFlow<Self, Phase> {
        match self {
            Self::Start(asking) => Continue(Phase::Starting(Box::new(Starting::again(asking)))),
            Self::StartAfresh(user) => {
                context.earlier.practised = context.is_practice();
                context.earlier.changed.extend(user);
                let (task, plain) = (&create_user::TASK, Arc::new(Walkthrough::plain()));
                out.effects.extend(context.look_up_again(task.needs()));
                Continue(Phase::Starting(Box::new(Starting::new(task, plain, None))))
            }
            Self::Page(asking) => Continue(Phase::Asking(asking.opened(context, out))),
            Self::Users(asking) => {
                // Until somebody calls there is nobody to ask.
                if context.facts.caller().is_some() {
                    out.effects.extend(context.ask(Users::needs(context)));
                }
                Continue(Phase::Users(Box::new(Users::new(asking))))
            }
            Self::Policy { asking, draft, index } => {
                Continue(Phase::WritingPolicy(Box::new(PolicyPage::new(asking, &draft, index))))
            }
            Self::Review(asking) => Reviewing::open(asking, context, out).map_continue(Phase::Reviewing),
            Self::Create(asking, plan) => Creating::start(asking, plan, context, out).map_continue(Phase::Creating),
            Self::Resume { run, course, agreement } => {
                Box::new(Resuming::new(run, course, agreement)).go_on(context, out).map_continue(Phase::Resuming)
            }
            Self::GoOn { run, course, agreement } => {
                Creating::resume(run, course, agreement, context, out).map_continue(Phase::Creating)
            }
            Self::HandOver(finished) => Continue(Phase::HandingOver(HandingOver::open(finished, context, out))),
            Self::EndHandOver(finished, signal) => {
                HandingOver::new(finished, context).told_to_end(signal, context, out).map_continue(Phase::HandingOver)
            }
            Self::Revoke(finished, files) => Creating::revoke(finished, files, context, out).map_continue(Phase::Creating),
            Self::Leave(farewell) => {
                out.effects.push(Effect::Leave(farewell));
                Continue(Phase::Left)
            }
        }
    }
}

/// The end, with this account.
pub(super) fn leave<P>(farewell: Farewell) -> ControlFlow<Transition, P> {
    Break(Transition::Leave(farewell))
}
