//! Clipboards that other programs read: tmux's buffer, and an X server's selection. They need tmux, Xvfb and xclip, so they are
//! run by `.ci/run` where these can be installed, and by `cargo test -- --ignored clipboards`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::support::terminal::Terminal;

const PATIENCE: Duration = Duration::from_secs(60);

/// The secret that a session of practice saved into its scratch folder.
fn saved_secret(home: &Path) -> String {
    let scratch = std::fs::read_dir(home).unwrap().flatten();
    let scratch = scratch.map(|entry| entry.path()).find(|path| path.join("credentials").exists()).expect("a scratch folder");
    let text = std::fs::read_to_string(scratch.join("credentials")).unwrap();
    text.split("aws_secret_access_key = ").nth(1).unwrap().trim().to_owned()
}

/// A tmux server of its own.
struct Tmux {
    socket: String,
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.ask(&["kill-server"]);
    }
}

impl Tmux {
    fn ask(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux").args(["-L", &self.socket, "-f", "/dev/null"]).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    fn at(&self, text: &str, keys: &[&str]) {
        let start = Instant::now();
        while !self.ask(&["capture-pane", "-p"]).contains(text) {
            assert!(start.elapsed() < PATIENCE, "no “{text}”:\n{}", self.ask(&["capture-pane", "-p"]));
            thread::sleep(Duration::from_millis(20));
        }
        if !keys.is_empty() {
            self.ask(&[&["send-keys"], keys].concat());
        }
    }
}

#[test]
#[ignore = "needs tmux"]
fn without_a_display_tmux_gets_the_copy_or_the_page_says_why_not() {
    let home = tempfile::tempdir().unwrap();
    let tmux = Tmux { socket: format!("iamwalk-test-{}", std::process::id()) };
    let folder = home.path().to_str().unwrap();
    let program = env!("CARGO_BIN_EXE_iamwalk");
    let command = format!("env -u DISPLAY -u WAYLAND_DISPLAY HOME={folder} TMPDIR={folder} {program} --practice --user bob");
    tmux.ask(&["new-session", "-d", "-x", "100", "-y", "30", &command]);
    tmux.ask(&["set-option", "-s", "set-clipboard", "off"]);
    tmux.at("account 111122223333", &["Enter"]);
    tmux.at("“bob” is free.", &["Enter"]);
    tmux.at("› Use case", &["Enter"]);
    tmux.at("(•) Command Line Interface", &["Enter"]);
    tmux.at("› [ ] I understand", &["Space"]);
    tmux.at("› [x] I understand", &["Enter"]);
    tmux.at("› [ ] Auditors", &["Enter"]);
    tmux.at("› Key 1", &["Enter"]);
    tmux.at("[ Create user bob ]", &["Enter"]);
    tmux.at("✓ yes, as", &["c", "Down", "Enter"]);
    tmux.at("tmux keeps copies to itself unless it is told “tmux set -s set-clipboard on”", &[]);
    tmux.ask(&["set-option", "-s", "set-clipboard", "on"]);
    tmux.at("Copy …", &["c", "Down", "Enter"]);
    tmux.at("was sent to your terminal's clipboard (OSC 52)", &["s"]);
    tmux.at("✓ Saved as profile “bob”", &[]);
    assert_eq!(tmux.ask(&["show-buffer"]), saved_secret(home.path()));
}

/// An X server without a screen.
struct Display {
    server: Child,
    name: String,
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Display {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "64x64x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut name = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut name).unwrap();
        Self { server, name: format!(":{}", name.trim()) }
    }

    /// What another program finds in the clipboard.
    fn clipboard(&self) -> String {
        let output = Command::new("xclip").args(["-selection", "clipboard", "-o"]).env("DISPLAY", &self.name).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

#[test]
#[ignore = "needs Xvfb and xclip, and waits 45 s"]
fn on_a_display_the_copy_is_there_for_its_time_and_gone_at_the_end() {
    let display = Display::start();
    let home = tempfile::tempdir().unwrap();
    let start = || {
        let mut terminal =
            Terminal::start(&["--practice", "--user", "bob"], home.path(), &[("DISPLAY", &display.name)], (100, 40));
        terminal.at("account 111122223333", "\r");
        terminal.at("“bob” is free.", "\r");
        terminal.at("› Use case", "\r");
        terminal.at("(•) Command Line Interface", "\r");
        terminal.at("› [ ] I understand", " ");
        terminal.at("› [x] I understand", "\r");
        terminal.at("› [ ] Auditors", "\r");
        terminal.at("› Key 1", "\r");
        terminal.at("[ Create user bob ]", "\r");
        terminal.at("✓ yes, as", "c");
        terminal.at("› Back", "\x1b[B");
        terminal.at("› The secret access key", "\r");
        terminal.wait("is in the clipboard for 45 s");
        terminal
    };
    let mut terminal = start();
    terminal.at("s  Save as profile", "s");
    terminal.wait("✓ Saved as profile “bob”");
    assert_eq!(display.clipboard(), saved_secret(home.path()));
    terminal.wait("The clipboard was cleared.");
    assert_eq!(display.clipboard(), "");
    // Not the terminal's way: nothing of it went there.
    assert!(!String::from_utf8_lossy(&terminal.written.lock().unwrap()).contains("\x1b]52;"));
    drop(terminal);
    // A copy of somebody else's is left alone, and one of ours is gone with the program.
    let mut terminal = start();
    assert_eq!(display.clipboard().len(), 40);
    terminal.keys("o");
    terminal.at("Do not print it after leaving", "d");
    terminal.end();
    assert_eq!(display.clipboard(), "");
    let screen = terminal.screen();
    assert!(screen.contains("Secret access key:"), "printed on request, below the account:\n{screen}");
}
