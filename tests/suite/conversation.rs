//! The conversation: keys in, effects and screens out.

use iamwalk::app::Phase;
use iamwalk::app::effect::{Copied, Csv, Effect, Realm};
use iamwalk::app::event::{Connected, CopyWay, Event, Key, Signal, Wake, Wrote};
use iamwalk::app::field::FieldId;
use iamwalk::domain::caller::{Caller, Origins, Source};
use iamwalk::domain::facts::{LookupResult, OwnProfile, Question};
use iamwalk::domain::fault::{Fault, FaultKind};
use iamwalk::domain::hand_over::{Destination, SavePreview, Saving};
use iamwalk::domain::moment::Moment;
use iamwalk::domain::profile_file::Changed;
use iamwalk::domain::record::{Delivery, Record};
use iamwalk::domain::secret::SecretId;
use iamwalk::domain::step_id::StepId;

use super::support::app::{Talk, saved, untroubled};
use super::support::practice;
use super::support::terminal::squeezed;

fn shows(talk: &Talk, text: &str) {
    let screen = talk.screen(100, 30);
    assert!(screen.contains(text) || squeezed(&screen).contains(text), "no “{text}” in:\n{screen}");
}

/// That somebody may have the key's secret is written down.
fn shown(step: usize) -> Effect {
    Effect::Record(vec![Record::Delivered(StepId(step), Delivery::KeyShown)])
}

#[test]
fn nothing_but_the_caller_and_the_profiles_is_asked_at_first() {
    let talk = Talk::open(Source::Chain);
    assert_eq!(
        talk.open,
        [
            Effect::Connect { epoch: 1, source: Source::Chain, clear_text: false },
            Effect::Sweep(Realm::Aws),
            Effect::FindWalkthroughs,
            Effect::Lookup { epoch: 1, question: Question::Profiles },
            Effect::FindRuns,
            Effect::FindAnswers,
            // The moving sign comes with the first event.
        ]
    );
}

#[test]
fn enter_alone_leads_to_the_review_where_the_calls_are_listed() {
    let practice = practice();
    let talk = Talk::at_review(&practice);
    shows(&talk, "1. Create the user bob");
    shows(&talk, "2. Add bob to the group Auditors");
    shows(&talk, "3. Create an access key for bob");
    shows(&talk, "[ Create user bob ]");
    assert!(practice.with_account(|account| account.user("bob").is_err()), "nothing is made before the person says so");
}

#[test]
fn rules_are_said_as_one_types_and_the_name_is_looked_up_ignoring_case() {
    let practice = practice();
    let mut talk = Talk::at_user(&practice);
    talk.fill("User name", "my user");
    shows(&talk, "✗ Not allowed: a space at position 3.");
    talk.go_on();
    shows(&talk, "› User name");
    talk.fill("User name", "AMARA");
    shows(&talk, "✗ Taken: this account already has “amara”.");
    talk.go_on();
    talk.answer("Choose another name");
    shows(&talk, "› User name");
    talk.write("2");
    shows(&talk, "✓ “AMARA2” is free.");
    talk.fill("Path", "team");
    shows(&talk, "✗ A path begins and ends with “/”: try “/team/”.");
}

#[test]
fn going_back_never_validates_and_loses_nothing() {
    let practice = practice();
    let mut talk = Talk::at_user(&practice);
    talk.fill("User name", "not legal!");
    talk.back();
    shows(&talk, "(•) plain");
    talk.go_on();
    shows(&talk, "not legal!");
}

#[test]
fn a_paste_presses_no_buttons() {
    let practice = practice();
    let mut talk = Talk::at_user(&practice);
    talk.paste(&"{\n \"a\": 1\n}\n".repeat(20_000));
    shows(&talk, "› User name");
    shows(&talk, "✗ Not allowed");
    // On a list it goes into the filter, and changes nothing that is chosen.
    talk.back();
    talk.paste("x\nx\nx\n");
    shows(&talk, "no match");
    talk.act("clear filter");
    shows(&talk, "(•) plain");
}

#[test]
fn a_key_needs_its_use_case_and_the_confirmation() {
    let practice = practice();
    let mut talk = Talk::at_access(&practice);
    shows(&talk, "› Use case");
    talk.choose("Use case", "Third-party service");
    shows(&talk, "(•) Third-party service");
    shows(&talk, "Alternative recommended: As a best practice, use temporary security");
    // Who was not there yet is led there, and told only by the next Enter that it is missing.
    talk.go_on();
    shows(&talk, "› [ ] I understand");
    shows(&talk, "    Read the recommendation, then Space");
    talk.go_on();
    shows(&talk, "✗ Read the recommendation above, then tick this with Space.");
    talk.tick("I understand");
    talk.go_on();
    shows(&talk, "Add user to group");
}

