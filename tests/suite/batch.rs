//! Walks without questions: each built-in walkthrough to its end on moto, with exactly what its row in the reference says, and
//! the same by the AWS CLI script of its dry run. And what is refused before the first call, undone, or kept.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use super::support::moto;
use super::support::place::{Place, assert_code, text};
use super::support::proxy::{self, Fate};

const WRITES: [&str; 9] = [
    "CreateUser",
    "CreateGroup",
    "CreatePolicy",
    "AddUserToGroup",
    "AttachUserPolicy",
    "AttachGroupPolicy",
    "PutUserPolicy",
    "CreateLoginProfile",
    "CreateAccessKey",
];

fn document(name: &str) -> serde_json::Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/walkthroughs").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A user as the state has it, with these groups, policies, console or not, and the documents of its own.
fn user(groups: &[&str], attached: &[&str], login: bool) -> serde_json::Value {
    let arn = |name: &&str| match name.strip_prefix("own/") {
        Some(own) => format!("arn:aws:iam::123456789012:policy/{own}"),
        None => format!("arn:aws:iam::aws:policy/{name}"),
    };
    let mut attached: Vec<String> = attached.iter().map(arn).collect();
    attached.sort();
    serde_json::json!({ "path": "/", "groups": groups, "attached": attached, "inline": {}, "keys": 1, "login": login, "tags": [] })
}

fn policy(document: serde_json::Value) -> serde_json::Value {
    serde_json::json!({ "version": "v1", "document": document, "description": "", "tags": [] })
}

/// The other forms of a dry run, read by those who read such texts.
fn other_forms(place: &Place, arguments: &str) {
    let cloudformation = place.iamwalk(&format!("{arguments} --dry-run=cloudformation"));
    place.write("stack.yaml", &text(&cloudformation.stdout));
    let linted = place.command("cfn-lint", "").arg("stack.yaml").output().unwrap();
    assert!(linted.status.success(), "{}\n{}", text(&cloudformation.stdout), text(&linted.stdout));
    let terraform = place.iamwalk(&format!("{arguments} --dry-run=terraform"));
    place.write("main.tf", &text(&terraform.stdout));
    place.write("parse.py", "import hcl2; print(len(hcl2.load(open('main.tf'))['resource']))");
    let parsed = place.command(moto::python(), "").arg("parse.py").output().unwrap();
    assert!(
        text(&parsed.stdout).trim().parse::<usize>().is_ok_and(|n| n > 1),
        "{}\n{}",
        text(&terraform.stdout),
        text(&parsed.stderr)
    );
    let json = place.iamwalk(&format!("{arguments} --dry-run=json"));
    let plan: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let lines = text(&place.iamwalk(&format!("{arguments} --dry-run")).stdout);
    assert_eq!(lines.lines().count(), plan["steps"].as_array().unwrap().len() + 1, "{lines}");
}

/// Runs a walkthrough to its end, compares what moto then holds, and does the same by the script of its dry run.
fn runs(place: &Place, arguments: &str, expected: &serde_json::Value, before: &str) {
    place.reset();
    place.clear();
    place.python(before);
    let output = place.iamwalk(&format!("{arguments} --yes"));
    assert_code(&output, 0);
    assert_eq!(&place.state(), expected, "{arguments}");
    // The profile works for somebody else's code.
    let profile = text(&output.stdout).lines().find_map(|line| line.strip_prefix("Profile: ").map(str::to_owned)).unwrap();
    let arn = place
        .command("aws", &place.endpoint)
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .args(["sts", "get-caller-identity", "--query", "Arn", "--output", "text", "--profile", &profile])
        .output()
        .unwrap();
    assert!(text(&arn.stdout).contains(":user/"), "{}", text(&arn.stderr));

    place.reset();
    place.clear();
    place.python(before);
    let untouched = place.state();
    let script = place.iamwalk(&format!("{arguments} --dry-run=aws-cli"));
    assert_code(&script, 0);
    other_forms(place, arguments);
    assert_eq!(place.state(), untouched, "a dry run changed something");
    place.write("script.sh", &text(&script.stdout));
    let ran = place.command("bash", &place.endpoint).args(["-eu", "script.sh"]).output().unwrap();
    assert!(ran.status.success(), "{}\n{}", text(&script.stdout), text(&ran.stderr));
    assert_eq!(&place.state(), expected, "{arguments} by its script");
    for entry in fs::read_dir(place.home.path().join("work")).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("u1_") {
            #[cfg(unix)]
            assert_eq!(std::os::unix::fs::PermissionsExt::mode(&entry.metadata().unwrap().permissions()) & 0o777, 0o600);
        }
    }
}

