//! A run, as its journal tells it: what it is, what happened to each step, how its secrets were handed over, how it ended.

use serde::Deserialize;

use super::facts::KeySight;
use super::ledger::{Ledger, RunStatus, StepState};
use super::moment::Moment;
use super::operation::{Made, Operation, SecretKind, quoted};
use super::plan::Plan;
use super::record::{Beginning, Delivery, End, Record, TaskId, VERSION};
use super::step::Step;
use super::step_id::StepId;
use super::users::KeyUse;

impl Beginning {
    /// What the journal of a run begins with; the service gives it its name and date.
    pub fn of(task: TaskId, ledger: &Ledger, account: &str, partition: &str, caller: &str) -> Self {
        Self {
            iamwalk: VERSION,
            task,
            run: String::new(),
            begun: String::new(),
            account: account.to_owned(),
            partition: partition.to_owned(),
            caller: caller.to_owned(),
            profile: None,
            endpoint: None,
            region: None,
            subjects: ledger.plan().subjects().to_vec(),
            steps: ledger.plan().steps().to_vec(),
            free_at: ledger.plan().steps().iter().map(|step| ledger.free_at(step.id)).collect(),
            due: None,
        }
    }
}

/// Why a journal can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A later iamwalk wrote it.
    Newer(u32),
    /// iamwalk wrote it while it was being developed, before the format was settled.
    Earlier,
    /// This line is none of a journal's.
    Damaged(usize),
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Newer(version) => write!(f, "A newer iamwalk wrote it (format {version}). Update iamwalk to resume it."),
            Self::Earlier => {
                write!(
                    f,
                    "A development version wrote it before the format was settled. Its lines are kept: “iamwalk runs show”."
                )
            }
            Self::Damaged(line) => write!(f, "Line {line} is damaged. Look at the account by hand for what this run made."),
        }
    }
}

/// A run, as its journal tells it.
#[derive(Clone, Debug)]
pub struct Run {
    pub beginning: Beginning,
    /// What happened to each step. Calls whose answer was never written down are unclear.
    pub ledger: Ledger,
    /// How its secrets were handed over, each with the step that brought it.
    pub deliveries: Vec<(StepId, Delivery)>,
    /// What a later iamwalk wrote that this one does not know.
    pub unknown: Vec<Unknown>,
    /// How it ended, if it did.
    pub end: Option<End>,
}

/// What a run has left for later: an old key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// From when on it may go; `None` where it was to go at once.
    pub at: Option<Moment>,
    /// `AKIA…`.
    pub key: String,
    /// It was not deactivated yet.
    pub still_works: bool,
}

/// How long an old key is kept, in days: AWS says "several days" (IAM User Guide, "Update access keys").
pub const LATER: i64 = 7;

/// What a rotation itself calls with the old key is no use of it, in seconds.
const ROTATING: i64 = 900;

impl Due {
    /// Whether somebody called with the key since the rotation, as far as IAM shows that; `None` where it can't be seen.
    pub fn used_since(&self, sight: &KeySight) -> Option<bool> {
        let owner = &sight.owner;
        let since = self.at.map(|at| at.after_days(-LATER).0 + ROTATING);
        match (owner.key.as_ref().map(|key| key.used), since) {
            // It is gone.
            (None, _) if owner.user.is_none() && owner.gaps.is_empty() => Some(false),
            (None | Some(KeyUse::Unknown), _) => None,
            (Some(KeyUse::At(at)), Some(since)) => Some(at.0 > since),
            (Some(KeyUse::At(_) | KeyUse::Never), _) => Some(false),
        }
    }

    /// In words: "the old key AKIA… is deactivated; due 2026-12-07".
    pub fn words(&self) -> String {
        let state = if self.still_works { "still works" } else { "is deactivated" };
        let from = self.at.map(|at| format!(" from {} on", at.date())).unwrap_or_default();
        format!("the old key {} {state}; to be deleted{from}", self.key)
    }
}

/// A record of a kind that only a later iamwalk knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub kind: String,
    /// The step that it is about; without one it stops nothing.
    pub step: Option<StepId>,
}

