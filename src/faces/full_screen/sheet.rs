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

    /// All lines since `from` must be seen; the cursor stands elsewhere among them.
    pub(super) fn focus_cursor(&mut self, from: usize, line: usize, column: usize) {
        self.focus = from..self.lines.len().max(from + 1);
        self.cursor = Some((column, line));
    }

    /// Paints the part around the focus, moved by `peek` lines; says whether the focus is among it. The cursor is shown only where
    /// `with_cursor`.
    pub(super) fn paint(self, frame: &mut Frame, area: Rect, hits: &mut Hits, peek: isize, with_cursor: bool) -> bool {
        let height = usize::from(area.height);
        if height == 0 || area.width == 0 {
            return false;
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
        let Some((column, line)) = self.cursor else { return true };
        let is_seen = (top..top + height).contains(&line);
        if is_seen && with_cursor {
            let x = area.x + (column as u16).min(area.width - 1);
            frame.set_cursor_position(Position { x, y: area.y + (line - top) as u16 });
        }
        is_seen
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

/// A text in exactly `columns` columns: cut with `…`, or filled with blanks.
pub(super) fn fitted(text: &str, columns: usize) -> String {
    let text = clean(text);
    let full = width(&text);
    if full <= columns {
        return text + &" ".repeat(columns - full);
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let next = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used + next + 1 > columns {
            break;
        }
        out.push(c);
        used += next;
    }
    if columns > 0 {
        out.push('…');
        used += 1;
    }
    out + &" ".repeat(columns.saturating_sub(used))
}
