//! A face of lines: each step is told as its state changes, for a run that nobody answers questions of.

use std::io::{self, Write, stdout};

use iamwalk::app::{App, Phase};
use iamwalk::domain::ledger::StepState;
use iamwalk::runtime::Face;
use iamwalk::ui::Hits;
use iamwalk::ui::sanitise::clean;

/// What was told so far, a line a step.
#[derive(Debug, Default)]
pub struct Lines {
    told: Vec<String>,
    notice: String,
}

impl Face for Lines {
    fn show(&mut self, app: &App) -> io::Result<Hits> {
        // There is nobody to close a notice: it is told once.
        let notice = app.dialog.as_ref().map(|dialog| dialog.words.join(" ")).filter(|words| *words != self.notice);
        if let Some(words) = notice {
            let _ = writeln!(stdout(), "{}", clean(&words));
            self.notice = words;
        }
        if let Phase::Creating(creating) = &app.phase {
            for (i, (step, state)) in creating.ledger.rows().enumerate() {
                let pause = creating.ledger.pause(step.id).map(|pause| pause.words());
                let (sign, word) = state.words();
                let line = match (state, pause) {
                    (_, Some(pause)) => format!("… {}: {pause}", step.action.words()),
                    (StepState::Undone | StepState::UndoFailed(_), None) => {
                        let why = state.fault().map(|fault| format!(". {fault}")).unwrap_or_default();
                        format!("{sign} {}: {word}{why}", step.action.words())
                    }
                    _ => String::new(),
                };
                self.tell(i, line);
            }
        }
        Ok(Hits::new())
    }

    /// Lines stay as they are: the system itself stops and continues the program.
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// A reader that is gone takes no lines; the run goes on all the same.
    fn tell(&mut self, at: usize, line: String) {
        self.told.resize(self.told.len().max(at + 1), String::new());
        if !line.is_empty() && self.told[at] != line {
            let _ = writeln!(stdout(), "{}", clean(&line));
            self.told[at] = line;
        }
    }
}
