//! Every built-in walkthrough, gone each way: as a person goes it in a terminal, without questions, as a dry run in each form, taken
//! back, and stopped before its key and finished by a later start.
//!
//! Comes in: what each walkthrough needs to be told, and what a person presses on its pages. Goes out: the records of each way,
//! held to the files in `tests/records/WALKTHROUGH/`.
//!
//! Hardly anything is sorted here. What the program sends side by side is put in order while it is sent (`turnstile`), and so all
//! that follows from it, the journal and what is printed, comes in the same order too. Only `undo` prints two things at once.

use std::fs;
use std::thread;

use iamwalk::domain::walkthrough::BUILT_IN;

use super::compare::hold;
use super::stage::Stage;

const ENTER: &str = "\r";
const DOWN: &str = "\x1b[B";
const CTRL_S: &str = "\x13";
const TAB: &str = "\t";
const UP: &str = "\x1b[A";

/// A policy file as Iguazio gives it.
const VENDORS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetRole","Resource":"arn:aws:iam::$AWS_ACCOUNT_ID:role/igz"}]}"#;

/// What a walkthrough needs.
#[derive(Clone, Copy)]
struct Walk {
    name: &'static str,
    /// Without questions.
    sets: &'static str,
    /// On the first page, after the walkthrough itself.
    questions: &'static [(&'static str, &'static str)],
    /// On *Access*, before the recommendation is read.
    access: &'static [(&'static str, &'static str)],
    /// On *Access*, when it is read.
    understood: &'static [(&'static str, &'static str)],
    permissions: &'static [(&'static str, &'static str)],
    /// The user gets a password as well.
    has_password: bool,
}

const SIMPLE: Walk = Walk {
    name: "",
    sets: "",
    questions: &[],
    access: &[],
    understood: &[("› [x] I understand", ENTER)],
    permissions: &[("› Permissions", ENTER)],
    has_password: false,
};

const PLAIN: Walk = Walk {
    name: "plain",
    sets: "--set access.use-case=cli",
    access: &[("› Use case", ENTER), ("(•) Command Line Interface (CLI)", ENTER)],
    permissions: &[("› [ ] Auditors", " "), ("› [x] Auditors", ENTER)],
    ..SIMPLE
};

const ADMIN_USER: Walk = Walk {
    name: "admin-user",
    understood: &[
        ("› [x] I understand", TAB),
        ("› Description tag", "laptop"),
        ("› Description tag value - optional  laptop", ENTER),
    ],
    has_password: true,
    ..SIMPLE
};
const DEVELOPER: Walk = Walk { name: "developer", has_password: true, ..SIMPLE };

const COPY_PERMISSIONS: Walk = Walk {
    name: "copy-permissions",
    sets: "--set permissions.copy-from=amara",
    permissions: &[("› ( ) amara", " "), ("(•) amara", ENTER)],
    ..SIMPLE
};

const MANAGED_STUDIO: Walk = Walk { name: "managed-studio", questions: &[("› What may Managed Studio do?", ENTER)], ..SIMPLE };

const KODING: Walk =
    Walk { name: "koding", questions: &[("› Will your stacks use Route 53?", UP), ("(•) Yes", ENTER)], ..SIMPLE };

const STREAM_MANAGER: Walk = Walk { name: "stream-manager", ..SIMPLE };

const IGUAZIO: Walk = Walk {
    name: "iguazio",
    sets: "--set policies.ManageIguazioSystems.file=provazio.json",
    permissions: &[
        ("› Permissions", " "),
        ("› Read it from a file", "provazio.json"),
        ("provazio.json▁", ENTER),
        ("✓ IAM accepts it.", CTRL_S),
        (" Enter continue", ENTER),
    ],
    ..SIMPLE
};

/// The forms of a dry run.
const FORMS: [&str; 5] = ["text", "json", "aws-cli", "cloudformation", "terraform"];

const WALKS: [Walk; 8] = [PLAIN, ADMIN_USER, DEVELOPER, COPY_PERMISSIONS, MANAGED_STUDIO, KODING, STREAM_MANAGER, IGUAZIO];

/// The names of the records, in order.
pub fn names() -> Vec<String> {
    let ways = ["screen", "yes", "undo", "resume"].map(str::to_owned);
    let ways: Vec<String> = ways.into_iter().chain(FORMS.map(|form| format!("dry-run-{form}"))).collect();
    WALKS.iter().flat_map(|walk| ways.iter().map(|way| format!("{}/{way}.txt", walk.name))).collect()
}

type Records = Vec<(String, String)>;

fn stage_of(walk: &Walk) -> Stage {
    let stage = Stage::new();
    if walk.name == "iguazio" {
        stage.write("provazio.json", VENDORS);
    }
    stage
}

