//! Cells from state: reads the app, changes nothing. Goes out: a frame, and where on it something can be clicked.

mod fields;
mod frame;
mod phases;

mod sheet;
mod theme;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Clear};

use crate::app::dialog::{Asked, Dialog};
use crate::app::event::Target;
use crate::app::{App, Context, Phase};
use crate::domain::sanitise::clean;
use sheet::Sheet;

pub use theme::Theme;

/// What can be clicked, and where.
pub type Hits = Vec<(Rect, Target)>;

/// What of the conversation is to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// What keys act on.
    Whole,
    /// That is scrolled away.
    Away,
    /// Only that the terminal is too small.
    Card,
}

/// A frame, as the person sees it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What can be clicked.
    pub hits: Hits,
    /// What can be seen.
    pub sight: Sight,
}

impl Shown {
    /// Nothing to click, and nobody who presses keys.
    pub fn lines() -> Self {
        Self { hits: Hits::new(), sight: Sight::Whole }
    }
}

/// The smallest terminal that shows a page.
pub const SMALLEST: (u16, u16) = (60, 18);
/// From this width on the guide's words stand beside the page.
const WIDE: u16 = 110;
const GUIDE_WIDTH: u16 = 32;
/// The rows of a list in a dialog.
const DIALOG_LIST: usize = 8;

/// Draws a frame; says what can be clicked on it, and what is to be seen.
pub fn draw(app: &App, theme: Theme, frame: &mut Frame) -> Shown {
    let area = frame.area();
    let mut hits = Hits::new();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        card(frame, area, &app.card(SMALLEST), theme);
        return Shown { hits, sight: Sight::Card };
    }
    frame::header(frame, Rect { height: 3, ..area }, &app.context, theme);
    let body = Rect { y: area.y + 3, height: area.height - 5, ..area };
    frame::rail(frame, Rect { width: frame::RAIL_WIDTH, ..body }, &app.rail(), theme);
    let mut page = Rect { x: body.x + frame::RAIL_WIDTH + 1, width: body.width - frame::RAIL_WIDTH - 1, ..body };
    let (guide_name, guide_words) = guide(&app.phase);
    let beside = area.width >= WIDE && !guide_words.is_empty();
    if beside {
        page.width -= GUIDE_WIDTH + 1;
        let side = Rect { x: page.right() + 1, width: GUIDE_WIDTH, ..page };
        frame::guide(frame, side, guide_name, guide_words, theme);
    }
    let with_cursor = app.dialog.is_none();
    let mut is_seen = body_of(app, theme, frame, page, &mut hits, (with_cursor, beside));

    let rule = Rect { y: area.bottom() - 2, height: 1, ..area };
    frame.buffer_mut().set_string(rule.x, rule.y, "─".repeat(usize::from(rule.width)), theme.dim());
    let footer = Rect { y: area.bottom() - 1, height: 1, ..area };
    frame::footer(frame, footer, &app.keys(), theme);
    if let Some(open) = &app.dialog {
        hits.clear();
        is_seen = dialog(frame, body, (open, app.peek), &app.context, theme, &mut hits);
    }
    Shown { hits, sight: if is_seen { Sight::Whole } else { Sight::Away } }
}

fn guide(phase: &Phase) -> (&str, &str) {
    match phase {
        Phase::Starting(starting) => (&starting.guide().name, &starting.guide().words.walkthrough),
        Phase::Asking(asking) => (&asking.guide().name, (asking.page().words)(asking.guide())),
        Phase::WritingPolicy(page) => (&page.asking().guide().name, &page.asking().guide().words.permissions),
        Phase::Reviewing(reviewing) => (&reviewing.guide().name, &reviewing.guide().words.review),
        Phase::HandingOver(handing_over) => (&handing_over.guide().name, &handing_over.guide().words.hand_over),
        _ => ("", ""),
    }
}

