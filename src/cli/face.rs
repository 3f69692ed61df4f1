//! How the conversation meets the person, as the command line says it.

use clap::Args;

/// The options of every command that asks questions.
#[derive(Clone, Debug, Default, Args)]
pub struct FaceOptions {
    /// Ask one question after the other, in plain lines: for screen readers and simple terminals [also: ACCESSIBLE=1, TERM=dumb]
    #[arg(long)]
    pub accessible: bool,

    /// Others are watching: never draw a secret, and send none through the terminal; saving works
    #[arg(long)]
    pub presenter: bool,
}

impl FaceOptions {
    /// Whether the conversation is held in lines.
    pub fn is_accessible(&self) -> bool {
        let is_set = |name: &str| std::env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0"));
        self.accessible || is_set("ACCESSIBLE") || std::env::var("TERM").is_ok_and(|term| term == "dumb")
    }
}
