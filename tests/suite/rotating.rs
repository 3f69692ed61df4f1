//! Rotating a key, by the real program: on moto and on the practice server, with files as real files.

use std::fs;
use std::process::Output;

use super::support::place::{Place, assert_code, text};
use super::support::proxy::{self, Fate, Proxy};

/// A user of a hostile name, in a path.
const EVE: &str = "-e+=,.@_";

/// Where a key stands, among lines that stay.
fn files(id: &str, secret: &str) -> String {
    format!(
        "# mine\n[default]\naws_access_key_id = AKIADEFAULT000000000\naws_secret_access_key = d\n\n[work]\naws_access_key_id={id}\n\
         aws_secret_access_key = {secret}   \n; a note\n\n[other]\naws_secret_access_key: {secret}\naws_access_key_id: {id}\n"
    )
}

struct Rotation {
    place: Place,
    /// The key of before.
    id: String,
    secret: String,
}

impl Rotation {
    fn at(place: Place) -> Self {
        let made = place.python(&format!(
            "import boto3; iam = boto3.client('iam'); u = {EVE:?}; iam.create_user(UserName=u, Path='/team/x/')\n\
             k = iam.create_access_key(UserName=u)['AccessKey']; print(k['AccessKeyId'], k['SecretAccessKey'])"
        ));
        let (id, secret) = made.trim().split_once(' ').unwrap();
        let new = Self { id: id.to_owned(), secret: secret.to_owned(), place };
        fs::create_dir_all(new.place.home.path().join(".aws")).unwrap();
        fs::write(new.credentials(), files(id, secret)).unwrap();
        new
    }

    fn both() -> Vec<Self> {
        vec![Self::at(Place::new()), Self::at(Place::on_practice())]
    }

    fn on_moto() -> Vec<Self> {
        vec![Self::at(Place::new())]
    }

    fn on_practice() -> Vec<Self> {
        vec![Self::at(Place::on_practice())]
    }

    fn credentials(&self) -> std::path::PathBuf {
        self.place.home.path().join(".aws/credentials")
    }

    fn file(&self) -> String {
        fs::read_to_string(self.credentials()).unwrap()
    }

    fn before(&self) -> String {
        files(&self.id, &self.secret)
    }

    /// The user's keys by IAM, each with its status.
    fn keys(&self) -> Vec<(String, String)> {
        let told = self.place.python(&format!(
            "import boto3; iam = boto3.client('iam')\n\
             for k in iam.list_access_keys(UserName={EVE:?})['AccessKeyMetadata']: print(k['AccessKeyId'], k['Status'])"
        ));
        let pair = |line: &str| line.split_once(' ').map(|(id, status)| (id.to_owned(), status.to_owned())).unwrap();
        told.lines().map(pair).collect()
    }

    /// The ids that the profiles hold now.
    fn held(&self) -> Vec<String> {
        let is_id = |line: &&str| line.starts_with("aws_access_key_id");
        let file = self.file();
        let ids = file.lines().filter(is_id).filter_map(|line| line.split(['=', ':']).nth(1)).map(|id| id.trim().to_owned());
        ids.filter(|id| id != "AKIADEFAULT000000000").collect()
    }

    fn run(&self, proxy: &Proxy, arguments: &str) -> Output {
        self.place.iamwalk_at(&proxy.endpoint, arguments)
    }

    fn new_key(&self) -> String {
        self.keys().into_iter().map(|(id, _)| id).find(|id| *id != self.id).expect("a new key")
    }
}

fn pass(place: &Place) -> Proxy {
    proxy::start(&place.endpoint, |_, _| Fate::Pass)
}

fn writes(proxy: &Proxy) -> Vec<String> {
    let is_write = |call: &String| ["Create", "Update", "Delete"].iter().any(|word| call.starts_with(word));
    proxy.calls().into_iter().filter(is_write).collect()
}

