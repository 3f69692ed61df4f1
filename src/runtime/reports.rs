//! What tasks report to the loop.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

use crate::app::creating::Course;
use crate::app::event::{Event, Signal};
use crate::domain::journal::Run;
use crate::domain::secret::Secret;
use crate::services::journal::Journal;

/// A report.
pub(super) enum Report {
    Event(Event),
    /// The system has no clipboard: the drawing thread has to send this to the terminal's.
    TerminalCopy {
        text: Secret,
        /// What keeps a multiplexer from passing it on.
        hindrance: Option<String>,
    },
    /// The record of an earlier run is open: what happens from here on goes into it.
    Opened {
        course: Course,
        run: Box<Run>,
        journal: Journal,
    },
}

/// A task's way to report.
#[derive(Clone)]
pub(super) struct Reports(pub(super) UnboundedSender<Report>);

impl Reports {
    /// Without a receiver the program is over, and nobody is left to tell.
    pub(super) fn send(&self, report: Report) {
        let _ = self.0.send(report);
    }

    pub(super) fn event(&self, event: Event) {
        self.send(Report::Event(event));
    }

    /// Runs a task. One that panics ends the program in order: what remains is told.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        let reports = self.clone();
        tokio::spawn(async move {
            if AssertUnwindSafe(task).catch_unwind().await.is_err() {
                reports.event(Event::Signal(Signal::Crash));
            }
        })
    }
}
