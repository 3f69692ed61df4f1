//! `iamwalk completions SHELL`: a script that teaches a shell to complete the command line.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Args, Command};
use clap_complete::generate;
use clap_complete::shells::{Bash, Fish, PowerShell, Zsh};
use iamwalk::domain::walkthrough::BUILT_IN;

use super::help;
use crate::cli::arguments::declared;
use crate::cli::tell::print;

/// A shell.
#[derive(Clone, Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_parser = ["bash", "zsh", "fish", "powershell"])]
    shell: String,
}

impl Completions {
    /// Prints the script.
    pub fn run(&self) -> u8 {
        let (mut offered, mut script) = (offered(), Vec::new());
        // Each by itself: of the others the program carries nothing.
        match self.shell.as_str() {
            "bash" => generate(Bash, &mut offered, "iamwalk", &mut script),
            "zsh" => generate(Zsh, &mut offered, "iamwalk", &mut script),
            "fish" => generate(Fish, &mut offered, "iamwalk", &mut script),
            _ => generate(PowerShell, &mut offered, "iamwalk", &mut script),
        }
        print(&script)
    }
}

/// What a shell offers. Scripts can't tell a first word that is either a walkthrough or a command, so each built-in walkthrough
/// stands among the commands, with the options of a walk.
fn offered() -> Command {
    let declared = declared();
    let options: Vec<Arg> = declared.get_arguments().filter(|argument| !argument.is_positional()).cloned().collect();
    let walkthrough = |name: &'static str, summary: &'static str| Command::new(name).about(summary).args(options.iter().cloned());
    let walkthroughs = BUILT_IN.iter().map(|built_in| walkthrough(&built_in.name, &built_in.summary));
    let commands = declared.get_subcommands().cloned().map(|command| match command.get_name() {
        help::NAME => command.mut_arg(help::TOPIC, |topic| topic.value_parser(PossibleValuesParser::new(help::topics()))),
        _ => command,
    });
    Command::new("iamwalk")
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_subcommand(true)
        .args(options.iter().cloned())
        .subcommands(commands)
        .subcommands(walkthroughs)
}