#[test]
fn an_own_password_is_checked_hidden_and_kept_out_of_debug() {
    let practice = practice();
    let mut talk = Talk::at_own_password(&practice);
    talk.write("simple");
    shows(&talk, "••••••");
    shows(&talk, "✗ The account asks for 8 to 128 characters");
    talk.go_on();
    shows(&talk, "› Custom password");
    talk.write("-Secret-9");
    shows(&talk, "✓ Meets the account's password policy.");
    assert!(!talk.screen(100, 30).contains("simple-Secret-9"));
    assert!(!format!("{:?}", talk.app).contains("simple-Secret-9"));
    talk.tick("Show password");
    shows(&talk, "simple-Secret-9");
    talk.go_on_to("Review");
    talk.settle(&practice);
    shows(&talk, "Attach IAMUserChangePassword to bob");
    talk.create();
    talk.settle(&practice);
    let kept = practice.with_account(|account| account.user("bob").unwrap().login.as_ref().unwrap().password.clone());
    assert_eq!(kept.expose(), "simple-Secret-9");
}

#[test]
fn the_policy_list_filters_by_words_and_by_type_and_counts_against_the_quota() {
    let practice = practice();
    let mut talk = Talk::at_permissions(&practice);
    talk.go_to("Attach policies directly");
    shows(&talk, "1208 in all · type: all types");
    talk.filter("Attach policies directly", "full ec2");
    shows(&talk, "3 of 1208");
    talk.highlight("AmazonEC2FullAccess");
    talk.settle(&practice);
    shows(&talk, "\"Version\": \"2012-10-17\"");
    talk.tick_row("Attach policies directly", "AmazonEC2FullAccess");
    shows(&talk, "1 chosen of 10 at most");
    talk.act("clear filter");
    shows(&talk, "1208 in all");
    talk.act("type");
    talk.act("type");
    shows(&talk, "11 of 1208 · type: AWS managed - job function");
    talk.tick_rows("Attach policies directly", 11);
    // Down on the last row leads out of the list.
    talk.press(&[Key::Down]);
    shows(&talk, "› Create policies");
    talk.go_to("Attach policies directly");
    shows(&talk, "12 chosen of 10 at most");
    talk.go_on();
    shows(&talk, "✗ 12 are chosen; the account's quota is 10. Remove some.");
}

#[test]
fn the_review_opens_the_page_of_a_block_and_comes_back() {
    let practice = practice();
    let mut talk = Talk::at_review(&practice);
    talk.answer("Tags");
    shows(&talk, "› Key 1");
    talk.fill("Key 1", "team");
    talk.fill("Value", "platform");
    talk.go_on();
    shows(&talk, "team = platform");
    shows(&talk, "Create the user bob with 1 tag");
    talk.answer("User");
    talk.fill("User name", "eve");
    talk.go_on();
    talk.settle(&practice);
    shows(&talk, "[ Create user eve ]");
}

#[test]
fn a_hasty_enter_starts_what_was_confirmed_and_nothing_else() {
    let practice = practice();
    for haste in [false, true] {
        let mut talk = Talk::at_access(&practice);
        talk.want_cli_key();
        talk.tick("Provide user access");
        talk.go_on_to("Review");
        assert!(!talk.open.is_empty(), "the name is being looked up");
        talk.create();
        shows(&talk, "! Starts once it is known whether the user's name is free.");
        if haste {
            talk.settle(&practice);
            assert!(matches!(talk.app.phase, Phase::HandingOver(_)), "{}", talk.screen(100, 30));
        } else {
            // Meanwhile the account turns out to let its users change their password: one call less than was confirmed.
            let policy = iamwalk::domain::password::PasswordPolicy { users_may_change: true, ..Default::default() };
            let answer = Ok(LookupResult::PasswordPolicy(policy));
            talk.tell(Event::Learned { epoch: 1, question: Question::PasswordPolicy, answer });
            talk.settle(&practice);
            shows(&talk, "! The calls have changed since.");
            assert!(practice.with_account(|account| account.user("bob").is_err()));
        }
    }
}

#[test]
fn a_name_taken_meanwhile_is_refused_on_the_review() {
    let practice = practice();
    let mut talk = Talk::practice();
    talk.settle(&practice);
    practice.with_account(|account| account.create_user("Bob", "/", Vec::new()).map(drop)).unwrap();
    talk.review(&practice, "bob");
    shows(&talk, "✗ A user “bob” exists already");
    talk.create();
    shows(&talk, "! Not yet: this has to be changed first.");
    assert!(matches!(talk.app.phase, Phase::Reviewing(_)));
    talk.enter_on("User");
    shows(&talk, "✗ Taken");
}

