//! What the program tells of itself: its help, and what a slip of the hand was meant to be.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use super::support::place::text;

/// The commands, with those below them, and which of the account's options each takes.
const COMMANDS: &[(&str, &[&str])] = &[
    ("", &["practice", "profile", "region", "endpoint-url"]),
    ("list", &[]),
    ("show", &[]),
    ("check", &["endpoint-url"]),
    ("new", &[]),
    ("runs", &[]),
    ("runs show", &[]),
    ("undo", &["profile", "region", "endpoint-url"]),
    ("add-key", &["practice", "profile", "region", "endpoint-url"]),
    ("practice", &[]),
    ("practice serve", &[]),
    ("help", &[]),
];

/// A home of its own, and the program in it.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_iamwalk"));
        command.env_clear().env("HOME", self.0.path()).env("AWS_EC2_METADATA_DISABLED", "true").current_dir(self.0.path());
        command.args(arguments.split_whitespace()).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What it prints, where all is well.
    fn told(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// The line that it refuses with.
    fn refused(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(2), ""), "{arguments}");
        text(&output.stderr).trim_end().to_owned()
    }

    /// The folder of the person's own walkthroughs.
    fn walkthroughs(&self) -> PathBuf {
        let listed = self.told("list");
        let folder = listed.split("Put your own into ").nth(1).unwrap().split(". “").next().unwrap();
        fs::create_dir_all(folder).unwrap();
        PathBuf::from(folder)
    }
}

#[test]
fn each_command_has_help_and_only_the_options_that_mean_something() {
    let home = Home::new();
    let all = ["practice", "profile", "region", "endpoint-url"];
    for (command, takes) in COMMANDS {
        let help = home.told(&format!("help {command}"));
        assert_eq!(help, home.told(&format!("{command} --help")), "{command}");
        assert!(help.contains(&format!("Usage: iamwalk {command}")), "{help}");
        let declared = help.split("Examples:").next().unwrap();
        for option in all {
            let has = declared.contains(&format!("  --{option}"));
            assert_eq!(has, takes.contains(&option), "iamwalk {command} --{option}\n{help}");
        }
    }
    let root = home.told("help");
    assert!(root.contains("Examples:\n  iamwalk --practice   ") && root.contains("Exit codes:\n  0 done "), "{root}");
    for (command, _) in COMMANDS.iter().filter(|(command, _)| !command.is_empty() && !command.contains(' ')) {
        assert!(root.contains(&format!("\n  {command} ")), "{command} is not listed:\n{root}");
    }
}

/// What a person reads points to no file that only the source has.
#[test]
fn no_text_points_to_a_file_of_the_source() {
    let home = Home::new();
    let mut texts: Vec<String> = COMMANDS.iter().map(|(command, _)| home.told(&format!("help {command}"))).collect();
    texts.extend(["help walkthroughs", "list", "new mine"].map(|arguments| home.told(arguments)));
    texts.push(fs::read_to_string(home.0.path().join("mine.toml")).unwrap());
    for said in &texts {
        for file in ["README", "assets/", "src/", "CHANGELOG", ".md"] {
            assert!(!said.contains(file), "{file} in:\n{said}");
        }
    }
    assert!(texts.iter().rev().take(2).all(|said| said.contains("iamwalk help walkthroughs")), "{texts:?}");
}

/// That the reference is whole is tested where walkthroughs are.
#[test]
fn the_reference_of_walkthroughs_is_printed() {
    let home = Home::new();
    let reference = home.told("help walkthroughs");
    assert_eq!(reference, include_str!("../../assets/walkthroughs.md"));
    for line in reference.lines() {
        assert!(line.chars().count() <= 80, "too wide for a terminal: {line}");
    }
}

