//! The users of an account: what is listed of them, on moto and on practice, with the reports and without.

use std::collections::BTreeMap;

use iamwalk::app::effect::Effect;
use iamwalk::app::event::Key;
use iamwalk::domain::facts::Question;
use iamwalk::practice::Practice;
use iamwalk::practice::faults::{Trouble, Troubled};

use super::support::app::{Talk, saved};
use super::support::place::{KEYS, Place, assert_code, text};
use super::support::practice;
use super::support::proxy::{self, Fate};
use super::support::terminal::Terminal;

/// Hostile names, a path, a password without MFA, an inactive key; the account is moto's or practice's.
const PEOPLE: &str = "\
import boto3
iam = boto3.client('iam')
iam.create_user(UserName='-a+=,.@_', Path='/team/x/')
iam.create_user(UserName='a'*64)
iam.create_group(GroupName='Writers')
iam.add_user_to_group(UserName='-a+=,.@_', GroupName='Writers')
iam.create_login_profile(UserName='-a+=,.@_', Password='Practice-Only-1')
key = iam.create_access_key(UserName='-a+=,.@_')['AccessKey']['AccessKeyId']
iam.create_access_key(UserName='-a+=,.@_')
iam.update_access_key(UserName='-a+=,.@_', AccessKeyId=key, Status='Inactive')
print(key, end='')";

/// What is said of each user, by name.
fn listed(place: &Place, endpoint: &str) -> (serde_json::Value, BTreeMap<String, serde_json::Value>) {
    let output = place.iamwalk_at(endpoint, "users --output json");
    assert_code(&output, 0);
    let all: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let users = all["users"].as_array().unwrap().iter();
    let users = users.map(|user| (user["name"].as_str().unwrap().to_owned(), user.clone())).collect();
    (all, users)
}

fn is_as_made(place: &Place, endpoint: &str, knows_ids: bool) {
    let (all, users) = listed(place, endpoint);
    let hostile = &users["-a+=,.@_"];
    assert_eq!(hostile["path"], "/team/x/", "{all:#}");
    assert_eq!(hostile["groups"], serde_json::json!(["Writers"]), "{all:#}");
    assert_eq!((&hostile["console"], &hostile["mfa"]), (&true.into(), &false.into()), "{all:#}");
    let keys = hostile["keys"].as_array().unwrap();
    let mut status: Vec<&str> = keys.iter().map(|key| key["status"].as_str().unwrap()).collect();
    status.sort_unstable();
    assert_eq!(status, ["Active", "Inactive"], "{all:#}");
    assert_eq!(keys.iter().all(|key| key["id"].is_string()), knows_ids, "{all:#}");
    let stands_out = hostile["stands_out"].as_array().unwrap();
    assert!(stands_out.contains(&"console without MFA".into()), "{all:#}");
    assert_eq!(users[&"a".repeat(64)]["keys"], serde_json::json!([]), "{all:#}");
    assert_eq!(all["report_made"].is_null(), knows_ids);
}

#[test]
fn users_are_listed_by_the_reports_and_without_them_alike() {
    for place in [Place::new(), Place::on_practice()] {
        place.python(PEOPLE);
        is_as_made(&place, &place.endpoint, false);
        let refuses = |action: &str, _| match action {
            "GenerateCredentialReport" | "GetAccountAuthorizationDetails" => Fate::Refused("AccessDenied", 403),
            _ => Fate::Pass,
        };
        let proxy = proxy::start(&place.endpoint, refuses);
        is_as_made(&place, &proxy.endpoint, true);
        let table = text(&place.iamwalk_at(&proxy.endpoint, "users").stdout);
        assert!(table.contains("iam:GenerateCredentialReport") && table.contains("Each user is asked about instead."), "{table}");
    }
}

