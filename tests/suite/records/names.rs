//! Fixed names in place of what is random or of this machine.
//!
//! Comes in: a text of the program's, and the secrets and the home folder of that run. Goes out: the same text with names that are
//! numbered in the order in which they appear: `KEY-1` for an access key id, `USER-1`, `GROUP-1` and `POLICY-1` for unique ids,
//! `RUN-1` for a run, `SECRET-1` for a secret or a password; and without numbers `TIME` for a date with its time, `SECONDS` for
//! seconds since 1970, `PORT`, `HOME` and `VERSION`. The practice caller's key id is the same everywhere and stays.

use std::collections::HashMap;

use iamwalk::practice::CALLER_KEY;
use regex_lite::{Captures, Regex};

const VARYING: &str = r"(?x)
    (?P<id> \b (?: AKIA | AIDA | AGPA | ANPA ) [A-Z0-9]{16,17} \b )
  | (?P<run> \b [0-9]{8}-[0-9]{6}-[0-9a-f]{4} \b )
  | (?P<time> \b [0-9]{4}-[0-9]{2}-[0-9]{2} [T\x20] [0-9]{2}:[0-9]{2}:[0-9]{2} (?: \.[0-9]+ )? Z? )
  | (?P<seconds> \b 1[0-9]{9} \b )
  | (?P<port> \b 127\.0\.0\.1:[0-9]+ )
  | (?P<version> \b iamwalk\x20[0-9]+\.[0-9]+\.[0-9]+ )";

/// The text with names in place of what varies.
pub fn named(text: &str, secrets: &[String], home: &str) -> String {
    let mut text = text.to_owned();
    let mut found: Vec<(usize, &String)> =
        secrets.iter().filter_map(|secret| Some((ways(secret).iter().filter_map(|way| text.find(way)).min()?, secret))).collect();
    found.sort();
    let mut seen: Vec<&String> = Vec::new();
    for (_, secret) in found {
        if !seen.contains(&secret) {
            seen.push(secret);
        }
    }
    for (at, secret) in seen.iter().enumerate() {
        for way in ways(secret) {
            text = text.replace(&way, &format!("SECRET-{}", at + 1));
        }
    }
    if !home.is_empty() {
        text = text.replace(home, "/HOME");
    }
    let mut names: HashMap<String, String> = HashMap::new();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let name = |found: &Captures<'_>| {
        let whole = &found[0];
        let numbered = match whole {
            CALLER_KEY => return whole.to_owned(),
            _ if found.name("run").is_some() => "RUN",
            _ if found.name("id").is_some() => match &whole[..4] {
                "AKIA" => "KEY",
                "AIDA" => "USER",
                "AGPA" => "GROUP",
                _ => "POLICY",
            },
            _ if found.name("time").is_some() => return "TIME".to_owned(),
            _ if found.name("seconds").is_some() => return "SECONDS".to_owned(),
            _ if found.name("port").is_some() => return "127.0.0.1:PORT".to_owned(),
            _ => return "iamwalk VERSION".to_owned(),
        };
        let known = names.entry(whole.to_owned()).or_insert_with(|| {
            let count = counts.entry(numbered).or_default();
            *count += 1;
            format!("{numbered}-{count}")
        });
        known.clone()
    };
    Regex::new(VARYING).unwrap().replace_all(&text, name).into_owned()
}

/// A journal with each step of its first record on a line of its own, so that a difference is about a step.
pub fn steps_apart(journal: &str) -> String {
    journal.replace("[{\"id\":", "[\n  {\"id\":").replace(",{\"id\":", ",\n  {\"id\":")
}

/// How a secret may stand in a file: as a csv has it, as JSON has it, as it is.
fn ways(secret: &str) -> Vec<String> {
    let csv = format!("\"{}\"", secret.replace('"', "\"\""));
    let json = serde_json::to_string(secret).unwrap();
    let quoted = secret.contains([',', '"', ' ']).then_some(csv);
    quoted.into_iter().chain([json[1..json.len() - 1].to_owned(), secret.to_owned()]).collect()
}

#[test]
fn names_are_numbered_as_they_appear() {
    let text = "AKIAPRACTICECALLER00 AKIAAAAAAAAAAAAAAAA2 AIDABBBBBBBBBBBBBBBB2 AKIAAAAAAAAAAAAAAAA1 AKIAAAAAAAAAAAAAAAA2 \
                20261125-103551-e155 2026-11-25T10:35:51.562225Z 1795602951 http://127.0.0.1:4711 /tmp/x/.aws iamwalk 0.1.0 \
                2012-10-17 111122223333 s3\"cr,et \"s3\"\"cr,et\" s3\\\"cr,et";
    let expected = "AKIAPRACTICECALLER00 KEY-1 USER-1 KEY-2 KEY-1 RUN-1 TIME SECONDS http://127.0.0.1:PORT /HOME/.aws iamwalk VERSION \
                    2012-10-17 111122223333 SECRET-1 SECRET-1 SECRET-1";
    assert_eq!(named(text, &["s3\"cr,et".to_owned()], "/tmp/x"), expected);
}
