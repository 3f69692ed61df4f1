//! The caller: the ways to credentials, each with the real program and a server that tells keys apart.

use std::fs;
use std::path::Path;

use super::support::moto::{self, Moto};
use super::support::terminal::Terminal;

const MAKE_ALICE: &str = "\
import boto3
iam = boto3.client('iam', region_name='us-east-1', aws_access_key_id='x', aws_secret_access_key='x')
iam.create_user(UserName='alice')
key = iam.create_access_key(UserName='alice')['AccessKey']
print(key['AccessKeyId'], key['SecretAccessKey'])
";

/// A home whose files name alice's keys in several ways.
fn home_of_alice(server: &Moto) -> (tempfile::TempDir, [String; 2]) {
    let printed = moto::script(MAKE_ALICE, &[("AWS_ENDPOINT_URL", &server.endpoint)]);
    let (id, secret) = printed.trim().split_once(' ').unwrap();
    let home = tempfile::tempdir().unwrap();
    let aws = home.path().join(".aws");
    fs::create_dir(&aws).unwrap();
    fs::write(aws.join("credentials"), format!("[alice]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n")).unwrap();
    let script = home.path().join("keys.sh");
    fs::write(
        &script,
        format!(
            "echo run >> {}\necho '{{\"Version\": 1, \"AccessKeyId\": \"{id}\", \"SecretAccessKey\": \"{secret}\"}}'\n",
            home.path().join("runs").display()
        ),
    )
    .unwrap();
    let config = format!(
        "[profile alice]\nregion = eu-north-1\n\
         [profile process]\ncredential_process = sh {}\n\
         [profile role]\nrole_arn = arn:aws:iam::123456789012:role/Boss\nsource_profile = alice\n\
         [profile device]\nrole_arn = arn:aws:iam::123456789012:role/Boss\nsource_profile = alice\nmfa_serial = arn:aws:iam::123456789012:mfa/alice\n",
        script.display()
    );
    fs::write(aws.join("config"), config).unwrap();
    (home, [id.to_owned(), secret.to_owned()])
}

fn start(arguments: &[&str], home: &Path, server: &Moto, environment: &[(&str, &str)]) -> Terminal {
    let mut all = vec![("AWS_ENDPOINT_URL", server.endpoint.as_str())];
    all.extend_from_slice(environment);
    Terminal::start(arguments, home, &all, (100, 30))
}

const ALICE: &str = "as arn:aws:iam::123456789012:user/alice";
/// Keys that stand in the environment and must not be used.
const OTHERS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIAMALLORY000000000"), ("AWS_SECRET_ACCESS_KEY", "mallory")];

#[test]
fn a_profile_that_is_asked_for_beats_keys_in_the_environment() {
    let server = moto::start();
    let (home, key) = home_of_alice(&server);
    let terminal = start(&["--profile", "alice"], home.path(), &server, &OTHERS);
    terminal.wait(ALICE);
    terminal.wait("eu-north-1");
    let mut terminal = start(&["--profile", "process"], home.path(), &server, &OTHERS);
    terminal.wait(ALICE);
    // Without a region of its own.
    terminal.wait("us-east-1");
    // With answers of IAM as well as of STS.
    terminal.at("(•) plain", "\r");
    terminal.at("› User name", "zoe");
    terminal.wait("“zoe” is free.");
    let runs = fs::read_to_string(home.path().join("runs")).unwrap();
    assert_eq!(runs.lines().count(), 1, "a process that may ask for a touch runs once");
    start(&["--profile", "role"], home.path(), &server, &OTHERS).wait("as arn:aws:sts::123456789012:assumed-role/Boss/");
    // Without --profile the environment comes first, and AWS_PROFILE where it has no keys.
    let environment =
        [("AWS_ACCESS_KEY_ID", key[0].as_str()), ("AWS_SECRET_ACCESS_KEY", key[1].as_str()), ("AWS_PROFILE", "role")];
    start(&[], home.path(), &server, &environment).wait(ALICE);
    start(&[], home.path(), &server, &[("AWS_PROFILE", "alice")]).wait(ALICE);
    start(&[], home.path(), &server, &[("AWS_PROFILE", "nobody")]).wait("✗ There is no profile “nobody” in your AWS files.");
}

#[test]
fn a_role_with_a_device_asks_for_its_code() {
    let server = moto::start();
    let (home, _) = home_of_alice(&server);
    for (arguments, environment) in [(&["--profile", "device"][..], &OTHERS[..]), (&[][..], &[("AWS_PROFILE", "device")][..])] {
        let mut terminal = start(arguments, home.path(), &server, environment);
        terminal.wait("This profile assumes a role that asks for the code of");
        terminal.at("› Code", "123456\r");
        terminal.wait("as arn:aws:sts::123456789012:assumed-role/Boss/iamwalk");
        assert!(!String::from_utf8_lossy(&terminal.written.lock().unwrap()).contains("123456 "));
    }
}

#[test]
fn another_profile_can_be_chosen_on_the_first_page() {
    let server = moto::start();
    let (home, _) = home_of_alice(&server);
    let mut terminal = start(&[], home.path(), &server, &OTHERS);
    terminal.wait("as arn:aws:sts::123456789012:user/moto");
    terminal.keys("\t");
    terminal.at("(•) What AWS finds", "\x1b[B");
    terminal.at("(•) Profile alice", "\r");
    terminal.wait(ALICE);
    terminal.at("✓ arn:aws:iam::123456789012:user/alice in account 123456789012", "\r");
    terminal.wait("› User name");
}
