//! The calls of a run, with the journal ahead of them: the intent is on the disk before a call is sent, the result is written
//! after it, and is on the disk before anybody sees a secret that came with it.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::Runtime;
use super::reports::{Report, Reports};
use crate::app::creating::Course;
use crate::app::effect::Realm;
use crate::app::event::Event;
use crate::domain::call::Call;
use crate::domain::fault::Fault;
use crate::domain::journal::Run;
use crate::domain::record::Beginning;
use crate::domain::record::End;
use crate::domain::record::Record;
use crate::domain::secret::Vault;
use crate::services::gateway::Gateway;
use crate::services::journal::{Journal, Listed};

/// How long the end of the program waits for records that are being written.
const WRITE_LIMIT: Duration = Duration::from_secs(5);

/// How many calls of a run are under way. Clones count the same ones.
#[derive(Clone, Debug)]
pub struct InFlight(Arc<watch::Sender<usize>>);

impl Default for InFlight {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl InFlight {
    /// Waits until none is, but no longer than this.
    pub async fn settled(&self, at_most: Duration) {
        let mut count = self.0.subscribe();
        let _ = tokio::time::timeout(at_most, count.wait_for(|count| *count == 0)).await;
    }

    fn enter(&self) -> UnderWay {
        self.0.send_modify(|count| *count += 1);
        UnderWay(self.clone())
    }
}

/// One call under way, until it is dropped.
struct UnderWay(InFlight);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}

impl Runtime {
    /// A run begins. Without a place for its journal nothing is sent: each call is refused with the reason.
    pub(super) fn begin(&mut self, realm: Realm, beginning: Beginning) {
        self.no_journal = None;
        self.services.journal = None;
        let runs = self.stores(realm).runs.clone();
        match runs.begin(beginning) {
            Ok(journal) => {
                self.services.journal = Some(journal);
                self.reports.event(Event::Began(runs.current().unwrap_or_default()));
            }
            Err(fault) => self.no_journal = Some(fault),
        }
    }

    /// Makes calls that became ready together: one write to the disk for all their intents, then all at once.
    pub(super) fn call(&mut self, calls: Vec<Call>) {
        if let Some(fault) = self.no_signer.take() {
            for call in calls {
                let answer = call.refused(fault.clone().and_nothing_sent());
                self.reports.event(Event::Answered { step: call.step(), sent: None, answer });
            }
            return;
        }
        let (gateway, vault, reports) = (self.gateway(), self.vault.clone(), self.reports.clone());
        let (journal, no_journal) = (self.services.journal.clone(), self.no_journal.clone());
        let clock = gateway.as_ref().ok().and_then(Gateway::clock);
        let under_way: Vec<_> = calls.iter().map(|_| self.services.in_flight.enter()).collect();
        // Asked for here and now, so that the journal has everything in the order in which it was decided.
        let intents = journal.as_ref().map(|journal| journal.write(Call::intents(&calls, clock), true));
        reports.clone().spawn(async move {
            let recorded = match (intents, no_journal) {
                (Some(intents), _) => intents.await,
                (None, fault) => Err(fault.unwrap_or_else(|| Fault::local("This run has no record."))),
            };
            if let Err(fault) = recorded.map_err(Fault::and_nothing_sent) {
                for call in calls {
                    let answer = call.refused(fault.clone());
                    reports.event(Event::Answered { step: call.step(), sent: None, answer });
                }
                return;
            }
            for (call, under_way) in calls.into_iter().zip(under_way) {
                let task = make(call, gateway.clone(), vault.clone(), journal.clone(), reports.clone());
                reports.spawn(async move {
                    task.await;
                    drop(under_way);
                });
            }
        });
    }

    /// Writes something down; the program's end waits for it.
    pub(super) fn record(&mut self, records: Vec<Record>) {
        let (Some(journal), reports) = (self.services.journal.clone(), self.reports.clone()) else { return };
        let written = journal.note(records, true);
        self.writing.push(tokio::spawn(async move {
            if let Err(fault) = written.await {
                reports.event(Event::NotRecorded(fault));
            }
        }));
    }

    /// Waits for what is being written.
    pub(super) async fn finish(&mut self) {
        for writing in self.writing.drain(..) {
            let _ = tokio::time::timeout(WRITE_LIMIT, writing).await;
        }
        self.clear_clipboard().await;
    }

    pub(super) fn find_runs(&self) {
        let (runs, reports) = (self.services.aws.runs.clone(), self.reports.clone());
        reports.clone().spawn(async move {
            let listed = tokio::task::spawn_blocking(move || runs.list()).await;
            let open =
                |listed: Listed| -> Option<Run> { listed.run.ok().flatten().filter(|run| !listed.is_busy && !run.is_over()) };
            match listed {
                Ok(Ok(listed)) => reports.event(Event::Unfinished(listed.into_iter().filter_map(open).collect())),
                Ok(Err(fault)) => reports.event(Event::NotRecorded(fault)),
                Err(_) => {}
            }
        });
    }