fn run_of(done: &Output) -> String {
    text(&done.stdout).lines().find_map(|line| line.strip_prefix("Run: ").map(str::to_owned)).unwrap()
}

#[test]
fn every_profile_that_holds_the_old_key_gets_the_new_one_and_undo_gives_it_back() {
    for rotation in Rotation::both() {
        let (proxy, state) = (pass(&rotation.place), rotation.place.state());
        let done = rotation.run(&proxy, &format!("rotate-key --yes -- {EVE}"));
        assert_code(&done, 0);
        assert_eq!(writes(&proxy), ["CreateAccessKey", "UpdateAccessKey"]);
        let new = rotation.new_key();
        assert_eq!(rotation.held(), [new.clone(), new.clone()]);
        let status = |id: &str| rotation.keys().into_iter().find(|(one, _)| one == id).unwrap().1;
        assert_eq!((status(&rotation.id), status(&new)), ("Inactive".to_owned(), "Active".to_owned()));
        // All else stays, to the byte.
        let secret =
            rotation.file().lines().find_map(|line| line.strip_prefix("aws_secret_access_key: ").map(str::to_owned)).unwrap();
        assert_eq!(rotation.file(), files(&new, &secret));
        let told = text(&done.stdout) + &text(&done.stderr);
        assert!(!told.contains(&secret) && !told.contains(&rotation.secret), "{told}");
        assert!(told.contains("iamwalk rotate-key --finish"), "{told}");
        let journals = fs::read_dir(rotation.place.home.path().join(".local/state/iamwalk/runs")).unwrap().flatten();
        for journal in journals.map(|entry| fs::read_to_string(entry.path()).unwrap()) {
            assert!(journal.contains(&new) && !journal.contains(&secret) && !journal.contains(&rotation.secret), "{journal}");
        }
        let runs = text(&rotation.place.iamwalk("runs").stdout);
        assert!(runs.contains("for later") && runs.contains(&rotation.id), "{runs}");
        let undone = rotation.run(&proxy, &format!("undo {} --yes", run_of(&done)));
        assert_code(&undone, 0);
        assert_eq!((rotation.file(), rotation.keys()), (rotation.before(), vec![(rotation.id.clone(), "Active".to_owned())]));
        assert_eq!(rotation.place.state(), state);
    }
}

#[test]
fn the_old_key_is_deleted_later() {
    for rotation in Rotation::on_moto() {
        let proxy = pass(&rotation.place);
        let done = rotation.run(&proxy, "rotate-key --key-in work --yes");
        assert_code(&done, 0);
        let (run, new) = (run_of(&done), rotation.new_key());
        let asked = rotation.run(&proxy, &format!("rotate-key --finish {run}"));
        assert_code(&asked, 2);
        assert!(text(&asked.stderr).contains("Nothing was sent"), "{}", text(&asked.stderr));
        let finished = rotation.run(&proxy, &format!("rotate-key --finish {run} --yes"));
        assert_code(&finished, 0);
        assert!(
            text(&finished.stdout).contains("last used") || text(&finished.stdout).contains("never used"),
            "{}",
            text(&finished.stdout)
        );
        assert_eq!(rotation.keys(), [(new.clone(), "Active".to_owned())]);
        let again = rotation.run(&proxy, &format!("rotate-key --finish {run} --yes"));
        assert_code(&again, 2);
        // What is deleted is not given back, and the new key is not taken away.
        let undone = rotation.run(&proxy, &format!("undo {run} --yes"));
        assert_code(&undone, 2);
        assert!(text(&undone.stderr).contains("can't be undone"), "{}", text(&undone.stderr));
        assert_eq!((rotation.keys(), rotation.held()), (vec![(new.clone(), "Active".to_owned())], vec![new.clone(), new]));
        // No copy of a file stays for a key that is gone.
        let copies = fs::read_dir(rotation.place.home.path().join(".local/state/iamwalk/backups")).unwrap().flatten();
        assert!(copies.map(|one| one.file_name()).all(|name| !name.to_string_lossy().contains(&rotation.id)));
    }
}

