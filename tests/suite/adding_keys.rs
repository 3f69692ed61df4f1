//! A key for a user that exists, by the real program: on moto and on the practice server. What others have there is never touched.

use super::support::place::{Place, assert_code, text};
use super::support::proxy::{self, Fate, Proxy};

/// Both servers, with a user eve of path /team/ who has so many keys.
fn places(keys: usize) -> Vec<Place> {
    let places = vec![Place::new(), Place::on_practice()];
    for place in &places {
        place.python(&format!(
            "import boto3; iam = boto3.client('iam'); iam.create_user(UserName='eve', Path='/team/')\n\
             for _ in range({keys}): iam.create_access_key(UserName='eve')"
        ));
    }
    places
}

fn ids(place: &Place) -> Vec<String> {
    let code = "import boto3; print(' '.join(sorted(k['AccessKeyId'] for k in \
                boto3.client('iam').list_access_keys(UserName='eve')['AccessKeyMetadata'])))";
    place.python(code).split_whitespace().map(str::to_owned).collect()
}

fn writes(proxy: &Proxy) -> Vec<String> {
    let reads = ["Get", "List", "Simulate"];
    proxy.calls().into_iter().filter(|call| !reads.iter().any(|read| call.starts_with(read))).collect()
}

#[test]
fn a_key_is_added_saved_proven_and_taken_back() {
    for place in places(1) {
        let before = ids(&place);
        let proxy = proxy::start(&place.endpoint, |_, _| Fate::Pass);
        let done = place.iamwalk_at(&proxy.endpoint, "add-key eve --yes --save-profile work --description laptop");
        assert_code(&done, 0);
        assert_eq!(writes(&proxy), ["CreateAccessKey", "TagUser"], "nothing else is changed");
        let after = ids(&place);
        let new: Vec<&String> = after.iter().filter(|id| !before.contains(id)).collect();
        assert_eq!(new.len(), 1);
        let file = std::fs::read_to_string(place.home.path().join(".aws/credentials")).unwrap();
        assert!(file.contains("[work]") && file.contains(new[0].as_str()), "the profile has the key");
        assert!(text(&done.stdout).contains("Verified: arn:aws:iam::"), "{}", text(&done.stdout));
        assert!(text(&done.stderr).contains(&format!("The user has a key already: {}", before[0])), "{}", text(&done.stderr));
        // And back: the key that was there stays, and so does the user.
        let run = text(&done.stdout).lines().find_map(|line| line.strip_prefix("Run: ").map(str::to_owned)).unwrap();
        assert_code(&place.iamwalk_at(&proxy.endpoint, &format!("undo {run} --yes")), 0);
        assert_eq!(ids(&place), before);
        assert_eq!(place.state()["users"]["eve"]["tags"], serde_json::json!([]), "the description goes with its key");
    }
}

#[test]
fn two_keys_are_met_before_the_first_call() {
    for place in places(2) {
        let proxy = proxy::start(&place.endpoint, |_, _| Fate::Pass);
        let refused = place.iamwalk_at(&proxy.endpoint, "add-key eve --yes");
        assert_code(&refused, 2);
        let said = text(&refused.stderr);
        for id in ids(&place) {
            assert!(said.contains(&format!("{id} (active, 0 days old, never used)")), "{said}");
        }
        assert!(said.contains("--give-up KEY-ID") && said.contains("Nothing was made."), "{said}");
        assert_eq!(writes(&proxy), [""; 0]);
    }
}