    /// The runs of an account that were about a user, each with how it stands. What can't be read is told of by the list of runs.
    pub(super) fn find_runs_of(&self, realm: Realm, account: String, user: String) {
        let (runs, reports) = (self.stores(realm).runs.clone(), self.reports.clone());
        reports.clone().spawn(async move {
            let listed = tokio::task::spawn_blocking(move || runs.list()).await;
            let of_user = |listed: Listed| {
                let run = listed.run.ok().flatten()?;
                let is_of_user = run.beginning.subjects.iter().any(|subject| subject.user.as_str() == user);
                (run.beginning.account == account && is_of_user).then(|| (listed.id, run.state()))
            };
            let runs = listed.ok().and_then(Result::ok).unwrap_or_default().into_iter().filter_map(of_user).collect();
            reports.event(Event::RunsOf { user, runs });
        });
    }

    /// What is read from the terminal may never come: the program does not wait for it at its end.
    pub(super) fn confirm(&self, lines: Vec<String>, word: Option<String>) {
        let (confirm, reports) = (self.services.confirm, self.reports.clone());
        reports.clone().spawn(async move {
            let asked = tokio::task::spawn_blocking(move || confirm(&lines, word.as_deref())).await;
            reports.event(Event::Confirmed(asked.unwrap_or_default()));
        });
    }

    /// What runs of this account left for others that nobody uses any more.
    pub(super) fn find_freed(&self) {
        let (runs, gateway, reports) = (self.services.aws.runs.clone(), self.gateway(), self.reports.clone());
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner).clone();
        reports.clone().spawn(async move {
            let current = runs.current();
            let listed = tokio::task::spawn_blocking(move || runs.list()).await;
            let mut lines = Vec::new();
            if let (Ok(Ok(listed)), Ok(gateway), (_, Some(connection))) = (listed, gateway, connection) {
                let is_of_others = |listed: &Listed| current.as_ref() != Some(&listed.id) && !listed.is_busy;
                for run in listed.into_iter().filter(is_of_others).filter_map(|listed| listed.run.ok().flatten()) {
                    if run.refuses(&connection.caller.account, connection.endpoint.as_deref()).is_none() {
                        lines.extend(freed(&run, &gateway).await);
                    }
                }
            }
            reports.event(Event::Freed(lines));
        });
    }

    pub(super) fn open_run(&self, run: String, course: Course) {
        let (runs, reports) = (self.services.aws.runs.clone(), self.reports.clone());
        reports.clone().spawn(async move {
            let folder = runs.clone();
            let opened = tokio::task::spawn_blocking(move || {
                let (run, journal) = folder.open(&run)?;
                let all = if course == Course::Undoing { folder.list().unwrap_or_default() } else { Vec::new() };
                let mut later = all.into_iter().filter_map(|listed| listed.run.ok().flatten());
                match later.find_map(|later| run.is_relied_on_by(&later)) {
                    Some(words) => Err(Fault::local(words)),
                    None => Ok((run, journal)),
                }
            })
            .await;
            match opened.unwrap_or_else(|_| Err(Fault::local("The record of this run could not be opened."))) {
                Ok((run, journal)) => {
                    runs.works_on(&run.beginning.run);
                    reports.send(Report::Opened { course, run: Box::new(run), journal });
                }
                Err(fault) => reports.event(Event::Opened { course, answer: Err(fault) }),
            }
        });
    }

    pub(super) fn forget_run(&self, run: String) {
        let (runs, reports) = (self.services.aws.runs.clone(), self.reports.clone());
        reports.clone().spawn(async move {
            let opened = tokio::task::spawn_blocking(move || runs.open(&run)).await;
            let forgotten = match opened {
                Ok(Ok((_, journal))) => journal.write(vec![Record::Ended(End::Forgotten)], true).await,
                Ok(Err(fault)) => Err(fault),
                Err(_) => Ok(()),
            };
            if let Err(fault) = forgotten {
                reports.event(Event::NotRecorded(fault));
            }
        });
    }
}

/// What a run left for others and nobody uses now, a line each.
async fn freed(run: &Run, gateway: &Gateway) -> Vec<String> {
    let mut lines = Vec::new();
    for thing in run.ledger.kept_things() {
        let Ok(uses) = gateway.survey(&thing).await else { continue };
        if run.ledger.is_free(&thing, &uses) {
            let id = &run.beginning.run;
            lines.push(format!(
                "{} was left for others by run {id}, and nobody uses it now. To remove it: iamwalk undo {id}",
                thing.words()
            ));
        }
    }
    lines
}

/// Makes one call, writes down what came of it, and tells.
async fn make(call: Call, gateway: Result<Gateway, Fault>, vault: Vault, journal: Option<Journal>, reports: Reports) {
    let step = call.step();
    let sent = gateway.as_ref().ok().and_then(Gateway::clock);
    let answer = match gateway {
        Ok(gateway) => gateway.call(&call, &vault).await,
        Err(fault) => call.refused(fault),
    };
    let records = answer.records(step);
    if let (Some(journal), false) = (journal, records.is_empty())
        && let Err(fault) = journal.note(records, call.brings_secret()).await
    {
        reports.event(Event::NotRecorded(fault));
    }
    reports.event(Event::Answered { step, sent, answer });
}
