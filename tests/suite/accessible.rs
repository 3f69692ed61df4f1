//! The conversation in lines, in a real terminal that can do nothing else, read as a person hears it: as text, from top to bottom.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use iamwalk::app::keymap::BINDINGS;
use iamwalk::faces::accessible::{Reach, reach};

use super::support::terminal::Terminal;

/// How long a prompt may take: a class of machines is slow at times.
const PATIENCE: Duration = Duration::from_secs(60);

/// The conversation, and how far it was read.
struct Lines {
    terminal: Terminal,
    read: usize,
}

impl Lines {
    fn start(arguments: &[&str], home: &Path) -> Self {
        Self { terminal: Terminal::start(arguments, home, &[("TERM", "dumb")], (80, 24)), read: 0 }
    }

    /// Everything that was printed.
    fn all(&self) -> String {
        String::from_utf8_lossy(&self.terminal.written.lock().unwrap()).replace('\r', "")
    }

    /// What was said since the last answer, once something is asked; nothing at the end of the program.
    fn asked(&mut self) -> Option<String> {
        let start = Instant::now();
        loop {
            let all = self.all();
            // A prompt ends in a blank, and nothing follows while it waits.
            if all.len() > self.read && all.ends_with([' ']) {
                thread::sleep(Duration::from_millis(20));
                if self.all() == all {
                    return Some(all[self.read..].to_owned());
                }
            }
            if self.terminal.is_over() {
                return None;
            }
            assert!(start.elapsed() < PATIENCE, "nothing is asked:\n{all}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn answer(&mut self, line: &str) {
        self.read = self.all().len();
        self.terminal.keys(&format!("{line}\n"));
    }

    /// Waits for this question, and answers it; what was said before it.
    fn at(&mut self, question: &str, line: &str) -> String {
        let said = self.asked().unwrap_or_else(|| panic!("the end instead of “{question}”:\n{}", self.all()));
        assert!(prompt(&said).contains(question), "“{question}” is not what is asked:\n{said}");
        self.answer(line);
        said
    }

    /// Answers everything with an empty line, but these questions each once with these, up to the end or to the first `until`.
    fn walk(&mut self, answers: &[(&str, &str)], until: &str) {
        let mut open: Vec<_> = answers.to_vec();
        let mut asked = 0;
        while let Some(said) = self.asked() {
            let prompt = prompt(&said);
            if !until.is_empty() && prompt.contains(until) {
                break;
            }
            let place = open.iter().position(|(question, _)| said.contains(question));
            let line = place.map_or("", |place| open.remove(place).1);
            self.answer(line);
            asked += 1;
            assert!(asked < 120, "it asks and asks:\n{}", self.all());
        }
        assert!(open.is_empty(), "never asked: {open:?}\n{}", self.all());
    }

    /// The end, as it should be heard: nothing but words and line ends.
    fn end(mut self) -> (u32, String) {
        let code = self.terminal.end();
        let bytes = self.terminal.written.lock().unwrap().clone();
        let odd: Vec<u8> = bytes.iter().copied().filter(|byte| *byte < 0x20 && !b"\r\n".contains(byte)).collect();
        assert!(odd.is_empty(), "{odd:?} in\n{}", self.all());
        (code, self.all())
    }
}

/// The line that waits for its answer.
fn prompt(said: &str) -> &str {
    said.lines().last().unwrap_or_default()
}

/// What stands in the practice folder's credentials file, behind this key.
fn saved(home: &Path, key: &str) -> String {
    let folders = std::fs::read_dir(home).unwrap().flatten().map(|entry| entry.path().join("credentials"));
    let text: String = folders.filter_map(|file| std::fs::read_to_string(file).ok()).collect();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("no {key} in\n{text}"));
    line.split('=').nth(1).unwrap().trim().to_owned()
}

#[test]
fn a_user_is_made_and_the_saved_key_proven_in_lines() {
    let home = tempfile::tempdir().unwrap();
    let mut lines = Lines::start(&["--practice"], home.path());
    let said = lines.at("Number, now 1:", "");
    assert!(said.contains("Page 1 of 8: Walkthrough\n") && said.contains("1. Create a user (chosen)"), "{said}");
    lines.at("Number, a word to search", "");
    // An error is a sentence, and the question comes again.
    // A line that is no text changes nothing.
    lines.asked();
    lines.read = lines.all().len();
    lines.terminal.bytes(b"b\xe9b\n");
    let said = lines.at("User name:", "my user");
    assert!(said.contains("That line can't be used"), "{said}");
    let said = lines.at("User name, now my user", "bob");
    assert!(said.contains("Error: Not allowed: a space at position 3."), "{said}");
    let said = lines.at("Path", "<");
    assert!(said.contains("“bob” is free."), "{said}");
    lines.at("User name, now bob", "");
    lines.at("Path", "");
    lines.at("Access key: yes or no?", "");
    lines.at("Number:", "2");
    // What is missing is asked again, with what is wrong.
    lines.at("I understand", "");
    // What would be a command is a text behind a backslash; another backslash is one.
    lines.at("Description tag value", "\\?");
    lines.at("Description tag value - optional, now ?", "laptop");
    lines.at("AWS Management Console: yes or no?", "yes");
    lines.at("Number, now 1:", "2");
    let said = lines.at("Custom password (what you type is not shown)", "Correct-Horse-7");
    assert!(said.contains("The account asks for"), "{said}");
    lines.at("Users must create a new password", "");
    let said = lines.at("I understand", "yes");
    assert!(said.contains("Error: Read the recommendation above"), "{said}");
    let said = lines.at("Numbers, ? and a number to look", "1");
    assert!(said.contains("Page 4 of 8: Permissions\n"), "{said}");
    let said = lines.at("Numbers,", "");
    assert!(said.contains("(chosen)"), "{said}");
    lines.at("Create group", "");
    // A long list is searched, not read out.
    let said = lines.at("Numbers,", "no such policy");
    assert!(said.contains("1208 in all"), "{said}");
    let said = lines.at("Number, another word, or Enter for all of them:", "");
    assert!(said.contains("no match"), "{said}");
    let said = lines.at("Numbers,", "s3 full");
    assert!(said.contains("0 chosen of 10 at most. 1208 in all") && said.lines().count() < 8, "{said}");
    let said = lines.at("Number, another word", "?1");
    assert!(said.contains("1. AmazonS3FullAccess\n"), "{said}");
    let said = lines.at("Number, another word", "1");
    assert!(said.contains("\"Action\": [") || said.contains("\"Version\": \"2012-10-17\""), "{said}");
    let said = lines.at("Numbers,", "");
    assert!(said.contains("1 chosen of 10 at most: AmazonS3FullAccess"), "{said}");
    lines.at("Number opens it", "1");
    lines.at("Policy name:", "Mine");
    lines.at("Number, now 1:", "2");
    lines.at("Read it from a file:", "");
    lines.at("Lines, then a line with only a full stop", "{\"Version\":\"2012-10-17\",\"Statement\":");
    lines.terminal.keys("[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}\n.\n");
    let said = lines.at("Number opens it", "");
    assert!(said.contains("IAM accepts it.") && said.contains("1. Mine (inline)"), "{said}");
    lines.walk(&[], "or Enter for 6");
    let said = lines.at("Number, or Enter for 6:", "2");
    assert!(said.contains("Access: Access key for: Local code, described “laptop”"), "{said}");
    assert!(said.contains("API calls, in order:\n1. Create the user bob, iam:CreateUser\n"), "{said}");
    // A block leads back to its page, whose answers are kept.
    lines.at("User name, now bob", "");
    lines.at("Path", "");
    lines.at("Number, or Enter for 6:", "");
    let said = lines.at("Number, or Enter for 1:", "c");
    for heard in
        ["Page 8 of 8: Hand-over", "The user bob is created.", "Secret access key: not shown", "Verified: yes, as arn:aws:iam"]
    {
        assert!(said.contains(heard), "no “{heard}” in\n{said}");
    }
    // A copy goes through no terminal, and says how it went.
    assert!(said.contains("API") || !said.contains("Not done yet"), "{said}");
    lines.at("Number, or Enter for 1:", "2");
    let said = lines.at("Number, or Enter", "r");
    assert!(said.contains("There is no clipboard here") || said.contains("is in the clipboard"), "{said}");
    // What is printed stays: it is asked about first.
    let said = lines.at("Number, or Enter for 1:", "");
    assert!(said.contains("Question: Print the secrets here?") && said.contains("1. Do not print it"), "{said}");
    lines.at("Number, or Enter", "s");
    let said = lines.at("Number, or Enter", "d");
    assert!(said.contains("Saved as profile “bob” in") && said.contains("Verified: yes, as arn:aws:iam"), "{said}");
    let (code, all) = lines.end();
    assert_eq!(code, 0, "{all}");
    let secret = saved(home.path(), "aws_secret_access_key");
    assert!(!all.contains(&secret) && !all.contains("Correct-Horse"), "{all}");
}

#[test]
fn every_walkthrough_is_followed_to_its_end_in_lines() {
    let understood = ("I understand the above recommendation", "yes");
    for (name, answers) in [
        ("admin-user", vec![understood]),
        ("developer", vec![understood]),
        ("copy-permissions", vec![understood, ("Copy permissions from: none chosen", "1")]),
        ("managed-studio", vec![understood]),
        ("koding", vec![understood, ("Will your stacks use Route 53?", "1")]),
        ("stream-manager", vec![understood]),
        ("iguazio", vec![understood, ("its document is missing", "1"), ("Read it from a file:", "provazio.json")]),
    ] {
        let home = tempfile::tempdir().unwrap();
        let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetRole","Resource":"*"}]}"#;
        std::fs::write(home.path().join("provazio.json"), document).unwrap();
        let mut lines = Lines::start(&[name, "--practice", "--user", "u1"], home.path());
        // Behind the key's profile an empty line saves the password, where there is one, and leaves.
        lines.walk(&[answers.as_slice(), &[("1. Save as profile", "1")]].concat(), "");
        let (code, all) = lines.end();
        assert!(all.contains("Verified: the key answers as arn:aws:iam::111122223333:user/u1"), "{name}\n{all}");
        assert_eq!(code, 0, "{name}\n{all}");
        assert!(!all.contains(&saved(home.path(), "aws_secret_access_key")), "{name}\n{all}");
        // Each page is opened once, in order.
        let pages: Vec<&str> = all.lines().filter(|line| line.starts_with("Page ")).collect();
        assert!(pages.len() >= 8 && pages[0] == "Page 1 of 8: Walkthrough", "{name}: {pages:?}");
        assert_eq!(pages.last(), Some(&"Page 8 of 8: Hand-over"), "{name}: {pages:?}");
    }
}

#[test]
fn a_key_is_added_in_lines() {
    let home = tempfile::tempdir().unwrap();
    let mut lines = Lines::start(&["add-key", "amara", "--practice", "--accessible"], home.path());
    let answers = [("Number:", "1"), ("I understand", "yes"), ("1. Save as profile", "s")];
    lines.walk(&answers, "");
    let (code, all) = lines.end();
    assert_eq!(code, 0, "{all}");
    assert!(all.contains("Verified: the key answers as arn:aws:iam::111122223333:user/"), "{all}");
    assert!(!all.contains(&saved(home.path(), "aws_secret_access_key")), "{all}");
}

/// The users are listed, one is looked at, and a key is added to it from there.
#[test]
fn the_users_are_gone_through_in_lines() {
    let home = tempfile::tempdir().unwrap();
    let mut lines = Lines::start(&["users", "--practice"], home.path());
    lines.at("Number, now 1", "");
    let list = lines.at("Number, a word to search, or Enter", "2");
    for words in
        ["1. amara: ", "console yes, MFA no", "2. build-server: key of 412 days", "3. practice-admin", "credential report of"]
    {
        assert!(list.contains(words), "no “{words}”\n{list}");
    }
    let page = lines.at("Number, or Enter for 1", "1");
    assert!(page.contains("Page 3 of 3: User") && page.contains("412 days old, last used 3 days ago"), "{page}");
    assert!(page.contains("Warning: key of 412 days") && page.contains("1. Add an access key"), "{page}");
    assert!(!page.lines().any(|line| line.starts_with(':') || line.contains('…')), "{page}");
    let pages = lines.at("Number, a word to search, or Enter", "");
    assert!(pages.contains("User: chosen: build-server"), "{pages}");
    drop(lines);
}

/// A console password is replaced, and what can't be undone is asked about.
#[test]
fn console_access_is_changed_in_lines() {
    let home = tempfile::tempdir().unwrap();
    let mut lines = Lines::start(&["console-access", "amara", "--replace-password", "--practice"], home.path());
    let said = lines.at("Number, now 4", "");
    assert!(said.contains("Change the console access of a user (chosen)"), "{said}");
    let mut said = String::new();
    for _ in 0..20 {
        let Some(asked) = lines.asked() else { break };
        said.push_str(&asked);
        let answer = match prompt(&asked) {
            asked if asked.contains("Question") => "2",
            _ if asked.contains("Go on anyway") => "2",
            _ => "",
        };
        if asked.contains("Hand-over") {
            break;
        }
        lines.answer(answer);
    }
    for words in [
        "Replace the console password of amara",
        "Can't be undone",
        "boundary PowerUserAccess. Unless it allows",
        "The console access of amara is changed.",
    ] {
        assert!(said.contains(words), "no “{words}”\n{said}");
    }
    drop(lines);
}

/// Goes through everything with what is proposed, but for these answers; what was said.
fn said_by(arguments: &[&str], answers: &[(&str, &str)]) -> String {
    let home = tempfile::tempdir().unwrap();
    let mut lines = Lines::start(arguments, home.path());
    let mut said = String::new();
    for _ in 0..30 {
        let Some(asked) = lines.asked() else { break };
        said.push_str(&asked);
        if asked.contains("Hand-over") {
            break;
        }
        let asked = prompt(&asked);
        let own = answers.iter().find(|(label, _)| asked.contains(label)).map(|(_, answer)| *answer);
        lines.answer(own.unwrap_or_default());
    }
    said
}

fn says(said: &str, all: &[&str]) {
    for words in all {
        assert!(said.contains(words), "no “{words}”\n{said}");
    }
}

#[test]
fn a_key_is_rotated_in_lines() {
    let said = said_by(&["rotate-key", "--key-in", "work", "--practice"], &[]);
    says(
        &said,
        &[
            "user build-server, active, created 412 days ago, last used 3 days ago by s3",
            "Profiles that get the new key",
            "Deactivate it now, delete it later (chosen)",
            "6 steps, in order:",
            "Later: Delete the access key AKIAPRACTICEOLDKEY00",
            "build-server has a new access key in place of the old one.",
        ],
    );
}

#[test]
fn access_is_revoked_in_lines() {
    let said = said_by(&["revoke", "amara", "--practice"], &[("The user's name", "amara"), ("Number, or Enter for 1", "2")]);
    says(
        &said,
        &[
            "Type amara to agree. It has: 2 other credentials, a console password",
            "Attach AWSDenyAll to amara",
            "Can't be undone: the console password is deleted.",
            "The access of amara is revoked.",
        ],
    );
}

#[test]
fn a_found_key_is_deactivated_in_lines() {
    let said = said_by(&["revoke", "--key", "AKIAPRACTICEOLDKEY00", "--practice"], &[]);
    says(
        &said,
        &["user build-server", "profile work", "iamwalk revoke build-server", "The key of build-server works no longer."],
    );
}

#[test]
fn help_leaving_and_the_end_of_input_are_reached_in_lines() {
    let home = tempfile::tempdir().unwrap();
    let mut lines = Lines::start(&["--practice"], home.path());
    lines.at("Number, now 1:", "?");
    let said = lines.at("Enter: Close.", "");
    assert!(said.contains("Question: Walkthrough\n"), "{said}");
    // The question is asked again, and what makes no sense is said so.
    lines.at("Number, now 1:", "17");
    let said = lines.at("Number, now 1:", "");
    assert!(said.contains("Not a valid answer."), "{said}");
    lines.at("to go on:", "");
    lines.at("User name:", ":q");
    let said = lines.at("Number, or Enter for 1:", "");
    assert!(said.contains("Question: Leave iamwalk?") && said.contains("1. Stay\n2. Leave\n"), "{said}");
    lines.at("User name:", "<");
    lines.at("Number, now 1:", "");
    lines.at("to go on:", "");
    // Ctrl-C and Ctrl-D ask, too, where something would be lost.
    lines.asked();
    lines.read = lines.all().len();
    lines.terminal.keys("\x03");
    lines.at("Number, or Enter for 1:", "1");
    lines.asked();
    lines.read = lines.all().len();
    lines.terminal.keys("\x04");
    lines.at("Number, or Enter for 1:", "2");
    let (code, all) = lines.end();
    assert_eq!(code, 130, "{all}");
}

#[test]
fn undo_is_asked_about_and_told_in_lines() {
    let home = tempfile::tempdir().unwrap();
    let mut lines = Lines::start(&["admin-user", "--practice", "--user", "u1"], home.path());
    lines.walk(&[("I understand", "yes")], "or Enter for 1");
    lines.at("Number, or Enter for 1:", "d");
    let said = lines.at("Number, or Enter for 1:", "4");
    assert!(said.contains("Question: The secret access key was not saved"), "{said}");
    assert!(said.contains("4. Undo everything this run made"), "{said}");
    let said = lines.at("Number, or Enter for 1:", "2");
    assert!(said.contains("Question: Undo all this?") && said.contains("1. Delete the access key"), "{said}");
    let said = lines.at("Number, or Enter", "2");
    assert!(said.contains("This run is undone."), "{said}");
    assert_eq!(said.matches("Create the user u1: undone").count(), 1, "each step once\n{said}");
    let (_, all) = lines.end();
    assert!(all.contains("nothing") || all.contains("Nothing"), "{all}");
}

#[test]
fn whatever_a_key_does_lines_can_do() {
    for row in BINDINGS {
        assert!(reach(row).is_some(), "{} ({:?}: {}) has no way in lines", row.shown, row.scope, row.words);
    }
    let letter = |row| if let Some(Reach::Letter(letter)) = reach(row) { Some(letter) } else { None };
    let letters: Vec<char> = BINDINGS.iter().filter_map(letter).collect();
    assert!(['d', 'w', 'x', 'q', 'r'].iter().all(|letter| letters.contains(letter)), "{letters:?}");
}
