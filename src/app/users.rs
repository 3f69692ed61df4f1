//! The users of the account: the list, and a page for each of them. It only reads; tasks start from here.

use std::ops::ControlFlow::{Break, Continue};

use super::asking::Asking;
use super::dialog::Dialog;
use super::effect::Effect;
use super::event::{Event, Key, Wake};
use super::field::{Field, FieldId, FieldOption, Note};
use super::form::{Form, KeyOutcome};
use super::keymap::{KeyCommand, command};
use super::pages::permissions::list_state;
use super::table::{Detail, Pick, Row, Table};
use super::tasks::{add_key, console_access, revoke, rotate_key};
use super::transition::{Transition, Turn};
use super::{Context, Out, entry};
use crate::domain::facts::{Fact, Question};
use crate::domain::moment::Moment;
use crate::domain::name::UserName;
use crate::domain::users::listing::{ago, console_in_short, keys_in_short, mark};
use crate::domain::users::{Overview, USERS_AT_ONCE, overviews};

/// So many rows around the highlighted one count as being on the screen.
const NEAR: usize = 20;

/// Above the columns of a row.
pub const COLUMNS: &str = "   sign-in  MFA  keys              last seen";

/// By what the list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Name,
    StandsOut,
    OldestKey,
    LastSeen,
}

const ORDERS: [(Order, &str, &str); 4] = [
    (Order::Name, "name", ""),
    (Order::StandsOut, "what stands out", "old keys, unused keys, console access without MFA"),
    (Order::OldestKey, "oldest key", "of the keys that work"),
    (Order::LastSeen, "last seen", "who was not seen for longest comes first"),
];

/// What can be done with a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserChoice {
    AddKey,
    Rotate,
    Console,
    Revoke,
    Back,
}

impl UserChoice {
    pub const ALL: [Self; 5] = [Self::AddKey, Self::Rotate, Self::Console, Self::Revoke, Self::Back];

    pub fn words(self) -> &'static str {
        match self {
            Self::AddKey => "Add an access key",
            Self::Rotate => "Rotate an access key",
            Self::Console => "Change the console access",
            Self::Revoke => "Revoke all access",
            Self::Back => "Back to the list",
        }
    }
}

/// A user whose own page is open.
#[derive(Debug)]
pub struct OpenUser {
    pub name: String,
    /// The highlighted choice.
    pub at: usize,
    /// The runs of this account that were about it, each with how it stands.
    pub runs: Vec<(String, &'static str)>,
}

#[derive(Debug)]
pub struct Users {
    /// The pages behind, to which Esc leads back.
    asking: Asking,
    form: Form,
    all: Vec<Overview>,
    open: Option<OpenUser>,
    /// What the rows were made of: how often the facts had changed, and the order.
    made_of: Option<(u64, usize)>,
}

impl Users {
    pub(super) fn new(asking: Asking) -> Self {
        let options =
            ORDERS.iter().map(|(_, label, about)| FieldOption { label: (*label).to_owned(), about: (*about).to_owned() });
        let table = Table::new(Detail::Columns(COLUMNS), &[], Vec::new()).picking(Pick::One);
        let mut form = Form::new(vec![
            Field::choice(FieldId::ORDER, "Sorted by", options.collect(), Some(0)),
            Field::table(FieldId::USERS, "Users", table),
        ]);
        form.focus_on(FieldId::USERS);
        Self { asking, form, all: Vec::new(), open: None, made_of: None }
    }

    pub fn form(&self) -> &Form {
        &self.form
    }

    /// The pages behind.
    pub fn asking(&self) -> &Asking {
        &self.asking
    }

    pub fn open(&self) -> Option<&OpenUser> {
        self.open.as_ref()
    }

    /// What is known of the user whose page is open.
    pub fn shown(&self) -> Option<&Overview> {
        let open = self.open.as_ref()?;
        self.all.iter().find(|one| one.user.name == open.name)
    }

    fn order(&self) -> Order {
        self.form.chosen(FieldId::ORDER).and_then(|at| ORDERS.get(at)).map_or(Order::Name, |(order, ..)| *order)
    }

    /// What the page needs from the start. Users whom a run of this start has changed are asked about themselves: the reports are
    /// older than that.
    pub(super) fn needs(context: &Context) -> Vec<Question> {
        let all = [Question::Alias, Question::Users, Question::CredentialReport, Question::UserDetails, Question::HeldKeys];
        let changed = context.earlier.changed.iter().map(|user| Question::CredentialsOf(user.to_string()));
        all.into_iter().chain(changed).collect()
    }

