//! *Review*: every answer, what speaks against it, and the steps in the order in which they can run. Nothing was sent yet.

use std::ops::ControlFlow::{Break, Continue};

use super::asking::Asking;
use super::dialog::Dialog;
use super::effect::Effect;
use super::event::{Event, Key};
use super::handing_over::destination;
use super::keymap::{KeyCommand, command};
use super::pages::{Page, walkthrough};
use super::tasks::{Task, Wanted};
use super::transition::{Transition, Turn};
use super::{Context, Out, entry};
use crate::domain::answers::Answers;
use crate::domain::dry_run::{self, DryRunFormat, FORMS};
use crate::domain::facts::{Fact, Question};
use crate::domain::hand_over::{Destination, SavePreview, check_profile};
use crate::domain::page::PageId;
use crate::domain::plan::Plan;
use crate::domain::preflight::{Finding, Severity};
use crate::domain::region;
use crate::domain::walkthrough::{HandOverProposal, ResolvedWalkthrough};

#[derive(Debug)]
pub struct Reviewing {
    asking: Asking,
    /// The plan with the facts of this moment; `None` while what it needs is not known.
    pub plan: Option<Plan>,
    /// What speaks against it.
    pub findings: Vec<Finding>,
    /// The highlighted entry: a block, or behind them the button.
    pub at: usize,
    /// Whether the person's files can be edited, where there will be a key to save.
    saving: Option<Fact<Box<SavePreview>>>,
    /// Why it did not start, when the person asked for it.
    pub said: Option<String>,
    /// The plan that the person confirmed while something was still being looked up: this plan and no other starts by itself.
    confirmed: Option<Plan>,
}

/// A block of the review: what a page was answered with.
pub struct Block {
    pub page: PageId,
    /// The page's word.
    pub title: &'static str,
    /// The answer, a line each.
    pub lines: Vec<String>,
}

impl Reviewing {
    /// Opens the review; what has to be fresh is looked up again.
    pub(super) fn open(asking: Asking, context: &mut Context, out: &mut Out) -> Turn<Self> {
        let task = asking.task();
        // A page that was never accepted comes first.
        if let Some(page) = task.pages.iter().find(|page| asking.answers().get(page.id).is_none()) {
            return Break(asking.change(page.id));
        }
        for wanted in (task.wants)(asking.answers(), None, &context.facts).into_iter().filter(|wanted| wanted.anew) {
            match wanted.due {
                true => out.effects.extend(context.ask_again(vec![wanted.question])),
                false => context.facts.forget(&wanted.question),
            }
        }
        let saving = asking.answers().access().and_then(|access| access.key.as_ref()).map(|_| Fact::Pending);
        let mut new =
            Self { at: task.pages.len() + 1, asking, plan: None, findings: Vec::new(), saving, said: None, confirmed: None };
        if new.saving.is_some() {
            let to = new.destination(context);
            out.effects.push(Effect::PreviewSave { realm: context.realm(), key_id: String::new(), to });
        }
        new.refresh(context);
        // A permission may have been granted meanwhile.
        context.facts.forget_rights();
        out.effects.extend(new.ask(context));
        Continue(Box::new(new))
    }

    pub(super) fn asking(&self) -> &Asking {
        &self.asking
    }

