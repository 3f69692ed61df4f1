//! A face of lines: each step is told as its state changes, for a run that nobody answers questions of.

use std::io::{self, Write, stderr, stdout};

use iamwalk::app::{App, Phase};
use iamwalk::domain::ledger::StepState;
use iamwalk::domain::sanitise::clean;
use iamwalk::runtime::Face;
use iamwalk::ui::Shown;

/// What was told so far, a line a step.
pub struct Lines {
    out: fn() -> Box<dyn Write>,
    told: Vec<String>,
    notice: String,
    /// How much of what there is to know on the way was told.
    known: usize,
}

impl Face for Lines {
    fn show(&mut self, app: &App) -> io::Result<Shown> {
        // There is nobody to close a notice: it is told once.
        let notice = app.dialog.as_ref().map(|dialog| dialog.words.join(" ")).filter(|words| *words != self.notice);
        if let Some(words) = notice {
            let _ = writeln!((self.out)(), "{}", clean(&words));
            self.notice = words;
        }
        if let Some(unattended) = &app.unattended {
            for words in &unattended.told[self.known..] {
                let _ = writeln!((self.out)(), "{}", clean(words));
            }
            self.known = unattended.told.len();
        }
        let ledger = match &app.phase {
            Phase::Creating(creating) => Some(&creating.ledger),
            Phase::HandingOver(handing_over) => Some(handing_over.ledger()),
            _ => None,
        };
        if let Some(ledger) = ledger {
            for (i, (step, state)) in ledger.rows().enumerate() {
                let pause = ledger.pause(step.id).map(|pause| pause.words());
                let (sign, word) = state.words();
                let line = match (state, pause) {
                    (_, Some(pause)) => format!("… {}: {pause}", step.operation.words()),
                    (StepState::Undone | StepState::UndoFailed(_), None) => {
                        let why = state.fault().map(|fault| format!(". {fault}")).unwrap_or_default();
                        format!("{sign} {}: {word}{why}", step.operation.words())
                    }
                    (StepState::Kept(_), None) => {
                        format!("{sign} {}: {word}, {}", step.operation.words(), state.reason().unwrap_or_default())
                    }
                    (StepState::Done(_) | StepState::Found(_), None) => format!("{sign} {}", step.operation.words()),
                    (StepState::Failed(fault) | StepState::Unclear(fault), None) => {
                        format!("{sign} {}: {word}. {fault}", step.operation.words())
                    }
                    _ => String::new(),
                };
                self.tell(i, line);
            }
        }
        Ok(Shown::lines())
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

impl Lines {
    /// Lines on standard output.
    pub fn to_stdout() -> Self {
        Self { out: || Box::new(stdout()), told: Vec::new(), notice: String::new(), known: 0 }
    }

    /// Lines on standard error: standard output is for the result.
    pub fn to_stderr() -> Self {
        Self { out: || Box::new(stderr()), ..Self::to_stdout() }
    }

    /// A reader that is gone takes no lines; the run goes on all the same.
    fn tell(&mut self, at: usize, line: String) {
        self.told.resize(self.told.len().max(at + 1), String::new());
        if !line.is_empty() && self.told[at] != line {
            let _ = writeln!((self.out)(), "{}", clean(&line));
            self.told[at] = line;
        }
    }
}
