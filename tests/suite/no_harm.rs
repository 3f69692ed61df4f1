//! Nobody else is harmed: what others use is never taken away by an undo, and runs side by side meet each other's things in peace.

use std::process::Command;
use std::thread;

use super::support::place::{KEYS, Place, assert_code, text};
use super::support::proxy::{self, Fate};
use super::support::served;

/// A class: one policy of its own for the group, and AWS's.
const CLASS: &str = r#"
title = "Class"
summary = "A class"
[access]
use-case = "cli"
[groups.Class]
policies = ["ClassPolicy", "IAMReadOnlyAccess"]
[policies.ClassPolicy]
document = '''{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}'''
"#;

fn places() -> [(&'static str, Place); 2] {
    let places = [("moto", Place::new()), ("practice", Place::on_practice())];
    places.iter().for_each(|(_, place)| place.write("class.toml", CLASS));
    places
}

/// Runs a walk for a user; gives the run's name.
fn made(place: &Place, user: &str) -> String {
    let output = place.iamwalk(&format!("./class.toml --yes --user {user}"));
    assert_code(&output, 0);
    run_of(&output)
}

fn run_of(output: &std::process::Output) -> String {
    text(&output.stdout).lines().find_map(|line| line.strip_prefix("Run: ").map(str::to_owned)).expect("a run")
}

#[test]
fn undo_leaves_whole_what_another_users_run_joined() {
    for (name, place) in places() {
        let empty = place.state();
        let (first, second) = (made(&place, "a1"), made(&place, "a2"));
        // What stays, and why, is shown before anything is confirmed.
        let unconfirmed = place.iamwalk(&format!("undo {first}"));
        assert_code(&unconfirmed, 2);
        let output = place.iamwalk(&format!("undo {first} --yes"));
        assert_code(&output, 3);
        let told = text(&output.stdout);
        let (plan, done) = told.split_once("This stays, since others use it:").unwrap_or_else(|| panic!("{name}\n{told}"));
        assert!(plan.contains("Delete the user a1") && !plan.contains("Delete the group"), "{name}\n{told}");
        for kept in ["Create the group Class", "Attach ClassPolicy to the group Class", "Create the policy ClassPolicy"] {
            assert!(done.contains(&format!("= {kept}: used by the")), "{name}: {kept}\n{told}");
        }
        assert!(done.contains("used by the user a2") && done.contains(&format!("iamwalk undo {first}")), "{name}\n{told}");
        let state = place.state();
        assert!(state["users"]["a1"].is_null(), "{name}");
        assert_eq!(state["users"]["a2"]["groups"], serde_json::json!(["Class"]), "{name}");
        assert_eq!(state["groups"]["Class"], serde_json::json!(["ClassPolicy", "IAMReadOnlyAccess"]), "{name}");
        assert!(state["policies"]["ClassPolicy"].is_object(), "{name}");
        assert!(text(&place.iamwalk("runs").stdout).contains("undone, some kept"), "{name}");
        assert!(text(&place.iamwalk(&format!("runs show {first}")).stdout).contains("used by the user a2"), "{name}");
        // While it is used it stays, however often that is wanted.
        assert_code(&place.iamwalk(&format!("undo {first} --yes")), 3);
        assert_eq!(place.state(), state, "{name}");
        // The last user's end offers what the first run made; and then it goes.
        let output = place.iamwalk(&format!("undo {second} --yes"));
        assert_code(&output, 0);
        let told = text(&output.stdout);
        assert!(told.contains(&format!("nobody uses it now. To remove it: iamwalk undo {first}")), "{name}\n{told}");
        assert_code(&place.iamwalk(&format!("undo {first} --yes")), 0);
        assert_eq!(place.state(), empty, "{name}");
        assert!(!text(&place.iamwalk("runs").stdout).contains("some kept"), "{name}");
    }
}

#[test]
fn what_was_attached_to_a_found_group_stays_for_who_came_later_and_goes_for_who_was_there() {
    for (name, place) in places() {
        place.python(
            "import boto3; iam = boto3.client('iam'); iam.create_group(GroupName='Class'); iam.create_user(UserName='old')\n\
             iam.add_user_to_group(GroupName='Class', UserName='old')",
        );
        let before = place.state();
        // Only who was there before: it gets back what it was.
        let run = made(&place, "a1");
        assert_eq!(place.state()["groups"]["Class"], serde_json::json!(["ClassPolicy", "IAMReadOnlyAccess"]), "{name}");
        assert_code(&place.iamwalk(&format!("undo {run} --yes")), 0);
        assert_eq!(place.state(), before, "{name}");
        // Somebody came meanwhile, who would lose something.
        let run = made(&place, "a2");
        place.python(
            "import boto3; iam = boto3.client('iam'); iam.create_user(UserName='new')\n\
             iam.add_user_to_group(GroupName='Class', UserName='new')",
        );
        let output = place.iamwalk(&format!("undo {run} --yes"));
        assert_code(&output, 3);
        let state = place.state();
        assert_eq!(state["groups"]["Class"], serde_json::json!(["ClassPolicy", "IAMReadOnlyAccess"]), "{name}");
        assert!(text(&output.stdout).contains("used by the user new"), "{name}: {}", text(&output.stdout));
        assert!(state["users"]["a2"].is_null() && state["policies"]["ClassPolicy"].is_object(), "{name}");
    }
}

#[test]
fn a_new_version_and_a_policy_stay_where_others_have_them() {
    let document = |action: &str| {
        format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#)
    };
    let walk = |action: &str| {
        format!(
            "title = \"T\"\nsummary = \"S\"\n[access]\nuse-case = \"cli\"\n[policies.P]\nnew-version = true\ndocument = '''{}'''\n",
            document(action)
        )
    };
    for (name, place) in places() {
        place.write("one.toml", &walk("s3:GetObject"));
        place.write("two.toml", &walk("s3:PutObject"));
        let made = |file: &str, user: &str| {
            let output = place.iamwalk(&format!("./{file} --yes --user {user}"));
            assert_code(&output, 0);
            run_of(&output)
        };
        let (first, version) = (made("one.toml", "a1"), made("two.toml", "a2"));
        let third = made("two.toml", "a3");
        // a1 had the policy when the version was made, a3 came later and needs it.
        let output = place.iamwalk(&format!("undo {version} --yes"));
        assert_code(&output, 3);
        assert_eq!(place.state()["policies"]["P"]["document"]["Statement"][0]["Action"], "s3:PutObject", "{name}");
        assert_code(&place.iamwalk(&format!("undo {third} --yes")), 0);
        assert_code(&place.iamwalk(&format!("undo {version} --yes")), 0);
        assert_eq!(place.state()["policies"]["P"]["document"]["Statement"][0]["Action"], "s3:GetObject", "{name}");
        assert_code(&place.iamwalk(&format!("undo {first} --yes")), 0);
        assert!(place.state()["policies"]["P"].is_null(), "{name}");
    }
    // A boundary counts as a use (moto knows no boundaries of users).
    let place = Place::on_practice();
    place.write("bounded.toml", &(walk("s3:GetObject") + "[permissions]\nboundary = \"P\"\n"));
    let run = run_of(&place.iamwalk("./bounded.toml --yes --user b1"));
    assert_code(&place.iamwalk("./bounded.toml --yes --user b2"), 0);
    let output = place.iamwalk(&format!("undo {run} --yes"));
    assert_code(&output, 3);
    assert!(text(&output.stdout).contains("= Create the policy P: used by the user b2"), "{}", text(&output.stdout));
}

/// Does something as somebody else, with boto3, at the server itself.
fn meanwhile(endpoint: &str, keys: [(&str, &str); 2], code: &str) {
    let python = super::support::moto::python();
    let ran = Command::new(python)
        .args(["-c", &format!("import boto3; iam = boto3.client('iam')\n{code}")])
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .envs(keys)
        .status();
    assert!(ran.unwrap().success());
}

/// Somebody joins the group between the look and the deletion: what was detached is attached again, at once and without a retry.
#[test]
fn a_conflict_that_can_not_pass_puts_back_what_was_detached() {
    let place = Place::on_practice();
    place.write("class.toml", CLASS);
    let between = proxy::start(&place.endpoint, |_, _| Fate::Pass);
    let output = place.iamwalk_at(&between.endpoint, "./class.toml --yes --user a1");
    assert_code(&output, 0);
    let endpoint = place.endpoint.clone();
    between.then(move |action, earlier| {
        if action == "DeleteGroup" && earlier == 0 {
            let code = "iam.create_user(UserName='late'); iam.add_user_to_group(GroupName='Class', UserName='late')";
            meanwhile(&endpoint, served::KEYS, code);
        }
        Fate::Pass
    });
    let output = place.iamwalk_at(&between.endpoint, &format!("undo {} --yes", run_of(&output)));
    assert_code(&output, 3);
    let told = text(&output.stdout);
    assert!(told.contains("used by the user late") && !told.contains("IAM is changing it just now"), "{told}");
    let state = place.state();
    assert_eq!(state["groups"]["Class"], serde_json::json!(["ClassPolicy", "IAMReadOnlyAccess"]));
    assert_eq!(state["users"]["late"]["groups"], serde_json::json!(["Class"]));
    let deletions = between.calls().iter().filter(|action| *action == "DeleteGroup").count();
    assert_eq!(deletions, 1, "a conflict that can't pass is not tried again");
}

/// A user to whom somebody gave a second key: that is named, and nothing is retried in vain.
#[test]
fn a_user_with_something_of_others_is_named_with_it() {
    let place = Place::on_practice();
    place.write("class.toml", CLASS);
    let run = made(&place, "a1");
    let id =
        place.python("import boto3; print(boto3.client('iam').create_access_key(UserName='a1')['AccessKey']['AccessKeyId'])");
    let output = place.iamwalk(&format!("undo {run} --yes"));
    assert_code(&output, 3);
    let told = text(&output.stdout);
    assert!(told.contains(&format!("The user a1 still has the access key {}", id.trim())), "{told}");
    assert_eq!(place.state()["users"]["a1"]["keys"], 1, "the other key is left alone");
}

#[test]
fn five_runs_at_once_share_a_new_group_and_policy() {
    for (name, place) in places() {
        let outputs: Vec<_> = thread::scope(|scope| {
            let walks: Vec<_> = (1..=5)
                .map(|n| {
                    let place = &place;
                    scope.spawn(move || place.iamwalk(&format!("./class.toml --yes --user u{n} --save-profile u{n}")))
                })
                .collect();
            walks.into_iter().map(|walk| walk.join().unwrap()).collect()
        });
        outputs.iter().for_each(|output| assert_code(output, 0));
        let state = place.state();
        assert_eq!(state["groups"]["Class"], serde_json::json!(["ClassPolicy", "IAMReadOnlyAccess"]), "{name}");
        for n in 1..=5 {
            assert_eq!(state["users"][format!("u{n}")]["groups"], serde_json::json!(["Class"]), "{name}");
        }
        // One after the other they go; who is still there keeps everything, and at the end nothing is left.
        let runs: Vec<String> = outputs.iter().map(run_of).collect();
        for run in &runs[..4] {
            let code = place.iamwalk(&format!("undo {run} --yes")).status.code();
            assert!(matches!(code, Some(0 | 3)), "{name}: {code:?}");
            assert_eq!(place.state()["groups"]["Class"], serde_json::json!(["ClassPolicy", "IAMReadOnlyAccess"]), "{name}");
        }
        let said: Vec<String> = std::iter::once(&runs[4])
            .chain(&runs)
            .map(|run| {
                let output = place.iamwalk(&format!("undo {run} --yes"));
                format!("undo {run}: {:?}\n{}{}", output.status.code(), text(&output.stdout), text(&output.stderr))
            })
            .collect();
        assert!(place.state()["groups"]["Class"].is_null(), "{name}\n{}", said.join("\n"));
        // Two attachments at the same moment moto counts twice (`attach_to` in its models is not locked), and then refuses to
        // delete a policy that nobody has. AWS counts right, and so does practice.
        let code = "import boto3; iam = boto3.client('iam')\n\
                    for p in iam.list_policies(Scope='Local')['Policies']:\n\
                    \x20   who = iam.list_entities_for_policy(PolicyArn=p['Arn'])\n\
                    \x20   counted = p['AttachmentCount'] > 0 and not (who['PolicyGroups'] or who['PolicyUsers'])\n\
                    \x20   print('counted twice' if counted else p['PolicyName'])";
        let left = if place.is_practice() { String::new() } else { place.python(code) };
        let is_gone = place.state()["policies"]["ClassPolicy"].is_null();
        assert!(is_gone || left.trim() == "counted twice", "{name} {left}\n{}", said.join("\n"));
    }
}

/// A group that somebody made meanwhile with more in it is not joined.
#[test]
fn a_group_made_meanwhile_that_gives_more_is_not_joined() {
    let place = Place::new();
    place.write("class.toml", CLASS);
    let endpoint = place.endpoint.clone();
    let meets = proxy::start(&place.endpoint, move |action, earlier| {
        if action == "CreateGroup" && earlier == 0 {
            let code = "iam.create_group(GroupName='Class')\n\
                        iam.attach_group_policy(GroupName='Class', PolicyArn='arn:aws:iam::aws:policy/AdministratorAccess')";
            meanwhile(&endpoint, KEYS, code);
        }
        Fate::Pass
    });
    let output = place.iamwalk_at(&meets.endpoint, "./class.toml --yes --user a1");
    assert_code(&output, 1);
    assert!(text(&output.stderr).contains("also gives: AdministratorAccess"), "{}", text(&output.stderr));
    assert_eq!(place.state()["groups"]["Class"], serde_json::json!(["AdministratorAccess"]), "theirs is as they made it");
    assert!(place.state()["users"]["a1"].is_null());
}