#[test]
fn the_hand_over_saves_writes_copies_and_asks_before_a_loss() {
    let practice = practice();
    let mut talk = Talk::handed_over(&practice);
    let (id, secret) = practice.with_account(|account| {
        let key = &account.user("bob").unwrap().keys[0];
        (key.id.clone(), key.secret.clone())
    });
    shows(&talk, &id);
    assert!(!talk.screen(100, 30).contains(secret.expose()));
    talk.back();
    shows(&talk, "The secret access key was not saved");
    // Ctrl-C is never an answer; the harmless answer is the first.
    talk.press(&[Key::Ctrl('c')]);
    assert!(talk.left.is_none());
    talk.press(&[Key::Ctrl('c')]);
    talk.enter_on("Stay");
    assert!(talk.left.is_none());
    talk.act("Reveal here");
    shows(&talk, secret.expose());
    talk.tell(Event::FocusLost);
    assert!(!talk.screen(100, 30).contains(secret.expose()), "masked again when the focus is lost");
    let handle = SecretId::Of(StepId(2));
    let csv = || Csv::Key { id: id.clone(), secret: handle };
    talk.copy("The secret access key");
    talk.act("Write bob_accessKeys.csv");
    talk.act("Save as profile");
    talk.back();
    shows(&talk, "It is still being written …");
    talk.tell(Event::Wrote { csv: csv(), answer: Wrote::Failed(Fault::local("the disk is full")) });
    shows(&talk, "✗ the disk is full");
    talk.act("Save as profile");
    let to = Destination { profile: "bob".to_owned(), region: talk.app.context.sign_in.region.clone(), output: None };
    assert_eq!(
        talk.open,
        [
            Effect::WakeIn(std::time::Duration::from_secs(1), Wake::Mask(1)),
            shown(2),
            Effect::Copy { what: Copied::Secret(handle), through_terminal: true },
            Effect::Write { realm: Realm::Practice, user: "bob".to_owned(), csv: csv(), to: None, over: false },
            Effect::Save { realm: Realm::Practice, key_id: id.clone(), secret: handle, to: to.clone(), consent: None },
        ]
    );
    talk.tell(Event::Copied(CopyWay::Terminal { hindrance: None }));
    shows(&talk, "The secret access key was sent to your terminal's clipboard (OSC 52)");
    talk.tell(Event::Saved { to: to.clone(), answer: Err(Fault::local("x is left as it is: line 3: it is odd.")) });
    shows(&talk, "✗ x is left as it is: line 3: it is odd. Or copy the block for the credentials");
    talk.tell(saved("bob"));
    shows(&talk, "✓ Saved as profile “bob”");
    // What other programs will find is proven again, through the profile.
    shows(&talk, "Verified            ◐ try 1");
    // A proof of before, by the key alone, is none of the profile.
    let answer = || Ok("arn:aws:iam::111122223333:user/bob".to_owned());
    talk.tell(Event::Proven { profile: None, answer: answer() });
    shows(&talk, "Verified            ◐ try 1");
    talk.tell(Event::Proven { profile: Some("bob".to_owned()), answer: answer() });
    talk.act("Done");
    let farewell = talk.left.expect("nothing is lost any more");
    assert_eq!(farewell.code, 0);
    assert!(farewell.lines.iter().any(|line| line == "Verified: the key answers as arn:aws:iam::111122223333:user/bob"));
    assert!(farewell.lines.iter().all(|line| !line.contains(secret.expose())));
}

#[test]
fn saving_under_another_name_is_checked_as_one_types() {
    let practice = practice();
    let mut talk = Talk::handed_over(&practice);
    talk.act("Save under another name");
    talk.write(" ");
    shows(&talk, "✗ Not allowed: a space at position 4.");
    talk.press(&[Key::Backspace]);
    talk.go_on();
    shows(&talk, "› Region");
    talk.fill("Region", "Nowhere");
    talk.go_on();
    talk.go_on();
    shows(&talk, "✗ A region looks like “eu-central-1”.");
    shows(&talk, "› Region");
    assert!(talk.open.is_empty());
    talk.fill("Region", "frank");
    shows(&talk, "eu-central-1 (Frankfurt)");
    talk.go_on();
    shows(&talk, "› Output of the AWS CLI");
    talk.choose("Output of the AWS CLI", "json");
    talk.go_on();
    let to = Destination { profile: "bob".to_owned(), region: "eu-central-1".to_owned(), output: Some("json".to_owned()) };
    assert!(matches!(&talk.open[..], [Effect::PreviewSave { to: asked, .. }] if *asked == to), "{:?}", talk.open);
    talk.open.clear();
    // What there is to know is reported before it is saved.
    let notes = vec!["AWS_ACCESS_KEY_ID is set in this shell.".to_owned()];
    let preview = SavePreview { notes, ..untroubled(&to) };
    talk.tell(Event::SavePreviewed { to: to.clone(), answer: Ok(Box::new(preview)), profiles: Vec::new() });
    shows(&talk, "AWS_ACCESS_KEY_ID is set in this shell.");
    talk.answer("Save it");
    assert!(matches!(&talk.open[..], [Effect::Save { to: saved, consent: Some(_), .. }] if *saved == to), "{:?}", talk.open);
}

fn connected(talk: &mut Talk, arn: &str) {
    let caller = Caller::new("123456789012", arn).unwrap();
    let epoch = talk.app.context.sign_in.epoch;
    talk.tell(Event::Connected {
        epoch,
        answer: Ok(Connected {
            caller,
            region: "eu-west-1".to_owned(),
            clock: Moment(0),
            endpoint: None,
            origins: Origins::default(),
        }),
    });
}

