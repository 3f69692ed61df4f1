//! Secrets stay where they belong: not in the log at any level, not on a screen that did not reveal them, not in Debug.

use std::fs;

use super::support::moto;
use super::support::terminal::Terminal;

/// What the inside of a text looks like in base64, wherever in a longer one it begins.
fn base64(text: &str) -> Vec<String> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let of = |bytes: &[u8]| -> String {
        let digits = bytes.chunks_exact(3).flat_map(|three| {
            let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
            [18, 12, 6, 0].map(|shift| char::from(DIGITS[(bits >> shift) as usize & 63]))
        });
        digits.collect()
    };
    (0..3).map(|skipped| of(&text.as_bytes()[skipped..])).collect()
}

/// A whole session under `RUST_LOG=trace`; what the log holds, and the two secrets.
fn logged(arguments: &[&str], environment: &[(&str, &str)]) -> (String, [String; 2]) {
    let home = tempfile::tempdir().unwrap();
    let state = home.path().join("state");
    let mut all =
        vec![("RUST_LOG", "trace,aws_smithy_runtime::client::orchestrator=trace"), ("XDG_STATE_HOME", state.to_str().unwrap())];
    all.extend_from_slice(environment);
    let mut terminal = Terminal::start(arguments, home.path(), &all, (100, 30));
    terminal.at("( ) admin-user", "\x1b[B");
    terminal.at("(•) admin-user", "\r");
    terminal.at("“admin-user” is free.", "\r");
    terminal.at("› [ ] I understand", " ");
    terminal.at("› [x] I understand", "\r");
    terminal.at("[x] AdministratorAccess", "\r");
    terminal.at("› Key 1", "\r");
    terminal.wait("API calls, in order");
    terminal.at("[ Create user admin-user ]", "\r");
    terminal.wait("✓ yes, as");
    terminal.at("Save as profile", "s");
    terminal.at("✓ Saved as profile", "p");
    terminal.wait("✓ Written to");
    terminal.at("✓ yes, as", "d");
    assert_eq!(terminal.end(), 0);
    let find = |name: &str| -> String {
        let mut folders = vec![home.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else if entry.file_name() == name {
                    return fs::read_to_string(entry.path()).unwrap();
                }
            }
        }
        panic!("no {name}")
    };
    let secret = find("credentials").split("aws_secret_access_key = ").last().unwrap().trim().to_owned();
    let csv = find("admin-user_credentials.csv");
    let password = csv.lines().nth(1).unwrap().split(',').nth(1).unwrap().to_owned();
    assert!(secret.len() == 40 && password.len() >= 20);
    let written = String::from_utf8_lossy(&terminal.written.lock().unwrap()).into_owned();
    for secret in [&secret, &password] {
        assert!(!written.contains(secret), "it was sent to the terminal");
        for coded in base64(secret) {
            assert!(!written.contains(&coded), "it was sent to the terminal in base64");
        }
    }
    (find("iamwalk.log"), [secret, password])
}

#[test]
fn no_log_at_any_level_holds_a_secret_in_practice() {
    let (log, secrets) = logged(&["--practice"], &[]);
    // The log is really one: our own lines are there, down to the effects.
    assert!(log.contains("INFO iamwalk") && log.contains("effect=\"Call\""), "{log}");
    for secret in secrets {
        assert!(!log.contains(&secret), "the log holds a secret");
    }
}

#[test]
fn nor_against_a_real_endpoint() {
    let server = moto::start();
    let keys = [
        ("AWS_ACCESS_KEY_ID", "AKIATESTING000000000"),
        ("AWS_SECRET_ACCESS_KEY", "the-caller's-own-secret"),
        ("LOG_SENSITIVE_BODIES", "true"),
    ];
    let (log, secrets) = logged(&["--endpoint-url", &server.endpoint], &keys);
    for secret in secrets.iter().map(String::as_str).chain(["the-caller's-own-secret"]) {
        assert!(!log.contains(secret), "the log holds a secret");
    }
}

/// A core dump would hold what nobody can wipe: none is written, even where the shell asks for them.
#[cfg(target_os = "linux")]
#[test]
fn no_core_is_written() {
    let home = tempfile::tempdir().unwrap();
    let line = format!("ulimit -c unlimited; exec {} --practice", env!("CARGO_BIN_EXE_iamwalk"));
    let mut terminal = Terminal::start_program("/bin/sh", &["-c", &line], home.path(), &[], (100, 30));
    terminal.wait("account 111122223333");
    let limits = fs::read_to_string(format!("/proc/{}/limits", terminal.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    let abort = std::process::Command::new("kill").args(["-ABRT", &terminal.id().to_string()]).status().unwrap();
    assert!(abort.success());
    terminal.end();
    let left: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("core")), "{left:?}");
}