#[test]
fn a_slip_of_the_hand_gets_the_nearest_word() {
    let home = Home::new();
    fs::write(home.walkthroughs().join("backup-user.toml"), "title = \"B\"\nsummary = \"S\"\n").unwrap();
    for (arguments, near) in [
        ("amdin-user", "admin-user"),
        ("bakcup-user --yes", "backup-user"),
        ("chekc", "check"),
        ("chekc mine.toml", "check"),
        ("chekc mine.toml --partition aws-cn", "check"),
        ("udno 20261122-063601-7f3a --yes", "undo"),
        ("add_key bob --practice", "add-key"),
    ] {
        let word = arguments.split(' ').next().unwrap();
        let expected = format!("“{word}” is not a walkthrough or command. Did you mean “{near}”?");
        assert_eq!(home.refused(arguments), expected, "{arguments}");
    }
    for (arguments, words) in [
        ("show amdin-user", "Did you mean “admin-user”?"),
        ("help chekc", "There is no help on “chekc”. Did you mean “iamwalk help check”?"),
        ("help walkthrough", "Did you mean “iamwalk help walkthroughs”?"),
        ("help koding", "“koding” is a walkthrough. To see what it asks and makes: iamwalk show koding"),
        ("help runs xyzzy", "There is no help on “runs xyzzy”. There is help on: list, show, "),
        ("practice srve", "'serve'"),
        ("undo r --profle x", "'--profile'"),
        // Nothing is near: all there are.
        ("xyzzyxyzzy", "There are: plain, "),
    ] {
        let said = home.refused(arguments);
        assert!(said.contains(words), "{arguments}: {said}");
    }
    // A file that lies here was meant.
    fs::write(home.0.path().join("lst.toml"), "title = \"L\"\nsummary = \"S\"\n").unwrap();
    assert!(home.refused("lst").contains("A path has a “/”: ./lst.toml"));
}

#[test]
fn what_stands_before_a_command_means_something_to_it() {
    let home = Home::new();
    for (arguments, words) in [
        ("--endpoint-url http://127.0.0.1:9 list", "“iamwalk list” does not take --endpoint-url."),
        ("--profile x help", "“iamwalk help” does not take --profile."),
        ("--user bob runs", "“iamwalk runs” does not take --user."),
        ("--yes undo r", "Write --yes after the command: iamwalk undo --yes"),
        ("--save-profile p add-key bob", "Write --save-profile after the command: iamwalk add-key --save-profile"),
        ("--practice runs", "Practice is not recorded: “iamwalk runs” does not take --practice."),
        ("undo r --practice", "Practice is not recorded: “iamwalk undo” does not take --practice."),
        ("--profile x add-key bob --practice", "--practice can't be combined with --profile."),
        ("koding list", "Give a walkthrough or a command, not both: iamwalk WALKTHROUGH, or iamwalk COMMAND."),
    ] {
        assert_eq!(home.refused(arguments), words, "{arguments}");
    }
    assert!(home.refused("list --region eu-west-1").contains("unexpected argument '--region'"));
    // It counts wherever it stands, and what stands after the command wins.
    fs::write(home.0.path().join("own.toml"), "title = \"T\"\nsummary = \"S\"\n[hand-over]\nregion = \"mine\"\n").unwrap();
    assert!(home.refused("check own.toml").contains("own.toml:4:10"));
    for arguments in ["check own.toml --endpoint-url http://127.0.0.1:9", "--endpoint-url http://127.0.0.1:9 check own.toml"] {
        assert!(home.told(arguments).contains("all is well"), "{arguments}");
    }
    for arguments in ["--practice add-key amara --dry-run", "add-key amara --practice --dry-run"] {
        assert!(home.told(arguments).contains("amara"), "{arguments}");
    }
}

#[test]
fn a_walkthrough_of_a_reserved_name_is_called_by_its_path() {
    let home = Home::new();
    let folder = home.walkthroughs();
    let file = "title = \"T\"\nsummary = \"Of mine\"\n[access]\nuse-case = \"cli\"\n";
    for name in ["list", "users", "mine"] {
        fs::write(folder.join(format!("{name}.toml")), file).unwrap();
    }
    let listed = home.told("list");
    for (name, said) in [("list", "its name is a reserved word: use its path"), ("users", "use its path"), ("mine", "Of mine")] {
        assert!(listed.lines().any(|line| line.starts_with(&format!("{name} ")) && line.contains(said)), "{listed}");
    }
    let path = folder.join("users.toml").display().to_string();
    let note = format!("“users” is a reserved word. Call this walkthrough by its path: iamwalk {path}");
    assert!(home.told(&format!("check {path}")).contains(&note));
    let mine = folder.join("mine.toml").display().to_string();
    assert!(!home.told(&format!("check {mine}")).contains("reserved"));
    let said = home.refused("users");
    assert_eq!(said, format!("“users” is a reserved word. Call your walkthrough by its path: iamwalk {path}"));
    assert!(home.refused("rotate-key bob").contains("this version of iamwalk has no command of this name"));
    assert!(home.told(&format!("{path} --practice --user bob --dry-run")).contains("Create the user bob"));
}

/// `iamwalk help | head -1`: whoever reads only the beginning has read enough.
#[test]
fn a_reader_that_leaves_is_no_failure() {
    let home = Home::new();
    for arguments in ["help", "--help", "help walkthroughs", "list", "show koding", "runs"] {
        let mut child = home.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{arguments}");
    }
}
