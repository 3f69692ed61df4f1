//! The way through: how few keys lead from the first page to a verified profile, that none is pressed blind, and what is said at
//! the end.

use crossterm::event::{Event as Terminal, KeyCode, KeyEvent, KeyModifiers};
use iamwalk::app::effect::Effect;
use iamwalk::app::event::Key;
use iamwalk::app::update;
use iamwalk::faces::full_screen::{FullScreen, Hands, Theme};
use iamwalk::faces::{Face, Input};
use iamwalk::view::View;

use super::support::app::{Talk, saved};
use super::support::practice;

/// So many key presses, besides typed text, lead from the first page to a verified profile; none of them meets an error.
#[test]
fn few_keys_lead_to_a_verified_profile() {
    let walk = |name: &str, keys: &[&[Key]], typed: &str, most: usize| {
        let practice = practice();
        let mut talk = Talk::practice();
        talk.settle(&practice);
        let mut count = 0;
        for pressed in keys {
            for key in *pressed {
                assert!(!talk.screen(100, 40).contains('✗'), "{name}: an error before a key\n{}", talk.screen(100, 40));
                talk.press(&[*key]);
                count += 1;
            }
            let is_naming = talk.screen(100, 40).contains("› User name") && !typed.is_empty();
            if is_naming && !talk.screen(100, 40).contains(typed) {
                talk.write(typed);
            }
            // What is saved is told below.
            talk.open.retain(|effect| !matches!(effect, Effect::Save { .. }));
            talk.settle(&practice);
        }
        talk.tell(saved(if typed.is_empty() { name } else { typed }));
        talk.settle(&practice);
        let screen = talk.screen(100, 40);
        assert!(screen.contains("✓ Saved as profile") && screen.contains("✓ yes, as arn:aws:iam"), "{name}:\n{screen}");
        assert!(count <= most, "{name}: {count} presses");
    };
    const ENTER: &[Key] = &[Key::Enter];
    // The start; the name; a use case, its sentence; permissions; tags; review; save.
    let plain: &[&[Key]] = &[ENTER, ENTER, ENTER, ENTER, &[Key::Char(' '), Key::Enter], ENTER, ENTER, ENTER, ENTER];
    walk("plain", plain, "bob", 12);
    let admin: &[&[Key]] = &[&[Key::Down, Key::Enter], ENTER, &[Key::Char(' '), Key::Enter], ENTER, ENTER, ENTER, ENTER];
    walk("admin-user", admin, "", 10);
}

/// On a terminal that shows no page no key does anything, wherever the conversation stands.
#[test]
fn nothing_is_done_blind_on_a_card() {
    let practice = practice();
    let mut stages: Vec<(&str, Talk)> = vec![
        ("start", Talk::practice()),
        ("user", Talk::at_user(&practice)),
        ("access", Talk::at_access(&practice)),
        ("password", Talk::at_own_password(&practice)),
        ("permissions", Talk::at_permissions(&practice)),
        ("review", Talk::at_review(&practice)),
        ("run", Talk::creating(&practice)),
    ];
    let mut policy = Talk::at_permissions(&practice);
    policy.settle(&practice);
    policy.open_new_policy();
    stages.push(("policy", policy));
    let mut question = Talk::at_user(&practice);
    question.back();
    question.back();
    stages.push(("question", question));
    let mut handed = Talk::creating(&self::practice());
    handed.settle(&self::practice());
    stages.push(("stopped or handed over", handed));
    let other = self::practice();
    stages.push(("hand-over", Talk::handed_over(&other)));
    let codes = [
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::Down,
        KeyCode::Delete,
        KeyCode::F(1),
        KeyCode::F(5),
        KeyCode::PageDown,
        KeyCode::Char(' '),
        KeyCode::Char('d'),
        KeyCode::Char('s'),
        KeyCode::Char('r'),
        KeyCode::Char('w'),
        KeyCode::Char('y'),
        KeyCode::Char('/'),
    ];
    for (name, talk) in &mut stages {
        for (width, height) in [(40, 10), (10, 5)] {
            let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(width, height)).unwrap();
            let hands = Hands { suspend: &|_| Ok(()), lend: &|_| Ok(()), take_back: &|| Ok(()) };
            let mut face = FullScreen::new(&mut terminal, Theme::new(true), hands);
            face.show(&View::of(&talk.app)).unwrap();
            let before = format!("{:?} {:?}", talk.app.phase, talk.app.dialog);
            let pressed = codes.iter().map(|code| Terminal::Key(KeyEvent::new(*code, KeyModifiers::NONE)));
            let control =
                [Terminal::Key(KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL)), Terminal::Paste("x\n".to_owned())];
            for input in pressed.chain(control) {
                for event in face.input(Some(Input::Terminal(input.clone()))) {
                    let effects = update(&mut talk.app, event);
                    let acts = effects.iter().any(|effect| !matches!(effect, Effect::WakeIn(..)));
                    assert!(!acts, "{name} at {width}x{height}: {input:?} does {effects:?}");
                }
                let after = format!("{:?} {:?}", talk.app.phase, talk.app.dialog);
                assert!(before == after, "{name} at {width}x{height}: {input:?} changes something");
            }
        }
    }
}