#[test]
fn without_credentials_the_page_says_so_and_offers_ways_on() {
    let mut talk = Talk::open(Source::Chain);
    let profiles =
        vec![OwnProfile { name: "work".to_owned(), holds: "IAM Identity Center (SSO)".to_owned(), region: None, key: None }];
    talk.tell(Event::Learned { epoch: 1, question: Question::Profiles, answer: Ok(LookupResult::Profiles(profiles)) });
    let fault = Fault::of(FaultKind::NoCredentials).saying("no providers in chain provided credentials");
    talk.tell(Event::Connected { epoch: 1, answer: Err(fault) });
    talk.go_on();
    shows(&talk, "✗ No usable AWS credentials were found.");
    shows(&talk, "( ) Profile work");
    shows(&talk, "( ) Paste keys for this session");
    shows(&talk, "( ) Practice");
    talk.open.clear();
    talk.choose("Who makes the calls", "Profile work");
    talk.go_on();
    assert!(
        talk.open.contains(&Effect::Connect { epoch: 2, source: Source::Profile("work".to_owned()), clear_text: false }),
        "{:?}",
        talk.open
    );
    // The answer of an older attempt counts no more.
    let caller = Caller::new("123456789012", "arn:aws:iam::123456789012:user/old").unwrap();
    talk.tell(Event::Connected {
        epoch: 1,
        answer: Ok(Connected { caller, region: "x".to_owned(), clock: Moment(0), endpoint: None, origins: Origins::default() }),
    });
    assert!(!talk.screen(100, 30).contains("user/old"));
    connected(&mut talk, "arn:aws:iam::123456789012:user/new");
    shows(&talk, "as arn:aws:iam::123456789012:user/new");
}

/// Asked for the keys of this session, since there are none.
fn asked_for_keys() -> Talk {
    let mut talk = Talk::open(Source::Chain);
    talk.tell(Event::Connected { epoch: 1, answer: Err(Fault::of(FaultKind::NoCredentials)) });
    talk.go_on();
    talk.choose("Who makes the calls", "Paste keys for this session");
    talk.go_on();
    talk
}

#[test]
fn pasted_keys_stay_in_the_vault() {
    let mut talk = asked_for_keys();
    shows(&talk, "Keys for this session");
    talk.paste("ASIAEXAMPLE000000000\n");
    talk.go_on();
    talk.paste("made/up+secret\n");
    assert!(!talk.screen(100, 30).contains("made/up"));
    talk.go_on();
    talk.go_on();
    shows(&talk, "✗ ASIA… is a temporary key: it works only with its session");
    talk.write("token");
    talk.open.clear();
    talk.go_on();
    let source = Source::Pasted { key_id: "ASIAEXAMPLE000000000".to_owned() };
    assert!(talk.open.contains(&Effect::Connect { epoch: 2, source, clear_text: false }), "{:?}", talk.open);
    assert_eq!(talk.vault.get(SecretId::CallerKey).unwrap().expose(), "made/up+secret");
    assert!(!format!("{:?} {:?}", talk.app, talk.open).contains("made/up"));
}

#[test]
fn keys_pasted_together_go_each_into_its_own_field() {
    let secret = "made/up+secret000000000000000000000000xx";
    let token = format!("IQoJb3JpZ2luX2VjE{}==", "A".repeat(120));
    for pasted in [
        format!("AKIAEXAMPLE000000000\n{secret}\n"),
        format!(
            "export AWS_ACCESS_KEY_ID=\"AKIAEXAMPLE000000000\"\nexport AWS_SECRET_ACCESS_KEY=\"{secret}\"\nexport AWS_SESSION_TOKEN=\"{token}\""
        ),
        format!(
            "[default]\naws_access_key_id = AKIAEXAMPLE000000000\naws_secret_access_key = {secret}\naws_session_token = {token}\n"
        ),
    ] {
        let mut talk = asked_for_keys();
        talk.paste(&pasted);
        shows(&talk, "AKIAEXAMPLE000000000▁");
        assert!(!talk.screen(100, 30).contains("made/up"), "the secret is not shown");
        for _ in 0..3 {
            talk.go_on();
        }
        assert_eq!(talk.vault.get(SecretId::CallerKey).unwrap().expose(), secret);
        let kept = talk.vault.get(SecretId::CallerToken).map(|token| token.expose().to_owned());
        assert_eq!(kept, pasted.contains("oken").then(|| token.clone()).or(pasted.contains("TOKEN").then(|| token.clone())));
    }
}

#[test]
fn enter_grants_nothing_that_nobody_touched() {
    let practice = practice();
    let mut talk = Talk::at_permissions(&practice);
    shows(&talk, "› [ ] Auditors");
    talk.go_on();
    shows(&talk, "› Key 1");
    // Typing a filter and Enter ends the filter; the row that one went to is chosen by the next.
    talk.back();
    talk.filter("Add user to group", "op");
    talk.act("end the filter");
    shows(&talk, "› [ ] Operators");
    talk.act("tick Operators");
    shows(&talk, "› [x] Operators");
    talk.go_on();
    shows(&talk, "› Key 1");
}

#[test]
fn the_confirmation_is_asked_anew_for_another_recommendation() {
    let practice = practice();
    let mut talk = Talk::at_access(&practice);
    assert!(!talk.screen(100, 30).contains("I understand"), "there is no recommendation yet");
    talk.want_cli_key();
    shows(&talk, "[x] I understand");
    talk.choose("Use case", "Local code");
    shows(&talk, "[ ] I understand");
}

