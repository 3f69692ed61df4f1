//! A task on the full screen.

use std::io::{IsTerminal, Write, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use iamwalk::app::effect::{Effect, Farewell};
use iamwalk::app::{App, StartOptions};
use iamwalk::domain::secret::Vault;
use iamwalk::faces::full_screen::{FullScreen, Hands, Theme};
use iamwalk::runtime::run as walk;

use super::account::AccountOptions;
use super::compose::{CrashReport, compose, keep_if_used, private_scratch, runtime};
use super::inputs;
use super::screen::{self, Screen};
use super::tell::{refuse, tell};

/// Runs it as `begin` opens it; the exit code. `instead`: the command that does it without questions.
pub fn run(account: &AccountOptions, instead: &str, begin: impl FnOnce(StartOptions, Vault) -> (App, Vec<Effect>)) -> u8 {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        return refuse(format!(
            "iamwalk asks questions on a full screen and needs a terminal for its input and output. Run it in one, or without \
             questions: {instead}"
        ));
    }
    let scratch = match private_scratch() {
        Ok(scratch) => scratch,
        Err(error) => {
            return refuse(format!("No temporary folder could be made: {error}. Set TMPDIR to a folder that you may write to."));
        }
    };
    let vault = Vault::default();
    let farewell = converse(account, begin, scratch.path(), vault.clone());
    if let Some(path) = keep_if_used(scratch) {
        tell(&format!("The files of practice are in {}", path.display()));
    }
    farewell.lines.iter().for_each(|line| tell(line));
    for (label, id) in &farewell.secrets {
        // The person asked for it: on a line of its own, to be selected whole. Where it ends: on the ordinary screen.
        if let Some(secret) = vault.get(*id) {
            let _ = writeln!(stdout(), "{label}:\n{}", secret.expose());
        }
    }
    farewell.code
}

/// The whole conversation on the full screen; afterwards the terminal is as it was, whatever happened.
fn converse(
    account: &AccountOptions,
    begin: impl FnOnce(StartOptions, Vault) -> (App, Vec<Effect>),
    scratch: &Path,
    vault: Vault,
) -> Farewell {
    let failed = |what: String| Farewell::new(1, vec![what]);
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return failed(format!("The program could not start: {error}.")),
    };
    let mut screen = match Screen::enter() {
        Ok(screen) => screen,
        Err(error) => return failed(format!("The terminal could not be prepared: {error}.")),
    };
    let (options, services) = compose(account, scratch);
    let theme = Theme::new(std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()));
    let crash = CrashReport::of(&services);
    let ended = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let hands = Hands { suspend: &screen::suspend, lend: &screen::lend, take_back: &screen::take_back };
            let mut face = FullScreen::new(&mut screen.terminal, theme, hands);
            walk(&mut face, inputs::terminal, services, begin(options, vault)).await
        })
    }));
    drop(screen);
    let farewell = ended.unwrap_or_else(|_| crash.farewell(&runtime));
    // A call that hangs must not keep the program.
    runtime.shutdown_background();
    farewell
}
