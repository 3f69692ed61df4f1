//! A run, as its journal tells it: what it is, what happened to each step, how its secrets were handed over, how it ended.

use serde::Deserialize;

use super::ledger::{Ledger, Standing, StepState};
use super::plan::Plan;
use super::record::{Beginning, Delivery, End, Record, VERSION};
use super::step::{Action, Made};
use super::step_id::StepId;
use super::undo::quoted;

impl Beginning {
    /// What the journal of a run begins with; the service gives it its name and date.
    pub fn of(ledger: &Ledger, account: &str, partition: &str, caller: &str) -> Self {
        Self {
            iamwalk: VERSION,
            run: String::new(),
            begun: String::new(),
            account: account.to_owned(),
            partition: partition.to_owned(),
            caller: caller.to_owned(),
            profile: None,
            endpoint: None,
            region: None,
            steps: ledger.plan().steps().to_vec(),
            free_at: ledger.plan().steps().iter().map(|step| ledger.free_at(step.id)).collect(),
        }
    }
}

/// Why a journal can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A later iamwalk wrote it.
    Newer(u32),
    /// This line is none of a journal's.
    Damaged(usize),
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Newer(version) => write!(f, "A newer iamwalk wrote it (format {version}). Update iamwalk to go on with it."),
            Self::Damaged(line) => write!(f, "Line {line} is damaged. Look at the account by hand for what this run made."),
        }
    }
}

