//! What tasks report to the loop.

use std::future::Future;
use std::io;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

use crate::app::creating::Course;
use crate::app::event::{Event, Signal};
use crate::domain::fault::Fault;
use crate::domain::journal::Run;
use crate::domain::secret::Secret;
use crate::services::journal::Journal;
use crate::services::terminal_loan::Loan;

pub(super) enum Report {
    Event(Event),
    /// The system has no clipboard: the drawing thread has to send this to the terminal's.
    TerminalCopy {
        text: Secret,
        /// What keeps a multiplexer from passing it on.
        hindrance: Option<String>,
    },
    /// Somebody wants the terminal.
    Wish(Loan),
    /// And has no more use for it.
    Returned,
    /// The record of an earlier run is open: what happens from here on goes into it.
    Opened {
        course: Course,
        run: Box<Run>,
        journal: Journal,
    },
}

/// A task's way to report.
#[derive(Clone)]
pub(super) struct Reports {
    pub(super) to: UnboundedSender<Report>,
    /// Where a task fell, if one did.
    pub(super) fell_at: fn() -> Option<String>,
}

/// How long the reader of keys is given to let go of the terminal.
const LETTING_GO: Duration = Duration::from_millis(30);

impl Reports {
    /// Without a receiver the program is over, and nobody is left to tell.
    pub(super) fn send(&self, report: Report) {
        let _ = self.to.send(report);
    }

    pub(super) fn event(&self, event: Event) {
        self.send(Report::Event(event));
    }

    /// Whether the terminal did what it was asked; where not, it is gone.
    pub(super) fn noted(&self, done: io::Result<()>) -> bool {
        if done.is_err() {
            self.event(Event::Signal(Signal::HangUp));
        }
        done.is_ok()
    }

    /// Grants a loan, and waits for its end.
    pub(super) fn grant(&self, loan: Loan) {
        let reports = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(LETTING_GO).await;
            let _ = loan.granted.send(());
            let _ = loan.returned.await;
            reports.send(Report::Returned);
        });
    }

    /// Runs a task that somebody waits for. One that panics is a fault that says where, and the page stays.
    pub(super) fn spawn_answering(
        &self,
        on_crash: impl FnOnce(Fault) -> Event + Send + 'static,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        let reports = self.clone();
        tokio::spawn(async move {
            if AssertUnwindSafe(task).catch_unwind().await.is_err() {
                let at = (reports.fell_at)().map(|place| format!(", at {place}")).unwrap_or_default();
                let words = format!("iamwalk had an internal error{at}. Nothing was sent. Please report it.");
                reports.event(on_crash(Fault::local(words)));
            }
        });
    }

    /// Runs a task. One that panics ends the program in order: what remains is reported.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        let reports = self.clone();
        tokio::spawn(async move {
            if AssertUnwindSafe(task).catch_unwind().await.is_err() {
                reports.event(Event::Signal(Signal::Crash));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_falls_is_a_fault_that_says_where() {
        let (to, mut reports) = tokio::sync::mpsc::unbounded_channel();
        let own = Reports { to, fell_at: || Some("somewhere.rs:7".to_owned()) };
        own.spawn_answering(|fault| Event::Connected { epoch: 3, answer: Err(fault) }, async { panic!("the secret is wJalr") });
        let Some(Report::Event(Event::Connected { epoch: 3, answer: Err(fault) })) = reports.recv().await else { panic!() };
        assert!(fault.what().contains("somewhere.rs:7") && !fault.what().contains("wJalr"), "{}", fault.what());
    }
}