/// Of two keys one is given up: off first, and deleted as the last step before the new one. The other stays.
#[test]
fn a_key_is_given_up_for_another() {
    for place in places(2) {
        let [old, other] = <[String; 2]>::try_from(ids(&place)).unwrap();
        // The answer to the removal is lost: that the key is gone is the answer to the second one.
        let proxy = proxy::start(&place.endpoint, |action: &str, earlier| match (action, earlier) {
            ("DeleteAccessKey", 0) => Fate::Lost,
            _ => Fate::Pass,
        });
        for (arguments, why) in [
            ("--give-up AKIAQNZGKIQY56JQ7WML".to_owned(), "has no access key AKIAQNZGKIQY56JQ7WML"),
            ("--give-up nonsense".to_owned(), "that is no ID of a user's access key"),
        ] {
            let refused = place.iamwalk_at(&proxy.endpoint, &format!("add-key eve --yes {arguments}"));
            assert_code(&refused, 2);
            assert!(text(&refused.stderr).contains(why), "{}", text(&refused.stderr));
        }
        let dry = place.iamwalk_at(&proxy.endpoint, &format!("add-key eve --give-up {old} --dry-run"));
        assert!(text(&dry.stdout).contains(&format!("Delete the access key {old}")), "{}", text(&dry.stdout));
        assert_eq!(writes(&proxy), [""; 0]);
        let done = place.iamwalk_at(&proxy.endpoint, &format!("add-key eve --yes --give-up {old} --save-profile work"));
        assert_code(&done, 0);
        assert_eq!(writes(&proxy), ["UpdateAccessKey", "DeleteAccessKey", "DeleteAccessKey", "CreateAccessKey"]);
        let after = ids(&place);
        assert!(after.contains(&other) && !after.contains(&old) && after.len() == 2, "{after:?}");
        assert!(text(&done.stderr).contains("Can't be undone"), "{}", text(&done.stderr));
        // The new key goes; what was given up is named, and does not come back.
        let run = text(&done.stdout).lines().find_map(|line| line.strip_prefix("Run: ").map(str::to_owned)).unwrap();
        let undone = place.iamwalk_at(&proxy.endpoint, &format!("undo {run} --yes"));
        assert_code(&undone, 3);
        let said = text(&undone.stdout);
        assert!(said.contains(&format!("Delete the access key {old} of eve. Its secret is gone with it.")), "{said}");
        assert_eq!(ids(&place), std::slice::from_ref(&other));
    }
}

#[test]
fn a_key_that_can_not_be_given_up_works_again() {
    for place in places(2) {
        let before = ids(&place);
        let status = "import boto3; print(' '.join(sorted(k['Status'] for k in \
                      boto3.client('iam').list_access_keys(UserName='eve')['AccessKeyMetadata'])), end='')";
        let refuses = |what: &'static str| {
            move |action: &str, _| match action == what {
                true => Fate::Refused("AccessDenied", 403),
                false => Fate::Pass,
            }
        };
        let proxy = proxy::start(&place.endpoint, refuses("DeleteAccessKey"));
        let failed = place.iamwalk_at(&proxy.endpoint, &format!("add-key eve --yes --give-up {}", before[0]));
        assert_code(&failed, 1);
        assert_eq!((ids(&place), place.python(status).as_str()), (before.clone(), "Active Active"));
        // What is gone when the new key is refused is said, and nothing else is touched.
        let proxy = proxy::start(&place.endpoint, refuses("CreateAccessKey"));
        let failed = place.iamwalk_at(&proxy.endpoint, &format!("add-key eve --yes --give-up {}", before[0]));
        assert_code(&failed, 3);
        let said = text(&failed.stderr);
        assert!(said.contains("can't be undone") && said.contains(&before[0]), "{said}");
        assert_eq!((ids(&place), place.python(status).as_str()), (vec![before[1].clone()], "Active"));
    }
}

#[test]
fn what_stands_against_it_is_said_before_the_first_call() {
    for place in places(0) {
        let proxy = proxy::start(&place.endpoint, |_, _| Fate::Pass);
        let refused = |arguments: &str, why: &str| {
            let refused = place.iamwalk_at(&proxy.endpoint, arguments);
            assert_code(&refused, 2);
            assert!(text(&refused.stderr).contains(why), "{arguments}: {}", text(&refused.stderr));
        };
        refused("add-key nobody --yes", "no user “nobody”");
        refused("add-key e/ve --yes", "Not allowed");
        refused("add-key eve", "without questions: iamwalk add-key USER --yes");
        refused("add-key eve --yes --save-profile a]b", "“]” at position 2");
        assert_eq!(writes(&proxy), [""; 0]);
        let dry = place.iamwalk_at(&proxy.endpoint, "add-key eve --dry-run=aws-cli");
        assert_code(&dry, 0);
        assert!(text(&dry.stdout).contains("# Creates an access key for the user eve in account"), "{}", text(&dry.stdout));
        assert_eq!(writes(&proxy), [""; 0]);
    }
}

