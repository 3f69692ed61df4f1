//! What is drawn can be read, by the numbers of the palettes that terminals come with: WCAG 2.2, contrast of words at least 4.5 to 1,
//! of signs and tokens at least 3 to 1. DIM counts as two thirds of the way from the background to the foreground.

use iamwalk::faces::full_screen::Theme;
use iamwalk::view::Tone;
use ratatui::style::{Color, Modifier, Style};

type Rgb = (u8, u8, u8);

struct Palette {
    name: &'static str,
    foreground: Rgb,
    background: Rgb,
    /// The colours 5, 9 and 13.
    colours: [Rgb; 3],
    /// Words keep 4.5 to 1 here: the palette's own foreground does.
    for_words: bool,
}

/// xterm's `XTerm-col.ad`, GNOME's palette of VTE, and Solarized by its author's table.
const PALETTES: [Palette; 6] = [
    xterm("xterm, light", (0, 0, 0), (255, 255, 255)),
    xterm("xterm, dark", (229, 229, 229), (0, 0, 0)),
    gnome("GNOME, light", (0x17, 0x14, 0x21), (255, 255, 255)),
    gnome("GNOME, dark", (0xd0, 0xcf, 0xcc), (0x17, 0x14, 0x21)),
    solarized("Solarized, light", (0x65, 0x7b, 0x83), (0xfd, 0xf6, 0xe3)),
    solarized("Solarized, dark", (0x83, 0x94, 0x96), (0x00, 0x2b, 0x36)),
];

const fn xterm(name: &'static str, foreground: Rgb, background: Rgb) -> Palette {
    Palette { name, foreground, background, colours: [(205, 0, 205), (255, 0, 0), (255, 0, 255)], for_words: true }
}

const fn gnome(name: &'static str, foreground: Rgb, background: Rgb) -> Palette {
    let colours = [(0xa3, 0x47, 0xba), (0xf6, 0x61, 0x51), (0xc0, 0x61, 0xcb)];
    Palette { name, foreground, background, colours, for_words: true }
}

const fn solarized(name: &'static str, foreground: Rgb, background: Rgb) -> Palette {
    let colours = [(0xd3, 0x36, 0x82), (0xcb, 0x4b, 0x16), (0x6c, 0x71, 0xc4)];
    Palette { name, foreground, background, colours, for_words: false }
}

/// WCAG's relative luminance.
fn luminance((r, g, b): Rgb) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn two_thirds(of: Rgb, from: Rgb) -> Rgb {
    let mix = |of: u8, from: u8| ((2 * u16::from(of) + u16::from(from)) / 3) as u8;
    (mix(of.0, from.0), mix(of.1, from.1), mix(of.2, from.2))
}

/// What a look comes to on a palette.
fn seen(style: Style, palette: &Palette) -> Rgb {
    let colour = match style.fg {
        None | Some(Color::Reset) => palette.foreground,
        Some(Color::Indexed(5)) => palette.colours[0],
        Some(Color::Indexed(9)) => palette.colours[1],
        Some(Color::Indexed(13)) => palette.colours[2],
        other => panic!("{other:?} is no colour of ours"),
    };
    if style.add_modifier.contains(Modifier::DIM) { two_thirds(colour, palette.background) } else { colour }
}

#[test]
fn words_signs_and_tokens_can_be_read_on_the_usual_palettes() {
    let theme = Theme::new(true);
    let tones = [Tone::Plain, Tone::Dim, Tone::Accent, Tone::Good, Tone::Bad, Tone::Warning];
    let mut coloured = 0;
    for palette in &PALETTES {
        let words = tones.map(|tone| theme.tone(tone)).into_iter().chain([theme.heading(), theme.dim(), theme.field()]);
        for style in words.filter(|_| palette.for_words) {
            assert!(style.fg.is_none(), "words have no colour of their own: {style:?}");
            let ratio = contrast(seen(style, palette), palette.background);
            assert!(ratio >= 4.5, "{}: {ratio:.2} to 1 for {style:?}", palette.name);
        }
        let tokens = [theme.value("\"*\""), theme.value("\"Deny\""), theme.changed(true), theme.changed(false), theme.focus()];
        for style in tones.map(|tone| theme.sign(tone)).into_iter().chain(tokens).filter(|style| style.fg.is_some()) {
            coloured += 1;
            let ratio = contrast(seen(style, palette), palette.background);
            assert!(ratio >= 3.0, "{}: {ratio:.2} to 1 for {style:?}", palette.name);
        }
    }
    assert_eq!(coloured, 7 * PALETTES.len(), "every sign and token that has a colour");
}