#[test]
fn an_old_password_is_not_taken_for_a_generated_one() {
    let practice = practice();
    let mut talk = Talk::at_own_password(&practice);
    talk.write("Not-simple-9");
    talk.go_on_to("Review");
    talk.settle(&practice);
    practice.with_account(|account| {
        let stricter = iamwalk::domain::password::PasswordPolicy { minimum: 40, ..Default::default() };
        account.password_policy = Some(stricter);
    });
    talk.create();
    talk.settle(&practice);
    shows(&talk, "✗ The password breaks the account's password policy.".trim_start_matches("✗ "));
    // Undo, back to the review, to Access: a generated one.
    talk.undo(&practice);
    talk.settle(&practice);
    talk.enter_on("Back to Review");
    talk.settle(&practice);
    talk.answer("Access");
    shows(&talk, "Custom password");
    talk.choose("Console password", "Autogenerated password");
    talk.go_on();
    shows(&talk, "Console password: autogenerated");
    talk.fetch_again();
    talk.settle(&practice);
    practice.with_account(|account| account.password_policy = None);
    talk.create();
    talk.settle(&practice);
    let set = practice.with_account(|account| account.user("bob").unwrap().login.as_ref().unwrap().password.clone());
    assert_ne!(set.expose(), "Not-simple-9");
}

#[test]
fn root_is_warned_and_an_mfa_code_is_asked_for() {
    let mut talk = Talk::open(Source::Profile("admin".to_owned()));
    let needed = Fault::of(FaultKind::MfaNeeded("arn:aws:iam::123456789012:mfa/me".to_owned()));
    talk.tell(Event::Connected { epoch: 1, answer: Err(needed) });
    shows(&talk, "This profile assumes a role that asks for the code of");
    talk.fill("Code", "123456");
    assert!(!talk.screen(100, 30).contains("123456 "));
    talk.go_on();
    assert_eq!(talk.vault.get(SecretId::MfaCode).unwrap().expose(), "123456");
    connected(&mut talk, "arn:aws:iam::123456789012:root");
    talk.go_to("Who makes the calls");
    shows(&talk, "! You are the account's root user.");
}

#[test]
fn leaving_asks_first_and_control_c_is_no_answer() {
    // Nothing was typed: nothing is lost.
    let mut talk = Talk::practice();
    talk.press(&[Key::Ctrl('c')]);
    assert_eq!(talk.left.unwrap().code, 130);
    let practice = practice();
    let mut talk = Talk::at_user(&practice);
    talk.press(&[Key::Ctrl('c')]);
    shows(&talk, "Leave iamwalk?");
    talk.press(&[Key::Ctrl('c')]);
    assert!(talk.left.is_none() && talk.app.dialog.is_none());
    talk.back();
    talk.back();
    talk.enter_on("Stay");
    assert!(talk.left.is_none(), "the first answer is to stay");
    talk.back();
    talk.answer("Leave");
    assert_eq!(talk.left.unwrap().code, 130);
}

#[test]
fn help_comes_from_the_table_of_the_footer() {
    let practice = practice();
    let mut talk = Talk::practice();
    talk.settle(&practice);
    talk.press(&[Key::Char('?')]);
    shows(&talk, "Enter  continue");
    talk.back();
    talk.go_on();
    // In a text field it is a character.
    talk.press(&[Key::Char('?')]);
    shows(&talk, "✗ Not allowed: “?” at position 1.");
    talk.act("help");
    shows(&talk, "An IAM user is an identity with long-term credentials");
}

#[test]
fn the_sign_moves_only_while_something_goes_on() {
    let mut talk = Talk::practice();
    let ticks = |talk: &mut Talk| {
        let open = std::mem::take(&mut talk.open);
        open.iter().filter(|effect| matches!(effect, Effect::WakeIn(_, Wake::Tick))).count()
    };
    talk.tell(Event::Resized);
    assert_eq!(ticks(&mut talk), 1);
    // Stopping and starting again within a tick makes no second one.
    talk.tell(Event::Connected { epoch: 1, answer: Err(Fault::of(FaultKind::Timeout)) });
    talk.fetch_again();
    assert_eq!(ticks(&mut talk), 0, "one is under way");
    talk.tell(Event::Woke(Wake::Tick));
    assert_eq!(ticks(&mut talk), 1);
    talk.tell(Event::Connected { epoch: 2, answer: Err(Fault::of(FaultKind::Timeout)) });
    talk.tell(Event::Woke(Wake::Tick));
    assert_eq!(ticks(&mut talk), 0, "nothing moves any more");
}

/// On the hand-over of bob's key, with the handle of its secret.
fn handed_over(practice: &iamwalk::practice::Practice) -> (Talk, SecretId) {
    (Talk::handed_over(practice), SecretId::Of(StepId(2)))
}

fn keys(practice: &iamwalk::practice::Practice) -> usize {
    practice.with_account(|account| account.user("bob").unwrap().keys.len())
}

#[test]
fn files_that_could_not_be_edited_are_told_before_the_first_call() {
    let practice = practice();
    let mut talk = Talk::at_review(&practice);
    assert!(talk.open.is_empty());
    talk.fetch_again();
    let asks = |effect: &Effect| matches!(effect, Effect::PreviewSave { to, .. } if to.profile == "bob");
    assert!(talk.open.iter().any(asks), "{:?}", talk.open);
    let to = Destination { profile: "bob".to_owned(), region: "us-east-1".to_owned(), output: None };
    talk.tell(Event::SavePreviewed {
        to,
        answer: Err(Fault::local("~/.aws/credentials is left as it is: lines 2 to 4: “x” appears twice in [a].")),
        profiles: Vec::new(),
    });
    talk.open.retain(|effect| !asks(effect));
    talk.settle(&practice);
    shows(&talk, "The key could not be saved as a profile");
    shows(&talk, "lines 2 to 4");
    talk.create();
    shows(&talk, "Go on anyway?");
}

