//! Secrets stay where they belong: not in the log at any level, not on a screen that did not reveal them, not in Debug.

use std::fs;

use super::support::moto;
use super::support::terminal::Terminal;

/// A whole session under `RUST_LOG=trace`; what the log holds, and the two secrets.
fn logged(arguments: &[&str], environment: &[(&str, &str)]) -> (String, [String; 2]) {
    let home = tempfile::tempdir().unwrap();
    let state = home.path().join("state");
    let mut all =
        vec![("RUST_LOG", "trace,aws_smithy_runtime::client::orchestrator=trace"), ("XDG_STATE_HOME", state.to_str().unwrap())];
    all.extend_from_slice(environment);
    let mut terminal = Terminal::start(arguments, home.path(), &all, (100, 30));
    terminal.at("(•) plain", "\x1b[B");
    terminal.at("(•) admin-user", "\r");
    terminal.at("“admin-user” is free.", "\r");
    terminal.at("› [x] Access key", "\r");
    terminal.at("tick this with Space", " ");
    terminal.at("› [x] I understand", "\r");
    terminal.at("[x] AdministratorAccess", "\r");
    terminal.at("› Key 1", "\r");
    terminal.wait("calls, in the order");
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
    let secret = find("credentials").split("aws_secret_access_key = ").nth(1).unwrap().trim().to_owned();
    let csv = find("admin-user_credentials.csv");
    let password = csv.lines().nth(1).unwrap().split(',').nth(1).unwrap().to_owned();
    assert!(secret.len() == 40 && password.len() >= 20);
    let written = String::from_utf8_lossy(&terminal.written.lock().unwrap()).into_owned();
    for secret in [&secret, &password] {
        assert!(!written.contains(secret), "it was sent to the terminal");
    }
    (find("iamwalk.log"), [secret, password])
}

#[test]
fn no_log_at_any_level_holds_a_secret_in_practice() {
    let (log, secrets) = logged(&["--practice"], &[]);
    // The log is really one: our own lines are there, down to the effects.
    assert!(log.contains("INFO iamwalk") && log.contains("Perform"), "{log}");
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
