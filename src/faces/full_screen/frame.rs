//! What stands around every page: header, rail, footer, the guide's words.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders};

use super::Hits;
use super::sheet::{Sheet, fitted, width};
use super::theme::Theme;
use crate::app::keymap::KeyHint;
use crate::domain::sanitise::clean;
use crate::view::{Header, Tone};

/// The rail's columns.
pub(super) const RAIL_WIDTH: u16 = 15;

/// Two lines: where the calls go, and who makes them.
pub(super) fn header(frame: &mut Frame, area: Rect, header: &Header, theme: Theme) {
    let mut first = vec![Span::styled("iamwalk ", theme.heading())];
    for (_, badge) in [(header.is_practice, " PRACTICE "), (header.is_presenting, " PRESENTER ")].iter().filter(|(on, _)| *on) {
        first.extend([Span::styled(*badge, theme.badge()), Span::raw(" ")]);
    }
    first.extend(header.account.iter().map(|account| Span::raw(clean(account))));
    let (tone, caller) = &header.caller;
    let second = Span::styled(fitted(caller, usize::from(area.width)), theme.tone(*tone));
    if let Some(endpoint) = &header.endpoint {
        let used: usize = first.iter().map(|span| width(&span.content)).sum();
        let room = usize::from(area.width).saturating_sub(used);
        // Where there is little room, the address itself goes before who says it.
        let all = clean(&format!(" · {endpoint}"));
        let address = all.split(" (").next().unwrap_or_default();
        let shown = if width(&all) <= room { &all } else { address };
        first.push(Span::styled(fitted(shown, room), theme.heading()));
    }
    let buffer = frame.buffer_mut();
    buffer.set_line(area.x, area.y, &Line::from(first), area.width);
    buffer.set_line(area.x, area.y + 1, &Line::from(second), area.width);
}

/// A line across.
pub(super) fn rule(frame: &mut Frame, area: Rect, y: u16, theme: Theme) {
    let line = Block::new().borders(Borders::TOP).border_style(theme.dim());
    frame.render_widget(line, Rect { y, height: 1, ..area });
}

/// From this width on the rail stands at the side.
const SIDE: u16 = 100;
/// From this width on a line has all its words.
const LINE: u16 = 80;

/// The rail's place, and what it leaves below a line across: at the side, or above that line.
pub(super) fn rail_and_page(area: Rect) -> (Rect, Rect) {
    if area.width >= SIDE {
        let area = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let page = Rect { x: area.x + RAIL_WIDTH + 1, width: area.width - RAIL_WIDTH - 1, ..area };
        (Rect { width: RAIL_WIDTH, ..area }, page)
    } else {
        (Rect { height: 1, ..area }, Rect { y: area.y + 2, height: area.height - 2, ..area })
    }
}

/// The rail: done, current, to come.
pub(super) fn rail(frame: &mut Frame, area: Rect, (words, at): &(Vec<&str>, usize), theme: Theme) {
    let looks = |i: usize| match i.cmp(at) {
        std::cmp::Ordering::Less => ("✓ ", theme.sign(Tone::Good), theme.tone(Tone::Good)),
        std::cmp::Ordering::Equal => ("› ", theme.focus(), theme.heading()),
        std::cmp::Ordering::Greater => ("  ", theme.dim(), theme.dim()),
    };
    if area.height > 1 {
        for (i, word) in words.iter().enumerate().take(usize::from(area.height)) {
            let (sign, signed, style) = looks(i);
            let line = Line::from_iter([Span::styled(sign, signed), Span::styled(*word, style)]);
            frame.buffer_mut().set_line(area.x, area.y + i as u16, &line, area.width);
        }
        for y in area.y..area.bottom() {
            frame.buffer_mut().set_string(area.right() - 1, y, "│", theme.dim());
        }
        return;
    }
    let place = Span::styled(format!("{} of {}", at + 1, words.len()), theme.dim());
    let line = if area.width < LINE {
        let word = words.get(*at).copied().unwrap_or_default();
        Line::from_iter([Span::styled(format!("{word}, "), theme.heading()), place])
    } else {
        let words = words.iter().enumerate().flat_map(|(i, word)| {
            let pointer = Span::styled(if i == *at { "›" } else { "" }, theme.focus());
            [pointer, Span::styled(*word, looks(i).2), Span::raw(" ")]
        });
        Line::from_iter(words.chain([Span::raw(" "), place]))
    };
    frame.buffer_mut().set_line(area.x, area.y, &line, area.width);
}

/// The keys that work here; where it is narrow the minor ones are left out.
pub(super) fn footer(frame: &mut Frame, area: Rect, mut shown: Vec<&KeyHint>, theme: Theme) {
    let columns = |list: &[&KeyHint]| -> usize { list.iter().map(|row| width(row.shown) + width(&row.words) + 4).sum() };
    while columns(&shown) > usize::from(area.width) + 1 {
        let Some(minor) = shown.iter().map(|row| row.minor).max().filter(|minor| *minor > 0) else { break };
        let Some(last) = shown.iter().rposition(|row| row.minor == minor) else { break };
        shown.remove(last);
    }
    let spans = shown.iter().flat_map(|row| {
        [Span::styled(format!(" {}", row.shown), theme.heading()), Span::styled(format!(" {}  ", row.words), theme.dim())]
    });
    frame.buffer_mut().set_line(area.x, area.y, &Line::from_iter(spans), area.width);
}

/// The guide's own words for this page.
pub(super) fn walkthrough(frame: &mut Frame, area: Rect, name: &str, words: &str, theme: Theme) {
    let mut sheet = Sheet::new(area.width.saturating_sub(2), theme);
    sheet.line([(fitted(name, usize::from(area.width) - 2), theme.heading())]);
    sheet.blank();
    sheet.paragraph(0, words, Style::new());
    for y in area.y..area.bottom() {
        frame.buffer_mut().set_string(area.x, y, "│", theme.dim());
    }
    let inner = Rect { x: area.x + 2, width: area.width - 2, ..area };
    sheet.paint(frame, inner, &mut Hits::new(), 0);
}