#[test]
fn copying_alone_is_no_arrival() {
    let practice = practice();
    let (mut talk, secret) = handed_over(&practice);
    talk.copy("The secret access key");
    assert_eq!(talk.open, [Effect::Copy { what: Copied::Secret(secret), through_terminal: true }]);
    talk.open.clear();
    talk.tell(Event::Copied(CopyWay::System));
    shows(&talk, "is in the clipboard for 45 s");
    assert_eq!(talk.open, [shown(2), Effect::WakeIn(std::time::Duration::from_secs(45), Wake::ClearClipboard(1))]);
    talk.open.clear();
    talk.tell(Event::Woke(Wake::ClearClipboard(1)));
    assert_eq!(talk.open, [Effect::ClearClipboard]);
    talk.back();
    shows(&talk, "Has the secret access key arrived?");
    talk.press(&[Key::Ctrl('c')]);
    assert!(talk.left.is_none(), "Ctrl-C is no answer");
    talk.back();
    talk.highlight("It has arrived: leave");
    shows(&talk, "› It has arrived: leave");
    talk.enter_on("It has arrived: leave");
    let farewell = talk.left.unwrap();
    assert_eq!((farewell.code, keys(&practice)), (0, 1));
}

#[test]
fn a_later_copy_is_not_cleared_by_an_earlier_ones_time() {
    let practice = practice();
    let (mut talk, _) = handed_over(&practice);
    for _ in 0..2 {
        talk.copy("The secret access key");
        talk.tell(Event::Copied(CopyWay::System));
    }
    talk.open.clear();
    talk.tell(Event::Woke(Wake::ClearClipboard(1)));
    assert!(talk.open.is_empty());
    talk.tell(Event::Woke(Wake::ClearClipboard(2)));
    assert_eq!(talk.open, [Effect::ClearClipboard]);
}

#[test]
fn what_is_shown_and_what_is_copied_have_times_of_their_own() {
    let practice = practice();
    let (mut talk, secret) = handed_over(&practice);
    let text = talk.vault.get(secret).unwrap();
    talk.act("Reveal here");
    talk.copy("The secret access key");
    talk.tell(Event::Copied(CopyWay::System));
    for left in [29, 28] {
        talk.tell(Event::Woke(Wake::Mask(1)));
        shows(&talk, &format!("Hide again; hidden by itself in {left} s"));
    }
    for _ in 0..28 {
        talk.tell(Event::Woke(Wake::Mask(1)));
    }
    assert!(!talk.screen(100, 30).contains(text.expose()));
    talk.act("Reveal here");
    talk.open.clear();
    talk.tell(Event::Woke(Wake::ClearClipboard(1)));
    assert_eq!(talk.open, [Effect::ClearClipboard]);
}

#[test]
fn told_to_end_while_it_saves_it_waits_for_the_file() {
    let practice = practice();
    let (mut talk, _) = handed_over(&practice);
    talk.act("Print it after leaving");
    talk.act("Save as profile");
    talk.open.clear();
    talk.tell(Event::Signal(Signal::Terminate));
    assert!(talk.left.is_none() && !talk.screen(100, 30).contains("being deleted"));
    talk.tell(saved("bob"));
    let farewell = talk.left.expect("it is saved, and so it can end");
    assert_eq!((farewell.code, keys(&practice)), (143, 1));
    assert!(farewell.secrets.is_empty(), "nothing is printed to a terminal that goes");
    // Not saved: nobody has it.
    let (mut talk, _) = handed_over(&super::support::practice());
    talk.act("Save as profile");
    talk.tell(Event::Signal(Signal::Terminate));
    let to = Destination { profile: "bob".to_owned(), region: "us-east-1".to_owned(), output: None };
    talk.tell(Event::Saved { to: to.clone(), answer: Ok(Saving::Asks(Box::new(untroubled(&to)))) });
    shows(&talk, "The key is being deleted");
    assert!(talk.app.dialog.is_none(), "nobody is asked any more");
}

#[test]
fn a_question_that_is_open_does_not_outlive_the_end() {
    let practice = practice();
    let (mut talk, _) = handed_over(&practice);
    talk.back();
    talk.highlight("Delete the key, then leave");
    shows(&talk, "› Delete the key, then leave");
    talk.tell(Event::Signal(Signal::HangUp));
    assert!(talk.app.dialog.is_none());
    talk.press(&[Key::Enter, Key::Char('s')]);
    assert!(talk.open.iter().all(|effect| !matches!(effect, Effect::Save { .. })));
}