/// The page; whether what keys act on is to be seen.
fn body_of(app: &App, theme: Theme, frame: &mut Frame, area: Rect, hits: &mut Hits, (with_cursor, beside): (bool, bool)) -> bool {
    frame.buffer_mut().set_string(area.x, area.y, app.title(), theme.accent());
    let area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    // The last column is the scroll marks' own.
    let mut sheet = Sheet::new(area.width - 2, theme);
    let height = usize::from(area.height);
    match &app.phase {
        Phase::Starting(_) | Phase::Asking(_) => {
            // What the guide says of the page says it better; on a wide terminal it stands beside.
            let (guide, words) = guide(&app.phase);
            if beside || words.is_empty() {
                sheet.paragraph(0, app.why(), theme.dim());
            } else {
                sheet.paragraph(0, &format!("{guide}: {words}"), theme.dim());
            }
            sheet.blank();
            let used = sheet.len();
            if let Some(form) = app.form() {
                fields::form(&mut sheet, form, &app.context, height.saturating_sub(used));
            }
        }
        Phase::WritingPolicy(page) => {
            sheet.blank();
            fields::form(&mut sheet, page.form(), &app.context, height.saturating_sub(1));
        }
        Phase::Reviewing(reviewing) => phases::review(&mut sheet, reviewing, &app.context),
        Phase::Resuming(resuming) => phases::resuming(&mut sheet, resuming, &app.context),
        Phase::Creating(creating) => phases::create(&mut sheet, creating, &app.context),
        Phase::HandingOver(handing_over) => phases::hand_over(&mut sheet, handing_over, &app.context),
        Phase::Opening(_) => sheet.paragraph(2, "Opening the record of the run …", theme.accent()),
        Phase::Left => {}
    }
    sheet.paint(frame, area, hits, app.peek, with_cursor)
}

/// In front of the page; rail, header and footer stay in sight. Whether what keys act on does.
fn dialog(
    frame: &mut Frame,
    body: Rect,
    (open, peek): (&Dialog, isize),
    context: &Context,
    theme: Theme,
    hits: &mut Hits,
) -> bool {
    let area = Rect { x: body.x + frame::RAIL_WIDTH, width: body.width - frame::RAIL_WIDTH, ..body };
    let widest = if matches!(open.asked, Asked::Listing { .. }) { 110 } else { 72 };
    let width = area.width.saturating_sub(2).min(widest);
    let mut sheet = Sheet::new(width - 4, theme);
    // What is long is read from its start, and closed from there.
    let is_long = matches!(open.asked, Asked::Listing { .. });
    if is_long {
        choices(&mut sheet, open);
        sheet.blank();
    }
    for words in &open.words {
        if words.is_empty() { sheet.blank() } else { sheet.paragraph(0, words, Style::new()) }
    }
    sheet.blank();
    fields::form(&mut sheet, &open.form, context, DIALOG_LIST);
    if !is_long {
        choices(&mut sheet, open);
    }
    let height = (sheet.len() as u16 + 2).min(area.height);
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    let block = Block::bordered().title(format!(" {} ", clean(&open.title))).border_style(theme.accent());
    let inner = block.inner(place);
    frame.render_widget(Clear, place);
    frame.render_widget(block, place);
    let inner = Rect { x: inner.x + 1, width: inner.width - 2, ..inner };
    sheet.paint(frame, inner, hits, peek, true)
}

/// A dialog's answers.
fn choices(sheet: &mut Sheet, open: &Dialog) {
    let theme = sheet.theme;
    for (i, choice) in open.choices.iter().enumerate() {
        let from = sheet.len();
        let at = open.at == i;
        let style = if at { theme.highlight() } else { Style::new() };
        sheet.line([(if at { "› " } else { "  " }.to_owned(), theme.accent()), (format!(" {choice} "), style)]);
        sheet.target(from, Target::Entry(i));
        if at {
            sheet.focus(from, 2);
        }
    }
}

/// The card below the smallest size: it says so, whatever the size.
fn card(frame: &mut Frame, area: Rect, words: &str, theme: Theme) {
    let lines = sheet::wrapped(words, usize::from(area.width));
    for (i, line) in lines.iter().enumerate().take(usize::from(area.height)) {
        frame.buffer_mut().set_stringn(area.x, area.y + i as u16, line, usize::from(area.width), theme.warning());
    }
}
