//! Saving a key into real files: links, modes, other programs, crashes in the middle.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use iamwalk::domain::fault::Fault;
use iamwalk::domain::hand_over::{Consent, Destination, SavePreview, Saving};
use iamwalk::domain::secret::Secret;
use iamwalk::services::profile_files::{NewKey, ProfileFiles};

const SECRET: &str = "nEw/S3cretKey+Example0123456789abcdEFGHi";

fn key(id: &str) -> NewKey {
    NewKey { id: id.to_owned(), secret: Secret::new(SECRET.to_owned()) }
}

fn to(profile: &str) -> Destination {
    Destination { profile: profile.to_owned(), region: "eu-central-1".to_owned(), output: Some("json".to_owned()) }
}

fn asked(answer: Result<Saving, Fault>) -> SavePreview {
    match answer {
        Ok(Saving::Asks(preview)) => *preview,
        other => panic!("it has to ask: {other:?}"),
    }
}

fn done(answer: Result<Saving, Fault>) -> Vec<String> {
    match answer {
        Ok(Saving::Done { warnings, kept }) => {
            assert!(warnings.is_empty(), "{warnings:?}");
            kept
        }
        other => panic!("not saved: {other:?}"),
    }
}

fn agree(preview: SavePreview) -> Consent {
    Consent { preview, closes: false }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn put(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// What of ours lies in a folder.
fn strays(folder: &Path) -> Vec<std::path::PathBuf> {
    let is_ours = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().starts_with(".iamwalk-");
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(is_ours).collect()
}

#[test]
fn a_first_profile_makes_folder_and_files_for_their_owner_alone() {
    let home = tempfile::tempdir().unwrap();
    let files = ProfileFiles::within(&home.path().join(".aws"));
    done(files.save(&key("AKIANEW1"), &to("bob"), None));
    assert_eq!(
        fs::read_to_string(&files.credentials).unwrap(),
        format!("[bob]\naws_access_key_id = AKIANEW1\naws_secret_access_key = {SECRET}\n")
    );
    assert_eq!(fs::read_to_string(&files.config).unwrap(), "[profile bob]\nregion = eu-central-1\noutput = json\n");
    assert_eq!((mode(&files.credentials), mode(&files.config), mode(&home.path().join(".aws"))), (0o600, 0o600, 0o700));
    assert!(strays(&home.path().join(".aws")).is_empty());
}

#[test]
fn a_profile_is_replaced_only_after_its_change_was_seen() {
    let home = tempfile::tempdir().unwrap();
    let files = ProfileFiles::within(home.path());
    let old = "# mine\r\n[bob]\r\naws_access_key_id=AKIAOLD0000000000OLD\r\naws_secret_access_key=old\r\naws_session_token=t\r\n[eve]\r\nx=1\r\n";
    put(&files.credentials, old);
    let seen = asked(files.save(&key("AKIANEW1"), &to("bob"), None));
    assert!(seen.replaces);
    assert_eq!(fs::read_to_string(&files.credentials).unwrap(), old, "asking writes nothing");
    assert_eq!(files.preview_save("AKIANEW1", &to("bob")).unwrap(), seen, "what was foreseen is what is asked");
    let shown = format!("{:?}", seen.files);
    assert!(shown.contains("••••0OLD") && shown.contains("••••NEW1"), "keys by their last four: {shown}");
    assert!(!shown.contains("=old") && !shown.contains(SECRET), "{shown}");
    // Consent is to just this: meanwhile somebody else has changed it.
    put(&files.credentials, &old.replace("AKIAOLD0000000000OLD", "AKIAOTHER000000THEIR"));
    let other = asked(files.save(&key("AKIANEW1"), &to("bob"), Some(&agree(seen))));
    let kept = done(files.save(&key("AKIANEW1"), &to("bob"), Some(&agree(other))));
    assert_eq!(
        fs::read_to_string(&files.credentials).unwrap(),
        format!("# mine\r\n[bob]\r\naws_access_key_id=AKIANEW1\r\naws_secret_access_key={SECRET}\r\n[eve]\r\nx=1\r\n")
    );
    // As it was: one copy, for its owner alone.
    assert!(fs::read_to_string(&kept[0]).unwrap().contains("AKIAOTHER000000THEIR"));
    assert_eq!(mode(Path::new(&kept[0])), 0o600);
}

#[test]
fn a_refusal_names_the_line_and_leaves_both_files() {
    let home = tempfile::tempdir().unwrap();
    let files = ProfileFiles::within(home.path());
    for (credentials, config, words) in [
        ("[a]\nx=1\n[a]\ny=2\n", "", "lines 1 and 3: [a] appears twice"),
        ("[a]\nnonsense\n", "", "line 2: it is neither"),
        ("", "x=1\n", "line 1: it stands before the first"),
        ("[a]\nx=\u{fffd}", "[profile bob\n", "line 1"),
        ("\u{feff}[a]\n", "", "byte order mark"),
        ("[DEFAULT]\naws_session_token=t\n", "", "[DEFAULT]"),
    ] {
        put(&files.credentials, credentials);
        put(&files.config, config);
        let fault = files.save(&key("AKIANEW1"), &to("bob"), None).unwrap_err().what();
        assert!(fault.contains("is left as it is") && fault.contains(words), "{fault}");
        assert_eq!(fs::read_to_string(&files.credentials).unwrap(), credentials);
        assert_eq!(fs::read_to_string(&files.config).unwrap(), config);
        assert!(files.preview_save("AKIANEW1", &to("bob")).is_err(), "it is known before any call");
    }
    fs::write(&files.credentials, b"[a]\nx=1\ny=\xff\n").unwrap();
    let fault = files.save(&key("AKIANEW1"), &to("bob"), None).unwrap_err().what();
    assert!(fault.contains("line 3: it is not UTF-8"), "{fault}");
}

#[test]
fn links_stay_links_and_further_names_stay_one_file() {
    let home = tempfile::tempdir().unwrap();
    let dotfiles = home.path().join("dotfiles");
    fs::create_dir(&dotfiles).unwrap();
    fs::create_dir(dotfiles.join(".git")).unwrap();
    let aws = home.path().join(".aws");
    fs::create_dir(&aws).unwrap();
    let files = ProfileFiles::within(&aws);
    // A dotfile manager's link, even to what is not there yet.
    put(&dotfiles.join("credentials"), "[a]\nx = 1\n");
    symlink("../dotfiles/credentials", &files.credentials).unwrap();
    symlink(dotfiles.join("config"), &files.config).unwrap();
    let seen = files.preview_save("AKIANEW1", &to("bob")).unwrap();
    assert!(seen.notes.iter().any(|note| note.contains("git work tree")), "{:?}", seen.notes);
    done(files.save(&key("AKIANEW1"), &to("bob"), None));
    for name in ["credentials", "config"] {
        assert!(fs::symlink_metadata(aws.join(name)).unwrap().is_symlink());
        assert!(fs::read_to_string(dotfiles.join(name)).unwrap().contains("bob]"));
    }
    // A second name of the same file.
    let second = dotfiles.join("second");
    fs::hard_link(dotfiles.join("credentials"), &second).unwrap();
    let seen = asked(files.save(&key("AKIANEW2"), &to("eve"), None));
    assert_eq!(seen.in_place.len(), 1);
    done(files.save(&key("AKIANEW2"), &to("eve"), Some(&agree(seen))));
    assert!(fs::read_to_string(&second).unwrap().contains("[eve]"));
    assert_eq!(fs::metadata(&second).unwrap().nlink(), 2);
}

#[test]
fn what_is_no_file_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let files = ProfileFiles { config: "/dev/null".into(), ..ProfileFiles::within(home.path()) };
    let fault = files.save(&key("AKIANEW1"), &to("bob"), None).unwrap_err().what();
    assert!(fault.contains("/dev/null is left as it is: it can't be read (it is no regular file)"), "{fault}");
    assert!(!files.credentials.exists(), "nor is half of it saved");
    let pipe = home.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let files = ProfileFiles { credentials: pipe, ..ProfileFiles::within(home.path()) };
    assert!(files.preview_save("AKIANEW1", &to("bob")).is_err(), "and nobody waits for it");
}

#[test]
fn only_the_file_that_has_to_be_is_written_in_place() {
    let home = tempfile::tempdir().unwrap();
    let files = ProfileFiles::within(home.path());
    put(&files.credentials, "[a]\nx = 1\n");
    put(&files.config, "[profile a]\nregion = us-east-1\n");
    fs::set_permissions(&files.config, fs::Permissions::from_mode(0o644)).unwrap();
    fs::hard_link(&files.config, home.path().join("second")).unwrap();
    let before = fs::metadata(&files.credentials).unwrap().ino();
    let preview = asked(files.save(&key("AKIANEW1"), &to("bob"), None));
    assert_eq!(preview.in_place, [files.config.display().to_string()]);
    let kept = done(files.save(&key("AKIANEW1"), &to("bob"), Some(&Consent { preview, closes: true })));
    assert_ne!(fs::metadata(&files.credentials).unwrap().ino(), before, "the other is replaced by a rename");
    assert!(fs::read_to_string(home.path().join("second")).unwrap().contains("[profile bob]"));
    assert_eq!(mode(&files.config), 0o644, "and only the credentials file is closed");
    let texts: Vec<String> = kept.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert_eq!(texts, ["[a]\nx = 1\n", "[profile a]\nregion = us-east-1\n"], "a copy each");
}

#[test]
fn what_others_can_read_is_told_and_mended_on_request() {
    let home = tempfile::tempdir().unwrap();
    let files = ProfileFiles::within(home.path());
    fs::write(&files.credentials, "[a]\nx = 1\n").unwrap();
    fs::set_permissions(&files.credentials, fs::Permissions::from_mode(0o644)).unwrap();
    let seen = asked(files.save(&key("AKIANEW1"), &to("bob"), None));
    assert_eq!(seen.open_to_others, [files.credentials.display().to_string()]);
    done(files.save(&key("AKIANEW1"), &to("bob"), Some(&agree(seen))));
    assert_eq!(mode(&files.credentials), 0o644, "as it was");
    let preview = asked(files.save(&key("AKIANEW2"), &to("eve"), None));
    done(files.save(&key("AKIANEW2"), &to("eve"), Some(&Consent { preview, closes: true })));
    assert_eq!(mode(&files.credentials), 0o600, "mended");
    // One that its owner protects is asked about.
    fs::set_permissions(&files.credentials, fs::Permissions::from_mode(0o400)).unwrap();
    let seen = asked(files.save(&key("AKIANEW3"), &to("dan"), None));
    assert!(seen.asks[0].contains("protected against writing"), "{:?}", seen.asks);
    done(files.save(&key("AKIANEW3"), &to("dan"), Some(&agree(seen))));
    assert_eq!(mode(&files.credentials), 0o400);
}

/// The other half of the next two tests: a program that saves, told by its environment.
#[test]
#[ignore = "it is started by other tests"]
fn saver() {
    let Ok(folder) = std::env::var("IAMWALK_TEST_FOLDER") else { return };
    let files = ProfileFiles::within(Path::new(&folder));
    files.sweep();
    if let Ok(profile) = std::env::var("IAMWALK_TEST_PROFILE") {
        done(files.save(&key("AKIANEW1"), &to(&profile), None));
        return;
    }
    for turn in 0.. {
        let seen = asked(files.save(&key(&format!("AKIATURN{turn:06}")), &to("bob"), None));
        done(files.save(&key(&format!("AKIATURN{turn:06}")), &to("bob"), Some(&agree(seen))));
    }
}

fn start(folder: &Path, profile: Option<&str>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "saving::saver"]).env("IAMWALK_TEST_FOLDER", folder);
    if let Some(profile) = profile {
        command.env("IAMWALK_TEST_PROFILE", profile);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn killed(times: u32) {
    let home = tempfile::tempdir().unwrap();
    let aws = home.path().join(".aws");
    fs::create_dir(&aws).unwrap();
    let files = ProfileFiles::within(&aws);
    let other = "# kept\n[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n";
    put(&files.credentials, other);
    done(files.save(&key("AKIATURN000000"), &to("bob"), None));
    let whole = |text: &str| {
        let (rest, own) = text.split_once("\n[bob]\n").unwrap_or_else(|| panic!("no profile: {text:?}"));
        let id = own.strip_prefix("aws_access_key_id = AKIATURN").unwrap();
        rest == other.trim_end_matches('\n').to_owned() + "\n" && id[6..] == format!("\naws_secret_access_key = {SECRET}\n")
    };
    let (mut left, mut turns) = (0, std::collections::BTreeSet::new());
    for turn in 0..times {
        let mut child = start(&aws, None);
        // From before its first call to deep in its work, at ever other points.
        std::thread::sleep(Duration::from_micros(3000 + u64::from(turn * 7919 % 23_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        let text = fs::read_to_string(&files.credentials).unwrap();
        assert!(whole(&text), "killed for the {turn}th time: {text:?}");
        turns.insert(text);
        for stray in strays(&aws).into_iter().chain(strays(&aws.join("iamwalk"))) {
            left += 1;
            assert_eq!(mode(&stray), 0o600);
        }
    }
    files.sweep();
    assert!(
        strays(&aws).is_empty() && strays(&aws.join("iamwalk")).is_empty() && strays(&aws.join("iamwalk/backups")).is_empty()
    );
    done(files.save(&key("AKIANEW1"), &to("eve"), None));
    println!("killed {times} times: {} states, {left} strays, each swept", turns.len());
    assert!(turns.len() > 1, "it was killed at work");
}

fn two_at_once(times: u32) {
    for turn in 0..times {
        let home = tempfile::tempdir().unwrap();
        let files = ProfileFiles::within(home.path());
        put(&files.credentials, "[other]\nx = 1\n");
        for child in ["bob", "eve"].map(|profile| start(home.path(), Some(profile))) {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "turn {turn}: {}", String::from_utf8_lossy(&output.stdout));
        }
        for (path, headers) in
            [(&files.credentials, ["[bob]", "[eve]", "[other]"]), (&files.config, ["[profile bob]", "[profile eve]", "region"])]
        {
            let text = fs::read_to_string(path).unwrap();
            assert!(headers.iter().all(|header| text.contains(header)), "turn {turn}: {text}");
        }
    }
    println!("two at once, {times} times: both profiles are there");
}

#[test]
fn killed_while_it_writes_the_file_is_the_old_or_the_new_one() {
    killed(40);
}

#[test]
fn two_at_once_both_save() {
    two_at_once(20);
}

/// `cargo test -- --ignored`: both for long.
#[test]
#[ignore = "the whole of it takes minutes"]
fn killed_and_two_at_once_whole() {
    killed(500);
    two_at_once(200);
}

/// A file system of its own over a folder, until it is dropped.
struct Mount(std::path::PathBuf);

impl Mount {
    fn of(arguments: &[&str], at: &Path) -> Self {
        assert!(Command::new("mount").args(arguments).arg(at).status().unwrap().success(), "mount {arguments:?}");
        Self(at.to_owned())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

/// `cargo test -- --ignored mounted`, as root: files as containers mount them, full and read-only file systems.
#[test]
#[ignore = "needs to mount"]
fn mounted_files_are_written_in_place_and_full_or_read_only_disks_are_told() {
    let home = tempfile::tempdir().unwrap();
    let (aws, other) = (home.path().join(".aws"), home.path().join("other"));
    fs::create_dir(&aws).unwrap();
    fs::create_dir(&other).unwrap();
    let files = ProfileFiles { state: Some(home.path().join("state")), ..ProfileFiles::within(&aws) };
    put(&other.join("credentials"), "[a]\nx = 1\n");
    put(&files.credentials, "");
    {
        let _mount = Mount::of(&["--bind", other.join("credentials").to_str().unwrap()], &files.credentials);
        let seen = asked(files.save(&key("AKIANEW1"), &to("bob"), None));
        assert_eq!(seen.in_place, [files.credentials.display().to_string()]);
        assert_eq!(fs::read_to_string(&files.credentials).unwrap(), "[a]\nx = 1\n", "asking writes nothing");
        let kept = done(files.save(&key("AKIANEW1"), &to("bob"), Some(&agree(seen))));
        assert_eq!(fs::read_to_string(&kept[0]).unwrap(), "[a]\nx = 1\n");
        assert!(fs::read_to_string(other.join("credentials")).unwrap().starts_with("[a]\nx = 1\n\n[bob]\n"));
        assert!(strays(&aws).is_empty());
    }
    for (options, words) in [("size=8k", "the disk is full"), ("ro", "the file system is read-only")] {
        let full = home.path().join("full");
        fs::create_dir_all(&full).unwrap();
        let _mount = Mount::of(&["-t", "tmpfs", "-o", options, "tmpfs"], &full);
        if options != "ro" {
            let _ = fs::write(full.join("rest"), vec![b'x'; 8192]);
        }
        let files = ProfileFiles { state: Some(home.path().join("state")), ..ProfileFiles::within(&full) };
        let fault = files.save(&key("AKIANEW1"), &to("bob"), None).unwrap_err().what();
        assert!(fault.contains(words), "{fault}");
        assert!(strays(&full).is_empty());
    }
}

#[test]
fn a_csv_goes_where_the_person_says_and_never_over_a_file_without_a_yes() {
    use iamwalk::services::csv_file::{Written, write};
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let name = "bob_accessKeys.csv";
    let path = |written: Result<Written, Fault>| match written.unwrap() {
        Written::Done { path, work_tree } => (path, work_tree),
        Written::Exists(path) => panic!("{} is there", path.display()),
    };
    let (first, tree) = path(write(folder, None, name, "one", false));
    assert_eq!((first.as_path(), tree), (folder.join(name).as_path(), None));
    assert_eq!(mode(&first), 0o600);
    assert!(matches!(write(folder, None, name, "two", false), Ok(Written::Exists(there)) if there == first));
    assert_eq!(fs::read_to_string(&first).unwrap(), "one");
    fs::set_permissions(&first, fs::Permissions::from_mode(0o644)).unwrap();
    path(write(folder, None, name, "two", true));
    assert_eq!((fs::read_to_string(&first).unwrap().as_str(), mode(&first)), ("two", 0o600), "and only its owner reads it");
    // A folder, or a file of another name, from here or from the root; a git work tree is reported.
    fs::create_dir_all(folder.join("sub/.git")).unwrap();
    let (inside, tree) = path(write(folder, Some("sub"), name, "x", false));
    assert_eq!(inside, folder.join("sub").join(name));
    assert_eq!(tree, Some(folder.join("sub").canonicalize().unwrap()));
    assert_eq!(path(write(folder, Some(" my.csv "), name, "x", false)).0, folder.join("my.csv"));
    let absolute = folder.join("sub/other.csv");
    assert_eq!(path(write(folder, absolute.to_str(), name, "x", false)).0, absolute);
    for missing in ["nowhere/my.csv", "nowhere/"] {
        let fault = write(folder, Some(missing), name, "x", false).unwrap_err().what();
        assert!(fault.contains("nowhere does not exist. Make it, or choose another."), "{fault}");
    }
}