#[test]
fn a_spreadsheet_sees_no_formula_and_a_person_a_table() {
    let place = Place::on_practice();
    place.python(PEOPLE);
    let csv = text(&place.iamwalk("users --output csv").stdout);
    assert!(csv.contains("\r\n\"'-a+=,.@_\",/team/x/,"), "{csv}");
    let columns = csv.lines().next().unwrap().split(',').count();
    place.write("users.csv", &csv);
    let rows = format!(
        "import csv; print(set(len(row) for row in csv.reader(open({:?}, newline=''))), end='')",
        place.path("users.csv")
    );
    assert_eq!(place.python(&rows), format!("{{{columns}}}"));
    let table = text(&place.iamwalk("users").stdout);
    let line = |name: &str| table.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    assert!(line("build-server").contains("1 active, 412 d"), "{table}");
    assert!(line("build-server").contains("key of 412 days"), "{table}");
    assert!(line("amara").contains("console without MFA"), "{table}");
    assert!(!line("practice-admin").contains("without MFA"), "{table}");
}

#[test]
fn the_profiles_that_hold_a_users_key_are_named() {
    let place = Place::new();
    assert_code(&place.iamwalk("--yes --user bob --set access.use-case=cli --save-profile work"), 0);
    let (all, users) = listed(&place, &place.endpoint);
    assert_eq!(users["bob"]["profiles"], serde_json::json!(["work"]), "{all:#}");
}

#[test]
fn who_may_not_list_users_is_told_why() {
    let place = Place::on_practice();
    let proxy = proxy::start(&place.endpoint, |action: &str, _| match action {
        "ListUsers" => Fate::Refused("AccessDenied", 403),
        _ => Fate::Pass,
    });
    let output = place.iamwalk_at(&proxy.endpoint, "users");
    assert_code(&output, 2);
    assert!(text(&output.stderr).contains("iam:ListUsers") && output.stdout.is_empty(), "{}", text(&output.stderr));
}

/// From the start to a user's own page, and from there to the pages of a key for that very user.
#[test]
fn a_person_goes_through_the_users_and_on_to_a_task() {
    let practice = practice();
    let mut talk = at_users(&practice);
    let list = talk.screen(80, 24);
    assert!(list.contains("amara") && list.contains("1 active, 412 d") && list.contains("3 in all"), "{list}");
    // What stands out can be searched for, and comes first where that is the order.
    talk.choose("Sorted by", "what stands out");
    talk.go_to("Users");
    let order = |talk: &Talk| {
        let screen = talk.screen(100, 30);
        let lines: Vec<&str> = screen.lines().collect();
        let at = |name: &str| lines.iter().rposition(|line| line.contains(name)).unwrap();
        at("amara") < at("practice-admin") && at("build-server") < at("practice-admin")
    };
    assert!(order(&talk), "{}", talk.screen(100, 30));
    talk.filter("Users", "412");
    talk.press(&[Key::Enter]);
    talk.press(&[Key::Enter]);
    talk.settle(&practice);
    let page = talk.screen(80, 24);
    assert!(page.contains("arn:aws:iam::111122223333:user/machines/build-server"), "{page}");
    assert!(page.contains("AKIA") && page.contains("412 days old") && page.contains("key of 412 days"), "{page}");
    talk.press(&[Key::Enter]);
    talk.settle(&practice);
    let pages = talk.screen(80, 24);
    assert!(pages.contains("Add key") && pages.contains("build-server"), "{pages}");
}

#[test]
fn a_users_page_says_where_everything_comes_from() {
    let practice = practice();
    let mut talk = at_users(&practice);
    talk.press(&[Key::Enter]);
    talk.settle(&practice);
    let page = talk.screen(100, 30);
    for words in [
        "Operators: AmazonEC2ReadOnlyAccess, ViewOnlyAccess",
        "OwnNotes (inline)",
        "PowerUserAccess",
        "console without MFA",
        "team = platform",
        "yes, last sign-in",
        "SSH public key APKAPRACTICEOFAMARA0 active, 190 days old",
        "credential of codecommit.amazonaws.com",
    ] {
        assert!(page.contains(words), "no “{words}”\n{page}");
    }
    talk.press(&[Key::Esc]);
    assert!(talk.screen(100, 30).contains("Sorted by"));
    talk.press(&[Key::Esc]);
    assert!(talk.screen(100, 30).contains("What to do"));
}

