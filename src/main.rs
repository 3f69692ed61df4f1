//! The program. What it does is the library's; arguments, and where everything meets, are `cli`'s.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
