//! How things look. Words are the default foreground, plain, bold or dim, so that they can be read on every palette, light and dark.
//! Colour stands only on signs and on the pointer of the focus, and is one of the indices 5, 9 and 13, which have a contrast of at
//! least 3 to 1 on the palettes of xterm, GNOME and Solarized. `NO_COLOR` loses nothing: each has its sign.

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

    fn bold(self, index: u8) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        if self.color { bold.fg(Color::Indexed(index)) } else { bold }
    }

    /// Where the keys go.
    pub fn focus(self) -> Style {
        self.bold(5)
    }

    /// A sign before words of this tone.
    pub fn sign(self, tone: Tone) -> Style {
        match tone {
            Tone::Bad => self.bold(9),
            Tone::Warning => self.bold(13),
            Tone::Plain | Tone::Dim | Tone::Accent | Tone::Good => self.tone(tone),
        }
    }

    /// How words of this tone look.
    pub fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Plain | Tone::Good => Style::new(),
            Tone::Dim => self.dim(),
            Tone::Accent | Tone::Bad | Tone::Warning => self.heading(),
        }
    }

    /// Titles, and the current place.
    pub fn heading(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// A string of a policy: what denies, and what means everything, stand out.
    pub fn value(self, string: &str) -> Style {
        match string {
            "\"Deny\"" => self.bold(9),
            "\"*\"" => self.bold(13),
            _ => Style::new(),
        }
    }

    /// A line of a diff, by its sign.
    pub fn changed(self, is_new: bool) -> Style {
        self.bold(if is_new { 13 } else { 9 })
    }

    pub fn highlight(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    pub fn field(self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }

    pub fn badge(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD)
    }
}
