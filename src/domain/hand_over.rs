//! How a secret reaches its owner, as data: the texts of csv files and copies, the profile's name, and what saving would do.

use zeroize::Zeroizing;

use super::name::{RuleBroken, only};
use super::profile_file::Changed;
use super::sanitise::{ascii, clean};
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

/// The output formats of the AWS CLI (`aws help config-vars`).
pub const OUTPUTS: [&str; 6] = ["json", "text", "table", "yaml", "yaml-stream", "off"];

/// As what a key is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The profile's name, as [`check_profile`] allows it.
    pub profile: String,
    pub region: String,
    /// Its output format, one of [`OUTPUTS`]; `None` leaves that as it is.
    pub output: Option<String>,
}

/// What saving would do to the person's files; compared, so that consent is for just this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavePreview {
    pub destination: Destination,
    pub files: Vec<(String, Vec<Changed>)>,
    /// Whether a profile of this name is there and would be replaced.
    pub replaces: bool,
    /// Where the readers of the files disagree, or writing needs another way.
    pub asks: Vec<String>,
    /// What is good to know.
    pub notes: Vec<String>,
    /// Files that others on this machine can read.
    pub open_to_others: Vec<String>,
    /// Files that can't be replaced by a rename: a crash while one is written in place would harm it.
    pub in_place: Vec<String>,
}

impl SavePreview {
    /// Whether the person has to see it first.
    pub fn needs_consent(&self) -> bool {
        self.replaces || !self.asks.is_empty() || !self.open_to_others.is_empty() || !self.in_place.is_empty()
    }
}

/// What the person said of a prospect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub preview: SavePreview,
    /// Files that others can read become readable by their owner only.
    pub closes: bool,
}

/// What came of a walk without questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub user: String,
    pub account: String,
    pub key_id: Option<String>,
    /// The profile in which the key was saved last, and all in which it was.
    pub profile: Option<String>,
    pub profiles: Vec<String>,
    /// What became of the key of before, where it was rotated.
    pub old_key: Option<String>,
    /// The files that were written.
    pub files: Vec<String>,
    /// Where the user signs in.
    pub sign_in_url: Option<String>,
    /// The ARN as which the key answers, or why it does not; `None` without a key.
    pub verified: Option<Result<String, String>>,
    /// Where the walkthrough wants what to be pasted.
    pub paste: Option<String>,
    /// What the walkthrough says at the end.
    pub closing: String,
    pub run: Option<String>,
}