#[test]
fn a_lost_key_is_found_deleted_and_made_anew() {
    for place in places(0) {
        let lost =
            |action: &str, earlier: usize| if action == "CreateAccessKey" && earlier == 0 { Fate::Lost } else { Fate::Pass };
        let proxy = proxy::start(&place.endpoint, lost);
        let done = place.iamwalk_at(&proxy.endpoint, "add-key eve --yes");
        assert_code(&done, 0);
        assert_eq!(writes(&proxy), ["CreateAccessKey", "DeleteAccessKey", "CreateAccessKey"]);
        let shown = text(&done.stdout);
        assert_eq!(ids(&place).len(), 1);
        assert!(shown.contains(&ids(&place)[0]), "the key that is there is the one that was handed over");
    }
}

/// Somebody else makes a key for the same user in the same moment: neither is taken for ours.
#[test]
fn a_second_writers_key_is_named_and_never_touched() {
    for place in places(0) {
        let code = "import boto3; print(boto3.client('iam').create_access_key(UserName='eve')['AccessKey']['AccessKeyId'])";
        // Their key comes with ours; or ours never came to be, and theirs is in use already.
        for (fate, uses, count) in [(Fate::Lost, false, 2), (Fate::Dropped, true, 1)] {
            let code = match uses {
                false => code.to_owned(),
                // A new key takes a moment to be known.
                true => "import boto3\n\
                         k = boto3.client('iam').create_access_key(UserName='eve')['AccessKey']\n\
                         sts = boto3.client('sts', aws_access_key_id=k['AccessKeyId'], aws_secret_access_key=k['SecretAccessKey'])\n\
                         for _ in range(20):\n    \
                         try: sts.get_caller_identity(); break\n    \
                         except Exception: pass"
                    .to_owned(),
            };
            // moto does not note when a key was used.
            if uses && !place.is_practice() {
                continue;
            }
            place.python(
                "import boto3; iam = boto3.client('iam')\n\
                 for k in iam.list_access_keys(UserName='eve')['AccessKeyMetadata']: \
                 iam.delete_access_key(UserName='eve', AccessKeyId=k['AccessKeyId'])",
            );
            let writer = place.writer(&code);
            let proxy = proxy::start(&place.endpoint, move |action, earlier| match (action, earlier) {
                ("CreateAccessKey", 0) => {
                    writer();
                    fate
                }
                _ => Fate::Pass,
            });
            let stopped = place.iamwalk_at(&proxy.endpoint, "add-key eve --yes");
            assert_code(&stopped, 3);
            let there = ids(&place);
            assert_eq!(there.len(), count, "nothing was deleted: {fate:?}");
            let said = text(&stopped.stderr);
            for id in &there {
                assert!(said.contains(id), "{id} is not named:\n{said}");
            }
            assert!(said.contains("not proven to be of this run"), "{said}");
            assert_eq!(writes(&proxy), ["CreateAccessKey"], "{fate:?}");
        }
    }
}

/// The user is deleted and created again while the task runs: the newer one gets no key.
#[test]
fn a_newer_user_of_the_name_gets_no_key() {
    for place in places(0) {
        let writer = place
            .writer("import boto3; iam = boto3.client('iam'); iam.delete_user(UserName='eve'); iam.create_user(UserName='eve')");
        let proxy = proxy::start(&place.endpoint, move |action, earlier| {
            // The first list is for the refusal, the second is read just before the call.
            if (action, earlier) == ("ListAccessKeys", 1) {
                writer();
            }
            Fate::Pass
        });
        let stopped = place.iamwalk_at(&proxy.endpoint, "add-key eve --yes");
        assert_code(&stopped, 1);
        assert!(text(&stopped.stderr).contains("is not the one that this run looked at"), "{}", text(&stopped.stderr));
        assert_eq!((writes(&proxy), ids(&place)), (Vec::new(), Vec::new()));
    }
}

