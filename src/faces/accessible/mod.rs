//! The accessible face: the same conversation in lines, for screen readers and terminals that can do no more. It asks one thing
//! after the other, and is silent while it waits for an answer. Of all characters below 0x20 it sends LF alone.
//!
//! In: a view, and the lines that are typed. Out: lines, and what they mean for the conversation.

mod answer;

use std::io::{self, Write};

use super::{Face, Input};
use crate::app::Standpoint;
use crate::app::event::{Event, Key, Signal};
use crate::app::form::Form;
use crate::view::lines as words;
use crate::view::question::{self, Menu, Question};
use crate::view::{Part, View};

pub use answer::{Reach, reach};

/// The line of whoever ends the input instead of answering (Ctrl-D).
pub const END_OF_INPUT: &str = "\u{4}";

/// What stands for a line that is no text, or was cut off.
pub const UNREADABLE: &str = "\u{0}";

/// What a terminal in line mode can do for the face.
#[derive(Clone, Copy)]
pub struct LineTerminal<'a> {
    /// Forgets what was typed before anything was asked, and shows what is typed from here on, or does not.
    pub prepare: &'a dyn Fn(bool),
    /// Has one line read, which comes as [`Input::Line`].
    pub read: &'a dyn Fn(),
    /// Has [`Input::Proceed`] come.
    pub proceed: &'a dyn Fn(),
}

/// What was told and asked of a page, or of a question in front of it.
#[derive(Debug)]
struct Told {
    place: Standpoint,
    /// What stands on it and was told.
    lines: Vec<String>,
    /// What was told of its fields.
    remarks: Vec<String>,
    /// The field that is asked.
    field: Option<usize>,
    /// It was answered.
    is_answered: bool,
    /// What was answered was handed in; what was wrong with it is asked again, and then all of it is handed in at once.
    is_handed_in: bool,
    mends: bool,
    /// The fields that were asked, in order.
    asked: Vec<usize>,
    /// What stands beside a row is wanted.
    looks: bool,
    /// The conversation is to go to this field before it is asked.
    goes_to: Option<usize>,
    /// The secrets were printed, since they were revealed.
    is_revealed: bool,
}

impl Told {
    fn new(place: Standpoint) -> Self {
        Self {
            place,
            lines: Vec::new(),
            remarks: Vec::new(),
            field: None,
            is_answered: false,
            is_handed_in: false,
            mends: false,
            asked: Vec::new(),
            looks: false,
            goes_to: None,
            is_revealed: false,
        }
    }
}

/// What is asked, and where.
struct Asked {
    place: Standpoint,
    question: Question,
    /// What its numbers mean, and whether they mean something else by now.
    printed: Vec<String>,
    is_stale: bool,
    actions: Vec<(char, Key)>,
}

pub struct AccessibleLines<'a> {
    out: &'a mut dyn Write,
    terminal: LineTerminal<'a>,
    header: String,
    page: Option<Told>,
    /// Of the page that this one was opened from.
    outer: Option<Told>,
    /// Of the question in front of it.
    dialog: Option<Told>,
    /// What is asked now, and waits for its line.
    asked: Option<Asked>,
    /// Where the conversation stands by now.
    stands: Option<Standpoint>,
    /// A line is being read.
    is_reading: bool,
}

