//! *Review*: every answer, what stands against it, and the steps in the order in which they can run. Nothing was sent yet.

use super::asking::Asking;
use super::creating::Creating;
use super::dialog::Dialog;
use super::effect::Effect;
use super::event::{Event, Key};
use super::handing_over::destination;
use super::keymap::{Command, command};
use super::pages::PAGES;
use super::{Context, Out, Phase, entry};
use crate::domain::answers::Answers;
use crate::domain::dry_run;
use crate::domain::facts::{Fact, Question};
use crate::domain::hand_over::{Destination, Prospect, check_profile};
use crate::domain::page::PageId;
use crate::domain::permissions::effective;
use crate::domain::plan::Plan;
use crate::domain::preflight::{Concern, Weight, concerns, policies_of, rights};
use crate::domain::region;
use crate::domain::request::Request;
use crate::domain::walkthrough::{Guide, HandOverProposal, written};

/// The entry that makes the calls, behind the blocks: a block for each page.
pub const CREATE: usize = PAGES.len();

/// The review.
#[derive(Debug)]
pub struct Reviewing {
    asking: Asking,
    request: Request,
    /// The plan with the facts of this moment; `None` while nobody calls.
    pub plan: Option<Plan>,
    /// What stands against it.
    pub concerns: Vec<Concern>,
    /// The highlighted entry.
    pub at: usize,
    /// Whether the person's files can be edited, where there will be a key to save.
    saving: Option<Fact<Box<Prospect>>>,
    /// Why it did not start, when the person asked for it.
    pub said: Option<String>,
    /// The plan that the person confirmed while something was still being looked up: this plan and no other starts by itself.
    confirmed: Option<Plan>,
}

impl Reviewing {
    /// Opens the review; the names are looked up anew, which also is the read that proves a lost create ours.
    pub(super) fn open(asking: Asking, context: &mut Context, out: &mut Out) -> Phase {
        let request = match Request::of(asking.answers()) {
            Ok(request) => request,
            // A page that was never accepted comes first.
            Err(page) => return Phase::Asking(Box::new(asking.opened(page, None))),
        };
        let mut questions = vec![Question::User(request.user.name.to_string())];
        if let Some(group) = &request.permissions.new_group {
            questions.push(Question::Group(group.name.to_string()));
            context.facts.forget(&Question::GroupPolicies(group.name.to_string()));
        }
        if let Some(caller) = context.facts.caller() {
            let arns = request.permissions.policies.iter().map(|policy| context.facts.arn_of(policy, caller));
            questions.extend(arns.map(Question::Policy));
        }
        questions.extend(request.permissions.copy_from.iter().map(|user| Question::PermissionsOf(user.to_string())));
        out.effects.extend(context.ask_again(questions));
        let saving = request.access.key.as_ref().map(|_| Fact::Pending);
        if saving.is_some() {
            let to = destination(asking.guide(), request.user.name.as_str(), context);
            out.effects.push(Effect::Foresee { realm: context.realm(), key_id: String::new(), to });
        }
        let mut new = Self { asking, request, plan: None, concerns: Vec::new(), saving, at: CREATE, said: None, confirmed: None };
        new.refresh(context);
        // A permission may have been granted meanwhile.
        context.facts.forget_rights();
        out.effects.extend(new.ask(context));
        Phase::Reviewing(Box::new(new))
    }

    /// The answers.
    pub fn answers(&self) -> &Answers {
        self.asking.answers()
    }

    /// The complete answers.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Plans anew with the facts of this moment.
    pub fn refresh(&mut self, context: &Context) {
        self.plan = context.facts.caller().map(|caller| Plan::of(&self.request, caller, &context.facts));
        self.concerns = concerns(&self.request, self.plan.as_ref(), &context.facts);
        if self.saving.is_some() {
            let to = self.destination(context);
            // While that is not known yet, it may be there.
            let is_there = self.saving.as_ref().and_then(Fact::known).is_none_or(|prospect| prospect.replaces);
            let wrong = [
                check_profile(&to.profile, is_there).err().map(|rule| format!("The profile “{}”: {rule}", to.profile)),
                region::check(&to.region, context.endpoint.is_some())
                    .err()
                    .map(|rule| format!("The region “{}”: {rule}", to.region)),
            ];
            let wrong = wrong.into_iter().flatten();
            self.concerns.extend(wrong.map(|words| Concern { page: PageId::Walkthrough, weight: Weight::Error, words }));
        }
        let fallen = self.asking.guide().fallen.iter();
        self.concerns.extend(fallen.map(|words| Concern {
            page: PageId::Permissions,
            weight: Weight::Note,
            words: words.clone(),
        }));
        let prospect = self.saving.as_ref().and_then(Fact::known);
        let notes = prospect.into_iter().flat_map(|prospect| prospect.asks.iter().chain(&prospect.notes)).cloned();
        self.concerns.extend(notes.map(|words| Concern { page: PageId::Access, weight: Weight::Note, words }));
        if let Some(fault) = self.saving.as_ref().and_then(Fact::fault) {
            let words = format!("The key could not be saved as a profile, only handed over in another way. {}", fault.what());
            self.concerns.push(Concern { page: PageId::Access, weight: Weight::Warning, words });
        }
    }

