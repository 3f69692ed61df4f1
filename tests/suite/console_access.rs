//! The console access of a user that exists, by the real program: on moto and on the practice server.

use std::fs;

use super::support::place::{Place, assert_code, text};
use super::support::proxy::{self, Fate, Proxy};

/// A user of a hostile name, in a path, with a key; with a password or without.
const EVE: &str = "-e+=,.@_";

fn places(has_password: bool) -> Vec<Place> {
    let places = vec![Place::new(), Place::on_practice()];
    for place in &places {
        let password = if has_password { "iam.create_login_profile(UserName=u, Password='Practice-Only-1')" } else { "" };
        place.python(&format!(
            "import boto3; iam = boto3.client('iam'); u = {EVE:?}; iam.create_user(UserName=u, Path='/team/x/')\n\
             iam.create_access_key(UserName=u)\n{password}"
        ));
    }
    places
}

fn writes(proxy: &Proxy) -> Vec<String> {
    let reads = ["Get", "List", "Simulate"];
    proxy.calls().into_iter().filter(|call| !reads.iter().any(|read| call.starts_with(read))).collect()
}

fn has_password(place: &Place) -> bool {
    place.state()["users"][EVE]["login"].as_bool().unwrap()
}

fn run_of(done: &std::process::Output) -> String {
    text(&done.stdout).lines().find_map(|line| line.strip_prefix("Run: ").map(str::to_owned)).unwrap()
}

#[test]
fn a_password_is_given_and_taken_back() {
    for place in places(false) {
        let before = place.state();
        let proxy = proxy::start(&place.endpoint, |_, _| Fate::Pass);
        let refused = place.iamwalk_at(&proxy.endpoint, &format!("console-access --yes --replace-password -- {EVE}"));
        assert_code(&refused, 2);
        assert!(text(&refused.stderr).contains("has no console password"), "{}", text(&refused.stderr));
        assert_eq!(writes(&proxy), [""; 0]);
        let done = place.iamwalk_at(&proxy.endpoint, &format!("console-access --yes --give -- {EVE}"));
        assert_code(&done, 0);
        assert!(has_password(&place));
        let csv = fs::read_to_string(place.path(&format!("{EVE}_credentials.csv"))).unwrap();
        let password = csv.lines().nth(1).unwrap().rsplit(',').nth(1).unwrap();
        assert!(password.len() >= 8 && !text(&done.stdout).contains(password), "{}", text(&done.stdout));
        // A user who may not change passwords by the account's own policy may do so now.
        assert_eq!(writes(&proxy), ["AttachUserPolicy", "CreateLoginProfile"]);
        assert_code(&place.iamwalk_at(&proxy.endpoint, &format!("undo {} --yes", run_of(&done))), 0);
        assert_eq!(place.state(), before);
    }
}

#[test]
fn a_password_is_replaced_for_good() {
    for place in places(true) {
        let lost = |action: &str, earlier: usize| match (action, earlier) {
            ("UpdateLoginProfile", 0) => Fate::Lost,
            _ => Fate::Pass,
        };
        let proxy = proxy::start(&place.endpoint, lost);
        let refused = place.iamwalk_at(&proxy.endpoint, &format!("console-access --yes --give -- {EVE}"));
        assert_code(&refused, 2);
        assert!(text(&refused.stderr).contains("has a console password already"), "{}", text(&refused.stderr));
        let done = place.iamwalk_at(&proxy.endpoint, &format!("console-access --yes --replace-password --no-reset -- {EVE}"));
        assert_code(&done, 0);
        // The same password is sent again.
        assert_eq!(writes(&proxy), ["UpdateLoginProfile", "UpdateLoginProfile"]);
        assert!(text(&done.stderr).contains("Can't be undone: the password of before"), "{}", text(&done.stderr));
        let undone = place.iamwalk_at(&proxy.endpoint, &format!("undo {} --yes", run_of(&done)));
        assert_code(&undone, 3);
        assert!(text(&undone.stdout).contains("IAM shows no password to anybody."), "{}", text(&undone.stdout));
        assert!(has_password(&place));
    }
}