/// A run, as its journal tells it.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it is.
    pub beginning: Beginning,
    /// What happened to each step. Calls whose answer was never written down are unclear.
    pub ledger: Ledger,
    /// How its secrets were handed over.
    pub deliveries: Vec<Delivery>,
    /// How it ended, if it did.
    pub end: Option<End>,
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
            Ok(Record::Begun(beginning)) if beginning.iamwalk <= VERSION => beginning,
            _ => {
                return Err(match serde_json::from_slice::<Versioned>(first) {
                    Ok(Versioned { begun }) if begun.iamwalk > VERSION => Unreadable::Newer(begun.iamwalk),
                    _ => Unreadable::Damaged(1),
                });
            }
        };
        let mut records = Vec::new();
        for (i, line) in rest.iter().enumerate() {
            match serde_json::from_slice(line) {
                Ok(record) => records.push(record),
                Err(_) if rest.get(i + 1).is_none_or(|next| next.starts_with(b"{\"resumed\"")) => {}
                Err(_) => return Err(Unreadable::Damaged(i + 2)),
            }
        }
        let plan = Plan::restored(beginning.steps.clone()).ok_or(Unreadable::Damaged(1))?;
        let mut run =
            Self { ledger: Ledger::replayed(plan, &beginning.free_at, &records), beginning, deliveries: Vec::new(), end: None };
        let (key, password) = (run.ledger.plan().key_step(), run.ledger.plan().password_step());
        for record in records {
            match record {
                Record::Delivered(delivery) => run.deliveries.push(delivery),
                Record::Ended(end) => run.end = Some(end),
                Record::Undoing(_) | Record::Looking(_) | Record::Sent(_) => run.end = None,
                // What was handed over is no more.
                Record::Undone(step) if Some(step) == key => run.deliveries.retain(|delivery| !delivery.is_of_key()),
                Record::Undone(step) if Some(step) == password => run.deliveries.retain(Delivery::is_of_key),
                _ => {}
            }
        }
        Ok(Some(run))
    }

    /// The steps whose secret nobody received: they are made anew when the run is finished. A key goes with its description.
    pub fn lost_secrets(&self) -> Vec<StepId> {
        let plan = self.ledger.plan();
        let received = |delivery: &Delivery| delivery.is_of_key() && *delivery != Delivery::KeyShown;
        let key = plan.key_step().filter(|_| !self.deliveries.iter().any(received));
        let password = plan.password_step().filter(|_| self.deliveries.iter().all(Delivery::is_of_key));
        let is_back = |step: &StepId| self.ledger.state(*step).is_some_and(StepState::is_back);
        let description = plan.description_step().filter(|step| key.is_some() || is_back(step));
        [password, key, description].into_iter().flatten().collect()
    }

    /// The id of the key that is there and that nobody is known to have; whether its secret was shown, so that somebody may.
    pub fn open_key(&self) -> Option<(&str, bool)> {
        let key = self.ledger.plan().key_step().filter(|key| self.lost_secrets().contains(key))?;
        match self.ledger.made(key)? {
            Made::Key { id, .. } => Some((id, self.deliveries.contains(&Delivery::KeyShown))),
            _ => None,
        }
    }

    /// Keeps the key whose secret was shown: the person has it.
    pub fn keep_key(&mut self) {
        self.deliveries.push(Delivery::KeyGivenUp);
    }

    /// What this machine's files still hold of it, in words.
    pub fn files(&self) -> Vec<String> {
        self.deliveries.iter().filter(|delivery| delivery.is_file()).map(Delivery::words).collect()
    }

    /// Whether nothing of it is, or may be, in the account any more.
    pub fn is_gone(&self) -> bool {
        self.ledger.remains().is_empty() && self.ledger.kept().is_empty()
    }

    /// Whether there is nothing left to do: it ended, or everything was made and received.
    pub fn is_over(&self) -> bool {
        self.end.is_some() || (self.lost_secrets().is_empty() && self.ledger.standing() == Standing::Complete)
    }

    /// Whether something was taken back that finishing it would not make anew: it can only be taken back whole.
    pub fn is_half_undone(&self) -> bool {
        let renewed = self.lost_secrets();
        self.ledger.rows().any(|(step, state)| state.is_back() && !renewed.contains(&step.id))
    }

    /// In a word or two.
    pub fn state(&self) -> &'static str {
        match self.end {
            Some(End::Finished) if self.deliveries.contains(&Delivery::KeyGivenUp) => "no secret",
            Some(End::Finished) => "finished",
            Some(End::Undone) if !self.ledger.kept().is_empty() => "undone, some kept",
            Some(End::Undone) => "undone",
            Some(End::Forgotten) => "forgotten",
            None if self.is_over() => "finished",
            None if self.is_half_undone() => "half undone",
            None => "unfinished",
        }
    }

    /// What it is and what became of it, a line each.
    pub fn lines(&self) -> Vec<String> {
        let own = &self.beginning;
        let mut lines = vec![
            format!("Run {}, begun {}, {}", own.run, own.begun_at(), self.state()),
            format!("in account {} as {}", own.account, own.caller),
        ];
        lines.extend(own.endpoint.as_ref().map(|endpoint| format!("at {endpoint}")));
        lines.push(String::new());
        for (step, state) in self.ledger.rows() {
            let (sign, word) = state.words();
            let why = state.reason().map(|why| format!(", {why}")).unwrap_or_default();
            lines.push(format!("{sign} {}: {word}{why}", step.action.words()));
            lines.extend(state.fault().map(|fault| format!("    {fault}")));
        }
        lines.extend(self.deliveries.iter().map(Delivery::words));
        let received = |step: &StepId| !matches!(self.ledger.state(*step), Some(StepState::Done(_)));
        for step in self.lost_secrets().iter().filter(|step| !received(step)) {
            match self.ledger.plan().step(*step).map(|step| &step.action) {
                Some(Action::CreateAccessKey { .. }) => lines.push("Nobody received the key's secret.".to_owned()),
                Some(Action::CreateLoginProfile { .. }) => lines.push("Nobody received the password.".to_owned()),
                _ => {}
            }
        }
        lines
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

    /// Why a caller of this account over this endpoint can't go on with it; `None` where nothing stands against it.
    pub fn refuses(&self, account: &str, endpoint: Option<&str>) -> Option<String> {
        let own = &self.beginning;
        if own.endpoint.as_deref() != endpoint {
            let at = |endpoint: Option<&str>| endpoint.map_or("AWS itself".to_owned(), str::to_owned);
            let option = own.endpoint.as_ref().map(|url| format!(" with “--endpoint-url {url}”")).unwrap_or_default();
            return Some(format!(
                "It was made at {}, and the calls now go to {}. Start iamwalk{option} to go on with it.",
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