    /// What is to be asked now. Where the reports are refused, that is about the rows on the screen, or about all where the
    /// order needs it; four at once.
    pub(super) fn questions(&self, context: &Context) -> Vec<Question> {
        let facts = &context.facts;
        if let Some(open) = &self.open {
            let groups = facts.permissions_of(&open.name).and_then(Fact::into_known);
            let groups = groups.into_iter().flat_map(|held| held.groups.iter().cloned().map(Question::GroupPolicies));
            let own = [Question::CredentialsOf, Question::PermissionsOf, Question::OtherCredentials];
            return own.into_iter().map(|question| question(open.name.clone())).chain(groups).collect();
        }
        if facts.lacking_reports().is_empty() {
            return Vec::new();
        }
        let room = USERS_AT_ONCE.saturating_sub(facts.pending(|question| matches!(question, Question::CredentialsOf(_))));
        let unasked = |name: &&String| facts.end(&Question::CredentialsOf((*name).clone())).is_none();
        let near = self.form.table(FieldId::USERS).into_iter().flat_map(|table| {
            let from = table.at().saturating_sub(NEAR);
            table.visible().skip(from).take(2 * NEAR).map(|row| &row.key)
        });
        let all = self.all.iter().filter(|_| self.order() != Order::Name).map(|one| &one.user.name);
        near.chain(all).filter(unasked).take(room).cloned().map(Question::CredentialsOf).collect()
    }

    /// Whether what stands on the page is still being looked up.
    pub fn is_looking(&self, context: &Context) -> bool {
        let own = self.questions(context);
        Self::needs(context).iter().chain(&own).any(|question| context.facts.is_open(question))
    }

    pub(super) fn refresh(&mut self, context: &Context) {
        let order = self.form.chosen(FieldId::ORDER).unwrap_or_default();
        let now = context.sign_in.clock;
        let made_of = Some((context.facts.changes(), order));
        if self.made_of == made_of {
            return;
        }
        self.made_of = made_of;
        // While the list is fetched again, the rows and the highlighted one stay.
        if !self.all.is_empty() && context.facts.is_open(&Question::Users) {
            return;
        }
        self.all = overviews(context.facts.users(), &context.facts.user_sources());
        let order = self.order();
        let rank = |one: &Overview| match order {
            Order::Name => 0,
            Order::StandsOut => -i64::try_from(one.notices(now).len()).unwrap_or_default(),
            Order::OldestKey => -one.oldest_key(now).unwrap_or(-1),
            Order::LastSeen => one.last_seen().map_or(i64::MIN, |at| at.0),
        };
        self.all.sort_by_cached_key(|one| (rank(one), one.user.name.to_lowercase()));
        let note = self.note(context);
        if let Some(table) = self.form.table_mut(FieldId::USERS) {
            table.replace(self.all.iter().map(|one| row(one, now)).collect());
            table.state = list_state(&context.facts, &Question::Users);
        }
        if let Some(field) = self.form.field_mut(FieldId::USERS) {
            field.note = note;
        }
    }

    /// Where the columns come from, and what is missing.
    fn note(&self, context: &Context) -> Option<Note> {
        let facts = &context.facts;
        facts.caller()?;
        if let Some(fault) = facts.lacking_reports().first() {
            let known = self.all.iter().filter(|one| one.keys.is_some()).count();
            let sorts = match self.order() {
                Order::Name => "",
                _ if known < self.all.len() => " The order is complete once all are known.",
                _ => "",
            };
            let (what, all) = (fault.what(), self.all.len());
            return Some(Note::Warning(format!("{what} Each user is asked about instead: {known} of {all} so far.{sorts}")));
        }
        match facts.credential_report() {
            Some(report) => Some(Note::Info(format!("Sign-in, MFA and keys by the credential report of {}.", report.made))),
            None => Some(Note::Info("IAM is making its credential report …".to_owned())),
        }
    }

    /// Opens the page of the highlighted user.
    fn open_one(mut self: Box<Self>, context: &Context, out: &mut Out) -> Turn<Self> {
        let Some(name) = self.form.table(FieldId::USERS).and_then(Table::highlighted).map(|row| row.key.clone()) else {
            return Continue(self);
        };
        out.effects.extend(context.facts.caller().map(|caller| {
            let (account, user) = (caller.account.clone(), name.clone());
            Effect::FindRunsOf { realm: context.realm(), account, user }
        }));
        self.open = Some(OpenUser { name, at: 0, runs: Vec::new() });
        Continue(self)
    }

