//! The full screen: cells from a view, and what keys and clicks mean by what is on it.

mod fields;
mod frame;
mod input;
mod parts;
mod sheet;
mod theme;
mod tokens;
mod too_small;

use std::io;

use ratatui::Frame;
use ratatui::backend::Backend;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Block;

use super::{Face, Input};
use crate::app::event::{Event, Target};
use crate::app::keymap::SCROLL;
use crate::domain::sanitise::clean;
use crate::view::{DialogView, View};
use sheet::{Painted, Sheet, hanging};

pub use theme::Theme;
pub use too_small::SMALLEST;

/// What can be clicked, and where.
pub type Hits = Vec<(Rect, Target)>;

/// What of the conversation is to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// What keys act on.
    Whole,
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
    pub visibility: Visibility,
}

pub struct FullScreen<'a, B: Backend> {
    pub terminal: &'a mut ratatui::Terminal<B>,
    pub theme: Theme,
    /// How the terminal is given away and taken again.
    pub hands: Hands<'a>,
    shown: Shown,
}

/// How the terminal is given away and taken again.
#[derive(Clone, Copy)]
pub struct Hands<'a> {
    /// Gives the terminal back where it is ours, stops the program, and takes the terminal again.
    pub suspend: &'a dyn Fn(bool) -> io::Result<()>,
    /// Gives the terminal to another program, with a word on what runs.
    pub lend: &'a dyn Fn(&str) -> io::Result<()>,
    pub take_back: &'a dyn Fn() -> io::Result<()>,
}

impl<'a, B: Backend> FullScreen<'a, B> {
    /// On this terminal; nothing was shown yet.
    pub fn new(terminal: &'a mut ratatui::Terminal<B>, theme: Theme, hands: Hands<'a>) -> Self {
        Self { terminal, theme, hands, shown: Shown { hits: Hits::new(), visibility: Visibility::Card } }
    }
}

impl<B: Backend> Face for FullScreen<'_, B>
where
    B::Error: std::error::Error + Send + Sync + 'static,
{
    fn show(&mut self, view: &View) -> io::Result<()> {
        let (theme, shown) = (self.theme, &mut self.shown);
        self.terminal.draw(|frame| *shown = draw(view, theme, frame)).map_err(io::Error::other)?;
        Ok(())
    }

    fn input(&mut self, input: Option<Input>) -> Vec<Event> {
        input::events_of_input(input, &self.shown)
    }

    fn lend(&mut self, words: &str) -> io::Result<()> {
        (self.hands.lend)(words)
    }

    fn take_back(&mut self) -> io::Result<()> {
        (self.hands.take_back)()?;
        self.terminal.swap_buffers();
        Ok(())
    }

    fn suspend(&mut self, is_ours: bool) -> io::Result<()> {
        (self.hands.suspend)(is_ours)?;
        // What is on the screen now is the shell's: nothing that was drawn before counts. (`clear` would ask the terminal where
        // its cursor is, and the answer would be taken for input.)
        self.terminal.swap_buffers();
        Ok(())
    }
}

/// From this width on the guide's words stand beside the page.
const WIDE: u16 = 110;
const GUIDE_WIDTH: u16 = 32;
const DIALOG_LIST: usize = 8;

/// Draws a frame; says what can be clicked on it, and what is to be seen.
pub fn draw(view: &View<'_>, theme: Theme, frame: &mut Frame) -> Shown {
    let area = frame.area();
    let mut hits = Hits::new();
    if too_small::is_too_small(area) {
        too_small::card(frame, area, &view.card(SMALLEST), theme);
        return Shown { hits, visibility: Visibility::Card };
    }
    frame::header(frame, Rect { height: 2, ..area }, &view.header, theme);
    let below = Rect { y: area.y + 2, height: area.height - 4, ..area };
    let (rail, mut page) = frame::rail_and_page(below);
    frame::rail(frame, rail, &view.rail, theme);
    frame::rule(frame, area, page.y - 1, theme);
    let (walkthrough, words) = view.walkthrough;
    let beside = area.width >= WIDE && !words.is_empty() && view.dialog.is_none();
    if beside {
        page.width -= GUIDE_WIDTH + 1;
        let side = Rect { x: page.right() + 1, width: GUIDE_WIDTH, ..page };
        frame::walkthrough(frame, side, walkthrough, words, theme);
    }
    // What the guide says of the page says it better; on a wide terminal it stands beside.
    let why = (!beside && !words.is_empty()).then(|| format!("{walkthrough}: {words}"));
    let whole = Rect { width: below.right() - page.x, ..page };
    let painted = match &view.dialog {
        // What is behind a question is not to be seen: no key means it.
        Some(open) => dialog(frame, whole, (open, view.peek), theme, &mut hits),
        None => body_of(view, theme, frame, page, &mut hits, why.as_deref()),
    };

    frame::rule(frame, area, area.bottom() - 2, theme);
    let footer = Rect { y: area.bottom() - 1, height: 1, ..area };
    let keys = view.keys.iter().filter(|hint| painted.scrolls || hint.shown != SCROLL);
    frame::footer(frame, footer, keys.collect(), theme);
    Shown { hits, visibility: if painted.is_seen { Visibility::Whole } else { Visibility::Away } }
}

