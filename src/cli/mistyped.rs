//! A word in the place of a walkthrough or a command that is neither: what was meant, or why it can't be.

use std::path::Path;

use iamwalk::domain::walkthrough::nearest;
use iamwalk::services::walkthrough_files;

use super::reserved::{self, commands};

/// Why a word starts no walkthrough; `None` where it is one, or nothing is near it: then what is wrong with it as a walkthrough
/// says more.
pub fn refusal(word: &str) -> Option<String> {
    if walkthrough_files::is_path(word) {
        return None;
    }
    let names = walkthrough_files::names();
    let is_name = names.iter().any(|name| name == word);
    if reserved::is_reserved(word) {
        return Some(match walkthrough_files::own_folder().filter(|_| is_name) {
            Some(folder) => {
                let path = folder.join(format!("{word}.toml"));
                format!("“{word}” is a reserved word. Call your walkthrough by its path: iamwalk {}", path.display())
            }
            None => format!("“{word}” is a reserved word: this version of iamwalk has no command of this name."),
        });
    }
    // A file that lies here was meant, and is named.
    if is_name || Path::new(&format!("{word}.toml")).exists() {
        return None;
    }
    let near = nearest(word, commands().into_iter().chain(names.iter().map(String::as_str)))?;
    Some(format!("“{word}” is not a walkthrough or command. Did you mean “{near}”?"))
}
