//! A stage for one journey: a practice server of the real program, a turnstile before it, a home folder and a folder to stand in.
//!
//! Comes in: the arguments of the program. Goes out: what it did, as the text of a record: the command, the calls, the exit code,
//! what it printed, and every file that lies in the two folders afterwards.

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::place::text;
use crate::support::served::{self, Served};
use crate::support::terminal::Terminal;
use crate::support::turnstile::{self, Sent, Turnstile};

use super::names::{named, steps_apart};

const SIZE: (u16, u16) = (120, 40);

/// Longer than the program waits before it looks up what is typed or highlighted.
const REST: Duration = Duration::from_millis(200);

/// Between two looks at the screen, which take time of their own, and how long it may take to show something.
const PAUSE: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Stage {
    /// As the program sees it: without links.
    home: PathBuf,
    _folder: tempfile::TempDir,
    pub turnstile: Turnstile,
    _served: Served,
}

impl Stage {
    pub fn new() -> Self {
        let served = served::serve();
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().canonicalize().unwrap();
        fs::create_dir(home.join("work")).unwrap();
        Self { home, _folder: folder, turnstile: turnstile::start(&served.endpoint), _served: served }
    }

    pub fn home(&self) -> &Path {
        &self.home
    }

    /// A file in the folder to stand in.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.home().join("work").join(name), text).unwrap();
    }

    fn environment(&self) -> Vec<(&str, &str)> {
        let mut all = vec![
            ("PATH", "/usr/bin:/bin"),
            ("HOME", self.home().to_str().unwrap()),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_REGION", "us-east-1"),
        ];
        all.extend(served::KEYS);
        all
    }

    /// Runs the program to its end, and tells what it did.
    pub fn run(&self, arguments: &str) -> String {
        let child = Command::new(env!("CARGO_BIN_EXE_iamwalk"))
            .env_clear()
            .envs(self.environment())
            .args(["--endpoint-url", &self.turnstile.endpoint])
            .args(arguments.split_whitespace())
            .current_dir(self.home().join("work"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        self.turnstile.watch(child.id());
        let output = child.wait_with_output().unwrap();
        let code = output.status.code().unwrap();
        self.told(arguments, code, &[("standard output", &text(&output.stdout)), ("standard error", &text(&output.stderr))])
    }

    /// The program in a terminal.
    pub fn terminal(&self, arguments: &str) -> Terminal {
        let mut all = vec!["--endpoint-url", self.turnstile.endpoint.as_str()];
        all.extend(arguments.split_whitespace());
        let terminal = Terminal::start(&all, &self.home().join("work"), &self.environment(), SIZE);
        self.turnstile.watch(terminal.id());
        terminal
    }

    /// Waits for each text, then presses the keys beside it as soon as nothing else is under way.
    pub fn press(&self, terminal: &mut Terminal, keys: &[(&str, &str)]) {
        for (text, keys) in keys {
            let start = Instant::now();
            while !terminal.screen().contains(text) {
                assert!(start.elapsed() < PATIENCE, "no “{text}” on the screen:\n{}", terminal.screen());
                thread::sleep(PAUSE);
            }
            // A look at what is highlighted comes only when a person rests there.
            self.turnstile.calm();
            thread::sleep(REST);
            self.turnstile.calm();
            terminal.keys(keys);
        }
    }

    /// Waits for the end of the program in the terminal, and tells what it did.
    pub fn ended(&self, arguments: &str, mut terminal: Terminal) -> String {
        let code = terminal.end();
        assert!(!terminal.is_full_screen(), "the terminal is as it was");
        let left = terminal.screen();
        self.told(arguments, i32::try_from(code).unwrap(), &[("the ordinary screen afterwards", &left)])
    }

    fn told(&self, arguments: &str, code: i32, printed: &[(&str, &str)]) -> String {
        let mut out = String::new();
        let mut section = |title: &str, text: &str| {
            let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            let _ = writeln!(out, "=== {title}\n{}{end}", text.replace('\u{feff}', "\\u{feff}").replace('\r', "\\r"));
        };
        section("the command", &format!("iamwalk --endpoint-url {} {arguments}", self.turnstile.endpoint));
        section("the calls", &calls(&self.turnstile.take()));
        section("the exit code", &code.to_string());
        printed.iter().for_each(|(title, text)| section(title, text));
        for path in files(self.home()) {
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            let name = path.strip_prefix(self.home()).unwrap().display();
            let mut text = fs::read_to_string(&path).unwrap();
            if path.extension().is_some_and(|end| end == "jsonl") {
                text = steps_apart(&text);
            }
            section(&format!("the file ~/{name} (mode {mode:o})"), &text);
        }
        out
    }

    /// What the program did, as it is recorded: with names in place of what varies.
    pub fn recorded(&self, told: &str) -> String {
        let secrets = self.turnstile.secrets();
        let text = named(told, &secrets, self.home().to_str().unwrap());
        assert!(!secrets.iter().any(|secret| text.contains(secret)), "a secret in a record");
        text
    }
}

/// The calls in the order in which they were sent: the action, who signed it for which service and region, and how it was answered;
/// then the parameters. `-` is a call that follows from an earlier answer, `|` one that was sent beside the call above it. (A proof
/// of the key always has `-`: saving cuts the first short, and whether that was sent by then is a matter of luck.)
fn calls(sent: &[Sent]) -> String {
    let mut out = String::new();
    for (at, call) in sent.iter().enumerate() {
        let by = &call.signed_by;
        let answer = call.code.as_ref().map_or_else(|| call.status.to_string(), |code| format!("{} {code}", call.status));
        let is_beside = sent[..at].last().is_some_and(|last| last.wave == call.wave) && call.action() != "GetCallerIdentity";
        let (sign, action, version) = (if is_beside { "|" } else { "-" }, call.action(), call.get("Version"));
        let _ = writeln!(out, "{sign} {action} ({} {version} in {} by {}): {answer}", by.service, by.region, by.key);
        for (name, value) in call.parameters.iter().filter(|(name, _)| name != "Action" && name != "Version") {
            let _ = writeln!(out, "      {name} = {value}");
        }
    }
    out
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}