impl Face for AccessibleLines<'_> {
    fn show(&mut self, view: &View) -> io::Result<()> {
        let place = view.standpoint();
        self.stands = Some(place.clone());
        let parts = if view.dialog.is_some() { Vec::new() } else { view.body() };
        if let Some(page) = self.page.as_mut().filter(|_| words::secrets(&parts).is_empty()) {
            page.is_revealed = false;
        }
        // Nothing is printed while a line is asked for; but a number then means what was printed.
        if let Some(asked) = &mut self.asked {
            asked.is_stale |= asked.question.printed(view, &parts) != asked.printed;
            return Ok(());
        }
        let mut told = self.told_at(view, &place)?;
        let ended = self.turn(view, &parts, &mut told);
        *self.told(view.dialog.is_some()) = Some(told);
        let question = ended?;
        if let Some(question) = question {
            let (printed, actions) = (question.printed(view, &parts), answer::actions(&view.keys));
            self.asked = Some(Asked { place, question, printed, is_stale: false, actions });
            if !std::mem::replace(&mut self.is_reading, true) {
                (self.terminal.read)();
            }
        }
        Ok(())
    }

    fn input(&mut self, input: Option<Input>) -> Vec<Event> {
        match input {
            None => vec![Event::Signal(Signal::HangUp)],
            // Whoever asks to leave is asked first, where something would be lost.
            Some(Input::Signal(Signal::Interrupt)) => {
                if self.asked.take().is_some() {
                    let _ = self.line("");
                }
                vec![Event::Key(Key::Ctrl('c'))]
            }
            Some(Input::Signal(signal)) => vec![Event::Signal(signal)],
            Some(Input::Suspend) => vec![Event::Suspended],
            Some(Input::Line(line)) => {
                self.is_reading = false;
                let Some(asked) = self.asked.take() else { return Vec::new() };
                if asked.question.is_hidden() {
                    (self.terminal.prepare)(true);
                }
                if line.expose() == END_OF_INPUT {
                    let _ = self.line("");
                    return vec![Event::Key(Key::Ctrl('c'))];
                }
                if line.expose() == UNREADABLE {
                    let _ = self.line(words::UNREADABLE);
                    return Vec::new();
                }
                if asked.is_stale || self.stands.as_ref().is_none_or(|stands| !stands.is_same_place(&asked.place)) {
                    let _ = self.line(words::OVERTAKEN);
                    return Vec::new();
                }
                self.answered(asked, line.expose())
            }
            Some(Input::Proceed) => {
                let Some(told) = self.told_now() else { return Vec::new() };
                if let Some(field) = told.goes_to.take() {
                    return vec![Event::GoTo(field)];
                }
                told.is_handed_in = true;
                let to = told.field.map(Event::GoTo);
                to.into_iter().chain([Event::Accept]).collect()
            }
            Some(Input::Terminal(_) | Input::Burst(_)) => Vec::new(),
        }
    }

    fn lend(&mut self, words: &str) -> io::Result<()> {
        self.line(words)
    }

    fn take_back(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Lines stay as they are: the system itself stops and continues the program.
    fn suspend(&mut self, _: bool) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> AccessibleLines<'a> {
    /// On this terminal; nothing was said yet.
    pub fn new(out: &'a mut dyn Write, terminal: LineTerminal<'a>) -> Self {
        Self {
            out,
            terminal,
            header: String::new(),
            page: None,
            outer: None,
            dialog: None,
            asked: None,
            stands: None,
            is_reading: false,
        }
    }

    /// What was told of what is open now, which is opened where it was not.
    fn told_at(&mut self, view: &View, place: &Standpoint) -> io::Result<Told> {
        let is_question = view.dialog.is_some();
        if !is_question {
            self.dialog = None;
        }
        let before = self.told(is_question).take();
        let is_here = |told: &Told| told.place.is_same_page(place);
        if let Some(told) = before {
            if is_here(&told) {
                return Ok(told);
            }
            if view.is_within_another() && !is_question {
                self.outer = Some(told);
            }
        }
        self.open(view)?;
        // Back on the page from which another was opened it goes on where it was.
        let outer = self.outer.take_if(|told| !is_question && is_here(told));
        Ok(outer.unwrap_or_else(|| Told::new(place.clone())))
    }

    /// What was told of what is open now.
    fn told_now(&mut self) -> Option<&mut Told> {
        self.dialog.as_mut().or(self.page.as_mut())
    }

    fn told(&mut self, of_dialog: bool) -> &mut Option<Told> {
        if of_dialog { &mut self.dialog } else { &mut self.page }
    }

    fn line(&mut self, words: &str) -> io::Result<()> {
        writeln!(self.out, "{}", words::plain(words))
    }

    /// Opens a page or a question: who calls, where that has changed, and what it is called.
    fn open(&mut self, view: &View) -> io::Result<()> {
        if self.header.is_empty() {
            self.line(words::GREETING)?;
        }
        let header = words::header(&view.header);
        if header != self.header {
            self.line(&header)?;
            self.header = header;
        }
        self.line("")?;
        self.line(&words::opening(view))
    }

    /// Tells what was not told yet, and asks the next thing, which it returns; nothing where it goes on by itself.
    fn turn(&mut self, view: &View, parts: &[Part<'_>], told: &mut Told) -> io::Result<Option<Question>> {
        let said = match &view.dialog {
            Some(open) => words::question(open),
            None => words::lines(parts, view.walkthrough),
        };
        // A revealed secret is printed once, and not kept.
        let secrets = words::secrets(parts);
        if !std::mem::replace(&mut told.is_revealed, !secrets.is_empty()) {
            for (label, secret) in &secrets {
                writeln!(self.out, "{label}: {}", secret.expose())?;
            }
        }
        // Each line once for each time that it stands there; what comes again is told again.
        let mut before = std::mem::take(&mut told.lines);
        let is_text = view.dialog.as_ref().is_some_and(|open| open.is_wide || open.is_diff);
        for line in &said {
            match before.iter().position(|told| told == line) {
                Some(at) => drop(before.swap_remove(at)),
                None if is_text => writeln!(self.out, "{line}")?,
                None => self.line(line)?,
            }
        }
        told.lines = said;
        self.out.flush()?;
        if view.goes_on() {
            return Ok(None);
        }
        if let Some(form) = question::form(view, parts) {
            return self.field(form, told);
        }
        let menu = Menu::of(view, parts);
        for line in menu.lines() {
            self.line(&line)?;
        }
        self.ask(&menu.prompt(), true)?;
        Ok(Some(Question::Menu(menu)))
    }

    /// Asks a field: the next one that was not asked, or the one that is missing or wrong.
    fn field(&mut self, view: &crate::view::FormView, told: &mut Told) -> io::Result<Option<Question>> {
        let form = view.form;
        if std::mem::take(&mut told.is_handed_in) {
            (told.field, told.is_answered, told.mends) = (Some(form.focus), false, true);
        }
        if let Some(at) = told.field.filter(|_| std::mem::take(&mut told.is_answered)) {
            self.remark(form, at, told)?;
            let is_wrong = form.fields.get(at).is_some_and(|field| field.error.is_some());
            let next = if told.mends { None } else { next(form, at + 1) };
            if !is_wrong {
                let Some(next) = next else {
                    (self.terminal.proceed)();
                    return Ok(None);
                };
                told.field = Some(next);
            }
        }
        // What has turned out to be wrong comes first.
        let is_wrong = |at: &usize| form.fields.get(*at).is_some_and(|field| field.error.is_some() && question::is_asked(field));
        let at = Some(form.focus).filter(is_wrong).or(told.field).or_else(|| next(form, 0));
        told.field = at;
        if told.looks {
            let Some(detail) = question::detail(view) else { return Ok(None) };
            told.looks = false;
            detail.iter().try_for_each(|line| self.line(line))?;
        }
        let fixed = form.fields.iter().take(at.unwrap_or(form.fields.len())).filter(|field| field.asked && field.fixed);
        for line in fixed.filter(|field| !question::is_asked(field)).map(question::fixed) {
            if !told.remarks.contains(&line) {
                self.line(&line)?;
                told.remarks.push(line);
            }
        }
        let Some((at, field)) = at.and_then(|at| Some((at, form.fields.get(at)?))) else {
            (self.terminal.proceed)();
            return Ok(None);
        };
        // What stands beside it, and what its keys are, follows the field that has the keys.
        if form.focus != at && told.asked.last() != Some(&at) {
            (told.goes_to, told.asked) = (Some(at), [told.asked.as_slice(), &[at]].concat());
            (self.terminal.proceed)();
            return Ok(None);
        }
        if let Some(error) = &field.error {
            self.line(&words::error(error))?;
        }
        told.asked.retain(|earlier| *earlier != at);
        told.asked.push(at);
        let (lines, question) = question::of(field, at, view);
        for line in lines {
            self.line(&line)?;
        }
        self.ask(&question.prompt(field), !question.is_hidden())?;
        Ok(Some(question))
    }

    /// What there is to know of a field once it is answered.
    fn remark(&mut self, form: &Form, at: usize, told: &mut Told) -> io::Result<()> {
        if let Some(chosen) = form.fields.get(at).and_then(question::chosen) {
            self.line(&chosen)?;
        }
        let note = form.fields.get(at).and_then(|field| field.note.as_ref()).map(words::note);
        if let Some(note) = note.filter(|note| !told.remarks.contains(note)) {
            self.line(&note)?;
            told.remarks.push(note);
        }
        Ok(())
    }

    /// The end of what is said: the line that is answered. Where what is typed stays unseen the terminal shows nothing of it.
    fn ask(&mut self, prompt: &str, is_shown: bool) -> io::Result<()> {
        (self.terminal.prepare)(is_shown);
        write!(self.out, "{} ", words::plain(prompt))?;
        self.out.flush()
    }
}

/// The next field that the person is asked, from this one on.
fn next(form: &Form, from: usize) -> Option<usize> {
    (from..form.fields.len()).find(|at| question::is_asked(&form.fields[*at]))
}
