//! The real program in a real terminal, from the first page to the end.

use std::fs;

use super::support::moto;
use super::support::terminal::Terminal;

const SIZE: (u16, u16) = (100, 30);
const ENTER: &str = "\r";
const TAB: &str = "\t";
const DOWN: &str = "\x1b[B";
const CTRL_C: &str = "\x03";

/// From the first page to the hand-over: Enter, a name, and what a page asks for.
fn walk(terminal: &mut Terminal, name: &str) {
    terminal.at("(•) plain", ENTER);
    terminal.at("› User name", name);
    terminal.at(&format!("“{name}” is free."), ENTER);
    terminal.at("› Use case", ENTER);
    terminal.at("(•) Command Line Interface (CLI)", ENTER);
    terminal.at("› [ ] I understand", " ");
    terminal.at("[x] I understand", ENTER);
}

#[test]
fn practice_from_the_first_page_to_a_proven_profile() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(&["--practice"], home.path(), &[], SIZE);
    walk(&mut terminal, "bob");
    terminal.at("› [ ] Auditors", " ");
    terminal.at("› [x] Auditors", ENTER);
    terminal.at("› Key 1", ENTER);
    terminal.at("[ Create user bob ]", ENTER);
    terminal.wait("✓ yes, as arn:aws:iam::111122223333:user/bob");
    let secret_masked = terminal.screen();
    terminal.at("Save as profile “bob”", ENTER);
    terminal.wait("✓ Saved as profile “bob”");
    terminal.wait("✓ yes, as arn:aws:iam::111122223333:user/bob");
    terminal.at("› d  Done", ENTER);
    assert_eq!(terminal.end(), 0);
    assert!(!terminal.is_full_screen(), "the terminal is as it was");
    let after = terminal.screen();
    assert!(after.contains("Verified: the key answers as arn:aws:iam::111122223333:user/bob"), "{after}");
    // Practice writes into a scratch folder, never to ~/.aws, and never a secret to the screen.
    assert!(!home.path().join(".aws").exists());
    let scratch = fs::read_dir(home.path())
        .unwrap()
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy().starts_with("iamwalk-practice"));
    let scratch = scratch.expect("a scratch folder");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&scratch.metadata().unwrap().permissions()) & 0o777, 0o700);
    let saved = fs::read_to_string(scratch.path().join("credentials")).unwrap();
    // The last profile; the first is what practice begins with.
    let secret = saved.split("aws_secret_access_key = ").last().unwrap().trim();
    assert_eq!(secret.len(), 40);
    assert!(!secret_masked.contains(secret));
    let written = terminal.written.lock().unwrap().clone();
    assert!(!String::from_utf8_lossy(&written).contains(secret), "a secret that was never revealed was sent to the terminal");
}