#[test]
fn the_old_key_is_deleted_at_once_only_by_its_id() {
    for rotation in Rotation::on_practice() {
        let proxy = pass(&rotation.place);
        let refused = rotation.run(&proxy, &format!("rotate-key --yes --old-key delete -- {EVE}"));
        assert_code(&refused, 2);
        assert!(text(&refused.stderr).contains(&format!("Type {}", rotation.id)), "{}", text(&refused.stderr));
        assert_eq!(writes(&proxy), [""; 0]);
        let confirmed = format!("rotate-key --yes --old-key delete --confirm {} -- {EVE}", rotation.id);
        let done = rotation.run(&proxy, &confirmed);
        assert_code(&done, 0);
        assert_eq!(writes(&proxy), ["CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey"]);
        assert_eq!(rotation.keys().len(), 1);
    }
}

/// A key that is in no profile here is in use elsewhere: it works on until the person finishes.
#[test]
fn a_key_that_no_profile_holds_works_on() {
    for rotation in Rotation::on_moto() {
        fs::remove_file(rotation.credentials()).unwrap();
        let proxy = pass(&rotation.place);
        let done = rotation.run(&proxy, &format!("rotate-key --yes --csv . -- {EVE}"));
        assert_code(&done, 0);
        assert_eq!(writes(&proxy), ["CreateAccessKey"]);
        assert!(rotation.keys().iter().all(|(_, status)| status == "Active"));
        let finished = rotation.run(&proxy, &format!("rotate-key --finish {} --yes", run_of(&done)));
        assert_code(&finished, 0);
        assert_eq!(writes(&proxy), ["CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey"]);
        assert_eq!(rotation.keys().len(), 1);
    }
}

#[test]
fn a_profile_is_left_out_or_refused_before_the_first_call() {
    for rotation in Rotation::on_practice() {
        let proxy = pass(&rotation.place);
        let text_of =
            rotation.before().replace("[other]\n", "[other]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = other\n");
        fs::write(rotation.credentials(), &text_of).unwrap();
        // What the AWS CLI passes over is left out by itself, and said.
        let done = rotation.run(&proxy, &format!("rotate-key --yes -- {EVE}"));
        assert_code(&done, 0);
        assert!(text(&done.stderr).contains("The profile other keeps the old key"), "{}", text(&done.stderr));
        assert_eq!(rotation.held(), [rotation.new_key(), rotation.id.clone()]);
        assert_code(&rotation.run(&proxy, &format!("undo {} --yes", run_of(&done))), 0);
        assert_eq!(rotation.file(), text_of);
    }
}

/// A user with two keys gives up the one that is not rotated, by its id.
#[test]
fn of_two_keys_the_one_in_the_profile_is_rotated() {
    for rotation in Rotation::on_moto() {
        rotation.place.python(&format!("import boto3; boto3.client('iam').create_access_key(UserName={EVE:?})"));
        let second = rotation.new_key();
        let proxy = pass(&rotation.place);
        let refused = rotation.run(&proxy, &format!("rotate-key --yes -- {EVE}"));
        assert_code(&refused, 2);
        assert!(text(&refused.stderr).contains(&second), "{}", text(&refused.stderr));
        let done = rotation.run(&proxy, &format!("rotate-key --yes --give-up {second} -- {EVE}"));
        assert_code(&done, 0);
        assert_eq!(writes(&proxy), ["UpdateAccessKey", "DeleteAccessKey", "CreateAccessKey", "UpdateAccessKey"]);
        assert_eq!(rotation.held(), [rotation.new_key(), rotation.new_key()]);
    }
}