impl Unknown {
    /// Reads a line of JSON that is one object with one key, as all records are.
    fn read(line: &[u8], steps: usize) -> Option<Self> {
        let serde_json::Value::Object(record) = serde_json::from_slice(line).ok()? else { return None };
        let (kind, content) = record.into_iter().next()?;
        let step =
            [content.get("step"), content.get(0), Some(&content)].into_iter().flatten().find_map(serde_json::Value::as_u64);
        let step = step.and_then(|step| usize::try_from(step).ok()).filter(|step| *step < steps).map(StepId);
        Some(Self { kind, step })
    }
}

/// Only the version, of a first line whose other fields a later iamwalk may have changed.
#[derive(Deserialize)]
struct Versioned {
    begun: AnyVersion,
}

#[derive(Deserialize)]
struct AnyVersion {
    iamwalk: u32,
}

impl Run {
    /// Reads a journal. `None`: not even its first line is whole, so no call was made.
    ///
    /// A torn last line is what a crash leaves, and is passed over; so is one before a later start's own first record.
    ///
    /// # Errors
    /// A newer format, or a line that is none.
    pub fn read(text: &[u8]) -> Result<Option<Self>, Unreadable> {
        let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        // What stands behind the last line end is torn, or nothing.
        lines.pop();
        let Some((first, rest)) = lines.split_first() else { return Ok(None) };
        let beginning = match serde_json::from_slice(first) {
            Ok(Record::Begun(beginning)) if beginning.iamwalk == VERSION => beginning,
            _ => {
                return Err(match serde_json::from_slice::<Versioned>(first) {
                    Ok(Versioned { begun }) if begun.iamwalk > VERSION => Unreadable::Newer(begun.iamwalk),
                    Ok(Versioned { begun }) if begun.iamwalk < VERSION => Unreadable::Earlier,
                    _ => Unreadable::Damaged(1),
                });
            }
        };
        let (mut records, mut unknown) = (Vec::new(), Vec::new());
        for (i, line) in rest.iter().enumerate() {
            match serde_json::from_slice(line) {
                Ok(record) => records.push(record),
                Err(why) if why.is_data() && why.to_string().starts_with("unknown variant") => {
                    unknown.push(Unknown::read(line, beginning.steps.len()).ok_or(Unreadable::Damaged(i + 2))?);
                }
                Err(_) if rest.get(i + 1).is_none_or(|next| next.starts_with(b"{\"resumed\"")) => {}
                Err(_) => return Err(Unreadable::Damaged(i + 2)),
            }
        }
        let plan = Plan::restored(beginning.subjects.clone(), beginning.steps.clone()).ok_or(Unreadable::Damaged(1))?;
        let mut run = Self {
            ledger: Ledger::replayed(plan, &beginning.free_at, &records),
            beginning,
            deliveries: Vec::new(),
            unknown,
            end: None,
        };
        for record in records {
            match record {
                Record::Delivered(step, delivery) => run.deliveries.push((step, delivery)),
                Record::Ended(end) => run.end = Some(end),
                Record::Undoing(_) | Record::Looking(_) | Record::Sent(_) => run.end = None,
                // What was handed over is no more.
                Record::Undone(step) => run.deliveries.retain(|(of, _)| *of != step),
                _ => {}
            }
        }
        Ok(Some(run))
    }

    /// The steps whose secret nobody received: they are created again when the run is finished. A key goes with its description.
    pub fn lost_secrets(&self) -> Vec<StepId> {
        let plan = self.ledger.plan();
        let received = |step: &StepId| {
            self.deliveries.iter().any(|(of, how)| of == step && *how != Delivery::KeyShown) || self.ledger.may_be_saved(*step)
        };
        let key = plan.yielding(SecretKind::Key).filter(|step| !received(step));
        let password = plan.yielding(SecretKind::Password).filter(|step| !received(step));
        let is_back = |step: &StepId| self.ledger.state(*step).is_some_and(StepState::is_back);
        let noted = plan.yielding(SecretKind::Key).into_iter().flat_map(|key| plan.noted_after(key));
        let noted = noted.filter(|step| key.is_some() || is_back(step));
        [password, key].into_iter().flatten().chain(noted).collect()
    }

    /// The id of the key that is there and that nobody is known to have; whether its secret was shown, so that somebody may.
    pub fn open_key(&self) -> Option<(&str, bool)> {
        let key = self.ledger.plan().yielding(SecretKind::Key).filter(|key| self.lost_secrets().contains(key))?;
        match self.ledger.made(key)? {
            Made::Key { id, .. } => Some((id, self.deliveries.contains(&(key, Delivery::KeyShown)))),
            _ => None,
        }
    }