#[test]
fn managed_studio_makes_what_its_row_says() {
    let place = Place::new();
    let narrow = serde_json::json!({
        "users": { "u1": user(&[], &["own/ManagedStudioPolicy"], false) },
        "groups": {},
        "policies": { "ManagedStudioPolicy": policy(document("managed-studio.json")) },
    });
    runs(&place, "managed-studio --user u1", &narrow, "");
    let admin = serde_json::json!({
        "users": { "u1": user(&[], &["AdministratorAccess"], false) }, "groups": {}, "policies": {},
    });
    runs(&place, "managed-studio --user u1 --set choices.permissions.default=admin", &admin, "");
}

#[test]
fn koding_makes_what_its_row_says() {
    let place = Place::new();
    let expected = |policies: &[&str]| {
        serde_json::json!({
            "users": { "u1": user(&["Developers"], &[], false) },
            "groups": { "Developers": policies },
            "policies": {},
        })
    };
    runs(&place, "koding --user u1", &expected(&["AmazonEC2FullAccess", "IAMReadOnlyAccess"]), "");
    // The group already exists, and has one of the policies.
    let before = "import boto3; iam = boto3.client('iam'); iam.create_group(GroupName='Developers'); \
                  iam.attach_group_policy(GroupName='Developers', PolicyArn='arn:aws:iam::aws:policy/IAMReadOnlyAccess')";
    let extended = ["AmazonEC2FullAccess", "AmazonRoute53DomainsFullAccess", "AmazonRoute53FullAccess", "IAMReadOnlyAccess"];
    runs(&place, "koding --user u1 --set choices.route53.default=true", &expected(&extended), before);
}

#[test]
fn stream_manager_and_developer_make_what_their_rows_say() {
    let place = Place::new();
    let streams = serde_json::json!({
        "users": { "u1": user(&[], &["own/stream-manager-programmatic-access"], false) },
        "groups": {},
        "policies": { "stream-manager-programmatic-access": policy(document("stream-manager.json")) },
    });
    runs(&place, "stream-manager --user u1", &streams, "");
    let developer = serde_json::json!({
        "users": { "u1": user(&[], &["PowerUserAccess", "IAMUserChangePassword"], true) }, "groups": {}, "policies": {},
    });
    runs(&place, "developer --user u1", &developer, "");
}

