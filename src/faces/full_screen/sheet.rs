//! A sheet: the lines of a body, which of them can be clicked, and where the person is. It scrolls so that this place is seen.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::Hits;
use super::theme::Theme;
use crate::app::event::Target;
use crate::domain::sanitise::clean;
use crate::view::Tone;

/// How a sheet was painted.
#[derive(Clone, Copy)]
pub(super) struct Painted {
    /// Whether what keys act on is to be seen.
    pub is_seen: bool,
    /// Whether there is more than fits.
    pub scrolls: bool,
}

/// Lines of a body under construction.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) width: usize,
    pub(super) theme: Theme,
    lines: Vec<Line<'static>>,
    targets: Vec<(Range<usize>, Target)>,
    /// The lines that must be seen.
    focus: Range<usize>,
    /// Where the terminal's cursor stands: column and line.
    cursor: Option<(usize, usize)>,
}

impl Sheet {
    pub(super) fn new(width: u16, theme: Theme) -> Self {
        Self { width: usize::from(width), theme, lines: Vec::new(), targets: Vec::new(), focus: 0..1, cursor: None }
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether the last line is empty, or there is none.
    pub(super) fn is_blank(&self) -> bool {
        self.lines.last().is_none_or(|line| line.width() == 0)
    }

    pub(super) fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    /// A line of pieces, cleaned; what is too long is cut.
    pub(super) fn line(&mut self, pieces: impl IntoIterator<Item = (String, Style)>) {
        let spans = pieces.into_iter().map(|(text, style)| Span::styled(clean(&text), style));
        self.lines.push(Line::from_iter(spans));
    }

    /// A paragraph, wrapped, with an indent.
    pub(super) fn paragraph(&mut self, indent: usize, text: &str, style: Style) {
        for line in wrapped(text, self.width.saturating_sub(indent)) {
            self.line([(" ".repeat(indent), Style::new()), (line, style)]);
        }
    }

    /// A line of a diff: its sign, and what stands behind it.
    pub(super) fn changed(&mut self, sign: &str, text: &str) {
        let look = self.theme.changed(sign.starts_with('+'));
        for (i, line) in hanging(text, self.width.saturating_sub(2)).into_iter().enumerate() {
            self.line([(if i == 0 { sign } else { "  " }.to_owned(), look), (line, Style::new())]);
        }
    }

    /// A remark with its sign: the paragraph hangs behind it.
    pub(super) fn remark(&mut self, indent: usize, sign: &str, text: &str, tone: Tone) {
        let hang = indent + 2;
        for (i, line) in wrapped(text, self.width.saturating_sub(hang)).into_iter().enumerate() {
            let lead = if i == 0 { format!("{}{sign} ", " ".repeat(indent)) } else { " ".repeat(hang) };
            self.line([(lead, self.theme.sign(tone)), (line, self.theme.tone(tone))]);
        }
    }

    /// All lines since `from` are this target.
    pub(super) fn target(&mut self, from: usize, target: Target) {
        self.targets.push((from..self.lines.len(), target));
    }

    /// All lines since `from` must be seen; the cursor stands at this column of the first.
    pub(super) fn focus(&mut self, from: usize, column: usize) {
        self.focus = from..self.lines.len().max(from + 1);
        self.cursor = Some((column, from));
    }

    /// What has come since belongs to the lines that must be seen.
    pub(super) fn focus_to_here(&mut self) {
        self.focus.end = self.lines.len().max(self.focus.end);
    }

    /// All lines since `from` must be seen; the cursor stands elsewhere among them.
    pub(super) fn focus_cursor(&mut self, from: usize, line: usize, column: usize) {
        self.focus = from..self.lines.len().max(from + 1);
        self.cursor = Some((column, line));
    }

    /// Paints the part around the focus, moved by `peek` lines.
    pub(super) fn paint(self, frame: &mut Frame, area: Rect, hits: &mut Hits, peek: isize) -> Painted {
        let height = usize::from(area.height);
        if height == 0 || area.width == 0 {
            return Painted { is_seen: false, scrolls: false };
        }
        let last_top = self.lines.len().saturating_sub(height);
        // The focused lines, from their start where they don't fit, with a line of what is around them.
        let lowest = (self.focus.end + 1).saturating_sub(height);
        let around = lowest.min(self.focus.start.saturating_sub(1));
        // Where not all of it fits, the line with the cursor does.
        let at = self.cursor.map_or(self.focus.start, |(_, line)| line);
        let top = around.max((at + 2).saturating_sub(height)).min(last_top).saturating_add_signed(peek).min(last_top);
        for (row, line) in self.lines.iter().skip(top).take(height).enumerate() {
            frame.buffer_mut().set_line(area.x, area.y + row as u16, line, area.width);
        }
        let marks = [(top > 0, area.y, "▲"), (top < last_top, area.bottom() - 1, "▼")];
        for (_, y, mark) in marks.into_iter().filter(|(more, ..)| *more) {
            frame.buffer_mut().set_string(area.right() - 1, y, mark, self.theme.heading());
        }
        for (lines, target) in &self.targets {
            let seen = lines.start.max(top)..lines.end.min(top + height);
            if !seen.is_empty() {
                let y = area.y + (seen.start - top) as u16;
                hits.push((Rect { x: area.x, y, width: area.width, height: seen.len() as u16 }, *target));
            }
        }
        let scrolls = last_top > 0;
        let Some((column, line)) = self.cursor else { return Painted { is_seen: true, scrolls } };
        let is_seen = (top..top + height).contains(&line);
        if is_seen {
            let x = area.x + (column as u16).min(area.width - 1);
            frame.set_cursor_position(Position { x, y: area.y + (line - top) as u16 });
        }
        Painted { is_seen, scrolls }
    }
}

/// Word-wrapped lines of a text; a width of nothing still gives lines.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let text = text.lines().map(clean).collect::<Vec<_>>().join("\n");
    // Not at hyphens: names, ARNs, paths and addresses are whole words.
    let options = textwrap::Options::new(width.max(8)).word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(&text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// A line whose indent is kept by those that follow.
pub(super) fn hanging(line: &str, width: usize) -> Vec<String> {
    let text = line.trim_start();
    let indent = " ".repeat(line.len() - text.len());
    wrapped(text, width.saturating_sub(indent.len())).into_iter().map(|piece| format!("{indent}{piece}")).collect()
}

/// The columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// A text in exactly `columns` columns: cut in its middle, or filled with blanks.
pub(super) fn fitted(text: &str, columns: usize) -> String {
    let cut = cut(&clean(text), columns);
    let used = width(&cut);
    cut + &" ".repeat(columns.saturating_sub(used))
}

/// Names in at most `columns` columns, cut so that no two that differ look alike.
pub(super) fn apart(names: &[&str], columns: usize) -> Vec<String> {
    let names: Vec<String> = names.iter().map(|name| clean(name)).collect();
    let mut cuts: Vec<String> = names.iter().map(|name| cut(name, columns)).collect();
    // Each turn tells at least two of them apart.
    for _ in 0..names.len() {
        let alike = |i: usize| (0..names.len()).filter(|j| cuts[*j] == cuts[i] && names[*j] != names[i]).collect::<Vec<_>>();
        let Some((first, others)) = (0..names.len()).map(|i| (i, alike(i))).find(|(_, alike)| !alike.is_empty()) else { break };
        let shared = others.iter().map(|j| shared(&names[first], &names[*j])).min().unwrap_or_default();
        for i in std::iter::once(first).chain(others) {
            cuts[i] = cut_up_to(&names[i], columns, shared);
        }
    }
    cuts
}

/// How many characters two names begin with alike.
fn shared(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
}

/// A text in at most `columns` columns: what is too long loses its middle.
fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(1) else { return String::new() };
    let head = start(text, room.div_ceil(2));
    let back: String = text.chars().rev().collect();
    let tail: String = start(&back, room.saturating_sub(width(head))).chars().rev().collect();
    format!("{head}…{tail}")
}

/// A text in at most `columns` columns: its beginning, and what stands from its character `at` on.
fn cut_up_to(text: &str, columns: usize, at: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let head = start(text, columns.saturating_sub(2) / 3);
    let from = at.clamp(head.chars().count(), text.chars().count() - 1);
    let rest: String = text.chars().skip(from).collect();
    let room = columns.saturating_sub(width(head) + 1);
    match width(&rest) <= room {
        true => format!("{head}…{rest}"),
        false => format!("{head}…{}…", start(&rest, room.saturating_sub(1))),
    }
}

/// As much of a text's beginning as fits.
pub(super) fn start(text: &str, columns: usize) -> &str {
    if text.is_ascii() {
        return &text[..columns.min(text.len())];
    }
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    // Of whole texts, as they are drawn: a sign behind another may change its width.
    ends.take_while(|end| width(&text[..*end]) <= columns).last().map_or("", |end| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_cut_in_their_middle() {
        assert_eq!(fitted("AmazonEC2ContainerRegistryFullAccess", 20), "AmazonEC2C…ullAccess");
        assert_eq!(fitted("bob", 5), "bob  ");
        assert_eq!((fitted("bob", 0), fitted("bob", 1)), (String::new(), "…".to_owned()));
        let names = ["AWSDeepRacerAccountAdminAccess-of-the-first-race", "AWSDeepRacerAccountAdminAccess-of-the-other-race"];
        let cuts = apart(&names, 20);
        assert!(cuts[0] != cuts[1] && cuts.iter().all(|cut| width(cut) <= 20), "{cuts:?}");
    }

    proptest! {
        #[test]
        fn a_cut_fits(text in "[a-zA-Z0-9é漢-]{0,60}", columns in 0_usize..50, at in 0_usize..40) {
            prop_assert!(width(&cut(&text, columns)) <= columns);
            prop_assert!(columns < 2 || width(&cut_up_to(&text, columns, at)) <= columns);
            prop_assert_eq!(width(&fitted(&text, columns)), columns);
        }

        #[test]
        fn two_names_never_look_alike(head in "[a-z]{0,40}", middle in ("[a-z]{1,9}", "[a-z]{1,9}"), tail in "[a-z]{0,40}") {
            let (one, other) = (format!("{head}{}{tail}", middle.0), format!("{head}{}{tail}", middle.1));
            prop_assume!(one != other);
            let cuts = apart(&[&one, &other], 24);
            prop_assert_ne!(&cuts[0], &cuts[1]);
            prop_assert!(cuts.iter().all(|cut| width(cut) <= 24));
        }
    }
}