#[test]
fn a_key_that_nobody_has_can_be_deleted_before_leaving() {
    let practice = practice();
    let (mut talk, secret) = handed_over(&practice);
    talk.back();
    talk.highlight("Delete the key, then leave");
    shows(&talk, "› Delete the key, then leave");
    talk.enter_on("Delete the key, then leave");
    talk.settle(&practice);
    assert_eq!(keys(&practice), 0);
    assert!(talk.vault.get(secret).is_none(), "and its secret is wiped");
    let farewell = talk.left.unwrap();
    assert_eq!(farewell.code, 3, "the user is there");
    assert!(farewell.lines.iter().any(|line| line.ends_with("was deleted: nobody had received its secret.")), "{farewell:?}");
}

#[test]
fn told_to_end_it_deletes_a_key_that_nobody_has_and_only_that() {
    for (signal, code) in [(Signal::Terminate, 143), (Signal::HangUp, 129), (Signal::Interrupt, 3)] {
        let practice = practice();
        let (mut talk, _) = handed_over(&practice);
        talk.tell(Event::Signal(signal));
        assert!(talk.left.is_none(), "first the key goes");
        shows(&talk, "The key is being deleted");
        // A terminal that goes away says so more than once.
        talk.tell(Event::Signal(Signal::HangUp));
        let grace = talk.open.iter().position(|effect| matches!(effect, Effect::WakeIn(_, Wake::EndNow))).unwrap();
        talk.open.remove(grace);
        talk.settle(&practice);
        assert_eq!(keys(&practice), 0);
        assert_eq!(talk.left.unwrap().code, code);
        // Saved: it stays.
        let practice = super::support::practice();
        let (mut talk, _) = handed_over(&practice);
        talk.tell(saved("bob"));
        talk.open.clear();
        talk.tell(Event::Signal(signal));
        assert!(talk.left.is_some());
        assert_eq!(keys(&practice), 1);
    }
}

#[test]
fn in_presenter_mode_nothing_is_drawn_or_sent_through_the_terminal() {
    let practice = practice();
    let (mut talk, secret) = handed_over(&practice);
    talk.app.context.presenter = true;
    talk.press(&[Key::Char('r'), Key::Char('o')]);
    assert!(talk.open.is_empty());
    let text = talk.vault.get(secret).unwrap();
    assert!(!talk.screen(100, 30).contains(text.expose()));
    assert!(!talk.screen(100, 30).contains("Reveal"));
    talk.copy("The secret access key");
    assert_eq!(talk.open, [Effect::Copy { what: Copied::Secret(secret), through_terminal: false }]);
    talk.tell(Event::Copied(CopyWay::Nowhere));
    shows(&talk, "and nothing goes through the");
    // What is no secret may go that way.
    talk.open.clear();
    talk.copy("The access key ID");
    assert!(matches!(&talk.open[..], [Effect::Copy { what: Copied::Text(_), through_terminal: true }]), "{:?}", talk.open);
}

#[test]
fn nor_is_an_own_password_shown_as_it_is_typed() {
    let practice = practice();
    let mut talk = Talk::at_own_password(&practice);
    talk.write("Correct-Horse-7");
    shows(&talk, "Show password");
    talk.app.context.presenter = true;
    talk.write("x");
    assert!(!talk.screen(100, 30).contains("Show password") && !talk.screen(100, 30).contains("Correct-Horse"));
}

#[test]
fn a_revealed_secret_is_masked_again() {
    let practice = practice();
    let (mut talk, secret) = handed_over(&practice);
    let text = talk.vault.get(secret).unwrap();
    let is_shown = |talk: &Talk| talk.screen(100, 30).contains(text.expose());
    talk.act("Reveal here");
    assert!(is_shown(&talk));
    for _ in 0..30 {
        assert!(is_shown(&talk));
        assert!(talk.open.contains(&Effect::WakeIn(std::time::Duration::from_secs(1), Wake::Mask(1))), "{:?}", talk.open);
        talk.open.clear();
        talk.tell(Event::Woke(Wake::Mask(1)));
    }
    assert!(!is_shown(&talk), "after its time");
    talk.act("Reveal here");
    talk.tell(Event::Woke(Wake::Mask(1)));
    assert!(is_shown(&talk), "an earlier time is over, not this one");
    talk.open.clear();
    talk.press(&[Key::Ctrl('z')]);
    assert!(!is_shown(&talk), "before it is suspended");
    assert_eq!(talk.open, [Effect::Suspend]);
}

#[test]
fn what_is_printed_after_leaving_counts_as_received() {
    let practice = practice();
    let (mut talk, secret) = handed_over(&practice);
    talk.act("Print it after leaving");
    talk.act("Done");
    let farewell = talk.left.expect("nothing is lost");
    assert_eq!(farewell.secrets, [("Secret access key", secret)]);
    let text = talk.vault.get(secret).unwrap();
    assert!(farewell.lines.iter().all(|line| !line.contains(text.expose())));
}

#[test]
fn a_file_that_is_there_is_written_over_only_after_a_yes() {
    let practice = practice();
    let (mut talk, secret) = handed_over(&practice);
    let id = practice.with_account(|account| account.user("bob").unwrap().keys[0].id.clone());
    let csv = Csv::Key { id, secret };
    talk.tell(Event::Wrote { csv: csv.clone(), answer: Wrote::Exists("/x/bob_accessKeys.csv".to_owned()) });
    shows(&talk, "/x/bob_accessKeys.csv already exists");
    talk.enter_on("Keep it");
    assert!(talk.open.is_empty(), "the first answer keeps it");
    talk.tell(Event::Wrote { csv: csv.clone(), answer: Wrote::Exists("/x/bob_accessKeys.csv".to_owned()) });
    talk.answer("Write over it");
    let to = Some("/x/bob_accessKeys.csv".to_owned());
    assert_eq!(talk.open, [Effect::Write { realm: Realm::Practice, user: "bob".to_owned(), csv, to, over: true }]);
}

