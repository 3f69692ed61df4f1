//! What the terminal and the system say, in the conversation's own events.

use crossterm::event::{Event as Terminal, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use ratatui::layout::Position;
use zeroize::Zeroizing;

use super::{Hits, Shown, Visibility};
use crate::app::event::{Event, Key, Signal};
use crate::domain::secret::Secret;
use crate::faces::Input;

/// What an input means, by what is shown.
pub(super) fn events_of_input(input: Option<Input>, shown: &Shown) -> Vec<Event> {
    let events = match input {
        Some(Input::Burst(keys)) => events_of_burst(&keys),
        input => event_of_input(input, &shown.hits).into_iter().collect(),
    };
    events.into_iter().filter_map(|event| seen(event, shown.visibility)).collect()
}

/// A key acts only on what is to be seen. Scrolling, leaving and help act on everything.
fn seen(event: Event, visibility: Visibility) -> Option<Event> {
    match (visibility, event) {
        (Visibility::Card, Event::Key(key)) => Some(Event::OnCard(key)),
        (Visibility::Card, Event::Paste(_) | Event::Burst(_) | Event::Click(_) | Event::Wheel(_)) => None,
        (Visibility::Away, Event::Key(key @ (Key::PageUp | Key::PageDown | Key::Ctrl('c' | 'z') | Key::Esc | Key::F(1)))) => {
            Some(Event::Key(key))
        }
        (Visibility::Away, Event::Key(_) | Event::Paste(_) | Event::Burst(_)) => Some(Event::Unseen),
        (_, event) => Some(event),
    }
}

/// The characters of a burst write together; of its other keys those stay that move and none that act.
fn events_of_burst(keys: &[Terminal]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut text = Zeroizing::new(String::with_capacity(4 * keys.len()));
    let write = |text: &mut Zeroizing<String>, events: &mut Vec<Event>| {
        if !text.is_empty() {
            events.push(Event::Burst(Secret::new(std::mem::take(&mut **text))));
        }
    };
    for key in keys.iter().filter_map(|event| if let Terminal::Key(key) = event { key_of(*key) } else { None }) {
        match key {
            Key::Char(c) => text.push(c),
            Key::Enter => text.push('\n'),
            Key::Tab if !text.is_empty() => text.push('\t'),
            Key::Ctrl('c') => {
                write(&mut text, &mut events);
                events.push(Event::Key(key));
            }
            // Only control characters of a text, or nobody's intention.
            Key::Ctrl(_) | Key::F(_) | Key::Esc | Key::Delete | Key::Backspace => {}
            key => {
                write(&mut text, &mut events);
                events.push(Event::Key(key));
            }
        }
    }
    write(&mut text, &mut events);
    events
}

fn event_of_input(input: Option<Input>, hits: &Hits) -> Option<Event> {
    match input {
        // The terminal is gone.
        None => Some(Event::Signal(Signal::HangUp)),
        Some(Input::Signal(signal)) => Some(Event::Signal(signal)),
        Some(Input::Suspend) => Some(Event::Suspended),
        Some(Input::Burst(_) | Input::Line(_) | Input::Proceed) => None,
        Some(Input::Terminal(event)) => match event {
            Terminal::Key(key) => key_of(key).map(Event::Key),
            Terminal::Paste(text) => Some(Event::Paste(Secret::new(text))),
            Terminal::Resize(..) => Some(Event::Resized),
            Terminal::FocusLost => Some(Event::FocusLost),
            Terminal::FocusGained => None,
            Terminal::Mouse(mouse) => match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => {
                    let place = Position { x: mouse.column, y: mouse.row };
                    // The innermost target was added last.
                    hits.iter().rev().find(|(area, _)| area.contains(place)).map(|(_, target)| Event::Click(*target))
                }
                MouseEventKind::ScrollUp => Some(Event::Wheel(-1)),
                MouseEventKind::ScrollDown => Some(Event::Wheel(1)),
                _ => None,
            },
        },
    }
}

