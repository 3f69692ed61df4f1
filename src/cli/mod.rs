//! The command line: what was asked for, and which command does it. The only place where everything meets.

mod account;
mod arguments;
mod batch;
mod commands;
mod compose;
mod conversation;
mod existing_user;
mod face;
mod hand_over;
mod harden;
mod inputs;
mod line_mode;
mod mistyped;
mod reserved;
mod scratch;
mod screen;
mod tell;
mod walkthrough;

use std::process::ExitCode;

use iamwalk::services::log;

use arguments::Arguments;

/// Does what the command line asks for, and ends in its exit code.
pub fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    let Arguments { account, walk, command } = match arguments::read(&words) {
        Ok(arguments) => arguments,
        Err(code) => return ExitCode::from(code),
    };
    harden::disable_core_dumps();
    log::start();
    ExitCode::from(match command {
        None => walk.run(&account),
        Some(command) => command.run(&account),
    })
}
