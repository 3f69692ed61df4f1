//! Revoking a user's access, or a key that was found in the open, by the real program: on moto and on the practice server.

use super::support::place::{Place, assert_code, text};
use super::support::proxy::{self, Fate, Proxy};

/// A user of a hostile name, in a path, with two keys, one of them inactive, a password, and an SSH key.
const EVE: &str = "-E+=,.@_";

fn places() -> Vec<Place> {
    let places = vec![Place::new(), Place::on_practice()];
    for place in &places {
        // Nobody can upload an SSH key to practice: amara has one there.
        let ssh = if place.is_practice() { "" } else { "iam.upload_ssh_public_key(UserName=u, SSHPublicKeyBody='ssh-rsa x')" };
        place.python(&format!(
            "import boto3; iam = boto3.client('iam'); u = {EVE:?}; iam.create_user(UserName=u, Path='/team/x/')\n\
             iam.create_access_key(UserName=u); k = iam.create_access_key(UserName=u)['AccessKey']['AccessKeyId']\n\
             iam.update_access_key(UserName=u, AccessKeyId=k, Status='Inactive')\n\
             iam.create_login_profile(UserName=u, Password='Practice-Only-1')\n{ssh}"
        ));
    }
    places
}

/// The status of everything that lets the user in.
fn statuses(place: &Place, user: &str) -> Vec<String> {
    let told = place.python(&format!(
        "import boto3; iam = boto3.client('iam'); u = {user:?}\n\
         for k in iam.list_access_keys(UserName=u)['AccessKeyMetadata']: print('key', k['Status'])\n\
         for k in iam.list_ssh_public_keys(UserName=u)['SSHPublicKeys']: print('ssh', k['Status'])\n\
         for p in iam.list_attached_user_policies(UserName=u)['AttachedPolicies']: print('policy', p['PolicyName'])\n\
         for p in iam.list_user_policies(UserName=u)['PolicyNames']: print('inline', p)\n\
         try: iam.get_login_profile(UserName=u); print('password')\n\
         except iam.exceptions.NoSuchEntityException: pass"
    ));
    let mut lines: Vec<String> = told.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn writes(proxy: &Proxy) -> Vec<String> {
    let reads = ["Get", "List", "Simulate"];
    proxy.calls().into_iter().filter(|call| !reads.iter().any(|read| call.starts_with(read))).collect()
}

fn run_of(done: &std::process::Output) -> String {
    text(&done.stdout).lines().find_map(|line| line.strip_prefix("Run: ").map(str::to_owned)).unwrap()
}

fn key_of(place: &Place, user: &str) -> String {
    let code = format!(
        "import boto3; iam = boto3.client('iam')\n\
         print([k['AccessKeyId'] for k in iam.list_access_keys(UserName={user:?})['AccessKeyMetadata'] if k['Status'] == 'Active'][0])"
    );
    place.python(&code).trim().to_owned()
}

#[test]
fn all_that_lets_a_user_in_is_stopped_and_given_back() {
    for place in places() {
        let before = statuses(&place, EVE);
        let proxy = proxy::start(&place.endpoint, |action: &str, earlier| match (action, earlier) {
            ("AttachUserPolicy" | "UpdateAccessKey" | "DeleteLoginProfile", 0) => Fate::Lost,
            _ => Fate::Pass,
        });
        for (confirm, why) in [("", "Type the user's name"), ("--confirm eve", "is not the name of the user")] {
            let refused = place.iamwalk_at(&proxy.endpoint, &format!("revoke --yes {confirm} -- {EVE}"));
            assert_code(&refused, 2);
            assert!(text(&refused.stderr).contains(why), "{}", text(&refused.stderr));
        }
        assert_eq!(writes(&proxy), [""; 0]);
        let done = place.iamwalk_at(&proxy.endpoint, &format!("revoke --yes --confirm={EVE} -- {EVE}"));
        assert_code(&done, 0);
        let calls = writes(&proxy);
        assert_eq!(calls.first().map(String::as_str), Some("AttachUserPolicy"), "everything is denied first: {calls:?}");
        assert_eq!(calls.last().map(String::as_str), Some("DeleteLoginProfile"), "what is final comes last: {calls:?}");
        let after = statuses(&place, EVE);
        assert!(after.iter().all(|line| !line.ends_with(" Active") && line != "password"), "{after:?}");
        assert!(after.contains(&"policy AWSDenyAll".to_owned()), "{after:?}");
        let undone = place.iamwalk_at(&proxy.endpoint, &format!("undo {} --yes", run_of(&done)));
        assert_code(&undone, 3);
        assert!(text(&undone.stdout).contains("IAM shows no password to anybody."), "{}", text(&undone.stdout));
        // All but what the page had named as final.
        let left: Vec<String> = before.into_iter().filter(|line| line != "password").collect();
        assert_eq!(statuses(&place, EVE), left);
    }
}

#[test]
fn a_user_with_ten_policies_gets_an_inline_deny() {
    for place in places() {
        place.python(&format!(
            "import boto3; iam = boto3.client('iam')\n\
             for p in ['ReadOnlyAccess', 'SecurityAudit', 'AmazonEC2FullAccess', 'AmazonS3FullAccess', 'AmazonSQSFullAccess',\n\
              'AmazonSNSFullAccess', 'AmazonVPCFullAccess', 'IAMReadOnlyAccess', 'AmazonRDSFullAccess', 'AmazonSESFullAccess']:\n\
             \tiam.attach_user_policy(UserName={EVE:?}, PolicyArn='arn:aws:iam::aws:policy/' + p)"
        ));
        let done = place.iamwalk(&format!("revoke --yes --confirm={EVE} -- {EVE}"));
        assert_code(&done, 0);
        assert!(statuses(&place, EVE).contains(&"inline iamwalk-deny-all".to_owned()));
        let undone = place.iamwalk(&format!("undo {} --yes", run_of(&done)));
        assert_code(&undone, 3);
        assert!(!statuses(&place, EVE).iter().any(|line| line.starts_with("inline")));
    }
}

#[test]
fn other_credentials_are_stopped_and_given_back() {
    let place = Place::on_practice();
    let statuses = || {
        place.python(
            "import boto3; iam = boto3.client('iam'); u = 'amara'\n\
             print([k['Status'] for k in iam.list_ssh_public_keys(UserName=u)['SSHPublicKeys']],\n\
              [k['Status'] for k in iam.list_service_specific_credentials(UserName=u)['ServiceSpecificCredentials']])",
        )
    };
    let before = statuses();
    let done = place.iamwalk("revoke amara --yes --no-deny --confirm amara");
    assert_code(&done, 0);
    assert!(text(&done.stderr).contains("Open sessions of the user go on"), "{}", text(&done.stderr));
    assert_eq!(statuses().trim(), "['Inactive'] ['Inactive']");
    assert_code(&place.iamwalk(&format!("undo {} --yes", run_of(&done))), 3);
    assert_eq!(statuses(), before);
}

/// Whoever calls can't shut itself out; and a deny that is refused stops nothing else.
#[test]
fn nothing_is_sent_for_the_caller_or_before_everything_is_denied() {
    for place in places() {
        if place.is_practice() {
            let refused = place.iamwalk("revoke practice-admin --yes --confirm practice-admin");
            assert_code(&refused, 2);
            assert!(text(&refused.stderr).contains("shut yourself out"), "{}", text(&refused.stderr));
        }
        let before = statuses(&place, EVE);
        let denied = |action: &str, _| if action == "AttachUserPolicy" { Fate::Refused("AccessDenied", 403) } else { Fate::Pass };
        let proxy = proxy::start(&place.endpoint, denied);
        let failed = place.iamwalk_at(&proxy.endpoint, &format!("revoke --yes --confirm={EVE} -- {EVE}"));
        assert_code(&failed, 1);
        assert_eq!(writes(&proxy), ["AttachUserPolicy"]);
        assert_eq!(statuses(&place, EVE), before);
    }
}

/// A key of the user signs the calls, by a role whose source holds it.
#[test]
fn the_user_whose_key_is_behind_the_calls_is_refused() {
    let place = Place::on_practice();
    let made = place.python(
        "import boto3; iam = boto3.client('iam')\n\
         k = iam.create_access_key(UserName='amara')['AccessKey']; print(k['AccessKeyId'], k['SecretAccessKey'])\n\
         try: boto3.client('sts', aws_access_key_id=k['AccessKeyId'], aws_secret_access_key=k['SecretAccessKey']).get_caller_identity()\n\
         except Exception: pass",
    );
    let (id, secret) = made.trim().split_once(' ').unwrap();
    let aws = place.home.path().join(".aws");
    std::fs::create_dir_all(&aws).unwrap();
    std::fs::write(aws.join("credentials"), format!("[a]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"))
        .unwrap();
    for (arguments, why) in [
        ("revoke amara --yes --confirm amara --profile a".to_owned(), "shut yourself out"),
        (format!("revoke --key {id} --yes --profile a"), "they would end with it"),
    ] {
        let refused = place.iamwalk(&arguments);
        assert_code(&refused, 2);
        assert!(text(&refused.stderr).contains(why), "{}", text(&refused.stderr));
    }
}

#[test]
fn a_key_that_was_found_is_deactivated_by_one_call() {
    for place in places() {
        let (key, before) = (key_of(&place, EVE), statuses(&place, EVE));
        let proxy = proxy::start(&place.endpoint, |_, _| Fate::Pass);
        for (id, why) in
            [("ASIAIOSFODNN7EXAMPLE", "expires by itself"), ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "no access key ID")]
        {
            let refused = place.iamwalk_at(&proxy.endpoint, &format!("revoke --key {id} --yes"));
            assert_code(&refused, 2);
            assert!(text(&refused.stderr).contains(why) && !text(&refused.stderr).contains("wJalr"), "{}", text(&refused.stderr));
        }
        let done = place.iamwalk_at(&proxy.endpoint, &format!("revoke --key {key} --yes"));
        assert_code(&done, 0);
        assert_eq!(writes(&proxy), ["UpdateAccessKey"]);
        assert!(text(&done.stderr).contains(&format!("iamwalk revoke {EVE}")), "what it does not stop: {}", text(&done.stderr));
        assert!(!statuses(&place, EVE).contains(&"key Active".to_owned()));
        let undone = place.iamwalk_at(&proxy.endpoint, &format!("undo {} --yes", run_of(&done)));
        assert_code(&undone, 0);
        assert_eq!(statuses(&place, EVE), before);
    }
}