/// Dry runs, the run itself, and its undo, in one account.
fn without_questions(walk: &Walk) -> Records {
    let (stage, mut records) = (stage_of(walk), Records::new());
    let Walk { name, sets, .. } = walk;
    for form in FORMS {
        let told = stage.run(&format!("{name} --user u1 {sets} --dry-run={form}"));
        records.push((format!("{name}/dry-run-{form}.txt"), stage.recorded(&told)));
    }
    let told = stage.run(&format!("{name} --yes --user u1 --save-profile p1 {sets}"));
    records.push((format!("{name}/yes.txt"), stage.recorded(&told)));
    let runs = fs::read_dir(stage.home().join(".local/state/iamwalk/runs")).unwrap();
    let journal = runs.flatten().next().unwrap().path();
    let told = stage.run(&format!("undo {} --yes", journal.file_stem().unwrap().to_str().unwrap()));
    records.push((format!("{name}/undo.txt"), stage.recorded(&told)));
    records
}

/// As a person goes it in a terminal.
fn on_the_screen(walk: &Walk) -> Records {
    let stage = stage_of(walk);
    let arguments = format!("{} --user u1", walk.name);
    let mut terminal = stage.terminal(&arguments);
    let chosen = format!("(•) {}", walk.name);
    let mut keys = vec![("account 111122223333", ""), (chosen.as_str(), ENTER)];
    keys.extend(walk.questions);
    keys.push(("“u1” is free.", ENTER));
    keys.extend(walk.access);
    keys.push(("› [ ] I understand", " "));
    keys.extend(walk.understood);
    keys.extend(walk.permissions);
    keys.extend([("› Key 1", ENTER), ("[ Create user u1 ]", ENTER)]);
    keys.extend(received(walk));
    stage.press(&mut terminal, &keys);
    let told = stage.ended(&arguments, terminal);
    vec![(format!("{}/screen.txt", walk.name), stage.recorded(&told))]
}

/// Saves the key, and the password where there is one, and leaves when the saved key is proven.
fn received(walk: &Walk) -> Vec<(&'static str, &'static str)> {
    let mut keys = vec![("✓ yes, as arn:aws:iam::111122223333:user/u1", "s")];
    if walk.has_password {
        keys.extend([("✓ Saved as profile “u1”", "p"), ("✓ Written to", "")]);
    } else {
        keys.push(("✓ Saved as profile “u1”", ""));
    }
    keys.push(("✓ yes, as arn:aws:iam::111122223333:user/u1", "d"));
    keys
}

/// Stopped before its key, and finished by a later start in a terminal.
fn resumed(walk: &Walk) -> Records {
    let stage = stage_of(walk);
    let Walk { name, sets, .. } = walk;
    stage.turnstile.refuse(Some("CreateAccessKey"));
    let first = stage.run(&format!("{name} --yes --user u1 --save-profile p1 --keep-on-failure {sets}"));
    stage.turnstile.refuse(None);
    let mut terminal = stage.terminal("");
    let mut keys = vec![("account 111122223333", ""), ("An earlier run was not finished", DOWN), ("› Finish it", ENTER)];
    keys.extend(received(walk));
    stage.press(&mut terminal, &keys);
    let then = stage.ended("", terminal);
    vec![(format!("{name}/resume.txt"), stage.recorded(&format!("{first}\n=========== the later start\n\n{then}")))]
}

/// All ways at once: most of the time is waiting for a new key.
fn hold_all_ways(walk: Walk) {
    let ways: [fn(&Walk) -> Records; 3] = [without_questions, on_the_screen, resumed];
    let records: Records = thread::scope(|scope| {
        let walk = &walk;
        let gone = ways.map(|way| scope.spawn(move || way(walk)));
        gone.into_iter().flat_map(|way| way.join().unwrap()).collect()
    });
    hold(&records);
}

#[test]
fn plain_is_as_recorded() {
    hold_all_ways(PLAIN);
}

#[test]
fn admin_user_is_as_recorded() {
    hold_all_ways(ADMIN_USER);
}

#[test]
fn developer_is_as_recorded() {
    hold_all_ways(DEVELOPER);
}

#[test]
fn copy_permissions_is_as_recorded() {
    hold_all_ways(COPY_PERMISSIONS);
}

#[test]
fn managed_studio_is_as_recorded() {
    hold_all_ways(MANAGED_STUDIO);
}

#[test]
fn koding_is_as_recorded() {
    hold_all_ways(KODING);
}

#[test]
fn stream_manager_is_as_recorded() {
    hold_all_ways(STREAM_MANAGER);
}

#[test]
fn iguazio_is_as_recorded() {
    hold_all_ways(IGUAZIO);
}

/// No built-in walkthrough is without records.
#[test]
fn every_built_in_walkthrough_is_recorded() {
    let built_in: Vec<&str> = BUILT_IN.iter().map(|walkthrough| walkthrough.name.as_str()).collect();
    assert_eq!(WALKS.map(|walk| walk.name), *built_in);
}