impl Outcome {
    /// The result for people, a line each; the secret stands behind its label where it is to go out. Where that ends: with the
    /// caller.
    pub fn text(&self, secret: Option<&Secret>) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(4096));
        let mut line = |label: &str, value: &str| {
            text.push_str(label);
            text.push_str(value);
            text.push('\n');
        };
        line("User: ", &self.user);
        line("Account: ", &self.account);
        if let Some(id) = &self.key_id {
            line("Access key ID: ", id);
        }
        if let Some(secret) = secret {
            line("Secret access key: ", secret.expose());
        }
        for profile in &self.profiles {
            line("Profile: ", profile);
        }
        for file in &self.files {
            line("File: ", file);
        }
        if let Some(url) = &self.sign_in_url {
            line("Sign-in URL: ", url);
        }
        match &self.verified {
            Some(Ok(arn)) => line("Verified: ", arn),
            Some(Err(words)) => line("Not verified: ", words),
            None => {}
        }
        if let Some(run) = &self.run {
            line("Run: ", run);
        }
        for words in self.paste.iter().chain(Some(&self.closing).filter(|words| !words.is_empty())) {
            line("", "");
            words.lines().for_each(|words| line("", &clean(words)));
        }
        text
    }

    /// The same as one JSON object.
    pub fn json(&self, secret: Option<&Secret>) -> Zeroizing<String> {
        let verified = self.verified.as_ref();
        let value = serde_json::json!({
            "user": self.user,
            "account": self.account,
            "access_key_id": self.key_id,
            "profile": self.profile,
            "profiles": self.profiles,
            "old_key": self.old_key,
            "files": self.files,
            "sign_in_url": self.sign_in_url,
            "verified": verified.map(Result::is_ok),
            "arn": verified.and_then(|verified| verified.as_ref().ok()),
            "not_verified_because": verified.and_then(|verified| verified.as_ref().err()),
            "run": self.run,
            "paste": self.paste,
            "closing": Some(&self.closing).filter(|words| !words.is_empty()),
        });
        let mut text = Zeroizing::new(String::with_capacity(8192));
        let whole = ascii(&value.to_string());
        match secret {
            // Put in as text, so that no copy of it stays behind in a value.
            Some(secret) => {
                text.push_str(whole.trim_end_matches('}'));
                text.push_str(",\"secret_access_key\":");
                text.push('"');
                text.push_str(secret.expose());
                text.push_str("\"}");
            }
            None => text.push_str(&whole),
        }
        text.push('\n');
        text
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saving {
    Done {
        /// What is missing although the keys are saved, and what else has to be known.
        warnings: Vec<String>,
        /// Where the files are kept as they were.
        kept: Vec<String>,
    },
    /// Nothing was written: the person has to see this first.
    Asks(Box<SavePreview>),
}

/// The name under which the console's file of an access key is saved.
pub fn key_csv_name(user: &str) -> String {
    format!("{user}_accessKeys.csv")
}

/// The name of the file for `aws configure import`.
pub fn import_csv_name(user: &str) -> String {
    format!("{user}_import.csv")
}

/// The name under which the console's file of a password is saved.
pub fn password_csv_name(user: &str) -> String {
    format!("{user}_credentials.csv")
}

/// The console's csv of an access key: byte order mark, CRLF, no user name.
/// Where the secret ends: in the returned buffer, which is wiped when dropped.
pub fn key_csv(id: &str, secret: &Secret) -> Zeroizing<String> {
    joined(&["\u{feff}Access key ID,Secret access key\r\n", id, ",", secret.expose(), "\r\n"])
}

/// A csv that `aws configure import` takes: with the user's name, without quotes (aws-cli `configure/importer.py`).
/// Where the secret ends: in the returned buffer, which is wiped when dropped.
///
/// # Errors
/// A name with a comma can't be written so that the importer reads it.
pub fn import_csv(user: &str, id: &str, secret: &Secret) -> Result<Zeroizing<String>, String> {
    if user.contains(',') {
        return Err(format!("“aws configure import” takes no name with a comma, as “{user}”. Save a profile instead."));
    }
    Ok(joined(&["User name,Access key ID,Secret access key\n", user, ",", id, ",", secret.expose(), "\n"]))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyForm {
    /// `export` lines of bash, zsh and other POSIX shells.
    Posix,
    Fish,
    PowerShell,
    /// A section of the credentials file.
    Block,
    /// Two lines of a `.env` file.
    DotEnv,
}

pub const KEY_FORMS: [(KeyForm, &str); 5] = [
    (KeyForm::Posix, "Both as export lines for bash and zsh"),
    (KeyForm::Fish, "Both as lines for fish"),
    (KeyForm::PowerShell, "Both as lines for PowerShell"),
    (KeyForm::Block, "Both as a block for the credentials file"),
    (KeyForm::DotEnv, "Both as lines of a .env file"),
];

/// A key as text. Lines for a shell begin with a blank, which keeps them out of the history of shells that are set so, and the
/// last has no end, lest a paste run it unseen. Where the secret ends: in the returned buffer, which is wiped when dropped.
pub fn key_text(form: KeyForm, profile: &str, id: &str, secret: &Secret) -> Zeroizing<String> {
    let secret = secret.expose();
    match form {
        KeyForm::Posix => joined(&[" export AWS_ACCESS_KEY_ID='", id, "'\n export AWS_SECRET_ACCESS_KEY='", secret, "'"]),
        KeyForm::Fish => joined(&[" set -gx AWS_ACCESS_KEY_ID '", id, "'\n set -gx AWS_SECRET_ACCESS_KEY '", secret, "'"]),
        KeyForm::PowerShell => joined(&[" $Env:AWS_ACCESS_KEY_ID='", id, "'\n $Env:AWS_SECRET_ACCESS_KEY='", secret, "'"]),
        KeyForm::Block => joined(&["[", profile, "]\naws_access_key_id = ", id, "\naws_secret_access_key = ", secret, "\n"]),
        KeyForm::DotEnv => joined(&["AWS_ACCESS_KEY_ID=", id, "\nAWS_SECRET_ACCESS_KEY=", secret, "\n"]),
    }
}

/// The pieces in a buffer that has room for all of them: one that grows leaves copies of a secret behind.
fn joined(pieces: &[&str]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(pieces.iter().map(|piece| piece.len()).sum()));
    pieces.iter().for_each(|piece| text.push_str(piece));
    text
}

/// What has to be known of a file with a secret that lies in this git work tree.
pub fn work_tree_caution(path: &str, tree: &str) -> String {
    format!("{path} lies in the git work tree {tree}: see that it is not committed.")
}

/// What a new user has to know to sign in; the password goes another way.
pub fn sign_in_instructions(user: &str, url: &str, must_change: bool) -> String {
    let change = if must_change { "\nAt the first sign-in you will be asked for a new password." } else { "" };
    format!("Sign in to AWS at {url}\nUser name: {user}\nYou will get the password separately.{change}\n")
}

/// The console's csv of a password.
/// Where the password ends: in the returned buffer, which is wiped when dropped.
pub fn password_csv(user: &str, password: &Secret, url: &str) -> Zeroizing<String> {
    let cells = [user, password.expose(), url].map(cell);
    let [user, password, url] = &cells;
    joined(&["\u{feff}User name,Password,Console sign-in URL\r\n", user, ",", password, ",", url, "\r\n"])
}

/// A cell as RFC 4180 has it: quoted where it holds a comma, a quote or a line end.
fn cell(text: &str) -> Zeroizing<String> {
    if !text.contains([',', '"', '\r', '\n']) {
        return joined(&[text]);
    }
    let mut quoted = Zeroizing::new(String::with_capacity(2 * text.len() + 2));
    quoted.push('"');
    for c in text.chars() {
        quoted.extend(std::iter::repeat_n(c, if c == '"' { 2 } else { 1 }));
    }
    quoted.push('"');
    quoted
}

fn is_profile_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_.@:+/%-".contains(c)
}

/// The profile name that is proposed for a user: its name, with what AWS's readers do not take replaced by `-`.
pub fn profile_for(user: &str) -> String {
    let name: String = user.chars().map(|c| if is_profile_character(c) { c } else { '-' }).collect();
    if name.eq_ignore_ascii_case("default") { format!("{name}-user") } else { name }
}

/// Checks the name of a profile that is to be written: what both botocore and the SDKs read as it stands. `is_there`: it is
/// replaced, and may have a blank, which only botocore reads.
///
/// # Errors
/// Empty, another character, or `DEFAULT`, whose values botocore gives to every profile.
pub fn check_profile(name: &str, is_there: bool) -> Result<(), RuleBroken> {
    if name.trim().is_empty() {
        return Err(RuleBroken::Empty { what: "a name for the profile" });
    }
    // A name with a blank is the AWS CLI's alone; nobody needs another one, but one that is there can be replaced.
    let is_inner_blank = |c: char| is_there && c == ' ' && name.trim() == name;
    only(name, |c| is_profile_character(c) || is_inner_blank(c), "A-Z, a-z, 0-9 and _ . @ : + / % -")?;
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
            prop_assert_eq!(check_profile(&profile_for(user.as_str()), false), Ok(()));
        }
    }
}
