//! Practice's likeness to others: one script of boto3 calls, good and bad, to “iamwalk practice serve” and to moto. Where they
//! differ, practice follows AWS, and the table says so.

use std::collections::BTreeMap;
use std::process::Command;

use super::support::moto;
use super::support::served::{self, serve};

const CALLS: &str = include_str!("likeness/calls.py");

/// Case, what AWS and practice answer, what moto answers.
const GAPS: &[(&str, &str, &str)] = &[
    // moto does not check the API model's lengths and patterns.
    ("user of 65", "ValidationError", "ok"),
    ("user of no name", "ValidationError", "ok"),
    ("user with a space", "ValidationError", "ok"),
    ("user with a slash", "ValidationError", "ok"),
    ("user with an accent", "ValidationError", "ok"),
    ("path without an end", "ValidationError", "ok"),
    ("path without a start", "ValidationError", "ok"),
    ("path with a space", "ValidationError", "ok"),
    ("path of 513", "ValidationError", "ok"),
    ("tag key of 129", "ValidationError", "ok"),
    ("tag value of 257", "ValidationError", "ok"),
    ("51 tags", "ValidationError", "ok"),
    ("get a bad name", "ValidationError", "ok"),
    ("list none", "ValidationError", "ok"),
    ("list too many", "ValidationError", "ok"),
    ("group of 129", "ValidationError", "ok"),
    ("group with a space", "ValidationError", "ok"),
    ("group of no name", "ValidationError", "ok"),
    ("policy of 129", "ValidationError", "ok"),
    ("policy with a space", "ValidationError", "ok"),
    ("policy in a bad path", "ValidationError", "ok"),
    ("policy described too long", "ValidationError", "ok"),
    ("policy that is empty", "ValidationError", "MalformedPolicyDocument"),
    ("policy with curly quotes", "ValidationError", "MalformedPolicyDocument"),
    ("password of 129", "ValidationError", "ok"),
    ("switch to what is no state", "ValidationError", "ok"),
    // moto does not check a user's tags, nor a policy's.
    ("tag of AWS's", "InvalidInput", "ok"),
    ("tag with a bad character", "ValidationError", "ok"),
    ("tag twice", "InvalidInput", "ok"),
    ("tag twice in other capitals", "InvalidInput", "ok"),
    ("tag with AWS's", "InvalidInput", "ok"),
    ("policy with a tag of AWS's", "InvalidInput", "ok"),
    // moto's names are case-sensitive.
    ("user in other capitals", "EntityAlreadyExists", "ok"),
    ("group in other capitals", "EntityAlreadyExists", "ok"),
    ("policy in other capitals", "EntityAlreadyExists", "ok"),
    ("get user in other capitals", "ok", "NoSuchEntity"),
    // moto has one quota: two keys.
    ("an eleventh group", "LimitExceeded", "ok"),
    ("an eleventh policy of a user", "LimitExceeded", "ok"),
    ("an eleventh policy of a group", "LimitExceeded", "ok"),
    ("policy too large", "LimitExceeded", "ok"),
    // moto deletes what something is attached to.
    ("delete a group with members", "DeleteConflict", "ok"),
    ("delete a group with policies", "DeleteConflict", "ok"),
    ("delete with versions", "DeleteConflict", "ok"),
    ("delete while attached", "DeleteConflict", "ok"),
    ("delete a user in groups", "DeleteConflict", "ok"),
    ("delete a user with a password", "DeleteConflict", "ok"),
    ("delete a user with a key", "DeleteConflict", "ok"),
    // moto attaches what AWS keeps for its services, has no password policy in force, and no simulation.
    ("attach a service's own", "PolicyNotAttachable", "ok"),
    ("weak password", "PasswordPolicyViolation", "ok"),
    ("simulate", "ok", "no answer of IAM's"),
];

fn outcomes(endpoint: &str) -> Vec<(String, String)> {
    let printed = moto::script(CALLS, &[("AWS_ENDPOINT_URL", endpoint), served::KEYS[0], served::KEYS[1]]);
    serde_json::from_str(printed.trim()).unwrap()
}

#[test]
fn practice_answers_as_moto_does_or_as_aws() {
    let (server, served) = (moto::start(), serve());
    let (practice, moto) = (outcomes(&served.endpoint), outcomes(&server.endpoint));
    assert!(practice.len() >= 150, "{} calls", practice.len());
    assert_eq!(practice.len(), moto.len());
    let gaps: BTreeMap<&str, (&str, &str)> = GAPS.iter().map(|(case, aws, moto)| (*case, (*aws, *moto))).collect();
    let mut wrong = Vec::new();
    for ((case, ours), (_, theirs)) in practice.iter().zip(&moto) {
        let (expected_of_us, expected_of_them) = gaps.get(case.as_str()).copied().unwrap_or((theirs, theirs));
        if (ours.as_str(), theirs.as_str()) != (expected_of_us, expected_of_them) {
            wrong.push(format!("{case}: practice {ours}, moto {theirs}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(gaps.keys().all(|case| practice.iter().any(|(name, _)| name == case)), "a gap that is no case");
}

/// Whoever is not on this machine is not answered: the server listens on the loopback address alone.
#[test]
fn the_practice_server_stays_on_this_machine_and_ends_at_a_signal() {
    let mut served = serve();
    assert!(served.endpoint.starts_with("http://127.0.0.1:"));
    let port: u16 = served.endpoint.rsplit(':').next().unwrap().parse().unwrap();
    // The port is free on every other address.
    #[cfg(target_os = "linux")]
    std::net::TcpListener::bind(("127.0.0.2", port)).unwrap();
    #[cfg(unix)]
    {
        Command::new("kill").args(["-INT", &served.child.id().to_string()]).status().unwrap();
        assert_eq!(served.child.wait().unwrap().code(), Some(0));
    }
}

/// The answer of CreateAccessKey is lost once. boto3 sends it again by itself, and leaves a live key whose secret nobody has;
/// iamwalk leaves one key, and shows that one (`sudden_ends`, `bad_weather`).
#[test]
fn a_lost_answer_with_boto3_for_comparison() {
    use super::support::proxy::{self, Fate};
    let server = moto::start();
    let proxy = proxy::start(
        &server.endpoint,
        |action, earlier| {
            if action == "CreateAccessKey" && earlier == 0 { Fate::Lost } else { Fate::Pass }
        },
    );
    let code = "import boto3\niam = boto3.client('iam', region_name='us-east-1')\niam.create_user(UserName='bob')\n\
        shown = iam.create_access_key(UserName='bob')['AccessKey']['AccessKeyId']\n\
        live = [k['AccessKeyId'] for k in iam.list_access_keys(UserName='bob')['AccessKeyMetadata']]\n\
        print(len(live), len([k for k in live if k != shown]))";
    let keys = [("AWS_ACCESS_KEY_ID", "AKIATESTING000000000"), ("AWS_SECRET_ACCESS_KEY", "testing")];
    let printed = moto::script(code, &[("AWS_ENDPOINT_URL", &proxy.endpoint), keys[0], keys[1]]);
    assert_eq!(printed.trim(), "2 1", "boto3: two live keys, one of which nobody has");
    assert_eq!(proxy.calls().iter().filter(|call| *call == "CreateAccessKey").count(), 2);
}