    fn press(mut self: Box<Self>) -> Turn<Self> {
        let Some(open) = &self.open else { return Continue(self) };
        let task = match UserChoice::ALL.get(open.at) {
            Some(UserChoice::AddKey) => &add_key::TASK,
            Some(UserChoice::Rotate) => &rotate_key::TASK,
            Some(UserChoice::Console) => &console_access::TASK,
            Some(UserChoice::Revoke) => &revoke::TASK,
            Some(UserChoice::Back) | None => {
                self.open = None;
                return Continue(self);
            }
        };
        match UserName::new(&open.name) {
            Ok(user) => Break(self.asking.instead_of_users(task, &user)),
            Err(_) => Continue(self),
        }
    }

    pub(super) fn key(mut self: Box<Self>, key: Key, context: &mut Context, out: &mut Out) -> Turn<Self> {
        match command(key, self.open.is_none() && self.form.is_typing()) {
            Some(KeyCommand::Back) if self.open.is_some() => {
                self.open = None;
                return Continue(self);
            }
            Some(KeyCommand::Back) if self.form.clear_filter() => return Continue(self),
            Some(KeyCommand::Back) => return Break(Transition::Start(self.asking)),
            Some(KeyCommand::Leave) => {
                out.dialog = Some(Dialog::leave(context.is_practice(), context.keeps_answers()));
                return Continue(self);
            }
            Some(KeyCommand::Refresh) => {
                let questions = match &self.open {
                    Some(_) => self.questions(context),
                    None => Self::needs(context),
                };
                out.effects.extend(match context.facts.caller() {
                    None => context.connect_again(),
                    Some(_) => context.ask_again(questions),
                });
                return Continue(self);
            }
            _ => {}
        }
        if let Some(open) = &mut self.open {
            let last = UserChoice::ALL.len() - 1;
            match key {
                Key::Up => open.at = open.at.saturating_sub(1),
                Key::Down => open.at = (open.at + 1).min(last),
                Key::Home => open.at = 0,
                Key::End => open.at = last,
                Key::Enter => return self.press(),
                _ => {}
            }
            return Continue(self);
        }
        // A list to look at: Enter opens what is highlighted, however one came there.
        let is_filtering = self.form.table(FieldId::USERS).is_some_and(|table| table.filtering);
        if key == Key::Enter && !is_filtering && self.form.focused().is_some_and(|field| field.id == FieldId::USERS) {
            return self.open_one(context, out);
        }
        if self.form.key(key) == KeyOutcome::Continue {
            self.form.focus_on(FieldId::USERS);
        }
        Continue(self)
    }

    pub(super) fn on(mut self: Box<Self>, event: Event, context: &Context, out: &mut Out) -> Turn<Self> {
        match (event, &mut self.open) {
            (Event::RunsOf { user, runs }, Some(open)) if open.name == user => {
                open.runs = runs;
                Continue(self)
            }
            (Event::Click(target), Some(open)) => match entry(target) {
                Some(at) => {
                    open.at = at;
                    self.press()
                }
                None => Continue(self),
            },
            (_, Some(_)) | (Event::Woke(Wake::Rested(_)), None) => Continue(self),
            (Event::Accept, None) => self.open_one(context, out),
            (event, None) => {
                self.form.on(event);
                Continue(self)
            }
        }
    }
}

/// A user as a row: its columns, and what it says in words.
fn row(one: &Overview, now: Moment) -> Row {
    let notices: Vec<String> = one.notices(now).iter().map(|notice| notice.words()).collect();
    let sign = if notices.is_empty() { " " } else { "!" };
    let (console, keys) = (console_in_short(one, now), keys_in_short(one.keys.as_deref(), now));
    let seen = one.last_seen().map_or_else(|| "-".to_owned(), |at| ago(at, now));
    let columns = format!("{sign}  {console:<7}  {:<3}  {keys:<16}  {seen}", mark(one.has_mfa));
    let known = |known: Option<bool>| match known {
        None => "not known",
        Some(true) => "yes",
        Some(false) => "no",
    };
    let facts = format!("console {}, MFA {}, keys {keys}, last seen {seen}", known(one.has_password), known(one.has_mfa));
    let remark = if notices.is_empty() { facts } else { format!("{}; {facts}", notices.join(", ")) };
    let ids = one.keys.iter().flatten().filter_map(|key| key.id.clone());
    let found: Vec<String> =
        one.groups.iter().flatten().cloned().chain(one.profiles.iter().cloned()).chain(notices).chain(ids).collect();
    let found = format!("{} {}", one.user.path, found.join(" "));
    Row::new(&one.user.name, &one.user.name, remark, "").found_by(&found).with_columns(columns)
}