    /// Keeps the key whose secret was shown: the person has it.
    pub fn keep_key(&mut self) {
        let key = self.ledger.plan().yielding(SecretKind::Key);
        self.deliveries.extend(key.map(|key| (key, Delivery::KeyGivenUp)));
    }

    /// What this machine's files still hold of it, in words.
    pub fn files(&self) -> Vec<String> {
        self.deliveries.iter().map(|(_, how)| how).filter(|how| how.is_file()).map(Delivery::words).collect()
    }

    /// Whether nothing of it is, or may be, in the account any more.
    pub fn is_gone(&self) -> bool {
        self.ledger.remains().is_empty() && self.ledger.kept().is_empty()
    }

    /// Whether there is nothing left to do: it ended, or everything was made and received.
    pub fn is_over(&self) -> bool {
        self.end.is_some() || (self.is_made() && self.ledger.open_later().next().is_none())
    }

    /// Whether everything is made and received but what is for later.
    fn is_made(&self) -> bool {
        self.lost_secrets().is_empty() && self.ledger.status() == RunStatus::Complete
    }

    /// What is left for later, where that is all that is left.
    pub fn due(&self) -> Option<Due> {
        self.old_key().filter(|_| self.is_made())
    }

    /// The old key of a rotation that has still to go.
    pub fn old_key(&self) -> Option<Due> {
        if self.end.is_some() || !self.lost_secrets().is_empty() || self.is_half_undone() {
            return None;
        }
        let open = |of: fn(&Operation) -> Option<&String>| {
            let is_open = |state: &StepState| !matches!(state, StepState::Done(_) | StepState::Found(_));
            // The last of them: another key may have gone before the new one was made.
            let mut rows = self.ledger.rows().rev().filter(|(_, state)| is_open(state));
            rows.find_map(|(step, _)| of(&step.operation).cloned())
        };
        let key = open(|operation| match operation {
            Operation::DeleteAccessKey(delete) => Some(&delete.key),
            _ => None,
        })?;
        let stops = open(|operation| match operation {
            Operation::UpdateAccessKey(set) => Some(&set.key),
            _ => None,
        });
        let is_rotation = self.beginning.task == TaskId::RotateKey;
        let still_works = stops.as_ref() == Some(&key);
        is_rotation.then(|| Due { at: self.beginning.due.map(Moment), key, still_works })
    }

    /// Whether something was undone that finishing it would not make again: it can only be undone whole.
    pub fn is_half_undone(&self) -> bool {
        let renewed = self.lost_secrets();
        self.ledger.rows().any(|(step, state)| state.is_back() && !renewed.contains(&step.id))
    }

    /// Why a later run has to be undone before this one: it found stopped what this one has stopped, or has replaced or deleted a key
    /// that this one made or would give back.
    pub fn is_relied_on_by(&self, later: &Self) -> Option<String> {
        let is_later = later.beginning.account == self.beginning.account && later.beginning.begun > self.beginning.begun;
        if !is_later || matches!(later.end, Some(End::Undone)) {
            return None;
        }
        let stops = matches!(later.beginning.task, TaskId::Revoke | TaskId::RevokeKey);
        let mine = |step: &Step| {
            let is_done =
                |(own, state): (&Step, &StepState)| own.operation == step.operation && matches!(state, StepState::Done(_));
            self.ledger.rows().any(is_done)
        };
        let keys = self.keys();
        let is_done = |state: &StepState| matches!(state, StepState::Done(_));
        let touches = |(step, state): &(&Step, &StepState)| match &step.operation {
            _ if stops && matches!(state, StepState::Found(_)) => mine(step),
            Operation::SaveProfile(save) => is_done(state) && keys.contains(&save.replaces),
            Operation::DeleteAccessKey(delete) => is_done(state) && keys.contains(&delete.key),
            Operation::UpdateAccessKey(set) => is_done(state) && keys.contains(&set.key),
            _ => false,
        };
        let (step, _) = later.ledger.rows().find(touches)?;
        let id = &later.beginning.run;
        Some(format!("A later run, {id}, builds on this one: {}. Undo that one first: iamwalk undo {id}", step.operation.words()))
    }

