//! A key for a user that exists, without questions: what has to be known is looked up, and refused or begun. From the first call
//! on it is a run like any other.

use super::asking::Asking;
use super::creating::Creating;
use super::effect::{Effect, Farewell};
use super::event::Event;
use super::handing_over::destination;
use super::unattended::{files, refuse, unsavable};
use super::{App, Context, Out, Phase};
use crate::domain::facts::{Fact, KeyHolder, Question};
use crate::domain::hand_over::{Destination, Prospect, check_profile};
use crate::domain::name::UserName;
use crate::domain::plan::{Plan, Subject};
use crate::domain::preflight::rights;
use crate::domain::region;
use crate::domain::right::Verdict;

/// The task, before its first call.
#[derive(Debug)]
pub struct AddingKey {
    asking: Asking,
    user: UserName,
    description: Option<String>,
    /// What saving the key would do.
    saving: Fact<Box<Prospect>>,
}

impl AddingKey {
    pub(super) fn new(asking: Asking, user: UserName, description: Option<String>) -> Self {
        Self { asking, user, description, saving: Fact::Pending }
    }

    /// It is known who calls: the user and its keys are looked up.
    pub(super) fn connected(self: Box<Self>, context: &mut Context, out: &mut Out) -> Phase {
        out.effects.extend(context.ask([Question::Holder(self.user.to_string())]));
        out.effects.push(Effect::Foresee { realm: context.realm(), key_id: String::new(), to: self.destination(context) });
        Phase::AddingKey(self)
    }

    /// The user is known: now it is looked up whether the caller may do this.
    pub(super) fn learned(self: Box<Self>, context: &mut Context, out: &mut Out) -> Phase {
        if let (Some(plan), Some(caller)) = (self.plan(context), context.facts.caller()) {
            let question = Question::Rights(rights(&plan, caller));
            out.effects.extend(context.ask([question]));
        }
        Phase::AddingKey(self)
    }

    pub(super) fn on(mut self: Box<Self>, event: Event) -> Phase {
        if let Event::Foreseen { answer, .. } = event {
            self.saving = match answer {
                Ok(prospect) => Fact::Known(prospect),
                Err(fault) => Fact::Failed(fault),
            };
        }
        Phase::AddingKey(self)
    }

    fn destination(&self, context: &Context) -> Destination {
        destination(self.asking.guide(), self.user.as_str(), context)
    }

    fn holder<'c>(&self, context: &'c Context) -> Option<&'c KeyHolder> {
        context.facts.holder(self.user.as_str()).and_then(Fact::into_known)?
    }

    fn plan(&self, context: &Context) -> Option<Plan> {
        self.holder(context).map(|holder| Plan::of_key(Subject::existing(holder), self.description.as_ref()))
    }

    /// Whether something is still being looked up.
    fn is_pending(&self, context: &Context) -> bool {
        context.facts.is_open(&Question::Holder(self.user.to_string()))
            || context.facts.waits_for(|question| matches!(question, Question::Rights(_)))
            || self.saving.is_pending()
    }

    /// Why nothing can be begun.
    fn against(&self, context: &Context, saves: bool, replace: bool) -> Vec<String> {
        let mut against = Vec::new();
        match context.facts.holder(self.user.as_str()) {
            Some(Fact::Known(Some(holder))) => against.extend(holder.is_full(&context.cli_options())),
            Some(Fact::Known(None)) => {
                against.push(format!("The account has no user “{}”. iamwalk --yes --user {} creates it.", self.user, self.user))
            }
            Some(Fact::Denied(fault) | Fact::Failed(fault)) => against.push(fault.to_string()),
            Some(Fact::Pending) | None => {}
        }
        for asked in context.facts.rights() {
            let Some(verdicts) = context.facts.verdicts(asked).and_then(Fact::into_known) else { continue };
            against.extend(asked.iter().zip(verdicts).filter_map(|(right, verdict)| match verdict {
                Verdict::Refused(why) => Some(format!("You may not make {} on {}: {why}.", right.permission, right.resource)),
                Verdict::Allowed | Verdict::Unknown => None,
            }));
        }
        if saves {
            let to = self.destination(context);
            let is_there = self.saving.known().is_none_or(|prospect| prospect.replaces);
            against
                .extend(check_profile(&to.profile, is_there).err().map(|rule| format!("The profile “{}”: {rule}", to.profile)));
            let region = region::check(&to.region, context.endpoint.is_some()).err();
            against.extend(region.map(|rule| format!("The region “{}”: {rule}", to.region)));
            let prospect = self.saving.known().map(|prospect| Ok(&**prospect));
            against.extend(unsavable(prospect.or_else(|| Some(Err(self.saving.fault()?.what()))), replace));
        }
        against
    }
}

/// Begins the run once all that stands against it is known, or refuses.
pub(super) fn add_key(app: &mut App) -> Option<Vec<Effect>> {
    let (Phase::AddingKey(adding), Some(unattended)) = (&app.phase, &mut app.unattended) else { return None };
    if adding.is_pending(&app.context) {
        return None;
    }
    let orders = unattended.orders.clone();
    let against = adding.against(&app.context, orders.saves && orders.dry_run.is_none(), orders.replace);
    if !against.is_empty() {
        return Some(refuse(app, against));
    }
    let plan = adding.plan(&app.context)?;
    if let Some(form) = orders.dry_run {
        let mut farewell = Farewell::new(0, Vec::new());
        farewell.result = Some(form.text(&plan, &app.context.dry_run()?));
        return Some(app.advance(|_, _, out| out.leave(farewell)));
    }
    if unattended.places.is_none() {
        unattended.places = Some(None);
        return Some(vec![Effect::FindPlaces(app.context.realm(), files(&orders, adding.user.as_str(), true, false))]);
    }
    if let Err(words) = unattended.places.clone()?? {
        return Some(refuse(app, vec![words]));
    }
    for key in adding.holder(&app.context).into_iter().flat_map(|holder| &holder.keys) {
        unattended.tell(format!("· The user has a key already: {}", key.words()));
    }
    Some(app.advance(|phase, context, out| match phase {
        Phase::AddingKey(adding) => Creating::begin(adding.asking, plan, false, context, out),
        other => other,
    }))
}