/// A vendor's walkthrough, as a customer follows it: named on the command line, its question answered, its words at the end.
#[test]
fn a_walkthrough_is_followed_to_its_end_on_moto() {
    let server = moto::start();
    let home = tempfile::tempdir().unwrap();
    let keys = [("AWS_ACCESS_KEY_ID", "AKIATESTING000000000"), ("AWS_SECRET_ACCESS_KEY", "testing")];
    let arguments = ["koding", "--region", "eu-central-1", "--endpoint-url", &server.endpoint];
    let mut terminal = Terminal::start(&arguments, home.path(), &keys, (120, 40));
    terminal.wait("account 123456789012 · eu-central-1");
    terminal.at("(•) koding", ENTER);
    terminal.at("› Will your stacks use Route 53?", "\x1b[A");
    terminal.at("(•) Yes", ENTER);
    terminal.at("“koding-user” is free.", ENTER);
    terminal.at("› [ ] I understand", " ");
    terminal.at("› [x] I understand", ENTER);
    terminal.at("4 chosen of 10 at most", ENTER);
    terminal.at("› Key 1", ENTER);
    terminal.wait("Group");
    terminal.at("[ Create user koding-user ]", ENTER);
    terminal.wait("Koding, tab “AWS credentials”");
    terminal.wait("(the secret: c copies it)");
    terminal.at("arn:aws:iam::123456789012:user/koding-user", "s");
    terminal.wait("✓ Saved as profile “koding-user”");
    terminal.at("✓ yes, as", "d");
    assert_eq!(terminal.end(), 0);
    assert!(terminal.screen().contains("without sacrificing your root user account"), "{}", terminal.screen());
    drop(terminal);
    let found = moto::script(
        "import boto3\niam = boto3.client('iam')\n\
         print(sorted(p['PolicyName'] for p in iam.list_attached_group_policies(GroupName='Developers')['AttachedPolicies']),\n\
               [g['GroupName'] for g in iam.list_groups_for_user(UserName='koding-user')['Groups']])",
        &[keys[0], keys[1], ("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", &server.endpoint)],
    );
    assert_eq!(
        found.trim(),
        "['AmazonEC2FullAccess', 'AmazonRoute53DomainsFullAccess', 'AmazonRoute53FullAccess', 'IAMReadOnlyAccess'] ['Developers']"
    );
}

