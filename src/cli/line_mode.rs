//! The terminal in its own line mode: what is typed is shown, or is not, and is edited by the terminal itself.

/// The terminal as it was found; dropping it puts that back.
pub struct LineMode {
    #[cfg(unix)]
    found: Option<rustix::termios::Termios>,
    #[cfg(windows)]
    found: Option<u32>,
}

/// `_POSIX_VDISABLE`: no key means it.
#[cfg(any(target_os = "linux", target_os = "android"))]
const DISABLED: u8 = 0;
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
const DISABLED: u8 = 0xff;

#[cfg(unix)]
impl LineMode {
    /// Takes note of how the terminal is.
    pub fn enter() -> Self {
        Self { found: rustix::termios::tcgetattr(std::io::stdin()).ok() }
    }

    /// Forgets what was typed before it was asked for, and shows what is typed from here on, or nothing but the line's end.
    pub fn prepare(&self, shows: bool) {
        use rustix::termios::{LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, tcflush, tcsetattr};
        let Some(mut wanted) = self.found.clone() else { return };
        let (on, off) = if shows { (LocalModes::ECHO, LocalModes::ECHONL) } else { (LocalModes::ECHONL, LocalModes::ECHO) };
        wanted.local_modes.remove(off);
        wanted.local_modes.insert(on);
        // Ctrl-\ would end the program without a word; Ctrl-Z would leave a shell in which nothing typed is shown.
        wanted.special_codes[SpecialCodeIndex::VQUIT] = DISABLED;
        if !shows {
            wanted.special_codes[SpecialCodeIndex::VSUSP] = DISABLED;
        }
        // A terminal that refuses is gone, which is heard elsewhere.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &wanted);
        let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
    }
}

#[cfg(unix)]
impl Drop for LineMode {
    fn drop(&mut self) {
        if let Some(found) = &self.found {
            let _ = rustix::termios::tcsetattr(std::io::stdin(), rustix::termios::OptionalActions::Now, found);
        }
    }
}

#[cfg(windows)]
impl LineMode {
    /// Takes note of how the console is.
    pub fn enter() -> Self {
        Self { found: console().and_then(|console| console.mode().ok()) }
    }

    /// Shows what is typed from here on, or does not.
    pub fn prepare(&self, shows: bool) {
        /// ENABLE_ECHO_INPUT of the Windows console.
        const ECHO: u32 = 0x4;
        if let (Some(found), Some(console)) = (self.found, console()) {
            let _ = console.set_mode(if shows { found | ECHO } else { found & !ECHO });
        }
    }
}

#[cfg(windows)]
impl Drop for LineMode {
    fn drop(&mut self) {
        if let (Some(found), Some(console)) = (self.found, console()) {
            let _ = console.set_mode(found);
        }
    }
}

#[cfg(windows)]
fn console() -> Option<crossterm_winapi::ConsoleMode> {
    crossterm_winapi::Handle::new(crossterm_winapi::HandleType::CurrentInputHandle).ok().map(crossterm_winapi::ConsoleMode::from)
}