#[test]
fn a_key_that_works_but_not_through_its_profile_is_told_apart() {
    let practice = practice();
    let (mut talk, _) = handed_over(&practice);
    talk.tell(saved("bob"));
    let to = Destination { profile: "bob".to_owned(), region: talk.app.context.sign_in.region.clone(), output: None };
    let notes = vec!["The profile “bob” has sso_session on line 2: tools may use that.".to_owned(), "In this shell.".to_owned()];
    let preview = SavePreview { notes, ..untroubled(&to) };
    talk.tell(Event::SavePreviewed { to, answer: Ok(Box::new(preview)), profiles: Vec::new() });
    talk.tell(Event::Proven { profile: Some("bob".to_owned()), answer: Err(Fault::local("failed to load the SSO token")) });
    shows(&talk, "The key works, but not through the profile “bob”.");
    shows(&talk, "sso_session on line 2");
    assert!(!talk.screen(100, 30).contains("Use it with"), "{}", talk.screen(100, 30));
    talk.act("Done");
    let farewell = talk.left.unwrap();
    assert_eq!(farewell.code, 3);
    assert!(farewell.lines.iter().all(|line| !line.starts_with("Next:")), "{:?}", farewell.lines);
}

#[test]
fn a_place_that_does_not_exist_is_mended_where_it_was_typed() {
    let practice = practice();
    let (mut talk, _) = handed_over(&practice);
    talk.act("Write another file");
    talk.choose("File", "bob_import.csv");
    talk.go_on();
    shows(&talk, "› Where to");
    talk.fill("Where to", "nowhere/x.csv");
    talk.go_on();
    let csv = match &talk.open[..] {
        [Effect::Write { csv: csv @ Csv::Import { .. }, to: Some(to), over: false, .. }] if to == "nowhere/x.csv" => csv.clone(),
        other => panic!("{other:?}"),
    };
    let words = "The folder nowhere does not exist. Make it, or choose another.";
    talk.tell(Event::Wrote { csv, answer: Wrote::Failed(Fault::local(words)) });
    shows(&talk, "nowhere/x.csv");
    shows(&talk, "✗ The folder nowhere does not exist.");
    shows(&talk, "bob_import.csv");
}

#[test]
fn a_profile_that_is_there_is_replaced_only_after_a_yes() {
    let practice = practice();
    let (mut talk, _) = handed_over(&practice);
    let to = Destination { profile: "bob".to_owned(), region: "eu-west-1".to_owned(), output: None };
    let changed = vec![
        Changed::Header("[bob]".to_owned()),
        Changed::Old("aws_access_key_id = ••••OOLD".to_owned()),
        Changed::New("aws_access_key_id = ••••ANEW".to_owned()),
    ];
    let preview = SavePreview { replaces: true, files: vec![("~/.aws/credentials".to_owned(), changed)], ..untroubled(&to) };
    talk.tell(Event::Saved { to, answer: Ok(Saving::Asks(Box::new(preview.clone()))) });
    shows(&talk, "- aws_access_key_id = ••••OOLD");
    shows(&talk, "+ aws_access_key_id = ••••ANEW");
    talk.enter_on("Do not save");
    assert!(talk.open.is_empty(), "the first answer saves nothing");
    talk.tell(Event::Saved { to: preview.destination.clone(), answer: Ok(Saving::Asks(Box::new(preview.clone()))) });
    talk.answer("Replace it");
    assert!(
        matches!(&talk.open[..], [Effect::Save { consent: Some(consent), .. }] if consent.preview == preview && !consent.closes),
        "{:?}",
        talk.open
    );
}

#[test]
fn a_search_finds_what_is_meant_first() {
    let practice = practice();
    let mut talk = Talk::at_permissions(&practice);
    talk.settle(&practice);
    let mut first = |words: &str| {
        talk.go_to("Attach policies directly");
        talk.press(&[Key::Ctrl('u')]);
        talk.write(words);
        let table = talk.app.form().and_then(|form| form.table(FieldId::POLICIES)).unwrap();
        let names: Vec<(String, bool)> =
            table.visible().map(|row| (row.name.clone(), row.key.contains("service-role/"))).collect();
        names
    };
    for (words, name) in [
        ("s3 full", "AmazonS3FullAccess"),
        ("ec2 full", "AmazonEC2FullAccess"),
        ("full ec2", "AmazonEC2FullAccess"),
        ("dynamodb", "AmazonDynamoDBFullAccess"),
        ("administratoraccess", "AdministratorAccess"),
    ] {
        let found = first(words);
        assert_eq!(found[0].0, name, "{words}: {:?}", &found[..3]);
        // Policies of service roles stand behind all others.
        assert!(found.is_sorted_by_key(|(_, is_of_role)| *is_of_role), "{words}: {found:?}");
    }
}
