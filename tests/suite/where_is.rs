//! Whose a key is, and where it is named: on moto and on practice, online and off.

use std::fs;

use super::support::place::{Place, assert_code, text};
use super::support::proxy::{self, Fate};

/// A key of a user, with a secret beside it that nobody may print.
fn saved(place: &Place) -> (String, String) {
    assert_code(&place.iamwalk("--yes --user bob --set access.use-case=cli --save-profile work"), 0);
    let credentials = fs::read_to_string(place.home.path().join(".aws/credentials")).unwrap();
    let value = |name: &str| credentials.split(&format!("{name} = ")).nth(1).unwrap().lines().next().unwrap().to_owned();
    (value("aws_access_key_id"), value("aws_secret_access_key"))
}

#[test]
fn a_key_is_found_in_the_account_and_on_this_machine() {
    for place in [Place::new(), Place::on_practice()] {
        let (key, secret) = saved(&place);
        place.write("app.py", &format!("first\nKEY, SECRET = '{key}', '{secret}'\n"));
        let output = place.iamwalk(&format!("where {key} --in ."));
        assert_code(&output, 0);
        let said = text(&output.stdout);
        for words in
            ["User      bob", "Status    Active", "profile work", "/.aws/credentials:2", "./app.py:2", "1 file looked into"]
        {
            assert!(said.contains(words), "no “{words}”\n{said}");
        }
        assert!(!said.contains(&secret) && !said.contains("KEY, SECRET"), "{said}");
        // What may not be asked is said, and the rest is told all the same.
        let proxy = proxy::start(&place.endpoint, |action: &str, _| match action {
            "GetAccessKeyLastUsed" => Fate::Refused("AccessDenied", 403),
            _ => Fate::Pass,
        });
        let said = text(&place.iamwalk_at(&proxy.endpoint, &format!("where {key}")).stdout);
        assert!(said.contains("User      can't be seen") && said.contains("iam:GetAccessKeyLastUsed"), "{said}");
        assert!(said.contains("profile work"), "{said}");
    }
}

#[test]
fn without_aws_the_id_and_the_machine_tell_what_they_can() {
    let place = Place::on_practice();
    let output = place.iamwalk_at("http://127.0.0.1:9", "where ASIAQNZGKIQY56JQ7WML");
    assert_code(&output, 0);
    let said = text(&output.stdout);
    assert!(said.contains("Account   029608264753, by the ID itself") && said.contains("AWS was not asked"), "{said}");
    assert!(said.contains("not in your AWS files, and not in the environment"), "{said}");
    // Keys of before 2019 don't tell their account.
    let old = text(&place.iamwalk_at("http://127.0.0.1:9", "where AKIAIOSFODNN7EXAMPLE").stdout);
    assert!(old.contains("IDs of before 2019"), "{old}");
}

#[test]
fn what_is_no_key_id_is_refused_and_not_told_again() {
    let place = Place::on_practice();
    for typed in ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AIDAQNZGKIQY56JQ7WML", "AKIA"] {
        let output = place.iamwalk(&format!("where {typed}"));
        assert_code(&output, 2);
        assert!(!text(&output.stderr).contains(typed) || typed == "AKIA", "{}", text(&output.stderr));
    }
    let output = place.iamwalk("where AKIAIOSFODNN7EXAMPLE --in /nowhere");
    assert_code(&output, 2);
}
