//! Words on the ordinary screen: what is reported, what is refused, what is asked.

use std::io::{BufRead, ErrorKind, Write, stdin, stdout};

use iamwalk::domain::sanitise::clean;

/// A line on the ordinary screen. A reader that is gone takes no text, and that is no failure.
pub fn tell(line: &str) {
    let _ = writeln!(stdout(), "{}", clean(line));
}

/// A whole text on standard output, as it is; the exit code. A reader that takes only its beginning is no failure.
pub fn print(text: &[u8]) -> u8 {
    let mut out = stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("Standard output can't be written: {error}.");
            1
        }
        _ => 0,
    }
}

/// A line for a person to read: it ends where a word does. A command stays whole, to be copied.
pub fn tell_wrapped(line: &str) {
    let width = crossterm::terminal::size().map_or(0, |(columns, _)| usize::from(columns));
    let is_command = ["aws ", "iamwalk "]
        .iter()
        .any(|program| line.trim_start().starts_with(program) || line.contains(&format!(": {program}")));
    if width < 20 || is_command || line.trim().is_empty() {
        return tell(line);
    }
    let indent = " ".repeat(line.len() - line.trim_start().len());
    let options = textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation).break_words(false);
    for piece in textwrap::wrap(line.trim(), options.initial_indent(&indent).subsequent_indent(&indent)) {
        tell(&piece);
    }
}

/// A refusal on standard error, and its exit code.
pub fn refuse(words: impl AsRef<str>) -> u8 {
    eprintln!("{}", clean(words.as_ref()));
    2
}

/// Tells what undo does; then the person types the word, where there is one.
pub fn confirm(lines: &[String], word: Option<&str>) -> bool {
    lines.iter().for_each(|line| tell(line));
    word.is_none_or(|word| agrees("Undo all this?", word))
}

/// Asks; the person types the word to agree.
pub fn agrees(question: &str, word: &str) -> bool {
    let _ = write!(stdout(), "\n{question} Type {} to agree: ", clean(word));
    let _ = stdout().flush();
    let mut typed = String::new();
    stdin().lock().read_line(&mut typed).is_ok() && typed.trim() == word
}
