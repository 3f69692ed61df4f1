//! What the program tells of itself: its help, completions and manual page, and what a slip of the hand was meant to be.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use regex_lite::Regex;

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
    ("completions", &[]),
    ("man", &[]),
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

/// Every option that the help of the commands names.
fn options(home: &Home) -> BTreeSet<String> {
    let option = Regex::new("--[a-z][a-z-]+").unwrap();
    let helps: String = COMMANDS.iter().map(|(command, _)| home.told(&format!("help {command}"))).collect();
    option.find_iter(&helps).map(|found| found.as_str().to_owned()).collect()
}

/// Runs a program of this machine on a text; `None` where there is no such program.
fn fed(program: &str, arguments: &[&str], input: &str) -> Option<Output> {
    let mut command = Command::new(program);
    command.args(arguments).env("MANPAGER", "cat").env("MANWIDTH", "80").env("LC_ALL", "C.UTF-8");
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), input).unwrap();
    command.stdin(fs::File::open(file.path()).unwrap()).output().ok()
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
    texts.extend(["help walkthroughs", "man", "list", "new mine"].map(|arguments| home.told(arguments)));
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
        ("complétions bash", "completions"),
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
        ("completions zhs", "zsh"),
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
    for name in ["list", "copy", "mine"] {
        fs::write(folder.join(format!("{name}.toml")), file).unwrap();
    }
    let listed = home.told("list");
    for (name, said) in [("list", "its name is a reserved word: use its path"), ("copy", "use its path"), ("mine", "Of mine")] {
        assert!(listed.lines().any(|line| line.starts_with(&format!("{name} ")) && line.contains(said)), "{listed}");
    }
    let path = folder.join("copy.toml").display().to_string();
    let note = format!("“copy” is a reserved word. Call this walkthrough by its path: iamwalk {path}");
    assert!(home.told(&format!("check {path}")).contains(&note));
    let mine = folder.join("mine.toml").display().to_string();
    assert!(!home.told(&format!("check {mine}")).contains("reserved"));
    let said = home.refused("copy");
    assert_eq!(said, format!("“copy” is a reserved word. Call your walkthrough by its path: iamwalk {path}"));
    assert!(home.refused("remove-user bob").contains("this version of iamwalk has no command of this name"));
    assert!(home.told(&format!("{path} --practice --user bob --dry-run")).contains("Create the user bob"));
}

#[test]
fn completions_have_every_command_option_and_walkthrough() {
    let home = Home::new();
    let options = options(&home);
    assert!(options.len() > 20, "{options:?}");
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = home.told(&format!("completions {shell}"));
        for option in &options {
            let option = if shell == "fish" { option.replacen("--", "-l ", 1) } else { option.clone() };
            assert!(script.contains(&option), "{shell}: no {option}");
        }
        for (command, _) in COMMANDS {
            assert!(command.split(' ').all(|word| script.contains(word)), "{shell}: no {command}");
        }
        for word in ["admin-user", "koding", "walkthroughs"] {
            assert!(script.contains(word), "{shell}: no {word}");
        }
        if let Some(output) = fed(shell, &["-n"], &script).filter(|_| ["bash", "zsh"].contains(&shell)) {
            assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {}", text(&output.stderr));
        }
    }
}

/// As bash asks for it when Tab is pressed.
#[test]
fn bash_completes_commands_walkthroughs_and_their_options() {
    let home = Home::new();
    let script = home.told("completions bash");
    let complete = |words: &str| -> Option<Vec<String>> {
        let ask = format!(
            "{script}\nCOMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1))\n\
             _iamwalk iamwalk \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
        );
        let output = fed("bash", &[], &ask)?;
        assert!(output.stderr.is_empty(), "{words}: {}", text(&output.stderr));
        Some(text(&output.stdout).split_whitespace().map(str::to_owned).collect())
    };
    for (words, expected) in [
        ("iamwalk ko", &["koding"][..]),
        ("iamwalk ch", &["check"]),
        ("iamwalk help wal", &["walkthroughs"]),
        ("iamwalk completions z", &["zsh"]),
        ("iamwalk koding --dry-run ter", &["terraform"]),
        ("iamwalk undo --endp", &["--endpoint-url"]),
        ("iamwalk list --endp", &[]),
        ("iamwalk runs sh", &["show"]),
    ] {
        let Some(found) = complete(words) else { return };
        assert_eq!(found, expected, "{words}");
    }
}

#[test]
fn the_manual_page_has_every_command_and_option() {
    let home = Home::new();
    let page = home.told("man");
    let plain = page.replace("\\-", "-").replace("\\fB", "").replace("\\fI", "").replace("\\fR", "");
    assert!(plain.contains("\n.TH iamwalk 1 \"\" \"iamwalk "), "{plain}");
    for option in options(&home) {
        assert!(plain.contains(&option), "no {option}");
    }
    for (command, _) in COMMANDS.iter().filter(|(command, _)| !command.is_empty()) {
        assert!(plain.contains(&format!("\n.SS \"iamwalk {command}\"\n")), "no {command}:\n{plain}");
    }
    for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXAMPLES", "EXIT STATUS"] {
        assert!(plain.contains(&format!("\n.SH {section}\n")) || plain.contains(&format!("\n.SH \"{section}\"\n")), "{section}");
    }
    // Where these are, they read it without a complaint. Others than Linux's `man` read files only.
    for (program, arguments) in
        [("man", &["--warnings", "--encoding=UTF-8", "-l", "-"][..]), ("mandoc", &["-T", "lint", "-W", "error"][..])]
    {
        if let Some(output) = fed(program, arguments, &page).filter(|_| cfg!(target_os = "linux")) {
            assert!(output.status.success() && output.stderr.is_empty(), "{program}: {}", text(&output.stderr));
            let read = text(&output.stdout);
            assert!(!read.contains("SYNOPSIS") || read.contains("“iamwalk list” has them"), "{read}");
        }
    }
}

/// `iamwalk man | head -1`: whoever reads only the beginning has read enough.
#[test]
fn a_reader_that_leaves_is_no_failure() {
    let home = Home::new();
    for arguments in ["man", "completions zsh", "help", "--help", "help walkthroughs", "list", "show koding", "runs"] {
        let mut child = home.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{arguments}");
    }
}
