//! Recorded files that hold down what the program sends, prints and writes: for every built-in walkthrough, each way to go it, and
//! for forty cells of the fault matrix.
//!
//! Comes in: the real program before a practice server, and the conversation over a practice account. Goes out: nothing, where it
//! is as recorded in `tests/records/`; else a difference by lines. `IAMWALK_RECORD=1` writes the files in place of comparing.
//!
//! What is replaced, since it differs from run to run or from machine to machine, stands in `names`; what puts its calls in order, in
//! `turnstile`.

mod cells;
mod compare;
mod names;
mod stage;
mod walks;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use iamwalk::practice::CALLER_KEY;
use regex_lite::Regex;

/// The names of the records in a folder below `tests/records/`.
fn found(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            names.extend(found(&entry.path()));
        } else {
            let name = entry.path().strip_prefix(compare::folder()).unwrap().to_str().unwrap().to_owned();
            names.insert(name);
        }
    }
    names
}

#[test]
fn every_record_is_held_by_a_test() {
    let expected: BTreeSet<String> = walks::names().into_iter().chain(cells::names()).collect();
    assert_eq!(expected.len(), 8 * 9 + 40);
    let found = found(&compare::folder());
    if compare::is_recording() {
        found.difference(&expected).for_each(|name| fs::remove_file(compare::folder().join(name)).unwrap());
    } else {
        assert_eq!(found, expected, "{}", compare::HINT);
    }
}

/// What stands where a secret would stand is a name, nothing has the look of a secret, and no id is one of an account.
#[test]
fn no_record_holds_a_secret() {
    let named = Regex::new(r"^(SECRET-[0-9]+)?$").unwrap();
    let places =
        Regex::new(r"(?m)(?:aws_secret_access_key = |^ +Password = |SecretAccessKey>|Secret access key:? +)(.*)$").unwrap();
    let secret = Regex::new(r"(?:^|[^A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?:$|[^A-Za-z0-9/+])").unwrap();
    let id = Regex::new(r"\b(?:AKIA|ASIA|AIDA|AGPA|ANPA)[A-Z0-9]{16,17}\b").unwrap();
    let mut kept = 0;
    for name in found(&compare::folder()) {
        let text = fs::read_to_string(compare::folder().join(&name)).unwrap();
        for place in places.captures_iter(&text) {
            let is_hidden = place[1].chars().all(|c| "•·*".contains(c));
            assert!(is_hidden || named.is_match(&place[1]), "tests/records/{name}: {}", &place[0]);
            kept += 1;
        }
        assert!(!secret.is_match(&text), "tests/records/{name}: {}", &secret.find(&text).unwrap().as_str());
        for found in id.find_iter(&text) {
            assert_eq!(found.as_str(), CALLER_KEY, "tests/records/{name}");
        }
    }
    assert!(kept > 24, "the places of secrets are looked at: {kept}");
}