    /// The keys that a rotation made or has stopped.
    fn keys(&self) -> Vec<String> {
        if self.beginning.task != TaskId::RotateKey {
            return Vec::new();
        }
        let key = |(step, state): (&Step, &StepState)| match (&step.operation, state) {
            (Operation::CreateAccessKey(_), StepState::Done(Made::Key { id, .. })) => Some(id.clone()),
            (Operation::UpdateAccessKey(set), StepState::Done(_)) => Some(set.key.clone()),
            _ => None,
        };
        self.ledger.rows().filter_map(key).collect()
    }

    /// In a word or two.
    pub fn state(&self) -> &'static str {
        match self.end {
            Some(End::Finished) if self.deliveries.iter().any(|(_, how)| *how == Delivery::KeyGivenUp) => "no secret",
            Some(End::Finished) => "finished",
            Some(End::Undone) if !self.ledger.kept().is_empty() => "undone, some kept",
            Some(End::Undone) => "undone",
            Some(End::Forgotten) => "forgotten",
            None if self.is_over() => "finished",
            None if self.due().is_some() => "for later",
            None if self.is_half_undone() => "half undone",
            None => "unfinished",
        }
    }

    /// What it is and what happened to it, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.heading();
        lines.push(String::new());
        for (step, state) in self.ledger.rows() {
            let (sign, word) = state.words();
            let why = state.reason().map(|why| format!(", {why}")).unwrap_or_default();
            lines.push(format!("{sign} {}: {word}{why}", step.words()));
            lines.extend(state.fault().map(|fault| format!("    {fault}")));
        }
        lines.extend(self.deliveries.iter().map(|(_, how)| how.words()));
        lines.extend(self.unknown.iter().map(|one| format!("A later iamwalk wrote down “{}” here.", one.kind)));
        let received = |step: &StepId| !matches!(self.ledger.state(*step), Some(StepState::Done(_)));
        for step in self.lost_secrets().iter().filter(|step| !received(step)) {
            match self.ledger.plan().step(*step).and_then(|step| step.operation.brings()) {
                Some(SecretKind::Key) => lines.push("Nobody received the key's secret.".to_owned()),
                Some(SecretKind::Password) => lines.push("Nobody received the password.".to_owned()),
                None => {}
            }
        }
        lines
    }

    /// Which run it is, when it began, and as whom.
    pub fn heading(&self) -> Vec<String> {
        let own = &self.beginning;
        let lines = [
            format!("Run {}, begun {}, {}", own.run, own.begun_at(), self.state()),
            format!("in account {} as {}", own.account, own.caller),
        ];
        lines.into_iter().chain(own.endpoint.as_ref().map(|endpoint| format!("at {endpoint}"))).collect()
    }

    /// What its AWS CLI commands need besides, to be made by the same profile at the same endpoint.
    pub fn cli_options(&self) -> String {
        let option = |name: &str, value: &Option<String>| {
            value.as_ref().map(|value| format!(" --{name}={}", quoted(value))).unwrap_or_default()
        };
        option("profile", &self.beginning.profile) + &option("endpoint-url", &self.beginning.endpoint)
    }

    /// The user whom it is about.
    pub fn user(&self) -> &str {
        self.ledger.plan().user().map_or("", |user| user.as_str())
    }

    /// Why a caller of this account over this endpoint can't continue with it; `None` where nothing stands against it.
    pub fn refuses(&self, account: &str, endpoint: Option<&str>) -> Option<String> {
        let own = &self.beginning;
        if let Some(unknown) = self.unknown.iter().find(|one| one.step.is_some()) {
            let kind = &unknown.kind;
            return Some(format!("A later iamwalk wrote down “{kind}” for one of its steps. Update iamwalk to resume it."));
        }
        if own.endpoint.as_deref() != endpoint {
            let at = |endpoint: Option<&str>| endpoint.map_or("AWS itself".to_owned(), str::to_owned);
            let option = own.endpoint.as_ref().map(|url| format!(" with “--endpoint-url {url}”")).unwrap_or_default();
            return Some(format!(
                "It was made at {}, and the calls now go to {}. Start iamwalk{option} to resume it.",
                at(own.endpoint.as_deref()),
                at(endpoint)
            ));
        }
        (own.account != account).then(|| {
            let profile = own.profile.as_ref().map(|name| format!(" (“{name}” made it)")).unwrap_or_default();
            format!(
                "It was made in account {}, and you call as somebody of account {account}. Choose a profile of account {}{profile}.",
                own.account, own.account
            )
        })
    }
}