#[test]
fn moto_has_exactly_what_was_reviewed_and_boto3_uses_the_profile() {
    let server = moto::start();
    let home = tempfile::tempdir().unwrap();
    let aws = home.path().join("aws");
    fs::create_dir(&aws).unwrap();
    let (credentials, config) = (aws.join("credentials"), aws.join("config"));
    let old = "# keep me\n[admin]\naws_access_key_id = AKIATESTING000000000\naws_secret_access_key = testing\n";
    fs::write(&credentials, old).unwrap();
    let files = [
        ("AWS_SHARED_CREDENTIALS_FILE", credentials.to_str().unwrap()),
        ("AWS_CONFIG_FILE", config.to_str().unwrap()),
        // A profile that is asked for counts, whatever keys are in the environment.
        ("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT00000"),
        ("AWS_SECRET_ACCESS_KEY", "environment"),
    ];
    let arguments = ["--profile", "admin", "--region", "eu-central-1", "--endpoint-url", &server.endpoint];
    let mut terminal = Terminal::start(&arguments, home.path(), &files, SIZE);
    terminal.wait("account 123456789012 · eu-central-1");
    terminal.at("( ) admin-user", DOWN);
    terminal.at("(•) admin-user", ENTER);
    terminal.at("“admin-user” is free.", ENTER);
    // The guide has chosen the use case; the confirmation is asked for.
    terminal.at("› [ ] I understand", " ");
    terminal.at("› [x] I understand", TAB);
    terminal.at("› Description tag", "laptop");
    terminal.at("laptop", ENTER);
    terminal.at("[x] AdministratorAccess", ENTER);
    terminal.at("› Key 1", "e-mail");
    terminal.at("e-mail", TAB);
    terminal.at("› Value", "a@example.com");
    terminal.at("a@example.com", ENTER);
    terminal.wait("8 API calls, in order");
    terminal.at("[ Create user admin-user ]", ENTER);
    terminal.wait("✓ yes, as arn:aws:iam::123456789012:user/admin-user");
    terminal.at("Save as profile “admin-user”, region eu-central-1", "s");
    // It was made with the mode of any file.
    terminal.wait("Others on this machine can read");
    terminal.at("› Do not save", DOWN);
    terminal.at("› Save it ", DOWN);
    terminal.at("› Save it, and let only me read the file", ENTER);
    terminal.at("✓ Saved as profile “admin-user”", "w");
    let written = |name: &str| format!("✓ Written to {}", home.path().join(name).display());
    terminal.at(&written("admin-user_accessKeys.csv"), "p");
    terminal.wait(&written("admin-user_credentials.csv"));
    // Now through the saved profile.
    terminal.at("✓ yes, as arn:aws:iam::123456789012:user/admin-user", "d");
    assert_eq!(terminal.end(), 0);
    drop(terminal);

    // What moto holds, asked by somebody else's code, with the profile that was written.
    let found = moto::script(
        "import boto3, json\n\
         s = boto3.Session(profile_name='admin-user')\n\
         iam, sts = s.client('iam'), s.client('sts')\n\
         u = 'admin-user'\n\
         print(json.dumps({\n\
           'arn': sts.get_caller_identity()['Arn'],\n\
           'region': s.region_name,\n\
           'users': [x['UserName'] for x in iam.list_users()['Users']],\n\
           'groups': [g['GroupName'] for g in iam.list_groups_for_user(UserName=u)['Groups']],\n\
           'group_policies': [p['PolicyName'] for p in iam.list_attached_group_policies(GroupName='AdminUsers')['AttachedPolicies']],\n\
           'policies': [p['PolicyName'] for p in iam.list_attached_user_policies(UserName=u)['AttachedPolicies']],\n\
           'login': iam.get_login_profile(UserName=u)['LoginProfile']['UserName'],\n\
           'keys': len(iam.list_access_keys(UserName=u)['AccessKeyMetadata']),\n\
           'tags': sorted(t['Value'] for t in iam.list_user_tags(UserName=u)['Tags']),\n\
         }, sort_keys=True))",
        &[files[0], files[1], ("AWS_ENDPOINT_URL", &server.endpoint)],
    );
    assert_eq!(
        found.trim(),
        "{\"arn\": \"arn:aws:iam::123456789012:user/admin-user\", \"group_policies\": [\"AdministratorAccess\"], \
         \"groups\": [\"AdminUsers\"], \"keys\": 1, \"login\": \"admin-user\", \"policies\": [\"IAMUserChangePassword\"], \
         \"region\": \"eu-central-1\", \"tags\": [\"a@example.com\", \"laptop\"], \"users\": [\"admin-user\"]}"
    );
    let saved = fs::read_to_string(&credentials).unwrap();
    assert!(saved.starts_with(old), "every old byte stays");
    let csv = fs::read(home.path().join("admin-user_accessKeys.csv")).unwrap();
    let secret = saved.split("aws_secret_access_key = ").nth(2).unwrap().trim();
    let text = String::from_utf8(csv).unwrap();
    assert!(text.starts_with("\u{feff}Access key ID,Secret access key\r\nA") && text.contains(secret));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for name in ["admin-user_accessKeys.csv", "admin-user_credentials.csv"] {
            assert_eq!(fs::metadata(home.path().join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        }
    }
}

#[test]
fn no_terminal_is_one_line_and_exit_2() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_iamwalk"))
        .arg("--practice")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("needs a terminal"), "{said}");
}

#[test]
fn without_credentials_one_can_still_practise() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(&[], home.path(), &[], SIZE);
    terminal.wait("✗ No usable AWS credentials were found.");
    terminal.keys(TAB);
    terminal.at("(•) What AWS finds", DOWN);
    terminal.at("(•) Paste keys for this session", DOWN);
    terminal.at("(•) Practice", ENTER);
    terminal.wait("PRACTICE");
    terminal.at("✓ arn:aws:iam::111122223333:user/practice-admin", ENTER);
    terminal.at("› User name", CTRL_C);
    terminal.at("Leave iamwalk?", DOWN);
    terminal.at("› Leave", ENTER);
    assert_eq!(terminal.end(), 130);
    assert!(!terminal.is_full_screen());
}

