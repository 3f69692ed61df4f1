//! Compares what came with what is recorded.
//!
//! Comes in: the name of a record below `tests/records/`, and its text as it is now. Goes out: nothing where they are the same, else
//! the lines that differ. With `IAMWALK_RECORD=1` the file is written instead.

use std::fs;
use std::path::PathBuf;

/// What to do where a difference is meant.
pub const HINT: &str =
    "If this is meant: run with IAMWALK_RECORD=1 and say in the commit's subject which words or format changed.";

/// Lines around a difference that are shown with it.
const AROUND: usize = 3;

/// Where the records are.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/records")
}

/// Whether the records are written in place of being compared with.
pub fn is_recording() -> bool {
    std::env::var_os("IAMWALK_RECORD").is_some_and(|value| value == "1")
}

/// Holds these texts to their records. All are looked at before one that differs fails.
pub fn hold(records: &[(String, String)]) {
    let mut differences = String::new();
    for (name, text) in records {
        let path = folder().join(name);
        if is_recording() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            continue;
        }
        match fs::read_to_string(&path) {
            Ok(recorded) if recorded == *text => {}
            Ok(recorded) => differences += &format!("tests/records/{name}:\n{}\n", difference(&recorded, text)),
            Err(error) => differences += &format!("tests/records/{name}: {error}\n"),
        }
    }
    assert!(differences.is_empty(), "not as recorded (- recorded, + now)\n{differences}{HINT}");
}

/// The lines that differ, with a few around them and the number of the recorded line.
fn difference(recorded: &str, now: &str) -> String {
    let lines: Vec<(char, &str)> = diff::lines(recorded, now)
        .into_iter()
        .map(|line| match line {
            diff::Result::Left(line) => ('-', line),
            diff::Result::Right(line) => ('+', line),
            diff::Result::Both(line, _) => (' ', line),
        })
        .collect();
    let mut out = String::new();
    let (mut number, mut is_gap) = (0, false);
    for (at, (sign, line)) in lines.iter().enumerate() {
        number += usize::from(*sign != '+');
        let near = &lines[at.saturating_sub(AROUND)..lines.len().min(at + AROUND + 1)];
        if near.iter().any(|(sign, _)| *sign != ' ') {
            out += &format!("{number:5} {sign} {line}\n");
            is_gap = false;
        } else if !is_gap {
            out += "      …\n";
            is_gap = true;
        }
    }
    out
}

#[test]
fn a_difference_is_shown_by_lines() {
    let recorded = "a\nb\nc\nd\ne\nf\ng\nh\ni\n";
    let now = "a\nb\nc\nd\nE\nf\ng\nh\ni\n";
    assert_eq!(
        difference(recorded, now),
        "      …\n    2   b\n    3   c\n    4   d\n    5 - e\n    5 + E\n    6   f\n    7   g\n    8   h\n      …\n"
    );
}

#[test]
fn a_record_that_is_missing_fails_and_says_what_to_do() {
    if !is_recording() {
        let failed = std::panic::catch_unwind(|| hold(&[("no-such-record.txt".to_owned(), String::new())])).unwrap_err();
        assert!(failed.downcast_ref::<String>().unwrap().ends_with(HINT));
    }
}