#[test]
fn it_can_be_practised() {
    let place = Place::on_practice();
    let mut command = place.command(env!("CARGO_BIN_EXE_iamwalk"), "");
    let done = command.args("add-key amara --practice --yes --secret-to-stdout".split(' ')).output().unwrap();
    assert_code(&done, 0);
    assert!(text(&done.stdout).contains("Verified: arn:aws:iam::111122223333:user/amara"), "{}", text(&done.stdout));
}

/// The program is killed while the key is on its way: the next start makes the key again, or undoes it.
#[test]
fn killed_in_the_middle_the_next_start_finishes_or_takes_back() {
    let cases = [false, true].into_iter().flat_map(|undoes| places(1).into_iter().map(move |place| (place, undoes)));
    for (place, undoes) in cases {
        let before = ids(&place);
        let proxy = proxy::start(&place.endpoint, |action, earlier| match action {
            "CreateAccessKey" if earlier == 0 => Fate::SignalAtEffect("-KILL"),
            _ => Fate::Pass,
        });
        let mut killed = place.command(env!("CARGO_BIN_EXE_iamwalk"), &proxy.endpoint);
        killed.args("add-key eve --yes --save-profile work --description laptop --endpoint-url".split(' '));
        let silent = std::process::Stdio::null;
        let mut killed = killed.arg(&proxy.endpoint).stdout(silent()).stderr(silent()).spawn().unwrap();
        proxy.watch(killed.id());
        assert!(killed.wait().unwrap().code().is_none(), "killed");
        assert_eq!(ids(&place).len(), before.len() + 1, "a key that nobody has");
        let mut terminal = place.terminal(&proxy.endpoint);
        terminal.wait("An earlier run was not finished");
        terminal.keys("\x1b[B");
        if undoes {
            terminal.at("› Finish it", "\x1b[B");
            terminal.at("› Undo it", "\r");
            terminal.at("› Not now", "\x1b[B");
            terminal.at("› Undo all this", "\r");
            terminal.wait("This run is undone.");
            terminal.at("› Back to the first page", "\x1b[B");
            terminal.at("› Leave", "\r");
            assert_eq!(terminal.end(), 0);
            assert_eq!(ids(&place), before);
        } else {
            terminal.at("› Finish it", "\r");
            terminal.at("Save as profile", "s");
            terminal.wait("✓ Saved as profile");
            terminal.at("✓ yes, as arn", "d");
            assert_eq!(terminal.end(), 0);
            let after = ids(&place);
            let new: Vec<&String> = after.iter().filter(|id| !before.contains(id)).collect();
            assert_eq!(new.len(), 1, "the lost key is gone, and there is another");
            let file = std::fs::read_to_string(place.home.path().join(".aws/credentials")).unwrap();
            assert!(file.contains(new[0].as_str()));
        }
    }
}

/// The key that signs the calls can't be given up on the way.
#[test]
fn the_key_that_signs_the_calls_is_not_given_up() {
    let place = Place::on_practice();
    let made = place.python(
        "import boto3; iam = boto3.client('iam'); u = 'build-server'\n\
         k = iam.create_access_key(UserName=u)['AccessKey']; print(k['AccessKeyId'], k['SecretAccessKey'])\n\
         try: boto3.client('sts', aws_access_key_id=k['AccessKeyId'], aws_secret_access_key=k['SecretAccessKey']).get_caller_identity()\n\
         except Exception: pass",
    );
    let (id, secret) = made.trim().split_once(' ').unwrap();
    let aws = place.home.path().join(".aws");
    std::fs::create_dir_all(&aws).unwrap();
    std::fs::write(aws.join("credentials"), format!("[b]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"))
        .unwrap();
    for command in [
        format!("add-key build-server --yes --give-up {id} --profile b"),
        format!("rotate-key build-server --yes --key AKIAPRACTICEOLDKEY00 --give-up {id} --save-profile x --profile b"),
    ] {
        let refused = place.iamwalk(&command);
        assert_code(&refused, 2);
        assert!(text(&refused.stderr).contains("so it can't be given up"), "{}", text(&refused.stderr));
    }
}