#[test]
fn a_dead_endpoint_and_a_missing_profile_are_said() {
    let home = tempfile::tempdir().unwrap();
    let keys = [("AWS_ACCESS_KEY_ID", "AKIATESTING000000000"), ("AWS_SECRET_ACCESS_KEY", "testing")];
    let mut terminal = Terminal::start(&["--endpoint-url", "http://127.0.0.1:9"], home.path(), &keys, SIZE);
    terminal.wait("✗ No connection to http://127.0.0.1:9 (from --endpoint-url): GetCallerIdentity.");
    terminal.wait("http://127.0.0.1:9");
    terminal.keys("\x1b[15~");
    terminal.wait("checking your credentials");
    terminal.wait("✗ No connection to http://127.0.0.1:9 (from --endpoint-url): GetCallerIdentity.");
    drop(terminal);
    let terminal = Terminal::start(&["--profile", "nobody"], home.path(), &keys, SIZE);
    terminal.wait("✗ There is no profile “nobody” in your AWS files.");
}

#[test]
fn clear_text_to_another_machine_is_asked_about_first() {
    let home = tempfile::tempdir().unwrap();
    let keys = [("AWS_ACCESS_KEY_ID", "AKIATESTING000000000"), ("AWS_SECRET_ACCESS_KEY", "testing")];
    // Wherever the address comes from: the flag, the environment, one service of a profile.
    let config = home.path().join("config");
    fs::write(&config, "[default]\nservices = mine\n[services mine]\nsts =\n  endpoint_url = http://sts.example.com\n").unwrap();
    let ways: [(&[&str], (&str, &str)); 3] = [
        (&["--endpoint-url", "http://iam.example.com"], ("LANG", "C")),
        (&[], ("AWS_ENDPOINT_URL", "http://iam.example.com")),
        (&[], ("AWS_CONFIG_FILE", config.to_str().unwrap())),
    ];
    for (arguments, variable) in ways {
        let mut terminal = Terminal::start(arguments, home.path(), &[keys[0], keys[1], variable], SIZE);
        terminal.wait("An unprotected endpoint");
        terminal.at("› Leave", ENTER);
        assert_eq!(terminal.end(), 2);
    }
    let mut terminal = Terminal::start(&["--endpoint-url", "http://iam.example.com"], home.path(), &keys, SIZE);
    terminal.at("› Leave", DOWN);
    terminal.at("› Send them in clear text", ENTER);
    // Allowed, it is tried: there is no such host.
    terminal.wait("✗ No connection to http://iam.example.com");
}

#[test]
fn sizes_pastes_and_hasty_keys_break_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(&["--practice"], home.path(), &[], SIZE);
    terminal.at("(•) plain", ENTER);
    terminal.wait("› User name");
    terminal.keys(&format!("\x1b[200~{}\x1b[201~", "{\"a\":\n 1}\r\n".repeat(20_000)));
    terminal.wait("✗ Not allowed");
    terminal.resize(10, 5);
    terminal.wait("Too small");
    terminal.resize(100, 30);
    terminal.wait("› User name");
    // Ctrl-U empties the field.
    terminal.keys("\x15");
    terminal.keys("bob");
    terminal.at("“bob” is free.", ENTER);
    terminal.at("› Use case", ENTER);
    terminal.at("(•) Command", TAB);
    terminal.at("› [ ] I understand", " ");
    terminal.at("› [x] I understand", ENTER);
    terminal.at("› [ ] Auditors", TAB);
    terminal.at("› Create group", ENTER);
    terminal.at("› Key 1", ENTER);
    terminal.at("[ Create user bob ]", ENTER);
    terminal.wait("waiting");
    for keys in [TAB, DOWN, "x", "/", ENTER, "?"] {
        terminal.keys(keys);
    }
    terminal.at("Each step as it is made.", "\x1b");
    terminal.wait("Access key ID");
}

#[cfg(unix)]
#[test]
fn a_signal_restores_the_terminal() {
    for (signal, code) in [("-TERM", 143), ("-HUP", 129), ("-INT", 130)] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = Terminal::start(&["--practice"], home.path(), &[], SIZE);
        terminal.wait("(•) plain");
        assert!(terminal.is_full_screen());
        std::process::Command::new("kill").args([signal, &terminal.id().to_string()]).status().unwrap();
        assert_eq!(terminal.end(), code);
        assert!(!terminal.is_full_screen(), "{signal}");
    }
}