/// Between the review and the call somebody deletes the user and makes another of the same name: that one is left alone.
#[test]
fn a_user_who_was_made_again_is_not_touched() {
    for place in places() {
        let again = place.writer(&format!(
            "import boto3; iam = boto3.client('iam'); u = {EVE:?}\n\
             [iam.delete_access_key(UserName=u, AccessKeyId=k['AccessKeyId']) for k in iam.list_access_keys(UserName=u)['AccessKeyMetadata']]\n\
             [iam.delete_ssh_public_key(UserName=u, SSHPublicKeyId=k['SSHPublicKeyId']) for k in iam.list_ssh_public_keys(UserName=u)['SSHPublicKeys']]\n\
             iam.delete_login_profile(UserName=u); iam.delete_user(UserName=u)\n\
             iam.create_user(UserName=u); iam.create_login_profile(UserName=u, Password='Theirs-Only-1')"
        ));
        let proxy = proxy::start(&place.endpoint, move |action: &str, earlier| {
            if action == "ListAttachedUserPolicies" && earlier == 1 {
                again();
            }
            Fate::Pass
        });
        let refused = place.iamwalk_at(&proxy.endpoint, &format!("revoke --yes --confirm={EVE} -- {EVE}"));
        assert_code(&refused, 1);
        assert_eq!(writes(&proxy), [""; 0], "{}", text(&refused.stderr));
        assert_eq!(statuses(&place, EVE), ["password"]);
    }
}

