//! What the terminal and the system say, in the conversation's own events.

use crossterm::event::{Event as Terminal, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use ratatui::layout::Position;

use crate::app::event::{Event, Key, Signal};
use crate::domain::secret::Secret;
use crate::ui::Hits;

/// What comes from outside.
#[derive(Debug)]
pub enum Input {
    /// From the terminal.
    Terminal(Terminal),
    /// From the system.
    Signal(Signal),
    /// The program is to go into the background.
    Suspend,
}

/// A burst of keys this long, with more behind a line end, is a paste of a terminal that does not say so.
const BURST: usize = 8;

/// What the input since the last frame means.
pub(super) fn events_of_input(inputs: Vec<Option<Input>>, hits: &Hits) -> Vec<Event> {
    let mut events: Vec<Event> = inputs.into_iter().filter_map(|input| event_of_input(input, hits)).collect();
    let keys: Option<String> = events
        .iter()
        .map(|event| match event {
            Event::Key(Key::Char(c)) => Some(*c),
            Event::Key(Key::Enter) => Some('\n'),
            Event::Key(Key::Tab) => Some('\t'),
            _ => None,
        })
        .collect();
    if let Some(text) =
        keys.filter(|text| text.chars().count() >= BURST && text.trim_end_matches(['\n', '\t']).contains(['\n', '\t']))
    {
        events = vec![Event::Paste(Secret::new(text))];
    }
    events
}

fn event_of_input(input: Option<Input>, hits: &Hits) -> Option<Event> {
    match input {
        // The terminal is gone.
        None => Some(Event::Signal(Signal::HangUp)),
        Some(Input::Signal(signal)) => Some(Event::Signal(signal)),
        Some(Input::Suspend) => Some(Event::Suspended),
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
    let control = key.modifiers.contains(KeyModifiers::CONTROL) && !key.modifiers.contains(KeyModifiers::ALT);
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

    fn typed(text: &str) -> Vec<Option<Input>> {
        let code = |c| match c {
            '\n' => KeyCode::Enter,
            c => KeyCode::Char(c),
        };
        text.chars().map(|c| Some(Input::Terminal(Terminal::Key(KeyEvent::new(code(c), KeyModifiers::NONE))))).collect()
    }

    #[test]
    fn a_burst_with_lines_is_a_paste_and_typing_is_not() {
        let events = events_of_input(typed("{\n  \"Version\": 1\n}\n"), &Hits::new());
        assert!(matches!(&events[..], [Event::Paste(text)] if text.expose().starts_with("{\n  \"Version\"")));
        for text in ["bob\n", "a-long-user-name\n", "x"] {
            let events = events_of_input(typed(text), &Hits::new());
            assert_eq!(events.len(), text.len(), "{text}");
            assert!(events.iter().all(|event| matches!(event, Event::Key(_))));
        }
    }

    #[test]
    fn releases_are_no_presses_and_the_end_of_the_terminal_hangs_up() {
        let mut key = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
        key.kind = KeyEventKind::Release;
        assert!(events_of_input(vec![Some(Input::Terminal(Terminal::Key(key)))], &Hits::new()).is_empty());
        assert!(matches!(events_of_input(vec![None], &Hits::new())[..], [Event::Signal(Signal::HangUp)]));
    }

    #[test]
    fn a_click_means_the_innermost_target() {
        let area = |width| Rect { x: 0, y: 0, width, height: 1 };
        let hits = vec![(area(80), Target::Field(1)), (area(10), Target::Row { field: 1, row: 2 })];
        let click = |column| {
            let kind = MouseEventKind::Down(MouseButton::Left);
            Some(Input::Terminal(Terminal::Mouse(MouseEvent { kind, column, row: 0, modifiers: KeyModifiers::NONE })))
        };
        let target = |column| match events_of_input(vec![click(column)], &hits)[..] {
            [Event::Click(target)] => Some(target),
            _ => None,
        };
        assert_eq!(target(3), Some(Target::Row { field: 1, row: 2 }));
        assert_eq!(target(30), Some(Target::Field(1)));
        assert_eq!(target(90), None);
    }
}