/// The old key signs the calls: the new one takes over before it stops, and signs the undo.
#[test]
fn a_key_that_signs_the_calls_is_rotated_by_itself() {
    for rotation in Rotation::on_practice() {
        if rotation.place.is_practice() {
            rotation.place.python(&format!(
                "import boto3\n\
                 try: boto3.client('sts', aws_access_key_id='{}', aws_secret_access_key='{}').get_caller_identity()\n\
                 except Exception: pass",
                rotation.id, rotation.secret
            ));
        }
        let proxy = pass(&rotation.place);
        let confirm = format!("--old-key delete --confirm {}", rotation.id);
        for (old_key, left) in [("", 2), (confirm.as_str(), 1)] {
            let done = rotation.run(&proxy, &format!("rotate-key --profile work --key-in work --yes {old_key}"));
            assert_code(&done, 0);
            assert_eq!(rotation.keys().len(), left, "{}", text(&done.stderr));
            if left == 2 {
                let undone = rotation.run(&proxy, &format!("undo {} --yes", run_of(&done)));
                assert_code(&undone, 0);
                assert_eq!((rotation.file(), rotation.keys().len()), (rotation.before(), 1));
            }
        }
    }
}

#[test]
fn a_role_that_takes_its_credentials_from_the_profile_is_proven() {
    let rotation = Rotation::at(Place::new());
    rotation.place.python(
        "import boto3; iam = boto3.client('iam')\n\
         iam.create_role(RoleName='deploy', AssumeRolePolicyDocument='{\"Version\":\"2012-10-17\",\"Statement\":[]}')",
    );
    let config = "[profile deploy]\nrole_arn = arn:aws:iam::123456789012:role/deploy\nsource_profile = work\n\
                  [profile guarded]\nrole_arn = arn:aws:iam::123456789012:role/deploy\nsource_profile = work\nmfa_serial = arn:aws:iam::1:mfa/x\n";
    fs::write(rotation.place.home.path().join(".aws/config"), config).unwrap();
    let proxy = pass(&rotation.place);
    let done = rotation.run(&proxy, &format!("rotate-key --yes -- {EVE}"));
    assert_code(&done, 0);
    assert_eq!(proxy.calls().iter().filter(|call| *call == "AssumeRole").count(), 1);
    let told = text(&done.stderr);
    assert!(told.contains("✓ Prove the profile deploy") && told.contains("guarded asks for an MFA code"), "{told}");
    assert_eq!(fs::read_to_string(rotation.place.home.path().join(".aws/config")).unwrap(), config);
}

/// Each call that fails on the way gives everything back.
#[test]
fn a_failure_on_the_way_gives_everything_back() {
    for rotation in Rotation::on_moto() {
        for (failing, at) in [("CreateAccessKey", 0), ("UpdateAccessKey", 0)] {
            let denies = move |action: &str, earlier| match action == failing && earlier == at {
                true => Fate::Refused("AccessDenied", 403),
                false => Fate::Pass,
            };
            let proxy = proxy::start(&rotation.place.endpoint, denies);
            let failed = rotation.run(&proxy, &format!("rotate-key --yes -- {EVE}"));
            assert_code(&failed, 1);
            assert_eq!(rotation.file(), rotation.before(), "{failing}: {}", text(&failed.stderr));
            assert_eq!(rotation.keys(), [(rotation.id.clone(), "Active".to_owned())], "{failing}");
        }
    }
}

/// Somebody changes the profile while the key is proven: what they wrote stays, and the new key goes.
#[test]
fn a_second_writer_at_the_profile_wins() {
    let rotation = Rotation::at(Place::new());
    let (path, theirs) = (rotation.credentials(), rotation.before().replace(&rotation.id, "AKIATHEIRS0000000000"));
    let (written, count) = (theirs.clone(), std::sync::atomic::AtomicUsize::new(0));
    let proxy = proxy::start(&rotation.place.endpoint, move |action: &str, _| {
        if action == "GetCallerIdentity" && count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 2 {
            fs::write(&path, &written).unwrap();
        }
        Fate::Pass
    });
    let failed = rotation.run(&proxy, &format!("rotate-key --yes -- {EVE}"));
    assert_code(&failed, 1);
    assert_eq!(rotation.file(), theirs);
    assert_eq!(rotation.keys(), [(rotation.id.clone(), "Active".to_owned())], "{}", text(&failed.stderr));
}

