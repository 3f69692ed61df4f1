//! Console passwords: the account's policy in words, checking one against it, making one that meets it.
//!
//! Source: IAM User Guide, `id_credentials_passwords_account-policy`.

use super::secret::Secret;
use zeroize::Zeroizing;

/// The longest password IAM takes, in characters.
pub const PASSWORD_LIMIT: usize = 128;

/// The symbols that count for "at least one symbol".
const SYMBOLS: &str = "!@#$%^&*()_+-=[]{}|'";
// Without look-alikes (l I 1 O 0) and without ' which breaks shells and spreadsheets.
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const LOWER: &[u8] = b"abcdefghijkmnopqrstuvwxyz";
const DIGITS: &[u8] = b"23456789";
const MARKS: &[u8] = b"!@#$%^&*()_+-=[]{}|";

/// What the account asks of a console password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// Shortest length, 6 to 128.
    pub minimum: usize,
    pub symbols: bool,
    /// At least one digit.
    pub numbers: bool,
    /// At least one upper-case letter.
    pub uppercase: bool,
    /// At least one lower-case letter.
    pub lowercase: bool,
    /// AWS's default policy asks for any three of the four kinds instead.
    pub three_kinds: bool,
    /// Users may change their own password without a policy that says so.
    pub users_may_change: bool,
}

impl Default for PasswordPolicy {
    /// The policy in force where the account has none of its own.
    fn default() -> Self {
        Self {
            minimum: 8,
            symbols: false,
            numbers: false,
            uppercase: false,
            lowercase: false,
            three_kinds: true,
            users_may_change: false,
        }
    }
}

impl PasswordPolicy {
    /// The policy as one sentence.
    pub fn words(&self) -> String {
        let kinds: Vec<&str> = [
            (self.uppercase, "an upper-case letter"),
            (self.lowercase, "a lower-case letter"),
            (self.numbers, "a digit"),
            (self.symbols, "a symbol"),
        ]
        .into_iter()
        .filter_map(|(asked, words)| asked.then_some(words))
        .collect();
        let mut words = format!("{} to {PASSWORD_LIMIT} characters", self.minimum);
        if self.three_kinds {
            words.push_str(", three of: upper case, lower case, digit, symbol");
        } else if !kinds.is_empty() {
            words.push_str(", with ");
            words.push_str(&kinds.join(", "));
        }
        words
    }

    /// What the password lacks, in words.
    ///
    /// # Errors
    /// The first rule that the password breaks; the text never holds any of the password.
    pub fn check(&self, password: &str) -> Result<(), String> {
        let length = password.chars().count();
        if password.chars().any(|c| !(' '..='~').contains(&c)) {
            return Err("Use letters, digits and symbols of a US keyboard only.".to_owned());
        }
        if length < self.minimum || length > PASSWORD_LIMIT {
            return Err(format!("The account asks for {}; this has {length}.", self.words()));
        }
        let upper = password.chars().any(|c| c.is_ascii_uppercase());
        let lower = password.chars().any(|c| c.is_ascii_lowercase());
        let digit = password.chars().any(|c| c.is_ascii_digit());
        let symbol = password.chars().any(|c| SYMBOLS.contains(c));
        let lacks = [
            (self.uppercase && !upper, "an upper-case letter"),
            (self.lowercase && !lower, "a lower-case letter"),
            (self.numbers && !digit, "a digit"),
            (self.symbols && !symbol, "a symbol"),
        ];
        if let Some((_, what)) = lacks.into_iter().find(|(lacking, _)| *lacking) {
            return Err(format!("It lacks {what}. The account asks for {}.", self.words()));
        }
        let kinds = [upper, lower, digit, symbol].into_iter().filter(|has| *has).count();
        if self.three_kinds && kinds < 3 {
            return Err(format!("Too simple. AWS asks for {}.", self.words()));
        }
        Ok(())
    }

    /// Makes a password that meets this policy: at least 20 characters, one of each kind, beginning with a letter (a
    /// spreadsheet runs a cell that begins with `= + - @`). `random` fills bytes from the operating system's source.
    ///
    /// Where it ends: in the vault, under the step that sends it.
    ///
    /// # Errors
    /// What `random` reports.
    pub fn generate<E>(&self, mut random: impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<Secret, E> {
        let length = self.minimum.clamp(20, PASSWORD_LIMIT);
        let all: Vec<u8> = [UPPER, LOWER, DIGITS, MARKS].concat();
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        // A kind can only be missing from a draw, so draw again until none is: every password stays equally likely.
        while !Self::has_every_kind(&text) {
            text.clear();
            let letters = [UPPER, LOWER].concat();
            text.push(pick(&letters, &mut random)?);
            while text.len() < length {
                text.push(pick(&all, &mut random)?);
            }
        }
        Ok(Secret::new(text.iter().map(|byte| char::from(*byte)).collect()))
    }

    fn has_every_kind(text: &[u8]) -> bool {
        [UPPER, LOWER, DIGITS, MARKS].iter().all(|kind| text.iter().any(|byte| kind.contains(byte)))
    }
}

/// One of `from`, each equally likely: bytes above the last whole multiple are drawn again.
fn pick<E>(from: &[u8], random: &mut impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<u8, E> {
    let fair = 256 / from.len() * from.len();
    loop {
        let mut byte = [0u8];
        random(&mut byte)?;
        if usize::from(byte[0]) < fair {
            return Ok(from[usize::from(byte[0]) % from.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::convert::Infallible;

    fn strict() -> PasswordPolicy {
        PasswordPolicy {
            minimum: 14,
            symbols: true,
            numbers: true,
            uppercase: true,
            lowercase: true,
            three_kinds: false,
            users_may_change: true,
        }
    }

    #[test]
    fn a_password_is_told_what_it_lacks() {
        let default = PasswordPolicy::default();
        assert!(default.check("Passw0rd").is_ok());
        assert!(default.check("password1").unwrap_err().contains("Too simple"));
        assert!(default.check("Pw1").unwrap_err().contains("8 to 128 characters"));
        assert!(default.check("Pässw0rd!").unwrap_err().contains("US keyboard"));
        assert!(strict().check("Abcdefghijklm1").unwrap_err().contains("lacks a symbol"));
        assert!(strict().check("abcdefghijkl1!").unwrap_err().contains("lacks an upper-case letter"));
        assert!(strict().check("Abcdefghijkl1!").is_ok());
    }

    proptest! {
        /// Whatever the account asks for, what we make meets it and begins with a letter.
        #[test]
        fn a_made_password_meets_its_policy(minimum in 6usize..=128, flags in any::<[bool; 5]>(), seed in any::<u64>()) {
            let policy = PasswordPolicy {
                minimum, symbols: flags[0], numbers: flags[1], uppercase: flags[2], lowercase: flags[3],
                three_kinds: flags[4], users_may_change: false,
            };
            let mut state = seed | 1;
            let made = policy.generate(|bytes: &mut [u8]| {
                for byte in bytes {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    *byte = (state >> 33) as u8;
                }
                Ok::<(), Infallible>(())
            }).unwrap();
            prop_assert_eq!(policy.check(made.expose()), Ok(()));
            prop_assert!(made.expose().starts_with(|c: char| c.is_ascii_alphabetic()));
            prop_assert!(made.expose().len() >= 20);
        }

        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            if let Err(words) = strict().check(&text) {
                prop_assert!(text.chars().count() < 9 || !words.contains(&text));
            }
        }
    }
}
