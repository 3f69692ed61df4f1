//! Colours, and what stands in for them: every colour has a sign or a modifier beside it, so that `NO_COLOR` loses nothing.

use ratatui::style::{Color, Modifier, Style};

use crate::view::Tone;

/// How things look.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    color: bool,
}

impl Theme {
    /// With colours or without (`NO_COLOR`).
    pub fn new(color: bool) -> Self {
        Self { color }
    }

    fn fg(self, color: Color) -> Style {
        if self.color { Style::new().fg(color) } else { Style::new() }
    }

    /// How something of this tone looks.
    pub fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => Style::new(),
            Tone::Dim => self.dim(),
            Tone::Accent => self.accent(),
            Tone::Good => self.good(),
            Tone::Bad => self.bad(),
            Tone::Warning => self.warning(),
        }
    }

    /// Titles and the current place.
    pub fn accent(self) -> Style {
        self.fg(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    pub fn dim(self) -> Style {
        if self.color { Style::new().fg(Color::Gray) } else { Style::new().add_modifier(Modifier::DIM) }
    }

    /// All is well; beside ✓.
    pub fn good(self) -> Style {
        self.fg(Color::Green)
    }

    /// Wrong; beside ✗.
    pub fn bad(self) -> Style {
        self.fg(Color::LightRed).add_modifier(Modifier::BOLD)
    }

    /// Worth a second thought; beside !.
    pub fn warning(self) -> Style {
        self.fg(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    pub fn highlight(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    pub fn field(self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }

    pub fn badge(self) -> Style {
        if self.color {
            Style::new().fg(Color::Black).bg(Color::Yellow).add_modifier(Modifier::BOLD)
        } else {
            Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD)
        }
    }
}