    pub fn task(&self) -> &'static Task {
        self.asking.task()
    }

    pub fn answers(&self) -> &Answers {
        self.asking.answers()
    }

    /// The blocks, in order.
    pub fn blocks(&self, context: &Context) -> Vec<Block> {
        let start = Block { page: PageId::Walkthrough, title: walkthrough::TITLE, lines: vec![self.walkthrough().name.clone()] };
        let page =
            |page: &&'static Page| Block { page: page.id, title: page.title, lines: (page.summary)(self.answers(), context) };
        std::iter::once(start).chain(self.task().pages.iter().map(page)).collect()
    }

    /// The place of the button that makes the calls, behind the blocks.
    pub fn button(&self) -> usize {
        self.task().pages.len() + 1
    }

    pub fn confirm_words(&self) -> String {
        (self.task().confirm)(self.answers())
    }

    fn page_at(&self, at: usize) -> Option<PageId> {
        let pages = self.task().pages.iter().map(|page| page.id);
        std::iter::once(PageId::Walkthrough).chain(pages).nth(at)
    }

    fn user(&self) -> &str {
        self.answers().user_name().unwrap_or_default()
    }

    /// Plans again with the facts of this moment.
    pub fn refresh(&mut self, context: &Context) {
        let task = self.task();
        self.plan = (task.plan)(self.answers(), &context.facts);
        self.findings = (task.findings)(self.answers(), self.plan.as_ref(), context);
        if self.saving.is_some() {
            let to = self.destination(context);
            // While that is not known yet, it may be there.
            let is_there = self.saving.as_ref().and_then(Fact::known).is_none_or(|preview| preview.replaces);
            let wrong = [
                check_profile(&to.profile, is_there).err().map(|rule| format!("The profile “{}”: {rule}", to.profile)),
                region::check(&to.region, context.sign_in.endpoint.is_some())
                    .err()
                    .map(|rule| format!("The region “{}”: {rule}", to.region)),
            ];
            let wrong = wrong.into_iter().flatten();
            self.findings.extend(wrong.map(|words| Finding { page: PageId::Walkthrough, severity: Severity::Error, words }));
        }
        let omitted = self.asking.walkthrough().omitted.iter();
        self.findings.extend(omitted.map(|words| Finding {
            page: PageId::Permissions,
            severity: Severity::Note,
            words: words.clone(),
        }));
        let preview = self.saving.as_ref().and_then(Fact::known);
        let notes = preview.into_iter().flat_map(|preview| preview.asks.iter().chain(&preview.notes)).cloned();
        self.findings.extend(notes.map(|words| Finding { page: PageId::Access, severity: Severity::Note, words }));
        if let Some(fault) = self.saving.as_ref().and_then(Fact::fault) {
            let words = format!("The key could not be saved as a profile, only handed over in another way. {}", fault.what());
            self.findings.push(Finding { page: PageId::Access, severity: Severity::Warning, words });
        }
    }

    /// What is needed as far as is known now.
    fn wants(&self, context: &Context) -> impl Iterator<Item = Wanted> {
        (self.task().wants)(self.answers(), self.plan.as_ref(), &context.facts).into_iter().filter(|wanted| wanted.due)
    }

    fn ask(&self, context: &mut Context) -> Vec<Effect> {
        let questions: Vec<Question> = self.wants(context).map(|wanted| wanted.question).collect();
        context.ask(questions)
    }

    /// What is still being looked up, in words; the plan depends on it.
    pub fn pending(&self, context: &Context) -> Option<&'static str> {
        if context.facts.caller().is_none() {
            return Some("whether your credentials work");
        }
        let mut open = self.wants(context).filter(|wanted| context.facts.is_open(&wanted.question));
        let files = self.saving.as_ref().is_some_and(Fact::is_pending);
        open.next().map(|wanted| wanted.words).or_else(|| files.then_some("whether your AWS files can be edited"))
    }

    pub(super) fn key(mut self: Box<Self>, key: Key, context: &mut Context, out: &mut Out) -> Turn<Self> {
        match command(key, false) {
            Some(KeyCommand::Back) => {
                let last = self.page_at(self.button() - 1).unwrap_or(PageId::Walkthrough);
                return Break(self.asking.change(last));
            }
            Some(KeyCommand::Leave) => {
                self.withdraw();
                out.dialog = Some(Dialog::leave(context.is_practice(), context.keeps_answers()));
            }
            Some(KeyCommand::Refresh) if context.facts.caller().is_none() => {
                out.effects.extend(context.connect(context.sign_in.source.clone()));
            }
            Some(KeyCommand::Refresh) => return Break(Transition::Review(self.asking)),
            _ => match key {
                Key::Up | Key::BackTab => self.go_to(self.at.saturating_sub(1)),
                Key::Down | Key::Tab => self.go_to(self.at + 1),
                Key::Enter => return self.press(context, out),
                Key::Char('d') => {
                    self.withdraw();
                    let asked = |plan| {
                        let forms = dry_run::forms(plan).map(DryRunFormat::label).collect();
                        Dialog::dry_run(forms, FORMS.into_iter().filter_map(|form| form.refusal(plan)).collect())
                    };
                    out.dialog = self.plan.as_ref().map(asked);
                }
                Key::Char('w') => {
                    if let Some(text) = self.answers_file(context) {
                        self.withdraw();
                        let mut dialog = Dialog::listing(format!("{}.toml", self.user()), text);
                        // To write them is what was asked for.
                        dialog.at = 1;
                        out.dialog = Some(dialog);
                    }
                }
                _ => {}
            },
        }
        Continue(self)
    }

    pub(super) fn on(mut self: Box<Self>, event: Event, context: &mut Context, out: &mut Out) -> Turn<Self> {
        if let Event::Click(target) = event
            && let Some(at) = entry(target).filter(|at| *at <= self.button())
        {
            self.at = at;
            return self.press(context, out);
        }
        // The edit is proven on the files as they are, before any call is made.
        if let Event::SavePreviewed { to, answer, .. } = event {
            // Of another name that was reviewed before.
            if to != self.destination(context) {
                return Continue(self);
            }
            self.saving = Some(match answer {
                Ok(preview) => Fact::Known(preview),
                Err(fault) => Fact::Failed(fault),
            });
            return self.learned(context, out);
        }
        Continue(self)
    }

    /// As what the key would be saved.
    pub(super) fn destination(&self, context: &Context) -> Destination {
        destination(self.asking.walkthrough(), self.user(), context)
    }

    /// What saving the key would do, where there will be one.
    pub(super) fn preview(&self) -> Option<Result<&SavePreview, String>> {
        let saving = self.saving.as_ref()?;
        saving.known().map(|preview| Ok(&**preview)).or_else(|| Some(Err(saving.fault()?.what())))
    }

    /// The calls in one of the forms of a dry run; `None` while the caller is not known.
    pub(super) fn dry_run(&self, form: usize, context: &Context) -> Option<Dialog> {
        let plan = self.plan.as_ref()?;
        let form = dry_run::forms(plan).nth(form)?;
        let text = form.text(plan, &context.dry_run()?);
        Some(Dialog::listing(form.file_name(self.user()), text))
    }

    /// The answers as a walkthrough's file, where they can be one.
    pub fn answers_file(&self, context: &Context) -> Option<String> {
        let walkthrough = self.asking.walkthrough();
        let to = self.destination(context);
        let hand_over = HandOverProposal {
            profile: to.profile,
            region: to.region,
            output: to.output.unwrap_or_default(),
            paste: walkthrough.hand_over.paste.clone(),
        };
        self.task().file?(self.answers(), walkthrough, &hand_over)
    }

    /// The walkthrough's words for this page.
    pub fn walkthrough(&self) -> &ResolvedWalkthrough {
        self.asking.walkthrough()
    }

    /// Withdraws a confirmation: nothing starts behind the person's back.
    pub(super) fn withdraw(&mut self) {
        self.confirmed = None;
        self.said = None;
    }

    /// The caller is known now: the names are looked up for that account.
    pub(super) fn connected(self: Box<Self>) -> Turn<Self> {
        Break(Transition::Review(self.asking))
    }

    /// Moving away withdraws a confirmation.
    fn go_to(&mut self, at: usize) {
        let at = at.min(self.button());
        if at != self.at {
            self.at = at;
            self.withdraw();
        }
    }

    fn press(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        if let Some(page) = self.page_at(self.at) {
            return Break(self.asking.change(page));
        }
        self.said = None;
        let fault = context.facts.caller.as_ref().and_then(Fact::fault);
        match (self.pending(context), fault) {
            (None, _) => self.start(out),
            (Some(_), Some(fault)) => {
                self.said = Some(fault.to_string());
                Continue(self)
            }
            (Some(what), None) => {
                self.confirmed = self.plan.clone();
                self.said = Some(match &self.confirmed {
                    Some(_) => format!("Starts once it is known {what}."),
                    None => "Still checking your credentials. Press Enter again in a moment.".to_owned(),
                });
                Continue(self)
            }
        }
    }

    /// A fact has come: what was confirmed meanwhile starts, unless the fact changed the plan.
    pub(super) fn learned(mut self: Box<Self>, context: &mut Context, out: &mut Out) -> Turn<Self> {
        self.refresh(context);
        out.effects.extend(self.ask(context));
        if self.pending(context).is_some() {
            return Continue(self);
        }
        match self.confirmed.take() {
            Some(confirmed) if self.plan.as_ref() == Some(&confirmed) => {
                self.said = None;
                self.start(out)
            }
            Some(_) => {
                self.said = Some("The calls have changed since. Read them again, then press Enter.".to_owned());
                Continue(self)
            }
            None => Continue(self),
        }
    }

    fn start(mut self: Box<Self>, out: &mut Out) -> Turn<Self> {
        if let Some(first) = self.findings.iter().find(|finding| finding.severity == Severity::Error) {
            // To the block that has to be changed; one more Enter opens its page.
            let page = first.page;
            self.at = (0..self.button()).find(|at| self.page_at(*at) == Some(page)).unwrap_or(self.button());
            self.said = Some("Not yet: this has to be changed first. Enter opens its page.".to_owned());
            return Continue(self);
        }
        let warnings = self.findings.iter().filter(|finding| matches!(finding.severity, Severity::Existing | Severity::Warning));
        let words: Vec<String> = warnings.map(|finding| finding.words.clone()).collect();
        if !words.is_empty() {
            out.dialog = Some(Dialog::create_anyway(words));
            return Continue(self);
        }
        self.create_anyway()
    }

    /// Makes the calls, whatever was warned of.
    pub(super) fn create_anyway(mut self: Box<Self>) -> Turn<Self> {
        match self.plan.take() {
            Some(plan) => Break(Transition::Create(self.asking, plan)),
            None => Continue(self),
        }
    }
}