/// What a later run found stopped is not let work again by the undo of the one that stopped it.
#[test]
fn runs_that_rely_on_each_other_are_undone_in_turn() {
    for place in places() {
        let (key, before) = (key_of(&place, EVE), statuses(&place, EVE));
        let first = place.iamwalk(&format!("revoke --key {key} --yes"));
        assert_code(&first, 0);
        let second = place.iamwalk(&format!("revoke --yes --confirm={EVE} -- {EVE}"));
        assert_code(&second, 0);
        assert!(text(&second.stderr).contains(&format!("Deactivate the access key {key} of {EVE}: was so already")));
        let refused = place.iamwalk(&format!("undo {} --yes", run_of(&first)));
        assert_code(&refused, 2);
        assert!(text(&refused.stderr).contains(&format!("iamwalk undo {}", run_of(&second))), "{}", text(&refused.stderr));
        assert!(!statuses(&place, EVE).contains(&"key Active".to_owned()));
        assert_code(&place.iamwalk(&format!("undo {} --yes", run_of(&second))), 3);
        assert_code(&place.iamwalk(&format!("undo {} --yes", run_of(&first))), 0);
        let left: Vec<String> = before.into_iter().filter(|line| line != "password").collect();
        assert_eq!(statuses(&place, EVE), left);
    }
}

