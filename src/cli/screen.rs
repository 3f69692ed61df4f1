//! The terminal's full screen: entered once, and left again on every way out, a panic's among them.

use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::panic;
use std::sync::{Mutex, PoisonError};

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange, EnableMouseCapture,
};
use crossterm::execute;
use crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use zeroize::Zeroizing;

use iamwalk::domain::sanitise::clean;
use iamwalk::services::terminal_copy::Multiplexer;

/// The bytes that most frames fit into.
const FRAME: usize = 16 * 1024;

/// Where a panic happened; its own text may hold anything, so it is not kept.
static FELL_AT: Mutex<Option<String>> = Mutex::new(None);

/// From here on a panic prints nothing by itself: only its place is kept, and told at the end.
pub fn catch_falls() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        *FELL_AT.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

/// The full screen; dropping it restores the terminal.
pub struct Screen {
    /// What is drawn on; a frame is sent whole.
    pub terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

impl Screen {
    /// Enters the full screen.
    ///
    /// # Errors
    /// The terminal refuses.
    pub fn enter() -> io::Result<Self> {
        catch_falls();
        let entered = take().and_then(|()| Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(FRAME, stdout()))));
        match entered {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                restore();
                Err(error)
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // What is left of a frame belongs to the full screen.
        let _ = io::Write::flush(self.terminal.backend_mut());
        restore();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, Clear(ClearType::All), EnableBracketedPaste, EnableMouseCapture, EnableFocusChange)
}

/// Gives the terminal to another program, with a word on what runs.
///
/// # Errors
/// None: what can't be restored is the other's.
pub fn lend(words: &str) -> io::Result<()> {
    restore();
    let _ = writeln!(stdout(), "{}", clean(words));
    Ok(())
}

/// Takes it again.
///
/// # Errors
/// The terminal can't be taken.
pub fn take_back() -> io::Result<()> {
    take()
}

/// Gives the terminal back, where it is ours, and stops the program, as a shell expects of Ctrl-Z; goes on when the shell says so.
///
/// # Errors
/// The terminal can't be taken again.
#[cfg(unix)]
pub fn suspend(is_ours: bool) -> io::Result<()> {
    use rustix::process::{Signal, getpid, kill_process};
    if is_ours {
        restore();
    }
    // Where it can't be stopped it goes on at once.
    let _ = kill_process(getpid(), Signal::STOP);
    if is_ours { take() } else { Ok(()) }
}

/// There is no background to go to.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn suspend(_: bool) -> io::Result<()> {
    Ok(())
}

/// Copies a text to the terminal's clipboard. Where it ends: in the terminal, and in the multiplexer on the way.
///
/// # Errors
/// The terminal is gone.
pub fn copy(text: &str, multiplexer: Multiplexer) -> io::Result<()> {
    use crossterm::Command;
    let mut sequence = Zeroizing::new(String::with_capacity(2 * text.len() + 32));
    CopyToClipboard::to_clipboard_from(text).write_ansi(&mut *sequence).map_err(io::Error::other)?;
    let mut out = stdout().lock();
    out.write_all(multiplexer.wrapped(&sequence).as_bytes())?;
    out.flush()
}

/// Back to the ordinary screen. Each step is tried whatever became of the one before: the terminal may be gone.
fn restore() {
    let _ = execute!(stdout(), DisableFocusChange, DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen);
    let _ = execute!(stdout(), crossterm::cursor::Show);
    let _ = disable_raw_mode();
}

/// Where the program fell over, if it did.
pub fn fell_at() -> Option<String> {
    FELL_AT.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_tells_its_place_and_nothing_else() {
        let before = panic::take_hook();
        catch_falls();
        let fell = panic::catch_unwind(|| panic!("the secret is {}", "wJalrXUtnFEMI/K7MDENG"));
        panic::set_hook(before);
        assert!(fell.is_err());
        let place = fell_at().unwrap();
        assert!(place.contains("screen.rs:") && !place.contains("wJalr"), "{place}");
    }
}
