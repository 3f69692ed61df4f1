//! The words that are commands, of this version or of a later one: no walkthrough is called by them.

use super::arguments::declared;

const RESERVED: [&str; 23] = [
    "list",
    "show",
    "check",
    "new",
    "runs",
    "undo",
    "practice",
    "users",
    "where",
    "add-key",
    "console-access",
    "rotate-key",
    "revoke",
    "remove-user",
    "copy",
    "class",
    "policy",
    "can",
    "who-can",
    "receive",
    "completions",
    "man",
    "help",
];

/// Whether a walkthrough of this name has to be called by its path.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// The commands of this version.
pub fn commands() -> Vec<&'static str> {
    let declared = declared();
    RESERVED.into_iter().filter(|word| declared.find_subcommand(word).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_a_reserved_word() {
        for command in declared().get_subcommands() {
            assert!(is_reserved(command.get_name()), "{}", command.get_name());
        }
    }
}