/// IAM ignores case, and a name that is typed to agree is the account's own.
#[test]
fn a_name_is_typed_as_the_account_spells_it() {
    let place = Place::on_practice();
    for command in ["revoke AMARA --yes --confirm AMARA", "console-access AMARA --yes --take-away --confirm AMARA"] {
        let refused = place.iamwalk(command);
        assert_code(&refused, 2);
        assert!(text(&refused.stderr).contains("type amara to agree"), "{}", text(&refused.stderr));
    }
    let dry = place.iamwalk("revoke amara --dry-run");
    assert_code(&dry, 0);
    assert!(text(&dry.stdout).contains("Take the console password of amara away"), "{}", text(&dry.stdout));
}

/// One credential can't be stopped: what was stopped before stays stopped.
#[test]
fn a_revocation_that_does_not_get_through_gives_nothing_back() {
    let place = Place::on_practice();
    let denied = |action: &str, _| if action == "UpdateSSHPublicKey" { Fate::Refused("AccessDenied", 403) } else { Fate::Pass };
    let proxy = proxy::start(&place.endpoint, denied);
    let failed = place.iamwalk_at(&proxy.endpoint, "revoke amara --yes --confirm amara");
    assert_code(&failed, 3);
    let told = text(&failed.stderr);
    assert!(told.contains("stays stopped") && told.contains("✗ Deactivate the SSH public key"), "{told}");
    assert!(statuses(&place, "amara").contains(&"policy AWSDenyAll".to_owned()));
}

/// A name of 64 characters; and somebody else deletes a key of the user before the undo, and makes another.
#[test]
fn a_long_name_and_a_second_writer() {
    let place = Place::on_practice();
    let name = format!("{}=", "Long.Name-".repeat(7).get(..63).unwrap());
    place.python(&format!(
        "import boto3; iam = boto3.client('iam'); u = {name:?}; iam.create_user(UserName=u, Path='/team/x/')\n\
         iam.create_access_key(UserName=u); iam.create_access_key(UserName=u)"
    ));
    let done = place.iamwalk(&format!("revoke {name} --yes --confirm {name}"));
    assert_code(&done, 0);
    place.python(&format!(
        "import boto3; iam = boto3.client('iam'); u = {name:?}\n\
         k = iam.list_access_keys(UserName=u)['AccessKeyMetadata'][0]['AccessKeyId']; iam.delete_access_key(UserName=u, AccessKeyId=k)\n\
         k = iam.create_access_key(UserName=u)['AccessKey']['AccessKeyId']; iam.update_access_key(UserName=u, AccessKeyId=k, Status='Inactive')"
    ));
    let undone = place.iamwalk(&format!("undo {} --yes", run_of(&done)));
    assert_code(&undone, 0);
    assert!(text(&undone.stdout).contains("was not found"), "{}", text(&undone.stdout));
    // The key that the run had stopped works again; theirs is as they left it.
    assert_eq!(statuses(&place, &name), ["key Active", "key Inactive"]);
}
