//! The pictures of README, from real screens of practice: `cargo test --locked --test suite pictures -- --ignored` makes them anew.
//! They are SVG: their text can be selected, and they are dark where the reader's system is. The kept screens become such pictures,
//! to be looked at, in the folder that `IAMWALK_PICTURES` names.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::support::terminal::Terminal;

const SIZE: (u16, u16) = (80, 24);
/// A cell of the picture: its width and height.
const CELL: (f32, f32) = (8.4, 18.0);
const MARGIN: f32 = 12.0;

/// How a run of cells looks, as a class of the picture.
fn class(cell: &vt100::Cell) -> String {
    let mut class = match cell.fgcolor() {
        vt100::Color::Idx(index @ (5 | 9 | 13)) => format!("c{index}"),
        _ => "fg".to_owned(),
    };
    for (is_so, name) in [(cell.bold(), " b"), (cell.dim(), " d"), (cell.underline(), " u")] {
        class.push_str(if is_so { name } else { "" });
    }
    if cell.inverse() { class.replace("fg", "bg") } else { class }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text in pieces without two blanks beside each other, each with its place: not every reader of pictures keeps blanks.
fn pieces(text: &str) -> Vec<(usize, String)> {
    let mut pieces: Vec<(usize, String)> = Vec::new();
    let mut blanks = 2;
    for (at, c) in text.chars().enumerate() {
        blanks = if c == ' ' { blanks + 1 } else { 0 };
        match pieces.last_mut() {
            _ if blanks > 0 => {}
            Some((from, piece)) if at - *from - piece.chars().count() < 2 => {
                let gap = at - *from - piece.chars().count();
                piece.push_str(&" ".repeat(gap));
                piece.push(c);
            }
            _ => pieces.push((at, c.to_string())),
        }
    }
    pieces
}

/// A screen as a group of texts.
fn group(screen: &vt100::Screen) -> String {
    let mut out = String::new();
    let (rows, columns) = screen.size();
    for row in 0..rows.get() {
        let cells: Vec<_> = (0..columns.get()).filter_map(|column| screen.cell(row, column)).collect();
        let mut column = 0;
        for run in cells.chunk_by(|one, other| class(one) == class(other) && one.inverse() == other.inverse()) {
            let text: String = run.iter().map(|cell| if cell.has_contents() { cell.contents() } else { " " }).collect();
            let (x, y) = (MARGIN + column as f32 * CELL.0, MARGIN + f32::from(row) * CELL.1);
            let width = run.len() as f32 * CELL.0;
            if run[0].inverse() {
                let _ = writeln!(out, r#"<rect class="fg" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{}"/>"#, CELL.1);
            }
            for (at, shown) in pieces(&text) {
                let (x, wide) = (x + at as f32 * CELL.0, shown.chars().count() as f32 * CELL.0);
                let (y, class, text) = (y + 13.5, class(run[0]), escaped(&shown));
                let _ = writeln!(
                    out,
                    r#"<text class="{class}" x="{x:.1}" y="{y:.1}" textLength="{wide:.1}" lengthAdjust="spacingAndGlyphs">{text}</text>"#
                );
            }
            column += run.len();
        }
    }
    out
}

/// A picture of these screens, each as long as it says, in seconds; one alone stands still.
fn svg(frames: &[(String, f32)], (columns, rows): (u16, u16), about: &str) -> String {
    let (width, height) = (2.0 * MARGIN + f32::from(columns) * CELL.0, 2.0 * MARGIN + f32::from(rows) * CELL.1);
    let whole: f32 = frames.iter().map(|(_, seconds)| seconds).sum();
    let mut style = String::from(
        "text{font:13.5px ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;white-space:pre}\
         .fg{fill:#171421}.bg{fill:#fff}.c5{fill:#a347ba}.c9{fill:#c01c28}.c13{fill:#c061cb}.b{font-weight:700}.d{fill-opacity:.67}\
         .u{text-decoration:underline}\
         @media(prefers-color-scheme:dark){.fg{fill:#d0cfcc}.bg{fill:#171421}.c9{fill:#f66151}}",
    );
    let mut groups = String::new();
    let mut from = 0.0;
    for (i, (group, seconds)) in frames.iter().enumerate() {
        if frames.len() > 1 {
            let (begins, ends) = (100.0 * from / whole, 100.0 * (from + seconds) / whole);
            let before = if i == 0 { "" } else { "0%{visibility:hidden}" };
            let _ = write!(
                style,
                "#f{i}{{visibility:hidden;animation:k{i} {whole}s step-end infinite}}\
                 @keyframes k{i}{{{before}{begins:.2}%{{visibility:visible}}{ends:.2}%{{visibility:hidden}}}}"
            );
            from += seconds;
        }
        let _ = write!(groups, "<g id=\"f{i}\">\n{group}</g>\n");
    }
    if frames.len() > 1 {
        let last = frames.len() - 1;
        let _ =
            write!(style, "@media(prefers-reduced-motion:reduce){{g{{animation:none!important}}#f{last}{{visibility:visible}}}}");
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{about}\">\n\
         <style>{style}</style>\n<rect class=\"bg\" width=\"100%\" height=\"100%\" rx=\"6\"/>\n{groups}</svg>\n"
    )
}

/// A picture of what a terminal of this size shows of these bytes, where somebody asks for pictures.
pub fn look_at(name: &str, (columns, rows): (u16, u16), bytes: &[u8]) {
    let Some(folder) = std::env::var_os("IAMWALK_PICTURES") else { return };
    let mut terminal = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
    terminal.process(bytes);
    let picture = svg(&[(group(terminal.screen()), 1.0)], (columns, rows), name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(Path::new(&folder).join(format!("{name}_{columns}x{rows}.svg")), picture).unwrap();
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/pictures")
}

/// What is on the screen, once it shows this and is still.
fn taken(terminal: &Terminal, text: &str) -> String {
    terminal.wait(text);
    terminal.wait_still();
    terminal.with_screen(group)
}

#[test]
#[ignore = "it writes the pictures of README"]
fn pictures() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(&["admin-user", "--practice"], home.path(), &[], SIZE);
    let mut frames = Vec::new();
    let mut stills = Vec::new();
    for (text, seconds, name, keys) in [
        ("(•) admin-user", 2.5, "", "\r"),
        ("“admin-user” is free.", 1.5, "", "\r"),
        ("› [ ] I understand", 2.5, "", " "),
        ("› [x] I understand", 1.0, "", "\r"),
        ("\"Version\": \"2012-10-17\"", 3.0, "permissions", "\r"),
        ("› Key 1", 1.0, "", "\r"),
        ("› [ Create user admin-user ]", 3.0, "review", "\r"),
        ("✓ yes, as arn", 2.5, "", "s"),
        ("✓ Saved as profile “admin-user”", 4.0, "hand-over", ""),
    ] {
        let group = taken(&terminal, text);
        if !name.is_empty() {
            stills.push((name, group.clone()));
        }
        frames.push((group, seconds));
        terminal.keys(keys);
    }
    fs::create_dir_all(folder()).unwrap();
    for (name, group) in stills {
        fs::write(folder().join(format!("{name}.svg")), svg(&[(group, 1.0)], SIZE, &format!("iamwalk: {name}"))).unwrap();
    }
    fs::write(folder().join("walk.svg"), svg(&frames, SIZE, "iamwalk creates a user and hands its key over")).unwrap();
}

/// What README shows is a picture of this program, in which nobody's secret stands.
#[test]
fn the_pictures_show_words_and_no_secret() {
    for name in ["permissions", "review", "hand-over", "walk"] {
        let picture = fs::read_to_string(folder().join(format!("{name}.svg"))).unwrap();
        assert!(picture.contains("PRACTICE") && picture.contains("Hand-over"), "{name}");
        assert!(picture.contains("prefers-color-scheme:dark") && !picture.contains("<script"), "{name}");
        let texts = picture.split("</text>").filter_map(|piece| piece.rsplit('>').next());
        for word in texts.flat_map(str::split_whitespace) {
            let is_secret = word.len() == 40 && word.chars().all(|c| c.is_ascii_alphanumeric() || "+/".contains(c));
            assert!(!is_secret, "{name}: {word}");
        }
    }
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    assert!(readme.contains("assets/pictures/walk.svg"));
}
