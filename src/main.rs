//! The program. What it does is the library's; arguments, and where everything meets, are `cli`'s.
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::todo)]

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