/// Between the review and the call somebody deletes the user and makes another of the same name: that one is left alone.
#[test]
fn a_user_who_was_made_again_is_not_touched() {
    for place in places(true) {
        let again = place.writer(&format!(
            "import boto3; iam = boto3.client('iam'); u = {EVE:?}\n\
             [iam.delete_access_key(UserName=u, AccessKeyId=k['AccessKeyId']) for k in iam.list_access_keys(UserName=u)['AccessKeyMetadata']]\n\
             iam.delete_login_profile(UserName=u); iam.delete_user(UserName=u)\n\
             iam.create_user(UserName=u); iam.create_login_profile(UserName=u, Password='Theirs-Only-1')"
        ));
        let proxy = proxy::start(&place.endpoint, move |action: &str, earlier| {
            if action == "GetLoginProfile" && earlier == 1 {
                again();
            }
            Fate::Pass
        });
        let refused = place.iamwalk_at(&proxy.endpoint, &format!("console-access --yes --take-away --confirm={EVE} -- {EVE}"));
        assert_code(&refused, 1);
        assert_eq!(writes(&proxy), [""; 0], "{}", text(&refused.stderr));
        assert!(has_password(&place), "{}", text(&refused.stderr));
    }
}

#[test]
fn console_access_is_taken_away_by_the_typed_name_alone() {
    for place in places(true) {
        let proxy = proxy::start(&place.endpoint, |_, _| Fate::Pass);
        for (confirm, why) in [("", "Type the user's name"), ("--confirm eve", "is not the name of the user")] {
            let refused = place.iamwalk_at(&proxy.endpoint, &format!("console-access --yes --take-away {confirm} -- {EVE}"));
            assert_code(&refused, 2);
            assert!(text(&refused.stderr).contains(why), "{}", text(&refused.stderr));
        }
        let dry =
            place.iamwalk_at(&proxy.endpoint, &format!("console-access --take-away --confirm={EVE} --dry-run=aws-cli -- {EVE}"));
        assert_code(&dry, 0);
        assert!(text(&dry.stdout).contains("delete-login-profile"), "{}", text(&dry.stdout));
        for form in ["cloudformation", "terraform"] {
            let refused = place
                .iamwalk_at(&proxy.endpoint, &format!("console-access --take-away --confirm={EVE} --dry-run={form} -- {EVE}"));
            assert_code(&refused, 2);
            assert!(text(&refused.stderr).contains("can't say this"), "{}", text(&refused.stderr));
        }
        assert!(text(&dry.stdout).contains("# Changes the console access of the user"), "{}", text(&dry.stdout));
        assert_eq!(writes(&proxy), [""; 0]);
        // What was removed before its answer was lost is removed.
        let losing = proxy::start(&place.endpoint, |action: &str, earlier| match (action, earlier) {
            ("DeleteLoginProfile", 0) => Fate::Lost,
            _ => Fate::Pass,
        });
        let done = place.iamwalk_at(&losing.endpoint, &format!("console-access --yes --take-away --confirm={EVE} -- {EVE}"));
        assert_code(&done, 0);
        assert!(!has_password(&place));
        assert_eq!(place.state()["users"][EVE]["keys"], 1, "the key goes on");
        let undone = place.iamwalk_at(&losing.endpoint, &format!("undo {} --yes", run_of(&done)));
        assert_code(&undone, 3);
    }
}

/// Somebody deletes the password that was given and sets another: undo leaves theirs alone. (moto gives all passwords the user's date.)
#[test]
fn a_later_password_is_not_taken_back() {
    let place = Place::on_practice();
    let done = place.iamwalk("console-access build-server --yes --give");
    assert_code(&done, 0);
    // IAM tells whole seconds.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    place.python(
        "import boto3; iam = boto3.client('iam'); u = 'build-server'; iam.delete_login_profile(UserName=u)\n\
         iam.create_login_profile(UserName=u, Password='Theirs-Only-1')",
    );
    assert_code(&place.iamwalk(&format!("undo {} --yes", run_of(&done))), 0);
    assert!(place.state()["users"]["build-server"]["login"].as_bool().unwrap(), "theirs stays");
}
