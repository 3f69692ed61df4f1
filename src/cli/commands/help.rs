//! `iamwalk help`: what a command takes, or how a walkthrough is written.

use clap::Args;
use iamwalk::domain::walkthrough::nearest;
use iamwalk::services::walkthrough_files;

use crate::cli::arguments::declared;
use crate::cli::reserved::commands;
use crate::cli::tell::{print, refuse};

/// The name of this command, and the id of its argument.
pub const NAME: &str = "help";
pub const TOPIC: &str = "topic";

/// The topic that is no command: the reference of the walkthrough format.
const WALKTHROUGHS: &str = "walkthroughs";
const REFERENCE: &str = include_str!("../../../assets/walkthroughs.md");

/// What the help is on.
#[derive(Clone, Debug, Args)]
pub struct Help {
    /// A command, or “walkthroughs”: how to write one, with every key
    #[arg(value_name = "COMMAND")]
    topic: Vec<String>,
}

impl Help {
    /// Prints it.
    pub fn run(&self) -> u8 {
        if self.topic == [WALKTHROUGHS] {
            return print(REFERENCE.as_bytes());
        }
        let mut declared = declared();
        declared.build();
        let mut command = &mut declared;
        for word in &self.topic {
            match command.find_subcommand_mut(word) {
                Some(found) => command = found,
                None => return refuse(self.unknown(word)),
            }
        }
        print(command.render_help().to_string().as_bytes())
    }

    fn unknown(&self, word: &str) -> String {
        let asked = self.topic.join(" ");
        if walkthrough_files::names().contains(&asked) {
            return format!("“{asked}” is a walkthrough. To see what it asks and makes: iamwalk show {asked}");
        }
        let topics = topics();
        match nearest(word, topics.iter().copied()) {
            Some(near) if self.topic.len() == 1 => format!("There is no help on “{word}”. Did you mean “iamwalk help {near}”?"),
            _ => format!("There is no help on “{asked}”. There is help on: {}.", topics.join(", ")),
        }
    }
}

/// What there is help on.
pub fn topics() -> Vec<&'static str> {
    commands().into_iter().chain([WALKTHROUGHS]).collect()
}