#[test]
fn iguazio_and_admin_user_make_what_their_rows_say() {
    let place = Place::new();
    let vendor = |resource: &str| {
        serde_json::json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "iam:GetRole", "Resource": resource },
            { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::igz/${aws:username}/*" },
        ] })
    };
    place.write("provazio-eks.json", &vendor("arn:aws:iam::$AWS_ACCOUNT_ID:role/igz").to_string());
    let expected = serde_json::json!({
        "users": { "u1": user(&[], &["own/ManageIguazioSystems"], false) },
        "groups": {},
        "policies": { "ManageIguazioSystems": policy(vendor("arn:aws:iam::123456789012:role/igz")) },
    });
    runs(&place, "iguazio --user u1 --set policies.ManageIguazioSystems.file=provazio-eks.json", &expected, "");
    let expected = serde_json::json!({
        "users": { "u1": user(&["AdminUsers"], &["IAMUserChangePassword"], true) },
        "groups": { "AdminUsers": ["AdministratorAccess"] },
        "policies": {},
    });
    runs(&place, "admin-user --user u1", &expected, "");
}

#[test]
fn copy_permissions_makes_what_its_row_says() {
    let place = Place::new();
    let own = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::it's/${aws:username}"}]}"#;
    let before = format!(
        "import boto3; iam = boto3.client('iam')\n\
         iam.create_user(UserName='amara'); iam.create_group(GroupName='Ops'); iam.add_user_to_group(UserName='amara', GroupName='Ops')\n\
         iam.attach_user_policy(UserName='amara', PolicyArn='arn:aws:iam::aws:policy/job-function/Billing')\n\
         iam.put_user_policy(UserName='amara', PolicyName='own', PolicyDocument='''{own}''')"
    );
    let mut copy = user(&["Ops"], &["job-function/Billing"], false);
    copy["inline"] = serde_json::json!({ "own": serde_json::from_str::<serde_json::Value>(own).unwrap() });
    let mut amara = copy.clone();
    amara["keys"] = serde_json::json!(0);
    let expected = serde_json::json!({ "users": { "u1": copy, "amara": amara }, "groups": { "Ops": [] }, "policies": {} });
    runs(&place, "copy-permissions --user u1 --set permissions.copy-from=amara", &expected, &before);
}

/// Names, tags and texts that are hard on every quoting.
#[test]
fn a_hostile_walkthrough_survives_its_script() {
    let place = Place::new();
    place.write(
        "hard.toml",
        r#"
[user]
path = "/a'b$(x)`y`\"/"
[access]
use-case = "other"
description = "file:/x = it - @ größe"
console = true
reset = false
[groups."-g+=,.@_"]
policies = ["ReadOnlyAccess", "p"]
[policies.p]
name = "+=,.@_-p"
description = "file:///etc/passwd 'quoted' \"twice\" ${x} $(y) größe"
tags = { "a b" = "c d=e", "größe" = "" }
document = '''{"Version":"2012-10-17","Statement":{"Sid":"","Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::it's ${aws:username} %{x} `y` \\ $(z)"}}'''
[policies.own]
inline = true
document = '''{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}]}'''
[tags]
"e-mail" = "a@b.c"
"wörter" = "x = y : z"
"#,
    );
    let document: serde_json::Value = serde_json::from_str(
        r#"{"Version":"2012-10-17","Statement":{"Sid":"","Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::it's ${aws:username} %{x} `y` \\ $(z)"}}"#,
    )
    .unwrap();
    let mut one = user(&["-g+=,.@_"], &[], true);
    one["path"] = serde_json::json!("/a'b$(x)`y`\"/");
    one["inline"] = serde_json::json!({ "own": { "Version": "2012-10-17", "Statement": [{ "Effect": "Deny", "NotAction": "iam:*", "Resource": "*" }] } });
    one["tags"] = serde_json::json!([["KEY", "file:/x = it - @ größe"], ["e-mail", "a@b.c"], ["wörter", "x = y : z"]]);
    let expected = serde_json::json!({
        "users": { "u1": one },
        "groups": { "-g+=,.@_": ["+=,.@_-p", "ReadOnlyAccess"] },
        "policies": { "+=,.@_-p": {
            "version": "v1", "document": document,
            "description": "file:///etc/passwd 'quoted' \"twice\" ${x} $(y) größe",
            "tags": [["a b", "c d=e"], ["größe", ""]],
        } },
    });
    runs(&place, "./hard.toml --user u1", &expected, "");
}

/// Nothing was made, and no call was sent that could have.
fn refused(place: &Place, arguments: &str, words: &[&str]) {
    let watch = proxy::start(&place.endpoint, |_, _| Fate::Pass);
    let output = place.iamwalk_at(&watch.endpoint, arguments);
    assert_code(&output, 2);
    let said = text(&output.stderr);
    for word in words {
        assert!(said.contains(word), "{arguments}: no “{word}” in\n{said}");
    }
    assert!(output.stdout.is_empty());
    let calls = watch.calls();
    assert!(!calls.iter().any(|call| WRITES.contains(&call.as_str())), "{arguments}: {calls:?}");
}

#[test]
fn what_could_not_go_well_is_refused_before_the_first_call() {
    let place = Place::new();
    refused(&place, "managed-studio --yes", &["User, User name (user.name): Type a user name."]);
    refused(&place, "plain --yes --user u1", &["access.use-case", "Choose what the key is for"]);
    refused(&place, "iguazio --yes", &["iguazio.toml:", "policies", "provazio.json"]);
    refused(&place, "copy-permissions --yes --user u1", &["permissions.copy-from"]);
    refused(&place, "koding --yes --user u1 --set user.name=u2", &["answered twice"]);
    refused(&place, "nothing-such --yes", &["There is no walkthrough of this name"]);
    refused(&place, "koding --yes --set access.kye=true", &["--set access.kye", "Did you mean “key”?"]);
    refused(&place, "stream-manager --yes --set permissions.attach=[\"ThisIsNoPolicy\"]", &["no policy ThisIsNoPolicy"]);
    refused(&place, "koding --yes --user u1 --csv missing/folder/x.csv", &["missing/folder"]);
    place.write("there.csv", "mine");
    refused(&place, "koding --yes --user u1 --csv there.csv", &["there.csv already exists"]);
    place.write("u1_credentials.csv", "mine");
    refused(&place, "admin-user --yes --user u1", &["u1_credentials.csv already exists"]);

    let aws = place.home.path().join(".aws");
    fs::create_dir(&aws).unwrap();
    let credentials = aws.join("credentials");
    let old = "[u1]\naws_access_key_id = AKIAOLD0000000000000\naws_secret_access_key = old\n";
    fs::write(&credentials, old).unwrap();
    refused(&place, "koding --yes --user u1", &["There is a profile “u1” already", "--replace"]);
    // Readers disagree about it, or it can't be edited.
    for broken in
        ["[u1]\n  aws_access_key_id = x\n[u1]\naws_secret_access_key = y\n", "\u{feff}[a]\nx = y\n", "<<<<<<< HEAD\n[a]\n"]
    {
        fs::write(&credentials, broken).unwrap();
        refused(&place, "koding --yes --user u1", &["Nothing was made."]);
        assert_eq!(fs::read_to_string(&credentials).unwrap(), broken);
    }
    fs::write(&credentials, old).unwrap();
    let output = place.iamwalk("koding --yes --user u1 --replace");
    assert_code(&output, 0);
    let new = fs::read_to_string(&credentials).unwrap();
    assert!(!new.contains("AKIAOLD") && new.contains("[u1]"), "the profile was replaced");
    refused(&place, "koding --yes --user U1 --save-profile other", &["this account already has “u1”"]);
}

#[test]
fn what_is_there_already_is_used_only_where_that_is_meant() {
    let place = Place::new();
    place.python(
        "import boto3; iam = boto3.client('iam'); iam.create_group(GroupName='Developers')\n\
         iam.attach_group_policy(GroupName='Developers', PolicyArn='arn:aws:iam::aws:policy/AdministratorAccess')",
    );
    refused(&place, "koding --yes --user u1", &["It also gives: AdministratorAccess", "--accept-existing"]);
    let output = place.iamwalk("koding --yes --user u1 --accept-existing --output json");
    assert_code(&output, 0);
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&result["user"], &result["profile"], &result["verified"]), (&"u1".into(), &"u1".into(), &true.into()));
    assert_eq!(
        place.state()["groups"]["Developers"],
        serde_json::json!(["AdministratorAccess", "AmazonEC2FullAccess", "IAMReadOnlyAccess"])
    );

    // A policy of the same name: the same document is used, another is refused, or becomes a new version.
    assert_code(&place.iamwalk("managed-studio --yes --user u2"), 0);
    assert_code(&place.iamwalk("managed-studio --yes --user u3"), 0);
    assert_eq!(place.state()["policies"]["ManagedStudioPolicy"]["version"], "v1");
    let newer = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"}]}"#;
    place.write("newer.json", newer);
    let newer_file =
        "managed-studio --yes --user u4 --set choices.permissions.answers.narrow.policies.ManagedStudioPolicy.file=newer.json";
    refused(&place, newer_file, &["another document", "new-version"]);
    let versioned = "--set choices.permissions.answers.narrow.policies.ManagedStudioPolicy.new-version=true";
    assert_code(&place.iamwalk(&format!("{newer_file} {versioned}")), 0);
    let policy = &place.state()["policies"]["ManagedStudioPolicy"];
    assert_eq!((&policy["version"], policy["document"]["Statement"][0]["Action"].as_str()), (&"v2".into(), Some("ec2:*")));
}

#[test]
fn a_run_that_fails_is_taken_back_or_kept() {
    let place = Place::new();
    let empty = place.state();
    let denies = proxy::start(&place.endpoint, |action, _| match action {
        "CreateAccessKey" => Fate::Refused("AccessDenied", 403),
        _ => Fate::Pass,
    });
    let output = place.iamwalk_at(&denies.endpoint, "koding --yes --user u1");
    assert_code(&output, 1);
    let said = text(&output.stderr);
    assert!(said.contains("✗ Create an access key for u1") && said.contains("Nothing of this run remains"), "{said}");
    assert_eq!(place.state(), empty);
    assert!(!place.home.path().join(".aws/credentials").exists());
    let output = place.iamwalk_at(&denies.endpoint, "koding --yes --user u1 --keep-on-failure");
    assert_code(&output, 3);
    assert!(text(&output.stderr).contains("aws iam delete-user --user-name=u1"), "{}", text(&output.stderr));
    assert!(place.state()["users"]["u1"].is_object());
    place.reset();

    // Made and saved, but it never answers: it is kept, and the exit code says so.
    let mute = proxy::start(&place.endpoint, |action, earlier| match action {
        "GetCallerIdentity" if earlier > 0 => Fate::Refused("InvalidClientTokenId", 403),
        _ => Fate::Pass,
    });
    let output = place.iamwalk_at(&mute.endpoint, "stream-manager --yes --user u1");
    assert_code(&output, 3);
    assert!(text(&output.stdout).contains("Not verified"), "{}", text(&output.stdout));
    assert_eq!(place.state()["users"]["u1"]["keys"], 1);
    assert!(place.home.path().join(".aws/credentials").exists());
}

#[test]
fn the_secret_goes_where_it_was_ordered_and_nowhere_else() {
    let place = Place::new();
    let output = place.iamwalk(
        "admin-user --yes --user u1 --csv keys.csv --save-profile work --region eu-central-1 --set hand-over.output=json",
    );
    assert_code(&output, 0);
    let credentials = fs::read_to_string(place.home.path().join(".aws/credentials")).unwrap();
    let secret = credentials.split("aws_secret_access_key = ").nth(1).unwrap().trim().to_owned();
    assert!(credentials.contains("[work]") && secret.len() == 40);
    let config = fs::read_to_string(place.home.path().join(".aws/config")).unwrap();
    assert!(config.contains("region = eu-central-1") && config.contains("output = json"), "{config}");
    let csv = fs::read_to_string(place.path("keys.csv")).unwrap();
    assert!(csv.contains(&secret));
    // The password lies beside it.
    let password = fs::read_to_string(place.path("u1_credentials.csv")).unwrap();
    assert!(password.contains("u1,"), "{password}");
    let password = password.lines().nth(1).unwrap().split(',').nth(1).unwrap().to_owned();
    for out in [text(&output.stdout), text(&output.stderr)] {
        assert!(!out.contains(&secret) && !out.contains(&password), "{out}");
    }

    let output = place.iamwalk("koding --yes --user u2 --secret-to-stdout --output json");
    assert_code(&output, 0);
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["secret_access_key"].as_str().map(str::len), Some(40));
    assert!(result["profile"].is_null() && !text(&output.stderr).contains(result["secret_access_key"].as_str().unwrap()));

    // It can't be printed: the key goes, and with it all that was made for it.
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = place.command(env!("CARGO_BIN_EXE_iamwalk"), &place.endpoint);
    command.args([
        "--endpoint-url",
        &place.endpoint,
        "koding",
        "--yes",
        "--user",
        "u3",
        "--secret-to-stdout",
        "--accept-existing",
    ]);
    let output = command.stdout(full).output().unwrap();
    assert_code(&output, 1);
    assert!(text(&output.stderr).contains("The key is deleted"), "{}", text(&output.stderr));
    assert!(place.state()["users"]["u3"].is_null());
}

/// Asked to end just as the key comes: nobody has it, so it goes, and nothing of it is written meanwhile.
#[cfg(unix)]
#[test]
fn told_to_end_it_deletes_the_key_that_nobody_received() {
    let place = Place::new();
    for fate in [Fate::SignalAtEffect("-TERM"), Fate::SignalAtAnswer("-TERM")] {
        place.reset();
        place.clear();
        let signals = proxy::start(&place.endpoint, move |action, _| if action == "CreateAccessKey" { fate } else { Fate::Pass });
        let mut command = place.command(env!("CARGO_BIN_EXE_iamwalk"), &signals.endpoint);
        command.args(["--endpoint-url", &signals.endpoint, "koding", "--yes", "--user", "u1", "--csv", "keys.csv"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        signals.watch(child.id());
        let output = child.wait_with_output().unwrap();
        assert_code(&output, 143);
        // Where the file was faster than the signal the key is in it; otherwise neither is there.
        let arrived = place.path("keys.csv").exists();
        assert_eq!(place.state()["users"]["u1"]["keys"], u32::from(arrived), "{fate:?}");
        assert!(!arrived || fate == Fate::SignalAtAnswer("-TERM"), "{fate:?}");
        assert!(output.stdout.is_empty(), "{fate:?}: {}", text(&output.stdout));
    }
}

/// What is no walkthrough is not taken for one without a word.
#[test]
fn names_and_words_that_are_near_are_told() {
    let place = Place::new();
    for (arguments, code, words) in [
        ("help", 0, "Usage: iamwalk"),
        ("help undo", 0, "Undo what a run made"),
        ("kodng --practice --user u1 --dry-run", 2, "Did you mean “koding”?"),
        ("show admin-usr", 2, "Did you mean “admin-user”?"),
        ("plain --practice --user a,b,c --dry-run", 2, "would be one user"),
        ("--practice --user a,b", 2, "Run iamwalk once for each user"),
    ] {
        let mut command = place.command(env!("CARGO_BIN_EXE_iamwalk"), &place.endpoint);
        let output = command.args(arguments.split_whitespace()).output().unwrap();
        assert_code(&output, code);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(said.contains(words), "{arguments}: {said}");
    }
    let output = place.iamwalk("plain --set user.name=a,b --set access.use-case=cli --dry-run");
    assert_code(&output, 0);
    assert!(text(&output.stdout).contains("Create the user a,b"), "{}", text(&output.stdout));
}

/// A walkthrough file of a document in another partition is checked for the one that is said.
#[test]
fn the_partition_of_a_check_is_said() {
    let place = Place::new();
    let walk = |arn: &str| {
        format!(
            "title = \"T\"\nsummary = \"S\"\n[access]\nuse-case = \"cli\"\n[policies.P]\ndocument = \'\'\'\n{{\"Version\":\"2012-10-17\",\
             \"Statement\":{{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"{arn}\"}}}}\'\'\'\n"
        )
    };
    place.write("cn.toml", &walk("arn:aws-cn:s3:::acme/*"));
    let output = place.iamwalk_at(&place.endpoint, "check cn.toml");
    assert_code(&output, 2);
    assert!(text(&output.stderr).contains("cn.toml:7:82:"), "{}", text(&output.stderr));
    let output = place.iamwalk("check cn.toml --partition aws-cn");
    assert_code(&output, 0);
    assert!(text(&output.stdout).contains("in an account of the partition aws-cn"), "{}", text(&output.stdout));
    // In an account the caller's partition decides, before the first call.
    let output = place.iamwalk("./cn.toml --yes --user u1");
    assert_code(&output, 2);
    assert!(text(&output.stderr).contains("of the partition aws-cn, and the account is of aws"), "{}", text(&output.stderr));
    assert!(place.state()["users"]["u1"].is_null());
}