#[test]
fn the_account_at_the_end_says_how_to_undo_and_how_to_do_the_same() {
    let practice = practice();
    let mut talk = Talk::practice();
    talk.settle(&practice);
    talk.choose("Walkthrough", "admin-user");
    talk.go_on();
    talk.go_on();
    talk.tick("I understand");
    talk.go_on();
    talk.go_on_to("Review");
    talk.settle(&practice);
    talk.create();
    talk.settle(&practice);
    talk.tell(saved("work"));
    talk.settle(&practice);
    // On AWS the run would have a name.
    talk.app.context.run = Some("20261130-093000-7f3a".to_owned());
    talk.act("Done");
    talk.answer("Leave anyway");
    let lines = talk.left.unwrap().lines.join("\n");
    for line in [
        "Sign-in URL: https://practice-account.signin.aws.amazon.com/console",
        "The console password is lost: nobody saved it.",
        "Recorded as run 20261130-093000-7f3a. To undo all of it: iamwalk undo 20261130-093000-7f3a",
        "The same without questions: iamwalk admin-user --yes --user=admin-user --practice --save-profile=work",
    ] {
        assert!(lines.contains(line), "no “{line}” in\n{lines}");
    }
    // Where more was chosen than a command says, none is named.
    let other = self::practice();
    let mut talk = Talk::handed_over(&other);
    talk.tell(saved("bob"));
    talk.settle(&other);
    talk.act("Done");
    let lines = talk.left.unwrap().lines.join("\n");
    assert!(!lines.contains("The same without questions"), "{lines}");
}

/// Who does not agree to an undo is where they were, with the key.
#[test]
fn an_undo_that_is_not_agreed_to_takes_nothing() {
    let practice = practice();
    for refuses in ["Not now", "Esc"] {
        let mut talk = Talk::handed_over(&practice);
        let (id, secret) = match &talk.app.phase {
            iamwalk::app::Phase::HandingOver(phase) => phase.key_made().map(|(id, secret)| (id.to_owned(), secret)).unwrap(),
            _ => panic!("{}", talk.screen(100, 30)),
        };
        talk.back();
        talk.answer("Undo everything this run made");
        talk.settle(&practice);
        match refuses {
            "Esc" => talk.back(),
            words => talk.answer(words),
        }
        talk.settle(&practice);
        let screen = talk.screen(100, 30);
        assert!(screen.contains(&id) && screen.contains("✓ yes, as arn"), "{refuses}:\n{screen}");
        assert!(talk.vault.get(secret).is_some(), "{refuses}: the secret is there");
        practice.with_account(|account| assert_eq!(account.user("bob").unwrap().keys.len(), 1, "{refuses}"));
        // And agreed to, it takes all of it.
        talk.back();
        talk.undo(&practice);
        talk.settle(&practice);
        assert!(talk.vault.get(secret).is_none() && practice.with_account(|account| account.user("bob").is_err()), "{refuses}");
    }
}
