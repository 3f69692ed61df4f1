//! When a terminal is too small for a page, and the card that stands there instead.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::Theme;
use super::sheet;

/// The smallest terminal that shows a page: columns and rows.
pub const SMALLEST: (u16, u16) = (60, 18);

/// Whether no page fits.
pub(super) fn is_too_small(area: Rect) -> bool {
    area.width < SMALLEST.0 || area.height < SMALLEST.1
}

/// The card below the smallest size: it says so, whatever the size.
pub(super) fn card(frame: &mut Frame, area: Rect, words: &str, theme: Theme) {
    let lines = sheet::wrapped(words, usize::from(area.width));
    for (i, line) in lines.iter().enumerate().take(usize::from(area.height)) {
        frame.buffer_mut().set_stringn(area.x, area.y + i as u16, line, usize::from(area.width), theme.heading());
    }
}
