//! The texts by which a secret reaches its owner: the console's csv files and the profile's name.

use zeroize::Zeroizing;

use super::name::{RuleBroken, only};
use super::secret::Secret;

/// Good answers in a row that prove a new key.
pub const PROVEN: u32 = 3;

/// How far the proof of a new key is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Calls made.
    pub tries: u32,
    /// Good answers in a row.
    pub good: u32,
    /// Why the last call failed, where that is not only the key's newness.
    pub trouble: Option<String>,
}

/// The name under which the console's file of an access key is saved.
pub fn key_csv_name(user: &str) -> String {
    format!("{user}_accessKeys.csv")
}

/// The name under which the console's file of a password is saved.
pub fn password_csv_name(user: &str) -> String {
    format!("{user}_credentials.csv")
}

/// The console's csv of an access key: byte order mark, CRLF, no user name.
/// Where the secret ends: in the returned buffer, which is wiped when dropped.
pub fn key_csv(id: &str, secret: &Secret) -> Zeroizing<String> {
    Zeroizing::new(format!("\u{feff}Access key ID,Secret access key\r\n{id},{}\r\n", secret.expose()))
}

/// The console's csv of a password.
/// Where the password ends: in the returned buffer, which is wiped when dropped.
pub fn password_csv(user: &str, password: &Secret, url: &str) -> Zeroizing<String> {
    let cells = [user, password.expose(), url].map(cell);
    Zeroizing::new(format!("\u{feff}User name,Password,Console sign-in URL\r\n{},{},{}\r\n", *cells[0], *cells[1], *cells[2]))
}

/// A cell as RFC 4180 has it: quoted where it holds a comma, a quote or a line end.
fn cell(text: &str) -> Zeroizing<String> {
    Zeroizing::new(if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    })
}

fn is_profile_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_.@:+/%-".contains(c)
}

/// The profile name that is proposed for a user: its name, with what AWS's readers do not take replaced by `-`.
pub fn profile_for(user: &str) -> String {
    let name: String = user.chars().map(|c| if is_profile_character(c) { c } else { '-' }).collect();
    if name.eq_ignore_ascii_case("default") { format!("{name}-user") } else { name }
}

/// Checks the name of a profile that is to be written: what both botocore and the SDKs read as it stands.
///
/// # Errors
/// Empty, another character, or `DEFAULT`, whose values botocore gives to every profile.
pub fn check_profile(name: &str) -> Result<(), RuleBroken> {
    if name.is_empty() {
        return Err(RuleBroken::Empty { what: "a name for the profile" });
    }
    only(name, is_profile_character, "A-Z, a-z, 0-9 and _ . @ : + / % -")?;
    if name == "DEFAULT" {
        return Err(RuleBroken::Rule("“DEFAULT” in capitals would change every profile. Choose another name.".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::name::{UserName, is_name_character};
    use proptest::prelude::*;

    #[test]
    fn the_files_are_the_consoles() {
        let secret = Secret::new("s/e+c".to_owned());
        assert_eq!(key_csv("AKIA1", &secret).as_bytes(), b"\xef\xbb\xbfAccess key ID,Secret access key\r\nAKIA1,s/e+c\r\n");
        let own = Secret::new("a,\"b".to_owned());
        assert_eq!(
            password_csv("bob", &own, "https://x").as_str(),
            "\u{feff}User name,Password,Console sign-in URL\r\nbob,\"a,\"\"b\",https://x\r\n"
        );
    }

    proptest! {
        /// Every legal user name gets a legal profile name.
        #[test]
        fn every_user_gets_a_profile(name in "[A-Za-z0-9+=,.@_-]{1,64}") {
            prop_assume!(name.chars().all(is_name_character));
            let user = UserName::new(&name).unwrap();
            prop_assert_eq!(check_profile(&profile_for(user.as_str())), Ok(()));
        }
    }
}
