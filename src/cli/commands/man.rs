//! `iamwalk man`: the manual page.
//!
//! One page for all commands: a package installs one file, `iamwalk.1`, and `man iamwalk` finds everything on it.

use std::io::{self, Write};

use clap::{Args, Command};
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, roman};

use crate::cli::arguments::{EXAMPLES, EXIT_CODES, declared};
use crate::cli::tell::{print, refuse};

/// The manual page.
#[derive(Clone, Debug, Args)]
pub struct Man;

impl Man {
    /// Prints it.
    pub fn run(&self) -> u8 {
        match page() {
            Ok(page) => print(&page),
            Err(error) => refuse(format!("The manual page could not be made: {error}.")),
        }
    }
}

fn page() -> io::Result<Vec<u8>> {
    let mut declared = declared();
    declared.build();
    let mut out = Vec::new();
    let page = Page::new(declared.clone());
    // Without a date, the same source gives the same page. (`Page` leaves an empty one out, and the rest moves up.)
    writeln!(out, r#".TH iamwalk 1 "" "iamwalk {}" "User Commands""#, env!("CARGO_PKG_VERSION"))?;
    page.render_name_section(&mut out)?;
    page.render_synopsis_section(&mut out)?;
    page.render_description_section(&mut out)?;
    page.render_options_section(&mut out)?;
    Roff::new().control("SH", ["COMMANDS"]).to_writer(&mut out)?;
    commands(&declared, &mut out)?;
    as_typed("EXAMPLES", EXAMPLES).to_writer(&mut out)?;
    as_typed("EXIT STATUS", EXIT_CODES).to_writer(&mut out)?;
    let is_preamble = |line: &[u8]| line.starts_with(b".ie ") || line.starts_with(b".el ");
    let (preamble, rest): (Vec<_>, Vec<_>) = lines(&out).partition(|line| is_preamble(line));
    // Each section brings the same two lines.
    Ok(preamble.into_iter().take(2).chain(rest).flatten().copied().collect())
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n')
}

/// A part for each command below this one, and for those below it.
fn commands(above: &Command, out: &mut Vec<u8>) -> io::Result<()> {
    for command in above.get_subcommands() {
        let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        Roff::new().control("SS", [name]).text([roman(about)]).control("PP", []).to_writer(out)?;
        // Each has its own --help; the page says so once.
        let page = Page::new(command.clone().mut_arg("help", |help| help.hide(true)));
        for section in [Page::render_synopsis_section, Page::render_options_section] {
            let mut text = Vec::new();
            section(&page, &mut text)?;
            out.extend(lines(&text).filter(|line| !line.starts_with(b".SH ")).flatten());
        }
        commands(command, out)?;
    }
    Ok(())
}

/// A section whose lines stay lines.
fn as_typed(heading: &str, text: &str) -> Roff {
    let mut section = Roff::new();
    section.control("SH", [heading]).control("nf", []);
    for line in text.lines() {
        section.text([roman(line)]);
    }
    section.control("fi", []);
    section
}