/// A terminal that goes away without a signal to us: the system tells it of the file.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_vanishes_ends_it() {
    let home = tempfile::tempdir().unwrap();
    let code = "import fcntl, os, pty, struct, subprocess, termios\n\
        home = os.environ['IAMWALK_HOME']\n\
        master, slave = pty.openpty()\n\
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 30, 100, 0, 0))\n\
        env = {'HOME': home, 'TMPDIR': home, 'TERM': 'xterm-256color'}\n\
        # Without a session of its own it gets no SIGHUP.\n\
        p = subprocess.Popen([os.environ['IAMWALK'], '--practice'], stdin=slave, stdout=slave, stderr=subprocess.DEVNULL, env=env)\n\
        os.close(slave)\n\
        seen = b''\n\
        while b'plain' not in seen: seen += os.read(master, 4096)\n\
        os.close(master)\n\
        print(p.wait(timeout=60))";
    let program = env!("CARGO_BIN_EXE_iamwalk");
    let printed = moto::script(code, &[("IAMWALK", program), ("IAMWALK_HOME", home.path().to_str().unwrap())]);
    assert_eq!(printed.trim(), "129");
}

/// What a killed program left beside the profile files is gone with the next start; another program's work is not.
#[test]
fn the_next_start_sweeps_what_a_killed_one_left() {
    let home = tempfile::tempdir().unwrap();
    let (aws, state) = (home.path().join(".aws"), home.path().join("state/iamwalk"));
    fs::create_dir_all(&aws).unwrap();
    fs::create_dir_all(&state).unwrap();
    fs::write(state.join("profiles.lock"), "").unwrap();
    let (left, held) = (aws.join(".iamwalk-left.tmp"), aws.join(".iamwalk-held.tmp"));
    fs::write(&left, "[half").unwrap();
    let others = fs::File::create(&held).unwrap();
    others.lock().unwrap();
    let state = home.path().join("state");
    let environment = [("XDG_STATE_HOME", state.to_str().unwrap())];
    let mut terminal = Terminal::start(&["--endpoint-url", "http://127.0.0.1:9"], home.path(), &environment, SIZE);
    terminal.wait("(•) plain");
    let start = std::time::Instant::now();
    while left.exists() {
        assert!(start.elapsed().as_secs() < 60, "it is still there");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    terminal.keys(CTRL_C);
    assert!(held.exists());
}

/// As a shell does it: Ctrl-Z gives the terminal back and stops the program, and on going on the page is there again.
#[cfg(target_os = "linux")]
#[test]
fn suspended_it_gives_the_terminal_back_and_draws_anew_afterwards() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(&["--practice"], home.path(), &[], SIZE);
    terminal.at("(•) plain", ENTER);
    terminal.at("› User name", "bob");
    terminal.at("“bob” is free.", "\x1a");
    let stat = format!("/proc/{}/stat", terminal.id());
    let state = || fs::read_to_string(&stat).unwrap().rsplit(") ").next().unwrap().chars().next();
    for _ in 0..2 {
        while state() != Some('T') {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        // What it wrote before it stopped may still be on its way to us.
        let stopped = std::time::Instant::now();
        while terminal.is_full_screen() {
            assert!(stopped.elapsed().as_secs() < 30, "the shell has its terminal");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let go_on = std::process::Command::new("kill").args(["-CONT", &terminal.id().to_string()]).status().unwrap();
        assert!(go_on.success());
        terminal.wait("“bob” is free.");
        terminal.wait("Ctrl-C leave");
        assert!(terminal.is_full_screen());
        // From outside it is the same.
        std::process::Command::new("kill").args(["-TSTP", &terminal.id().to_string()]).status().unwrap();
    }
}