/// Presses only: Windows sends releases too.
fn key_of(key: KeyEvent) -> Option<Key> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::META | KeyModifiers::SUPER | KeyModifiers::HYPER);
    // Windows says Ctrl and Alt for AltGr, which writes. Elsewhere Alt, which is Esc and a key, means nothing here.
    let writes = cfg!(windows) && control && alt;
    if alt && !writes {
        return None;
    }
    let control = control && !writes;
    Some(match key.code {
        KeyCode::Char(c) if control => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::F(n) => Key::F(n),
        KeyCode::Enter => Key::Enter,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Esc => Key::Esc,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::event::Target;
    use crossterm::event::MouseEvent;
    use ratatui::layout::Rect;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
        Input::Terminal(Terminal::Key(KeyEvent::new(code, modifiers)))
    }

    fn burst(text: &str) -> Input {
        let code = |c| match c {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\u{3}' => KeyCode::Char('c'),
            '↓' => KeyCode::Down,
            c => KeyCode::Char(c),
        };
        let control = |c| if c == '\u{3}' { KeyModifiers::CONTROL } else { KeyModifiers::NONE };
        Input::Burst(text.chars().map(|c| Terminal::Key(KeyEvent::new(code(c), control(c)))).collect())
    }

    fn on(visibility: Visibility, input: Input) -> Vec<Event> {
        events_of_input(Some(input), &Shown { hits: Hits::new(), visibility })
    }

    #[test]
    fn a_burst_writes_and_presses_nothing() {
        for text in ["{\n  \"Version\": 1\n}\n", "ticket 4711: done\n", "bob\n", "\n\n\n"] {
            let events = on(Visibility::Whole, burst(text));
            assert!(matches!(&events[..], [Event::Burst(all)] if all.expose() == text), "{text}");
        }
        let moves = on(Visibility::Whole, burst("↓↓↓"));
        assert!(moves.len() == 3 && moves.iter().all(|event| matches!(event, Event::Key(Key::Down))));
        assert!(matches!(&on(Visibility::Whole, burst("ab\u{3}"))[..], [Event::Burst(_), Event::Key(Key::Ctrl('c'))]));
    }

    #[test]
    fn a_key_acts_on_what_is_seen() {
        for visibility in [Visibility::Card, Visibility::Away] {
            for code in [KeyCode::Enter, KeyCode::Char('y'), KeyCode::Char(' '), KeyCode::Delete] {
                let events = on(visibility, key(code, KeyModifiers::NONE));
                assert!(matches!(&events[..], [Event::OnCard(_) | Event::Unseen]), "{visibility:?} {code:?}");
            }
            assert!(!on(visibility, burst("yes\n")).iter().any(|event| matches!(event, Event::Burst(_) | Event::Key(_))));
        }
        let leaves = key(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert!(matches!(on(Visibility::Away, leaves)[..], [Event::Key(Key::Ctrl('c'))]));
        assert!(matches!(on(Visibility::Away, key(KeyCode::PageDown, KeyModifiers::NONE))[..], [Event::Key(Key::PageDown)]));
    }

    #[test]
    fn alt_and_esc_sequences_write_nothing() {
        for code in [KeyCode::Char('b'), KeyCode::Char('f'), KeyCode::Enter, KeyCode::Backspace, KeyCode::Left] {
            assert!(on(Visibility::Whole, key(code, KeyModifiers::ALT)).is_empty(), "{code:?}");
        }
        if !cfg!(windows) {
            assert!(on(Visibility::Whole, key(KeyCode::Char('c'), KeyModifiers::ALT | KeyModifiers::CONTROL)).is_empty());
        }
    }

    #[test]
    fn releases_are_no_presses_and_the_end_of_the_terminal_hangs_up() {
        let mut key = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
        key.kind = KeyEventKind::Release;
        assert!(on(Visibility::Whole, Input::Terminal(Terminal::Key(key))).is_empty());
        let shown = Shown { hits: Hits::new(), visibility: Visibility::Card };
        assert!(matches!(events_of_input(None, &shown)[..], [Event::Signal(Signal::HangUp)]));
    }

    #[test]
    fn a_click_means_the_innermost_target() {
        let area = |width| Rect { x: 0, y: 0, width, height: 1 };
        let hits = vec![(area(80), Target::Field(1)), (area(10), Target::Row { field: 1, row: 2 })];
        let click = |column| {
            let kind = MouseEventKind::Down(MouseButton::Left);
            Some(Input::Terminal(Terminal::Mouse(MouseEvent { kind, column, row: 0, modifiers: KeyModifiers::NONE })))
        };
        let shown = Shown { hits, visibility: Visibility::Whole };
        let target = |column| match events_of_input(click(column), &shown)[..] {
            [Event::Click(target)] => Some(target),
            _ => None,
        };
        assert_eq!(target(3), Some(Target::Row { field: 1, row: 2 }));
        assert_eq!(target(30), Some(Target::Field(1)));
        assert_eq!(target(90), None);
    }
}