/// The page.
fn body_of(view: &View<'_>, theme: Theme, frame: &mut Frame, area: Rect, hits: &mut Hits, why: Option<&str>) -> Painted {
    frame.buffer_mut().set_string(area.x, area.y, view.title, theme.heading());
    let area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    // The last column is the scroll marks' own.
    let mut sheet = Sheet::new(area.width - 2, theme);
    parts::page(&mut sheet, &view.body(), why, usize::from(area.height));
    sheet.paint(frame, area, hits, view.peek)
}

/// The height of a question that has fields: it stays while they are gone through, whatever is said of them.
const WITH_FIELDS: u16 = 20;

/// In place of the page; rail, header and footer stay in sight.
fn dialog(frame: &mut Frame, area: Rect, (open, peek): (&DialogView<'_>, isize), theme: Theme, hits: &mut Hits) -> Painted {
    let widest = if open.is_wide { 110 } else { 72 };
    let width = area.width.saturating_sub(2).min(widest);
    let sheet = dialog_sheet(open, width, theme);
    let wanted = if open.form.form.fields.is_empty() { sheet.len() as u16 + 4 } else { WITH_FIELDS };
    let height = wanted.min(area.height);
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    let block =
        Block::bordered().title(format!(" {} ", clean(open.title))).title_style(theme.heading()).border_style(theme.dim());
    let inner = block.inner(place);
    frame.render_widget(block, place);
    let inner = Rect { x: inner.x + 2, width: inner.width - 3, ..inner };
    // A line of padding, where there is room.
    let padding = u16::from(sheet.len() + 2 <= usize::from(inner.height));
    let inner = Rect { y: inner.y + padding, height: inner.height - 2 * padding, ..inner };
    sheet.paint(frame, inner, hits, peek)
}

/// A dialog's lines.
fn dialog_sheet(open: &DialogView<'_>, width: u16, theme: Theme) -> Sheet {
    let mut sheet = Sheet::new(width - 6, theme);
    // What is long is read from its start, and closed from there.
    if open.is_long {
        choices(&mut sheet, open);
        sheet.blank();
    }
    for words in open.words {
        match words.split_at_checked(2) {
            _ if words.is_empty() => sheet.blank(),
            Some((sign @ ("- " | "+ "), rest)) if open.is_diff => sheet.changed(sign, rest),
            _ => {
                let lines = hanging(words, sheet.width);
                lines.into_iter().for_each(|line| sheet.line([(line, Style::new())]));
            }
        }
    }
    sheet.blank();
    fields::form(&mut sheet, &open.form, DIALOG_LIST);
    if !open.is_long {
        choices(&mut sheet, open);
    }
    sheet
}

/// A dialog's answers.
fn choices(sheet: &mut Sheet, open: &DialogView<'_>) {
    let theme = sheet.theme;
    let (all, highlighted) = open.choices;
    for (i, choice) in all.iter().enumerate() {
        let from = sheet.len();
        let at = highlighted == i;
        let style = if at { theme.highlight() } else { Style::new() };
        sheet.line([(if at { "› " } else { "  " }.to_owned(), theme.focus()), ((*choice).to_owned(), style)]);
        sheet.target(from, Target::Entry(i));
        if at {
            sheet.focus(from, 2);
        }
    }
}