    /// Asks what the preflight needs: whether the caller may do all this, and, where a password must be changed at the first
    /// sign-in, what the account's own policies deny. AWS's own lock nobody out.
    fn ask(&self, context: &mut Context) -> Vec<Effect> {
        let mut questions = Vec::new();
        if let (Some(plan), Some(caller)) = (&self.plan, context.facts.caller()) {
            questions.push(Question::Rights(rights(plan, caller)));
        }
        if self.request.access.console.as_ref().is_some_and(|console| console.reset) {
            let all = effective(&self.request.permissions, &context.facts);
            let groups = all.groups.iter();
            questions.extend(groups.map(|group| Question::GroupPolicies(group.to_string())));
            let own = policies_of(&self.request, &context.facts).into_iter().filter(|arn| !arn.contains(":iam::aws:"));
            questions.extend(own.map(|arn| Question::Document { arn, version: String::new() }));
        }
        let joined = self.request.permissions.new_group.iter().filter(|group| context.facts.has_group(&group.name));
        questions.extend(joined.map(|group| Question::GroupPolicies(group.name.to_string())));
        context.ask(questions)
    }

    /// What is still being looked up, in words; the plan depends on it.
    pub fn pending(&self, context: &Context) -> Option<&'static str> {
        let facts = &context.facts;
        if facts.caller().is_none() {
            return Some("who calls");
        }
        if facts.waits_for(|question| *question == Question::User(self.request.user.name.to_string())) {
            return Some("whether the user's name is free");
        }
        let group = self.request.permissions.new_group.as_ref();
        if group.is_some_and(|group| facts.waits_for(|question| *question == Question::Group(group.name.to_string()))) {
            return Some("whether the group's name is free");
        }
        if facts.waits_for(|question| matches!(question, Question::Policy(_))) {
            return Some("whether the policy's name is free");
        }
        if facts.waits_for(|question| matches!(question, Question::PermissionsOf(_))) {
            return Some("what is copied");
        }
        let joined = group.filter(|group| facts.has_group(&group.name));
        if joined.is_some_and(|group| facts.is_open(&Question::GroupPolicies(group.name.to_string()))) {
            return Some("what the group gives");
        }
        if self.request.access.console.is_some() && facts.is_open(&Question::PasswordPolicy) {
            return Some("the account's password policy");
        }
        if self.saving.as_ref().is_some_and(Fact::is_pending) {
            return Some("whether your AWS files can be edited");
        }
        if facts.waits_for(|question| matches!(question, Question::Rights(_))) {
            return Some("whether you may make these calls");
        }
        let groups = facts.waits_for(|question| matches!(question, Question::GroupPolicies(_)));
        let documents =
            policies_of(&self.request, facts).iter().any(|arn| facts.document(arn).is_some_and(|fact| fact.is_pending()));
        if self.request.access.console.as_ref().is_some_and(|console| console.reset) && (groups || documents) {
            return Some("what the policies say of MFA");
        }
        None
    }

    pub(super) fn key(mut self: Box<Self>, key: Key, context: &mut Context, out: &mut Out) -> Phase {
        match command(key, false) {
            Some(Command::Back) => {
                let page = PageId::Tags;
                return Phase::Asking(Box::new(self.asking.opened(page, None)));
            }
            Some(Command::Leave) => {
                self.withdraw();
                out.dialog = Some(Dialog::leave());
            }
            Some(Command::Refresh) if context.facts.caller().is_none() => {
                out.effects.extend(context.connect(context.source.clone()));
            }
            Some(Command::Refresh) => return Self::open(self.asking, context, out),
            _ => match key {
                Key::Up | Key::BackTab => self.go_to(self.at.saturating_sub(1)),
                Key::Down | Key::Tab => self.go_to(self.at + 1),
                Key::Enter => return self.press(context, out),
                Key::Char('d') => {
                    self.withdraw();
                    out.dialog = Some(Dialog::dry_run(dry_run::FORMS.iter().map(|form| form.label()).collect()));
                }
                Key::Char('w') => {
                    self.withdraw();
                    let name = format!("{}.toml", self.request.user.name);
                    let mut dialog = Dialog::listing(name, self.answers_file(context));
                    // To write them is what was asked for.
                    dialog.at = 1;
                    out.dialog = Some(dialog);
                }
                _ => {}
            },
        }
        Phase::Reviewing(self)
    }

    pub(super) fn on(mut self: Box<Self>, event: Event, context: &mut Context, out: &mut Out) -> Phase {
        if let Event::Click(target) = event
            && let Some(at) = entry(target).filter(|at| *at <= CREATE)
        {
            self.at = at;
            return self.press(context, out);
        }
        // The edit is proven on the files as they are, before any call is made.
        if let Event::Foreseen { to, answer, .. } = event {
            // Of another name that was reviewed before.
            if to != self.destination(context) {
                return Phase::Reviewing(self);
            }
            self.saving = Some(match answer {
                Ok(prospect) => Fact::Known(prospect),
                Err(fault) => Fact::Failed(fault),
            });
            return self.learned(context, out);
        }
        Phase::Reviewing(self)
    }

    /// As what the key would be saved.
    pub(super) fn destination(&self, context: &Context) -> Destination {
        destination(self.asking.guide(), self.request.user.name.as_str(), context)
    }

    /// What saving the key would do, where there will be one.
    pub(super) fn prospect(&self) -> Option<Result<&Prospect, String>> {
        let saving = self.saving.as_ref()?;
        saving.known().map(|prospect| Ok(&**prospect)).or_else(|| Some(Err(saving.fault()?.what())))
    }

    /// The calls in one of the forms of a dry run; `None` while it is not known who calls.
    pub(super) fn dry_run(&self, form: usize, context: &Context) -> Option<Dialog> {
        let (form, plan) = (dry_run::FORMS.get(form)?, self.plan.as_ref()?);
        let text = form.text(plan, &context.dry_run()?);
        Some(Dialog::listing(form.file_name(self.request.user.name.as_str()), text))
    }

    /// The answers as a walkthrough's file.
    pub fn answers_file(&self, context: &Context) -> String {
        let guide = self.asking.guide();
        let to = self.destination(context);
        let hand_over = HandOverProposal {
            profile: to.profile,
            region: to.region,
            output: to.output.unwrap_or_default(),
            paste: guide.hand_over.paste.clone(),
        };
        written(&self.request, guide, &hand_over)
    }

    /// The walkthrough's words for this page.
    pub fn guide(&self) -> &Guide {
        self.asking.guide()
    }

    /// Takes a confirmation back: nothing starts behind the person's back.
    pub(super) fn withdraw(&mut self) {
        self.confirmed = None;
        self.said = None;
    }

    /// It is known now who calls: the names are looked up for that account.
    pub(super) fn connected(self: Box<Self>, context: &mut Context, out: &mut Out) -> Phase {
        Self::open(self.asking, context, out)
    }

    /// Moving away takes a confirmation back.
    fn go_to(&mut self, at: usize) {
        if at.min(CREATE) != self.at {
            self.at = at.min(CREATE);
            self.withdraw();
        }
    }

    fn press(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Phase {
        if let Some(page) = PAGES.get(self.at) {
            return Phase::Asking(Box::new(self.asking.opened(page.id, None)));
        }
        self.said = None;
        let fault = context.facts.caller.as_ref().and_then(Fact::fault);
        match (self.pending(context), fault) {
            (None, _) => self.start(context, out),
            (Some(_), Some(fault)) => {
                self.said = Some(fault.to_string());
                Phase::Reviewing(self)
            }
            (Some(what), None) => {
                self.confirmed = self.plan.clone();
                self.said = Some(match &self.confirmed {
                    Some(_) => format!("Starts as soon as it is known {what}."),
                    None => "It is still being found out who calls. Press Enter again in a moment.".to_owned(),
                });
                Phase::Reviewing(self)
            }
        }
    }

    /// A fact has come: what was confirmed meanwhile starts, unless the fact changed the plan.
    pub(super) fn learned(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Phase {
        self.refresh(context);
        out.effects.extend(self.ask(context));
        if self.pending(context).is_some() {
            return Phase::Reviewing(self);
        }
        match self.confirmed.take() {
            Some(confirmed) if self.plan.as_ref() == Some(&confirmed) => {
                self.said = None;
                self.start(context, out)
            }
            Some(_) => {
                self.said =
                    Some("What was looked up has changed the calls: look at them once more, then press Enter.".to_owned());
                Phase::Reviewing(self)
            }
            None => Phase::Reviewing(self),
        }
    }

    fn start(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Phase {
        if let Some(first) = self.concerns.iter().find(|concern| concern.weight == Weight::Error) {
            // To the block that has to be changed; one more Enter opens its page.
            self.at = PAGES.iter().position(|page| page.id == first.page).unwrap_or(CREATE);
            self.said = Some("Not yet: this has to be changed first. Enter opens its page.".to_owned());
            return Phase::Reviewing(self);
        }
        let warnings = self.concerns.iter().filter(|concern| matches!(concern.weight, Weight::Existing | Weight::Warning));
        let words: Vec<String> = warnings.map(|concern| concern.words.clone()).collect();
        if !words.is_empty() {
            out.dialog = Some(Dialog::all_the_same(words));
            return Phase::Reviewing(self);
        }
        self.all_the_same(context, out)
    }

    /// Makes the calls, whatever was warned of.
    pub(super) fn all_the_same(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Phase {
        match self.plan.take() {
            Some(plan) => Creating::start(self.asking, &self.request, plan, context, out),
            None => Phase::Reviewing(self),
        }
    }
}
