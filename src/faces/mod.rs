//! How a view meets a person.

pub mod accessible;
pub mod full_screen;
pub mod progress_lines;

use std::io;

use crossterm::event::Event as Terminal;

use crate::app::event::{Event, Signal};
use crate::domain::secret::Secret;
use crate::view::View;

/// What comes from outside.
#[derive(Debug)]
pub enum Input {
    Terminal(Terminal),
    /// Keys of the terminal that came at once: a paste of one that does not say so, or somebody leaning on the keys.
    Burst(Vec<Terminal>),
    Signal(Signal),
    /// A line that was typed in answer to what was asked. Where a secret in it ends: in the field that it answers.
    Line(Secret),
    /// Everything on the page was asked: the face goes on by itself.
    Proceed,
    /// The program is to go into the background.
    Suspend,
}

/// Shows the conversation, and knows what an input means by what it has shown.
pub trait Face {
    /// Shows it as it is now.
    ///
    /// # Errors
    /// There is nothing left to show it on.
    fn show(&mut self, view: &View) -> io::Result<()>;

    /// What an input means; `None`: there is nothing more to hear.
    fn input(&mut self, input: Option<Input>) -> Vec<Event>;

    /// Gives the terminal to a program that may ask the person something, with a word on what runs.
    ///
    /// # Errors
    /// There is nothing to give.
    fn lend(&mut self, words: &str) -> io::Result<()>;

    /// Takes the terminal again.
    ///
    /// # Errors
    /// There is nothing left to come back to.
    fn take_back(&mut self) -> io::Result<()>;

    /// Stops until the person comes again; ready when they have. A terminal that `is_ours` is given back meanwhile.
    ///
    /// # Errors
    /// There is nothing left to come back to.
    fn suspend(&mut self, is_ours: bool) -> io::Result<()>;
}