/// Where the reports are refused only the rows on the screen are asked about, four at once; another order asks about all.
#[test]
fn without_reports_rows_are_asked_about_as_they_are_seen() {
    let practice = practice();
    practice.with_account(|account| {
        for i in 0..120 {
            account.create_user(&format!("user{i:03}"), "/", Vec::new()).unwrap();
        }
    });
    let refusing = Troubled::new(practice.clone(), |action, _| match action {
        "GenerateCredentialReport" | "GetAccountAuthorizationDetails" => Some(Trouble::Refused("AccessDenied", 403, "no")),
        _ => None,
    });
    let mut talk = Talk::practice();
    talk.settle_over(refusing.clone());
    talk.choose("What to do", "See the users");
    talk.go_on();
    let asked = |talk: &Talk| {
        let asks = |effect: &&Effect| matches!(effect, Effect::Lookup { question: Question::CredentialsOf(_), .. });
        talk.open.iter().filter(asks).count()
    };
    talk.settle_until(&refusing, |talk| {
        assert!(asked(talk) <= 4, "{} at once", asked(talk));
        false
    });
    let known = |refusing: &Troubled| refusing.calls().iter().filter(|call| *call == "ListMFADevices").count();
    assert!((20..=40).contains(&known(&refusing)), "{}", known(&refusing));
    let screen = talk.screen(140, 45);
    assert!(screen.contains("Each user is asked about instead") && screen.contains(" of 123 so far."), "{screen}");
    talk.choose("Sorted by", "oldest key");
    talk.settle_over(refusing.clone());
    assert_eq!(known(&refusing), 123);
}

/// The reports on all users are older than what this start has done: the list shows that all the same.
#[test]
fn the_list_knows_what_was_done_just_now() {
    let practice = practice();
    let mut talk = at_users(&practice);
    let row = |talk: &Talk| talk.screen(100, 30).lines().find(|line| line.contains("build-server")).unwrap().to_owned();
    assert!(row(&talk).contains("1 active"), "{}", row(&talk));
    talk.press(&[Key::Down, Key::Enter, Key::Enter]);
    talk.settle(&practice);
    talk.go_on();
    talk.want_cli_key();
    talk.go_on_to("Review");
    talk.settle(&practice);
    talk.enter_on("Add a key to build-server");
    talk.settle(&practice);
    talk.tell(saved("build-server"));
    talk.settle(&practice);
    talk.act("Back to the first page");
    talk.settle(&practice);
    talk.choose("What to do", "See the users");
    talk.go_on();
    talk.settle(&practice);
    assert!(row(&talk).contains("2 active"), "{}", row(&talk));
}

/// The real program in a real terminal: the page of a user that it made says by which run.
#[test]
fn a_users_page_names_the_run_that_made_it() {
    let place = Place::new();
    assert_code(&place.iamwalk("--yes --user bob --set access.use-case=cli --save-profile work"), 0);
    let mut terminal = Terminal::start(&["users", "--endpoint-url", &place.endpoint], place.home.path(), &KEYS, (100, 30));
    terminal.wait("1 in all");
    terminal.at("› bob", "\r");
    terminal.wait("Runs of iamwalk");
    terminal.wait("Profiles here");
    let page = terminal.screen();
    assert!(page.contains(", finished") && page.contains("work"), "{page}");
    terminal.keys("\x03");
    assert_eq!(terminal.end(), 0);
}

/// On the list of users.
pub fn at_users(practice: &Practice) -> Talk {
    let mut talk = Talk::practice();
    talk.settle(practice);
    talk.choose("What to do", "See the users");
    talk.go_on();
    talk.settle(practice);
    talk
}

/// Who was chosen in the list is not asked again, and the way back leads to the list.
#[test]
fn a_task_goes_on_with_the_user_of_the_list_and_leads_back() {
    let practice = practice();
    let mut talk = at_users(&practice);
    talk.press(&[Key::Down, Key::Enter]);
    talk.settle(&practice);
    talk.press(&[Key::Down, Key::Enter]);
    talk.settle(&practice);
    let screen = talk.screen(100, 30);
    assert!(screen.contains("› Rotation") && screen.contains("The old key"), "{screen}");
    talk.back();
    assert!(talk.screen(100, 30).contains("(•) build-server"), "{}", talk.screen(100, 30));
    talk.back();
    assert!(talk.screen(100, 30).contains("› Users"), "{}", talk.screen(100, 30));
}
