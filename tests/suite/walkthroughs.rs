//! Walkthroughs: the format and its faults, the built-in files, three guides of vendors, the reference, and that what `check`
//! accepts reaches *Review*.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use iamwalk::app::Phase;
use iamwalk::app::batch::BatchOptions;
use iamwalk::app::event::{Event, Key};
use iamwalk::domain::caller::Source;
use iamwalk::domain::dry_run::DryRunFormat;
use iamwalk::domain::facts::{LookupResult, Question};
use iamwalk::domain::walkthrough::{BUILT_IN, Bindings, ReadContext, Responses, Setting, Walkthrough, WalkthroughFault, read};
use iamwalk::practice::policy_names;
use iamwalk::services::walkthrough_files::{self, Against};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::support::app::Talk;
use super::support::practice;
use super::support::terminal::squeezed;

fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn nothing(file: &str) -> Result<String, String> {
    Err(format!("There is no file {file}."))
}

fn set(pairs: &[(&str, &str)]) -> Vec<Setting> {
    let setting = |(key, value): &(&str, &str)| Setting {
        key: (*key).to_owned(),
        value: (*value).to_owned(),
        from: format!("--set {key}"),
        is_text: false,
    };
    pairs.iter().map(setting).collect()
}

/// Checked for the main partition, as `iamwalk check` does.
fn against<'a>(aws_policies: &'a [&'a str]) -> Against<'a> {
    Against { aws_policies, partition: Some("aws"), own_server: false }
}

fn checked(text: &str, settings: &[(&str, &str)]) -> Result<Walkthrough, Vec<WalkthroughFault>> {
    let around = ReadContext {
        beside: &nothing,
        supplied: &nothing,
        aws_policies: &policy_names(),
        partition: Some("aws"),
        own_server: false,
    };
    read("w", "w.toml", text, &set(settings), &around)
}

/// The plan of a walk without questions over the practice account, a line a call; or why it was refused.
fn planned(walkthrough: Walkthrough) -> Result<Vec<String>, String> {
    let practice = practice();
    let options = BatchOptions { saves: true, dry_run: Some(DryRunFormat::Text), ..BatchOptions::default() };
    let mut talk = Talk::batch(walkthrough, options);
    talk.settle(&practice);
    let left = talk.left.expect("it ends");
    match left.result {
        Some(text) => Ok(text.lines().skip(1).map(|line| line.trim().to_owned()).collect()),
        None => Err(left.lines.join("\n")),
    }
}

#[test]
fn the_built_in_walkthroughs_are_whole() {
    let names: Vec<&str> = BUILT_IN.iter().map(|walkthrough| walkthrough.name.as_str()).collect();
    assert_eq!(
        names,
        ["plain", "admin-user", "developer", "copy-permissions", "managed-studio", "koding", "stream-manager", "iguazio"]
    );
    for entry in fs::read_dir(root("assets/walkthroughs")).unwrap().flatten() {
        if entry.path().extension().is_some_and(|end| end == "toml") {
            let found = walkthrough_files::load(&entry.path(), &[], against(&policy_names()));
            let found = found.unwrap_or_else(|faults| panic!("{faults:?}"));
            assert!(found.unknown_policies(&policy_names()).is_empty(), "{}", found.name);
        }
    }
    // The documents of the source texts: 44 and 63 actions, none twice.
    for (file, sid, count) in [("managed-studio.json", "ManagedStudioPolicy", 44), ("stream-manager.json", "VisualEditor0", 63)] {
        let text = fs::read_to_string(root("assets/walkthroughs").join(file)).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let statement = &document["Statement"][0];
        let actions: BTreeSet<&str> = statement["Action"].as_array().unwrap().iter().filter_map(|a| a.as_str()).collect();
        assert_eq!((statement["Sid"].as_str(), actions.len()), (Some(sid), count));
    }
}

#[test]
fn three_guides_of_vendors_reach_review() {
    let load = |name: &str, settings: &[(&str, &str)]| {
        let path = root("tests/walkthroughs").join(name);
        planned(
            walkthrough_files::load(&path, &set(settings), against(&policy_names()))
                .unwrap_or_else(|faults| panic!("{faults:?}")),
        )
    };
    let bucket = ("variables.bucket.value", "backups");
    let refused = load("velero.toml", &[bucket]).unwrap_err();
    assert!(
        refused.contains("velero.toml:71:12: Walkthrough, In which region is the bucket? (variables.region.value)"),
        "{refused}"
    );
    assert_eq!(
        load("velero.toml", &[bucket, ("variables.region.value", "eu-west-1")]).unwrap(),
        [
            "1. Create the user velero (iam:CreateUser)",
            "2. Give velero the inline policy velero (iam:PutUserPolicy)",
            "3. Create an access key for velero (iam:CreateAccessKey)",
        ]
    );
    let domain = ("variables.domain.value", "example.org");
    let zone = ("choices.zone.default", "one");
    // The zone is asked for only where the answer needs it.
    assert_eq!(load("cert-manager.toml", &[domain]).unwrap().len(), 5);
    assert!(load("cert-manager.toml", &[domain, zone]).unwrap_err().contains("variables.zone-id.value"));
    assert_eq!(load("cert-manager.toml", &[domain, zone, ("variables.zone-id.value", "Z123")]).unwrap().len(), 5);
    let stamp = ("variables.stamp.value", "20240131-101500");
    let calls = load("ses-smtp.toml", &[stamp, ("choices.restrict.default", "true"), ("variables.from.value", "a@b.c")]).unwrap();
    assert_eq!(
        calls[..3],
        [
            "1. Create the policy AmazonSesSendingAccess (iam:CreatePolicy)",
            "2. Create the user ses-smtp-user.20240131-101500 (iam:CreateUser)",
            "3. Create the group AWSSESSendingGroupDoNotRename (iam:CreateGroup)",
        ]
    );
    assert!(
        calls.contains(&"6. Give ses-smtp-user.20240131-101500 the inline policy ses-only-from (iam:PutUserPolicy)".to_owned())
    );
}

/// What only the account knows is refused before any call too, with the place in the file.
#[test]
fn a_policy_that_the_account_lacks_is_named_with_its_line() {
    let file = "[access]\nuse-case = \"cli\"\n[user]\nname = \"bob\"\n[choices.c]\nquestion = \"?\"\ndefault = true\n[choices.c.yes]\npermissions.attach = [\"ReadOnlyAccess\",\n  \"TeamPolicy\"]\n";
    let refused = planned(checked(file, &[]).unwrap()).unwrap_err();
    assert!(
        refused.contains(
            "w.toml:10:3: Permissions, Attach policies directly (permissions.attach): The account has no policy TeamPolicy."
        ),
        "{refused}"
    );
}

/// What names an optional variable that stays empty falls away, and what refers to it; Review tells it.
#[test]
fn what_was_left_empty_falls_away_with_all_that_refers_to_it() {
    let file = format!(
        "[access]\nuse-case = \"cli\"\n[user]\nname = \"bob\"\n[groups.g]\npolicies = [\"p\", \"ReadOnlyAccess\"]\n\
         [policies.p]\ndocument = '''{DOCUMENT}'''\n[tags]\nbucket = \"{{{{bucket}}}}\"\n\
         [variables.bucket]\nquestion = \"?\"\noptional = true\n[hand-over]\npaste = \"a {{{{bucket}}}}\\nb {{{{key-id}}}}\"\n"
    );
    let calls = planned(checked(&file, &[]).unwrap()).unwrap();
    assert_eq!(
        calls,
        [
            "1. Create the user bob (iam:CreateUser)",
            "2. Create the group g (iam:CreateGroup)",
            "3. Attach ReadOnlyAccess to the group g (iam:AttachGroupPolicy)",
            "4. Add bob to the group g (iam:AddUserToGroup)",
            "5. Create an access key for bob (iam:CreateAccessKey)",
        ]
    );
    let read = checked(&file, &[]).unwrap();
    let walkthrough = read.resolve(&Responses::defaults(&read), &Bindings::default());
    assert_eq!(walkthrough.omitted, ["The policy p is left out: what it names was left empty."]);
    assert_eq!(walkthrough.hand_over.paste, "b {{key-id}}");
    assert_eq!(planned(checked(&file, &[("variables.bucket.value", "b")]).unwrap()).unwrap().len(), 7);
}

/// A variable carries nothing into a place whose own rule it breaks.
#[test]
fn a_filled_value_meets_the_rule_of_its_place() {
    let file = "[access]\nuse-case = \"cli\"\n[user]\nname = \"bob\"\n[variables.r]\nquestion = \"?\"\npattern = \".*\"\nvalue = \"x.example.com/#\"\n[hand-over]\nregion = \"{{r}}\"\n";
    let practice = practice();
    let mut talk = Talk::batch(checked(file, &[]).unwrap(), BatchOptions { saves: true, ..BatchOptions::default() });
    let proves = |talk: &Talk| talk.open.iter().any(|effect| format!("{effect:?}").contains("FindOutputPaths"));
    talk.settle_until(&practice, |talk| talk.left.is_some() || proves(talk));
    let Phase::Reviewing(reviewing) = &talk.app.phase else { panic!("{:?}", talk.left) };
    assert!(
        reviewing.findings.iter().any(|finding| finding.words.contains("The region “x.example.com/#”")),
        "{:?}",
        reviewing.findings
    );
}

/// What is made is not attached a second time because it is copied as well.
#[test]
fn what_is_made_and_copied_is_there_once() {
    let practice = practice();
    let logs = "arn:aws:iam::111122223333:policy/ReadTeamLogs";
    practice.with_account(|account| account.attach_user_policy("amara", logs).unwrap());
    let there = practice.with_account(|account| account.policies[logs].versions[0].document.clone());
    let file = format!(
        "[access]\nuse-case = \"cli\"\n[user]\nname = \"bob\"\n[groups.Operators]\npolicies = []\n[permissions]\ncopy-from = \"amara\"\n\
         [policies.p]\nname = \"readteamlogs\"\ndocument = '''{there}'''\n"
    );
    let options = BatchOptions { saves: true, dry_run: Some(DryRunFormat::Text), ..BatchOptions::default() };
    let mut talk = Talk::batch(checked(&file, &[]).unwrap(), options);
    talk.settle(&practice);
    let text = talk.left.as_ref().and_then(|left| left.result.clone()).unwrap_or_else(|| panic!("{:?}", talk.left));
    assert_eq!(text.matches("to the group Operators").count(), 1, "{text}");
    // It is the account's, whatever capitals it is written in.
    assert_eq!((text.matches("Attach ").count(), text.contains("Create the policy")), (1, false), "{text}");
}

/// Each fault at its place, with what helps.
#[test]
fn every_fault_has_its_place_and_its_remedy() {
    let document = r#"'''{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'''"#;
    let policy = format!("[policies.p]\ndocument = {document}\n");
    let cases: Vec<(String, &str)> = vec![
        ("title = \"x".to_owned(), "w.toml:1:11: This is not TOML"),
        ("title = \"x\"\ntitle = \"y\"".to_owned(), "w.toml:2:1: This is not TOML: duplicate key: one question, two answers"),
        ("titel = \"x\"".to_owned(), "w.toml:1:1: There is no key “titel” here. Did you mean “title”?"),
        ("endpoint-url = \"x\"".to_owned(), "w.toml:1:1: A file can't say where the calls go"),
        ("[access]\npassword = \"x\"".to_owned(), "w.toml:2:1: A file holds no password"),
        ("[hand-over]\ncsv = \"x\"".to_owned(), "w.toml:2:1: A file can't say where files are written"),
        ("[hand-over]\nreplace = true".to_owned(), "w.toml:2:1: Only the person can allow that a profile is replaced"),
        ("[user]\nname = 7".to_owned(), "w.toml:2:8: “user.name” is a text in quotes; this is a number."),
        ("[user]\nname = \"a b\"".to_owned(), "w.toml:2:8: Not allowed: a space at position 2."),
        ("[access]\nkey = \"yes\"".to_owned(), "w.toml:2:7: “access.key” is true or false, without quotes; this is a text."),
        ("[access]\nuse-case = \"clo\"".to_owned(), "w.toml:2:12: There is no use case “clo”."),
        ("user = \"bob\"".to_owned(), "w.toml:1:8: “user” is a table, as in [user]; this is a text."),
        ("[permissions]\nattach = \"ReadOnlyAccess\"".to_owned(), "w.toml:2:10: “permissions.attach” is a list"),
        (
            "[permissions]\nattach = [\"ReadOnlyAccess\", \"ReadOnlyAccess\"]".to_owned(),
            "w.toml:2:29: “ReadOnlyAccess” stands in “permissions.attach” already.",
        ),
        (
            "[permissions]\nattach = [\"AWSLambdaFullAccess\"]".to_owned(),
            "w.toml:2:11: There is no policy “AWSLambdaFullAccess” any more, or never was: write “AWSLambda_FullAccess”.",
        ),
        (
            "[permissions]\nattach = [\"amazonec2fullaccess\"]".to_owned(),
            "w.toml:2:11: AWS has no policy “amazonec2fullaccess”. Did you mean “AmazonEC2FullAccess”?",
        ),
        (format!("{policy}[permissions]\nattach = [\"AdministratorAcces\"]"), "write “AdministratorAccess”"),
        (
            "[permissions]\nattach = [\"arn:aws:iam::aws:policy/aws-service-role/X\"]".to_owned(),
            "w.toml:2:11: “arn:aws:iam::aws:policy/aws-service-role/X” can't be attached",
        ),
        ("[policies.\"stream manager\"]\ndocument = \"{}\"".to_owned(), "Write name = \"stream-manager\"."),
        ("[policies.p]\nname = \"p\"".to_owned(), "w.toml:1:11: The policy needs a document"),
        (format!("{policy}ask = \"Where?\""), "Its document is given twice: by document and ask."),
        (
            "[policies.p]\ndocument = '''\n{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\"Effect\": \"allow\"}]\n}'''".to_owned(),
            "w.toml:5:28: ",
        ),
        (policy.replace("\"Resource\":\"*\"", "\"Resource\":\"arn:aws:s3:::<bucket>\""), "“<bucket>” is to be replaced"),
        (policy.replace("\"Resource\":\"*\"", "\"Resource\":\"arn:aws:s3:::${BUCKET}\""), "“${BUCKET}” is to be replaced"),
        (format!("{policy}inline = true\ndescription = \"x\""), "An inline policy has neither description nor tags"),
        ("[choices.c]\nquestion = \"?\"\n[choices.c.yes]".to_owned(), "needs a default, the answer that holds unless the person chooses: yes, no."),
        ("[choices.c]\nquestion = \"?\"\ndefault = \"maybe\"\n[choices.c.yes]".to_owned(), "w.toml:3:11: There is no answer “maybe”. There are: yes, no."),
        (
            "[tags]\nteam = \"a\"\n[choices.c]\nquestion = \"?\"\ndefault = true\n[choices.c.yes]\ntags.team = \"b\"".to_owned(),
            "w.toml:7:13: The tag “team” is said to be “a” already.",
        ),
        (
            "[permissions]\nboundary = \"ReadOnlyAccess\"\n[choices.c]\nquestion = \"?\"\ndefault = true\n[choices.c.yes]\npermissions.boundary = \"PowerUserAccess\"".to_owned(),
            "w.toml:7:24: The boundary is said to be “ReadOnlyAccess” already.",
        ),
        ("[groups.A]\npolicies = []\n[groups.B]\npolicies = []".to_owned(), "One group can be made for a user"),
        ("closing = \"{{who}}\"".to_owned(), "w.toml:1:11: There is no variable “who”: define it as [variables.who]."),
        ("closing = \"{{secret}}\"".to_owned(), "“{{secret}}” stands only in hand-over.paste."),
        ("[variables.b]\nquestion = \"?\"".to_owned(), "w.toml:1:12: The variable is never used"),
        ("closing = \"{{b}}\"\n[variables.b]".to_owned(), "The variable needs a question"),
        ("closing = \"{{b}}\"\n[variables.b]\nquestion = \"?\"\npattern = \"[\"".to_owned(), "w.toml:4:11: This is no regular expression"),
        ("closing = \"{{b}}\"\n[variables.b]\nquestion = \"?\"\nvalue = \"a*\"".to_owned(), "w.toml:4:9: “*” is not allowed here"),
        ("closing = \"{{b}}\"\n[variables.b]\nknown = \"account\"".to_owned(), "w.toml:3:9: “account” is not known by itself"),
        ("[user]\nname = \"x{{u}}\"\n[variables.u]\nknown = \"user-name\"".to_owned(), "w.toml:2:8: The user's name is not known yet where this is filled in."),
        ("[hand-over]\nregion = \"Frankfurt\"".to_owned(), "w.toml:2:10: A region looks like “eu-central-1”."),
        ("[hand-over]\noutput = \"xml\"".to_owned(), "w.toml:2:10: There is no output “xml”."),
        (format!("[permissions]\nattach = [{}]", "\"ReadOnlyAccess\", \"arn:aws:iam::aws:policy/job-function/Billing\""), ""),
    ];
    for (text, words) in &cases {
        match checked(text, &[]) {
            Ok(_) => assert!(words.is_empty(), "accepted, where “{words}” was to be said:\n{text}"),
            Err(faults) => {
                let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
                assert!(!words.is_empty() && said.iter().any(|said| said.contains(words)), "no “{words}” in {said:#?}\n{text}");
            }
        }
    }
    let many: Vec<String> = (0..11).map(|i| format!("\"arn:aws:iam::123456789012:policy/p{i}\"")).collect();
    let faults = checked(&format!("[permissions]\nattach = [{}]", many.join(",")), &[]).unwrap_err();
    assert_eq!(faults[0].to_string(), "w.toml:2:10: 11 policies attached to the user are possible together; IAM takes 10.");
    // All of them, in the order of the file.
    let faults = checked("titel = \"x\"\n[user]\nname = \"a b\"\n[access]\nkey = 1\n", &[]).unwrap_err();
    let lines: Vec<usize> = faults.iter().filter_map(|fault| Some(fault.place?.line)).collect();
    assert_eq!(lines, [1, 3, 5]);
}

#[test]
fn settings_answer_any_key_but_once_and_nothing_that_is_fixed() {
    let file = "[user]\nname = { fixed = \"bob\" }\npath = \"/a/\"\n[permissions]\nattach = [\"ReadOnlyAccess\"]\n";
    let read = checked(
        file,
        &[("user.path", "/b/"), ("permissions.attach", "[\"Billing\", \"ReadOnlyAccess\"]"), ("hand-over.output", "json")],
    );
    let read = read.unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!((read.path.value.as_str(), read.grants.attach.len(), read.hand_over.output.as_str()), ("/b/", 2, "json"));
    let said = |settings: &[(&str, &str)]| checked(file, settings).unwrap_err()[0].to_string();
    assert_eq!(said(&[("user.name", "eve")]), "--set user.name: The walkthrough fixes this value; nobody can change it.");
    assert_eq!(
        said(&[("user.path", "/b/"), ("user.path", "/c/")]),
        "--set user.path: “user.path” is answered twice: --set user.path says it too."
    );
    assert_eq!(said(&[("user.pth", "/b/")]), "--set user.pth: There is no key “pth” here. Did you mean “path”?");
    // Whatever way the setting takes to what is fixed, or into it.
    for (key, value) in [("user.name.fixed", "eve"), ("user", "{ name = \"eve\" }")] {
        assert!(said(&[(key, value)]).ends_with("The walkthrough fixes this value; nobody can change it."), "{key}");
    }
    let closed = "[permissions]\nattach = [\"ReadOnlyAccess\"]\nfixed = true\n[policies.p]\nask = \"Where?\"\n";
    for key in ["permissions.fixed", "permissions.attach", "groups.g.policies", "policies.p.name"] {
        assert!(checked(closed, &[(key, "[]")]).is_err(), "{key}");
    }
    // A number is as good as a text.
    assert_eq!(checked("", &[("tags.cost", "4711")]).unwrap().grants.tags[0].value.value, "4711");
}

#[test]
fn files_that_can_t_be_read_are_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let said = |name: &str| {
        let faults = walkthrough_files::load(&folder.path().join(name), &[], Against::default()).unwrap_err();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(said("missing.toml").contains("there is no such file"));
    write("large.toml", &vec![b'#'; 50 << 20]);
    assert!(said("large.toml").contains("52428800 bytes; a walkthrough has up to 262144"));
    write("latin.toml", b"title = \"gr\xf6\xdfe\"");
    assert!(said("latin.toml").contains("is not UTF-8 (byte 11)"));
    fs::create_dir(folder.path().join("folder.toml")).unwrap();
    assert!(said("folder.toml").contains("is no file"));
    let policy = |file: &str| format!("[policies.p]\nfile = \"{file}\"\n").into_bytes();
    for (name, file, words) in [
        ("up.toml", "../secret.json", "leaves the walkthrough's folder"),
        ("absolute.toml", "/etc/hostname", "leaves the walkthrough's folder"),
        ("gone.toml", "gone.json", "there is no such file"),
        ("big.toml", "big.json", "a policy document has up to 131072"),
    ] {
        write(name, &policy(file));
        write("big.json", &vec![b' '; 200_000]);
        let said = said(name);
        assert!(said.contains(words) && said.contains(&format!("{name}:2:8: ")), "{said}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join("link.json")).unwrap();
        write("link.toml", &policy("link.json"));
        assert!(said("link.toml").contains("is a link out of the walkthrough's folder"));
        assert!(std::process::Command::new("mkfifo").arg(folder.path().join("pipe.toml")).status().unwrap().success());
        assert!(said("pipe.toml").contains("is no file"));
    }
    // A folder below is beside it; faults of a document are told in its own file.
    fs::create_dir(folder.path().join("policies")).unwrap();
    write("policies/p.json", b"{\n \"Version\": \"2012\",\n \"Statement\": []}");
    write("below.toml", &policy("policies/p.json"));
    assert!(said("below.toml").contains("policies/p.json:2:"), "{}", said("below.toml"));
}

/// The reference names every key that the reader takes, and its examples are right.
#[test]
fn the_reference_is_whole_and_its_examples_are_right() {
    let reference = fs::read_to_string(root("assets/walkthroughs.md")).unwrap();
    // What the reader says there is, where a key is far from all it knows.
    let known = |text: &str| -> Vec<String> {
        let said =
            checked(text, &[]).unwrap_err().iter().map(ToString::to_string).find(|said| said.contains("There are: ")).unwrap();
        said.split("There are: ").nth(1).unwrap().trim_end_matches('.').split(", ").map(str::to_owned).collect()
    };
    let tables = [
        "",
        "words",
        "user",
        "access",
        "permissions",
        "groups.x",
        "policies.x",
        "choices.x",
        "choices.x.answers.x",
        "variables.x",
        "hand-over",
    ];
    let mut count = 0;
    for table in tables {
        let text = if table.is_empty() { "xyzzyxyzzy = 1".to_owned() } else { format!("[{table}]\nxyzzyxyzzy = 1") };
        for key in known(&text) {
            let named = reference.contains(&format!("`{key}`"))
                || reference.contains(&format!("`{key}."))
                || reference.contains(&format!("[{key}]"))
                || reference.contains(&format!("[{key}."));
            assert!(named, "{table}.{key} is not in the reference");
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
    // The steps of the tutorial, put together, are a walkthrough; so is each example below them.
    let (tutorial, rest) = reference.split_once("## Reference").unwrap();
    let blocks = |text: &str| -> Vec<String> {
        let inner = text.split("```toml\n").skip(1).map(|block| block.split("```").next().unwrap());
        inner
            .map(|block| block.lines().map(|line| line.strip_prefix("   ").unwrap_or(line)).collect::<Vec<_>>().join("\n"))
            .collect()
    };
    let whole = blocks(tutorial).join("\n");
    let read = checked(&whole, &[("variables.bucket.value", "backups")]).unwrap_or_else(|faults| panic!("{faults:?}\n{whole}"));
    assert_eq!(planned(read).unwrap().len(), 4);
    for block in blocks(rest) {
        checked(&block, &[]).unwrap_or_else(|faults| panic!("{faults:?}\n{block}"));
    }
}

/// What a walkthrough leads to, written down on *Review*, leads there again.
#[test]
fn the_answers_of_a_walk_walk_again() {
    for (name, settings) in [
        ("koding", vec![("choices.route53.default", "true")]),
        ("managed-studio", vec![("user.name", "studio")]),
        ("developer", vec![("tags.team", "web = 1"), ("hand-over.region", "eu-west-1"), ("permissions.boundary", "Billing")]),
        ("stream-manager", vec![("user.path", "/a/b/")]),
        ("admin-user", vec![("access.description", "laptop"), ("access.reset", "false")]),
        ("copy-permissions", vec![("user.name", "bob"), ("permissions.copy-from", "amara")]),
    ] {
        let first =
            walkthrough_files::find(name, &set(&settings), Against::default()).unwrap_or_else(|faults| panic!("{faults:?}"));
        let practice = practice();
        let mut talk = Talk::batch(first.clone(), BatchOptions { saves: true, ..BatchOptions::default() });
        talk.settle_until(&practice, |talk| matches!(talk.app.phase, Phase::Reviewing(_)));
        let Phase::Reviewing(reviewing) = &talk.app.phase else { panic!("{name}: {:?}", talk.left) };
        let written = reviewing.answers_file(&talk.app.context).unwrap();
        let again = checked(&written, &[]).unwrap_or_else(|faults| panic!("{faults:?}\n{written}"));
        assert_eq!(planned(again), planned(first), "{written}");
    }
}

const DOCUMENT: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::{{bucket}}/*"}]}"#;

/// Walkthroughs that are mostly right.
fn any_walkthrough() -> impl Strategy<Value = String> {
    let name = "[a-z][a-z0-9-]{0,12}";
    let aws = prop::sample::subsequence(
        vec!["ReadOnlyAccess", "AmazonEC2FullAccess", "Billing", "PowerUserAccess", "IAMUserChangePassword"],
        0..4,
    );
    let user = (
        name,
        any::<bool>(),
        any::<bool>(),
        prop::option::of("[a-z ]{0,20}"),
        prop::sample::select(vec!["cli", "other", "third-party"]),
    );
    let policies = prop::collection::vec((name, any::<bool>(), any::<bool>(), prop::option::of(name)), 0..3);
    let tags = prop::collection::btree_map("[a-z]{1,8}", "[a-z =:/@]{0,12}", 0..4);
    let group = prop::option::of((name, aws.clone(), any::<bool>()));
    let choice = prop::option::of((aws.clone(), any::<bool>(), "[a-z]{1,6}"));
    (user, policies, tags, group, aws, choice, any::<bool>(), prop::option::of(prop::sample::select(vec!["amara", "build-server"]))).prop_map(
        |((user, key, console, description, case), policies, tags, group, attach, choice, fixed, from)| {
            let mut out = format!("title = \"t\"\n[user]\nname = {}\n", if fixed { format!("{{ fixed = \"{user}\" }}") } else { format!("\"{user}\"") });
            out += &format!("[access]\nkey = {key}\nuse-case = \"{case}\"\nconsole = {console}\n");
            if let Some(description) = description {
                out += &format!("description = \"{description} {{{{bucket}}}}\"\n");
            }
            out += &format!("[permissions]\nattach = {attach:?}\n");
            if let Some(from) = from {
                out += &format!("copy-from = \"{from}\"\n");
            }
            for (name, inline, new, tag) in &policies {
                out += &format!("[policies.{name}]\ninline = {inline}\ndocument = '''{DOCUMENT}'''\n");
                if *new && !inline {
                    out += "new-version = true\n";
                }
                if let (Some(tag), false) = (tag, inline) {
                    out += &format!("tags = {{ {tag} = \"x\" }}\n");
                }
            }
            if let Some((name, of_group, own)) = &group {
                let mut list: Vec<&str> = of_group.clone();
                if let (true, Some((own, false, ..))) = (own, policies.first()) {
                    list.push(own);
                }
                out += &format!("[groups.{name}]\npolicies = {list:?}\n");
            }
            out += "[tags]\nbucket = \"{{bucket}}\"\n";
            for (key, value) in &tags {
                out += &format!("{key} = \"{value}\"\n");
            }
            if let Some((attach, default, tag)) = &choice {
                out += &format!("[choices.c]\nquestion = \"?\"\ndefault = {default}\n[choices.c.yes]\npermissions.attach = {attach:?}\ntags.{tag} = \"y\"\n");
            }
            out + "[variables.bucket]\nquestion = \"?\"\nvalue = \"my-bucket\"\nspelled = [\"<bucket>\"]\n[hand-over]\npaste = \"{{key-id}} {{secret}}\"\n"
        },
    )
}

#[test]
fn what_check_accepts_reaches_review() {
    let accepted = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(ProptestConfig { cases: 60, ..ProptestConfig::default() });
    let result = runner.run(&any_walkthrough(), |text| {
        if let Ok(read) = checked(&text, &[]) {
            accepted.set(accepted.get() + 1);
            let plan = planned(read);
            prop_assert!(plan.is_ok(), "{}\n{text}", plan.unwrap_err());
        }
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.unwrap_err());
    // Those that are refused prove nothing here.
    assert!(accepted.get() >= 20, "only {} were accepted", accepted.get());
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_fall(text in any::<String>()) {
        let _ = checked(&text, &[]);
    }

    #[test]
    fn no_damage_makes_the_reader_fall(text in any_walkthrough(), at in any::<prop::sample::Index>(), junk in "\\PC{0,6}|[\\[\\]{}\"'=.,#\n]{0,6}", cut in 0usize..8) {
        let mut damaged: Vec<char> = text.chars().collect();
        let at = at.index(damaged.len());
        let end = (at + cut).min(damaged.len());
        damaged.splice(at..end, junk.chars());
        let _ = checked(&damaged.into_iter().collect::<String>(), &[]);
    }

    /// A value never changes what a document is: it stays one string among its statements.
    #[test]
    fn no_value_changes_a_document_s_structure(value in "\\PC{1,20}") {
        let policy = format!("[policies.p]\ndocument = '''{DOCUMENT}'''\n[variables.bucket]\nquestion = \"?\"\nvalue = \"x\"\n");
        let read = checked(&policy, &[]).unwrap();
        let accepted = read.variables[0].check(&value).is_ok();
        let mut given = Responses::defaults(&read);
        given.variables.insert("bucket".to_owned(), value.clone());
        let walkthrough = read.resolve(&given, &Bindings::default());
        let iamwalk::domain::walkthrough::DocumentSource::Text(text) = &walkthrough.grants.policies[0].document else { panic!() };
        let document: serde_json::Value = serde_json::from_str(text).unwrap();
        prop_assert_eq!(document["Statement"][0]["Resource"].as_str().unwrap(), format!("arn:aws:s3:::{value}/*"));
        prop_assert!(!accepted || !value.contains(['*', '?', '"', '\\']));
    }
}

/// On the full screen: the list with its filter, the guide's own questions, the words beside each page.
#[test]
fn a_walkthrough_is_chosen_answered_and_followed() {
    let practice = practice();
    let mut talk = Talk::practice();
    talk.settle(&practice);
    let shows = |talk: &Talk, text: &str| {
        assert!(squeezed(&talk.screen(120, 40)).contains(text), "no “{text}” in\n{}", talk.screen(120, 40))
    };
    talk.filter("Walkthrough", "stacks");
    shows(&talk, "1 of 8");
    // Enter ends the filter and chooses nothing; then it chooses the only row that is left, which the footer names.
    talk.act("end the filter");
    shows(&talk, "( ) koding");
    shows(&talk, "choose koding");
    talk.act("choose koding");
    shows(&talk, "(•) koding");
    shows(&talk, "group Developers with AmazonEC2FullAccess");
    // Enter leads through the guide's own question.
    talk.act("clear filter");
    talk.go_on();
    shows(&talk, "› Will your stacks use Route 53?");
    talk.choose("Will your stacks use Route 53?", "Yes");
    talk.go_on();
    shows(&talk, "› User name  koding-user");
    shows(&talk, "It is a good security practice");
    talk.go_on();
    talk.tick("I understand");
    talk.go_on();
    talk.settle(&practice);
    shows(&talk, "4 chosen of 10 at most");
    shows(&talk, "AmazonEC2FullAccess, IAMReadOnlyAccess and 2 more");
    // Back to the first page: another answer fills the page in again, and a name that was typed stays.
    talk.back();
    talk.back();
    talk.go_to("User name");
    talk.write("-2");
    talk.back();
    shows(&talk, "› Will your stacks use Route 53?");
    talk.choose("Will your stacks use Route 53?", "No");
    talk.go_on();
    shows(&talk, "› User name  koding-user-2");
    talk.go_on_to("Permissions");
    talk.settle(&practice);
    shows(&talk, "2 chosen of 10 at most");
    talk.go_on_to("Review");
    talk.settle(&practice);
    shows(&talk, "[ Create user koding-user-2 ]");
    talk.act("dry run");
    shows(&talk, "CloudFormation");
    talk.answer("A script for the AWS CLI");
    shows(&talk, "aws iam \"$@\"");
    talk.back();
    talk.act("save answers");
    shows(&talk, "[groups.Developers]");
    talk.back();
    talk.create();
    talk.settle(&practice);
    shows(&talk, "Koding, tab “AWS credentials”");
    shows(&talk, "(the secret: c copies it)");
}

#[test]
fn what_a_walkthrough_fixes_stays_as_it_is() {
    let practice = practice();
    let file = "[user]\nname = { fixed = \"bob\" }\n[access]\nkey = { fixed = false }\nconsole = false\n[permissions]\nattach = [\"ReadOnlyAccess\"]\nfixed = true\n";
    let mut talk = Talk::guided(checked(file, &[]).unwrap());
    talk.settle(&practice);
    let shows = |talk: &Talk, text: &str| {
        assert!(squeezed(&talk.screen(120, 40)).contains(text), "no “{text}” in\n{}", talk.screen(120, 40))
    };
    talk.go_on();
    talk.write("eve");
    talk.paste("eve");
    talk.press(&[Key::Backspace]);
    shows(&talk, "› User name  bob");
    assert!(!talk.screen(120, 40).contains("bobeve"));
    talk.go_on();
    talk.press(&[Key::Char(' ')]);
    shows(&talk, "› [ ] Access key");
    talk.go_on();
    talk.settle(&practice);
    shows(&talk, "[x] ReadOnlyAccess");
    talk.press(&[Key::Char(' '), Key::Down, Key::Char(' ')]);
    shows(&talk, "1 chosen of 10 at most");
}

/// A policy is written in its dialog: pasted, mended, kept whichever way the person goes.
#[test]
fn a_policy_is_written_checked_and_kept() {
    let practice = practice();
    let mut talk = Talk::at_permissions(&practice);
    let shows = |talk: &Talk, text: &str| {
        assert!(squeezed(&talk.screen(120, 40)).contains(text), "no “{text}” in\n{}", talk.screen(120, 40))
    };
    talk.open_new_policy();
    talk.write("my policy");
    shows(&talk, "Ctrl-N writes");
    shows(&talk, "“my-policy”.");
    talk.press(&[Key::Ctrl('n')]);
    shows(&talk, "› Policy name  my-policy");
    // Shift-Tab on the first field goes round to the last.
    talk.press(&[Key::BackTab]);
    shows(&talk, "› Document (JSON)");
    let document = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\"Effect\": \"Allow\", \"Acton\": \"s3:*\", \"Resource\": \"*\"}]\n}";
    talk.paste(document);
    shows(&talk, "line 3, column 37: “Acton” is no element of a statement");
    // It is kept as it is, and refused by the page.
    talk.back();
    talk.back();
    shows(&talk, "› my-policy (managed)");
    talk.go_on();
    shows(&talk, "✗ my-policy (managed): line 3");
    talk.enter_on("my-policy (managed)");
    shows(&talk, "› Policy name  my-policy");
    talk.fill_by_paste("Document", &document.replace("Acton", "Action"));
    shows(&talk, "IAM accepts it. ");
    talk.act("done");
    shows(&talk, "› my-policy (managed)");
    talk.go_on_to("Review");
    talk.settle(&practice);
    shows(&talk, "Policy of your own, attached directly: my-policy");
    shows(&talk, "Create the policy my-policy");
}

/// What is changed on a page and left by going back counts like anything else that stands on the pages.
#[test]
fn review_has_what_stands_on_the_pages() {
    let practice = practice();
    let mut talk = Talk::at_review(&practice);
    let shows = |talk: &Talk, text: &str| {
        assert!(squeezed(&talk.screen(120, 40)).contains(text), "no “{text}” in\n{}", talk.screen(120, 40))
    };
    shows(&talk, "Add bob to the group Auditors");
    // To Permissions; the group is taken off again, then back to Access, and on from there.
    talk.answer("Permissions");
    talk.untick_row("Add user to group", "Auditors");
    talk.back();
    talk.go_on();
    talk.settle(&practice);
    assert!(matches!(talk.app.phase, Phase::Reviewing(_)), "{}", talk.screen(120, 40));
    assert!(!talk.screen(120, 40).contains("Add bob to the group Auditors"), "{}", talk.screen(120, 40));
}

/// A policy for a group that is not named is reported at once, and where.
#[test]
fn policies_that_do_not_go_together_are_told_on_the_page() {
    let practice = practice();
    let mut talk = Talk::at_permissions(&practice);
    let shows = |talk: &Talk, text: &str| {
        assert!(squeezed(&talk.screen(120, 40)).contains(text), "no “{text}” in\n{}", talk.screen(120, 40))
    };
    talk.open_new_policy();
    talk.fill("Policy name", "p");
    talk.choose("Who gets it", "The new group");
    talk.fill_by_paste("Document", DOCUMENT);
    talk.act("done");
    shows(&talk, "there is no new group; name one above.");
    talk.go_on();
    shows(&talk, "✗ p (managed, for the new group): there is no new group; name one above.");
}

/// The account has a policy of this name: the same is used, another is shown as a diff and becomes a new version.
#[test]
fn a_policy_that_is_there_is_used_or_gets_a_version() {
    let practice = practice();
    let there = practice
        .with_account(|account| account.policies["arn:aws:iam::111122223333:policy/ReadTeamLogs"].versions[0].document.clone());
    let shows = |talk: &Talk, text: &str| {
        assert!(squeezed(&talk.screen(120, 40)).contains(text), "no “{text}” in\n{}", talk.screen(120, 40))
    };
    let mut talk = Talk::at_permissions(&practice);
    talk.open_new_policy();
    talk.fill("Policy name", "ReadTeamLogs");
    talk.fill_by_paste("Document", &there);
    talk.settle(&practice);
    shows(&talk, "The account has this policy with this document: it is used as it is.");
    talk.fill_by_paste("Document", &there.replace("logs:GetLogEvents", "logs:PutLogEvents"));
    shows(&talk, "- \"logs:GetLogEvents\",");
    shows(&talk, "+ \"logs:PutLogEvents\",");
    // It becomes a new version only where the person says so.
    talk.act("done");
    shows(&talk, "Tick this with Space to do so");
    shows(&talk, "› [ ] Make it the new default");
    talk.tick("Make it the new default");
    talk.act("done");
    talk.go_on_to("Review");
    talk.settle(&practice);
    shows(&talk, "Give the policy ReadTeamLogs a new version");
}

#[test]
fn permissions_are_copied_and_what_can_t_be_is_told() {
    let practice = practice();
    let copy = walkthrough_files::find(
        "copy-permissions",
        &set(&[("user.name", "bob"), ("permissions.boundary", "ReadOnlyAccess")]),
        Against::default(),
    );
    let mut talk = Talk::guided(copy.unwrap());
    talk.settle(&practice);
    let shows =
        |talk: &Talk, text: &str| assert!(talk.screen(120, 44).contains(text), "no “{text}” in\n{}", talk.screen(120, 44));
    talk.go_on_to("Access");
    talk.tick("I understand");
    talk.go_on();
    shows(&talk, "› Copy permissions from");
    talk.go_on();
    shows(&talk, "Choose with Space whose permissions are copied.");
    talk.choose("Copy permissions from", "amara");
    talk.settle(&practice);
    shows(&talk, "Inline policies:");
    talk.go_on_to("Review");
    talk.settle(&practice);
    shows(&talk, "Add bob to the group Operators");
    shows(&talk, "Give bob the inline policy OwnNotes");
    shows(&talk, "Not copied from amara. The boundary PowerUserAccess: another one is chosen.");
    shows(&talk, "bounded by ReadOnlyAccess");
}

/// A file that the person supplies is read once its path is typed, and checked like any other.
#[test]
fn a_supplied_file_is_asked_for_and_read() {
    let practice = practice();
    let mut talk = Talk::guided(walkthrough_files::find("iguazio", &[], Against::default()).unwrap());
    talk.settle(&practice);
    let shows =
        |talk: &Talk, text: &str| assert!(talk.screen(120, 44).contains(text), "no “{text}” in\n{}", talk.screen(120, 44));
    talk.go_on_to("Access");
    talk.tick("I understand");
    talk.go_on();
    // The page opens on what is asked for, and Enter opens that.
    shows(&talk, "ManageIguazioSystems (managed) — its document is missing");
    talk.go_on();
    shows(&talk, "› Read it from a file");
    talk.fill("Read it from a file", "provazio.json");
    talk.go_to("Document");
    let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetRole","Resource":"arn:aws:iam::$AWS_ACCOUNT_ID:role/x"}]}"#;
    let asked = talk.open.iter().any(|effect| format!("{effect:?}").contains("File(\"provazio.json\")"));
    assert!(asked, "{:?}", talk.open);
    talk.open.clear();
    talk.tell(Event::Learned {
        epoch: 1,
        question: Question::File("provazio.json".to_owned()),
        answer: Ok(LookupResult::File(document.to_owned())),
    });
    shows(&talk, "IAM accepts it. ");
    talk.act("done");
    talk.go_on_to("Review");
    talk.settle(&practice);
    let Phase::Reviewing(reviewing) = &talk.app.phase else { panic!("{}", talk.screen(100, 30)) };
    let made = &reviewing.answers().permissions().unwrap().policies[0].document;
    assert!(made.contains("arn:aws:iam::111122223333:role/x"), "{made}");
}

#[test]
fn the_opening_names_what_the_command_line_chose() {
    let talk = Talk::guided(walkthrough_files::find("koding", &set(&[("user.name", "u9")]), Against::default()).unwrap());
    assert!(matches!(talk.app.context.sign_in.source, Source::Practice));
    assert_eq!(talk.app.context.walkthroughs[0].name, "koding");
    assert_eq!(talk.app.context.walkthroughs.iter().filter(|walkthrough| walkthrough.name == "koding").count(), 1);
    let _: &Arc<Walkthrough> = &talk.app.context.walkthroughs[0];
}

/// A vendor's spelling is replaced where it stands by itself, and not inside another name.
#[test]
fn a_spelling_is_replaced_as_a_whole_and_nowhere_else() {
    let walkthrough = |text: &str, value: &str| {
        let file = format!(
            "title = \"t\"\nsummary = \"s\"\n[access]\nuse-case = \"cli\"\n[variables.bucket]\nquestion = \"Which?\"\nvalue = \"{value}\"\n\
             spelled = [\"mybucket\", \"<bucket>\"]\n[words]\nuser = \"{text} <bucket>\"\n"
        );
        let found = checked(&file, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
        let words = found.resolve(&Responses::defaults(&found), &Bindings::default()).words.user;
        words.strip_suffix(&format!(" {value}")).expect("the other spelling").to_owned()
    };
    for (text, filled) in [
        ("arn:aws:s3:::mybucket/*", "arn:aws:s3:::acme/*"),
        ("mybucket", "acme"),
        ("Make mybucket. Then look.", "Make acme. Then look."),
        ("(mybucket)", "(acme)"),
        ("x/mybucket-", "x/acme-"),
        ("notmybucket", "notmybucket"),
        ("mybucket-data", "mybucket-data"),
        ("my-mybucket", "my-mybucket"),
        ("mybucket.logs", "mybucket.logs"),
        ("mybuckets and mybucket_2", "mybuckets and mybucket_2"),
        ("acme-<bucket>-x", "acme-acme-x"),
    ] {
        assert_eq!(walkthrough(text, "acme"), filled, "{text}");
    }
}

/// A document with an operator twice keeps both when it is filled in, and is refused with both places: nothing is sent with less.
#[test]
fn no_condition_vanishes_when_a_variable_is_filled_in() {
    let folder = root("tests/policies/trials");
    let found = walkthrough_files::load(&folder.join("p79-walkthrough.toml"), &[], Against::default());
    let words: Vec<String> = found.unwrap_err().iter().map(ToString::to_string).collect();
    assert!(words.iter().any(|fault| fault.contains("“StringEquals” appears twice") && fault.contains("line 8")), "{words:#?}");
    // Equal only with this value: the file is well, the answer is not.
    let file = "title = \"t\"\nsummary = \"s\"\n[access]\nuse-case = \"cli\"\n[user]\nname = \"u1\"\n[variables.tag]\nquestion = \"Which?\"\n\
        [policies.P]\ndocument = \'\'\'{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":\
        {\"StringEquals\":{\"aws:PrincipalTag/{{tag}}\":\"blue\",\"aws:PrincipalTag/team\":\"red\"}}}}\'\'\'\n";
    assert!(planned(checked(file, &[("tag", "colour")]).unwrap()).is_ok());
    let refused = checked(file, &[("tag", "Team")]).unwrap_err()[0].to_string();
    assert!(refused.contains("“aws:PrincipalTag/team” appears twice (capitals don't count)"), "{refused}");
    assert!(refused.contains("w.toml:10:") && refused.contains("The other is on line 10, column"), "{refused}");
    // As a person types it on the page.
    let practice = practice();
    let mut talk = Talk::guided(checked(file, &[]).unwrap());
    talk.settle(&practice);
    talk.go_on();
    assert!(talk.screen(120, 40).contains("› Which?"), "{}", talk.screen(120, 40));
    talk.fill("Which?", "team");
    talk.go_on();
    talk.go_on();
    talk.tick("I understand");
    talk.go_on();
    talk.go_on();
    talk.settle(&practice);
    assert!(talk.screen(120, 40).contains("appears twice"), "{}", talk.screen(120, 40));
    // In every form both conditions of a document are there, or it is refused; none is dropped on the way.
    let text = "{\"a\":{\"k\":\"{{tag}}\"},\"a\":{\"l\":\"x\"}}";
    let walkthrough = checked(file, &[("tag", "y")]).unwrap();
    let filled = walkthrough.resolve(&Responses::defaults(&walkthrough), &Bindings::default()).document(text).unwrap();
    assert!(filled.contains("\"k\": \"y\"") && filled.contains("\"l\": \"x\""), "{filled}");
}

#[test]
fn settings_answer_the_files_questions_by_their_names() {
    let file = "title = \"t\"\nsummary = \"s\"\n[access]\nuse-case = \"cli\"\n[user]\nname = \"u1\"\n\
        [choices.how]\nquestion = \"How?\"\ndefault = \"read\"\n[choices.how.answers.copy]\nlabel = \"Copy\"\npermissions.copy-from = true\n\
        [choices.how.answers.read]\nlabel = \"Read\"\npermissions.attach = [\"ReadOnlyAccess\"]\n\
        [variables.team]\nquestion = \"Which team?\"\n[tags]\nteam = \"{{team}}\"\n";
    let plan = |settings: &[(&str, &str)]| {
        let found = checked(file, settings).unwrap_or_else(|faults| panic!("{settings:?}: {faults:?}"));
        planned(found).map(|calls| calls.join("\n"))
    };
    for team in [[("team", "x")], [("variables.team", "x")], [("variables.team.value", "x")]] {
        assert!(plan(&team).unwrap().contains("Attach ReadOnlyAccess to u1"), "{team:?}");
    }
    // What `show` prints for an answer that copies is taken, and needed only with that answer.
    let keys = checked(file, &[]).unwrap().keys();
    assert!(keys.contains(&"--set permissions.copy-from=USER".to_owned()), "{keys:?}");
    assert!(keys.contains(&"--set choices.how=copy|read".to_owned()) && keys.contains(&"--set variables.team=…".to_owned()));
    for choice in ["choices.how", "how", "choices.how.default"] {
        let copied = plan(&[("team", "x"), (choice, "copy"), ("permissions.copy-from", "amara")]).unwrap();
        assert!(copied.contains("Add u1 to the group Operators"), "{choice}: {copied}");
    }
    let missing = plan(&[("team", "x"), ("how", "copy")]).unwrap_err();
    assert!(missing.contains("whose permissions are copied"), "{missing}");
    // A question that there is none of is no fault of the file.
    for unknown in ["bucket", "variables.bucket", "choices.bucket"] {
        let faults = checked(file, &[(unknown, "x")]).unwrap_err();
        assert!(faults.iter().all(|fault| fault.source == format!("--set {unknown}")), "{faults:?}");
    }
}

#[test]
fn a_name_with_a_dot_is_told_to_stand_in_quotes() {
    for (text, quoted) in [
        ("[groups.team.dev]\npolicies = []\n", "[groups.\"team.dev\"]"),
        ("[policies.a.b]\ndocument = \"x\"\n", "[policies.\"a.b\"]"),
        ("[tags]\ncost.centre = \"7\"\n", "[tags.\"cost.centre\"]"),
        ("[variables.a.b]\nquestion = \"x\"\n", "[variables.\"a.b\"]"),
    ] {
        let faults = checked(&format!("title = \"t\"\nsummary = \"s\"\n{text}"), &[]).unwrap_err();
        assert!(faults.iter().any(|fault| fault.words.contains(quoted)), "{text}: {faults:?}");
    }
    // A slip of the hand is still one.
    let faults = checked("title = \"t\"\nsummary = \"s\"\n[policies.a]\ndocument = \"{}\"\n[policies.a.tag]\nx = \"y\"\n", &[])
        .unwrap_err();
    assert!(faults.iter().any(|fault| fault.words.contains("Did you mean “tags”?")), "{faults:?}");
}
