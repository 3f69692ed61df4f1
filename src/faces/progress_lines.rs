//! A face of lines: each step is reported as its state changes, for a run that nobody answers questions of.

use std::io::{self, Write, stderr, stdout};

use super::{Face, Input};
use crate::app::event::{Event, Signal};
use crate::domain::sanitise::clean;
use crate::view::View;

/// What was told so far, a line a step.
pub struct ProgressLines {
    out: fn() -> Box<dyn Write>,
    told: Vec<String>,
    notice: String,
    /// How much of what there is to know on the way was told.
    known: usize,
}

impl Face for ProgressLines {
    fn show(&mut self, view: &View) -> io::Result<()> {
        // There is nobody to close a notice: it is reported once.
        let notice = view.dialog.as_ref().map(|dialog| dialog.words.join(" ")).filter(|words| *words != self.notice);
        if let Some(words) = notice {
            self.write(&words);
            self.notice = words;
        }
        for words in &view.told[self.known..] {
            self.write(words);
        }
        self.known = view.told.len();
        for (at, step) in view.steps().iter().enumerate() {
            self.tell(at, &step.line);
        }
        Ok(())
    }

    /// Nobody presses keys: only the system is heard.
    fn input(&mut self, input: Option<Input>) -> Vec<Event> {
        match input {
            None => vec![Event::Signal(Signal::HangUp)],
            Some(Input::Signal(signal)) => vec![Event::Signal(signal)],
            Some(Input::Suspend) => vec![Event::Suspended],
            Some(Input::Terminal(_) | Input::Burst(_) | Input::Line(_) | Input::Proceed) => Vec::new(),
        }
    }

    /// There is nothing to give back: lines stay where they are.
    fn lend(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn take_back(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Lines stay as they are: the system itself stops and continues the program.
    fn suspend(&mut self, _: bool) -> io::Result<()> {
        Ok(())
    }
}

impl ProgressLines {
    /// Lines on standard output.
    pub fn to_stdout() -> Self {
        Self { out: || Box::new(stdout()), told: Vec::new(), notice: String::new(), known: 0 }
    }

    /// Lines on standard error: standard output is for the result.
    pub fn to_stderr() -> Self {
        Self { out: || Box::new(stderr()), ..Self::to_stdout() }
    }

    /// A reader that is gone takes no lines; the run goes on anyway.
    fn write(&self, line: &str) {
        let _ = writeln!((self.out)(), "{}", clean(line));
    }

    fn tell(&mut self, at: usize, line: &str) {
        self.told.resize(self.told.len().max(at + 1), String::new());
        if !line.is_empty() && self.told[at] != line {
            self.write(line);
            line.clone_into(&mut self.told[at]);
        }
    }
}