/// Where the program is ended from outside: at this call, which was made so often before.
const POINTS: [(&str, usize); 9] = [
    ("CreateAccessKey", 0),
    // The proof by the key itself, while IAM does not know it yet and then.
    ("GetCallerIdentity", 1),
    ("GetCallerIdentity", 3),
    // Through the first profile, and through the second.
    ("GetCallerIdentity", 6),
    ("GetCallerIdentity", 9),
    ("GetCallerIdentity", 11),
    ("UpdateAccessKey", 0),
    ("DeleteAccessKey", 0),
    ("SimulatePrincipalPolicy", 0),
];

/// A new key is not known at first.
fn lags(action: &str, earlier: usize, refusals: usize) -> Fate {
    let is_new = action == "GetCallerIdentity" && (1..=refusals).contains(&earlier);
    if is_new { Fate::Refused("InvalidClientTokenId", 403) } else { Fate::Pass }
}

impl Rotation {
    /// A rotation that deletes the old key at once, ended there; `None` where it was over before.
    fn ended_at(&self, proxy: &Proxy, (call, at): (&'static str, usize), fate: Fate) -> Option<String> {
        proxy.then(move |action, earlier| match action == call && earlier == at {
            true => fate,
            false => lags(action, earlier, 2),
        });
        let mut command = self.place.command(env!("CARGO_BIN_EXE_iamwalk"), &proxy.endpoint);
        let line = format!("rotate-key --yes --old-key delete --confirm {} -- {EVE}", self.id);
        let child = command.args(["--endpoint-url", &proxy.endpoint]).args(line.split(' ')).stdout(std::process::Stdio::null());
        let mut child = child.stderr(std::process::Stdio::null()).spawn().unwrap();
        proxy.watch(child.id());
        child.wait().unwrap();
        proxy.then(|_, _| Fate::Pass);
        let runs = text(&self.place.iamwalk("runs").stdout);
        let last = runs.lines().rfind(|line| line.starts_with("20")).map(str::to_owned)?;
        (!last.contains("finished") || last.contains("unfinished")).then(|| last.split(' ').next().unwrap().to_owned())
    }

    /// Every profile holds a key that IAM accepts.
    fn is_usable(&self, case: &str) {
        let keys = self.keys();
        for held in self.held() {
            assert!(keys.contains(&(held.clone(), "Active".to_owned())), "{case}: {held} of {keys:?}");
        }
    }

    /// No key is there whose secret nobody has.
    fn has_no_lost_key(&self, case: &str) {
        let held = self.held();
        let lost: Vec<_> = self.keys().into_iter().filter(|(id, _)| !held.contains(id) && *id != self.id).collect();
        assert_eq!(lost, [], "{case}");
    }
}

/// Killed or told to end at any step, with a key that is not known at once: every profile holds a key that IAM accepts; after
/// the next start no key is there whose secret nobody has.
#[test]
fn a_rotation_that_is_ended_anywhere_breaks_nothing() {
    let fates = |at: usize| match at % 3 {
        2 => vec![Fate::SignalAtEffect("-TERM")],
        _ => vec![Fate::SignalAtEffect("-KILL")],
    };
    ended_everywhere(fates);
}

#[test]
#[ignore = "long"]
fn a_rotation_that_is_ended_anywhere_breaks_nothing_whole() {
    let kills = [Fate::SignalAtRequest("-KILL"), Fate::SignalAtEffect("-KILL"), Fate::SignalAtAnswer("-KILL")];
    let fates = kills.into_iter().chain([Fate::SignalAtRequest("-TERM"), Fate::SignalAtEffect("-TERM")]);
    ended_everywhere(|_| fates.clone().collect());
}

fn ended_everywhere(fates: impl Fn(usize) -> Vec<Fate>) {
    let mut rotation = Rotation::at(Place::new());
    let proxy = pass(&rotation.place);
    for (at, point) in POINTS.into_iter().enumerate() {
        for fate in fates(at) {
            let case = format!("{point:?} {fate:?}");
            let run = rotation.ended_at(&proxy, point, fate);
            rotation.is_usable(&case);
            if let Some(run) = run {
                let undone = rotation.run(&proxy, &format!("undo {run} --yes"));
                let told = text(&undone.stdout) + &text(&undone.stderr);
                assert!(matches!(undone.status.code(), Some(0 | 2)), "{case}: {told}");
                if undone.status.code() == Some(2) {
                    assert!(told.contains("can't be undone"), "{case}: {told}");
                    assert_code(&rotation.run(&proxy, &format!("rotate-key --finish {run} --yes")), 0);
                }
            }
            rotation.is_usable(&case);
            rotation.has_no_lost_key(&case);
            let keys = rotation.keys();
            match keys.iter().any(|(id, _)| *id == rotation.id) {
                true => assert_eq!((rotation.file(), keys.len()), (rotation.before(), 1), "{case}: {keys:?}"),
                // The old one was deleted before: from here on the new one is the old one.
                false => {
                    let secret = |line: &str| line.strip_prefix("aws_secret_access_key: ").map(str::to_owned);
                    let secret = rotation.file().lines().find_map(secret).unwrap();
                    (rotation.id, rotation.secret) = (keys[0].0.clone(), secret);
                    fs::write(rotation.credentials(), rotation.before()).unwrap();
                }
            }
        }
    }
}

/// A new key that is known only after a quarter of a minute is waited for.
#[test]
fn a_key_that_is_known_after_a_while_is_waited_for() {
    let rotation = Rotation::at(Place::new());
    let proxy = proxy::start(&rotation.place.endpoint, |action, earlier| lags(action, earlier, 15));
    let done = rotation.run(&proxy, &format!("rotate-key --yes -- {EVE}"));
    assert_code(&done, 0);
    rotation.is_usable("after 15 s");
    assert_eq!(rotation.held(), [rotation.new_key(), rotation.new_key()]);
}

/// The old key was deleted by somebody else meanwhile: undo leaves the new one, which alone lets the user in.
#[test]
fn an_undo_never_takes_the_last_key_that_works() {
    for rotation in Rotation::on_practice() {
        let proxy = pass(&rotation.place);
        let done = rotation.run(&proxy, &format!("rotate-key --yes -- {EVE}"));
        assert_code(&done, 0);
        let new = rotation.new_key();
        rotation.place.python(&format!(
            "import boto3; boto3.client('iam').delete_access_key(UserName={EVE:?}, AccessKeyId={:?})",
            rotation.id
        ));
        let undone = rotation.run(&proxy, &format!("undo {} --yes", run_of(&done)));
        assert_code(&undone, 3);
        assert!(text(&undone.stdout).contains("keeps the new one"), "{}", text(&undone.stdout));
        assert!(!text(&undone.stdout).contains("delete-access-key"), "{}", text(&undone.stdout));
        assert_eq!((rotation.keys(), rotation.held()), (vec![(new.clone(), "Active".to_owned())], vec![new.clone(), new]));
    }
}

/// Between the review and the call somebody deletes the user and makes another of the same name: nothing of it is touched.
#[test]
fn a_user_who_was_made_again_is_not_touched() {
    let rotation = Rotation::at(Place::new());
    let again = rotation.place.writer(&format!(
        "import boto3; iam = boto3.client('iam'); u = {EVE:?}; iam.delete_access_key(UserName=u, AccessKeyId={:?})\n\
         iam.delete_user(UserName=u); iam.create_user(UserName=u); iam.create_access_key(UserName=u)",
        rotation.id
    ));
    let proxy = proxy::start(&rotation.place.endpoint, move |action: &str, earlier| {
        // The read before the first call.
        if action == "GetUser" && earlier == 2 {
            again();
        }
        Fate::Pass
    });
    let failed = rotation.run(&proxy, &format!("rotate-key --yes -- {EVE}"));
    assert_code(&failed, 1);
    assert_eq!(writes(&proxy), [""; 0], "{}", text(&failed.stderr));
    assert_eq!((rotation.file(), rotation.keys().len()), (rotation.before(), 1));
}

/// Somebody else gives the user a second key after the review: there is no place for another, and nothing changes.
#[test]
fn a_second_writer_at_the_user_is_met() {
    let rotation = Rotation::at(Place::on_practice());
    let theirs = rotation.place.writer(&format!("import boto3; boto3.client('iam').create_access_key(UserName={EVE:?})"));
    let proxy = proxy::start(&rotation.place.endpoint, move |action: &str, earlier| {
        if action == "CreateAccessKey" && earlier == 0 {
            theirs();
        }
        Fate::Pass
    });
    let failed = rotation.run(&proxy, &format!("rotate-key --yes -- {EVE}"));
    assert_code(&failed, 1);
    assert!(text(&failed.stderr).contains("AccessKeysPerUser"), "{}", text(&failed.stderr));
    assert_eq!((rotation.file(), rotation.keys().len()), (rotation.before(), 2));
    assert!(rotation.keys().iter().all(|(_, status)| status == "Active"));
}

/// A copy of the profile holds the new key by now: undo leaves that key alone.
#[test]
fn a_key_that_another_profile_holds_by_now_is_not_deleted() {
    let rotation = Rotation::at(Place::on_practice());
    let proxy = pass(&rotation.place);
    let done = rotation.run(&proxy, &format!("rotate-key --yes -- {EVE}"));
    assert_code(&done, 0);
    let new = rotation.new_key();
    let copied = rotation.file().replace("[other]", "[renamed]");
    fs::write(rotation.credentials(), copied).unwrap();
    let undone = rotation.run(&proxy, &format!("undo {} --yes", run_of(&done)));
    assert_code(&undone, 3);
    assert!(text(&undone.stdout).contains("in your profile “renamed”"), "{}", text(&undone.stdout));
    assert!(rotation.keys().iter().any(|(id, status)| *id == new && status == "Active"));
    rotation.is_usable("after the undo");
}

/// A rotation that stopped before the old key did is finished whole, and says what that is before.
#[test]
fn a_rotation_that_stopped_is_finished_whole() {
    let rotation = Rotation::at(Place::on_practice());
    let denied = |action: &str, _| if action == "UpdateAccessKey" { Fate::Refused("AccessDenied", 403) } else { Fate::Pass };
    let proxy = proxy::start(&rotation.place.endpoint, denied);
    let stopped = rotation.run(&proxy, &format!("rotate-key --yes --keep-on-failure -- {EVE}"));
    assert_code(&stopped, 3);
    let runs = text(&rotation.place.iamwalk("runs").stdout);
    let run = runs.split(' ').next().unwrap();
    proxy.then(|_, _| Fate::Pass);
    let refused = rotation.run(&proxy, &format!("rotate-key --finish {run} --yes"));
    let confirmed = format!("rotate-key --finish {run} --yes --confirm {}", rotation.id);
    let finished = if refused.status.code() == Some(2) { rotation.run(&proxy, &confirmed) } else { refused };
    assert_code(&finished, 0);
    assert!(text(&finished.stdout).contains(&format!("· Delete the access key {}", rotation.id)), "{}", text(&finished.stdout));
    assert_eq!(rotation.keys().len(), 1);
    assert_eq!(rotation.held(), [rotation.new_key(), rotation.new_key()]);
}
