//! The practice account as the real program serves it on a loopback port.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Its caller's keys.
pub const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIAPRACTICECALLER00"), ("AWS_SECRET_ACCESS_KEY", "practice")];

/// The practice server of the real program.
pub struct Served {
    pub child: Child,
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts it for a test.
pub fn serve() -> Served {
    let mut child = Command::new(env!("CARGO_BIN_EXE_iamwalk"))
        .args(["practice", "serve"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let endpoint = first.split_whitespace().find(|word| word.starts_with("http://127.0.0.1:")).expect("an address");
    let endpoint = endpoint.trim_end_matches(',').to_owned();
    Served { child, endpoint }
}
