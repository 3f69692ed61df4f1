//! The terminal's clipboard: OSC 52, by which a terminal takes a text even from another machine; through tmux and screen in
//! their own wrapping.

use std::process::{Command, Stdio};

use zeroize::Zeroizing;

/// What stands between the program and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplexer {
    None,
    /// tmux: takes the sequence itself where `set-clipboard` is on, and passes a wrapped one where `allow-passthrough` is.
    Tmux,
    /// GNU screen: passes a wrapped one.
    Screen,
}

/// The longest piece that screen passes at once.
const SCREEN_PIECE: usize = 76;

impl Multiplexer {
    /// What this program runs in.
    pub fn around() -> Self {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match (is_set("TMUX"), is_set("STY")) {
            (true, _) => Self::Tmux,
            (false, true) => Self::Screen,
            (false, false) => Self::None,
        }
    }

    /// A sequence (OSC 52, ended by ST) as this multiplexer passes it on. It holds the text in base64: write it to the terminal
    /// and nowhere else.
    pub fn wrapped(self, sequence: &str) -> Zeroizing<String> {
        // Ended by BEL: the ST would end the wrapping.
        let plain = Zeroizing::new(format!("{}\x07", sequence.strip_suffix("\x1b\\").unwrap_or(sequence)));
        match self {
            Self::None => plain,
            Self::Tmux => Zeroizing::new(format!("{}\x1bPtmux;\x1b{}\x1b\\", *plain, *plain)),
            Self::Screen => {
                let mut wrapped = Zeroizing::new(String::with_capacity(2 * plain.len() + 16));
                let mut rest = plain.as_str();
                while !rest.is_empty() {
                    // Escape sequences and base64 are of single bytes.
                    let (piece, tail) = rest.split_at(rest.len().min(SCREEN_PIECE));
                    wrapped.push_str("\x1bP");
                    wrapped.push_str(piece);
                    wrapped.push_str("\x1b\\");
                    rest = tail;
                }
                wrapped
            }
        }
    }

    /// Why the multiplexer keeps the text from the terminal, with the remedy. Asks tmux itself.
    pub fn hindrance(self) -> Option<String> {
        if self != Self::Tmux {
            return None;
        }
        let is_on = |option: &str, scope: &str| {
            let asked =
                Command::new("tmux").args(["show-options", scope, option]).stdin(Stdio::null()).stderr(Stdio::null()).output();
            asked.is_ok_and(|output| matches!(String::from_utf8_lossy(&output.stdout).trim(), "on" | "all"))
        };
        (!is_on("set-clipboard", "-sv") && !is_on("allow-passthrough", "-gv"))
            .then(|| "tmux keeps copies to itself. Run “tmux set -s set-clipboard on”, then copy again.".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_multiplexer_has_its_wrapping() {
        let plain = "\x1b]52;c;c2VjcmV0\x1b\\";
        assert_eq!(*Multiplexer::None.wrapped(plain), "\x1b]52;c;c2VjcmV0\x07");
        let tmux = Multiplexer::Tmux.wrapped(plain);
        assert_eq!(*tmux, "\x1b]52;c;c2VjcmV0\x07\x1bPtmux;\x1b\x1b]52;c;c2VjcmV0\x07\x1b\\");
        let long = "QUJD".repeat(60);
        let screen = Multiplexer::Screen.wrapped(&format!("\x1b]52;c;{long}\x1b\\"));
        let pieces: String = screen.split("\x1b\\").map(|piece| piece.trim_start_matches("\x1bP")).collect();
        assert_eq!(pieces, format!("\x1b]52;c;{long}\x07"));
    }
}
