//! A task as a conversation: on the full screen, or in lines.

use std::io::{IsTerminal, Write, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use iamwalk::app::effect::{Effect, Farewell};
use iamwalk::app::{App, StartOptions};
use iamwalk::domain::secret::Vault;
use iamwalk::faces::accessible::{AccessibleLines, LineTerminal};
use iamwalk::faces::full_screen::{FullScreen, Hands, Theme};
use iamwalk::runtime::run as walk;

use super::account::AccountOptions;
use super::compose::{CrashReport, compose, runtime, seed};
use super::face::FaceOptions;
use super::inputs;
use super::line_mode::LineMode;
use super::scratch::{Scratch, profile};
use super::screen::{self, Screen};
use super::tell::{refuse, tell, tell_wrapped};

/// Runs it as `begin` opens it; the exit code. `instead`: the command that does it without questions.
pub fn run(
    account: &AccountOptions,
    face: &FaceOptions,
    instead: &str,
    begin: impl FnOnce(StartOptions, Vault) -> (App, Vec<Effect>),
) -> u8 {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        return refuse(format!(
            "iamwalk asks questions and needs a terminal for its input and output. Run it in one, or without questions: {instead}"
        ));
    }
    let scratch = Scratch::new(seed());
    let vault = Vault::default();
    let in_lines = face.is_accessible();
    let farewell = converse(account, in_lines, begin, scratch.path(), vault.clone());
    if let Some(path) = scratch.keep_if_used() {
        tell(&format!("The files of practice are in {}", path.display()));
    }
    farewell.lines.iter().for_each(|line| tell_wrapped(line));
    for (label, id) in &farewell.secrets {
        // The person asked for it: on a line of its own, to be selected whole. Where it ends: on the ordinary screen.
        if let Some(secret) = vault.get(*id) {
            let _ = writeln!(stdout(), "{label}:\n{}", secret.expose());
        }
    }
    farewell.code
}

/// The whole conversation; afterwards the terminal is as it was, whatever happened.
fn converse(
    account: &AccountOptions,
    in_lines: bool,
    begin: impl FnOnce(StartOptions, Vault) -> (App, Vec<Effect>),
    scratch: &Path,
    vault: Vault,
) -> Farewell {
    let failed = |what: String| Farewell::new(1, vec![what]);
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return failed(format!("The program could not start: {error}.")),
    };
    let (options, mut services) = compose(account, scratch);
    services.settings.practice_profile = profile();
    let options = StartOptions { in_lines, ..options };
    let crash = CrashReport::of(&services);
    let ended = if in_lines {
        screen::catch_falls();
        let terminal = LineMode::enter();
        catch_unwind(AssertUnwindSafe(|| {
            let (reads, inputs) = inputs::lines();
            let desk =
                LineTerminal { prepare: &|shows| terminal.prepare(shows), read: &|| reads.line(), proceed: &|| reads.proceed() };
            let mut out = stdout();
            let mut face = AccessibleLines::new(&mut out, desk);
            runtime.block_on(walk(&mut face, || inputs.begin(), services, begin(options, vault)))
        }))
    } else {
        let mut screen = match Screen::enter() {
            Ok(screen) => screen,
            Err(error) => return failed(format!("The terminal could not be prepared: {error}.")),
        };
        let theme = Theme::new(std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()));
        catch_unwind(AssertUnwindSafe(|| {
            let hands = Hands { suspend: &screen::suspend, lend: &screen::lend, take_back: &screen::take_back };
            let mut face = FullScreen::new(&mut screen.terminal, theme, hands);
            runtime.block_on(walk(&mut face, inputs::terminal, services, begin(options, vault)))
        }))
    };
    let farewell = ended.unwrap_or_else(|_| crash.farewell(&runtime));
    // A call that hangs must not keep the program.
    runtime.shutdown_background();
    farewell
}
